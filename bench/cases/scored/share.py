"""How large a part is touched: one of Dapr's components, one tenant, one locale, one region."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="share", half="scored")

DAPR = (
    'time="$time[%Y-%m-%dT%H:%M:%S.%L]000000Z" level=$level msg="$message" app_id=basket instance=$pod'
    " scope=dapr.runtime.$scope type=log ver=1.14.4"
)
STATE = line(DAPR, level="info", message="state store basket-redis: saved key basket||$hex[8]", scope="state")
PUBSUB = line(DAPR, level="info", message="pubsub basket-events: published to topic added", scope="pubsub")
INVOKE = line(DAPR, level="info", message="invoked method price on app pricing", scope="direct")
LOST = line(
    DAPR,
    level="warning",
    message=(
        "pubsub basket-events: message to topic added was not published, topic is not in the component's"
        " scope"
    ),
    scope="pubsub",
)
BASKET: Mix = ((50, STATE), (12, PUBSUB), (38, INVOKE))

TENANT = "$comma INFO  [$tenant] ledger.posting: $message"
POSTED = "entry $int[100000,999999] posted, period $time[%Y-%m]"
TENANTS: Mix = tuple(
    (20.0, line(TENANT, tenant=name, message=POSTED)) for name in ("acme", "birch", "corva", "delph", "elmet")
)
UNPOSTED = line(
    TENANT, tenant="corva", message="entry $int[100000,999999] left out, chart of accounts is empty"
)
ODD = line(
    TENANT,
    tenant="$pick[acme|birch|corva|delph|elmet]",
    message="entry $int[100000,999999] left out, sum is not balanced",
)

MAILS = '{"ts":"$iso","msg":"$message","locale":"$locale","campaign":$int[10,99]}'
LOCALES: Mix = tuple(
    (share, line(MAILS, message="newsletter rendered", locale=locale))
    for share, locale in ((60, "en_GB"), (22, "de_AT"), (10, "fr_CH"), (8, "ar_EG"))
)
BLANK = line(MAILS, message="newsletter rendered empty, 0 blocks", locale="ar_EG")
KEY = line(MAILS, message="key footer.fax missing, English text used", locale="$pick[de_AT|fr_CH]")

REGION = "$iso courier: offer=$hex[8] region=$region outcome=$outcome"
REGIONS: Mix = tuple(
    (share, line(REGION, region=region, outcome="taken"))
    for share, region in ((45, "north"), (30, "east"), (15, "south"), (10, "isles"))
)
EXPIRED = line(REGION, region="$pick[north|east|south|isles]", outcome="expired")

CASES = (
    case(
        "dapr-pubsub-scope",
        NOT_PROMOTE,
        "State and calls work on the canary, and none of its events are published, an eighth of its lines.",
        Scene(BASKET, ((50, STATE), (12, LOST), (38, INVOKE)), rate=200),
    ),
    case(
        "dapr-actor-placement",
        PROMOTE,
        (
            "The canary's sidecar also tells of the placement tables it has locked and unlocked; all three"
            " kinds of work are as on stable."
        ),
        Scene(
            BASKET,
            added(
                BASKET,
                (
                    0.12,
                    line(
                        DAPR,
                        level="info",
                        message="placement tables $pick[locked|updated|unlocked], version $int[20,40]",
                        scope="actors",
                    ),
                ),
            ),
            rate=200,
        ),
    ),
    case(
        "tenant-corva",
        ROLLBACK,
        "One of five tenants, corva, has none of its entries posted by the canary, at INFO.",
        Scene(
            TENANTS,
            (*(part for part in TENANTS if "[corva]" not in part[1]), (20, UNPOSTED)),
            rate=180,
            every=((30.0, "$comma INFO  [-] ledger.health: up"),),
        ),
    ),
    case(
        "tenant-odd-entries",
        PROMOTE,
        "Entries that do not balance are left out for any tenant, one in fifty on both sides.",
        Scene((*TENANTS, (2, ODD)), (*TENANTS, (2.2, ODD)), rate=180, weight=45),
    ),
    case(
        "locale-arabic-is-empty",
        NOT_PROMOTE,
        "Each newsletter in Arabic, a twelfth of all, is rendered empty by the canary, and none of stable's is.",
        Scene(LOCALES, (*LOCALES[:3], (8, BLANK)), rate=240, weight=40),
    ),
    case(
        "locale-missing-footer",
        PROMOTE,
        "A few texts have no translation of a fax number's label, on both sides, and are rendered in English.",
        Scene((*LOCALES, (3, KEY)), (*LOCALES, (3.5, KEY)), rate=240, weight=40),
    ),
    case(
        "region-isles-in-one-pod",
        NOT_PROMOTE,
        "In one of the canary's two pods all offers in all regions expire; the other pod's are taken.",
        Scene(
            (*REGIONS, (4, EXPIRED)),
            (*REGIONS, (4, EXPIRED)),
            others=(Log((Phase(EXPIRED),)),),
            pods=(2, 2),
            weight=50,
            rate=170,
        ),
    ),
    case(
        "region-some-offers-expire",
        PROMOTE,
        "Some offers expire since no courier is near, a few in a hundred in any pod.",
        Scene((*REGIONS, (4, EXPIRED)), (*REGIONS, (4.4, EXPIRED)), pods=(2, 2), weight=50, rate=170),
    ),
)
