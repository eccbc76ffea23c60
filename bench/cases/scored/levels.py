"""Levels where few look: Monolog, tracing's JSON, glog's letters without a header's help, Erlang's logger."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line, ways
from cases.scene import Scene

case = partial(Case, family="levels", half="scored")

MONOLOG = (
    '{"message":"$message","context":{"invoice":$int[10000,99999]},"level":$number,"level_name":"$level",'
    '"channel":"$channel","datetime":"$iso","extra":{}}'
)
INVOICED = line(MONOLOG, message="Invoice rendered", number="200", level="INFO", channel="app")
MATCHED = line(
    MONOLOG, message='Matched route \\"invoice_show\\".', number="200", level="INFO", channel="request"
)
TRACING = (
    '{"timestamp":"$iso","level":"$level","fields":{"message":"$message","room":"$hex[6]"},'
    '"target":"$target","threadId":"ThreadId($int[2,9])"}'
)
JOINED = line(TRACING, level="INFO", message="peer joined", target="sfu::room")
LAYERS = line(TRACING, level="INFO", message="layers switched", target="sfu::simulcast")
GLOG = "$letter$time[%Y%m%d %H:%M:%S].$int[100000,999999]    $int[20,60] $where] $message"
ROUTED = line(
    GLOG, letter="I", where="router.cc:311", message="route of $int[4,40] stops computed in $ms[5,80] ms"
)
TILE = line(GLOG, letter="I", where="tiles.cc:88", message="tile $int[1,900]/$int[1,900] loaded")
ERL = "$time[%Y-%m-%dT%H:%M:%S.%L]000+00:00 $level: $message"
REGISTERED = line(ERL, level="info", message="session $hex[8] registered, node chat@$pod")
RELAYED = line(ERL, level="info", message="message relayed to $int[1,40] subscribers")

CASES = (
    case(
        "monolog-level-550",
        ROLLBACK,
        "A third of the canary's invoices are of Monolog's level 550, alert: the number range is used up.",
        Scene(
            ((60, INVOICED), (40, MATCHED)),
            (
                (38, INVOICED),
                (
                    22,
                    line(MONOLOG, message="Number range used up", number="550", level="ALERT", channel="app"),
                ),
                (40, MATCHED),
            ),
            every=(
                (
                    60.0,
                    line(
                        MONOLOG,
                        message="Customer has no VAT number",
                        number="300",
                        level="WARNING",
                        channel="app",
                    ),
                ),
            ),
            rate=75,
            weight=40,
        ),
    ),
    case(
        "monolog-level-100",
        PROMOTE,
        (
            "Debug is on in the canary: level 100 tells of listeners that were not called and of errors"
            " handled by none; invoices are rendered."
        ),
        Scene(
            ((60, INVOICED), (40, MATCHED)),
            added(
                ((60, INVOICED), (40, MATCHED)),
                (
                    0.7,
                    line(
                        MONOLOG,
                        message='Listener \\"ErrorListener::logKernelException\\" was not called',
                        number="100",
                        level="DEBUG",
                        channel="event",
                    ),
                ),
                (
                    0.4,
                    line(
                        MONOLOG,
                        message="No failed messages in transport",
                        number="100",
                        level="DEBUG",
                        channel="messenger",
                    ),
                ),
            ),
            every=(
                (
                    60.0,
                    line(
                        MONOLOG,
                        message="Customer has no VAT number",
                        number="300",
                        level="WARNING",
                        channel="app",
                    ),
                ),
            ),
        ),
    ),
    case(
        "tracing-warn-peers-leave",
        NOT_PROMOTE,
        "At WARN the canary closes a third of its peers since their negotiation timed out; stable closes none.",
        Scene(
            ((60, JOINED), (40, LAYERS)),
            (
                (38, JOINED),
                (
                    24,
                    line(
                        TRACING,
                        level="WARN",
                        message="dtls handshake timed out, peer closed",
                        target="sfu::transport",
                    ),
                ),
                (38, LAYERS),
            ),
            weight=35,
        ),
    ),
    case(
        "tracing-trace-level",
        PROMOTE,
        (
            "The canary writes TRACE lines of packets that were late or dropped from the jitter buffer, as"
            " any network has; peers join as before."
        ),
        Scene(
            ((60, JOINED), (40, LAYERS)),
            added(
                ((60, JOINED), (40, LAYERS)),
                (
                    0.9,
                    line(
                        TRACING,
                        level="TRACE",
                        message="rtp packet late by $int[1,9] ms, reordered",
                        target="sfu::jitter",
                    ),
                ),
                (
                    0.5,
                    line(TRACING, level="DEBUG", message="nack sent, 0 packets lost", target="sfu::jitter"),
                ),
            ),
            weight=35,
        ),
    ),
    case(
        "glog-e-and-no-route",
        ROLLBACK,
        "glog's letter E leads half of the canary's routes: the graph lacks its turn table.",
        Scene(
            ((60, ROUTED), (40, TILE)),
            (
                (30, ROUTED),
                (
                    30,
                    line(
                        GLOG,
                        letter="E",
                        where="router.cc:342",
                        message="turn table absent at node $int[1000,9999]",
                    ),
                ),
                (40, TILE),
            ),
            rate=200,
        ),
    ),
    case(
        "glog-w-at-start",
        PROMOTE,
        (
            "Two W lines at the canary's start say that a flag is unknown and huge pages are off; all"
            " routes are computed."
        ),
        Scene(
            ((60, ROUTED), (40, TILE)),
            Log(
                (Phase(((60, ROUTED), (40, TILE))),),
                start=(
                    line(GLOG, letter="I", where="main.cc:61", message="graph of 2201443 edges mapped"),
                    line(
                        GLOG,
                        letter="W",
                        where="flags.cc:19",
                        message="flag --legacy_snap is unknown and ignored",
                    ),
                    line(
                        GLOG,
                        letter="W",
                        where="mem.cc:140",
                        message="madvise(MADV_HUGEPAGE) failed: Invalid argument, going on without huge pages",
                    ),
                ),
            ),
            rate=200,
        ),
    ),
    case(
        "erlang-error-reports",
        ROLLBACK,
        "The canary's session processes crash with badmatch reports, one for every third session.",
        Scene(
            ((50, REGISTERED), (50, RELAYED)),
            (
                (34, REGISTERED),
                (
                    16,
                    line(
                        ERL,
                        level="error",
                        message=(
                            "Generic server <0.$int[900,9999].0> terminating. Reason:"
                            " {{badmatch,undefined},[{chat_session,init,1,[{line,88}]}]}"
                        ),
                    ),
                ),
                (50, RELAYED),
            ),
            every=((90.0, line(ERL, level="warning", message="session $hex[8] closed by peer: tcp_closed")),),
            weight=10,
            rate=310,
        ),
    ),
    case(
        "erlang-notice-and-progress",
        PROMOTE,
        (
            "The canary logs progress reports of its supervisors and a notice that an alarm was cleared;"
            " sessions go on."
        ),
        Scene(
            ((50, REGISTERED), (50, RELAYED)),
            added(
                ((50, REGISTERED), (50, RELAYED)),
                *ways(
                    line(ERL, level="info", message="$what"),
                    what={
                        (
                            "progress: supervisor chat_sup started crash_reporter <0.$int[900,9999].0>,"
                            " restart permanent"
                        ): 0.08,
                        "alarm_handler: {clear,system_memory_high_watermark}": 0.01,
                    },
                ),
            ),
            every=((90.0, line(ERL, level="warning", message="session $hex[8] closed by peer: tcp_closed")),),
            minutes=7,
        ),
    ),
)
