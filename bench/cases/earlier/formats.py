"""New formats: winston to pino, log15 to slog, Rails to lograge, logging's format, Serilog's template, a
key's name.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, line, ways
from cases.scene import Scene

case = partial(Case, family="formats", half="tuned")

WINSTON = "$iso [$level]: $message"
PINO = '{"level":$level,"time":$epochms,"pid":1,"hostname":"$pod","msg":"$message"}'
SEAT = "seat $int[1,900] held for session $hex[12]"
LOG15 = 't=$time[%Y-%m-%dT%H:%M:%S+0000] lvl=$level msg="$message" order=$int[1000,99999]'
SLOG = '{"time":"$time[%Y-%m-%dT%H:%M:%S.%f]Z","level":"$level","msg":"$message","order":$int[1000,99999]}'
RAILS = (
    'I, [$time[%Y-%m-%dT%H:%M:%S.%f] #1]  INFO -- : [$uuid] Started GET "/tickets/$int[1,999]" for $ip at $sql +0000\n'
    "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #1]  INFO -- : [$uuid] Processing by TicketsController#show as JSON\n"
    "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #1]  INFO -- : [$uuid] Completed 200 OK in $int[4,60]ms (Views: 0.3ms | ActiveRecord: 1.2ms)"
)
LOGRAGE = (
    "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #1]  INFO -- : [$uuid] method=GET path=/tickets/$int[1,999] format=json"
    " controller=TicketsController action=show status=$status duration=$int[4,60].$int[10,99] view=0.30 db=1.20"
)
PYTHON = "$comma - app.rank - INFO - ranked $int[10,90] documents for query $hex[6]"
PYTHON_SHORT = "INFO $time[%H:%M:%S] app.rank:$int[40,44] ranked $int[10,90] documents for query $hex[6]"
SERILOG = "[$time[%H:%M:%S] INF] Invoice $int[1000,99999] archived in $ms[4,90] ms"
SERILOG_LONG = "$time[%Y-%m-%d %H:%M:%S.%L] +00:00 [Information] (Archive.Worker/$pod/7) Invoice $int[1000,99999] archived in $ms[4,90] ms"
KEYED = '{"level":"info","ts":"$iso","message":"trip $int[1000,99999] billed"}'
QUARKUS = (
    "$comma INFO  [com.sho.rat.Rater] (executor-thread-$int[1,9]) rated trip $int[1000,99999] at $int[1,5]"
)

CASES = (
    case(
        "winston-to-pino",
        PROMOTE,
        "The same statement, now by pino with a level 30.",
        Scene(line(WINSTON, level="info", message=SEAT), line(PINO, level="30", message=SEAT)),
    ),
    case(
        "winston-to-pino-with-failures",
        NOT_PROMOTE,
        "pino's lines hold failures at level 50 for four seats of ten.",
        Scene(
            line(WINSTON, level="info", message=SEAT),
            (
                (60, line(PINO, level="30", message=SEAT)),
                (40, line(PINO, level="50", message="hold of seat $int[1,900] failed: lock lost")),
            ),
        ),
    ),
    case(
        "log15-to-slog",
        PROMOTE,
        "logfmt with short names becomes slog's JSON, statement by statement.",
        Scene(
            (
                (7, line(LOG15, level="info", message="order stored")),
                (3, line(LOG15, level="dbug", message="cache refreshed")),
            ),
            (
                (7, line(SLOG, level="INFO", message="order stored")),
                (3, line(SLOG, level="DEBUG", message="cache refreshed")),
            ),
            weight=40,
        ),
    ),
    case(
        "log15-to-slog-with-errors",
        NOT_PROMOTE,
        "In slog's JSON a third of the orders are not stored, at ERROR.",
        Scene(
            (
                (7, line(LOG15, level="info", message="order stored")),
                (3, line(LOG15, level="dbug", message="cache refreshed")),
            ),
            (
                (4, line(SLOG, level="INFO", message="order stored")),
                (3, line(SLOG, level="ERROR", message="order not stored: duplicate key")),
                (3, line(SLOG, level="DEBUG", message="cache refreshed")),
            ),
        ),
    ),
    case(
        "rails-to-lograge",
        PROMOTE,
        "lograge says in one line what Rails said in three; all requests are 200.",
        Scene(RAILS, ways(LOGRAGE, status={"200": 1}), rate=80),
    ),
    case(
        "rails-to-lograge-with-500",
        ROLLBACK,
        "In lograge's lines half of the requests have status=500, where Rails said 200 OK.",
        Scene(RAILS, ways(LOGRAGE, status={"200": 50, "500": 50}), rate=80),
    ),
    case(
        "logging-format-shorter",
        PROMOTE,
        "Python's logging has another format string.",
        Scene(PYTHON, PYTHON_SHORT, minutes=6),
    ),
    case(
        "serilog-template-longer",
        PROMOTE,
        "Serilog's output template shows more of each event.",
        Scene(SERILOG, SERILOG_LONG),
    ),
    case(
        "level-key-renamed",
        PROMOTE,
        "The key level is named severity now, and its value is as before.",
        Scene(KEYED, KEYED.replace('"level"', '"severity"'), weight=50),
    ),
    case(
        "quarkus-banner",
        PROMOTE,
        "A new framework version greets with its banner and features, and rates trips as before.",
        Scene(
            QUARKUS,
            Log(
                (Phase(QUARKUS),),
                start=(
                    "__  ____  __  _____   ___  __ ____  ______ \n --/ __ \\/ / / / _ | / _ \\/ //_/ / / / __/ \n"
                    " -/ /_/ / /_/ / __ |/ , _/ ,< / /_/ /\\ \\   \n--\\___\\_\\____/_/ |_/_/|_/_/|_|\\____/___/   ",
                    "$comma INFO  [io.quarkus] (main) rater 3.1.0 on JVM (powered by Quarkus 3.15.1) started in 1.902s.",
                    "$comma INFO  [io.quarkus] (main) Profile prod activated.",
                    "$comma INFO  [io.quarkus] (main) Installed features: [cdi, jdbc-postgresql, micrometer, rest, smallrye-health]",
                ),
            ),
        ),
    ),
)
