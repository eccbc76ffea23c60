"""Work that stops: an SQS listener, RQ workers, a Go server in a deadlock, an MQTT bridge."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Mix, Phase
from cases.scene import Scene

case = partial(Case, family="stops", half="scored")

SQS: Mix = (
    (
        50,
        (
            "$time[%Y-%m-%d %H:%M:%S.%L]  INFO [returns-container-$int[1,10]] c.s.returns.ReturnListener :"
            " return $uuid accepted"
        ),
    ),
    (
        30,
        (
            "$time[%Y-%m-%d %H:%M:%S.%L]  INFO [returns-container-$int[1,10]] c.s.returns.RefundClient :"
            " refund of $int[5,300].$int[10,99] EUR ordered"
        ),
    ),
)
SQS_START = (
    (
        "$time[%Y-%m-%d %H:%M:%S.%L]  INFO [main] i.a.c.s.l.AbstractMessageListenerContainer : Container"
        " returns-container started"
    ),
    (
        "$time[%Y-%m-%d %H:%M:%S.%L]  INFO [main] c.s.returns.Application : Started Application in"
        " $dec[4,8,3] seconds (process running for $dec[5,9,3])"
    ),
)
SQS_BEAT = (
    (
        30.0,
        (
            "$time[%Y-%m-%d %H:%M:%S.%L]  INFO [scheduling-1] c.s.returns.Gauges : heap $int[200,260] MB,"
            " threads $int[48,52]"
        ),
    ),
)
RQ = "$time[%H:%M:%S] $queue: app.tasks.$task('$hex[8]') ($uuid)\n$time[%H:%M:%S] $queue: Job OK ($uuid)"
RQ_WORK: Mix = tuple(
    (share, RQ.replace("$queue", queue).replace("$task", task))
    for share, queue, task in (
        (40, "default", "thumbnail"),
        (30, "default", "index_page"),
        (30, "high", "send_code"),
    )
)
RQ_BEAT = ((25.0, "$time[%H:%M:%S] Cleaning registries for queue: default"),)
GO: Mix = (
    (
        60,
        (
            '{"level":"info","time":"$iso","route":"/v1/slots","status":200,"dur":"$go[2,40]",'
            '"caller":"api/log.go:41"}'
        ),
    ),
    (
        20,
        (
            '{"level":"info","time":"$iso","route":"/v1/book","status":201,"dur":"$go[4,60]",'
            '"caller":"api/log.go:41"}'
        ),
    ),
)
GO_BEAT = (
    (
        10.0,
        '{"level":"info","time":"$iso","route":"/metrics","status":200,"dur":"$go[1,4]","caller":"api/log.go:41"}',
    ),
)
BRIDGE: Mix = (
    (
        70,
        (
            "$epoch: Received PUBLISH from plant$int[1,9].sensor$int[10,99] (d0, q1, r0, m$int[1,65000],"
            " 'line/$int[1,9]/temp', ... ($int[18,30] bytes))"
        ),
    ),
    (
        70,
        (
            "$epoch: Sending PUBLISH to local.bridge.cloud (d0, q1, r0, m$int[1,65000],"
            " 'line/$int[1,9]/temp', ... ($int[18,30] bytes))"
        ),
    ),
    (20, "$epoch: Received PINGREQ from plant$int[1,9].sensor$int[10,99]"),
)

CASES = (
    case(
        "sqs-listener-is-silent",
        NOT_PROMOTE,
        (
            "The canary's listener starts, and takes no message in ten minutes; stable takes a hundred a"
            " minute from the same queue."
        ),
        Scene(
            SQS,
            Log((Phase(SQS, rate=0),)),
            start=SQS_START,
            every=SQS_BEAT,
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "sqs-listener-batches",
        PROMOTE,
        (
            "The canary's listener takes ten at a time, with some seconds between; as many returns are"
            " accepted, to the end."
        ),
        Scene(
            SQS,
            Log(
                (
                    *(Phase(SQS, until=(n + 1) / 60, rate=3 if n % 3 == 0 else 0) for n in range(58)),
                    Phase(SQS),
                )
            ),
            start=SQS_START,
            every=SQS_BEAT,
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "rq-high-queue-unserved",
        NOT_PROMOTE,
        (
            "The canary's workers serve the default queue and none of the jobs of high, which stable's"
            " serve all the time."
        ),
        Scene(
            RQ_WORK,
            Log((Phase(RQ_WORK[:2], rate=0.7),)),
            every=RQ_BEAT,
            weight=50,
            pods=(2, 2),
            rate=100,
            traffic=True,
        ),
    ),
    case(
        "rq-after-a-pause",
        PROMOTE,
        "The queues were empty for a minute and a half on both sides; then jobs came again and all went well.",
        Scene(
            Log((Phase(RQ_WORK, until=0.4), Phase(RQ_WORK, until=0.54, rate=0), Phase(RQ_WORK))),
            Log((Phase(RQ_WORK, until=0.39), Phase(RQ_WORK, until=0.535, rate=0), Phase(RQ_WORK))),
            every=RQ_BEAT,
            weight=50,
            pods=(2, 2),
            rate=100,
            traffic=True,
        ),
    ),
    case(
        "go-server-locked-up",
        NOT_PROMOTE,
        "After six minutes the canary answers scrapes only; a third of the traffic is its own to the end.",
        Scene(
            GO,
            Log((Phase(GO, until=0.5), Phase(GO, rate=0))),
            every=GO_BEAT,
            weight=33,
            minutes=12,
            traffic=True,
        ),
    ),
    case(
        "go-server-at-five-percent",
        PROMOTE,
        "At a weight of five the canary has few requests, from the first minute to the last, and answers each.",
        Scene(GO, every=GO_BEAT, weight=5, rate=280, minutes=10, traffic=True),
    ),
    case(
        "bridge-sends-nothing-on",
        NOT_PROMOTE,
        (
            "The canary's broker receives as many readings as it should, and sends none of them on to the"
            " cloud after its first minute."
        ),
        Scene(
            BRIDGE,
            Log((Phase(BRIDGE, until=0.1), Phase((BRIDGE[0], BRIDGE[2]), rate=0.56))),
            weight=40,
            rate=190,
            traffic=True,
        ),
    ),
    case(
        "bridge-fewer-pings",
        PROMOTE,
        "The keep-alive is longer in the canary, so there are few pings; each reading is received and sent on.",
        Scene(
            BRIDGE,
            Log((Phase((BRIDGE[0], BRIDGE[1], (5, BRIDGE[2][1])), rate=145 / 160),)),
            weight=40,
            rate=190,
            traffic=True,
        ),
    ),
)
