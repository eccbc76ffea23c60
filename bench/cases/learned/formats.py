"""New forms of the log: log4j's pattern to JSON, Rails to lograge, Go's log to slog, winston to pino; and faults that come with them."""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Mix, line
from cases.scene import Scene

case = partial(Case, family="formats", half="tuned")


def mix(form: str, *said: tuple[float, dict[str, str]]) -> Mix:
    """Return the form filled with each of what is said, by share."""
    return tuple((share, line(form, **holes)) for share, holes in said)


PATTERN = "$comma $level [http-nio-8080-exec-$int[1,20]] $where - $message"
LAYOUT = (
    '{"@timestamp":"$iso","log.level":"$level","message":"$message","ecs.version":"1.2.0",'
    '"service.name":"claims",'
    '"event.dataset":"claims","process.thread.name":"http-nio-8080-exec-$int[1,20]","log.logger":"$where"}'
)
FILED = {
    "level": "INFO",
    "where": "com.acme.claims.Intake",
    "message": "claim $int[100000,999999] filed, $int[1,6] documents",
}
ASSESSED = {
    "level": "INFO",
    "where": "com.acme.claims.Assessor",
    "message": "claim $int[100000,999999] assessed in $ms[20,300] ms",
}
DUPLICATE = {
    "level": "WARN",
    "where": "com.acme.claims.Intake",
    "message": "claim $int[100000,999999] is a duplicate, ignored",
}
LOST = {
    "level": "ERROR",
    "where": "com.acme.claims.Assessor",
    "message": "claim $int[100000,999999] not assessed: no rule set for product 0",
}

RAILS = (
    'I, [$time[%Y-%m-%dT%H:%M:%S].$int[100000,999999] #1]  INFO -- : [$uuid] Started $verb "$path" for'
    " $client at $sql +0000\n"
    "I, [$time[%Y-%m-%dT%H:%M:%S].$int[100000,999999] #1]  INFO -- : [$uuid] Processing by $action as HTML\n"
    "I, [$time[%Y-%m-%dT%H:%M:%S].$int[100000,999999] #1]  INFO -- : [$uuid] Completed $status in"
    " $ms[8,120]ms (Views: $dec[1,40,1]ms | ActiveRecord: $dec[1,20,1]ms)"
)
LOGRAGE = (
    "method=$verb path=$path format=html controller=$ctl action=$act status=$status"
    " allocations=$int[900,9000] duration=$dec[8,120,2] view=$dec[1,40,2] db=$dec[1,20,2]"
)
SHOWN = {
    "verb": "GET",
    "path": "/listings/$int[1,900]",
    "action": "ListingsController#show",
    "ctl": "ListingsController",
    "act": "show",
}
SAVED = {
    "verb": "POST",
    "path": "/favourites",
    "action": "FavouritesController#create",
    "ctl": "FavouritesController",
    "act": "create",
}


def rails(form: str, ok: str, redirect: str, failed: float = 0) -> Mix:
    whole: tuple[tuple[float, dict[str, str]], ...] = (
        (70, {**SHOWN, "status": ok}),
        (20 - failed, {**SAVED, "status": redirect}),
        (failed, {**SAVED, "status": "500"}),
    )
    return mix(form, *(part for part in whole if part[0]))


STD = "$time[%Y/%m/%d %H:%M:%S] $message"
SLOG = '{"time":"$iso","level":"$level","msg":"$message"}'
CRAWLED = {"level": "INFO", "message": "fetched https://$pick[a|b|c].example/p/$int[1,9000] in $go[20,400]"}
ROBOTS = {
    "level": "INFO",
    "message": "skipped https://$pick[a|b|c].example/x/$int[1,90], disallowed by robots.txt",
}
UNFETCHED = {
    "level": "INFO",
    "message": "giving up on https://$pick[a|b|c].example/p/$int[1,9000]: tls: handshake failure",
}

WINSTON = "$iso [$word] rides: $message"
PINO = '{"level":$number,"time":$epochms,"pid":1,"hostname":"$pod","name":"rides","msg":"$message"}'
ASSIGNED = {"word": "info", "number": "30", "message": "ride $hex[8] assigned to car $int[1,400]"}
ENDED = {"word": "info", "number": "30", "message": "ride $hex[8] ended, $dec[1,30,1] km"}
SLOW_MAP = {"word": "warn", "number": "40", "message": "map tile $int[1,900] came from the fallback host"}
STRANDED = {
    "word": "error",
    "number": "50",
    "message": "ride $hex[8] not assigned: cars.filter is not a function",
}

CASES = (
    case(
        "log4j-to-ecs-layout",
        PROMOTE,
        "The same claims in ECS JSON; the one warning about duplicates comes as often as before.",
        Scene(
            mix(PATTERN, (50, FILED), (45, ASSESSED), (4, DUPLICATE)),
            mix(LAYOUT, (50, FILED), (45, ASSESSED), (4, DUPLICATE)),
            weight=40,
            rate=100,
        ),
    ),
    case(
        "log4j-to-ecs-and-lost",
        ROLLBACK,
        "The form is new, and so is that a third of the claims are not assessed, at ERROR.",
        Scene(
            mix(PATTERN, (50, FILED), (45, ASSESSED)),
            mix(LAYOUT, (50, FILED), (28, ASSESSED), (17, LOST)),
            weight=20,
            rate=240,
        ),
    ),
    case(
        "listings-rails-to-lograge",
        PROMOTE,
        "Three lines a request become one of lograge's, with the same paths and statuses.",
        Scene(rails(RAILS, "200 OK", "302 Found"), rails(LOGRAGE, "200", "302"), rate=110),
    ),
    case(
        "rails-to-lograge-500",
        ROLLBACK,
        (
            "Of the requests that save a favourite three of four are status=500 in the canary's new form;"
            " stable's are redirects."
        ),
        Scene(rails(RAILS, "200 OK", "302 Found"), rails(LOGRAGE, "200", "302", failed=15), rate=110),
    ),
    case(
        "go-log-to-slog",
        PROMOTE,
        "The crawler's plain lines become slog's JSON; pages and skips are in the same proportion.",
        Scene(mix(STD, (80, CRAWLED), (20, ROBOTS)), mix(SLOG, (80, CRAWLED), (20, ROBOTS)), weight=35),
    ),
    case(
        "go-log-to-slog-gives-up",
        ROLLBACK,
        "In its new JSON the canary gives up on half of the pages, at INFO.",
        Scene(
            mix(STD, (80, CRAWLED), (20, ROBOTS)),
            mix(SLOG, (40, CRAWLED), (20, ROBOTS), (40, UNFETCHED)),
            weight=35,
        ),
    ),
    case(
        "rides-winston-to-pino",
        PROMOTE,
        "winston's words become pino's numbers, 30 and 40, at the same rates.",
        Scene(
            mix(WINSTON, (50, ASSIGNED), (45, ENDED), (5, SLOW_MAP)),
            mix(PINO, (50, ASSIGNED), (45, ENDED), (5, SLOW_MAP)),
            minutes=15,
            rate=90,
        ),
    ),
    case(
        "winston-to-pino-stranded",
        ROLLBACK,
        "The new form hides at level 50 that every second ride gets no car.",
        Scene(
            mix(WINSTON, (50, ASSIGNED), (45, ENDED), (5, SLOW_MAP)),
            mix(PINO, (25, ASSIGNED), (25, STRANDED), (45, ENDED), (5, SLOW_MAP)),
            rate=120,
            weight=50,
            pods=(2, 2),
        ),
    ),
)
