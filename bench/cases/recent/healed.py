"""Transients of a start or a minute: a feature service, Vault's lease, a cache's warm-up, a leader's election, a
rolled secret; and those that only seem to have passed.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Phase, line
from cases.scene import Scene

case = partial(Case, family="healed", half="tuned")

LOG = "$time[%Y-%m-%d %H:%M:%S.%L] $level [offer-$int[1,6]] $message"
OFFERED = line(LOG, level="INFO ", message="offer $int[1000,99999] made to visitor $hex[8]")
NO_FLAGS = line(
    LOG, level="ERROR", message="feature flags not loaded: UNAVAILABLE: io exception, $ip[10.43]:8013"
)
SLOG = '{"time":"$iso","level":"$level","msg":"$message","lease":"$hex[10]"}'
READ = line(SLOG, level="INFO", message="secret read for tenant $int[1,90]")
DENIED = line(
    SLOG, level="ERROR", message="secret not read for tenant $int[1,90]: permission denied, token is expired"
)
SCALA = "[$level] [$time[%m/%d/%Y %H:%M:%S.%L]] [market-akka.actor.default-dispatcher-$int[3,9]] [akka://market/user/book] $message"
MATCHED = line(SCALA, level="INFO", message="trade $int[1000,99999] matched")
ELECTION = line(
    SCALA, level="ERROR", message="Ask timed out on [Actor[akka://market/system/sharding]] after [5000 ms]"
)
RUST = "$iso $level notify::sms: $message"
SENT = line(RUST, level=" INFO", message="sms to +49151$int[1000000,9999999] accepted by gateway")
LIMITED = line(
    RUST, level="ERROR", message="sms to +49151$int[1000000,9999999] refused by gateway: too many requests"
)
EXISTS = line(RUST, level="ERROR", message='migration 0042 skipped: table "outbox" already exists')

CASES = (
    case(
        "flags-late",
        PROMOTE,
        "For six seconds the flags' service is not there; then every offer is made.",
        Scene(
            OFFERED,
            Log((Phase(OFFERED),), at=((0.003, NO_FLAGS), (0.006, NO_FLAGS), (0.009, NO_FLAGS))),
            minutes=12,
        ),
    ),
    case(
        "flags-never",
        NOT_PROMOTE,
        "The flags are not loaded from the start to the end, each ten seconds, and two of five offers fail for it.",
        Scene(OFFERED, ((60, OFFERED), (40, NO_FLAGS))),
    ),
    case(
        "lease-expired-and-renewed",
        PROMOTE,
        "A lease was renewed a minute late in the second minute; eight minutes of reads since are without an error.",
        Scene(
            READ,
            Log((Phase(READ, until=0.1), Phase(((40, READ), (60, DENIED)), until=0.17), Phase(READ))),
            minutes=12,
        ),
    ),
    case(
        "lease-expires-in-the-end",
        NOT_PROMOTE,
        "In the last third of the window the canary's token is expired and most reads are denied.",
        Scene(READ, Log((Phase(READ, until=0.68), Phase(((25, READ), (75, DENIED))))), minutes=12),
    ),
    case(
        "election-on-both",
        PROMOTE,
        "Both sides ask in vain for half a minute while a leader is elected, and trade on.",
        Scene(
            Log(
                (
                    Phase(MATCHED, until=0.3),
                    Phase(((50, MATCHED), (50, ELECTION)), until=0.34),
                    Phase(MATCHED),
                )
            ),
            Log(
                (
                    Phase(MATCHED, until=0.3),
                    Phase(((50, MATCHED), (50, ELECTION)), until=0.34),
                    Phase(MATCHED),
                )
            ),
            weight=40,
        ),
    ),
    case(
        "election-again-and-again",
        NOT_PROMOTE,
        "The canary's shards ask in vain every second minute until the end, stable's never do.",
        Scene(
            MATCHED,
            Log(
                tuple(
                    Phase(((45, MATCHED), (55, ELECTION)) if wave % 2 else MATCHED, until=(wave + 1) / 6)
                    for wave in range(6)
                )
            ),
            minutes=12,
        ),
    ),
    case(
        "gateway-refuses-then-no-work",
        NOT_PROMOTE,
        "The gateway refuses half of the canary's messages, and after 60 % of the window none is sent any more.",
        Scene(SENT, Log((Phase(((50, SENT), (50, LIMITED)), until=0.6), Phase(SENT, rate=0)))),
    ),
    case(
        "gateway-refused-for-a-minute",
        PROMOTE,
        "The gateway refuses some messages in the third minute, on both sides, and none since.",
        Scene(
            Log((Phase(SENT, until=0.22), Phase(((60, SENT), (40, LIMITED)), until=0.28), Phase(SENT))),
            Log((Phase(SENT, until=0.22), Phase(((60, SENT), (40, LIMITED)), until=0.28), Phase(SENT))),
            weight=40,
        ),
    ),
    case(
        "migration-exists",
        PROMOTE,
        "The migration finds its table there, as on every second start; messages are sent from then on.",
        Scene(SENT, Log((Phase(SENT),), start=(EXISTS,))),
    ),
    case(
        "warm-up-slow-minute",
        PROMOTE,
        "A few offers of the first twenty seconds are answered from an empty cache, at WARN, and none since.",
        Scene(
            OFFERED,
            Log(
                (
                    Phase(
                        (
                            (70, OFFERED),
                            (
                                30,
                                line(
                                    LOG,
                                    level="WARN ",
                                    message="offer cache is cold, loading segment $int[1,40]",
                                ),
                            ),
                        ),
                        until=0.03,
                    ),
                    Phase(OFFERED),
                )
            ),
            minutes=12,
        ),
    ),
)
