"""Status codes in access logs: Apache, Varnish, Kong, Django, Flask, Ktor, Vert.x, WildFly, MinIO, Triton, Axum, Squid."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import line, ways
from cases.scene import Scene

case = partial(Case, family="status", half="tuned")

APACHE = (
    'shop.example:80 $client - - [$clf] "$pick[GET|POST] /api/$pick[cart|items]/$int[1,900] HTTP/1.1" $status $int[200,9000]'
    ' "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0" $int[900,90000]'
)
VARNISH = '$ip - - [$clf] "GET http://shop.example/p/$int[1,9000] HTTP/1.1" $status $int[300,9000] "-" "curl/8.5" $pick[hit|miss]'
KONG = (
    '{"latencies":{"kong":$int[0,3],"proxy":$int[4,90],"request":$int[5,95]},"service":{"name":"quotes","port":80},"request":{"method":"GET",'
    '"uri":"/quotes/$int[1,900]","size":$int[90,400]},"client_ip":"$ip","response":{"status":$status,"size":$int[200,4000]},"started_at":$epochm'
    "s"
    "}"
)
DJANGO = '[$time[%d/%b/%Y %H:%M:%S]] "$pick[GET|POST] /reports/$int[1,900]/ HTTP/1.1" $status $int[200,9000]'
KTOR = (
    "$time[%Y-%m-%d %H:%M:%S.%L] [eventLoopGroupProxy-4-$int[1,4]] INFO  ktor.application - $status: GET -"
    " /rides/$int[1,999] in $int[3,60]ms"
)
VERTX = (
    "$time[%Y-%m-%dT%H:%M:%S.%L] INFO  [vert.x-eventloop-thread-$int[0,7]] i.v.e.w.h.i.LoggerHandlerImpl: $ip - - [$time[%a,"
    ' %d %b %Y %H:%M:%S] GMT] "GET /slots/$int[1,99] HTTP/1.1" $status $int[20,900] "-" "okhttp/5.0"'
)
MINIO = (
    '{"version":"1","deploymentid":"$uuid","time":"$iso","trigger":"incoming","api":{"name":"GetObject","bucket":"media",'
    '"object":"p/$hex[8].jpg","status":"$text","statusCode":$code,"timeToResponse":"$int[100000,900000]ns"},"remotehost":"$ip"}'
)
WILDFLY = (
    "$time[%H:%M:%S],$int[100,999] INFO  [com.acme.rest.AccessFilter] (default task-$int[1,40]) PUT /stock/$int[1,900] ->"
    " $status [$int[2,60] ms]"
)
SQUID = (
    "$epoch.$int[100,999]    $int[10,90] $ip TCP_MISS/$status $int[300,9000] GET http://feed.example/v2/$int[1,900] -"
    " HIER_DIRECT/$ip[10.43] application/json"
)

CASES = (
    case(
        "apache-vhost-500",
        ROLLBACK,
        "Every third request to the canary's Apache ends with 500.",
        Scene(
            ways(APACHE, status={"200": 97, "404": 3}), ways(APACHE, status={"200": 64, "404": 3, "500": 33})
        ),
    ),
    case(
        "apache-vhost-304",
        PROMOTE,
        "The canary answers half of the requests with 304, not modified: it sends an ETag.",
        Scene(
            ways(APACHE, status={"200": 97, "404": 3}), ways(APACHE, status={"200": 49, "304": 48, "404": 3})
        ),
    ),
    case(
        "varnish-503",
        ROLLBACK,
        "Varnish's back end on the canary fails for half of the fetches.",
        Scene(
            ways(VARNISH, status={"200": 1}),
            ways(VARNISH, status={"200": 50, "503": 50}),
            weight=20,
            rate=240,
        ),
    ),
    case(
        "varnish-more-misses",
        PROMOTE,
        "The canary's cache is cold, so that it misses more; all answers are 200.",
        Scene(
            ways(VARNISH, status={"200": 1}),
            ways(VARNISH.replace("hit|miss", "miss|miss|miss|hit"), status={"200": 1}),
        ),
    ),
    case(
        "kong-502",
        ROLLBACK,
        "Kong passes on 502 for four of ten of the canary's requests.",
        Scene(ways(KONG, status={"200": 99, "404": 1}), ways(KONG, status={"200": 59, "404": 1, "502": 40})),
    ),
    case(
        "kong-other-client-sizes",
        PROMOTE,
        "Requests of about 500 bytes, whose size looks like a status; all are answered 200.",
        Scene(
            ways(KONG, status={"200": 1}),
            ways(KONG.replace('"size":$int[90,400]}', '"size":$int[498,512]}'), status={"200": 1}),
        ),
    ),
    case(
        "django-runserver-500",
        ROLLBACK,
        "Django answers 500 for every fourth report on the canary.",
        Scene(ways(DJANGO, status={"200": 1}), ways(DJANGO, status={"200": 75, "500": 25}), minutes=7),
    ),
    case(
        "ktor-status-text",
        ROLLBACK,
        "Ktor's call log has 500 Internal Server Error for half of the canary's rides.",
        Scene(
            ways(KTOR, status={"200 OK": 1}),
            ways(KTOR, status={"200 OK": 50, "500 Internal Server Error": 50}),
            weight=40,
        ),
    ),
    case(
        "ktor-201",
        PROMOTE,
        "The canary answers 201 Created where stable answers 200 OK.",
        Scene(
            ways(KTOR, status={"200 OK": 1}), ways(KTOR, status={"200 OK": 60, "201 Created": 40}), weight=40
        ),
    ),
    case(
        "vertx-404-of-a-scanner",
        PROMOTE,
        "A scanner asks the canary for what is not there, as it does stable.",
        Scene(
            ways(VERTX, status={"200": 92, "404": 8}),
            ways(VERTX, status={"200": 91, "404": 9}),
            rate=200,
            weight=30,
        ),
    ),
    case(
        "vertx-401",
        NOT_PROMOTE,
        "Nine of ten of the canary's requests are answered 401, of stable's one in fifty.",
        Scene(ways(VERTX, status={"200": 98, "401": 2}), ways(VERTX, status={"200": 10, "401": 90})),
    ),
    case(
        "minio-slow-down",
        NOT_PROMOTE,
        "Four of ten objects are answered SlowDown, 503.",
        Scene(
            ways(line(MINIO, code="200"), text={"OK": 1}),
            (
                *ways(line(MINIO, code="200"), text={"OK": 60}),
                *ways(line(MINIO, code="503"), text={"Service Unavailable": 40}),
            ),
        ),
    ),
    case(
        "minio-partial-content",
        PROMOTE,
        "The canary's clients ask for ranges, which are answered 206.",
        Scene(
            ways(line(MINIO, code="200"), text={"OK": 1}),
            (
                *ways(line(MINIO, code="200"), text={"OK": 40}),
                *ways(line(MINIO, code="206"), text={"Partial Content": 60}),
            ),
        ),
    ),
    case(
        "wildfly-arrow-503",
        ROLLBACK,
        "A filter of the application's own writes -> 503 for a third of the canary's requests.",
        Scene(ways(WILDFLY, status={"204": 1}), ways(WILDFLY, status={"204": 67, "503": 33})),
    ),
    case(
        "squid-tcp-miss-504",
        NOT_PROMOTE,
        "The canary's Squid gets no answer from the feed for half of its requests.",
        Scene(ways(SQUID, status={"200": 1}), ways(SQUID, status={"200": 50, "504": 50})),
    ),
    case(
        "squid-304",
        PROMOTE,
        "A part of the feed has not been modified; Squid writes 304.",
        Scene(
            ways(SQUID, status={"200": 90, "304": 10}),
            ways(SQUID, status={"200": 84, "304": 16}),
            weight=40,
            rate=260,
        ),
    ),
)
