"""Work that stops: a NATS consumer, a WebSocket gateway, a Quartz scheduler, a Ruby importer, an OCR pipeline, a
gRPC server.
"""

from functools import partial

from cases.case import NOT_PROMOTE, NOT_ROLLBACK, PROMOTE, Case
from cases.lines import Log, Phase
from cases.scene import Scene

case = partial(Case, family="stops", half="tuned")

NATS = '{"level":"debug","subject":"trades.$pick[eu|us]","seq":$seq[70100],"elapsed":"$go[0.3,9]","time":"$iso","message":"msg acked"}'
NATS_START = (
    '{"level":"info","time":"$iso","message":"connected to nats://nats:4222"}',
    '{"level":"info","stream":"TRADES","durable":"booker","time":"$iso","message":"consumer bound"}',
)
SOCKETS = "$iso [gw] room $int[1,400] broadcast to $int[2,60] members in $int[1,20]ms"
PINGS = ((15.0, "$iso [gw] GET /livez 200 from kube-probe/1.30"),)
QUARTZ = (
    "$comma INFO  [scheduler_Worker-$int[1,10]] job.Reprice - repriced shelf $int[1,400], $int[4,90] items"
)
QUARTZ_BEAT = ((30.0, "$comma DEBUG [QuartzScheduler_main] clustercheck - check-in complete"),)
IMPORT = "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #1]  INFO -- : imported row $seq[1] of supplier $int[1,40]"
OCR = "$sql ocr[$int[1,4]] page $hex[8] read, $int[80,900] words\n$sql ocr[$int[1,4]] page $hex[8] indexed"
GRPC = (
    '{"ts":$epochf,"msg":"unary","method":"/geo.v1.Locator/$pick[Locate|Reverse]","code":"OK","ms":$ms[1,30]}'
)
PROBED = ((10.0, '{"ts":$epochf,"msg":"unary","method":"/grpc.health.v1.Health/Check","code":"OK","ms":0}'),)
SCRAPED = ((15.0, '{"ts":$epochf,"msg":"http","path":"/metrics","status":200,"agent":"Prometheus/2.54.1"}'),)
STILL = ((20.0, "$sql ocr heartbeat, workers=4"),)

CASES = (
    case(
        "nats-stops-half-way",
        NOT_PROMOTE,
        "The canary's consumer acknowledges nothing in the second half of the window, stable goes on.",
        Scene(
            NATS,
            Log((Phase(NATS, until=0.5), Phase(NATS, rate=0))),
            start=NATS_START,
            weight=40,
            pods=(3, 2),
            traffic=True,
        ),
    ),
    case(
        "nats-rebalanced",
        PROMOTE,
        "One of the canary's two consumers has two thirds of the messages and the other a third; together they have their share.",
        Scene(
            NATS,
            Log((Phase(NATS, rate=1.3),)),
            others=(Log((Phase(NATS, rate=0.7),)),),
            start=NATS_START,
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "sockets-one-percent",
        NOT_PROMOTE,
        "The canary broadcasts a hundredth of what its weight would bring.",
        Scene(SOCKETS, Log((Phase(SOCKETS, rate=0.012),)), every=PINGS, rate=260, weight=40, traffic=True),
    ),
    case(
        "sockets-reconnect",
        PROMOTE,
        "Clients come to the canary within the first minute, as their sockets reconnect, and then it has its share.",
        Scene(
            SOCKETS,
            Log((Phase(SOCKETS, until=0.04, rate=0.2), Phase(SOCKETS, until=0.08, rate=0.6), Phase(SOCKETS))),
            every=PINGS,
            rate=260,
            weight=40,
            minutes=12,
            traffic=True,
        ),
    ),
    case(
        "quartz-workers-blocked",
        NOT_PROMOTE,
        "The canary's workers reprice for three minutes and then no more, while the scheduler goes on to check in.",
        Scene(
            QUARTZ,
            Log((Phase(QUARTZ, until=0.3), Phase(QUARTZ, rate=0))),
            every=QUARTZ_BEAT,
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "quartz-idle-on-both",
        NOT_ROLLBACK,
        "No shelf is due on either side; both schedulers check in.",
        Scene(Log((Phase(QUARTZ, rate=0),)), every=((5.0, QUARTZ_BEAT[0][1]),), weight=50, pods=(2, 2)),
    ),
    case(
        "import-ends-early",
        NOT_PROMOTE,
        "The canary's importer stops in the middle of its rows and says nothing of an end.",
        Scene(
            IMPORT,
            Log((Phase(IMPORT, until=0.35), Phase(IMPORT, rate=0))),
            weight=50,
            pods=(1, 1),
            rate=200,
            traffic=True,
        ),
    ),
    case(
        "import-finishes-on-both",
        PROMOTE,
        "Both importers come to their rows' end at the same time and say that they are done.",
        Scene(
            Log(
                (Phase(IMPORT, until=0.7), Phase(IMPORT, rate=0)),
                at=(
                    (
                        0.705,
                        "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #1]  INFO -- : import done, waiting for the next file",
                    ),
                ),
            ),
            weight=50,
            pods=(1, 1),
            rate=200,
            traffic=True,
        ),
    ),
    case(
        "ocr-one-pod-of-three-hangs",
        NOT_PROMOTE,
        "One of the canary's three pods reads no page after four minutes, and its heartbeat goes on.",
        Scene(
            OCR,
            OCR,
            others=(Log((Phase(OCR),)), Log((Phase(OCR, until=0.4), Phase(OCR, rate=0)))),
            every=STILL,
            weight=50,
            pods=(3, 3),
            traffic=True,
        ),
    ),
    case(
        "ocr-pods-uneven",
        PROMOTE,
        "Of the canary's three pods one reads a fifth less than the others, as its pages are longer.",
        Scene(
            OCR,
            OCR,
            others=(Log((Phase(OCR, rate=1.1),)), Log((Phase(OCR, rate=0.8),))),
            every=STILL,
            weight=50,
            pods=(3, 3),
            traffic=True,
        ),
    ),
    case(
        "grpc-only-health-checks",
        NOT_PROMOTE,
        "The canary's weight is 40, and it logs health checks and scrapes and no call.",
        Scene(GRPC, Log((Phase(GRPC, rate=0),)), every=PROBED + SCRAPED, weight=40, rate=240, traffic=True),
    ),
    case(
        "grpc-weight-5",
        PROMOTE,
        "At a weight of 5 the canary has a twentieth of the calls.",
        Scene(GRPC, every=PROBED + SCRAPED, weight=5, rate=280, traffic=True),
    ),
)
