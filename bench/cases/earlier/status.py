"""Status codes in access logs: Phoenix, chi, tower-http, Tomcat, IIS, uvicorn, Caddy, morgan, Jetty, Actix,
ELB.
"""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import line, ways
from cases.scene import Scene

case = partial(Case, family="status", half="tuned")

PHOENIX = (
    "$time[%H:%M:%S.%L] request_id=$hex[20] [info] $pick[GET|POST] /api/$pick[rooms|bookings]/$int[1,9999]\n"
    "$time[%H:%M:%S.%L] request_id=$hex[20] [info] Sent $status in $ms[1,40]ms"
)
PHOENIX_SCAN = (
    "$time[%H:%M:%S.%L] request_id=$hex[20] [info] GET $pick[/.env|/xmlrpc.php|/admin.php|/.aws/credentials]\n"
    "$time[%H:%M:%S.%L] request_id=$hex[20] [info] Sent 404 in $int[90,400]µs"
)
CHI = (
    '$time[%Y/%m/%d %H:%M:%S] [$pod/$hex[10]-$seq[1042]] "GET http://catalog.shop/v2/$pick[skus|brands]/$int[1,9999] HTTP/1.1"'
    " from $ip:$int[30000,60000] - $status $int[40,900]B in $go[0.3,30]"
)
TOWER = (
    "$time[%Y-%m-%dT%H:%M:%S.%f]Z  INFO request{method=GET uri=/stock/$int[1,9999] version=HTTP/1.1}:"
    " tower_http::trace::on_response: finished processing request latency=$latency ms status=$status"
)
TOMCAT = '$ip - $pick[-|svc-web|svc-mobile] [$clf] "$pick[GET|PUT] /rest/policies/$int[1000,9999] HTTP/1.1" $status $bytes $int[2,60]'
IIS = (
    "$sql 10.42.0.9 $pick[GET|POST] /Orders/$pick[List|Detail|Save] id=$int[1,9999] 80 - $ip"
    " Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64) - $status $took"
)
UVICORN = 'INFO:     $ip:$port - "$pick[GET|POST] /v1/$pick[embed|rank]/$int[1,999] HTTP/1.1" $status'
CADDY = (
    '{"level":"info","ts":$epochf,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"$ip",'
    '"remote_port":"$int[30000,60000]","proto":"HTTP/2.0","method":"GET","host":"docs.corp.example","uri":"/p/$int[1,999]"},'
    '"bytes_read":0,"user_id":"","duration":0.00$int[1000,9999],"size":$size,"status":$status}'
)
MORGAN = "$pick[GET|POST] /api/$pick[tickets|seats]/$int[1,999] $status $dec[1,30,3] ms - $int[20,900]"
JETTY = '$ip - - [$clf] "POST /collect HTTP/1.1" $status $int[0,90] "-" "Apache-HttpClient/5.3.1 (Java/21.0.4)" $int[1,30]'
ACTIX = (
    "[$time[%Y-%m-%dT%H:%M:%SZ] INFO  actix_web::middleware::logger] $ip"
    ' "GET /geo/$int[1,999] HTTP/1.1" $status $int[80,400] "-" "-" 0.00$int[1000,9999]'
)
ELB = (
    "http $time[%Y-%m-%dT%H:%M:%S.%f]Z app/shop/50dc6c495c0c9188 $client:$int[30000,60000] $ip:8080 0.000 $dec[0.01,0.2,3] 0.000"
    ' $status $int[90,400] $int[90,900] "GET http://shop.example:80/p/$int[1,999] HTTP/1.1" "Mozilla/5.0" - -'
)

