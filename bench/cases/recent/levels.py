"""Levels in uncommon places: nginx's and Apache's error logs, MySQL, ClickHouse, GELF, syslog's RFC 5424, Lambda,
env_logger, Julia, timbre, MuleSoft.
"""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import added, line
from cases.scene import Scene

case = partial(Case, family="levels", half="tuned")

NGINX = "$time[%Y/%m/%d %H:%M:%S] [$level] 31#31: *$seq[900] $message, client: $ip, server: img.example.com"
NGINX_OK = line(NGINX, level="info", message="client $ip closed keepalive connection")
APACHE = "[$time[%a %b %d %H:%M:%S.%f %Y]] [$level] [pid $int[20,40]:tid $int[100,999]] [client $ip:$int[30000,60000]] $message"
APACHE_OK = line(
    APACHE, level="authz_core:debug", message="AH01626: authorization result of Require all granted: granted"
)
MYSQL = "$time[%Y-%m-%dT%H:%M:%S.%f]Z $int[8,90] [$level] [MY-0$code] [$system] $message"
MYSQL_OK = line(
    MYSQL,
    level="Note",
    code="10051",
    system="Server",
    message="Event Scheduler: scheduler thread ran event $int[1,40]",
)
CLICKHOUSE = "$time[%Y.%m.%d %H:%M:%S.%f] [ $int[40,90] ] {} <$level> MergeTreeBackgroundExecutor: $message"
CLICKHOUSE_OK = line(
    CLICKHOUSE, level="Information", message="merged $int[2,8] parts of table events_$int[1,20]"
)
GELF = '{"version":"1.1","host":"$pod","short_message":"$message","timestamp":$epochf,"level":$level,"_facility":"tickets"}'
GELF_OK = line(GELF, level="6", message="ticket $int[1000,9999] assigned to desk $int[1,12]")
RFC5424 = "<$pri>1 $iso $pod meter 1 ID$int[40,49] - $message"
RFC5424_OK = line(RFC5424, pri="134", message="pulse of meter $int[1000,9999] counted")
LAMBDA = '{"time":"$iso","type":"function","record":{"timestamp":"$iso","level":"$level","requestId":"$uuid","message":"$message"}}'
LAMBDA_OK = line(LAMBDA, level="INFO", message="thumbnail $hex[8] stored")
ENV = "[$time[%Y-%m-%dT%H:%M:%SZ] $level orders::book] $message"
ENV_OK = line(ENV, level="INFO ", message="order $int[1000,99999] matched at $int[10,90].$int[10,99]")
JULIA = "┌ $level: $message\n└ @ Sim /app/src/step.jl:$int[40,44]"
JULIA_OK = line(JULIA, level="Info", message="step $seq[100] solved in $int[3,9] iterations")
TIMBRE = "$time[%y-%m-%d %H:%M:%S] $pod $level [shop.returns:$int[30,33]] - $message"
TIMBRE_OK = line(TIMBRE, level="INFO", message="return $int[1000,99999] registered")
MULE = (
    "$level  $comma [[crm].uber.$int[1,9]: [crm-sync].CPU_INTENSIVE @$hex[6]] [processor: ; event: $uuid]"
    " org.mule.runtime.core: $message"
)
MULE_OK = line(MULE, level="INFO ", message="account $int[1000,9999] synced")

