"""Levels where few look: klog's first letter, bunyan's numbers, Serilog's compact @l, OpenTelemetry's severityNumber."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line, ways
from cases.scene import Scene

case = partial(Case, family="levels", half="tuned")

KLOG = "$letter$time[%m%d %H:%M:%S].$int[100000,999999]       1 $where] $message"
SYNCED = line(
    KLOG,
    letter="I",
    where="controller.go:214",
    message='"Synced" tenant="team-$int[1,60]" duration="$go[2,40]"',
)
BUNYAN = (
    '{"name":"seatmap","hostname":"$pod","pid":1,"level":$level,"req_id":"$uuid",'
    '"msg":"$message","time":"$iso","v":0}'
)
HELD = line(BUNYAN, level="30", message="hold placed on seat $int[1,60]$pick[A|B|C|D]")
CLEF = (
    '{"@t":"$iso","@mt":"$words"$level,"Order":"SO-$int[10000,99999]","ElapsedMs":$ms[4,60],'
    '"SourceContext":"Shop.Picking.$context"}'
)
PICKED = line(CLEF, words="Order {Order} picked in {ElapsedMs} ms", level="", context="PickService")
STOCK = line(CLEF, words="Stock level read for {Order}", level="", context="StockReader")
OTEL = (
    '{"timeUnixNano":"$epochms000000","severityNumber":$number,"severityText":"$text",'
    '"body":{"stringValue":"$body"},'
    '"attributes":[{"key":"code.namespace","value":{"stringValue":"$where"}}],"traceId":"$hex[32]",'
    '"spanId":"$hex[16]"}'
)
PRICED = line(OTEL, number="9", text="INFO", body="fare $int[1000,9999] priced", where="fare.Engine")

CASES = (
    case(
        "klog-e-on-each-third",
        ROLLBACK,
        "A third of the canary's syncs end with a line of klog's letter E, an admission webhook that denies them.",
        Scene(
            SYNCED,
            (
                (66, SYNCED),
                (
                    34,
                    line(
                        KLOG,
                        letter="E",
                        where="controller.go:231",
                        message='"Sync" err="admission webhook \\"quota.corp.example\\" denied the request:'
                        ' field spec.tier is immutable"'
                        ' tenant="team-$int[1,60]"',
                    ),
                ),
            ),
            rate=130,
            every=(
                (
                    80.0,
                    line(
                        KLOG,
                        letter="W",
                        where="reflector.go:492",
                        message="watch of *v1.Tenant ended with: too old resource version: $int[100000,200000]",
                    ),
                ),
            ),
        ),
    ),
    case(
        "klog-verbose-two",
        PROMOTE,
        (
            "The canary runs with -v=4, so its lines are three times as many, all of klog's letter I, and"
            " one W of a flag's name."
        ),
        Scene(
            SYNCED,
            Log(
                (
                    Phase(
                        (
                            (33, SYNCED),
                            (
                                33,
                                line(
                                    KLOG,
                                    letter="I",
                                    where="reflector.go:377",
                                    message="k8s.io/client-go@v0.31.2/tools/cache: forcing resync",
                                ),
                            ),
                            (
                                34,
                                line(
                                    KLOG,
                                    letter="I",
                                    where="round_trippers.go:553",
                                    message=(
                                        "PUT https://10.43.0.1:443/apis/corp.example/v1/tenants 200 OK in"
                                        " $int[2,19] milliseconds"
                                    ),
                                ),
                            ),
                        ),
                        rate=3,
                    ),
                ),
                start=(
                    line(
                        KLOG,
                        letter="W",
                        where="main.go:88",
                        message="--logtostderr is deprecated and will be removed in a later release",
                    ),
                ),
            ),
            rate=100,
            every=(
                (
                    80.0,
                    line(
                        KLOG,
                        letter="W",
                        where="reflector.go:492",
                        message="watch of *v1.Tenant ended with: too old resource version: $int[100000,200000]",
                    ),
                ),
            ),
        ),
    ),
    case(
        "bunyan-50",
        ROLLBACK,
        "Four of ten holds are written at bunyan's level 50: the version of the seat was stale, the hold is lost.",
        Scene(
            HELD,
            (
                (60, HELD),
                (
                    40,
                    line(
                        BUNYAN,
                        level="50",
                        message="hold lost: seat $int[1,60]$pick[A|B|C|D] was of version $int[2,9]",
                    ),
                ),
            ),
            every=(
                (10.0, line(BUNYAN, level="30", message="GET /ping 200")),
                (100.0, line(BUNYAN, level="40", message="client $int[10,99] is slow to read, 2 s")),
            ),
            rate=60,
        ),
    ),
    case(
        "bunyan-20",
        PROMOTE,
        "The canary also writes at level 20, which is debug, of caches it misses and keys it did not find.",
        Scene(
            HELD,
            added(
                HELD,
                (
                    0.8,
                    line(
                        BUNYAN, level="20", message="cache miss, no entry found for row $int[1,60], loading"
                    ),
                ),
            ),
            every=(
                (10.0, line(BUNYAN, level="30", message="GET /ping 200")),
                (100.0, line(BUNYAN, level="40", message="client $int[10,99] is slow to read, 2 s")),
            ),
        ),
    ),
    case(
        "serilog-at-l-error",
        ROLLBACK,
        (
            "Serilog's compact form says @l Error on a fourth of the canary's orders, and nothing else"
            " tells them apart at a glance."
        ),
        Scene(
            ((70, PICKED), (30, STOCK)),
            (
                (45, PICKED),
                (30, STOCK),
                (
                    25,
                    line(
                        CLEF,
                        words="Order {Order} left in lane {Lane}",
                        level=',"@l":"Error","Lane":$int[1,8]',
                        context="PickService",
                    ),
                ),
            ),
            weight=20,
            rate=200,
        ),
    ),
    case(
        "serilog-at-l-debug",
        PROMOTE,
        "The new lines of the canary are @l Debug: plans tried and rejected before an order is picked.",
        Scene(
            ((70, PICKED), (30, STOCK)),
            added(
                ((70, PICKED), (30, STOCK)),
                (
                    0.6,
                    line(
                        CLEF,
                        words="Plan rejected for {Order}, trying the next",
                        level=',"@l":"Debug"',
                        context="Planner",
                    ),
                ),
            ),
            weight=20,
            rate=200,
        ),
    ),
    case(
        "otel-severity-17",
        NOT_PROMOTE,
        (
            "A fifth of the canary's records have severityNumber 17, fares that have no tariff;"
            " severityText is empty throughout."
        ),
        Scene(
            ways(
                OTEL.replace("$text", "").replace("$where", "fare.Engine").replace("$number", "9"),
                body={"fare $int[1000,9999] priced": 1},
            ),
            (
                *ways(
                    OTEL.replace("$text", "").replace("$where", "fare.Engine").replace("$number", "9"),
                    body={"fare $int[1000,9999] priced": 80},
                ),
                *ways(
                    OTEL.replace("$text", "").replace("$where", "fare.Engine").replace("$number", "17"),
                    body={"fare $int[1000,9999] has no tariff": 20},
                ),
            ),
            weight=45,
            rate=75,
            pods=(2, 2),
        ),
    ),
    case(
        "otel-severity-5",
        PROMOTE,
        "Records of severityNumber 5 and 1 are new, debug and trace of a retry table; all fares are priced.",
        Scene(
            PRICED,
            added(
                PRICED,
                (
                    0.3,
                    line(
                        OTEL,
                        number="5",
                        text="DEBUG",
                        body="retry table loaded, 0 entries due",
                        where="fare.Retry",
                    ),
                ),
                (
                    0.2,
                    line(
                        OTEL,
                        number="1",
                        text="TRACE",
                        body="no exception rule matched for fare $int[1000,9999]",
                        where="fare.Rules",
                    ),
                ),
            ),
            minutes=7,
            rate=230,
        ),
    ),
)
