"""Schedulers: Quartz, Temporal, Airflow, Argo Workflows, a rating batch."""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, line
from cases.scene import Scene

case = partial(Case, half="tuned")

QUARTZ = "$time[%H:%M:%S.%L] [$thread] INFO  $logger - $message"
REPORT = line(
    QUARTZ,
    thread="reports_Worker-$int[1,9]",
    logger="c.a.reports.ReportJob",
    message="Report $pick[daily-sales|stock|returns] for site $int[100,480] written, due $late s ago",
)
MISFIRE = line(
    QUARTZ,
    thread="QuartzScheduler_reports-$pod_MisfireHandler",
    logger="o.s.i.jdbcjobstore.JobStoreTX",
    message="Handling $count trigger(s) that missed their scheduled fire-time.",
).replace("$pod_", "app1_")
TEMPORAL = (
    '{"level":"info","ts":$epochf,"msg":"$message","Namespace":"settle","TaskQueue":"payouts",'
    '"WorkerID":"1@$pod@","ActivityID":"$int[5,30]","ActivityType":"$activity","Attempt":$attempt,'
    '"WorkflowType":"SettleMerchant","WorkflowID":"settle-$int[10000,99999]","RunID":"$uuid"$more}'
)
WIRED = line(TEMPORAL, message="transfer instructed at bank", activity="InstructTransfer")
QUOTED = line(TEMPORAL, message="fee computed", activity="ComputeFee", attempt="1", more="")
CAP = ',"MaximumAttempts":8'
AIRFLOW = "[$time[%Y-%m-%dT%H:%M:%S.%L+0000]] {$where} INFO - $message"
MARK = line(
    AIRFLOW,
    where="taskinstance.py:1400",
    message="Marking task as $state. dag_id=warehouse, task_id=$task, execution_date=$time[%Y%m%dT%H0000]",
)
EXTRACTED = line(MARK, state="SUCCESS", task="extract_$pick[orders|items|refunds]")
LOADED = line(MARK, state="SUCCESS", task="load_$pick[orders|items|refunds]")
CIRCUIT = (
    line(AIRFLOW, where="python.py:257", message="Condition result is False")
    + "\n"
    + line(AIRFLOW, where="skipmixin.py:122", message="Skipping downstream tasks.")
    + "\n"
    + line(MARK, state="SKIPPED", task="load_$pick[orders|items|refunds]")
)
RETRY = (
    line(MARK, state="UP_FOR_RETRY", task="extract_refunds")
    + "\n"
    + line(MARK, state="SUCCESS", task="extract_refunds")
)
ARGO = (
    'time="$time[%Y-%m-%dT%H:%M:%S.%LZ]" level=info msg="$message" namespace=genomes workflow=align-$hex[5]'
)
NODE = line(ARGO, message="node align-$hex[5]-$int[1000000000,3999999999] $phase")
ALIGNED = line(NODE, phase="phase Running -> Succeeded")
BROKEN = line(NODE, phase="phase Running -> Failed")
BROKEN_CODE = line(
    NODE, phase="message: Error (exit code 65): reference index has no contig chrUn_$int[100,999]"
)
OMITTED = line(NODE, phase="initialized Omitted (message: when 'false == true' evaluated false)")
SEEN = line(ARGO, message="Processing workflow")
UPDATED = line(ARGO, message="Workflow update successful")
RATING = "$time[%H%M%S] RATE  cust $int[100000,999999]  $plan  $usage kWh  $amount EUR$more"
RATED = line(
    RATING,
    plan="$pick[FLEX  |HOME  |SOLAR ]",
    usage="$int[120,980]",
    amount="$int[31,290].$int[10,99]",
    more="",
)
FREE = line(RATING, plan="$pick[FLEX  |HOME  |SOLAR ]", usage="$int[120,980]", amount="  0.00", more="")
VACANT = line(RATING, plan="VACANT", usage="  0", amount="  0.00", more="")

