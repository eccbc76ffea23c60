"""Work that stops: a mail queue, Quartz' jobs, a Kafka Streams task, a game's matchmaker."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Mix, Phase
from cases.scene import Scene

case = partial(Case, family="stops", half="tuned")

MAIL: Mix = (
    (
        40,
        '{"t":"$iso","svc":"mailer","evt":"picked","id":"$hex[10]","template":"$pick[welcome|receipt|reset]"}',
    ),
    (
        40,
        '{"t":"$iso","svc":"mailer","evt":"sent","id":"$hex[10]","mx":"mx$int[1,4].example","ms":$ms[80,900]}',
    ),
)
MAIL_START = (
    '{"t":"$iso","svc":"mailer","evt":"start","workers":8}',
    '{"t":"$iso","svc":"mailer","evt":"queue.connected","q":"outbox"}',
)
MAIL_BEAT = ((15.0, '{"t":"$iso","svc":"mailer","evt":"heartbeat","rss_mb":$int[90,110]}'),)
QUARTZ = (
    "$comma [scheduler_Worker-$int[1,10]] INFO  c.b.jobs.$job - $job finished, $int[20,400] rows, next"
    " fire in 30 s"
)
JOBS: Mix = tuple(
    (1.0, QUARTZ.replace("$job", job)) for job in ("DunningJob", "StatementJob", "AccrualJob", "FxRateJob")
)
QUARTZ_BEAT = (
    (
        20.0,
        (
            "$comma [scheduler_QuartzSchedulerThread] DEBUG org.quartz.core.QuartzSchedulerThread - batch"
            " acquisition of $int[0,2] triggers"
        ),
    ),
)
STREAMS = (
    "[$comma] INFO stream-thread [enrich-StreamThread-$int[1,2]] $message"
    " (org.apache.kafka.streams.processor.internals.StreamThread)"
)
PROCESSED = STREAMS.replace(
    "$message",
    (
        "Processed $int[2000,9000] total records, ran $int[0,3] punctuators, and committed $int[2,8] total"
        " tasks since the last update"
    ),
)
ENRICHED = "[$comma] INFO enriched click batch of $int[90,200] in $ms[3,40] ms (com.shop.enrich.Enricher)"
STREAMS_REBALANCE = tuple(
    STREAMS.replace("$message", text)
    for text in (
        "State transition from RUNNING to PARTITIONS_REVOKED",
        "State transition from PARTITIONS_REVOKED to PARTITIONS_ASSIGNED",
    )
)
STREAMS_RUNNING = STREAMS.replace("$message", "State transition from PARTITIONS_ASSIGNED to RUNNING")
MATCH: Mix = (
    (50, "$time[%H:%M:%S.%L] mm: ticket $hex[8] queued, skill=$int[800,2400] region=$pick[eu|na|sa]"),
    (
        25,
        (
            "$time[%H:%M:%S.%L] mm: match $hex[6] made of $int[8,10] tickets, spread $int[20,180], waited"
            " $dec[2,18,1]s"
        ),
    ),
)

CASES = (
    case(
        "mailer-sends-no-more",
        NOT_PROMOTE,
        (
            "From a third of the window on the canary's mailer only beats its heart, while its half of the"
            " queue is its own."
        ),
        Scene(
            MAIL,
            Log((Phase(MAIL, until=0.35), Phase(MAIL, rate=0))),
            start=MAIL_START,
            every=MAIL_BEAT,
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "mailer-picks-and-sends",
        PROMOTE,
        "The canary's mailer picks in bursts, quiet in between for half a minute, and sends all to the end.",
        Scene(
            MAIL,
            Log(tuple(Phase(MAIL, until=(n + 1) / 20, rate=2 if n % 2 else 0) for n in range(20))),
            start=MAIL_START,
            every=MAIL_BEAT,
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "quartz-one-job-gone",
        NOT_PROMOTE,
        "Of four jobs the canary runs three all the time; the accruals ran for a minute and never again.",
        Scene(
            JOBS,
            Log((Phase(JOBS, until=0.1), Phase((JOBS[0], JOBS[1], JOBS[3]), rate=0.75))),
            every=QUARTZ_BEAT,
            weight=50,
            rate=80,
            traffic=True,
        ),
    ),
    case(
        "quartz-clustered",
        PROMOTE,
        "Jobs are shared by a cluster's lock: the canary fires a little less of each, through all of the window.",
        Scene(JOBS, Log((Phase(JOBS, rate=0.85),)), every=QUARTZ_BEAT, weight=50, rate=80, traffic=True),
    ),
    case(
        "streams-rebalances-for-ever",
        NOT_PROMOTE,
        (
            "The canary's threads go from revoked to assigned and back and never run again; nothing is"
            " enriched after two minutes."
        ),
        Scene(
            ((8, PROCESSED), (60, ENRICHED)),
            Log(
                (Phase(((8, PROCESSED), (60, ENRICHED)), until=0.2), Phase(ENRICHED, rate=0)),
                at=tuple((0.2 + 0.05 * n, "\n".join(STREAMS_REBALANCE)) for n in range(16)),
            ),
            weight=50,
            pods=(2, 2),
            minutes=12,
            traffic=True,
        ),
    ),
    case(
        "streams-one-rebalance",
        PROMOTE,
        "As the canary joins, both sides rebalance once, are running within seconds and process to the end.",
        Scene(
            Log(
                (Phase(((8, PROCESSED), (60, ENRICHED))),),
                at=((0.05, "\n".join((*STREAMS_REBALANCE, STREAMS_RUNNING))),),
            ),
            Log(
                (Phase(((8, PROCESSED), (60, ENRICHED))),),
                at=((0.02, "\n".join((*STREAMS_REBALANCE, STREAMS_RUNNING))),),
            ),
            weight=50,
            pods=(2, 2),
            minutes=12,
            traffic=True,
        ),
    ),
    case(
        "matchmaker-queues-only",
        NOT_PROMOTE,
        "Tickets queue on the canary as on stable, but no match is made of them, none in ten minutes.",
        Scene(MATCH, Log((Phase((MATCH[0],), rate=0.67),)), weight=40, rate=150, traffic=True),
    ),
    case(
        "matchmaker-larger-matches",
        PROMOTE,
        "The canary makes matches of 18 to 20 tickets, so half as many of them, and all tickets are served.",
        Scene(
            MATCH,
            ((50, MATCH[0][1]), (13, MATCH[1][1].replace("$int[8,10]", "$int[18,20]"))),
            weight=40,
            rate=150,
            traffic=True,
        ),
    ),
)
