"""Transients: errors of a start or of a minute, after which the same work succeeds; and errors that only the
load's end ended.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Phase, line
from cases.scene import Scene

case = partial(Case, family="healed", half="tuned")

SLOG = "time=$iso level=$level msg=$message"
PLACED = line(SLOG, level="INFO", message='"order placed" order=$int[1000,99999] took=$go[5,60]')
REFUSED = line(
    SLOG,
    level="ERROR",
    message='"order not placed" order=$int[1000,99999] err="dial tcp $ip[10.43]:6379: connect: connection refused"',
)
SPRING = "$time[%Y-%m-%dT%H:%M:%S.%L]Z $level 1 --- [$thread] $message"
BOOKED = line(
    SPRING,
    level=" INFO",
    thread="nio-8080-exec-$int[1,9]",
    message="c.s.seats.Booking : seat $int[1,900] booked",
)
SEED = line(
    SPRING,
    level="ERROR",
    thread="           main",
    message='c.s.seats.Seeder : ERROR: relation "seats" already exists',
)
DJANGO = "[$time[%d/%b/%Y %H:%M:%S]] $level shop.cart $message"
ADDED = line(DJANGO, level="INFO", message="item $int[100,9999] added to cart $int[1000,99999]")
NO_DATABASE = (
    line(DJANGO, level="ERROR", message="database not reachable, trying again in 2 s")
    + '\ndjango.db.utils.OperationalError: connection to server at "db" ($ip[10.43]), port 5432 failed: Connection refused'
)
PINO = '{"level":$level,"time":$epochms,"pid":1,"hostname":"$pod","msg":"$message"}'
SENT = line(PINO, level="30", message="push sent to device $hex[8]")
UNSENT = line(
    PINO, level="50", message="push to device $hex[8] failed: getaddrinfo EAI_AGAIN push.example.com"
)

CASES = (
    case(
        "seeding-already-exists",
        PROMOTE,
        "The seeding finds its tables there, as on any second start; every seat is booked after that.",
        Scene(BOOKED, Log((Phase(BOOKED),), start=(SEED, SEED, SEED))),
    ),
    case(
        "database-not-up-yet",
        PROMOTE,
        "For the first eight seconds the sidecar to the database is not up; then all works.",
        Scene(
            ADDED,
            Log((Phase(ADDED),), at=((0.004, NO_DATABASE), (0.007, NO_DATABASE), (0.011, NO_DATABASE))),
            minutes=12,
        ),
    ),
    case(
        "redis-failover",
        PROMOTE,
        "Redis fails over for half a minute early in the window; the same orders are placed in the eight minutes since.",
        Scene(
            PLACED,
            Log((Phase(PLACED, until=0.12), Phase(((30, PLACED), (70, REFUSED)), until=0.16), Phase(PLACED))),
            minutes=12,
        ),
    ),
    case(
        "redis-on-and-on",
        NOT_PROMOTE,
        "Redis is refused in waves until the end of the window, on the canary alone.",
        Scene(
            PLACED,
            Log(
                tuple(
                    Phase(((40, PLACED), (60, REFUSED)) if wave % 2 else PLACED, until=(wave + 1) / 8)
                    for wave in range(8)
                )
            ),
            minutes=12,
        ),
    ),
    case(
        "dns-hiccup",
        PROMOTE,
        "Twenty seconds of DNS trouble on both sides at once, and none since.",
        Scene(
            Log((Phase(SENT, until=0.2), Phase(((50, SENT), (50, UNSENT)), until=0.23), Phase(SENT))),
            Log((Phase(SENT, until=0.19), Phase(((50, SENT), (50, UNSENT)), until=0.22), Phase(SENT))),
            weight=40,
        ),
    ),
    case(
        "unloaded-not-healed",
        NOT_PROMOTE,
        "Half of the canary's pushes fail for five minutes, then nothing is sent to it any more: nothing shows that it healed.",
        Scene(SENT, Log((Phase(((50, SENT), (50, UNSENT)), until=0.55), Phase(SENT, rate=0)))),
    ),
    case(
        "orders-unloaded",
        NOT_PROMOTE,
        "Orders fail until two thirds of the window, and then there are none of them.",
        Scene(
            PLACED,
            Log((Phase(((35, PLACED), (65, REFUSED)), until=0.66), Phase(PLACED, rate=0))),
            weight=30,
            every=((20.0, line(SLOG, level="INFO", message='"metrics flushed" series=$int[40,44]')),),
        ),
    ),
    case(
        "late-failures",
        NOT_PROMOTE,
        "The canary is well until two thirds of the window, and then half of its seats are not booked, to the end.",
        Scene(
            BOOKED,
            Log(
                (
                    Phase(BOOKED, until=0.66),
                    Phase(
                        (
                            (50, BOOKED),
                            (
                                50,
                                line(
                                    SPRING,
                                    level="ERROR",
                                    thread="nio-8080-exec-$int[1,9]",
                                    message="c.s.seats.Booking : seat $int[1,900] not booked: pool exhausted",
                                ),
                            ),
                        )
                    ),
                )
            ),
            minutes=15,
            rate=120,
        ),
    ),
)
