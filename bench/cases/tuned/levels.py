"""Levels in uncommon places: OpenTelemetry, Datadog, ECS, pino, klog, systemd's prefix, PHP-FPM as a
carrier.
"""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line, ways
from cases.scene import Scene

case = partial(Case, family="levels", half="tuned")

OTEL = (
    '{"timestamp":"$iso","observedTimestamp":"$iso","severityText":"$level","severityNumber":$number,"body":"$body",'
    '"traceId":"$hex[32]","spanId":"$hex[16]","resource":{"service.name":"reserve","service.version":"1"}}'
)
OTEL_OK = line(OTEL, level="INFO", number="9", body="seat $int[1,900] reserved")
DATADOG = (
    '{"timestamp":$epochms,"status":"$level","service":"points","ddsource":"nodejs","dd":{"trace_id":"$int[1000000,9999999]"},'
    '"message":"$message"}'
)
DATADOG_OK = line(DATADOG, level="info", message="credited $int[5,900] points to member $int[1000,9999]")
ECS = (
    '{"@timestamp":"$iso","ecs":{"version":"8.11.0"},"log":{"level":"$level","logger":"$logger","origin":{"file":'
    '{"name":"Shipper.java","line":$int[80,84]}}},"service":{"name":"shipping"},"message":"$message"}'
)
ECS_OK = line(ECS, level="info", message="parcel $int[10000,99999] handed to carrier $int[1,9]")
PINO = '{"level":$level,"time":$epochms,"pid":7,"hostname":"$pod","name":"seats","msg":"$message"}'
PINO_OK = line(PINO, level="30", message="hold $hex[8] placed for $int[2,10] minutes")
KLOG = '$level$time[%m%d %H:%M:%S.%f]       1 sync.go:$int[140,142]] "$message" tenant="t-$int[1,90]" generation=$int[1,40]'
KLOG_OK = line(KLOG, level="I", message="Synced tenant")
SYSTEMD = "<$level>$time[%b %d %H:%M:%S] meterd[1]: $message"
SYSTEMD_OK = line(SYSTEMD, level="6", message="reading of meter $int[1000,9999] stored")
PHP_OK = '$ip -  $time[%d/%b/%Y:%H:%M:%S +0000] "GET /index.php" 200'
PHP_FATAL = (
    "[$time[%d-%b-%Y %H:%M:%S]] NOTICE: PHP message: PHP Fatal error:  Uncaught Error: Call to undefined method"
    " App\\Cart::total() in /var/www/src/Checkout.php:$int[80,81]\nStack trace:\n#0 /var/www/public/index.php(31):"
    " App\\Checkout->run()\n#1 {main}\n  thrown in /var/www/src/Checkout.php on line 80"
)
PHP_PLAIN = "[$time[%d-%b-%Y %H:%M:%S]] NOTICE: $what"

