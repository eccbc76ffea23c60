"""Status codes in access logs: nginx, Envoy, Traefik, Kestrel, lograge, Fastify (pino-http), HAProxy,
gunicorn.
"""

from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import line, ways
from cases.scene import Scene

case = partial(Case, family="status", half="tuned")

NGINX = (
    '$ip - - [$clf] "$pick[GET|GET|POST] /api/$pick[items|carts|users]/$int[100,99999] HTTP/1.1" $status $int[90,4200]'
    ' "-" "$pick[okhttp/4.12.0|Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)|python-requests/2.32.3]"'
)
SCANNED = '$client - - [$clf] "GET $pick[/.env|/wp-login.php|/.git/config|/phpinfo.php] HTTP/1.1" 404 153 "-" "Go-http-client/1.1"'
PROBED = ((10.0, '10.42.0.1 - - [$clf] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.31"'),)
ENVOY = (
    '[$iso] "$pick[GET|POST] /v1/$pick[quotes|orders]/$hex[8] HTTP/2" $status $int[0,300] $int[19,900] $ms[4,90] $ms[3,80]'
    ' "$client" "grpc-node-js/1.11.1" "$uuid" "orders.shop.svc.cluster.local" "$ip:8080"'
)
TRAEFIK = (
    '$client - - [$clf] "GET /$pick[baskets|offers]/$int[100,9999] HTTP/1.1" $status $int[40,2500] "-" "-" $seq[80120]'
    ' "shop@kubernetescrd" "http://$ip:8080" $ms[3,70]ms'
)
KESTREL = (
    "info: Microsoft.AspNetCore.Hosting.Diagnostics[1]\n"
    "      Request starting HTTP/1.1 GET http://orders/api/orders/$int[1000,99999] - - -\n"
    "info: Microsoft.AspNetCore.Hosting.Diagnostics[2]\n"
    "      Request finished HTTP/1.1 GET http://orders/api/orders/$int[1000,99999] - $status - application/json; charset=utf-8"
    " $dec[2,60,4]ms"
)
LOGRAGE = (
    "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #1]  INFO -- : [$uuid] method=GET path=/products/$int[1,9000] format=json"
    " controller=ProductsController action=show status=$status duration=$took view=0.41 db=$dec[1,20,2]"
)
FASTIFY = (
    '{"level":30,"time":$epochms,"pid":1,"hostname":"$pod","reqId":"req-$hex[4]","res":{"statusCode":$status},'
    '"responseTime":$dec[1,40,6],"msg":"request completed"}'
)
PINO = (
    '{"level":30,"time":$epochms,"pid":1,"hostname":"$pod","req":{"id":$seq[1],"method":"GET","url":"/feed?page=$int[1,9]"},'
    '"res":{"statusCode":200,"headers":{"content-length":"$bytes"}},"responseTime":$ms[3,40],"msg":"request completed"}'
)
HAPROXY = (
    "<134>$time[%b %d %H:%M:%S] haproxy[8]: $client:$int[30000,60000] [$time[%d/%b/%Y:%H:%M:%S.%L]] https~"
    ' be_app/$end $int[100,5200] - - ---- $int[4,40]/$int[1,9]/0/0/0 0/0 "GET /account/$int[1,9000] HTTP/1.1"'
)
GUNICORN = '$ip - - [$time[%d/%b/%Y:%H:%M:%S +0000]] "POST /predict HTTP/1.1" $status $int[30,300] "-" "python-httpx/0.27.0"'

