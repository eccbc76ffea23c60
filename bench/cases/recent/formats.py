"""New formats: Rust's log to tracing's JSON, NLog to Serilog's compact JSON, print to slog, a mesh's log beside the
application's, keys renamed; and failures within them.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, line, ways
from cases.scene import Scene

case = partial(Case, family="formats", half="tuned")

PLAIN = "[$time[%Y-%m-%dT%H:%M:%SZ] $level ferry::berth] $message"
TRACING = (
    '{"timestamp":"$iso","level":"$level","fields":{"message":"$message"},"target":"ferry::berth","threadName":"tokio-runtime-worker"'
    "}"
)
BERTHED = "vessel $int[100,999] berthed at pier $int[1,9]"
LEFT = "vessel $int[100,999] left pier $int[1,9]"
OLD = ((5, line(PLAIN, level="INFO ", message=BERTHED)), (5, line(PLAIN, level="INFO ", message=LEFT)))
NEW = ((5, line(TRACING, level="INFO", message=BERTHED)), (5, line(TRACING, level="INFO", message=LEFT)))
LOST = line(TRACING, level="ERROR", message="vessel $int[100,999] has no pier")
NLOG = "$time[%Y-%m-%d %H:%M:%S.%L]|$level|Crm.Sync.Worker|$message"
COMPACT = (
    '{"@t":"$iso","@mt":"Contact {Id} synced in {Elapsed}'
    ' ms","Id":$int[1000,99999],"Elapsed":$ms[4,80],"SourceContext":"Crm.Sync.Worker"}'
)
COMPACT_BAD = '{"@t":"$iso","@mt":"Contact {Id} not synced","@l":"Error","Id":$int[1000,99999],"SourceContext":"Crm.Sync.Worker"}'
CONTACT = line(NLOG, level="INFO", message="Contact $int[1000,99999] synced in $ms[4,80] ms")
PRINTED = "stored reading $int[1000,9999] of sensor s-$int[1,90]"
SLOG = 'time=$iso level=INFO msg="stored reading" reading=$int[1000,9999] sensor=s-$int[1,90]'
SLOG_SKIP = 'time=$iso level=INFO msg="skipped reading" reading=$int[1000,9999] sensor=s-$int[1,90]'
KEYS = '{"ts":"$iso","lvl":"info","msg":"seat held","flight":"LX$int[100,999]","status":$status}'
KEYS_NEW = '{"timestamp":"$iso","log.level":"info","message":"seat held","flight":"LX$int[100,999]","http_status":$status}'
ACCESS = '$ip - - [$clf] "GET /atlas/$int[1,999] HTTP/1.1" $status $int[90,9000]'
ACCESS_NEW = "ts=$iso method=GET path=/atlas/$int[1,999] status=$status size=$int[90,9000] took=$go[1,40]"
PYTHON = "$comma - scoring.api - $level - $message"
GLOG = "$level$time[%m%d %H:%M:%S.%f] 1 api.py:$int[88,89]] $message"
SCORED = "application $int[1000,99999] scored $int[300,850]"

CASES = (
    case(
        "log-to-tracing-json",
        PROMOTE,
        "The same statements at the same rate, now as tracing's JSON.",
        Scene(OLD, NEW),
    ),
    case(
        "log-to-tracing-json-failures",
        NOT_PROMOTE,
        "Within tracing's JSON a third of the vessels have no pier, at ERROR.",
        Scene(OLD, ((34, NEW[0][1]), (33, NEW[1][1]), (33, LOST))),
    ),
    case(
        "nlog-to-compact-json",
        PROMOTE,
        "NLog's line becomes Serilog's compact JSON of the same words.",
        Scene(CONTACT, COMPACT, weight=30),
    ),
    case(
        "nlog-to-compact-json-errors",
        NOT_PROMOTE,
        "In the compact JSON four of ten contacts are not synced (@l is Error).",
        Scene(CONTACT, ((60, COMPACT), (40, COMPACT_BAD)), weight=30),
    ),
    case(
        "print-to-slog",
        PROMOTE,
        "A printed sentence becomes slog's pairs of the same words.",
        Scene(PRINTED, SLOG),
    ),
    case(
        "print-to-slog-skipped",
        NOT_PROMOTE,
        "With slog's pairs six of ten readings are skipped, where stable stores all.",
        Scene(PRINTED, ((40, SLOG), (60, SLOG_SKIP))),
    ),
    case(
        "keys-renamed",
        PROMOTE,
        "Three keys have other names, and each status is 200 as before.",
        Scene(ways(KEYS, status={"200": 1}), ways(KEYS_NEW, status={"200": 1})),
    ),
    case(
        "keys-renamed-and-500",
        ROLLBACK,
        "Under the new key http_status 35 of 100 are 500.",
        Scene(ways(KEYS, status={"200": 1}), ways(KEYS_NEW, status={"200": 65, "500": 35})),
    ),
    case(
        "access-to-logfmt",
        PROMOTE,
        "The common log format becomes logfmt with a duration; the statuses are as they were.",
        Scene(ways(ACCESS, status={"200": 96, "404": 4}), ways(ACCESS_NEW, status={"200": 96, "404": 4})),
    ),
    case(
        "access-to-logfmt-503",
        ROLLBACK,
        "In the logfmt a third of the statuses are 503.",
        Scene(
            ways(ACCESS, status={"200": 96, "404": 4}),
            ways(ACCESS_NEW, status={"200": 63, "404": 4, "503": 33}),
        ),
    ),
    case(
        "python-to-glog",
        PROMOTE,
        "Python's lines take glog's header.",
        Scene(line(PYTHON, level="INFO", message=SCORED), line(GLOG, level="I", message=SCORED)),
    ),
    case(
        "python-to-glog-errors",
        ROLLBACK,
        "In glog's lines four of ten are at E: the application has no history.",
        Scene(
            line(PYTHON, level="INFO", message=SCORED),
            (
                (60, line(GLOG, level="I", message=SCORED)),
                (40, line(GLOG, level="E", message="application $int[1000,99999] has no history")),
            ),
        ),
    ),
    case(
        "startup-lists-settings",
        PROMOTE,
        "The canary prints its settings at the start, some with the words error and fail in their names, and works as before.",
        Scene(
            OLD,
            Log(
                (Phase(OLD),),
                start=(
                    line(PLAIN, level="INFO ", message="setting error_budget = 0.01"),
                    line(PLAIN, level="INFO ", message="setting fail_fast = true"),
                    line(PLAIN, level="INFO ", message="setting on_error = retry"),
                    line(PLAIN, level="INFO ", message="setting exception_reporting = off"),
                ),
            ),
        ),
    ),
    case(
        "thousandths-and-offset",
        PROMOTE,
        "The time has an offset and microseconds, and nothing else is other.",
        Scene(
            OLD,
            tuple(
                (share, text.replace("$time[%Y-%m-%dT%H:%M:%SZ]", "$time[%Y-%m-%dT%H:%M:%S.%f+00:00]"))
                for share, text in OLD
            ),
        ),
    ),
)
