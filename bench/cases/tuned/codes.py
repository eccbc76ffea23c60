"""Codes other than HTTP's: go-grpc-middleware, Python's subprocess, JDBC's SQLSTATE, batch summaries in
logfmt, shell jobs.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, ways
from cases.scene import Scene

case = partial(Case, family="codes", half="tuned")

GRPC = (
    '{"level":"info","ts":"$iso","caller":"logging/interceptors.go:202","msg":"finished call","protocol":"grpc",'
    '"grpc.component":"server","grpc.service":"shop.v1.Inventory","grpc.method":"$pick[Reserve|Release]",'
    '"grpc.method_type":"unary","peer.address":"$ip:$int[30000,60000]","grpc.code":"$code","grpc.time_ms":"$dec[1,30,3]"}'
)
RUNNER = "$comma INFO runner export-$int[1000,9999] for tenant $int[1,80] ended with exit code $code after $dec[0.4,6,1]s"
JDBC = "$time[%Y-%m-%dT%H:%M:%S.%LZ] [pool-2-thread-$int[1,8]] c.s.ledger.Writer - journal $int[10000,99999]: $end"
BATCH = 'time=$iso msg="batch done" batch=$seq[71200] source=$pick[eu|us|apac] $counts took=$go[90,900]'
CHECK = "$sql checkout[$int[10,99]]: order=$int[100000,999999] basket=$int[1,12] ok=$ok"
JOB = "[$sql] job=resize image=$hex[12] rc=$code"
POOL = "$sql - pool: active=$int[2,9] idle=$int[1,6] $more"

CASES = (
    case(
        "grpc-unavailable",
        NOT_PROMOTE,
        "Four of ten calls to the canary finish with grpc.code Unavailable, at level info.",
        Scene(
            ways(GRPC, code={"OK": 98, "NotFound": 2}),
            ways(GRPC, code={"OK": 58, "NotFound": 2, "Unavailable": 40}),
        ),
    ),
    case(
        "grpc-new-method",
        PROMOTE,
        "The canary has a method that stable lacks, ReserveMany, and its code is OK.",
        Scene(
            ways(GRPC, code={"OK": 97, "NotFound": 3}),
            (
                *ways(GRPC, code={"OK": 88, "NotFound": 3}),
                *ways(GRPC.replace("$pick[Reserve|Release]", "ReserveMany"), code={"OK": 9}),
            ),
        ),
    ),
    case(
        "exit-code-137",
        NOT_PROMOTE,
        "A third of the canary's exports end with exit code 137, that is killed, none of stable's.",
        Scene(ways(RUNNER, code={"0": 1}), ways(RUNNER, code={"0": 66, "137": 34}), rate=90, minutes=12),
    ),
    case(
        "exit-code-0",
        PROMOTE,
        "The exports take the same and all end with exit code 0; the canary adds one line of its own about each tenth.",
        Scene(
            ways(RUNNER, code={"0": 1}),
            added(
                ways(RUNNER, code={"0": 1}),
                (0.1, "$comma INFO runner checksum of export-$int[1000,9999] written, exit code 0"),
            ),
            rate=90,
        ),
    ),
    case(
        "sqlstate-42703",
        NOT_PROMOTE,
        "Half of the canary's writes end with SQLSTATE 42703, a column that is not there.",
        Scene(
            ways(JDBC, end={"written in $ms[2,30] ms": 1}),
            ways(JDBC, end={"written in $ms[2,30] ms": 50, "not written, SQLSTATE 42703": 50}),
        ),
    ),
    case(
        "sqlstate-00000",
        PROMOTE,
        "The canary writes the SQLSTATE beside each success, and 00000 is success.",
        Scene(
            ways(JDBC, end={"written in $ms[2,30] ms": 1}),
            ways(JDBC, end={"written in $ms[2,30] ms, SQLSTATE 00000": 1}),
        ),
    ),
    case(
        "batch-all-failed",
        NOT_PROMOTE,
        "Each batch of the canary has as many failed as it has records, stable's have none failed.",
        Scene(
            ways(BATCH, counts={"processed=$int[80,140] failed=0": 1}),
            ways(BATCH, counts={"processed=0 failed=$int[80,140]": 1}),
            rate=60,
        ),
    ),
    case(
        "batch-more-processed",
        PROMOTE,
        "The canary takes larger batches and none of their records fails.",
        Scene(
            ways(BATCH, counts={"processed=$int[80,140] failed=0": 1}),
            ways(BATCH, counts={"processed=$int[180,260] failed=0": 1}),
            rate=60,
        ),
    ),
    case(
        "checkout-ok-false",
        ROLLBACK,
        "Six of ten checkouts on the canary say ok=false.",
        Scene(
            ways(CHECK, ok={"true": 99, "false": 1}),
            ways(CHECK, ok={"true": 40, "false": 60}),
            weight=20,
            rate=220,
        ),
    ),
    case(
        "checkout-declines-both",
        PROMOTE,
        "One checkout in twenty says ok=false on either side, as cards are declined.",
        Scene(ways(CHECK, ok={"true": 95, "false": 5}), weight=40, rate=250),
    ),
    case(
        "rc-minus-one",
        NOT_PROMOTE,
        "A quarter of the canary's resizes return rc=-1 where all return 0 on stable.",
        Scene(ways(JOB, code={"0": 1}), ways(JOB, code={"0": 75, "-1": 25})),
    ),
    case(
        "pool-last-error-none",
        PROMOTE,
        "The new words of the pool's line, errors=0 and last error: none, say that nothing failed.",
        Scene(
            (
                (9, "$sql - served $pick[quote|rate] $int[1000,9999] in $ms[3,40] ms"),
                *ways(POOL, more={"waiting=0": 1}),
            ),
            Log(
                (
                    Phase(
                        (
                            (9, "$sql - served $pick[quote|rate] $int[1000,9999] in $ms[3,40] ms"),
                            *ways(POOL, more={"waiting=0 errors=0, last error: none": 1}),
                        )
                    ),
                ),
                start=("$sql - self test: 0/5 failed",),
            ),
        ),
    ),
)
