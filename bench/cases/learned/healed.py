"""Transients: Elasticsearch's shards at a start, a Redis Sentinel failover, a MongoDB election, a Kafka consumer that joins."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, line
from cases.scene import Scene

case = partial(Case, family="healed", half="tuned")

INDEXER = "[$time[%Y-%m-%dT%H:%M:%S,%L]][$level][c.s.index.Indexer      ] [$pod] $message"
INDEXED = line(
    INDEXER,
    level="INFO ",
    message="bulk of $int[200,500] documents indexed into products-v$int[7,8] in $ms[20,190]ms",
)
REFRESHED = line(INDEXER, level="INFO ", message="refresh of products took $ms[5,60]ms")
SHARDS = line(
    INDEXER,
    level="ERROR",
    message="search_phase_execution_exception: all shards failed, status 503, index products-v8",
)
RUBY = "$letter, [$time[%Y-%m-%dT%H:%M:%S].$int[100000,999999] #1] $word -- : $message"
SESSION = line(RUBY, letter="I", word=" INFO", message="session $hex[8] renewed ttl=$int[900,1800]")
LOGIN = line(RUBY, letter="I", word=" INFO", message="login of member $int[1000,99999]")
READONLY = line(
    RUBY,
    letter="E",
    word="ERROR",
    message="Redis::CommandError: READONLY You can't write against a read only replica. (session $hex[8])",
)
MONGO = '{"level":"$level","time":"$iso","msg":"$message","service":"profiles"}'
SAVED = line(MONGO, level="info", message="profile $hex[12] saved")
LOADED = line(MONGO, level="info", message="profile $hex[12] loaded from primary")
NO_PRIMARY = line(
    MONGO,
    level="error",
    message="profile $hex[12] not saved: NotWritablePrimary: node is not in primary or recovering state",
)
FARADAY: Mix = (
    (50, "$sql I consumer: invoice $int[10000,99999] booked, offset $seq[40100]"),
    (10, "$sql I consumer: poll returned $int[1,40] records"),
)
NO_COORDINATOR = "$sql E consumer: fetch offsets: [16] Not Coordinator For Group, group billing"
UNKNOWN_TOPIC = (
    "$sql E consumer: [3] Unknown Topic Or Partition: invoices.retry, cannot book invoice $int[10000,99999]"
)
INDEX: Mix = ((60, INDEXED), (20, REFRESHED))
SESSIONS: Mix = ((60, SESSION), (20, LOGIN))
PROFILES: Mix = ((50, SAVED), (40, LOADED))

CASES = (
    case(
        "elastic-shards-at-start",
        PROMOTE,
        (
            "Five searches met shards that were not assigned yet in the canary's first seconds; nothing"
            " since, and all bulks are indexed."
        ),
        Scene(INDEX, Log((Phase(INDEX),), start=(SHARDS,) * 5), rate=120, weight=20),
    ),
    case(
        "elastic-shards-all-along",
        ROLLBACK,
        (
            "The canary searches an index whose shards fail, in a third of its work, from the first minute"
            " to the last."
        ),
        Scene(INDEX, ((45, INDEXED), (20, REFRESHED), (30, SHARDS)), rate=120, weight=35, minutes=8),
    ),
    case(
        "sentinel-failover",
        PROMOTE,
        (
            "For twenty seconds in the second minute both sides wrote to the old master; sessions have"
            " been renewed ever since."
        ),
        Scene(
            Log(
                (
                    Phase(SESSIONS, until=0.15),
                    Phase(((50, SESSION), (50, READONLY)), until=0.18),
                    Phase(SESSIONS),
                )
            ),
            Log(
                (
                    Phase(SESSIONS, until=0.15),
                    Phase(((45, SESSION), (55, READONLY)), until=0.18),
                    Phase(SESSIONS),
                )
            ),
            weight=30,
        ),
    ),
    case(
        "sentinel-old-master-kept",
        ROLLBACK,
        (
            "The canary keeps its connection to the old master: from the second minute on every renewal is"
            " refused, stable's succeed."
        ),
        Scene(
            SESSIONS,
            Log((Phase(SESSIONS, until=0.15), Phase(((60, READONLY), (20, LOGIN))))),
            weight=30,
            rate=100,
        ),
    ),
    case(
        "mongo-election",
        PROMOTE,
        (
            "An election a third into the window fails a dozen of the canary's saves; the hundreds after"
            " it are written."
        ),
        Scene(
            PROFILES,
            Log(
                (
                    Phase(PROFILES, until=0.32),
                    Phase(((40, SAVED), (30, NO_PRIMARY), (30, LOADED)), until=0.37),
                    Phase(PROFILES),
                )
            ),
            minutes=12,
            weight=40,
        ),
    ),
    case(
        "mongo-saves-only-before",
        NOT_PROMOTE,
        "After the errors only reads are logged: no profile was saved again, so it has not healed.",
        Scene(
            PROFILES,
            Log(
                (
                    Phase(PROFILES, until=0.4),
                    Phase(((50, NO_PRIMARY), (40, LOADED)), until=0.6),
                    Phase(LOADED, rate=0.45),
                )
            ),
            minutes=12,
            weight=40,
        ),
    ),
    case(
        "kafka-not-coordinator",
        PROMOTE,
        (
            "The group's coordinator moves as the canary joins: three errors in its first half minute,"
            " then it books all along."
        ),
        Scene(
            FARADAY,
            Log(
                (Phase(FARADAY),), at=((0.01, NO_COORDINATOR), (0.02, NO_COORDINATOR), (0.04, NO_COORDINATOR))
            ),
            weight=50,
            pods=(2, 2),
            rate=90,
        ),
    ),
    case(
        "kafka-unknown-topic-comes-back",
        NOT_PROMOTE,
        (
            "Each two minutes a burst of invoices cannot be booked since the canary's retry topic is"
            " unknown; the last burst is at the end."
        ),
        Scene(
            FARADAY,
            Log(
                tuple(
                    Phase(
                        ((15, FARADAY[0][1]), (45, UNKNOWN_TOPIC)) if n % 2 else FARADAY, until=(n + 1) / 10
                    )
                    for n in range(10)
                )
            ),
            weight=50,
            pods=(2, 2),
        ),
    ),
)
