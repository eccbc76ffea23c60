"""Measures in the log: Go durations, nginx request_time, Node's text, queue depth, consumer lag, attempts,
counters.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import climbing, line, ways
from cases.scene import Scene

case = partial(Case, family="measures", half="tuned")

SLOG = 'time=$iso level=INFO msg="order priced" order=$int[10000,99999] lines=$int[1,30] took=$took'
NGINX = '$ip - - [$clf] "GET /tiles/$int[1,18]/$int[0,999].png HTTP/1.1" 200 $bytes "-" "Mapbox/11.6" rt=$rt uct=0.001'
NODE = "$iso info: quote $hex[8] computed in $took"
QUEUE = "$comma INFO  [scheduler-1] outbox: published $int[20,60] events, queue depth $depth"
LAG = '{"level":"info","time":"$iso","msg":"poll","topic":"payments","partition":$int[0,5],"records":$int[1,40],"lag":$lag}'
CALL = "$comma INFO tax.client call to vat service done in $ms[8,60] ms, attempts=$attempts"
TICK = "$sql stats: uptime=$uptime[]s handled=$handled rss=$int[180,220]MiB"
DONE = "$sql request $hex[8] done in $ms[9,48] ms"


CASES = (
    case(
        "go-duration-480x",
        NOT_PROMOTE,
        "Pricing takes 12 s on the canary and 25 ms on stable.",
        Scene(ways(SLOG, took={"$go[18,40]": 1}), ways(SLOG, took={"$go[9800,14000]": 1})),
    ),
    case(
        "go-duration-jitter",
        PROMOTE,
        "A fifth more time for pricing, with a wide spread on both sides, is jitter.",
        Scene(ways(SLOG, took={"$go[8,90]": 1}), ways(SLOG, took={"$go[10,105]": 1})),
    ),
    case(
        "nginx-request-time",
        NOT_PROMOTE,
        "nginx measures rt=11 s for what takes 30 ms on stable.",
        Scene(
            ways(line(NGINX, bytes="$int[900,9000]"), rt={"0.0$int[10,60]": 1}),
            ways(line(NGINX, bytes="$int[900,9000]"), rt={"$int[9,13].$int[100,999]": 1}),
        ),
    ),
    case(
        "nginx-bigger-answers",
        PROMOTE,
        "Tiles are three times as large, as they have a higher resolution, and take as long as before.",
        Scene(
            ways(line(NGINX, bytes="$int[900,9000]"), rt={"0.0$int[10,60]": 1}),
            ways(line(NGINX, bytes="$int[2900,27000]"), rt={"0.0$int[10,60]": 1}),
        ),
    ),
    case(
        "node-half-slow",
        NOT_PROMOTE,
        "Half of the canary's quotes take 8 to 12 seconds, all of stable's below 60 ms.",
        Scene(
            ways(NODE, took={"$ms[12,60]ms": 1}),
            ways(NODE, took={"$ms[12,60]ms": 50, "$int[8000,12500]ms": 50}),
            weight=20,
            rate=220,
        ),
    ),
    case(
        "node-unit-seconds",
        PROMOTE,
        "The same durations, written in seconds by the canary.",
        Scene(ways(NODE, took={"$ms[12,60]ms": 1}), ways(NODE, took={"0.0$int[12,60]s": 1})),
    ),
    case(
        "queue-depth-grows",
        NOT_PROMOTE,
        "The canary's outbox grows from tens to 30,000 within the window, stable's stays at tens.",
        Scene(
            line(QUEUE, depth="$int[4,40]"),
            climbing(
                QUEUE, depth=("$int[20,90]", "$int[2000,5000]", "$int[9000,14000]", "$int[19000,31000]")
            ),
            rate=90,
            minutes=12,
        ),
    ),
    case(
        "queue-depth-breathes",
        PROMOTE,
        "Both queues breathe between 0 and 90, and are worked off.",
        Scene(line(QUEUE, depth="$int[0,80]"), line(QUEUE, depth="$int[0,90]"), rate=90, minutes=12),
    ),
    case(
        "lag-grows",
        NOT_PROMOTE,
        "The canary's partitions lag by up to 90,000 records, stable's by a few.",
        Scene(
            line(LAG, lag="$int[0,12]"),
            climbing(LAG, lag=("$int[0,40]", "$int[9000,16000]", "$int[30000,45000]", "$int[70000,90000]")),
        ),
    ),
    case(
        "attempts-five",
        NOT_PROMOTE,
        "Each call of the canary needs five or six attempts, one is enough on stable.",
        Scene(ways(CALL, attempts={"1": 97, "2": 3}), ways(CALL, attempts={"5": 50, "6": 50})),
    ),
    case(
        "attempts-alike",
        PROMOTE,
        "A second attempt is needed as rarely on the canary as on stable.",
        Scene(ways(CALL, attempts={"1": 96, "2": 4}), ways(CALL, attempts={"1": 95, "2": 5}), weight=40),
    ),
    case(
        "uptime-and-totals",
        PROMOTE,
        "Uptime and totals are small on the canary because it has just started.",
        Scene(
            ((5, DONE), (1, line(TICK, handled="$seq[5820000,40]"))),
            ((5, DONE), (1, line(TICK, handled="$seq[40,40]"))),
        ),
    ),
)
