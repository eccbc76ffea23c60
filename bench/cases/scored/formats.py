"""New forms of the log: logging to structlog, Spring Boot 2 to 3, nginx' combined log to JSON, glog-like to zerolog; and faults with them."""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Mix, line
from cases.scene import Scene

case = partial(Case, family="formats", half="scored")


def mix(form: str, *said: tuple[float, dict[str, str]]) -> Mix:
    """Return the form filled with each of what is said, by share."""
    return tuple((share, line(form, **holes)) for share, holes in said)


LOGGING = "$comma $upper parcels.$where: $message"
STRUCTLOG = '{"event": "$message", "level": "$lower", "logger": "parcels.$where", "timestamp": "$iso"}'
WEIGHED = {
    "upper": "INFO",
    "lower": "info",
    "where": "scale",
    "message": "parcel $int[10000,99999] weighed, $int[100,9000] g",
}
SORTED = {
    "upper": "INFO",
    "lower": "info",
    "where": "sorter",
    "message": "parcel $int[10000,99999] sorted to chute $int[1,40]",
}
OVERSIZE = {
    "upper": "WARNING",
    "lower": "warning",
    "where": "scale",
    "message": "parcel $int[10000,99999] is oversize, surcharge set",
}
JAMMED = {
    "upper": "ERROR",
    "lower": "error",
    "where": "sorter",
    "message": "parcel $int[10000,99999] not sorted: KeyError: 'chute_map'",
}

BOOT2 = "$time[%Y-%m-%d %H:%M:%S.%L]  $level 1 --- [nio-8080-exec-$int[1,9]] $old : $message"
BOOT3 = (
    "$time[%Y-%m-%dT%H:%M:%S.%L]Z  $level 1 --- [crew] [omcat-handler-$int[1,900]] [$hex[32]-$hex[16]]"
    " $new : $message"
)
ROSTER = {
    "level": "INFO",
    "old": "c.a.crew.roster.RosterServiceImpl       ",
    "new": "c.a.crew.roster.RosterPlanner           ",
    "message": "roster of crew $int[100,999] planned, $int[2,6] legs",
}
SWAP = {
    "level": "INFO",
    "old": "c.a.crew.swap.SwapServiceImpl           ",
    "new": "c.a.crew.swap.SwapDesk                  ",
    "message": "swap $int[1000,9999] agreed",
}
CACHE = {
    "level": "WARN",
    "old": "c.a.crew.rules.RuleCacheImpl            ",
    "new": "c.a.crew.rules.RuleCache                ",
    "message": "rule $int[1,90] expired, loaded again",
}
NO_RULE = {
    "level": "WARN",
    "old": "-",
    "new": "c.a.crew.roster.RosterPlanner           ",
    "message": "roster of crew $int[100,999] left unplanned, jakarta.validation found no provider",
}

COMBINED = (
    '$client - - [$clf] "$verb $path HTTP/1.1" $status $int[200,9000] "-" "Mozilla/5.0 (X11; Linux x86_64)'
    ' AppleWebKit/537.36"'
)
JSON = (
    '{"time":"$iso","remote_addr":"$client","request":{"method":"$verb","uri":"$path"},'
    '"status":$status,"body_bytes_sent":$int[200,9000],'
    '"request_time":0.0$int[10,90],"upstream_response_time":"0.0$int[10,80]",'
    '"http_user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"}'
)
PAGE = {"verb": "GET", "path": "/shows/$int[1,400]", "status": "200"}
TICKET = {"verb": "POST", "path": "/tickets", "status": "201"}
GONE = {"verb": "GET", "path": "/shows/$int[9000,9999]", "status": "404"}
NO_TICKET = {"verb": "POST", "path": "/tickets", "status": "504"}

PLAIN = "$upper[$int[1,9]] $time[%Y-%m-%d %H:%M:%S]: $message"
ZERO = '{"level":"$lower","time":$epoch,"message":"$message"}'
LIT = {"upper": "INFO", "lower": "info", "message": "lamp $int[1,4000] set to $int[10,100] %"}
READ = {"upper": "INFO", "lower": "info", "message": "dusk sensor $int[1,90] reads $int[1,80] lx"}
MUTE = {"upper": "INFO", "lower": "info", "message": "lamp $int[1,4000] did not acknowledge, left as it was"}

CASES = (
    case(
        "logging-to-structlog",
        PROMOTE,
        "The parcels' lines are structlog's JSON now; weighed, sorted and oversize ones come as often as before.",
        Scene(
            mix(LOGGING, (50, WEIGHED), (45, SORTED), (5, OVERSIZE)),
            mix(STRUCTLOG, (50, WEIGHED), (45, SORTED), (5, OVERSIZE)),
            weight=40,
            rate=110,
        ),
    ),
    case(
        "logging-to-structlog-jam",
        ROLLBACK,
        "In structlog's form a third of the parcels are not sorted.",
        Scene(
            mix(LOGGING, (50, WEIGHED), (45, SORTED)),
            mix(STRUCTLOG, (50, WEIGHED), (30, SORTED), (15, JAMMED)),
            weight=15,
            rate=260,
            minutes=8,
        ),
    ),
    case(
        "boot-two-to-three",
        PROMOTE,
        (
            "Time, thread, trace ids and class names are new with Spring Boot 3; rosters, swaps and"
            " expired rules are as before."
        ),
        Scene(
            mix(BOOT2, (60, ROSTER), (35, SWAP), (4, CACHE)),
            mix(BOOT3, (60, ROSTER), (35, SWAP), (4, CACHE)),
            rate=140,
        ),
    ),
    case(
        "boot-two-to-three-unplanned",
        ROLLBACK,
        "With Spring Boot 3 two of three rosters are left unplanned, at WARN.",
        Scene(
            mix(BOOT2, (60, ROSTER), (35, SWAP)),
            mix(BOOT3, (20, ROSTER), (40, NO_RULE), (35, SWAP)),
            rate=140,
        ),
    ),
    case(
        "nginx-combined-to-json",
        PROMOTE,
        "nginx logs JSON now; pages, tickets and the few 404 keep their shares.",
        Scene(
            mix(COMBINED, (75, PAGE), (20, TICKET), (4, GONE)),
            mix(JSON, (75, PAGE), (20, TICKET), (4, GONE)),
            weight=30,
            rate=210,
        ),
    ),
    case(
        "nginx-combined-to-json-504",
        ROLLBACK,
        "nginx logs JSON now, and nearly each ticket is a 504 in it; on stable all are 201.",
        Scene(
            mix(COMBINED, (75, PAGE), (20, TICKET), (4, GONE)),
            mix(JSON, (75, PAGE), (2, TICKET), (18, NO_TICKET), (4, GONE)),
            weight=30,
            rate=210,
        ),
    ),
    case(
        "plain-to-zerolog",
        PROMOTE,
        "The lamps' lines become zerolog's, their words and proportions are the same.",
        Scene(mix(PLAIN, (60, LIT), (40, READ)), mix(ZERO, (60, LIT), (40, READ)), weight=50, pods=(2, 2)),
    ),
    case(
        "plain-to-zerolog-mute",
        ROLLBACK,
        "In the new form half of the lamps do not acknowledge what they are told, at info.",
        Scene(
            mix(PLAIN, (60, LIT), (40, READ)),
            mix(ZERO, (30, LIT), (30, MUTE), (40, READ)),
            weight=50,
            pods=(2, 2),
        ),
    ),
)