CASES = (
    case(
        "quartz-always-late",
        ROLLBACK,
        "The canary writes each report many minutes after it was due and misses triggers without end; stable is seconds late.",
        Scene(
            line(REPORT, late="$int[0,3]"),
            (
                (55, line(REPORT, late="$int[340,990]")),
                (45, line(MISFIRE, count="$int[12,20]")),
            ),
            rate=80,
            pods=(2, 1),
            weight=40,
            age=900,
        ),
        family="measures",
    ),
    case(
        "quartz-once-at-start",
        PROMOTE,
        "At its start the canary handles two triggers that were missed meanwhile, then each report is in time.",
        Scene(
            line(REPORT, late="$int[0,3]"),
            Log((Phase(line(REPORT, late="$int[0,3]")),), at=((0.01, line(MISFIRE, count="2")),)),
            rate=80,
            pods=(2, 1),
            weight=40,
        ),
        family="healed",
    ),
    case(
        "temporal-transfers-again",
        ROLLBACK,
        "Two thirds of the canary's bank transfers are instructed by a later attempt of the activity, up to the seventh: paid twice.",
        Scene(
            ((50, line(WIRED, attempt="1", more="")), (1, line(WIRED, attempt="2", more="")), (50, QUOTED)),
            (
                (17, line(WIRED, attempt="1", more="")),
                (33, line(WIRED, attempt="$int[2,7]", more="")),
                (50, QUOTED),
            ),
            rate=130,
            weight=20,
        ),
        family="measures",
    ),
    case(
        "temporal-attempts-capped",
        PROMOTE,
        "The canary names the most attempts there may be; its transfers go at the first, but for the odd second as on stable.",
        Scene(
            ((50, line(WIRED, attempt="1", more="")), (1, line(WIRED, attempt="2", more="")), (50, QUOTED)),
            ((50, line(WIRED, attempt="1", more=CAP)), (1, line(WIRED, attempt="2", more=CAP)), (50, QUOTED)),
            rate=130,
            weight=20,
        ),
        family="formats",
    ),
    case(
        "airflow-loads-skipped",
        ROLLBACK,
        "The canary's condition is False each time, so that it loads nothing of what it extracts; stable loads all.",
        Scene(
            ((50, EXTRACTED), (50, LOADED)),
            ((50, EXTRACTED), (50, CIRCUIT)),
            rate=36,
            minutes=20,
            weight=50,
            pods=(2, 2),
        ),
        family="status",
    ),
    case(
        "airflow-retry-of-refunds",
        PROMOTE,
        "Extracting refunds is retried now and then on either side and then succeeds.",
        Scene(
            ((50, EXTRACTED), (50, LOADED), (4, RETRY)),
            ((50, EXTRACTED), (50, LOADED), (4, RETRY)),
            rate=40,
            minutes=20,
            weight=50,
            pods=(2, 2),
        ),
        family="healed",
    ),
    case(
        "argo-steps-exit-65",
        ROLLBACK,
        "A fifth of the canary's steps fail with exit code 65 for a contig that its index lacks, all told at info; none on stable.",
        Scene(
            ((60, ALIGNED), (40, SEEN), (40, UPDATED)),
            ((48, ALIGNED), (12, f"{BROKEN}\n{BROKEN_CODE}"), (40, SEEN), (40, UPDATED)),
            rate=150,
            weight=30,
        ),
        family="codes",
    ),
    case(
        "argo-steps-omitted",
        PROMOTE,
        "The canary's templates have a further step for re-runs, omitted by its condition; the steps that run succeed as on stable.",
        Scene(
            ((60, ALIGNED), (8, OMITTED), (40, SEEN), (40, UPDATED)),
            ((60, ALIGNED), (24, OMITTED), (40, SEEN), (40, UPDATED)),
            rate=150,
            weight=30,
        ),
        family="status",
    ),
    case(
        "rating-free-of-charge",
        ROLLBACK,
        "One of four customers with real usage is rated at 0.00 EUR on the canary; on stable only vacant flats are.",
        Scene(((93, RATED), (7, VACANT)), ((70, RATED), (23, FREE), (7, VACANT)), rate=260, weight=15),
        family="measures",
    ),
    case(
        "rating-vacant-flats",
        PROMOTE,
        "A few more flats of the canary's share are vacant, without usage and so without a price; those with usage are charged.",
        Scene(((93, RATED), (7, VACANT)), ((91, RATED), (9, VACANT)), rate=260, weight=15),
        family="share",
    ),
)
