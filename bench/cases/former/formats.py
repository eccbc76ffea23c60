"""New formats of other loggers: prefixes of collectors and supervisors, Log4j's pattern, Python's structlog, Monolog's JSON, tracing."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import ways
from cases.scene import Scene

case = partial(Case, family="formats", half="tuned")

FLASK = "$comma INFO in views: voucher $hex[8] issued to $int[1000,9999]"
FLASK_BAD = "$comma INFO in views: voucher $hex[8] could not be issued, printer offline"
WORK = "$sql route $int[1,90] planned with $int[3,20] stops"
LOG4J = "$comma [http-nio-8443-exec-$int[1,20]] INFO  com.acme.fares.FareService - fare $int[100,9000] quoted for zone $int[1,9]"
LOG4J_SHORT = "$time[%H:%M:%S] INFO FareService fare $int[100,9000] quoted for zone $int[1,9]"
STRUCTLOG = (
    "$time[%Y-%m-%d %H:%M:%S] [info     ] shelf counted                  shelf=$int[1,90] items=$int[2,40]"
)
STRUCTLOG_JSON = '{"shelf": $int[1,90], "items": $int[2,40], "event": "shelf counted", "level": "info", "timestamp": "$iso"}'
STRUCTLOG_BAD = '{"shelf": $int[1,90], "items": 0, "event": "shelf not counted, scanner lost", "level": "error", "timestamp": "$iso"}'
TRACING = "$time[%Y-%m-%dT%H:%M:%S.%f]Z  INFO bid{auction=$int[1,90]}: auction::bid: bid accepted amount=$int[5,900]"
TRACING_BARE = " INFO auction::bid: bid accepted amount=$int[5,900] auction=$int[1,90]"
ACCESS = '$ip - - [$clf] "GET /maps/$int[1,900] HTTP/1.1" $status $int[90,900]'
TWO = (
    "$sql INFO dispatch: van $int[1,40] sent to stop $int[1,90]",
    "$sql INFO dispatch: driver $int[1,90] acknowledged after $int[1,20] s",
)
FOREMAN = "$time[%H:%M:%S] worker.1 | "

CASES = (
    case(
        "cri-stderr-full",
        PROMOTE,
        "A collector's header with the stream and a flag stands before each of the canary's lines.",
        Scene(FLASK, f"$time[%Y-%m-%dT%H:%M:%S.%f]000Z stderr F {FLASK}"),
    ),
    case(
        "cri-stderr-full-with-failures",
        NOT_PROMOTE,
        "Behind a collector's header, four of ten vouchers are not issued.",
        Scene(
            FLASK,
            (
                (60, f"$time[%Y-%m-%dT%H:%M:%S.%f]000Z stderr F {FLASK}"),
                (40, f"$time[%Y-%m-%dT%H:%M:%S.%f]000Z stderr F {FLASK_BAD}"),
            ),
        ),
    ),
    case(
        "foreman-prefix",
        PROMOTE,
        "A process manager puts its clock and its process's name before each line.",
        Scene(WORK, FOREMAN + WORK),
    ),
    case(
        "foreman-prefix-with-failures",
        NOT_PROMOTE,
        "Behind the process manager's prefix, half of the routes are not planned.",
        Scene(
            WORK, ((50, FOREMAN + WORK), (50, FOREMAN + "$sql route $int[1,90] not planned: no vans left"))
        ),
    ),
    case(
        "tag-in-brackets",
        PROMOTE,
        "A wrapper puts the service's name in brackets before each line.",
        Scene(WORK, "[route-planner] " + WORK, weight=40),
    ),
    case(
        "stern-like-prefix",
        PROMOTE,
        "The pod's and the container's name stand before each line.",
        Scene(TWO[0], f"$pod app {TWO[0]}", rate=200),
    ),
    case(
        "log4j-shorter",
        PROMOTE,
        "Log4j's pattern lacks the date, the thread and the package.",
        Scene(LOG4J, LOG4J_SHORT),
    ),
    case(
        "structlog-to-json",
        PROMOTE,
        "structlog renders JSON now, statement by statement.",
        Scene(STRUCTLOG, STRUCTLOG_JSON, weight=40),
    ),
    case(
        "structlog-to-json-with-errors",
        ROLLBACK,
        "In structlog's JSON half of the shelves are not counted, at error.",
        Scene(STRUCTLOG, ((50, STRUCTLOG_JSON), (50, STRUCTLOG_BAD)), weight=40),
    ),
    case(
        "tracing-without-time",
        PROMOTE,
        "Rust's tracing writes neither the time nor the spans, and names the auction as a field.",
        Scene(TRACING, TRACING_BARE),
    ),
    case(
        "trace-ids-before-each-line",
        PROMOTE,
        "The canary puts a trace's id before each line.",
        Scene(
            tuple((1, text) for text in TWO),
            tuple((1, f"trace=$hex[32] span=$hex[16] {text}") for text in TWO),
        ),
    ),
    case(
        "trace-ids-with-failures",
        NOT_PROMOTE,
        "Behind the trace's id, half of the vans are not sent.",
        Scene(
            tuple((1, text) for text in TWO),
            (
                (0.5, f"trace=$hex[32] span=$hex[16] {TWO[0]}"),
                (
                    0.5,
                    "trace=$hex[32] span=$hex[16] $sql INFO dispatch: van $int[1,40] unreachable, stop $int[1,90] skipped",
                ),
                (1, f"trace=$hex[32] span=$hex[16] {TWO[1]}"),
            ),
        ),
    ),
    case(
        "access-log-behind-prefix",
        PROMOTE,
        "The container's name and a bar stand before the access log's lines.",
        Scene(
            ways(ACCESS, status={"200": 98, "404": 2}),
            ways("tiles_1  | " + ACCESS, status={"200": 98, "404": 2}),
        ),
    ),
    case(
        "access-log-behind-prefix-500",
        ROLLBACK,
        "Behind the container's name, a third of the requests are answered 500.",
        Scene(
            ways(ACCESS, status={"200": 98, "404": 2}),
            ways("tiles_1  | " + ACCESS, status={"200": 65, "404": 2, "500": 33}),
        ),
    ),
)
