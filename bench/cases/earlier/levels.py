"""Levels in uncommon places: python-json-logger, loguru, Google Cloud, zap's short keys, Serilog, bunyan,
journald, carriers.
"""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="levels", half="tuned")

LEVELNO = '{"asctime":"$comma","name":"$logger","levelno":$level,"module":"rates","lineno":$int[50,54],"message":"$message"}'
LOGURU = (
    '{"text":"$message\\n","record":{"elapsed":{"repr":"0:01:02","seconds":$uptime},"exception":null,"extra":{},"function":"run",'
    '"level":{"icon":"","name":"$level","no":$no},"line":$int[20,24],"message":"$message","name":"app.match","time":{"timestamp":$epochf}}}'
)
GOOGLE = (
    '{"logging.googleapis.com/severity":"$level","logging.googleapis.com/trace":"projects/shop/traces/$hex[32]",'
    '"time":"$iso","message":"$message"}'
)
ZAP = '{"L":"$level","T":"$iso","N":"dispatch","C":"dispatch/driver.go:$int[88,90]","M":"$message","trip":$int[10000,99999]}'
SERILOG = '{"@t":"$iso","@mt":"$message"$level,"Batch":$int[1000,9999],"SourceContext":"Ledger.Posting","MachineName":"$pod"}'
BUNYAN = '{"name":"gateway","hostname":"$pod","pid":1,"level":$level,"msg":"$message","time":"$iso","v":0}'
JOURNAL = '{"__REALTIME_TIMESTAMP":"$epochms[]000","PRIORITY":"$level","SYSLOG_IDENTIFIER":"tracker","_PID":"$int[20,24]","MESSAGE":"$message"}'
SUPERVISOR = "$comma INFO api stdout | $time[%H:%M:%S] [$level] $message"
CONTAINERD = "$time[%Y-%m-%dT%H:%M:%S.%f]000Z $stream F $level  $message"


MATCHED = "rider $int[1000,9999] matched in $ms[20,300] ms"
POSTED = "Posted batch {Batch}"

