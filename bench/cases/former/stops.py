"""Work that stops: RabbitMQ consumers in PHP, an Elixir pipeline, Airflow workers, an SMTP relay, a Rust indexer."""

from functools import partial

from cases.case import NOT_PROMOTE, NOT_ROLLBACK, PROMOTE, Case
from cases.lines import Log, Phase
from cases.scene import Scene

case = partial(Case, family="stops", half="tuned")

PHP = "[$time[%Y-%m-%dT%H:%M:%S.%f]+00:00] messenger.INFO: Message App\\Message\\Resize handled by App\\Handler\\ResizeHandler::__invoke [] []"
BROADWAY = "$time[%H:%M:%S.%L] [info] stored $int[10,60] clicks of shard $int[0,7]"
BROADWAY_START = (
    "$time[%H:%M:%S.%L] [info] Running Clicks.Endpoint with Bandit 1.5.7 at 0.0.0.0:4000 (http)",
    "$time[%H:%M:%S.%L] [info] Broadway pipeline Clicks.Pipeline started with 8 processors",
)
RELAY = (
    "$time[%b %d %H:%M:%S] relay exim[$int[100,900]]: $hex[6]-$hex[6]-$hex[2] => u$int[1,900]@mail.example R=dnslookup"
    ' T=remote_smtp H=in.mail.example [$ip] C="250 OK"'
)
RUST = (
    "$time[%Y-%m-%dT%H:%M:%S.%f]Z  INFO indexer::commit: committed $int[200,900] documents in $int[20,90]ms"
)
TICK = (10.0, "$time[%Y-%m-%dT%H:%M:%S.%f]Z  INFO indexer::gauge: memory 212 MiB")
PROBES = (
    (10.0, "$time[%H:%M:%S.%L] [info] GET /health\n$time[%H:%M:%S.%L] [info] Sent 200 in $int[90,300]µs"),
)

CASES = (
    case(
        "messenger-stops-after-a-third",
        NOT_PROMOTE,
        "The canary's consumer handles no message from a third of its time on, while stable's goes on.",
        Scene(PHP, Log((Phase(PHP, until=0.33), Phase(PHP, rate=0))), weight=50, pods=(2, 2), traffic=True),
    ),
    case(
        "messenger-by-weight",
        PROMOTE,
        "The canary's consumer handles a tenth of all messages, as its weight says.",
        Scene(PHP, weight=10, rate=300, traffic=True),
    ),
    case(
        "broadway-only-starts",
        NOT_PROMOTE,
        "The canary's pipeline has started and stores nothing but answers its probes.",
        Scene(
            BROADWAY,
            Log((Phase(BROADWAY, rate=0),)),
            start=BROADWAY_START,
            every=PROBES,
            weight=50,
            pods=(2, 2),
            traffic=True,
        ),
    ),
    case(
        "broadway-works",
        PROMOTE,
        "The canary's pipeline has started and stores its share.",
        Scene(BROADWAY, start=BROADWAY_START, every=PROBES, weight=50, pods=(2, 2), traffic=True),
    ),
    case(
        "exim-one-percent",
        NOT_PROMOTE,
        "The canary's relay delivers one mail in a hundred of its share.",
        Scene(RELAY, Log((Phase(RELAY, rate=0.01),)), weight=50, pods=(2, 2), rate=240, traffic=True),
    ),
    case(
        "exim-uneven-a-little",
        PROMOTE,
        "One of the canary's two relays delivers a fifth more than the other.",
        Scene(
            RELAY,
            Log((Phase(RELAY, rate=1.1),)),
            others=(Log((Phase(RELAY, rate=0.9),)),),
            weight=50,
            pods=(2, 2),
            rate=200,
            traffic=True,
        ),
    ),
    case(
        "indexer-gauge-alone",
        NOT_PROMOTE,
        "The canary's indexer logs its memory and commits nothing.",
        Scene(RUST, Log((Phase(RUST, rate=0),)), every=(TICK,), weight=40, pods=(3, 2), traffic=True),
    ),
    case(
        "indexer-idle-on-both",
        NOT_ROLLBACK,
        "Nothing is to be indexed on either side.",
        Scene(Log((Phase(RUST, rate=0),)), every=(TICK,), weight=50, pods=(2, 2)),
    ),
)
