"""Work that stops: an HTTP service behind nginx, a Celery worker, a Go consumer, a batch in shell."""

from functools import partial

from cases.case import NOT_PROMOTE, NOT_ROLLBACK, PROMOTE, Case
from cases.lines import Log, Phase
from cases.scene import Scene

case = partial(Case, family="stops", half="tuned")

NGINX = '$ip - - [$clf] "$pick[GET|POST] /orders/$int[100,9999] HTTP/1.1" $pick[200|200|201] $int[90,900] "-" "okhttp/4.12.0"'
PROBES = ((10.0, '10.42.0.1 - - [$clf] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.31"'),)
CELERY = (
    "[$comma: INFO/MainProcess] Task mail.send[$uuid] received\n"
    "[$comma: INFO/ForkPoolWorker-$int[1,8]] Task mail.send[$uuid] succeeded in 0.$int[10,90]$int[1000000,9999999]s: None"
)
CELERY_START = (
    "[$comma: INFO/MainProcess] Connected to redis://redis:6379/0",
    "[$comma: INFO/MainProcess] mingle: searching for neighbors",
    "[$comma: INFO/MainProcess] mingle: all alone",
    "[$comma: INFO/MainProcess] celery@$pod ready.",
)
GO = 'time=$iso level=INFO msg="event stored" topic=clicks partition=$int[0,5] offset=$seq[90210] took=$go[0.4,9]'
GO_START = (
    'time=$iso level=INFO msg="starting consumer" group=clicks brokers=kafka:9092',
    'time=$iso level=INFO msg="joined group" generation=$int[20,40] assigned=$int[1,2]',
    'time=$iso level=INFO msg="metrics listening" addr=:9100',
)
BATCH = "$sql nightly: reading prices\n$sql nightly: $int[880,910] prices read\n$sql nightly: $int[880,910] prices written in $ms[800,2000] ms"
POLL = (10.0, "$sql poller: no work, sleeping 10s")

CASES = (
    case(
        "nginx-hangs-half-way",
        NOT_PROMOTE,
        "The canary stops answering half way while its probes pass and its weight stays.",
        Scene(
            NGINX,
            Log((Phase(NGINX, until=0.5), Phase(NGINX, rate=0))),
            every=PROBES,
            rate=260,
            weight=30,
            traffic=True,
        ),
    ),
    case(
        "nginx-weight-explains-less",
        PROMOTE,
        "At a weight of 10 the one canary pod has a tenth of all requests, as it should.",
        Scene(NGINX, every=PROBES, rate=300, weight=10, traffic=True),
    ),
    case(
        "celery-two-percent",
        NOT_PROMOTE,
        "The canary's worker takes 2 % of what its two pods of four would take.",
        Scene(
            CELERY,
            Log((Phase(CELERY, rate=0.02),)),
            start=CELERY_START,
            pods=(2, 2),
            weight=50,
            rate=120,
            traffic=True,
        ),
    ),
    case(
        "celery-even",
        PROMOTE,
        "Both of the canary's workers take their share; one a little more than the other.",
        Scene(
            CELERY,
            Log((Phase(CELERY, rate=1.15),)),
            others=(Log((Phase(CELERY, rate=0.85),)),),
            start=CELERY_START,
            pods=(2, 2),
            weight=50,
            rate=120,
            traffic=True,
        ),
    ),
    case(
        "nginx-one-of-three-idle",
        NOT_PROMOTE,
        "One of the canary's three pods gets its probes and no request, the others their share.",
        Scene(
            NGINX,
            NGINX,
            others=(Log((Phase(NGINX),)), Log((Phase(NGINX, rate=0),))),
            every=PROBES,
            pods=(3, 3),
            weight=50,
            traffic=True,
        ),
    ),
    case(
        "nginx-idle-on-both",
        NOT_ROLLBACK,
        "Nobody sends requests at night; both sides log their probes and nothing else.",
        Scene(Log((Phase(NGINX, rate=0),)), every=PROBES, pods=(3, 3), weight=50),
    ),
    case(
        "consumer-only-starts",
        NOT_PROMOTE,
        "The canary's consumer has joined its group and stores nothing for nine minutes; stable stores on.",
        Scene(GO, Log((Phase(GO, rate=0),)), start=GO_START, weight=50, pods=(2, 2), traffic=True),
    ),
    case(
        "consumer-slow-start",
        PROMOTE,
        "The canary's consumer begins after forty seconds of joining and then has its share.",
        Scene(
            GO,
            Log((Phase(GO, until=0.07, rate=0), Phase(GO))),
            start=GO_START,
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "batch-every-five-minutes",
        PROMOTE,
        "Each side runs its batch every five minutes and says in between that it has no work.",
        Scene(
            Log((Phase(BATCH, rate=0),), every=((300.0, BATCH), POLL)),
            Log((Phase(BATCH, rate=0),), at=((0.2, BATCH), (0.54, BATCH), (0.88, BATCH)), every=(POLL,)),
            minutes=15,
            pods=(1, 1),
            weight=50,
            age=60,
        ),
    ),
    case(
        "low-traffic",
        NOT_ROLLBACK,
        "An internal tool with a dozen requests a minute: the canary has few, as its weight says, and all are answered.",
        Scene(NGINX, every=PROBES, rate=12, weight=10, minutes=12, traffic=True),
    ),
)