CASES = (
    case(
        "levelno-40",
        ROLLBACK,
        "levelno 40 is ERROR in Python, in a third of the canary's lines.",
        Scene(
            line(LEVELNO, message="rate $int[1,99] refreshed", level="20", logger="rates"),
            (
                (67, line(LEVELNO, message="rate $int[1,99] refreshed", level="20", logger="rates")),
                (33, line(LEVELNO, message="rate $int[1,99] has no source", level="40", logger="rates")),
            ),
        ),
    ),
    case(
        "levelno-logger-renamed",
        PROMOTE,
        "rates became app.rates.refresh; levelno is 20 throughout.",
        Scene(
            line(LEVELNO, message="rate $int[1,99] refreshed", level="20", logger="rates"),
            line(LEVELNO, message="rate $int[1,99] refreshed", level="20", logger="app.rates.refresh"),
        ),
    ),
    case(
        "loguru-error",
        ROLLBACK,
        "record.level.name is ERROR for four of ten riders of the canary.",
        Scene(
            line(LOGURU, message=MATCHED, level="INFO", no="20"),
            (
                (60, line(LOGURU, message=MATCHED, level="INFO", no="20")),
                (
                    40,
                    line(
                        LOGURU, message="rider $int[1000,9999] left without a match", level="ERROR", no="40"
                    ),
                ),
            ),
        ),
    ),
    case(
        "loguru-success",
        PROMOTE,
        "Loguru's SUCCESS (25) is a level of its own above INFO, and a good one.",
        Scene(
            line(LOGURU, message=MATCHED, level="INFO", no="20"),
            line(LOGURU, message=MATCHED, level="SUCCESS", no="25"),
        ),
    ),
    case(
        "google-severity-critical",
        ROLLBACK,
        "A quarter of the canary's entries are of severity CRITICAL.",
        Scene(
            line(GOOGLE, message="voucher $hex[8] redeemed", level="INFO"),
            (
                (75, line(GOOGLE, message="voucher $hex[8] redeemed", level="INFO")),
                (25, line(GOOGLE, message="voucher $hex[8] redeemed twice", level="CRITICAL")),
            ),
        ),
    ),
    case(
        "google-severity-notice",
        PROMOTE,
        "NOTICE marks a voucher's last use, once in twelve, and is no warning.",
        Scene(
            line(GOOGLE, message="voucher $hex[8] redeemed", level="INFO"),
            (
                (11, line(GOOGLE, message="voucher $hex[8] redeemed", level="INFO")),
                (1, line(GOOGLE, message="voucher $hex[8] is used up", level="NOTICE")),
            ),
        ),
    ),
    case(
        "zap-short-keys",
        ROLLBACK,
        "zap's L is ERROR for each second trip of the canary.",
        Scene(
            line(ZAP, message="driver assigned", level="INFO"),
            (
                (50, line(ZAP, message="driver assigned", level="INFO")),
                (50, line(ZAP, message="no driver in cell", level="ERROR")),
            ),
        ),
    ),
    case(
        "zap-debug",
        PROMOTE,
        "The canary logs DEBUG as well; as many drivers are assigned.",
        Scene(
            line(ZAP, message="driver assigned", level="INFO"),
            added(
                line(ZAP, message="driver assigned", level="INFO"),
                (0.5, line(ZAP, message="cell index looked up", level="DEBUG")),
            ),
        ),
    ),
    case(
        "serilog-l",
        ROLLBACK,
        "Serilog's compact format has @l Error in a third of the canary's events, and none for information.",
        Scene(
            line(SERILOG, message=POSTED, level=""),
            (
                (66, line(SERILOG, message=POSTED, level="")),
                (34, line(SERILOG, message="Batch {Batch} left unposted", level=',"@l":"Error"')),
            ),
        ),
    ),
    case(
        "serilog-debug",
        PROMOTE,
        "@l Debug lines are new, once in five, and say what was already done.",
        Scene(
            line(SERILOG, message=POSTED, level=""),
            added(
                line(SERILOG, message=POSTED, level=""),
                (0.25, line(SERILOG, message="Read batch {Batch}", level=',"@l":"Debug"')),
            ),
        ),
    ),
    case(
        "bunyan-60",
        ROLLBACK,
        "bunyan's level 60 is fatal, in a fifth of the canary's lines.",
        Scene(
            line(BUNYAN, message="route resolved", level="30"),
            (
                (80, line(BUNYAN, message="route resolved", level="30")),
                (20, line(BUNYAN, message="route table is gone", level="60")),
            ),
            weight=15,
            rate=260,
        ),
    ),
    case(
        "journal-priority-6",
        PROMOTE,
        "PRIORITY 6 is information; a new line of it comes each half minute.",
        Scene(
            line(JOURNAL, message="position of van $int[1,90] stored", level="6"),
            Log(
                (Phase(line(JOURNAL, message="position of van $int[1,90] stored", level="6")),),
                every=((30.0, line(JOURNAL, message="geofences read: $int[20,40]", level="6")),),
            ),
        ),
    ),
    case(
        "supervisord-error",
        ROLLBACK,
        "Behind supervisord's INFO prefix a third of the canary's lines say [ERROR].",
        Scene(
            line(SUPERVISOR, message="invoice $int[1000,9999] rendered", level="INFO"),
            (
                (67, line(SUPERVISOR, message="invoice $int[1000,9999] rendered", level="INFO")),
                (33, line(SUPERVISOR, message="invoice $int[1000,9999] has no template", level="ERROR")),
            ),
            minutes=7,
        ),
    ),
    case(
        "containerd-stderr",
        PROMOTE,
        "The canary writes to stderr what stable writes to stdout; it is still INFO.",
        Scene(
            line(CONTAINERD, message="slot $int[1,400] booked", level="INFO", stream="stdout"),
            line(CONTAINERD, message="slot $int[1,400] booked", level="INFO", stream="stderr"),
        ),
    ),
)
