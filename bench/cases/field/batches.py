"""Batches: tasks that raise or retry, Spring Batch, runners' exit codes, leases, an outbox, runs told in German and Polish."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line
from cases.scene import Scene

case = partial(Case, half="tuned")

CELERY = "[$comma: $level/$where] Task tariffs.quote[$uuid] $message"
QUOTED = line(
    CELERY,
    level="INFO",
    where="ForkPoolWorker-$int[1,8]",
    message="succeeded in $dec[0.05,0.6,9]s: $int[11,90]",
)
RECEIVED = line(CELERY, level="INFO", where="MainProcess", message="received")
RAISED = (
    line(
        CELERY, level="ERROR", where="ForkPoolWorker-$int[1,8]", message="raised unexpected: KeyError('zone')"
    )
    + "\nTraceback (most recent call last):\n"
    '  File "/app/.venv/lib/python3.12/site-packages/celery/app/trace.py", line 453, in trace_task\n'
    "    R = retval = fun(*args, **kwargs)\n"
    '  File "/app/tariffs/quote.py", line 88, in quote\n'
    '    return table[customer["zone"]]\n'
    "KeyError: 'zone'"
)
RETRIED = (
    line(
        CELERY,
        level="INFO",
        where="ForkPoolWorker-$int[1,8]",
        message="retry: Retry in 2s: OperationalError('server closed the connection')",
    )
    + "\n"
    + QUOTED
)

BATCH = "$iso  INFO 1 --- [importer] [   scheduling-$int[1,4]] $logger : $message"
STEP = line(BATCH, logger="o.s.batch.core.job.SimpleStepHandler    ", message="Executing step: [loadPrices]")
ENDED = line(
    BATCH,
    logger="o.s.b.c.l.s.TaskExecutorJobLauncher     ",
    message=(
        "Job: [SimpleJob: [name=pricesJob]] completed with the following parameters: [{'run.id':'{value=$seq[8100],"
        " type=class java.lang.Long, identifying=true}'}] and the following status: [$status] in $took"
    ),
)
COMPLETED = line(ENDED, status="COMPLETED", took="$int[2,9]s$int[10,999]ms")
FAILED = line(ENDED, status="FAILED", took="$int[20,99]ms")
FAILED_BOTH = line(ENDED, status="STOPPED", took="$int[1,9]s$int[10,999]ms")

RUNNER = "runner| $time[%H:%M:%S] job=geo-$int[1000,9999] tile=$int[1,19]/$int[100,999]/$int[100,998] exit=$code wall=$int[20,300]s rss=$rss MB"
TILE = line(RUNNER, code="0", rss="$int[300,700]")
KILLED = line(RUNNER, code="137", rss="$int[1990,2048]")
NOTHING = line(RUNNER, code="3", rss="$int[40,60]") + " (ocean, nothing to draw)"

LEASE = "I$time[%m%d %H:%M:%S.%L]123       1 leaderelection.go:$message"
HELD = "I$time[%m%d %H:%M:%S.%L]456       1 sweeper.go:71] swept $int[2,40] volumes, $int[0,3] released"
GAINED = line(LEASE, message="271] successfully acquired lease storage/volume-sweeper")
LOST = line(
    LEASE, message="297] failed to renew lease storage/volume-sweeper: timed out waiting for the condition"
)
STOOD = line(LEASE, message="258] attempting to acquire leader lease storage/volume-sweeper...")

OUTBOX = "$time[%H:%M:%S.%L] outbox relay topic=$pick[orders|stock|refunds] shard=$int[0,15] applied seq=$seq[771000,4] $rest"
IN_ORDER = line(OUTBOX, rest="gap=0 dup=0")
GAPPED = line(OUTBOX, rest="gap=$int[3,60] dup=0")
DOUBLED = line(OUTBOX, rest="gap=0 dup=1")

ABGLEICH = "$time[%d.%m.%Y %H:%M:%S] Abgleich Lager $int[10,48]: $rest"
ABGEGLICHEN = line(ABGLEICH, rest="$int[180,240] von 240 Zeilen übernommen")
NICHTS = line(ABGLEICH, rest="0 von 240 Zeilen übernommen")
OHNE_FEHLER = line(ABGLEICH, rest="$int[180,240] von 240 Zeilen übernommen, 0 fehlerhaft, 0 abgewiesen")
UNGENUTZT = "$time[%d.%m.%Y %H:%M:%S] Warteschlange leer, warte 5 s"

PLACE = "$sql [lista-plac] pracownik $int[10000,99999]: $rest"
POLICZONO = line(PLACE, rest="naliczono $int[4100,9800],$int[10,99] zł")
POMINIETO = line(PLACE, rest="pominięto, brak stawki dla umowy")
URLOP = line(PLACE, rest="pominięto, urlop bezpłatny")

SIDEKIQ = '{"ts":"$iso","pid":1,"tid":"$pick[1ek|1fw|1h0]","lvl":"INFO","msg":"$msg","ctx":{"class":"$job","jid":"$hex[24]"$more}}'
DONE = line(
    SIDEKIQ, msg="done", job="$pick[ChargeCardJob|SyncCrmJob|SyncCrmJob]", more=',"elapsed":$dec[0.1,1.9]'
)
FAIL = line(SIDEKIQ, msg="fail", job="ChargeCardJob", more=',"elapsed":$dec[0.01,0.09]')
REMINDED = line(SIDEKIQ, msg="done", job="FailedPaymentReminderJob", more=',"elapsed":$dec[0.1,0.9]')

CASES = (
    case(
        "celery-key-error",
        ROLLBACK,
        "One in fourteen quotes of the canary raises a KeyError that stable never does.",
        Scene(
            ((50, RECEIVED), (50, QUOTED)),
            ((50, RECEIVED), (46.5, QUOTED), (3.5, RAISED)),
            rate=240,
            weight=30,
        ),
        family="levels",
    ),
    case(
        "celery-retries-succeed",
        PROMOTE,
        "A database connection that is closed makes a task retry now and then, on both sides, and the retry succeeds.",
        Scene(
            ((50, RECEIVED), (46, QUOTED), (4, RETRIED)),
            ((50, RECEIVED), (46, QUOTED), (4, RETRIED)),
            rate=240,
            weight=30,
        ),
        family="healed",
    ),
    case(
        "spring-batch-status-failed",
        ROLLBACK,
        "Three of ten of the canary's jobs complete with the status FAILED within milliseconds, told at INFO; stable's are COMPLETED.",
        Scene(
            ((50, STEP), (50, COMPLETED)),
            ((50, STEP), (35, COMPLETED), (15, FAILED)),
            rate=70,
            weight=40,
            pods=(2, 2),
        ),
        family="status",
    ),
    case(
        "spring-batch-stopped-by-hand",
        PROMOTE,
        "Two jobs are stopped on either side of the window, as an operator may; all others are COMPLETED.",
        Scene(
            Log((Phase(((50, STEP), (50, COMPLETED))),), at=((0.4, FAILED_BOTH), (0.8, FAILED_BOTH))),
            Log((Phase(((50, STEP), (50, COMPLETED))),), at=((0.5, FAILED_BOTH), (0.6, FAILED_BOTH))),
            rate=70,
            weight=40,
            pods=(2, 1),
        ),
        family="status",
    ),
    case(
        "runner-exit-137",
        ROLLBACK,
        "A sixth of the canary's tiles end with exit 137 at two gigabytes, which is the kernel's kill; stable's need 700 MB.",
        Scene(((94, TILE), (6, NOTHING)), ((78, TILE), (16, KILLED), (6, NOTHING)), rate=100, weight=25),
        family="codes",
    ),
    case(
        "runner-exit-3-over-the-sea",
        PROMOTE,
        "Exit 3 says that a tile is all ocean; the canary's share has hardly more of these, and its other tiles exit 0.",
        Scene(((92, TILE), (8, NOTHING)), ((91, TILE), (9, NOTHING)), rate=100, weight=25),
        family="codes",
    ),
    case(
        "lease-lost-and-gained",
        ROLLBACK,
        "The canary loses its lease and gains it again several times a minute and sweeps little between; stable keeps its own.",
        Scene(
            HELD,
            Log((Phase(((40, HELD), (30, f"{LOST}\n{STOOD}"), (30, GAINED))),), start=(STOOD, GAINED)),
            rate=40,
            weight=50,
            pods=(1, 1),
        ),
        family="stops",
    ),
    case(
        "lease-gained-at-start",
        PROMOTE,
        "At its start the canary attempts and gets the lease of its shard, and then sweeps as stable does.",
        Scene(HELD, Log((Phase(HELD),), start=(STOOD, GAINED)), rate=40, weight=50, pods=(1, 1)),
        family="healed",
    ),
    case(
        "outbox-gaps",
        ROLLBACK,
        "One in five of the canary's applications leaves a gap of three to sixty events; stable's leave none.",
        Scene(
            ((98, IN_ORDER), (2, DOUBLED)),
            ((78, IN_ORDER), (20, GAPPED), (2, DOUBLED)),
            rate=260,
            weight=30,
            pods=(3, 3),
        ),
        family="measures",
    ),
    case(
        "outbox-doubles-seen-off",
        PROMOTE,
        "Delivered at least once, two events of a hundred come twice and are counted as dup on both sides; no gap anywhere.",
        Scene(
            ((98, IN_ORDER), (2, DOUBLED)),
            ((97.7, IN_ORDER), (2.3, DOUBLED)),
            rate=260,
            weight=30,
            pods=(3, 3),
        ),
        family="measures",
    ),
    case(
        "abgleich-ohne-zeilen",
        ROLLBACK,
        "Told in German: the canary takes over 0 of 240 rows of every warehouse, where stable takes nearly all.",
        Scene(((80, ABGEGLICHEN), (20, UNGENUTZT)), ((80, NICHTS), (20, UNGENUTZT)), rate=50, weight=40),
        family="languages",
    ),
    case(
        "abgleich-ohne-fehler",
        PROMOTE,
        "Told in German: the canary adds that no row is faulty and none refused; it takes over as many as stable.",
        Scene(((80, ABGEGLICHEN), (20, UNGENUTZT)), ((80, OHNE_FEHLER), (20, UNGENUTZT)), rate=50, weight=40),
        family="languages",
    ),
    case(
        "lista-plac-bez-stawki",
        NOT_PROMOTE,
        "Told in Polish: one in eleven employees of the canary gets no pay for want of a rate; on stable only those on unpaid leave.",
        Scene(
            ((97, POLICZONO), (3, URLOP)), ((88, POLICZONO), (9, POMINIETO), (3, URLOP)), rate=180, weight=25
        ),
        family="languages",
    ),
    case(
        "lista-plac-urlop",
        PROMOTE,
        "Told in Polish: those on unpaid leave are passed over on both sides in the same share.",
        Scene(((97, POLICZONO), (3, URLOP)), ((96.6, POLICZONO), (3.4, URLOP)), rate=180, weight=25),
        family="languages",
    ),
    case(
        "sidekiq-charges-fail",
        ROLLBACK,
        "The canary's jobs that charge cards fail in four of ten cases, at INFO; on stable in one of a hundred.",
        Scene(((99, DONE), (0.4, FAIL)), ((82, DONE), (17, FAIL)), rate=150, weight=20, pods=(3, 1)),
        family="status",
    ),
    case(
        "sidekiq-failed-payment-reminder",
        PROMOTE,
        "The canary runs a new kind of job, named for failed payments, each of which is done; the other jobs are done as before.",
        Scene(
            ((99, DONE), (0.4, FAIL)),
            added(((99, DONE), (0.4, FAIL)), (0.2, REMINDED)),
            rate=150,
            weight=20,
            pods=(3, 1),
        ),
        family="unlevelled",
    ),
)
