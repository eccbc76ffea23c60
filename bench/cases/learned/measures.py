"""Figures that move: Celery's run times, Burrow's lag, PgBouncer's waits, a game server's tick."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Mix, Phase, line
from cases.scene import Scene

case = partial(Case, family="measures", half="tuned")

CELERY = (
    "[$comma: INFO/MainProcess] Task reports.render[$uuid] received\n"
    "[$comma: INFO/ForkPoolWorker-$int[1,6]] Task reports.render[$uuid] succeeded in $took: {'pages': $pages}"
)
CELERY_NOISE: Mix = ((8, "[$comma: INFO/Beat] Scheduler: Sending due task sweep (sweep.expired)"),)
LAG = (
    '{"level":"info","ts":$epochf,"msg":"evaluated consumer group","cluster":"main","group":"billing-v2",'
    '"topic":"usage","partition":$int[0,11],"status":"OK","complete":1,"current_lag":$lag}'
)
STORED = (
    '{"level":"info","ts":$epochf,"msg":"usage stored","tenant":"t-$int[1,90]","records":$int[40,60],'
    '"partition":$int[0,11]}'
)
PGB = (
    "$sql.$int[100,999] UTC [1] LOG stats: $int[60,90] xacts/s, $int[120,180] queries/s, in $int[9000,20000] B/s,"
    " out $int[40000,90000] B/s, xact $int[2000,6000] us, query $int[900,2500] us, wait $wait us"
)
PGB_LOGIN = (
    "$sql.$int[100,999] UTC [1] LOG C-0x$hex[12]: app/app@$ip:$int[30000,60000] login attempt: db=app"
    " user=app tls=no"
)
TICK = (
    "[$time[%H:%M:%S]] [Server thread/INFO]: zone=$pick[harbor|mines|keep] players=$players tick avg $tick"
    " ms, overruns $over/1200"
)
JOINED = "[$time[%H:%M:%S]] [Server thread/INFO]: $pick[Rook|Wren|Otter|Lynx]$int[10,999] joined the game"


def celery(took: str, pages: str = "$int[2,30]") -> Mix:
    return ((40, line(CELERY, took=took, pages=pages)), *CELERY_NOISE)


def usage(lag: str | tuple[str, ...]) -> Mix | Log:
    """Return the consumer's lines: its lag as one draw, or going through several."""
    if isinstance(lag, str):
        return ((20, line(LAG, lag=lag)), (60, STORED))
    return Log(
        tuple(
            Phase(((20, line(LAG, lag=value)), (60, STORED)), until=(number + 1) / len(lag))
            for number, value in enumerate(lag)
        )
    )


def pooled(wait: str) -> Mix:
    return ((30, line(PGB, wait=wait)), (50, PGB_LOGIN))


def game(tick: str, over: str, players: str = "$int[40,80]") -> Mix:
    return ((50, line(TICK, tick=tick, over=over, players=players)), (30, JOINED))


CASES = (
    case(
        "celery-render-minutes",
        NOT_PROMOTE,
        "A render of as many pages takes the canary 40 to 120 s, stable about one second.",
        Scene(
            celery("$dec[0.6,2.4,9]s"),
            celery("$dec[40,120,9]s"),
            rate=110,
            every=(
                (
                    45.0,
                    (
                        "[$comma: WARNING/MainProcess] Substantial drift from celery@$pod may mean clocks"
                        " are out of sync. Current drift is $int[16,30] seconds."
                    ),
                ),
            ),
        ),
    ),
    case(
        "celery-more-pages",
        PROMOTE,
        "The canary's reports have twice the pages and take hardly longer.",
        Scene(
            celery("$dec[0.6,2.4,9]s"),
            celery("$dec[0.6,2.7,9]s", "$int[4,60]"),
            rate=110,
            every=(
                (
                    45.0,
                    (
                        "[$comma: WARNING/MainProcess] Substantial drift from celery@$pod may mean clocks"
                        " are out of sync. Current drift is $int[16,30] seconds."
                    ),
                ),
            ),
            weight=50,
            pods=(2, 2),
        ),
    ),
    case(
        "burrow-lag-grows",
        NOT_PROMOTE,
        "The canary's group falls behind, from tens of records to 90,000, while its status still says OK.",
        Scene(
            usage("$ms[0,60]"),
            usage(
                ("$ms[5,80]", "$int[900,2000]", "$int[9000,14000]", "$int[31000,38000]", "$int[70000,90000]")
            ),
            weight=50,
            pods=(2, 2),
            rate=120,
        ),
    ),
    case(
        "burrow-lag-falls",
        PROMOTE,
        "The canary begins with what had piled up while it was rolled out and works the lag off to nothing.",
        Scene(
            usage("$ms[0,60]"),
            usage(("$int[500,900]", "$int[100,300]", "$ms[0,60]", "$ms[0,60]", "$ms[0,60]", "$ms[0,60]")),
            weight=50,
            pods=(2, 2),
            rate=120,
        ),
    ),
    case(
        "pgbouncer-wait",
        NOT_PROMOTE,
        (
            "Clients of the canary's pooler wait two to nine seconds for a server connection, stable's"
            " some microseconds."
        ),
        Scene(pooled("$ms[3,90]"), pooled("$int[2000000,9000000]"), rate=80, minutes=12),
    ),
    case(
        "pgbouncer-wait-same",
        PROMOTE,
        "The waits are of the same microseconds; the canary prints a line of statistics twice as often.",
        Scene(
            ((30, line(PGB, wait="$ms[3,90]")), (50, PGB_LOGIN)),
            ((60, line(PGB, wait="$ms[3,95]")), (50, PGB_LOGIN)),
            rate=80,
            minutes=12,
        ),
    ),
    case(
        "tick-overruns",
        NOT_PROMOTE,
        "With as many players the canary's tick takes 140 ms and most of its ticks overrun.",
        Scene(
            game("$dec[9,21,1]", "$int[0,4]"),
            game("$dec[120,190,1]", "$int[800,1190]"),
            weight=40,
            rate=90,
            every=(
                (
                    60.0,
                    (
                        "[$time[%H:%M:%S]] [Server thread/WARN]: Player Wren$int[10,99] moved too quickly!"
                        " $dec[4,20,2],0.0,$dec[4,20,2]"
                    ),
                ),
            ),
        ),
    ),
    case(
        "tick-more-players",
        PROMOTE,
        "Half as many players again are in the canary's zones; its ticks are as short and do not overrun more.",
        Scene(
            game("$dec[9,21,1]", "$int[0,4]"),
            game("$dec[9,22,1]", "$int[0,4]", "$int[70,115]"),
            weight=40,
            rate=90,
            every=(
                (
                    40.0,
                    (
                        "[$time[%H:%M:%S]] [Server thread/WARN]: Player Wren$int[10,99] moved too quickly!"
                        " $dec[4,20,2],0.0,$dec[4,20,2]"
                    ),
                ),
            ),
        ),
    ),
)
