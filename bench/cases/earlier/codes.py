"""Codes other than HTTP's: grpc-java, Sidekiq, .NET workers, lib/pq, Kafka Connect, libuv, C++ return codes,
JSON summaries.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import line, ways
from cases.scene import Scene

case = partial(Case, family="codes", half="tuned")

GRPC = (
    "$time[%Y-%m-%d %H:%M:%S.%L]  INFO 1 --- [ault-executor-$int[0,9]] c.s.grpc.AccessLogInterceptor            :"
    " /rating.v2.RatingService/$pick[Rate|Explain] peer=/$ip:$int[30000,60000] status=$code elapsed=$ms[2,40]ms"
)
SIDEKIQ = (
    "pid=1 tid=$hex[4] class=$pick[MailJob|InvoiceJob] jid=$hex[24] INFO: start\n"
    "pid=1 tid=$hex[4] class=$pick[MailJob|InvoiceJob] jid=$hex[24] elapsed=$dec[0.02,0.9,3] INFO: $end"
)
WORKER = "info: Billing.Worker.Pump[0]\n      Cycle $seq[3300] finished: Success: $success, Failed: $failed, Skipped: $int[0,2]"
PQ = "$time[%Y/%m/%d %H:%M:%S] ledger: insert posting=$int[10000,99999] account=$int[100,999] $end"
CONNECT = (
    "[$comma] INFO [sink-orders|task-$int[0,2]] delivery of $int[40,200] records to partition $int[0,11]"
    " completed, status=$status (com.shop.connect.OrderSinkTask:118)"
)
NODE = "$iso push $pick[apns|fcm] device=$hex[16] errno=$code attempt=1"
CPP = "$time[%H:%M:%S.%f] [engine.cc:$int[310,312]] solve model=$int[1,40] rows=$int[900,2000] ret=$code"
IMPORTS = (
    '{"time":"$iso","event":"import.finished","file":"feed-$seq[9001].csv","records":$int[400,900],'
    '"status":"$status","duration_ms":$ms[200,1900]}'
)
AUDIT = '{"@timestamp":"$iso","action":"$pick[login|refresh|logout]","user":"u$int[1000,9999]","success":$success}'

CASES = (
    case(
        "grpc-java-deadline",
        NOT_PROMOTE,
        "A third of the canary's calls end with DEADLINE_EXCEEDED.",
        Scene(
            ways(GRPC, code={"OK": 99, "NOT_FOUND": 1}),
            ways(GRPC, code={"OK": 65, "NOT_FOUND": 1, "DEADLINE_EXCEEDED": 34}),
        ),
    ),
    case(
        "grpc-java-code-0",
        PROMOTE,
        "The canary writes the status by number, and 0 is OK.",
        Scene(ways(GRPC, code={"OK": 1}), ways(GRPC, code={"0": 1})),
    ),
    case(
        "grpc-numbers-14",
        NOT_PROMOTE,
        "Four of ten calls to the canary have status=14, which is UNAVAILABLE, where stable's have 0.",
        Scene(ways(GRPC, code={"0": 99, "5": 1}), ways(GRPC, code={"0": 59, "5": 1, "14": 40}), weight=40),
    ),
    case(
        "sidekiq-fail",
        ROLLBACK,
        "Half of the canary's jobs log fail where stable's log done, both at INFO.",
        Scene(
            ways(SIDEKIQ, end={"done": 99, "fail": 1}), ways(SIDEKIQ, end={"done": 50, "fail": 50}), rate=80
        ),
    ),
    case(
        "sidekiq-same-fails",
        PROMOTE,
        "Three jobs in a hundred fail on either side and are retried, as ever.",
        Scene(ways(SIDEKIQ, end={"done": 97, "fail": 3}), rate=120, weight=45),
    ),
    case(
        "worker-failed-counts",
        NOT_PROMOTE,
        "The canary's cycles have no success and dozens of failures, stable's the reverse.",
        Scene(
            ways(line(WORKER, failed="0"), success={"$int[30,60]": 1}),
            ways(line(WORKER, failed="$int[30,60]"), success={"0": 1}),
            rate=60,
        ),
    ),
    case(
        "worker-skips-nothing",
        PROMOTE,
        "Failed: 0 in each cycle; the canary's cycles are larger.",
        Scene(
            ways(line(WORKER, failed="0"), success={"$int[30,60]": 1}),
            ways(line(WORKER, failed="0"), success={"$int[70,99]": 1}),
            rate=60,
        ),
    ),
    case(
        "pq-40p01",
        NOT_PROMOTE,
        "A fifth of the canary's inserts end with SQLSTATE 40P01, a deadlock.",
        Scene(
            ways(PQ, end={"rows=1": 1}), ways(PQ, end={"rows=1": 78, "rows=0 sqlstate=40P01": 22}), rate=240
        ),
    ),
    case(
        "connect-failed",
        NOT_PROMOTE,
        "Seven of ten deliveries of the canary have status=FAILED, at INFO.",
        Scene(
            ways(CONNECT, status={"SUCCESS": 1}),
            ways(CONNECT, status={"SUCCESS": 30, "FAILED": 70}),
            minutes=8,
        ),
    ),
    case(
        "connect-partitions",
        PROMOTE,
        "The canary has other partitions; each delivery is a SUCCESS.",
        Scene(
            ways(CONNECT.replace("$int[0,11]", "$int[0,7]"), status={"SUCCESS": 1}),
            ways(CONNECT.replace("$int[0,11]", "$int[8,11]"), status={"SUCCESS": 1}),
        ),
    ),
    case(
        "errno-111",
        NOT_PROMOTE,
        "A third of the canary's pushes have errno=-111, connection refused.",
        Scene(ways(NODE, code={"0": 1}), ways(NODE, code={"0": 67, "-111": 33}), weight=15, rate=260),
    ),
    case(
        "errno-0-renamed",
        PROMOTE,
        "The field has another name, and still says 0, for success.",
        Scene(ways(NODE, code={"0": 1}), ways(NODE.replace("errno", "error_code"), code={"0": 1})),
    ),
    case(
        "cpp-ret-minus-22",
        NOT_PROMOTE,
        "Half of the canary's solves return -22 (EINVAL), stable's return 0.",
        Scene(ways(CPP, code={"0": 1}), ways(CPP, code={"0": 52, "-22": 48}), rate=100, minutes=15),
    ),
    case(
        "imports-partial-both",
        PROMOTE,
        "Some feeds are partial, at the same rate on both sides: suppliers send them so.",
        Scene(ways(IMPORTS, status={"ok": 92, "partial": 8}), weight=50),
    ),
    case(
        "audit-success-false",
        ROLLBACK,
        "Logins, refreshes and logouts: 55 of 100 have success false on the canary, 2 on stable.",
        Scene(ways(AUDIT, success={"true": 98, "false": 2}), ways(AUDIT, success={"true": 45, "false": 55})),
    ),
    case(
        "audit-new-action",
        PROMOTE,
        "A new action, passkey, is recorded with success true.",
        Scene(
            ways(AUDIT, success={"true": 98, "false": 2}),
            ways(AUDIT.replace("login|", "login|login|passkey|"), success={"true": 98, "false": 2}),
        ),
    ),
)
