"""Status codes in access logs: lograge, the Cloud Foundry router, Kong, Vapor."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Mix, added, line, ways
from cases.scene import Scene

case = partial(Case, family="status", half="scored")

LOGRAGE = (
    "[$uuid] method=$verb path=$path format=json controller=Api::$ctl action=$act status=$status"
    " allocations=$int[900,7000] duration=$dec[6,90,2] view=$dec[0,9,2] db=$dec[1,30,2]"
)
JOBS: Mix = (
    (
        8,
        "[ActiveJob] [Search::ReindexJob] [$uuid] Performing Search::ReindexJob (Job ID: $uuid) from Sidekiq(low)",
    ),
    (
        8,
        (
            "[ActiveJob] [Search::ReindexJob] [$uuid] Performed Search::ReindexJob (Job ID: $uuid) from"
            " Sidekiq(low) in $dec[9,80,2]ms"
        ),
    ),
)
ROUTER = (
    'fares.apps.example - [$time[%Y-%m-%dT%H:%M:%S.%L]000000Z] "$request HTTP/1.1" $status 0'
    ' $int[90,4000] "-" "$agent"'
    ' "$client:$int[20000,60000]" "$ip:61$int[100,999]" x_forwarded_for:"$client"'
    ' x_forwarded_proto:"https" vcap_request_id:"$uuid"'
    ' response_time:$dec[0.004,0.09,6] gorouter_time:0.000$int[100,400] app_id:"$hex[8]"'
    ' app_index:"$int[0,2]" x_cf_routererror:"$error"'
)
KONG = (
    '{"request":{"method":"$verb","uri":"$path","size":$int[90,900]},"response":{"status":$status,'
    '"size":$int[200,4000]},'
    '"latencies":{"kong":$ms[1,9],"proxy":$ms[4,80],"request":$ms[6,90]},"upstream_status":"$upstream",'
    '"route":{"name":"$route"},'
    '"client_ip":"$client","started_at":$epochms}'
)
VAPOR = "[ $level ] $message [request-id: $uuid]"
VAPOR_ASK = line(VAPOR, level="INFO", message="$verb $path")


def lograge(shown: dict[str, float], placed: dict[str, float]) -> Mix:
    """Return reads and bids, each with its statuses, beside the jobs."""
    reads = line(LOGRAGE, verb="GET", path="/api/lots/$int[1,900]", ctl="LotsController", act="show")
    bids = line(LOGRAGE, verb="POST", path="/api/lots/$int[1,900]/bids", ctl="BidsController", act="create")
    return (*ways(reads, status=shown), *ways(bids, status=placed), *JOBS)


def router(status: dict[str, float], error: str = "-") -> Mix:
    return ways(
        line(ROUTER, request="GET /fares/$int[100,999]", agent="okhttp/4.11.0", error=error), status=status
    )


def kong(route: str, status: str, upstream: str, path: str, verb: str = "GET") -> str:
    return line(KONG, route=route, status=status, upstream=upstream, path=path, verb=verb)


KONG_WORK: Mix = (
    (60, kong("menu", "200", "200", "/menu/$int[1,90]")),
    (25, kong("orders", "201", "201", "/orders", "POST")),
    (4, kong("orders", "409", "409", "/orders", "POST")),
)
VAPOR_WORK: Mix = (
    (
        50,
        f"{VAPOR_ASK.replace('$verb', 'GET').replace('$path', '/recipes/$int[1,900]')}\n[ INFO ] <- 200 OK in $dec[2,40,1] ms",
    ),
    (
        30,
        f"{VAPOR_ASK.replace('$verb', 'PUT').replace('$path', '/recipes/$int[1,900]/stars')}\n[ INFO ] <- 204 No Content in $dec[2,40,1] ms",
    ),
)

CASES = (
    case(
        "lograge-bids-422",
        ROLLBACK,
        "The canary answers 422 to nearly all bids, which stable takes with 201; the lots are shown as before.",
        Scene(
            lograge({"200": 70}, {"201": 27, "422": 3}),
            lograge({"200": 70}, {"201": 2, "422": 28}),
            every=(
                (
                    10.0,
                    line(LOGRAGE, verb="GET", path="/up", ctl="HealthController", act="show", status="200"),
                ),
            ),
        ),
    ),
    case(
        "lograge-lots-304",
        PROMOTE,
        "The canary's lots have ETags, so half of the reads are 304; bids are taken as ever.",
        Scene(
            lograge({"200": 70}, {"201": 27, "422": 3}),
            lograge({"200": 33, "304": 37}, {"201": 27, "422": 3}),
            every=(
                (
                    10.0,
                    line(LOGRAGE, verb="GET", path="/up", ctl="HealthController", act="show", status="200"),
                ),
            ),
            weight=45,
            rate=130,
        ),
    ),
    case(
        "gorouter-endpoint-failure",
        ROLLBACK,
        "A fourth of the canary's requests are 502 with endpoint_failure, stable has one in a thousand.",
        Scene(
            router({"200": 96, "404": 4}),
            (*router({"200": 71, "404": 4}), *router({"502": 25}, "endpoint_failure")),
            rate=150,
        ),
    ),
    case(
        "gorouter-clients-go-away",
        PROMOTE,
        (
            "Phones lose their connection: 499 in two of a hundred requests on both sides, and all others"
            " are answered."
        ),
        Scene(
            (*router({"200": 94, "404": 4}), *router({"499": 2}, "client_disconnected")),
            (*router({"200": 94, "404": 4}), *router({"499": 2.2}, "client_disconnected")),
            rate=170,
            weight=40,
        ),
    ),
    case(
        "kong-orders-rejected",
        NOT_PROMOTE,
        "The canary's orders meet 400 in two of three, while the menu, most of the requests, is 200.",
        Scene(
            KONG_WORK,
            (
                KONG_WORK[0],
                (8, KONG_WORK[1][1]),
                (17, kong("orders", "400", "400", "/orders", "POST")),
                KONG_WORK[2],
            ),
            every=((70.0, kong("menu", "502", "-", "/menu/$int[1,90]")),),
            rate=220,
        ),
    ),
    case(
        "kong-cors-preflight",
        PROMOTE,
        (
            "Browsers ask the canary first with OPTIONS, which is 204, and then order with success; no"
            " status is worse."
        ),
        Scene(
            KONG_WORK,
            added(KONG_WORK, (0.35, kong("orders", "204", "-", "/orders", "OPTIONS"))),
            every=((70.0, kong("menu", "502", "-", "/menu/$int[1,90]")),),
            weight=15,
            rate=280,
        ),
    ),
    case(
        "vapor-abort-500",
        ROLLBACK,
        "Stars cannot be saved on the canary: each second one is 500, the answer line at INFO.",
        Scene(
            VAPOR_WORK,
            (
                VAPOR_WORK[0],
                (15, VAPOR_WORK[1][1]),
                (15, VAPOR_WORK[1][1].replace("204 No Content", "500 Internal Server Error")),
            ),
            rate=130,
        ),
    ),
    case(
        "vapor-favicon",
        PROMOTE,
        (
            "A browser's tab asks the canary for favicons that were never there, 404 each time; recipes"
            " and stars are as on stable."
        ),
        Scene(
            VAPOR_WORK,
            added(
                VAPOR_WORK,
                (
                    0.15,
                    f"{line(VAPOR_ASK, verb='GET', path='/favicon.ico')}\n[ INFO ] <- 404 Not Found in 0.$int[2,9] ms",
                ),
            ),
            rate=130,
        ),
    ),
)