CASES = (
    case(
        "nginx-error-log-crit",
        ROLLBACK,
        "nginx's error log has [crit] for a third of what the canary writes: it may not read its files.",
        Scene(
            NGINX_OK,
            (
                (66, NGINX_OK),
                (
                    34,
                    line(
                        NGINX,
                        level="crit",
                        message='stat() "/srv/img/$hex[6].webp" failed (13: Permission denied)',
                    ),
                ),
            ),
        ),
    ),
    case(
        "nginx-error-log-notices",
        PROMOTE,
        "A [notice] of a signal or a worker stands in the canary's log now and then.",
        Scene(
            NGINX_OK,
            added(
                NGINX_OK,
                (0.05, "$time[%Y/%m/%d %H:%M:%S] [notice] 1#1: signal 29 (SIGIO) received from $int[30,40]"),
            ),
        ),
    ),
    case(
        "apache-proxy-error",
        ROLLBACK,
        "Apache writes [proxy:error] for four of ten requests of the canary.",
        Scene(
            APACHE_OK,
            (
                (60, APACHE_OK),
                (
                    40,
                    line(
                        APACHE,
                        level="proxy:error",
                        message="AH00898: Error reading from remote server returned by /cart/$int[1,99]",
                    ),
                ),
            ),
        ),
    ),
    case(
        "apache-ssl-info",
        PROMOTE,
        "mod_ssl's [ssl:info] says of each tenth connection that it was established.",
        Scene(
            APACHE_OK,
            added(
                APACHE_OK,
                (
                    0.1,
                    line(
                        APACHE,
                        level="ssl:info",
                        message="AH01964: Connection to child $int[1,90] established",
                    ),
                ),
            ),
        ),
    ),
    case(
        "mysql-error",
        ROLLBACK,
        "MySQL's [ERROR] stands in four of ten of the canary's lines.",
        Scene(
            MYSQL_OK,
            (
                (60, MYSQL_OK),
                (
                    40,
                    line(
                        MYSQL,
                        level="ERROR",
                        code="13132",
                        system="InnoDB",
                        message="The page [page id: space=$int[1,90], page number=$int[1,900]] is not usable",
                    ),
                ),
            ),
        ),
    ),
    case(
        "mysql-system",
        PROMOTE,
        "[System] is MySQL's level of what it always says, as of a new plugin at its start and now and then.",
        Scene(
            MYSQL_OK,
            added(
                MYSQL_OK,
                (
                    0.06,
                    line(
                        MYSQL,
                        level="System",
                        code="11323",
                        system="Server",
                        message="X Plugin ready for connections. Bind-address: '::' port: 33060",
                    ),
                ),
            ),
        ),
    ),
    case(
        "clickhouse-angle-error",
        ROLLBACK,
        "ClickHouse writes <Error> for three of ten merges of the canary.",
        Scene(
            CLICKHOUSE_OK,
            (
                (70, CLICKHOUSE_OK),
                (
                    30,
                    line(
                        CLICKHOUSE, level="Error", message="part of table events_$int[1,20] is left as it was"
                    ),
                ),
            ),
        ),
    ),
    case(
        "clickhouse-angle-trace",
        PROMOTE,
        "The canary also writes <Trace>, one line a merge, and merges as much.",
        Scene(
            CLICKHOUSE_OK,
            added(
                CLICKHOUSE_OK,
                (
                    1,
                    line(
                        CLICKHOUSE, level="Trace", message="selected parts from $int[1,400] to $int[401,900]"
                    ),
                ),
            ),
            rate=120,
        ),
    ),
    case(
        "gelf-facility-level-3",
        ROLLBACK,
        "GELF's level is 3, error, in half of the canary's records.",
        Scene(
            GELF_OK,
            ((52, GELF_OK), (48, line(GELF, level="3", message="ticket $int[1000,9999] has no queue"))),
        ),
    ),
    case(
        "gelf-level-7",
        PROMOTE,
        "GELF's level 7 is debug: the canary is more verbose.",
        Scene(
            GELF_OK,
            added(GELF_OK, (0.8, line(GELF, level="7", message="desk $int[1,12] asked, $int[0,9] free"))),
        ),
    ),
    case(
        "rfc5424-pri-131",
        ROLLBACK,
        "The priority <131>, facility local0 and severity error, stands before a third of the canary's lines.",
        Scene(
            RFC5424_OK,
            (
                (67, RFC5424_OK),
                (33, line(RFC5424, pri="131", message="pulse of meter $int[1000,9999] out of range")),
            ),
        ),
    ),
    case(
        "rfc5424-pri-135",
        PROMOTE,
        "The priority <135> is local0 and debug, beside lines that are as before.",
        Scene(RFC5424_OK, added(RFC5424_OK, (0.5, line(RFC5424, pri="135", message="ring at $int[1,90] %")))),
    ),
    case(
        "lambda-record-level",
        ROLLBACK,
        "record.level is ERROR in four of ten of the canary's records.",
        Scene(
            LAMBDA_OK,
            (
                (60, LAMBDA_OK),
                (40, line(LAMBDA, level="ERROR", message="thumbnail $hex[8] has an unknown profile")),
            ),
        ),
    ),
    case(
        "lambda-more-fields",
        PROMOTE,
        "The canary's records have one field more and the level INFO as before.",
        Scene(LAMBDA_OK, LAMBDA_OK.replace('"message":', '"coldStart":false,"message":')),
    ),
    case(
        "env-logger-error",
        ROLLBACK,
        "A quarter of the canary's lines are at ERROR within env_logger's brackets.",
        Scene(
            ENV_OK,
            (
                (75, ENV_OK),
                (25, line(ENV, level="ERROR", message="order $int[1000,99999] crossed its own book")),
            ),
            rate=200,
        ),
    ),
    case(
        "env-logger-module-moved",
        PROMOTE,
        "The module is orders::engine::book now, and nothing else is other.",
        Scene(ENV_OK, ENV_OK.replace("orders::book", "orders::engine::book"), rate=200),
    ),
    case(
        "julia-error",
        ROLLBACK,
        "Julia's box begins with Error for four of ten of the canary's steps.",
        Scene(
            JULIA_OK,
            ((60, JULIA_OK), (40, line(JULIA, level="Error", message="step $seq[100] left its bounds"))),
        ),
    ),
    case(
        "timbre-debug",
        PROMOTE,
        "The canary logs one DEBUG line for each second return.",
        Scene(
            TIMBRE_OK, added(TIMBRE_OK, (0.5, line(TIMBRE, level="DEBUG", message="rules took $int[1,9] ms")))
        ),
    ),
    case(
        "mule-error",
        ROLLBACK,
        "Half of the canary's accounts end at ERROR, in Mule's order of fields.",
        Scene(
            MULE_OK,
            (
                (50, MULE_OK),
                (50, line(MULE, level="ERROR", message="account $int[1000,9999] has two owners")),
            ),
        ),
    ),
)
