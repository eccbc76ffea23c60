"""Measures in the log: ASP.NET's time spans, PostgreSQL, Redis, Flink, vLLM, Prisma, Oban, NATS."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import climbing, ways
from cases.scene import Scene

case = partial(Case, family="measures", half="tuned")

SPAN = "$sql [Information] Hangfire.Worker: job $int[1000,99999] processed, duration $took"
POSTGRES = (
    "$time[%Y-%m-%d %H:%M:%S.%L] UTC [$int[20,90]] app@orders LOG:  duration: $took ms  execute <unnamed>: SELECT * FROM"
    " lines WHERE order_id = $$1"
)
FLINK = (
    "$comma INFO  org.apache.flink.runtime.checkpoint.CheckpointCoordinator [] - Completed checkpoint $seq[812] for job"
    " $hex[32] ($int[9000,90000] bytes, checkpointDuration=$took ms, finalizationTime=$int[1,9] ms)."
)
VLLM = (
    "INFO $time[%m-%d %H:%M:%S] metrics.py:$int[450,452] Avg prompt throughput: $dec[90,200,1] tokens/s, Avg generation"
    " throughput: $dec[300,500,1] tokens/s, Running: $int[3,9] reqs, Swapped: 0 reqs, Pending: $pending reqs, GPU KV cache"
    " usage: $int[20,60].$int[0,9]%"
)
PRISMA = "prisma:query $iso SELECT id, title FROM books WHERE shelf = $int[1,900] +$took"
NATS = "[1] $time[%Y/%m/%d %H:%M:%S].$int[100000,999999] [INF] consumer STOCK.moves: delivered=$seq[88100] ack_pending=$pending redelivered=0"
CLOCK = "$time[%H:%M:%S] import of catalogue $int[1,40] took $took"

CASES = (
    case(
        "hangfire-time-span",
        NOT_PROMOTE,
        "The canary's jobs take 11 seconds, stable's 30 ms, written as .NET's TimeSpan.",
        Scene(
            ways(SPAN, took={"00:00:00.0$int[20,45]$int[1000,9999]": 1}),
            ways(SPAN, took={"00:00:1$int[0,3].$int[100,999]$int[1000,9999]": 1}),
            rate=90,
        ),
    ),
    case(
        "hangfire-time-span-jitter",
        PROMOTE,
        "A quarter slower is within what stable shows.",
        Scene(
            ways(SPAN, took={"00:00:00.0$int[20,75]$int[1000,9999]": 1}),
            ways(SPAN, took={"00:00:00.0$int[25,90]$int[1000,9999]": 1}),
            rate=90,
        ),
    ),
    case(
        "postgres-slow-query",
        NOT_PROMOTE,
        "A query of 4 ms takes 900 ms from the canary.",
        Scene(
            ways(POSTGRES, took={"$dec[2,9,3]": 1}), ways(POSTGRES, took={"$int[700,1400].$int[100,999]": 1})
        ),
    ),
    case(
        "postgres-even",
        PROMOTE,
        "The query takes as long as before, with a long tail on both sides.",
        Scene(ways(POSTGRES, took={"$dec[2,90,3]": 1}), weight=40),
    ),
    case(
        "flink-checkpoints-100x",
        NOT_PROMOTE,
        "The canary's checkpoints take a minute, stable's half a second.",
        Scene(ways(FLINK, took={"$int[300,700]": 1}), ways(FLINK, took={"$int[40000,70000]": 1}), rate=40),
    ),
    case(
        "flink-larger-state",
        PROMOTE,
        "The canary's state is twice as large, and its checkpoints take as long as before.",
        Scene(
            ways(FLINK, took={"$int[300,700]": 1}),
            ways(FLINK.replace("9000,90000", "18000,180000"), took={"$int[310,720]": 1}),
            rate=40,
        ),
    ),
    case(
        "vllm-pending-grows",
        NOT_PROMOTE,
        "Requests pile up on the canary: more and more are pending, where stable has none or two.",
        Scene(
            ways(VLLM, pending={"$int[0,2]": 1}),
            climbing(
                VLLM,
                pending=("$int[10,30]", "$int[60,90]", "$int[140,190]", "$int[220,290]", "$int[300,390]"),
            ),
            rate=60,
            weight=40,
        ),
    ),
    case(
        "vllm-other-throughput",
        PROMOTE,
        "The canary generates more tokens a second, and none wait.",
        Scene(
            ways(VLLM, pending={"$int[0,2]": 1}),
            ways(VLLM.replace("300,500,1", "600,900,1"), pending={"$int[0,2]": 1}),
            rate=60,
            weight=40,
        ),
    ),
    case(
        "prisma-plus-ms",
        NOT_PROMOTE,
        "Queries of 3 ms take seconds on the canary.",
        Scene(ways(PRISMA, took={"$int[1,9]ms": 1}), ways(PRISMA, took={"$int[2000,5000]ms": 1})),
    ),
    case(
        "nats-delivered-counts-on",
        PROMOTE,
        "A counter that grows all the time stands higher on the canary, and as little is pending.",
        Scene(
            ways(NATS, pending={"$int[0,9]": 1}),
            ways(NATS.replace("$seq[88100]", "$seq[4288100]"), pending={"$int[0,9]": 1}),
        ),
    ),
    case(
        "clock-minutes",
        NOT_PROMOTE,
        "An import that takes two seconds takes eleven minutes on the canary, written as a clock's time.",
        Scene(
            ways(CLOCK, took={"0:00:0$int[1,3]": 1}),
            ways(CLOCK, took={"0:1$int[0,2]:$int[10,59]": 1}),
            rate=60,
        ),
    ),
    case(
        "clock-start-times",
        PROMOTE,
        "A time of day in the line is later on the canary as it imports in the evening, and is no duration.",
        Scene(
            "$sql import of catalogue $int[1,40] done, next run at 09:$int[10,50]:00",
            "$sql import of catalogue $int[1,40] done, next run at 21:$int[10,50]:00",
            rate=60,
        ),
    ),
)
