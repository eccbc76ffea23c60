"""Workers of queues: Sidekiq, Celery, BullMQ, Hangfire, Resque."""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, line
from cases.scene import Scene

case = partial(Case, half="tuned")

SIDEKIQ = "$iso pid=1 tid=$pick[k3a|k4q|l0s|l2e] class=$class jid=$hex[24]"
INVOICE = line(SIDEKIQ, **{"class": "InvoiceMailerJob"})
DELIVERED = f"{INVOICE} INFO: start\n{INVOICE} INFO: to=account:$int[1000,99999] delivered\n{INVOICE} elapsed=$dec[0.12,0.9] INFO: done"
SUPPRESSED = f"{INVOICE} INFO: start\n{INVOICE} INFO: to=account:$int[1000,99999] $why\n{INVOICE} elapsed=$dec[0.004,0.02] INFO: done"
UNSUBSCRIBED = line(SUPPRESSED, why="skipped, preferences say no mail")
CACHED = line(SIDEKIQ + " elapsed=$dec[0.01,0.2] INFO: done", **{"class": "WarmCacheJob"})
CELERY = (
    "[$comma: INFO/ForkPoolWorker-$int[1,8]] Task usage.tasks.$task[$uuid] succeeded in $seconds: $result"
)
CELERY_BEAT = (60.0, "[$comma: INFO/Beat] Scheduler: Sending due task meter-sync (usage.tasks.sync_meters)")
SYNCED = line(CELERY, task="sync_meters", seconds="$dec[0.4,3.1,9]s", result="$result")
SUMMED = line(CELERY, task="sum_day", seconds="$dec[0.05,0.4,9]s", result="None")
BULL = "[transcode] $time[%H:%M:%S] job $int[40000,49999] $message"
BULL_DONE = line(BULL, message="active, attempt 1\n[transcode] $time[%H:%M:%S] completed in $int[31,64]s")
BULL_STALLED = line(BULL, message="stalled, back to wait (attemptsMade=$int[2,9])")
BULL_TAKEN = line(BULL, message="stalled on a worker that is gone, back to wait (attemptsMade=1)")
HANGFIRE = "info: Ledger.Jobs.$job[0]\n      $message"
DUNNING = line(
    HANGFIRE, job="MatchPaymentsJob", message="Statement $hex[8] of $pick[GLS|Sparkasse|ING|DKB]: $matched"
)
CLEANED = line(HANGFIRE, job="PruneSessionsJob", message="Removed $int[0,40] sessions older than 30.00:00:00")
RESQUE = "** [$time[%H:%M:%S %Y-%m-%d]] $int[200,290]: $message"
GOT = line(RESQUE, message='got: (Job{imports} | $job | [$int[100,9999], "$pick[eu|us|apac]"])')
THUMB = line(GOT, job="ThumbnailJob") + line(
    "\n" + RESQUE, message='done: (Job{imports} | ThumbnailJob | [$int[100,9999], "$pick[eu|us|apac]"])'
)
PULL = line(GOT, job="SupplierPullJob")
PULLED = PULL + line(
    "\n" + RESQUE, message='done: (Job{imports} | SupplierPullJob | [$int[100,9999], "$pick[eu|us|apac]"])'
)
PULLED_TIMED = PULL + line("\n" + RESQUE, message="done: SupplierPullJob in $dec[1,9,1]s")

