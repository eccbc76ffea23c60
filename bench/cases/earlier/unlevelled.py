"""Failures at WARN or without a level: MySQL through Hibernate, Puma, Rust, Erlang, asyncio, .NET, Dart,
Perl.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="unlevelled", half="tuned")

HIBERNATE = "$comma $level [o.h.e.jdbc.spi.SqlExceptionHelper] (executor-thread-$int[1,20]) $message"
STORED = "$comma INFO  [c.s.stock.Mover] (executor-thread-$int[1,20]) move $int[1000,9999] stored"
PUMA = '$ip - - [$clf] "GET /seats/$int[1,900] HTTP/1.1" 200 - 0.00$int[10,99]'
RUST = "$time[%Y-%m-%dT%H:%M:%S.%f]Z quote id=$int[1000,9999] priced cents=$int[100,9000]"
PANICKED = (
    "thread 'tokio-runtime-worker' panicked at src/price.rs:$int[117,118]:34:\n"
    "called `Option::unwrap()` on a `None` value\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"
)
ERLANG = "$time[%H:%M:%S.%L] session $hex[10] joined room $int[1,90]"
CRASH = (
    "$time[%H:%M:%S.%L] GenServer #PID<0.$int[400,9000].0> terminating\n"
    "** (FunctionClauseError) no function clause matching in Chat.Room.handle_info/2\n    (chat 2.1.0) lib/chat/room.ex:$int[61,62]: "
    "Chat.Room.handle_info(:tick, nil)\nLast message: :tick"
)
ASYNCIO = "$sql embed: batch of $int[4,32] texts in $ms[30,200] ms"
NEVER = (
    "Task exception was never retrieved\nfuture: <Task finished name='Task-$int[100,99999]' coro=<embed() done, defined at"
    " /app/embed.py:44> exception=RuntimeError('CUDA error: an illegal memory access was encountered')>\n"
    "RuntimeError: CUDA error: an illegal memory access was encountered"
)
DOTNET = "$time[%H:%M:%S] tariff $int[1,400] applied to meter $int[1000,9999]"
UNOBSERVED = (
    "System.AggregateException: A Task's exception(s) were not observed either by Waiting on the Task or accessing its Exception"
    " property. (Object reference not set to an instance of an object.)\n"
    " ---> System.NullReferenceException: Object reference not set to an instance of an object.\n"
    "   at Tariffs.Apply(Meter meter) in /src/Tariffs.cs:line $int[88,89]"
)
PERL = "[$time[%a %b %d %H:%M:%S %Y]] feed.pl: exported $int[100,900] rows to slot $int[1,40]"
READ_ONLY = "[$time[%a %b %d %H:%M:%S %Y]] feed.pl: cannot open /data/slot-$int[1,40].csv: Read-only file system at feed.pl line 88."
KAFKA = "[$comma] $level [Consumer clientId=consumer-points-1, groupId=points] $message (org.apache.kafka.clients.consumer)"
POLLED = "[$comma] INFO credited $int[5,90] points to card $int[10000,99999] (com.shop.points.Credit)"

CASES = (
    case(
        "hibernate-deadlock",
        NOT_PROMOTE,
        "A quarter of the canary's moves are lost to deadlocks, told at WARN and by MySQL's words.",
        Scene(
            STORED,
            (
                (75, STORED),
                (
                    25,
                    line(HIBERNATE, level="WARN ", message="SQL Error: 1213, SQLState: 40001")
                    + "\n"
                    + line(
                        HIBERNATE,
                        level="WARN ",
                        message="Deadlock found when trying to get lock; try restarting transaction",
                    ),
                ),
            ),
        ),
    ),
    case(
        "hibernate-deprecated-dialect",
        PROMOTE,
        "Hibernate names a deprecated dialect twice at the start.",
        Scene(
            STORED,
            Log(
                (Phase(STORED),),
                start=(
                    "$comma WARN  [org.hibernate.orm.deprecation] (main) HHH90000025: MySQLDialect does not need to be specified"
                    " explicitly using 'hibernate.dialect'",
                    "$comma INFO  [io.quarkus] (main) stock 2.0.1 on JVM started in 2.114s. Listening on: http://0.0.0.0:8080",
                ),
            ),
        ),
    ),
    case(
        "puma-sigkill",
        ROLLBACK,
        "Puma's workers on the canary are terminated and booted again all the time.",
        Scene(
            PUMA,
            added(
                PUMA,
                (
                    0.1,
                    "[1] ! Terminating timed out worker (worker failed to check in within 60 seconds): $int[8,90]\n"
                    "[1] - Worker $int[0,3] (PID: $int[91,400]) booted in 1.$int[1,9]s, phase: 0",
                ),
            ),
            weight=30,
        ),
    ),
    case(
        "puma-boots",
        PROMOTE,
        "Puma says how it starts, with its worker warnings, and serves.",
        Scene(
            PUMA,
            start=(
                "[1] Puma starting in cluster mode...",
                "[1] * Puma version: 6.4.2 (ruby 3.3.4-p94)",
                "[1] * Workers: 2",
                "[1] ! WARNING: Detected `RAILS_MAX_THREADS=16`, more than 5 threads rarely help on MRI",
                "[1] - Worker $int[0,1] (PID: $int[10,20]) booted in 0.81s, phase: 0",
            ),
        ),
    ),
    case(
        "rust-panicked",
        ROLLBACK,
        "A third of the canary's quotes end in a panic of a tokio worker, which the runtime survives.",
        Scene(RUST, ((66, RUST), (34, PANICKED)), minutes=7),
    ),
    case(
        "rust-slow-consumer",
        PROMOTE,
        "Lagging subscribers skip a few ticks on either side at the same rate.",
        Scene(
            added(
                RUST,
                (0.04, "$time[%Y-%m-%dT%H:%M:%S.%f]Z subscriber $int[1,90] lagged, $int[1,9] ticks skipped"),
            ),
            weight=50,
        ),
    ),
    case(
        "genserver-terminating",
        ROLLBACK,
        "GenServers of the canary terminate for a quarter of the sessions.",
        Scene(ERLANG, ((74, ERLANG), (26, CRASH)), rate=120),
    ),
    case(
        "erlang-net-split-config",
        PROMOTE,
        "At the start Erlang notes that no cookie file was there and made one; sessions join as before.",
        Scene(
            ERLANG,
            Log(
                (Phase(ERLANG),),
                start=(
                    "$time[%H:%M:%S.%L] warning: cookie file /root/.erlang.cookie was absent, a new one is used",
                ),
            ),
        ),
    ),
    case(
        "task-never-retrieved",
        ROLLBACK,
        "Four of ten batches of the canary end in an exception that nobody retrieved, from CUDA.",
        Scene(ASYNCIO, ((60, ASYNCIO), (40, NEVER)), rate=90, weight=50, pods=(2, 2)),
    ),
    case(
        "tokenizers-parallelism-once",
        PROMOTE,
        "A library's advice on forking is printed once for each pod.",
        Scene(
            ASYNCIO,
            Log(
                (Phase(ASYNCIO),),
                at=(
                    (
                        0.02,
                        "huggingface/tokenizers: The current process just got forked, after parallelism has already been used."
                        " Disabling parallelism to avoid deadlocks...",
                    ),
                ),
            ),
            pods=(3, 2),
            weight=40,
        ),
    ),
    case(
        "dotnet-unobserved",
        ROLLBACK,
        "Half of the canary's tariffs end in an exception that no task observed.",
        Scene(DOTNET, ((50, DOTNET), (50, UNOBSERVED)), weight=15, rate=240),
    ),
    case(
        "perl-die",
        NOT_PROMOTE,
        "A third of the canary's exports die: the file system is read-only.",
        Scene(
            PERL,
            (
                (67, PERL),
                (33, READ_ONLY),
            ),
        ),
    ),
    case(
        "kafka-rebalance-warn",
        PROMOTE,
        "Joining the group makes one rebalance, at WARN, when the canary starts; all is consumed then.",
        Scene(
            POLLED,
            Log(
                (Phase(POLLED),),
                start=(
                    line(KAFKA, level="INFO", message="Subscribed to topic(s): points"),
                    line(
                        KAFKA,
                        level="WARN",
                        message="Request joining group due to: group is already rebalancing",
                    ),
                    line(
                        KAFKA,
                        level="INFO",
                        message="Successfully joined group with generation Generation{generationId=41}",
                    ),
                ),
            ),
        ),
    ),
    case(
        "kafka-retries-succeed",
        PROMOTE,
        "One fetch in thirty is retried after a disconnect, on both sides, and succeeds.",
        Scene(
            added(
                POLLED,
                (0.033, line(KAFKA, level="WARN", message="Node $int[1,3] disconnected, fetch is retried")),
            ),
            weight=45,
        ),
    ),
)
