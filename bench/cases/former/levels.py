"""Levels in uncommon places: MongoDB, PostgreSQL, Envoy's component log, log4net's XML, Monolog, Elixir, Vault, RabbitMQ, OpenSearch."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="levels", half="tuned")

MONGO = (
    '{"t":{"$$date":"$time[%Y-%m-%dT%H:%M:%S.%L]+00:00"},"s":"$s","c":"$c","id":$id,"ctx":"conn$int[10,900]","msg":"$msg","attr":{"uuid":"$uuid"'
    "}"
    "}"
)
MONGO_OK = line(MONGO, s="I", c="NETWORK", id="22943", msg="Connection accepted")
POSTGRES = "$time[%Y-%m-%d %H:%M:%S.%L] UTC [$int[20,900]] $level:  $message"
POSTGRES_OK = line(
    POSTGRES, level="LOG", message="checkpoint complete: wrote $int[10,900] buffers (0.$int[1,9]%)"
)
MONOLOG = "[$time[%Y-%m-%dT%H:%M:%S.%f]+00:00] $channel.$level: $message [] []"
MONOLOG_OK = line(MONOLOG, channel="app", level="INFO", message='Voucher redeemed {"voucher":"$hex[8]"}')
VAULT = "$time[%Y-%m-%dT%H:%M:%S.%L]Z [$level] $message"
VAULT_OK = line(VAULT, level="INFO", message=" expiration: revoked lease: lease_id=auth/kube/login/$hex[24]")
RABBIT = "$time[%Y-%m-%d %H:%M:%S.%f]+00:00 [$level] <0.$int[400,9000].0> $message"
RABBIT_OK = line(
    RABBIT,
    level="info",
    message="accepting AMQP connection <0.$int[400,9000].0> ($ip:$int[30000,60000] -> $ip:5672)",
)
ELIXIR = "$time[%H:%M:%S.%L] request_id=$hex[20] [$level] $message"
ELIXIR_OK = line(ELIXIR, level="info", message="Sent badge $int[100,900] in $int[300,900]µs")
GELF = '{"version":"1.1","host":"$pod","short_message":"$message","timestamp":$epochf,"level":$level,"_facility":"tariff"}'
GELF_OK = line(GELF, level="6", message="tariff $int[1,900] applied")
NLOG = "$time[%Y-%m-%d %H:%M:%S.%f]|$level|Acme.Dispatch.Router|$message|"
NLOG_OK = line(NLOG, level="INFO", message="parcel $int[1000,9999] assigned to van $int[1,40]")

CASES = (
    case(
        "mongo-s-e",
        ROLLBACK,
        "A third of the canary's records have the severity E.",
        Scene(
            MONGO_OK,
            (
                (67, MONGO_OK),
                (33, line(MONGO, s="E", c="STORAGE", id="22435", msg="WiredTiger error message")),
            ),
        ),
    ),
    case(
        "mongo-more-components",
        PROMOTE,
        "The canary logs the ends of connections as well, at severity I.",
        Scene(
            MONGO_OK,
            added(MONGO_OK, (0.15, line(MONGO, s="I", c="NETWORK", id="22944", msg="Connection ended"))),
        ),
    ),
    case(
        "postgres-fatal",
        ROLLBACK,
        "Four of ten lines of the canary are FATAL: too many clients.",
        Scene(
            POSTGRES_OK,
            (
                (60, POSTGRES_OK),
                (40, line(POSTGRES, level="FATAL", message="sorry, too many clients already")),
            ),
            rate=80,
        ),
    ),
    case(
        "postgres-hints-at-log",
        PROMOTE,
        "Checkpoints come at the time's end as before, with a line about their beginning.",
        Scene(
            POSTGRES_OK,
            added(POSTGRES_OK, (0.15, line(POSTGRES, level="LOG", message="checkpoint starting: time"))),
            rate=80,
        ),
    ),
    case(
        "monolog-critical",
        ROLLBACK,
        "A quarter of the canary's vouchers end with request.CRITICAL.",
        Scene(
            MONOLOG_OK,
            (
                (75, MONOLOG_OK),
                (
                    25,
                    line(
                        MONOLOG,
                        channel="request",
                        level="CRITICAL",
                        message='Uncaught PHP Exception TypeError: "Voucher::code(): Return value must be of type string, null returned"'
                        " at Voucher.php line $int[40,44]",
                    ),
                ),
            ),
        ),
    ),
    case(
        "monolog-deprecations",
        PROMOTE,
        "A newer framework names deprecations in php.INFO; vouchers are redeemed as before.",
        Scene(
            MONOLOG_OK,
            added(
                MONOLOG_OK,
                (
                    0.15,
                    line(
                        MONOLOG,
                        channel="php",
                        level="INFO",
                        message="User Deprecated: Since symfony/http-kernel 7.1: The class is deprecated.",
                    ),
                ),
            ),
        ),
    ),
    case(
        "vault-error",
        ROLLBACK,
        "Half of the leases cannot be revoked.",
        Scene(
            VAULT_OK,
            (
                (50, VAULT_OK),
                (
                    50,
                    line(
                        VAULT,
                        level="ERROR",
                        message="expiration: failed to revoke lease: lease_id=auth/kube/login/$hex[24]",
                    ),
                ),
            ),
        ),
    ),
    case(
        "rabbit-warning-closing",
        NOT_PROMOTE,
        "Half of the canary's connections are closed abruptly, at warning.",
        Scene(
            RABBIT_OK,
            (
                (50, RABBIT_OK),
                (
                    50,
                    line(
                        RABBIT,
                        level="warning",
                        message=(
                            "closing AMQP connection <0.$int[400,9000].0> ($ip:$int[30000,60000] -> $ip:5672):\nclient unexpectedly closed TCP"
                            " connection"
                        ),
                    ),
                ),
            ),
            rate=100,
        ),
    ),
    case(
        "rabbit-authenticated",
        PROMOTE,
        "A newer version tells of each connection that its user was authenticated.",
        Scene(
            RABBIT_OK,
            added(
                RABBIT_OK,
                (
                    1.0,
                    line(
                        RABBIT,
                        level="info",
                        message="connection <0.$int[400,9000].0>: user 'app' authenticated and granted access to vhost '/'",
                    ),
                ),
            ),
            traffic=True,
        ),
    ),
    case(
        "elixir-error",
        ROLLBACK,
        "A third of the canary's badges end with [error].",
        Scene(
            ELIXIR_OK,
            ((67, ELIXIR_OK), (33, line(ELIXIR, level="error", message="badge $int[100,900] has no owner"))),
        ),
    ),
    case(
        "elixir-notice",
        PROMOTE,
        "One line at notice tells of a configuration that was read.",
        Scene(
            ELIXIR_OK,
            Log(
                (Phase(ELIXIR_OK),),
                at=((0.1, line(ELIXIR, level="notice", message="settings read from /app/settings.exs")),),
            ),
        ),
    ),
    case(
        "gelf-level-3",
        ROLLBACK,
        "Every fourth record of the canary has level 3, which is an error in GELF.",
        Scene(
            GELF_OK,
            ((75, GELF_OK), (25, line(GELF, level="3", message="tariff $int[1,900] has no currency"))),
        ),
    ),
    case(
        "gelf-level-5",
        PROMOTE,
        "A new record at level 5, a notice, stands beside one in ten.",
        Scene(
            GELF_OK,
            added(GELF_OK, (0.1, line(GELF, level="5", message="tariff $int[1,900] is a night tariff"))),
        ),
    ),
    case(
        "nlog-error",
        ROLLBACK,
        "Four of ten parcels are not assigned, at NLog's ERROR.",
        Scene(
            NLOG_OK,
            ((60, NLOG_OK), (40, line(NLOG, level="ERROR", message="parcel $int[1000,9999] fits in no van"))),
        ),
    ),
    case(
        "nlog-trace",
        PROMOTE,
        "The canary logs at TRACE as well.",
        Scene(
            NLOG_OK,
            added(
                NLOG_OK,
                (1.0, line(NLOG, level="TRACE", message="route of van $int[1,40] has $int[3,20] stops")),
            ),
        ),
    ),
)
