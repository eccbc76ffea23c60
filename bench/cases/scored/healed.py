"""Transients: Consul without a leader, names before the proxy is up, Vault's leases, Flyway's lock."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="healed", half="scored")

HC = "$time[%Y-%m-%dT%H:%M:%S.%LZ] [$level]  $message"
FLAG = line(
    HC, level="INFO", message="flags: flag $pick[newcart|dark|beta3] evaluated for user=$int[1000,99999]"
)
WATCHED = line(HC, level="INFO", message="flags: watch on config/flags at index=$seq[88100]")
NO_LEADER = line(
    HC,
    level="ERROR",
    message='flags: kv read failed: error="Unexpected response code: 500 (No cluster leader)"',
)
NODE = '{"level":"$level","message":"$message","timestamp":"$iso","service":"gift-cards"}'
ISSUED = line(NODE, level="info", message="card $hex[8] issued, balance $int[10,200]")
CHECKED = line(NODE, level="info", message="balance of $hex[8] read in $ms[3,30] ms")
NO_NAME = line(
    NODE,
    level="error",
    message="connect ECONNREFUSED 127.0.0.1:15001 while asking ledger.prod.svc.cluster.local",
)
UNISSUED = line(
    NODE,
    level="error",
    message="card $hex[8] not issued: getaddrinfo ENOTFOUND ledger-v2.prod.svc.cluster.local",
)
PY = "$comma [$level] signer: $message"
SIGNED = line(PY, level="INFO", message="document $hex[10] signed with key $int[1,4] in $ms[4,40] ms")
VERIFIED = line(PY, level="INFO", message="document $hex[10] verified")
DENIED = line(
    PY,
    level="ERROR",
    message=(
        "document $hex[10] not signed: hvac.exceptions.Forbidden: permission denied, on post"
        " https://vault:8200/v1/transit/sign/docs"
    ),
)
FLYWAY = "$time[%Y-%m-%d %H:%M:%S.%L]  $level 1 --- [$thread] $message"
DEPOT = line(
    FLYWAY,
    level="INFO",
    thread="exec-$int[1,9]",
    message="c.s.depot.DepotController : pallet $int[1000,9999] moved to bay $int[1,40]",
)
COUNTED = line(
    FLYWAY,
    level="INFO",
    thread="exec-$int[1,9]",
    message="c.s.depot.CountController : bay $int[1,40] counted",
)
LOCK = line(
    FLYWAY,
    level="ERROR",
    thread="main",
    message=(
        "o.f.core.internal.database.Lock : Unable to obtain table lock on flyway_schema_history, another"
        " instance is migrating, retrying"
    ),
)
MIGRATED = line(
    FLYWAY,
    level="INFO",
    thread="main",
    message='o.f.core.internal.command.DbMigrate : Schema "depot" is up to date. No migration necessary.',
)
COLUMN = line(
    FLYWAY,
    level="ERROR",
    thread="exec-$int[1,9]",
    message=(
        'c.s.depot.DepotController : pallet $int[1000,9999] not moved: ERROR: column "bay_zone" does not'
        " exist"
    ),
)
FLAGS: Mix = ((70, FLAG), (10, WATCHED))
CARDS: Mix = ((40, ISSUED), (50, CHECKED))
SIGNS: Mix = ((60, SIGNED), (30, VERIFIED))
DEPOTS: Mix = ((60, DEPOT), (30, COUNTED))

CASES = (
    case(
        "consul-no-leader-once",
        PROMOTE,
        (
            "Consul elected a leader in the third minute, for fifteen seconds, on both sides; flags are"
            " evaluated ever since."
        ),
        Scene(
            Log((Phase(FLAGS, until=0.25), Phase(((50, FLAG), (40, NO_LEADER)), until=0.275), Phase(FLAGS))),
            Log((Phase(FLAGS, until=0.245), Phase(((50, FLAG), (45, NO_LEADER)), until=0.275), Phase(FLAGS))),
            weight=40,
        ),
    ),
    case(
        "consul-no-leader-on-and-off",
        NOT_PROMOTE,
        (
            "The canary's cluster address has no leader time and again, minute by minute to the end, and"
            " stable's has one."
        ),
        Scene(
            FLAGS,
            Log(
                tuple(
                    Phase(((25, FLAG), (55, NO_LEADER)) if n % 3 == 2 else FLAGS, until=(n + 1) / 12)
                    for n in range(12)
                )
            ),
            weight=40,
        ),
    ),
    case(
        "proxy-not-up-yet",
        PROMOTE,
        (
            "In its first seconds the canary asks through a proxy that is not up, four times; every card"
            " since was issued."
        ),
        Scene(
            CARDS,
            Log(
                (Phase(CARDS),),
                start=(line(NODE, level="info", message="gift-cards up on 3000"), *(NO_NAME,) * 4),
            ),
            weight=40,
            rate=100,
        ),
    ),
    case(
        "name-that-is-not-there",
        ROLLBACK,
        (
            "The canary looks for a ledger by a name that does not exist, and issues no card from its"
            " first minute to its last."
        ),
        Scene(
            CARDS,
            ((40, UNISSUED), (50, CHECKED)),
            every=((10.0, line(NODE, level="info", message="GET /healthz 200")),),
            rate=120,
        ),
    ),
    case(
        "vault-lease-renewed",
        PROMOTE,
        (
            "A lease ran out on the canary, a dozen documents were refused within ten seconds, and"
            " hundreds were signed after it."
        ),
        Scene(
            SIGNS,
            Log(
                (
                    Phase(SIGNS, until=0.3),
                    Phase(((30, SIGNED), (40, DENIED), (30, VERIFIED)), until=0.335),
                    Phase(SIGNS),
                )
            ),
            weight=40,
            minutes=12,
        ),
    ),
    case(
        "vault-denied-then-nothing-to-sign",
        NOT_PROMOTE,
        (
            "The canary is denied each signature until clients stop to ask; since then it only verifies,"
            " so it was not healed."
        ),
        Scene(
            SIGNS,
            Log((Phase(((60, DENIED), (30, VERIFIED)), until=0.5), Phase(VERIFIED, rate=0.33))),
            weight=40,
            minutes=12,
        ),
    ),
    case(
        "flyway-lock-at-start",
        PROMOTE,
        (
            "Two pods start at once and one waits for the other's migration lock, six errors in all; then"
            " the schema is up to date and all moves are made."
        ),
        Scene(DEPOTS, Log((Phase(DEPOTS),), start=(*(LOCK,) * 6, MIGRATED)), pods=(3, 2), weight=40),
    ),
    case(
        "flyway-ran-and-column-missing",
        ROLLBACK,
        "The start said that no migration was necessary, and then a third of the canary's moves miss a column.",
        Scene(
            DEPOTS,
            added(((40, DEPOT), (30, COUNTED)), (0.29, COLUMN)),
            start=(MIGRATED,),
            pods=(3, 2),
            weight=40,
        ),
    ),
)
