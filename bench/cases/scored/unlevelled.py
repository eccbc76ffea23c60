"""Failures at WARN, at INFO or without a level: a fallback, a nightly match of books, MassTransit, Vault's agent, a recommender."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="unlevelled", half="scored")

BOOT = "$time[%Y-%m-%dT%H:%M:%S.%LZ]  $level 1 --- [tours] [nio-8080-exec-$int[1,20]] $message"
TOUR = line(
    BOOT,
    level="INFO",
    message="c.t.tours.TourService                    : tour $int[100,999] priced from partner, $int[2,9] dates",
)
VIEW = line(
    BOOT, level="INFO", message="c.t.tours.ViewService                    : tour $int[100,999] viewed"
)
FALLBACK = line(
    BOOT,
    level="INFO",
    message=(
        "c.t.tours.TourService                    : tour $int[100,999] priced by fallback, circuit"
        " partnerPrices is OPEN"
    ),
)
CLOSED = line(
    BOOT,
    level="INFO",
    message="i.g.r.circuitbreaker.CircuitBreakers     : circuit partnerPrices: failure rate 0.0, state CLOSED",
)
BOOKS = "$iso match run=$seq[300] account=$int[1000,9999] entries=$int[40,90] matched=$matched open=$open"
FETCHED = "$iso statement of $int[1000,9999] fetched, $int[40,90] entries"
MASS = "$time[%Y-%m-%d %H:%M:%S.%L +00:00] [$tag] $message"
RECEIVED = line(
    MASS,
    tag="DBG",
    message="RECEIVE rabbitmq://mq/print-label $uuid Shop.PrintLabel Shop.LabelConsumer($dec[0.004,0.09,4])",
)
PUBLISHED = line(MASS, tag="DBG", message="SEND rabbitmq://mq/label-printed $uuid Shop.LabelPrinted")
DEAD = line(
    MASS,
    tag="INF",
    message=(
        "MOVE rabbitmq://mq/print-label $uuid rabbitmq://mq/print-label_error Fault: Template 'a6-zpl' is"
        " not in the bundle"
    ),
)
SKIPPED = line(
    MASS,
    tag="DBG",
    message="SKIP rabbitmq://mq/print-label $uuid already printed, duplicate of an earlier message, not an error",
)
AGENT = "$time[%Y-%m-%dT%H:%M:%S.%LZ] [$level]  $message"
RENEWED = line(AGENT, level="INFO", message="agent.auth.handler: renewed auth token")
RENDERED = line(
    AGENT, level="INFO", message='agent: (runner) rendered "(dynamic)" => "/vault/secrets/db-$int[1,9]"'
)
PROXIED = line(
    AGENT,
    level="INFO",
    message="agent.apiproxy: forwarding request to Vault: method=GET path=/v1/kv/data/app-$int[1,60]",
)
BACKOFF = line(
    AGENT,
    level="WARN",
    message=(
        "agent: (view) vault.read(database/creds/app): vault.read(database/creds/app): no secret exists"
        ' (retry attempt $int[1,12] after "$int[1,60]s")'
    ),
)
RECO = "$time[%H:%M:%S.%L] reco | user=$int[1000,99999] slot=$pick[home|cart|pdp] model=$model items=$items $took"
RANKED = line(RECO, model="gru4rec-9", items="$int[12,24]", took="$ms[8,40]ms")
RECO_LOG = "$time[%H:%M:%S.%L] reco | features of $int[1000,99999] from store in $ms[1,9]ms"

TOURS: Mix = ((45, TOUR), (50, VIEW))
MATCHES: Mix = ((50, line(BOOKS, matched="$int[38,60]", open="$int[0,4]")), (50, FETCHED))
LABELS: Mix = ((50, RECEIVED), (50, PUBLISHED))
SECRETS: Mix = ((10, RENEWED), (20, RENDERED), (60, PROXIED))
RANKS: Mix = ((60, RANKED), (40, RECO_LOG))

CASES = (
    case(
        "resilience4j-fallback-each-time",
        ROLLBACK,
        (
            "Nearly all of the canary's tours are priced by the fallback, with the circuit open, at INFO;"
            " stable asks the partner."
        ),
        Scene(
            TOURS,
            ((3, TOUR), (42, FALLBACK), (50, VIEW)),
            every=(
                (55.0, FALLBACK.replace("circuit partnerPrices is OPEN", "partner took longer than 800 ms")),
            ),
        ),
    ),
    case(
        "resilience4j-circuit-closed",
        PROMOTE,
        "The canary's new line tells the circuit's state each few seconds: closed, with a failure rate of 0.0.",
        Scene(
            TOURS,
            added(TOURS, (0.12, CLOSED)),
            every=(
                (55.0, FALLBACK.replace("circuit partnerPrices is OPEN", "partner took longer than 800 ms")),
            ),
            weight=40,
        ),
    ),
    case(
        "books-matched-none",
        ROLLBACK,
        "The canary matches no entries at all and leaves all of them open, where stable matches nearly all.",
        Scene(
            MATCHES, ((50, line(BOOKS, matched="0", open="$int[40,90]")), (50, FETCHED)), rate=90, minutes=12
        ),
    ),
    case(
        "books-none-open",
        PROMOTE,
        "The canary matches more, so that open is 0 nearly always.",
        Scene(
            MATCHES,
            ((50, line(BOOKS, matched="$int[40,64]", open="$int[0,1]")), (50, FETCHED)),
            rate=90,
            minutes=12,
        ),
    ),
    case(
        "masstransit-error-queue",
        ROLLBACK,
        "Two of five labels go to the canary's error queue, its template is not in the bundle, at INF.",
        Scene(LABELS, ((30, RECEIVED), (20, DEAD), (30, PUBLISHED)), rate=80, weight=50, pods=(2, 2)),
    ),
    case(
        "masstransit-skips-duplicates",
        PROMOTE,
        "The canary skips messages that were printed already, a few in a hundred, and says that this is no error.",
        Scene(LABELS, added(LABELS, (0.05, SKIPPED)), rate=110, weight=50, pods=(2, 2)),
    ),
    case(
        "vault-agent-no-secret",
        NOT_PROMOTE,
        "The canary's agent asks for credentials that are not there, again and again at WARN, and renders none.",
        Scene(SECRETS, ((10, RENEWED), (30, BACKOFF), (60, PROXIED)), rate=60, minutes=15, weight=40),
    ),
    case(
        "vault-agent-token-file",
        PROMOTE,
        "At its start the canary's agent warns of a token sink's mode; it renews and renders as stable's does.",
        Scene(
            SECRETS,
            Log(
                (Phase(SECRETS),),
                start=(
                    line(AGENT, level="INFO", message="agent.auth.handler: starting auth handler"),
                    line(
                        AGENT,
                        level="WARN",
                        message=(
                            "agent.sink.file: mode 0644 of the sink is wider than recommended, secrets may"
                            " be readable by others"
                        ),
                    ),
                    line(
                        AGENT,
                        level="INFO",
                        message="agent.auth.handler: authentication successful, sending token to sinks",
                    ),
                ),
            ),
            rate=60,
            minutes=15,
            weight=40,
        ),
    ),
    case(
        "recommender-popular-for-all",
        NOT_PROMOTE,
        "The canary ranks with the model for hardly any user and shows all others the popular items by default.",
        Scene(
            RANKS,
            (
                (4, RANKED),
                (56, line(RECO, model="none, default=popular", items="12", took="0ms")),
                (40, RECO_LOG),
            ),
            weight=10,
            rate=300,
        ),
    ),
    case(
        "recommender-next-model",
        PROMOTE,
        "The canary ranks with the next model for all users, with as many items in the same time.",
        Scene(
            RANKS,
            ((60, line(RECO, model="sasrec-1", items="$int[12,24]", took="$ms[8,42]ms")), (40, RECO_LOG)),
            weight=30,
            rate=230,
        ),
    ),
)
