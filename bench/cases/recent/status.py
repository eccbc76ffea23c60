"""Status codes in access logs: Gin, Tornado, Rails, Koa, Rocket, Istio, CloudFront, Sanic, Mojolicious, Play,
Micronaut, APISIX.
"""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import line, ways
from cases.scene import Scene

case = partial(Case, family="status", half="tuned")

GIN = (
    "[GIN] $time[%Y/%m/%d - %H:%M:%S] | $status | $go[0.4,30] | $ip |"
    ' $pick[GET     |POST    ] "/api/v2/$pick[vouchers|wallets]/$int[100,99999]"'
)
TORNADO = "[$level $time[%y%m%d %H:%M:%S] web:2$int[290,348]] $status GET /forecast/$int[100,999] ($ip) $dec[2,60,2]ms"
RAILS = (
    'I, [$time[%Y-%m-%dT%H:%M:%S.%f] #7]  INFO -- : [$uuid] Started PATCH "/bookings/$int[1000,99999]" for $ip at $sql +0000\n'
    "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #7]  INFO -- : [$uuid] Processing by BookingsController#update as JSON\n"
    "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #7]  INFO -- : [$uuid] Completed $status in $ms[6,80]ms (Views: 0.$int[1,9]ms | ActiveRecord:"
    " $dec[1,30,1]ms | Allocations: $int[1800,9000])"
)
KOA = "  --> $pick[GET|POST] /playlists/$int[100,9999] $status $ms[3,70]ms $int[20,900]b"
ROCKET = (
    "GET /$pick[tariffs|zones]/$int[1,900] application/json:\n"
    "   >> Matched: (show) GET /$pick[tariffs|zones]/<id>\n"
    "   >> Outcome: $outcome"
)
ISTIO = (
    '{"authority":"quotes.shop.svc.cluster.local:8080","bytes_received":$int[0,300],"bytes_sent":$int[19,4000],'
    '"duration":$ms[2,60],"method":"POST","path":"/quote","protocol":"HTTP/1.1","request_id":"$uuid","response_code":$status,'
    '"route_name":"default","start_time":"$iso","upstream_cluster":"inbound|8080||"}'
)
CLOUDFRONT = (
    "$time[%Y-%m-%d\t%H:%M:%S]\tFRA56-P$int[1,9]\t$int[300,9000]\t$client\tGET\td1a2b3c4.cloudfront.net\t/video/$hex[8].m3u8\t"
    "$status\t-\tExoPlayer/2.19\t-\t-\t$result\t$hex[32]\tcdn.example.com\thttps\t$int[90,600]\t0.0$int[10,90]"
)
SANIC = (
    "[$time[%Y-%m-%d %H:%M:%S +0000]] [17] [INFO] ($where)[$ip:$int[30000,60000]]: PUT http://stickers:8000/pack/$int[1,900]"
    "  $status $int[20,900]"
)
MOJO = "[$sql] [1] [trace] [$hex[12]] $status $text (0.0$int[10,90]s, $int[12,90].$int[100,999]/s)"
PLAY = "$sql [info] a.AccessLoggingFilter - $pick[GET|POST] /ads/slot/$int[1,900] took $ms[3,80]ms and returned $status"
MICRONAUT = (
    '$time[%H:%M:%S.%L] [default-nioEventLoopGroup-1-$int[2,5]] INFO  HTTP_ACCESS_LOGGER - $ip - - [$clf] "GET'
    ' /lessons/$int[1,9000] HTTP/1.1" $status $int[40,3000]'
)
APISIX = (
    '$ip - - [$clf] gateway.example.com "POST /score/$int[1,90] HTTP/1.1" $status $int[20,300] 0.0$int[10,90] "-" "Dart/3.5'
    ' (dart:io)" $ip[10.244]:8080 $upstream 0.0$int[10,90] "http://gateway.example.com"'
)

