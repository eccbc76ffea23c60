"""Work that stops: a Kafka consumer in Java, Sidekiq, a service behind uvicorn, a .NET worker, an import."""

from functools import partial

from cases.case import NOT_PROMOTE, NOT_ROLLBACK, PROMOTE, Case
from cases.lines import Log, Phase
from cases.scene import Scene

case = partial(Case, family="stops", half="tuned")

KAFKA = (
    "$time[%Y-%m-%dT%H:%M:%S.%L]Z  INFO 1 --- [ntainer#0-$int[0,3]-C-1] c.s.loyalty.PointsListener"
    "               : credited $int[5,90] points to card $int[10000,99999]"
)
HEARTBEAT = (
    30.0,
    "$time[%Y-%m-%dT%H:%M:%S.%L]Z DEBUG 1 --- [   scheduling-1] c.s.loyalty.Metrics                      : metrics pushed, 41 series",
)
SIDEKIQ = (
    "$time[%Y-%m-%dT%H:%M:%S.%L]Z pid=1 tid=$hex[4] class=ThumbJob jid=$hex[24] INFO: start\n"
    "$time[%Y-%m-%dT%H:%M:%S.%L]Z pid=1 tid=$hex[4] class=ThumbJob jid=$hex[24] elapsed=0.$int[100,900] INFO: done"
)
SIDEKIQ_START = (
    "$time[%Y-%m-%dT%H:%M:%S.%L]Z pid=1 tid=$hex[4] INFO: Booted Rails 7.1.3.4 application in production environment",
    "$time[%Y-%m-%dT%H:%M:%S.%L]Z pid=1 tid=$hex[4] INFO: Running in ruby 3.3.4 (2024-07-09 revision be1089c8ec) [x86_64-linux]",
    "$time[%Y-%m-%dT%H:%M:%S.%L]Z pid=1 tid=$hex[4] INFO: Sidekiq 7.2.4 connecting to Redis with options {:size=>10}",
)
UVICORN = (
    'INFO:     $ip:$int[30000,60000] - "$pick[GET|POST] /v1/$pick[routes|stops]/$int[1,999] HTTP/1.1" 200 OK'
)
PROBES = ((5.0, 'INFO:     10.42.0.1:$int[30000,60000] - "GET /readyz HTTP/1.1" 200 OK'),)
DOTNET = "info: Shop.Exports.Worker[0]\n      Export $int[1000,99999] uploaded to container exports in $int[40,900] ms"
DOTNET_START = (
    "info: Microsoft.Hosting.Lifetime[0]\n      Application started. Press Ctrl+C to shut down.",
    "info: Microsoft.Hosting.Lifetime[0]\n      Hosting environment: Production",
    "info: Microsoft.Hosting.Lifetime[0]\n      Content root path: /app",
)
IMPORT = '{"ts":"$iso","event":"import","feed":"supplier-$int[1,9]","rows":$int[400,420],"skipped":0}'

CASES = (
    case(
        "kafka-java-hangs-half-way",
        NOT_PROMOTE,
        "The canary's listener credits no points from the middle on, while its metrics thread lives.",
        Scene(
            Log((Phase(KAFKA),), every=(HEARTBEAT,)),
            Log((Phase(KAFKA, until=0.45), Phase(KAFKA, rate=0)), every=(HEARTBEAT,)),
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "kafka-java-one-pod-of-four",
        PROMOTE,
        "One canary pod beside three of stable has a quarter of the points, as one of four should.",
        Scene(Log((Phase(KAFKA),), every=(HEARTBEAT,)), weight=25, pods=(3, 1), traffic=True),
    ),
    case(
        "sidekiq-two-percent",
        NOT_PROMOTE,
        "The canary's Sidekiq does one job in fifty of those that are its share.",
        Scene(
            SIDEKIQ,
            Log((Phase(SIDEKIQ, rate=0.02),)),
            start=SIDEKIQ_START,
            pods=(3, 3),
            weight=50,
            traffic=True,
        ),
    ),
    case(
        "sidekiq-less-by-weight",
        PROMOTE,
        "A weight of 15 explains why the canary does fewer jobs.",
        Scene(SIDEKIQ, start=SIDEKIQ_START, pods=(3, 1), weight=15, rate=140, traffic=True),
    ),
    case(
        "uvicorn-one-of-three-idle",
        NOT_PROMOTE,
        "The second of the canary's three pods answers its probes alone.",
        Scene(
            UVICORN,
            UVICORN,
            others=(Log((Phase(UVICORN, rate=0),)),),
            every=PROBES,
            pods=(3, 3),
            weight=40,
            rate=200,
            traffic=True,
        ),
    ),
    case(
        "uvicorn-idle-on-both",
        NOT_ROLLBACK,
        "A region without traffic: probes on both sides, and nothing else.",
        Scene(Log((Phase(UVICORN, rate=0),)), every=PROBES, pods=(2, 1), weight=30),
    ),
    case(
        "dotnet-only-starts",
        NOT_PROMOTE,
        "The canary's worker has started and uploads nothing, stable's uploads go on.",
        Scene(
            DOTNET,
            Log((Phase(DOTNET, rate=0),)),
            start=DOTNET_START,
            pods=(2, 1),
            weight=33,
            minutes=8,
            traffic=True,
        ),
    ),
    case(
        "dotnet-starts-and-works",
        PROMOTE,
        "The canary's worker starts, and uploads at its share from its first minute.",
        Scene(DOTNET, start=DOTNET_START, pods=(2, 1), weight=33, minutes=8, traffic=True),
    ),
    case(
        "import-every-five-minutes",
        PROMOTE,
        "The imports run each five minutes on either side, with nothing in between but a tick.",
        Scene(
            Log((Phase(IMPORT, rate=0),), every=((300.0, IMPORT), (10.0, '{"ts":"$iso","event":"tick"}'))),
            Log(
                (Phase(IMPORT, rate=0),),
                at=((0.1, IMPORT), (0.45, IMPORT), (0.8, IMPORT)),
                every=((10.0, '{"ts":"$iso","event":"tick"}'),),
            ),
            minutes=14,
            pods=(1, 1),
            weight=50,
            age=30,
        ),
    ),
    case(
        "uvicorn-low-traffic",
        NOT_ROLLBACK,
        "Ten requests a minute in all, of which the canary has its tenth, all answered 200.",
        Scene(UVICORN, every=PROBES, rate=10, weight=10, minutes=15, traffic=True),
    ),
)
