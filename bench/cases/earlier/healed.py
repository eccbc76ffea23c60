"""Transients: errors of a start or of a minute, after which the same work succeeds; and errors that only the
load's end ended.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Phase, line
from cases.scene import Scene

case = partial(Case, family="healed", half="tuned")

KAFKA = "[$comma] $level $message"
POSTED = line(
    KAFKA, level="INFO", message="entry $int[1000,99999] posted to ledger $int[1,40] (com.shop.ledger.Poster)"
)
NO_COORDINATOR = line(
    KAFKA,
    level="ERROR",
    message="[Consumer clientId=ledger-1, groupId=ledger] Offset commit failed: The coordinator is not available."
    " (org.apache.kafka.clients.consumer.internals.ConsumerCoordinator)",
)
HIKARI = line(
    KAFKA,
    level="ERROR",
    message="entry $int[1000,99999] not posted: HikariPool-1 - Connection is not available, request timed out after 30000ms"
    " (com.shop.ledger.Poster)",
)
SERILOG = "[$time[%H:%M:%S] $level] $message"
PRICED = line(SERILOG, level="INF", message="Quote $int[1000,99999] priced in $ms[3,40] ms")
MIGRATED = (
    line(
        SERILOG,
        level="ERR",
        message="Failed executing DbCommand (4ms) [Parameters=[], CommandType='Text', CommandTimeout='30']",
    )
    + "\nMicrosoft.Data.SqlClient.SqlException (0x80131904): There is already an object named 'Quotes' in the database."
)
RUST = "$time[%Y-%m-%dT%H:%M:%S.%f]Z $level geo::lookup: $message"
LOOKED = line(RUST, level=" INFO", message="cell $hex[8] looked up")
TIMEOUT = line(RUST, level="ERROR", message="cell $hex[8] not looked up: deadline has elapsed")
RAILS = "$level, [$time[%Y-%m-%dT%H:%M:%S.%f] #1] $word -- : $message"
MAILED = line(RAILS, level="I", word=" INFO", message="newsletter to member $int[1000,99999] delivered")
SMTP = line(
    RAILS,
    level="E",
    word="ERROR",
    message="newsletter to member $int[1000,99999] undelivered: Net::OpenTimeout: execution expired",
)

CASES = (
    case(
        "coordinator-not-available",
        PROMOTE,
        "The group's coordinator is looked for in the first seconds; every entry is posted from then on.",
        Scene(POSTED, Log((Phase(POSTED),), start=(NO_COORDINATOR, NO_COORDINATOR))),
    ),
    case(
        "migration-already-there",
        PROMOTE,
        "A migration finds its table, once at the start; all quotes are priced.",
        Scene(
            PRICED,
            Log(
                (Phase(PRICED),),
                start=(MIGRATED, line(SERILOG, level="INF", message="Now listening on: http://[::]:8080")),
            ),
        ),
    ),
    case(
        "cold-cache-timeouts",
        PROMOTE,
        "Lookups time out in the canary's first twenty seconds, while its cache is cold, and never in the twelve minutes since.",
        Scene(LOOKED, Log((Phase(((60, LOOKED), (40, TIMEOUT)), until=0.028), Phase(LOOKED))), minutes=13),
    ),
    case(
        "timeouts-to-the-end",
        NOT_PROMOTE,
        "A third of the canary's lookups time out, at the end of the window as at its start.",
        Scene(LOOKED, ((66, LOOKED), (34, TIMEOUT)), minutes=13),
    ),
    case(
        "smtp-minute",
        PROMOTE,
        "The mail server was away for half a minute, for both sides, and every newsletter since is delivered.",
        Scene(
            Log((Phase(MAILED, until=0.25), Phase(((20, MAILED), (80, SMTP)), until=0.29), Phase(MAILED))),
            Log((Phase(MAILED, until=0.22), Phase(((20, MAILED), (80, SMTP)), until=0.26), Phase(MAILED))),
            minutes=12,
            weight=35,
        ),
    ),
    case(
        "smtp-unloaded",
        NOT_PROMOTE,
        "Six of ten newsletters fail on the canary until its batch ends at half time; no later one shows that it heals.",
        Scene(MAILED, Log((Phase(((40, MAILED), (60, SMTP)), until=0.5), Phase(MAILED, rate=0)))),
    ),
    case(
        "pool-unloaded",
        NOT_PROMOTE,
        "The canary's entries are not posted for want of connections, until it is sent no more of them.",
        Scene(
            POSTED,
            Log((Phase(((45, POSTED), (55, HIKARI)), until=0.6), Phase(POSTED, rate=0))),
            every=((15.0, line(KAFKA, level="INFO", message="heartbeat sent (com.shop.ledger.Heartbeat)")),),
            weight=40,
        ),
    ),
    case(
        "pool-grows-worse",
        NOT_PROMOTE,
        "The canary runs out of connections bit by bit: no failure at first, nine of ten at the end.",
        Scene(
            POSTED,
            Log(
                (
                    Phase(POSTED, until=0.4),
                    Phase(((80, POSTED), (20, HIKARI)), until=0.6),
                    Phase(((50, POSTED), (50, HIKARI)), until=0.8),
                    Phase(((10, POSTED), (90, HIKARI))),
                )
            ),
            minutes=14,
        ),
    ),
)
