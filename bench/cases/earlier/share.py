"""How large a part of the work is touched: one in thousands, one in two, or a large part that nothing
explains.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added
from cases.scene import Scene

case = partial(Case, family="share", half="tuned")

JAVA = "$time[%Y-%m-%d %H:%M:%S.%L]  INFO 1 --- [nio-8080-exec-$int[1,9]] c.shop.voucher.Redeemer : voucher $hex[8] redeemed"
SLOT = "$time[%Y-%m-%d %H:%M:%S.%L]  INFO 1 --- [nio-8080-exec-$int[1,9]] c.s.voucher.Slots : slot $int[1,9] set to $hex[4]"
STAGE = '{"level":"info","timestamp":"$iso","message":"stage B entered","key":"$hex[10]"}'
JAVA_ERROR = (
    "$time[%Y-%m-%d %H:%M:%S.%L] ERROR 1 --- [nio-8080-exec-$int[1,9]] c.shop.voucher.Redeemer : voucher $hex[8] not redeemed\n"
    "java.util.concurrent.TimeoutException: no answer from ledger within 2000 ms\n"
    "\tat com.shop.voucher.Ledger.post(Ledger.java:$int[91,92])\n\tat com.shop.voucher.Redeemer.redeem(Redeemer.java:44)"
)
NODE = (
    '{"level":"info","timestamp":"$iso","message":"playlist rendered","tracks":$int[10,90],"ms":$int[8,60]}'
)
NODE_ERROR = '{"level":"error","timestamp":"$iso","message":"playlist not rendered: cover missing","tracks":$int[10,90]}'

CASES = (
    case(
        "one-timeout-in-thousands",
        PROMOTE,
        "One voucher in some 1,100 of the canary meets a timeout, which any version may.",
        Scene(JAVA, Log((Phase(JAVA),), at=((0.55, JAVA_ERROR),)), rate=290, weight=40),
    ),
    case(
        "timeouts-four-in-ten",
        ROLLBACK,
        "Four of ten vouchers are not redeemed by the canary.",
        Scene(JAVA, ((60, JAVA), (40, JAVA_ERROR)), weight=15, rate=200),
    ),
    case(
        "covers-missing-alike",
        PROMOTE,
        "Covers are missing for one playlist in sixty on both sides.",
        Scene(added(NODE, (0.017, NODE_ERROR)), rate=260, weight=50),
    ),
    case(
        "covers-missing-fifteen-fold",
        ROLLBACK,
        "A third of the canary's playlists have no cover, one in fifty of stable's.",
        Scene(added(NODE, (0.02, NODE_ERROR)), ((67, NODE), (33, NODE_ERROR)), rate=240),
    ),
    case(
        "unexplained-half",
        NOT_PROMOTE,
        "Half of the canary's lines are about slots that stable never names, and half of its vouchers are missing.",
        Scene(
            JAVA,
            (
                (50, JAVA),
                (
                    50,
                    "$time[%Y-%m-%d %H:%M:%S.%L]  INFO 1 --- [nio-8080-exec-$int[1,9]] c.s.voucher.Slots : slot $int[1,9] set to $hex[4]",
                ),
            ),
            weight=40,
        ),
    ),
    case(
        "unexplained-nine-tenths",
        NOT_PROMOTE,
        "Nine of ten lines are of a kind that stable does not have, and as many playlists are not rendered.",
        Scene(NODE, ((10, NODE), (90, STAGE)), minutes=12),
    ),
    case(
        "new-line-one-in-forty",
        PROMOTE,
        "The canary tells of one playlist in forty that it was shared; all are rendered.",
        Scene(
            NODE,
            added(
                NODE,
                (
                    0.025,
                    '{"level":"info","timestamp":"$iso","message":"playlist shared","tracks":$int[10,90]}',
                ),
            ),
        ),
    ),
    case(
        "error-once-on-each",
        PROMOTE,
        "Each side has the timeout once.",
        Scene(Log((Phase(JAVA),), at=((0.6, JAVA_ERROR),)), pods=(1, 1), weight=50, rate=250),
    ),
)
