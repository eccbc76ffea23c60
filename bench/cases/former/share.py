"""How large a part of the work is touched, in other systems' words."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added
from cases.scene import Scene

case = partial(Case, family="share", half="tuned")

NEST = "[Nest] 1  - $time[%m/%d/%Y, %I:%M:%S %p]     LOG [BasketService] basket $int[1000,99999] checked out"
NEST_BAD = "[Nest] 1  - $time[%m/%d/%Y, %I:%M:%S %p]   ERROR [BasketService] basket $int[1000,99999] has no price list"
SPARK = (
    "$time[%y/%m/%d %H:%M:%S] INFO TaskSetManager: Finished task $int[0,90].0 in stage $int[1,40].0 (TID $int[100,9000]) in"
    " $int[40,900] ms on $ip (executor $int[1,9])"
)
SPARK_BAD = (
    "$time[%y/%m/%d %H:%M:%S] WARN TaskSetManager: Lost task $int[0,90].0 in stage $int[1,40].0 (TID $int[100,9000]) ($ip"
    " executor $int[1,9]): java.io.IOException: No space left on device"
)
ERP = "$sql INFO  erp.posting posting $int[10000,99999] booked to account $int[100,999]"
PARKED = "$sql INFO  erp.posting posting $int[10000,99999] put aside for clerk $int[1,9]"

CASES = (
    case(
        "nest-one-error",
        PROMOTE,
        "One basket among hundreds has no price list.",
        Scene(NEST, Log((Phase(NEST),), at=((0.5, NEST_BAD),)), rate=280, weight=50),
    ),
    case(
        "nest-half",
        ROLLBACK,
        "Half of the canary's baskets have no price list.",
        Scene(NEST, ((50, NEST), (50, NEST_BAD))),
    ),
    case(
        "spark-lost-tasks",
        ROLLBACK,
        "A third of the canary's tasks are lost: no space is left.",
        Scene(SPARK, ((67, SPARK), (33, SPARK_BAD)), weight=40),
    ),
    case(
        "spark-lost-alike",
        PROMOTE,
        "One task in fifty is lost and run again on both sides.",
        Scene(added(SPARK, (0.02, SPARK_BAD)), rate=260, weight=50),
    ),
    case(
        "postings-put-aside",
        NOT_PROMOTE,
        "Two of three postings are put aside in place of being booked.",
        Scene(ERP, ((33, ERP), (67, PARKED)), traffic=True),
    ),
    case(
        "postings-half-put-aside",
        NOT_PROMOTE,
        "Half of the postings are put aside in place of being booked.",
        Scene(ERP, ((50, ERP), (50, PARKED)), weight=40),
    ),
    case(
        "postings-and-a-journal",
        PROMOTE,
        "Each posting has a line about the journal beside it, and all are booked.",
        Scene(
            ERP,
            added(ERP, (1.0, "$sql INFO  erp.journal entry $hex[12] appended, $int[200,900] bytes")),
            traffic=True,
        ),
    ),
    case(
        "postings-new-module",
        PROMOTE,
        "A new module computes taxes for one posting in five; all are booked.",
        Scene(
            ERP,
            added(ERP, (0.2, "$sql INFO  erp.tax tax of posting $int[10000,99999] is $int[1,90] EUR")),
            weight=40,
        ),
    ),
)
