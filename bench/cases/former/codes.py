"""Codes other than HTTP's: tonic, PostgreSQL, Oracle, MQTT, SMTP, systemd, Redis, Temporal, TFTP-like returns, Airflow."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import line, ways
from cases.scene import Scene

case = partial(Case, family="codes", half="tuned")

TONIC = (
    "$time[%Y-%m-%dT%H:%M:%S.%f]Z  INFO request{method=POST uri=/geo.v1.Geo/Locate}: geo::server: finished processing"
    " request latency=$int[2,40] ms grpc_status=$code"
)
ORACLE = "$sql [pool-3-thread-$int[1,9]] posting $int[10000,99999] of batch $int[1,90]: $end"
SMTP = (
    "$time[%b %d %H:%M:%S] mx-1 postfix/smtp[$int[100,900]]: $hex[10]: to=<u$int[1,900]@mail.example>,"
    " relay=in.mail.example[$ip]:25, delay=$dec[0.2,4,2], delays=0.1/0/0.2/0.3, dsn=$dsn"
)
DRIVER = "$time[%H:%M:%S.%f] dma: transfer chan=$int[0,7] len=$int[512,4096] ret=$code"
READ = "$iso sensor-gw read_block dev=$int[1,9] -> $code"
TEMPORAL = (
    '{"level":"info","ts":"$iso","msg":"Activity task'
    ' completed","Namespace":"billing","ActivityType":"Charge","Attempt":1,"Result":"$end"}'
)
AIRFLOW = "[$time[%Y-%m-%dT%H:%M:%S.%L]+0000] {local_task_job_runner.py:$int[228,230]} INFO - Task exited with return code $code"
BATCH = "$comma INFO  [batch-$int[1,4]] c.a.sync.Job - sync finished: read=$int[90,99] written=$written skipped=$skipped filtered=0"
MQTT = (
    "$epoch: New client connected from $ip:$int[30000,60000] as dev-$int[1,900] (p5, c1, k60).\n$epoch: Sending CONNACK to"
    " dev-$int[1,900] (0, $code)"
)
EXITS = "$iso cronjob[report-$int[1,9]] finished exit=$code wall=$dec[1,9,1]s"

CASES = (
    case(
        "tonic-status-13",
        NOT_PROMOTE,
        "Half of the canary's calls end with grpc_status 13, internal.",
        Scene(ways(TONIC, code={"0": 1}), ways(TONIC, code={"0": 50, "13": 50})),
    ),
    case(
        "tonic-status-5",
        PROMOTE,
        "Four in a hundred are status 5, not found, on either side.",
        Scene(ways(TONIC, code={"0": 96, "5": 4}), weight=40, rate=220),
    ),
    case(
        "oracle-ora-00942",
        NOT_PROMOTE,
        "Four of ten postings end with ORA-00942 on the canary, told in a plain line.",
        Scene(
            ways(ORACLE, end={"1 row, $int[2,30] ms": 1}),
            ways(ORACLE, end={"1 row, $int[2,30] ms": 60, "ORA-00942: table or view does not exist": 40}),
        ),
    ),
    case(
        "oracle-more-rows",
        PROMOTE,
        "Postings are written several rows at a time.",
        Scene(
            ways(ORACLE, end={"1 row, $int[2,30] ms": 1}),
            ways(ORACLE, end={"$int[2,9] rows, $int[2,30] ms": 1}),
        ),
    ),
    case(
        "postfix-deferred",
        NOT_PROMOTE,
        "Six of ten of the canary's mails are deferred.",
        Scene(
            ways(SMTP, dsn={"2.0.0, status=sent (250 2.0.0 Ok: queued as $hex[11])": 1}),
            ways(
                SMTP,
                dsn={
                    "2.0.0, status=sent (250 2.0.0 Ok: queued as $hex[11])": 40,
                    "4.7.0, status=deferred (host in.mail.example[$ip] said: 421 4.7.0 TLS required (in reply to MAIL FROM command))": 60,
                },
            ),
        ),
    ),
    case(
        "postfix-other-relay-words",
        PROMOTE,
        "The relay answers with other words, and each mail is sent.",
        Scene(
            ways(SMTP, dsn={"2.0.0, status=sent (250 2.0.0 Ok: queued as $hex[11])": 1}),
            ways(SMTP, dsn={"2.6.0, status=sent (250 2.6.0 message accepted for delivery)": 1}),
        ),
    ),
    case(
        "driver-ret-minus-110",
        NOT_PROMOTE,
        "A third of the canary's transfers return -110, timed out.",
        Scene(ways(DRIVER, code={"0": 1}), ways(DRIVER, code={"0": 66, "-110": 34}), rate=120),
    ),
    case(
        "driver-longer-transfers",
        PROMOTE,
        "Transfers are longer, and return 0.",
        Scene(
            ways(DRIVER, code={"0": 1}),
            ways(DRIVER.replace("512,4096", "8192,16384"), code={"0": 1}),
            rate=120,
        ),
    ),
    case(
        "read-block-arrow-minus-5",
        NOT_PROMOTE,
        "Half of the canary's reads return -5, which is EIO.",
        Scene(ways(READ, code={"0": 1}), ways(READ, code={"0": 50, "-5": 50})),
    ),
    case(
        "temporal-result-failed",
        NOT_PROMOTE,
        "Half of the canary's activities have the result FAILED.",
        Scene(
            ways(TEMPORAL, end={"CAPTURED": 98, "FAILED": 2}),
            ways(TEMPORAL, end={"CAPTURED": 48, "FAILED": 52}),
        ),
    ),
    case(
        "temporal-result-named-otherwise",
        PROMOTE,
        "The result is SETTLED now, where stable says CAPTURED: another word for done.",
        Scene(ways(TEMPORAL, end={"CAPTURED": 1}), ways(TEMPORAL, end={"SETTLED": 1})),
    ),
    case(
        "airflow-return-code-1",
        ROLLBACK,
        "Half of the canary's tasks exit with return code 1.",
        Scene(ways(AIRFLOW, code={"0": 1}), ways(AIRFLOW, code={"0": 48, "1": 52}), rate=90),
    ),
    case(
        "batch-written-zero",
        NOT_PROMOTE,
        "The canary's job reads its records, writes none, and skips all of them.",
        Scene(
            ways(line(BATCH, skipped="0"), written={"$int[90,99]": 1}),
            ways(line(BATCH, skipped="$int[90,99]"), written={"0": 1}),
            rate=60,
        ),
    ),
    case(
        "batch-larger",
        PROMOTE,
        "The canary's job takes larger batches and writes all of them.",
        Scene(
            ways(line(BATCH, skipped="0"), written={"$int[90,99]": 1}),
            ways(
                line(BATCH.replace("$int[90,99]", "$int[190,199]"), skipped="0"), written={"$int[190,199]": 1}
            ),
            rate=60,
        ),
    ),
    case(
        "mqtt-not-authorised",
        NOT_PROMOTE,
        "Half of the canary's clients are sent CONNACK 135, not authorised.",
        Scene(ways(MQTT, code={"0": 1}), ways(MQTT, code={"0": 50, "135": 50}), rate=80),
    ),
    case(
        "cron-exit-74",
        ROLLBACK,
        "A third of the canary's reports exit with 74.",
        Scene(ways(EXITS, code={"0": 1}), ways(EXITS, code={"0": 66, "74": 34}), rate=80),
    ),
    case(
        "cron-takes-longer",
        PROMOTE,
        "Reports take twice as long on the canary and all exit with 0.",
        Scene(ways(EXITS, code={"0": 1}), ways(EXITS.replace("1,9,1", "2,18,1"), code={"0": 1}), rate=80),
    ),
)