CASES = (
    case(
        "nginx-500",
        ROLLBACK,
        "Four of ten requests to the canary end with 500, none of stable's do.",
        Scene(
            ways(NGINX, status={"200": 94, "404": 6}),
            ways(NGINX, status={"200": 56, "500": 38, "404": 6}),
            every=PROBED,
        ),
    ),
    case(
        "nginx-scanner",
        PROMOTE,
        "A scanner's 404s for files that no shop has come to the canary now; its customers are all served.",
        Scene(
            ways(NGINX, status={"200": 97, "304": 3}),
            (*ways(NGINX, status={"200": 90, "304": 3}), (8, SCANNED)),
            every=PROBED,
        ),
    ),
    case(
        "envoy-503",
        ROLLBACK,
        "A third of the canary's requests get 503 UF: Envoy cannot connect to the application.",
        Scene(
            ways(ENVOY, status={'200 - via_upstream - "-"': 1}),
            ways(
                ENVOY,
                status={
                    '200 - via_upstream - "-"': 67,
                    '503 UF upstream_reset_before_response_started{connection_failure} - "delayed_connect_error:_111"': 33,
                },
            ),
            minutes=8,
            weight=30,
        ),
    ),
    case(
        "envoy-client-gone",
        PROMOTE,
        "Clients that go away (0 DC) are as frequent on both sides.",
        Scene(
            ways(ENVOY, status={'200 - via_upstream - "-"': 95, '0 DC downstream_remote_disconnect - "-"': 5})
        ),
    ),
    case(
        "traefik-502",
        ROLLBACK,
        "Half of what Traefik sends to the canary comes back as 502.",
        Scene(
            ways(TRAEFIK, status={"200": 1}),
            ways(TRAEFIK, status={"200": 50, "502": 50}),
            weight=10,
            rate=220,
        ),
    ),
    case(
        "traefik-not-modified",
        PROMOTE,
        "More 304s mean that caches now work; every request is answered.",
        Scene(ways(TRAEFIK, status={"200": 96, "304": 4}), ways(TRAEFIK, status={"200": 70, "304": 30})),
    ),
    case(
        "kestrel-500",
        ROLLBACK,
        "Kestrel answers half of the canary's requests with 500, in lines of level info.",
        Scene(
            ways(KESTREL, status={"200": 1}),
            ways(KESTREL, status={"200": 52, "500": 48}),
            rate=80,
            minutes=12,
        ),
    ),
    case(
        "lograge-500",
        ROLLBACK,
        "A third of the canary's requests have status=500, at level INFO as lograge writes them.",
        Scene(
            ways(line(LOGRAGE, took="$dec[4,60,2]"), status={"200": 98, "404": 2}),
            ways(line(LOGRAGE, took="$dec[4,60,2]"), status={"200": 64, "500": 34, "404": 2}),
        ),
    ),
    case(
        "lograge-slow-report",
        PROMOTE,
        "Durations near 500 are milliseconds, alike on both sides; every status is 200.",
        Scene(ways(line(LOGRAGE, took="5$int[0,3]$int[0,9].$int[10,99]"), status={"200": 1}), weight=40),
    ),
    case(
        "fastify-500",
        ROLLBACK,
        "A quarter of the canary's answers carry statusCode 500, at pino's level 30 (info).",
        Scene(
            ways(FASTIFY, status={"200": 98, "404": 2}),
            ways(FASTIFY, status={"200": 73, "404": 2, "500": 25}),
            minutes=6,
        ),
    ),
    case(
        "pino-content-length",
        PROMOTE,
        "A field of 500 to 504 is the size of the answer, which grew by one attribute; the statuses are all 200.",
        Scene(
            line(PINO, bytes="48$int[0,6]"),
            line(PINO, bytes="50$int[0,4]"),
        ),
    ),
    case(
        "haproxy-503",
        ROLLBACK,
        "HAProxy finds no server that works for four of ten requests of the canary (503 SC).",
        Scene(
            ways(HAPROXY, end={"app1 0/0/1/$int[2,40]/$int[41,60] 200": 1}),
            ways(
                HAPROXY,
                end={"app1 0/0/1/$int[2,40]/$int[41,60] 200": 58, "<NOSRV> 0/-1/-1/-1/$int[1,4] 503": 42},
            ),
        ),
    ),
    case(
        "haproxy-port-5000",
        PROMOTE,
        "The canary's back end is named for its port 5000; each status is 200.",
        Scene(
            ways(HAPROXY, end={"app1 0/0/1/$int[2,40]/$int[41,60] 200": 1}),
            ways(HAPROXY, end={"app-5000 0/0/1/$int[2,40]/$int[41,60] 200": 1}),
            weight=50,
        ),
    ),
    case(
        "gunicorn-both",
        PROMOTE,
        "A bad input ends in 500 once in fifty requests, with the old version as with the new.",
        Scene(ways(GUNICORN, status={"200": 98, "500": 2}), rate=280, weight=40),
    ),
)