CASES = (
    case(
        "gin-500",
        ROLLBACK,
        "Gin answers a third of the canary's requests with 500, none of stable's.",
        Scene(ways(GIN, status={"200": 97, "404": 3}), ways(GIN, status={"200": 63, "404": 3, "500": 34})),
    ),
    case(
        "gin-not-found-alike",
        PROMOTE,
        "Vouchers that have expired are not found, one in eight, on either side.",
        Scene(ways(GIN, status={"200": 88, "404": 12}), ways(GIN, status={"200": 87, "404": 13}), weight=40),
    ),
    case(
        "tornado-500",
        ROLLBACK,
        "Tornado answers half of the canary's requests with 500.",
        Scene(
            ways(line(TORNADO, level="I"), status={"200": 1}),
            (
                *ways(line(TORNADO, level="I"), status={"200": 50}),
                *ways(line(TORNADO, level="E"), status={"500": 50}),
            ),
            rate=120,
        ),
    ),
    case(
        "tornado-not-modified",
        PROMOTE,
        "The canary sends an Etag, so that a third of its answers are 304.",
        Scene(
            ways(line(TORNADO, level="I"), status={"200": 1}),
            ways(line(TORNADO, level="I"), status={"200": 66, "304": 34}),
            rate=120,
        ),
    ),
    case(
        "rails-completed-500",
        ROLLBACK,
        "A quarter of the canary's bookings end with Completed 500 Internal Server Error, at INFO as Rails has it.",
        Scene(
            ways(RAILS, status={"200 OK": 98, "422 Unprocessable Content": 2}),
            ways(
                RAILS, status={"200 OK": 73, "422 Unprocessable Content": 2, "500 Internal Server Error": 25}
            ),
            rate=70,
            minutes=12,
        ),
    ),
    case(
        "rails-more-queries",
        PROMOTE,
        "The canary's bookings say how many queries they made; all end with 200.",
        Scene(
            ways(RAILS, status={"200 OK": 1}),
            ways(
                RAILS.replace(
                    "ActiveRecord: $dec[1,30,1]ms",
                    "ActiveRecord: $dec[1,30,1]ms ($int[3,9] queries, 0 cached)",
                ),
                status={"200 OK": 1},
            ),
            rate=70,
        ),
    ),
    case(
        "koa-502",
        ROLLBACK,
        "Four of ten of the canary's answers are 502.",
        Scene(ways(KOA, status={"200": 1}), ways(KOA, status={"200": 60, "502": 40}), weight=15, rate=260),
    ),
    case(
        "koa-no-content",
        PROMOTE,
        "A new version answers writes with 204 in place of 200.",
        Scene(ways(KOA, status={"200": 96, "404": 4}), ways(KOA, status={"200": 50, "204": 46, "404": 4})),
    ),
    case(
        "rocket-outcome-error",
        ROLLBACK,
        "Rocket's outcome is Error(500 Internal Server Error) for four of ten requests of the canary.",
        Scene(
            ways(ROCKET, outcome={"Success(200 OK)": 1}),
            ways(ROCKET, outcome={"Success(200 OK)": 60, "Error(500 Internal Server Error)": 40}),
            rate=90,
        ),
    ),
    case(
        "rocket-created",
        PROMOTE,
        "Some of the canary's outcomes are 201 Created, which is a success.",
        Scene(
            ways(ROCKET, outcome={"Success(200 OK)": 1}),
            ways(ROCKET, outcome={"Success(200 OK)": 70, "Success(201 Created)": 30}),
            rate=90,
        ),
    ),
    case(
        "istio-response-code-503",
        ROLLBACK,
        "Istio's response_code is 503 for every third request of the canary.",
        Scene(ways(ISTIO, status={"200": 1}), ways(ISTIO, status={"200": 67, "503": 33}), minutes=7),
    ),
    case(
        "cloudfront-504",
        ROLLBACK,
        "CloudFront gets no answer in time from the canary for a fifth of the manifests (504 Error).",
        Scene(
            ways(line(CLOUDFRONT, status="200"), result={"Hit": 60, "Miss": 40}),
            (
                *ways(line(CLOUDFRONT, status="200"), result={"Hit": 50, "Miss": 30}),
                *ways(line(CLOUDFRONT, status="504"), result={"Error": 20}),
            ),
            weight=30,
            rate=240,
        ),
    ),
    case(
        "cloudfront-cold-cache",
        PROMOTE,
        "The canary's cache is cold, so that there are more misses; every request is answered with 200.",
        Scene(
            ways(line(CLOUDFRONT, status="200"), result={"Hit": 70, "Miss": 30}),
            ways(line(CLOUDFRONT, status="200"), result={"Hit": 30, "Miss": 70}),
            weight=30,
            rate=240,
        ),
    ),
    case(
        "sanic-500",
        ROLLBACK,
        "Six of ten of the canary's requests are answered 500, in lines of level INFO.",
        Scene(
            ways(line(SANIC, where="sanic.access"), status={"200": 1}),
            ways(line(SANIC, where="sanic.access"), status={"200": 40, "500": 60}),
            weight=10,
            rate=260,
        ),
    ),
    case(
        "sanic-logger-moved",
        PROMOTE,
        "The access logger has another name, and the statuses are as before.",
        Scene(
            ways(line(SANIC, where="sanic.access"), status={"200": 97, "404": 3}),
            ways(line(SANIC, where="sanic.server.access"), status={"200": 97, "404": 3}),
        ),
    ),
    case(
        "mojolicious-500",
        ROLLBACK,
        "Mojolicious writes 500 Internal Server Error for a quarter of the canary's requests, at its level trace.",
        Scene(
            ways(line(MOJO, text="OK"), status={"200": 1}),
            (
                *ways(line(MOJO, text="OK"), status={"200": 75}),
                *ways(line(MOJO, text="Internal Server Error"), status={"500": 25}),
            ),
            rate=140,
        ),
    ),
    case(
        "play-took-500ms",
        PROMOTE,
        "A figure of 500 is a slot's number or a time in milliseconds; all requests returned 200 or 204.",
        Scene(
            ways(PLAY.replace("$ms[3,80]", "$int[495,520]"), status={"200": 60, "204": 40}),
            ways(PLAY.replace("$ms[3,80]", "$int[496,521]"), status={"200": 60, "204": 40}),
            weight=40,
        ),
    ),
    case(
        "micronaut-both",
        PROMOTE,
        "One lesson in forty is broken in the database and answered 500, by the old version as by the new.",
        Scene(
            ways(MICRONAUT, status={"200": 975, "500": 25}),
            ways(MICRONAUT, status={"200": 975, "500": 25}),
            rate=290,
            weight=45,
        ),
    ),
    case(
        "apisix-upstream-502",
        ROLLBACK,
        "The gateway's and the upstream's status are 502 for three of ten requests to the canary.",
        Scene(
            ways(line(APISIX, status="200"), upstream={"200": 1}),
            (
                *ways(line(APISIX, status="200"), upstream={"200": 70}),
                *ways(line(APISIX, status="502"), upstream={"502": 30}),
            ),
            weight=30,
        ),
    ),
)