CASES = (
    case(
        "sidekiq-no-mail-preferred",
        ROLLBACK,
        "Nearly every invoice mail of the canary is skipped as unwanted, which on stable is one in 25: customers get no invoice.",
        Scene(
            ((72, DELIVERED), (3, UNSUBSCRIBED), (25, CACHED)),
            ((4, DELIVERED), (71, UNSUBSCRIBED), (25, CACHED)),
            rate=70,
        ),
        family="unlevelled",
    ),
    case(
        "sidekiq-skip-told-longer",
        PROMOTE,
        "As few invoices are skipped as on stable; the canary only tells which preference says so.",
        Scene(
            ((72, DELIVERED), (3, UNSUBSCRIBED), (25, CACHED)),
            (
                (72, DELIVERED),
                (3, line(SUPPRESSED, why="skipped, preferences say no mail (channel=email, set by user)")),
                (25, CACHED),
            ),
            rate=70,
            weight=40,
        ),
        family="formats",
    ),
    case(
        "celery-zero-rows",
        ROLLBACK,
        "Every sync of meters succeeds on the canary with no rows read, where stable reads hundreds each time.",
        Scene(
            ((60, line(SYNCED, result="{'rows': $int[140,900], 'pages': $int[2,9]}")), (40, SUMMED)),
            ((60, line(SYNCED, result="{'rows': 0, 'pages': 1}")), (40, SUMMED)),
            every=(CELERY_BEAT,),
            rate=90,
            weight=50,
            pods=(2, 2),
        ),
        family="measures",
    ),
    case(
        "celery-zero-rejected",
        PROMOTE,
        "The canary's result has one more field, of rows rejected, which is 0 each time; it reads as many rows as stable.",
        Scene(
            ((60, line(SYNCED, result="{'rows': $int[140,900], 'pages': $int[2,9]}")), (40, SUMMED)),
            (
                (60, line(SYNCED, result="{'rows': $int[150,890], 'pages': $int[2,9], 'rejected': 0}")),
                (40, SUMMED),
            ),
            every=(CELERY_BEAT,),
            rate=90,
            weight=50,
            pods=(2, 2),
        ),
        family="measures",
    ),
    case(
        "bullmq-stalls-forever",
        ROLLBACK,
        "Most jobs of the canary stall and are tried again up to nine times; a third as many are completed. Stable has no stall.",
        Scene(
            BULL_DONE,
            ((30, BULL_DONE), (70, BULL_STALLED)),
            rate=30,
            weight=50,
            minutes=20,
            pods=(1, 1),
            age=240,
        ),
        family="stops",
    ),
    case(
        "bullmq-takes-over",
        PROMOTE,
        "In its first minute the canary takes over jobs of a worker that is gone; then it completes all that it takes.",
        Scene(
            BULL_DONE,
            Log((Phase(((3, BULL_TAKEN), (5, BULL_DONE)), until=0.06), Phase(BULL_DONE))),
            rate=40,
            weight=50,
            minutes=20,
            pods=(1, 1),
        ),
        family="healed",
    ),
    case(
        "hangfire-matches-none",
        ROLLBACK,
        "The canary's job that matches payments to invoices matches not one, at info; stable matches nearly all.",
        Scene(
            ((80, line(DUNNING, matched="matched $int[88,120] of 120 payments")), (20, CLEANED)),
            ((80, line(DUNNING, matched="matched 0 of 120 payments")), (20, CLEANED)),
            rate=40,
            minutes=15,
            weight=50,
            pods=(2, 1),
        ),
        family="unlevelled",
    ),
    case(
        "hangfire-other-words",
        PROMOTE,
        "The canary says the same in other words, with nothing left over: as many payments are matched.",
        Scene(
            ((80, line(DUNNING, matched="matched $int[88,120] of 120 payments")), (20, CLEANED)),
            (
                (80, line(DUNNING, matched="120 payments read, $int[90,119] matched, 0 malformed")),
                (20, CLEANED),
            ),
            rate=40,
            minutes=15,
            weight=50,
            pods=(2, 1),
        ),
        family="formats",
    ),
    case(
        "resque-never-done",
        ROLLBACK,
        "The canary gets suppliers' jobs and never has one of them done; its thumbnails are. Stable says done after each.",
        Scene(((60, THUMB), (40, PULLED)), ((60, THUMB), (40, PULL)), rate=90, weight=40, minutes=12),
        family="stops",
    ),
    case(
        "resque-done-in",
        PROMOTE,
        "The canary ends its suppliers' jobs with another line, with the time they took, after each that it gets.",
        Scene(((60, THUMB), (40, PULLED)), ((60, THUMB), (40, PULLED_TIMED)), rate=90, weight=40, minutes=12),
        family="formats",
    ),
)