CASES = (
    case(
        "otel-severity-error",
        ROLLBACK,
        "A third of the canary's records have severityText ERROR, severityNumber 17.",
        Scene(
            OTEL_OK,
            (
                (67, OTEL_OK),
                (
                    33,
                    line(
                        OTEL, level="ERROR", number="17", body="seat $int[1,900] not reserved: map is empty"
                    ),
                ),
            ),
        ),
    ),
    case(
        "otel-debug-on",
        PROMOTE,
        "The canary logs at DEBUG (severityNumber 5) too; what stable logs, it logs at the same rate.",
        Scene(
            OTEL_OK,
            added(OTEL_OK, (1, line(OTEL, level="DEBUG", number="5", body="seat map read from cache"))),
            rate=120,
        ),
    ),
    case(
        "datadog-status-error",
        ROLLBACK,
        "Datadog's status is error in four of ten of the canary's lines.",
        Scene(
            DATADOG_OK,
            (
                (60, DATADOG_OK),
                (40, line(DATADOG, level="error", message="member $int[1000,9999] has no account")),
            ),
        ),
    ),
    case(
        "datadog-status-info",
        PROMOTE,
        "A new line about tiers stands at status info, once in ten.",
        Scene(
            DATADOG_OK,
            added(
                DATADOG_OK,
                (0.1, line(DATADOG, level="info", message="member $int[1000,9999] moved to tier gold")),
            ),
        ),
    ),
    case(
        "ecs-nested-error",
        ROLLBACK,
        "The nested log.level is error in a quarter of the canary's lines.",
        Scene(
            line(ECS_OK, logger="c.s.Shipper"),
            (
                (75, line(ECS_OK, logger="c.s.Shipper")),
                (
                    25,
                    line(
                        ECS,
                        level="error",
                        logger="c.s.Shipper",
                        message="label of parcel $int[10000,99999] could not be printed",
                    ),
                ),
            ),
            weight=20,
            rate=220,
        ),
    ),
    case(
        "ecs-logger-renamed",
        PROMOTE,
        "The logger has another name, and the level is info as before.",
        Scene(line(ECS_OK, logger="c.s.Shipper"), line(ECS_OK, logger="c.s.v2.ParcelShipper")),
    ),
    case(
        "pino-50",
        ROLLBACK,
        "Half of the canary's lines have pino's level 50, which is error.",
        Scene(
            PINO_OK, ((52, PINO_OK), (48, line(PINO, level="50", message="hold $hex[8] refused by ledger")))
        ),
    ),
    case(
        "pino-20",
        PROMOTE,
        "Level 20 is debug: the canary is more verbose and places as many holds.",
        Scene(
            PINO_OK,
            added(PINO_OK, (0.4, line(PINO, level="20", message="ledger answered in $ms[1,9] ms"))),
        ),
    ),
    case(
        "klog-errors",
        ROLLBACK,
        "The canary's controller logs E for a third of what it syncs.",
        Scene(
            KLOG_OK,
            ((66, KLOG_OK), (34, line(KLOG, level="E", message="Sync of tenant not possible"))),
            minutes=8,
        ),
    ),
    case(
        "klog-info-more",
        PROMOTE,
        "A new I line about the cache, once in eight.",
        Scene(KLOG_OK, added(KLOG_OK, (0.12, line(KLOG, level="I", message="Cache refreshed")))),
    ),
    case(
        "systemd-priority-3",
        ROLLBACK,
        "The prefix <3>, error, stands before four of ten of the canary's lines.",
        Scene(
            SYSTEMD_OK,
            (
                (60, SYSTEMD_OK),
                (40, line(SYSTEMD, level="3", message="reading of meter $int[1000,9999] dropped")),
            ),
        ),
    ),
    case(
        "systemd-priority-5",
        PROMOTE,
        "A notice (<5>) each minute that a configuration was read anew is harmless.",
        Scene(
            SYSTEMD_OK,
            Log((Phase(SYSTEMD_OK),), every=((60.0, line(SYSTEMD, level="5", message="tariffs read anew")),)),
        ),
    ),
    case(
        "php-fpm-fatal",
        ROLLBACK,
        "PHP-FPM carries a PHP fatal error in a NOTICE for each third of the canary's requests.",
        Scene(
            PHP_OK,
            (*ways(PHP_OK.replace("200", "$status"), status={"200": 67, "500": 3}), (30, PHP_FATAL)),
            rate=130,
        ),
    ),
    case(
        "php-fpm-notices",
        PROMOTE,
        "PHP-FPM's own notices at the start (fpm is running, ready to handle connections) are its usual ones.",
        Scene(
            PHP_OK,
            PHP_OK,
            start=(
                line(PHP_PLAIN, what="fpm is running, pid 1"),
                line(PHP_PLAIN, what="ready to handle connections"),
                line(PHP_PLAIN, what="PHP message: opcache preloaded 812 scripts"),
            ),
        ),
    ),
)
