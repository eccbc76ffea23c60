"""New formats: text to JSON with Logback, renamed packages, a library's banner, colours, another time; and
failures within them.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line, ways
from cases.scene import Scene

case = partial(Case, family="formats", half="tuned")

LOGBACK = "$time[%Y-%m-%d %H:%M:%S.%L] $level [http-nio-8080-exec-$int[1,20]] $logger - $message"
LOGSTASH = (
    '{"@timestamp":"$iso","@version":"1","message":"$message","logger_name":"com.shop.cart.CartService",'
    '"thread_name":"http-nio-8080-exec-$int[1,20]","level":"$level","level_value":$value}'
)
ITEM = "item $int[100,9999] added to cart $int[1000,99999]"
QUOTE = "price of item $int[100,9999] is $int[1,90].$int[10,99] EUR"
OLD = (
    (6, line(LOGBACK, level="INFO ", logger="c.s.cart.CartService", message=ITEM)),
    (4, line(LOGBACK, level="INFO ", logger="c.s.cart.Prices", message=QUOTE)),
)
NEW = (
    (6, line(LOGSTASH, level="INFO", value="20000", message=ITEM)),
    (4, line(LOGSTASH, level="INFO", value="20000", message=QUOTE)),
)
FAILED = line(
    LOGSTASH,
    level="ERROR",
    value="40000",
    message="item $int[100,9999] could not be added to cart $int[1000,99999]",
)
ACCESS = '$ip - - [$clf] "GET /maps/$int[1,999] HTTP/1.1" $status $int[90,9000] "-" "curl/8.9.1"'
ACCESS_JSON = '{"time":"$iso","remote_addr":"$ip","request":"GET /maps/$int[1,999] HTTP/1.1","status":$status,"bytes":$int[90,9000]}'
ZAP = '$iso\t$level\tfeed/writer.go:$int[60,64]\trow written\t{"feed": $int[1,40], "ms": $int[1,20]}'
BANNER = (
    "\n  .   ____          _            __ _ _\n /\\\\ / ___'_ __ _ _(_)_ __  __ _ \\ \\ \\ \\\n"
    "( ( )\\___ | '_ | '_| | '_ \\/ _` | \\ \\ \\ \\\n"
    " \\\\/  ___)| |_)| | | | | || (_| |  ) ) ) )\n  '  |____| .__|_| |_|_| |_\\__, | / / / /\n"
    " =========|_|==============|___/=/_/_/_/\n\n :: Spring Boot ::                (v3.3.4)\n"
)
QUOTED = "$sql INFO rates: quoted $int[1,90] pairs in $ms[3,20] ms"
QUOTED_JSON = '{"ts":"$iso","level":"info","msg":"rates: quoted $int[1,90] pairs in $ms[3,20] ms"}'
RATES_JSON = '{"ts":"$iso","level":"error","msg":"rates refresh failed: upstream timed out"}'

CASES = (
    case(
        "text-to-logstash-json",
        PROMOTE,
        "The same statements at the same rate, now as Logstash's JSON.",
        Scene(OLD, NEW),
    ),
    case(
        "text-to-json-with-failures",
        NOT_PROMOTE,
        "Within the new JSON a third of the items could not be added, at ERROR.",
        Scene(OLD, ((4, NEW[0][1]), (4, NEW[1][1]), (4, FAILED))),
    ),
    case(
        "packages-renamed",
        PROMOTE,
        "The packages are renamed from c.s.cart to c.s.basket.v2 and nothing else is.",
        Scene(
            OLD, tuple((share, text.replace("c.s.cart", "c.s.basket.v2")) for share, text in OLD), weight=40
        ),
    ),
    case(
        "spring-banner",
        PROMOTE,
        "The canary's framework greets with a banner and a few lines of its start, and works as before.",
        Scene(
            OLD,
            Log(
                (Phase(OLD),),
                start=(
                    BANNER,
                    line(
                        LOGBACK,
                        level="INFO ",
                        logger="c.s.cart.Application",
                        message="Starting Application using Java 21.0.4 with PID 1",
                    ),
                    line(
                        LOGBACK,
                        level="INFO ",
                        logger="o.h.jpa.internal.util.LogHelper",
                        message="HHH000204: Processing PersistenceUnitInfo [name: default]",
                    ),
                    line(
                        LOGBACK,
                        level="INFO ",
                        logger="o.h.e.t.j.p.i.JtaPlatformInitiator",
                        message="HHH000489: No JTA platform available",
                    ),
                    line(
                        LOGBACK,
                        level="INFO ",
                        logger="c.s.cart.Application",
                        message="Started Application in 4.022 seconds",
                    ),
                ),
            ),
        ),
    ),
    case(
        "access-to-json",
        PROMOTE,
        "nginx's combined lines become JSON; the statuses are as they were.",
        Scene(
            ways(ACCESS, status={"200": 95, "404": 5}),
            ways(ACCESS_JSON, status={"200": 95, "404": 5}),
            minutes=8,
        ),
    ),
    case(
        "access-to-json-with-500",
        ROLLBACK,
        "In the new JSON four of ten statuses are 500, in the old lines none was.",
        Scene(
            ways(ACCESS, status={"200": 95, "404": 5}),
            ways(ACCESS_JSON, status={"200": 55, "404": 5, "500": 40}),
            minutes=8,
        ),
    ),
    case(
        "zap-colours",
        PROMOTE,
        "The canary writes its levels in colour.",
        Scene(line(ZAP, level="INFO"), line(ZAP, level="\x1b[34mINFO\x1b[0m"), rate=220),
    ),
    case(
        "epoch-times",
        PROMOTE,
        "The time is a count of seconds in place of an ISO time.",
        Scene(line(ZAP, level="info"), line(ZAP, level="info").replace("$iso", "$epochf"), rate=220),
    ),
    case(
        "reworded-as-json",
        PROMOTE,
        "A sentence becomes a JSON object of the same words, with its numbers in fields of their own.",
        Scene(
            "$comma INFO orders accepted order $int[1000,99999] in $ms[8,70] ms",
            '{"ts":"$iso","severity":"INFO","event":"order_accepted","order":$int[1000,99999],"elapsed_ms":$ms[8,70]}',
            weight=30,
        ),
    ),
    case(
        "components-in-brackets-renamed",
        PROMOTE,
        "The component within the message has another name, and the rest is as before.",
        Scene(
            "$iso INFO Component(OrderService) accepted order $int[1000,99999] of customer $int[10,999]",
            "$iso INFO Component(order-api) accepted order $int[1000,99999] of customer $int[10,999]",
            weight=30,
        ),
    ),
    case(
        "known-error-in-a-new-form",
        PROMOTE,
        "Both sides fail to refresh the rates as often; the canary writes it as a sentence of other punctuation.",
        Scene(
            added(QUOTED, (0.04, "$sql ERROR rates: refresh failed (upstream timed out)")),
            added(QUOTED_JSON, (0.04, RATES_JSON)),
            rate=300,
            weight=30,
        ),
    ),
    case(
        "two-lines-become-one",
        PROMOTE,
        "The line of a job's begin and that of its end become one that says both.",
        Scene(
            (
                (1, "$sql INFO worker job $int[1000,99999] started"),
                (1, "$sql INFO worker job $int[1000,99999] finished in $ms[20,400] ms"),
            ),
            Log(
                (
                    Phase(
                        "$sql INFO worker job $int[1000,99999] started and finished in $ms[20,400] ms",
                        rate=0.5,
                    ),
                )
            ),
            weight=30,
        ),
    ),
    case(
        "json-and-two-thirds-parked",
        NOT_PROMOTE,
        "With the new JSON two thirds of the items are parked in place of being added to a cart.",
        Scene(
            OLD,
            (
                (2, NEW[0][1]),
                (4, NEW[1][1]),
                (4, line(LOGSTASH, level="INFO", value="20000", message="basket line $int[1,99] parked")),
            ),
            weight=30,
        ),
    ),
    case(
        "json-and-other-work",
        NOT_PROMOTE,
        "The canary writes JSON, and none of it says that a row was written: its batches are held.",
        Scene(
            line(ZAP, level="INFO"),
            '{"level":"info","ts":$epochf,"caller":"feed/batch.go:$int[60,64]","msg":"batch held","feed":$int[1,40]}',
            rate=220,
        ),
    ),
)
