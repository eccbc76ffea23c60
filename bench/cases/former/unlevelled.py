"""Failures that a line tells at INFO or without a level: brokers, caches, pools, certificates, quotas, disks, supervisors."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="unlevelled", half="tuned")

SUPERVISOR = "$comma INFO $message"
SUPERVISED = "$sql thumb $hex[8] rendered in $ms[9,90] ms"
OBAN = '{"time":"$iso","message":"$message","source":"oban","worker":"Mail.Deliver","queue":"default","attempt":1,"id":$int[1000,99999]}'
BULL = "$iso worker mail: job $int[1000,99999] $message"
LARAVEL = "  $time[%Y-%m-%d %H:%M:%S] App\\Jobs\\ShipOrder $message"
SHIPPED = line(LARAVEL, message="............................. $ms[20,200]ms DONE")
AKKA = "[$time[%Y-%m-%d %H:%M:%S,%L]] [INFO] [akka.actor.default-dispatcher-$int[3,20]] [akka://shop/user/basket-$int[1,9]] - $message"
BASKET = line(AKKA, message="basket $hex[8] priced")
TORCH = "$time[%Y-%m-%dT%H:%M:%S],$int[100,999] [INFO ] W-9000-ranker_1.0-stdout MODEL_LOG - $message"
RANKED = line(TORCH, message="ranked $int[10,90] items in $ms[8,60] ms")
MQTT = "$iso mqtt-bridge: forwarded $int[1,40] readings to topic plant/$int[1,9]"
VECTOR = '{"timestamp":"$iso","level":"INFO","message":"$message","target":"vector::sinks::loki"}'
VECTOR_OK = line(VECTOR, message="Batch of events delivered.")
RESQUE = "*** [$time[%H:%M:%S] $time[%Y-%m-%d]] $int[100,900]: $message"
RESQUE_OK = line(RESQUE, message="done: (Job{mail} | Mailer | [$int[1000,99999]])")
DELPHI = "$time[%d.%m.%Y %H:%M:%S] gate $int[1,40]: ticket $int[10000,99999] $message"
NATS = "$time[%Y-%m-%d %H:%M:%S] stock-sync: $message"
MOVED = line(NATS, message="$int[20,90] moves published to stock.moves")
GEO = '{"ts":"$iso","lvl":"info","msg":"$message"}'
LOCATED = line(GEO, message="located parcel $hex[8] in zone $int[1,90]")
CATALOG = "$comma INFO  catalogue.api: $message"
LISTED = line(CATALOG, message="listed $int[10,60] products for shop $int[1,90]")

CASES = (
    case(
        "supervisord-exits",
        NOT_PROMOTE,
        "supervisord spawns the canary's renderer again and again, as it exits without being expected to.",
        Scene(
            SUPERVISED,
            added(
                SUPERVISED,
                (0.08, line(SUPERVISOR, message="exited: renderer (exit status 3; not expected)")),
                (0.08, line(SUPERVISOR, message="spawned: 'renderer' with pid $int[100,900]")),
            ),
        ),
    ),
    case(
        "supervisord-starts",
        PROMOTE,
        "supervisord tells how it started its program, and that this entered RUNNING.",
        Scene(
            SUPERVISED,
            Log(
                (Phase(SUPERVISED),),
                start=(
                    line(SUPERVISOR, message="supervisord started with pid 1"),
                    line(SUPERVISOR, message="spawned: 'renderer' with pid 8"),
                    line(
                        SUPERVISOR,
                        message="success: renderer entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)",
                    ),
                ),
            ),
        ),
    ),
    case(
        "oban-discarded",
        NOT_PROMOTE,
        "A third of the canary's mails are discarded by Oban.",
        Scene(
            line(OBAN, message="job completed"),
            ((67, line(OBAN, message="job completed")), (33, line(OBAN, message="job discarded"))),
        ),
    ),
    case(
        "oban-scheduled",
        PROMOTE,
        "Oban tells as well when it puts a mail on its schedule.",
        Scene(
            line(OBAN, message="job completed"),
            added(line(OBAN, message="job completed"), (0.15, line(OBAN, message="job scheduled"))),
        ),
    ),
    case(
        "bullmq-stalled",
        NOT_PROMOTE,
        "Four of ten jobs of the canary stall more often than allowed.",
        Scene(
            line(BULL, message="completed in $ms[9,90]ms"),
            (
                (60, line(BULL, message="completed in $ms[9,90]ms")),
                (40, line(BULL, message="stalled more than allowable limit")),
            ),
        ),
    ),
    case(
        "laravel-fail",
        ROLLBACK,
        "Laravel's worker writes FAIL for half of the canary's orders.",
        Scene(
            SHIPPED,
            ((50, SHIPPED), (50, line(LARAVEL, message="............................. $ms[20,200]ms FAIL"))),
        ),
    ),
    case(
        "laravel-running",
        PROMOTE,
        "The canary's worker writes RUNNING before each order, as newer versions do, and DONE after it.",
        Scene(
            SHIPPED,
            added(SHIPPED, (1.0, line(LARAVEL, message="............................. RUNNING"))),
            traffic=True,
        ),
    ),
    case(
        "akka-dead-letters",
        NOT_PROMOTE,
        "Half of the canary's messages to baskets are not delivered: dead letters.",
        Scene(
            BASKET,
            (
                (50, BASKET),
                (
                    50,
                    line(
                        AKKA,
                        message="Message [shop.Price] to Actor[akka://shop/user/basket-$int[1,9]#$int[1000,9999]] was not delivered."
                        " [$int[1,90]] dead letters encountered.",
                    ),
                ),
            ),
        ),
    ),
    case(
        "torchserve-cuda",
        ROLLBACK,
        "A third of the canary's requests end with CUDA out of memory, which TorchServe logs at INFO.",
        Scene(
            RANKED,
            (
                (67, RANKED),
                (
                    33,
                    line(
                        TORCH,
                        message="torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB",
                    ),
                ),
            ),
        ),
    ),
    case(
        "torchserve-loads",
        PROMOTE,
        "A newer TorchServe tells how the model was loaded, once, and ranks as before.",
        Scene(
            RANKED,
            Log(
                (Phase(RANKED),),
                start=(
                    line(TORCH, message="Enabled tensor cores"),
                    line(TORCH, message="Transformers version 4.44.0"),
                    line(TORCH, message="model loaded in 4211 ms"),
                ),
            ),
        ),
    ),
    case(
        "mqtt-reconnects-for-ever",
        NOT_PROMOTE,
        "The canary's bridge loses its connection every few seconds and forwards a third of its readings.",
        Scene(
            MQTT,
            (
                (34, MQTT),
                (
                    33,
                    "$iso mqtt-bridge: disconnected from tcp://broker:1883 (keep alive timeout), reconnecting in $int[1,60]s",
                ),
                (33, "$iso mqtt-bridge: connecting to tcp://broker:1883"),
            ),
        ),
    ),
    case(
        "mqtt-connects-once",
        PROMOTE,
        "The canary's bridge connects once at its start.",
        Scene(
            MQTT,
            Log(
                (Phase(MQTT),),
                start=(
                    "$iso mqtt-bridge: connecting to tcp://broker:1883",
                    "$iso mqtt-bridge: connected to tcp://broker:1883, session present=0",
                ),
            ),
        ),
    ),
    case(
        "vector-drops",
        NOT_PROMOTE,
        "Vector drops events on the canary since its buffer is full, told at INFO.",
        Scene(
            VECTOR_OK,
            ((55, VECTOR_OK), (45, line(VECTOR, message="Buffer is full, dropping newest events."))),
        ),
    ),
    case(
        "vector-compression",
        PROMOTE,
        "One line at the start tells that batches are compressed.",
        Scene(
            VECTOR_OK,
            Log(
                (Phase(VECTOR_OK),), start=(line(VECTOR, message="Compression gzip is used for this sink."),)
            ),
        ),
    ),
    case(
        "resque-dirty-exit",
        ROLLBACK,
        "Resque's workers on the canary end in a dirty exit for a third of the mails.",
        Scene(
            RESQUE_OK,
            (
                (67, RESQUE_OK),
                (
                    33,
                    line(
                        RESQUE,
                        message=(
                            "(Job{mail} | Mailer | [$int[1000,99999]])"
                            " failed: #<Resque::DirtyExit: Child process received unhandled signal SIGKILL>"
                        ),
                    ),
                ),
            ),
            rate=90,
        ),
    ),
    case(
        "gate-offline-mode",
        NOT_PROMOTE,
        "The canary cannot reach the ticket service and lets four of ten tickets pass unchecked.",
        Scene(
            line(DELPHI, message="checked, valid"),
            (
                (60, line(DELPHI, message="checked, valid")),
                (40, line(DELPHI, message="not checked, service offline, let pass")),
            ),
        ),
    ),
    case(
        "gate-children",
        PROMOTE,
        "The canary also says which tickets are children's, one in ten.",
        Scene(
            line(DELPHI, message="checked, valid"),
            added(
                line(DELPHI, message="checked, valid"),
                (0.1, line(DELPHI, message="is a child's, gate stays open for 8 s")),
            ),
        ),
    ),
    case(
        "nats-leader-lost",
        NOT_PROMOTE,
        "The canary's stream has no leader for much of the time; two thirds of its publishes are put off.",
        Scene(
            MOVED,
            (
                (35, MOVED),
                (65, line(NATS, message="stream STOCK has no leader, publish deferred")),
            ),
        ),
    ),
    case(
        "nats-leader-elected",
        PROMOTE,
        "A leader is elected once in the canary's time, and moves are published on.",
        Scene(
            MOVED,
            Log((Phase(MOVED),), at=((0.3, line(NATS, message="stream STOCK has a new leader: nats-2")),)),
        ),
    ),
    case(
        "geo-fallback",
        NOT_PROMOTE,
        "Half of the canary's parcels are put into the default zone, as the geocoder's quota is exceeded.",
        Scene(
            LOCATED,
            (
                (50, LOCATED),
                (50, line(GEO, message="geocoder quota exceeded, using default zone for parcel $hex[8]")),
            ),
        ),
    ),
    case(
        "geo-zone-names",
        PROMOTE,
        "A new line names the zone of one parcel in ten.",
        Scene(LOCATED, added(LOCATED, (0.1, line(GEO, message="zone $int[1,90] is the old town")))),
    ),
    case(
        "catalogue-breaker-open",
        NOT_PROMOTE,
        "The circuit breaker of the canary is open: half of its lists are answered from a stale cache.",
        Scene(
            LISTED,
            (
                (50, LISTED),
                (
                    50,
                    line(
                        CATALOG,
                        message="circuit breaker 'inventory' is OPEN, serving stale products of shop $int[1,90]",
                    ),
                ),
            ),
        ),
    ),
    case(
        "catalogue-breaker-configured",
        PROMOTE,
        "The canary tells once how its circuit breaker is configured.",
        Scene(
            LISTED,
            Log(
                (Phase(LISTED),),
                start=(
                    line(
                        CATALOG,
                        message="circuit breaker 'inventory' configured: failure threshold 50 %, open for 30 s",
                    ),
                ),
            ),
        ),
    ),
    case(
        "token-expired",
        NOT_PROMOTE,
        "The canary's token for the catalogue has expired: half of its lists are empty, told at INFO.",
        Scene(
            LISTED,
            (
                (50, LISTED),
                (
                    50,
                    line(
                        CATALOG,
                        message="upstream said 401 Unauthorized (token expired), 0 products for shop $int[1,90]",
                    ),
                ),
            ),
        ),
    ),
    case(
        "token-renewed",
        PROMOTE,
        "The canary renews its token each minute and says so.",
        Scene(LISTED, added(LISTED, (0.02, line(CATALOG, message="token renewed, expires in 3600 s")))),
    ),
)