CASES = (
    case(
        "phoenix-500",
        ROLLBACK,
        "Phoenix sends 500 for four of ten requests of the canary.",
        Scene(
            ways(PHOENIX, status={"200": 90, "201": 10}),
            ways(PHOENIX, status={"200": 52, "201": 8, "500": 40}),
            rate=100,
        ),
    ),
    case(
        "phoenix-scanner",
        PROMOTE,
        "The 404s are a scanner's, for paths that the service never had.",
        Scene(
            ways(PHOENIX, status={"200": 90, "201": 10}),
            (*ways(PHOENIX, status={"200": 84, "201": 9}), (7, PHOENIX_SCAN)),
            rate=100,
        ),
    ),
    case(
        "chi-500",
        ROLLBACK,
        "A quarter of the canary's requests end with 500 in chi's request log.",
        Scene(
            ways(CHI, status={"200": 97, "404": 3}),
            ways(CHI, status={"200": 73, "404": 3, "500": 24}),
            weight=20,
            rate=250,
        ),
    ),
    case(
        "chi-not-modified",
        PROMOTE,
        "The canary answers a fifth with 304, as clients send the ETag it introduced.",
        Scene(ways(CHI, status={"200": 97, "404": 3}), ways(CHI, status={"200": 77, "404": 3, "304": 20})),
    ),
    case(
        "tower-http-500",
        ROLLBACK,
        "Half of the canary's requests finish with status=500, at INFO.",
        Scene(
            ways(line(TOWER, latency="$int[0,9]"), status={"200": 1}),
            ways(line(TOWER, latency="$int[0,9]"), status={"200": 50, "500": 50}),
            minutes=6,
        ),
    ),
    case(
        "tower-http-latency-500",
        PROMOTE,
        "A latency of 500 to 519 ms is the long poll's, alike on both sides.",
        Scene(ways(line(TOWER, latency="5$int[0,1]$int[0,9]"), status={"200": 1}), weight=30),
    ),
    case(
        "tomcat-500",
        ROLLBACK,
        "Tomcat's access log has 500 for a third of the canary's requests.",
        Scene(
            ways(line(TOMCAT, bytes="$int[200,4000]"), status={"200": 1}),
            ways(line(TOMCAT, bytes="$int[200,4000]"), status={"200": 66, "500": 34}),
        ),
    ),
    case(
        "tomcat-bytes-503",
        PROMOTE,
        "500 to 509 is the number of bytes sent, which grew a little; each status is 200.",
        Scene(
            ways(line(TOMCAT, bytes="47$int[0,9]"), status={"200": 1}),
            ways(line(TOMCAT, bytes="50$int[0,9]"), status={"200": 1}),
        ),
    ),
    case(
        "iis-500",
        ROLLBACK,
        "IIS logs sc-status 500 for every fourth request of the canary.",
        Scene(
            ways(line(IIS, took="$int[3,90]"), status={"200 0 0": 1}),
            ways(line(IIS, took="$int[3,90]"), status={"200 0 0": 74, "500 0 0": 26}),
            weight=50,
        ),
    ),
    case(
        "uvicorn-503",
        ROLLBACK,
        "Uvicorn answers 503 to four of ten requests of the canary.",
        Scene(
            ways(line(UVICORN, port="$int[30000,60000]"), status={"200 OK": 1}),
            ways(
                line(UVICORN, port="$int[30000,60000]"), status={"200 OK": 60, "503 Service Unavailable": 40}
            ),
        ),
    ),
    case(
        "uvicorn-ports",
        PROMOTE,
        "The numbers from 500 to 503 are the clients' ports behind a proxy with low ports; each request is 200 OK.",
        Scene(
            ways(line(UVICORN, port="$int[600,699]"), status={"200 OK": 1}),
            ways(line(UVICORN, port="$int[500,503]"), status={"200 OK": 1}),
        ),
    ),
    case(
        "caddy-size-502",
        PROMOTE,
        "502 is the size of the page; its status is 200.",
        Scene(
            ways(line(CADDY, size="488"), status={"200": 9, "304": 1}),
            ways(line(CADDY, size="502"), status={"200": 9, "304": 1}),
        ),
    ),
    case(
        "morgan-same-400",
        PROMOTE,
        "Clients send as many invalid requests (400, 404) to both sides.",
        Scene(ways(MORGAN, status={"200": 90, "400": 7, "404": 3}), weight=35, rate=240),
    ),
    case(
        "jetty-client-aborts",
        PROMOTE,
        "Aborted uploads (499) come at the same rate on both sides.",
        Scene(ways(JETTY, status={"204": 95, "499": 5}), rate=260),
    ),
    case(
        "actix-500",
        ROLLBACK,
        "A third of the canary's requests get 500 from Actix.",
        Scene(
            ways(ACTIX, status={"200": 1}), ways(ACTIX, status={"200": 65, "500": 35}), minutes=5, rate=300
        ),
    ),
    case(
        "elb-502",
        ROLLBACK,
        "The load balancer passes on 502 for three of ten requests of the canary.",
        Scene(ways(ELB, status={"200 200": 1}), ways(ELB, status={"200 200": 70, "502 502": 30})),
    ),
)
