"""Proxies and gateways: nginx, HAProxy, Envoy, Kong, Traefik, Caddy, Varnish, a CDN's origin, APISIX."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added, line
from cases.scene import Scene

case = partial(Case, half="tuned")

NGINX = (
    '$client - - [$clf] "GET /$pick[|sale|news|stores|about] HTTP/2.0" 200 $int[900,40000] "-" "Mozilla/5.0" '
    "rt=$took ua=$via us=$codes"
)
STRAIGHT = line(NGINX, took="0.0$int[10,99]", via='"10.42.3.$int[10,19]:8080"', codes='"200"')
SECOND_TRY = line(
    NGINX, took="3.0$int[10,99]", via='"10.42.9.7:8080, 10.42.3.$int[10,19]:8080"', codes='"504, 200"'
)
RELOAD = (
    "$time[%Y/%m/%d %H:%M:%S] [notice] 1#1: signal 1 (SIGHUP) received from 7, reconfiguring",
    "$time[%Y/%m/%d %H:%M:%S] [notice] 29#29: gracefully shutting down",
    "$time[%Y/%m/%d %H:%M:%S] [notice] 1#1: worker process 29 exited with code 0",
    "$time[%Y/%m/%d %H:%M:%S] [notice] 1#1: signal 17 (SIGCHLD) received from 29",
)
HAPROXY = (
    "$client:$int[20000,60000] [$time[%d/%b/%Y:%H:%M:%S.%L]] fe_web~ be_media/media$int[1,4] 0/0/1/$int[8,70]/$total 200 "
    '$bytes - - $end $int[20,90]/$int[10,19]/$int[2,9]/1/0 0/0 "GET /clip/$int[1000,9999].mp4 HTTP/1.1"'
)
CLIP = line(HAPROXY, total="$int[300,2400]", bytes="$int[2000000,9000000]", end="----")
CLIENT_LEFT = line(HAPROXY, total="$int[90,900]", bytes="$int[20000,900000]", end="CD--")
SERVER_CUT = line(HAPROXY, total="$int[90,900]", bytes="$int[20000,900000]", end="SD--")
ENVOY = (
    '[$iso] "$verb $path HTTP/2" $code $flags $details - "-" $int[0,900] $int[60,9000] $int[51,90] $up '
    '"$client" "grpc-node-js/1.10" "$uuid" "api.shop.example" "$host"'
)
ROUTED = line(
    ENVOY,
    verb="GET",
    path="/v2/$pick[items|carts|wishes]/$int[1,999]",
    code="200",
    flags="-",
    details="via_upstream",
    up="$int[2,50]",
    host="10.42.7.$int[2,9]:9090",
)
LIMITED = line(
    ENVOY,
    verb="POST",
    path="/v2/login",
    code="429",
    flags="RL",
    details="request_rate_limited",
    up="-",
    host="-",
)
NO_AUTHORITY = line(
    ENVOY,
    verb="GET",
    path="/v2/$pick[items|carts|wishes]/$int[1,999]",
    code="403",
    flags="UAEX",
    details="ext_authz_error",
    up="-",
    host="-",
)
KONG = '$client - - [$clf] "GET /$pick[geo|tax|fx]/v1 HTTP/1.1" 200 $int[90,900] "-" "$pick[sdk-go/2.1|sdk-py/5.0]" kong_request_id: "$hex[32]"'
KONG_ERROR = (
    "$time[%Y/%m/%d %H:%M:%S] [$level] 1404#0: *$int[10000,99999] $said, client: $client, server: kong"
)
UNCOUNTED = line(
    KONG_ERROR,
    level="error",
    said="[kong] handler.lua:98 [rate-limiting] failed to get usage: connection refused",
)
BUFFERED = line(
    KONG_ERROR,
    level="warn",
    said="a client request body is buffered to a temporary file /usr/local/kong/client_body_temp/00000$int[10000,99999]",
)
TRAEFIK = '$client - - [$clf] "GET $path HTTP/1.1" $code $size "-" "-" $seq[3300] "$router" "$server" $msms'
WEB = line(
    TRAEFIK, path="/$pick[docs|blog|jobs]/$int[1,400]", code="200", size="$int[900,20000]", msms="$ms[3,60]ms"
)
SERVED = line(WEB, router="web@kubernetescrd", server="http://10.42.6.$int[2,7]:8080")
CADDY = (
    '{"level":"info","ts":$epochf,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"$client",'
    '"remote_port":"$int[20000,60000]","proto":"HTTP/3.0","method":"$verb","host":"wiki.example","uri":"$uri"},'
    '"bytes_read":0,"user_id":"","duration":$dec[0.0003,0.03,9],"size":$size,"status":200}'
)
WIKI = line(CADDY, verb="GET", uri="/wiki/$hex[6]", size="$int[1500,60000]")
WIKI_IMAGE = line(CADDY, verb="GET", uri="/media/$hex[8].png", size="$int[9000,600000]")
WIKI_PROBED = line(CADDY, verb="HEAD", uri="/wiki/$hex[6]", size="0")
VARNISH = '$ip - - [$clf] "GET http://news.example/$pick[top|sport|local|world]/$int[1,90] HTTP/1.1" 200 $int[9000,70000] $how $took'
HIT = line(VARNISH, how="hit", took="0.0000$int[10,99]")
MISS = line(VARNISH, how="miss", took="0.$int[110,390]")
PASS = line(VARNISH, how="pass", took="0.$int[110,390]")
ORIGIN = 'origin $time[%H:%M:%S] $pick[IAD|FRA|NRT|GRU] /static/$hex[8].$pick[js|css|woff2] 200 $int[2000,90000]b cc="$cc" vary=$vary'
APISIX = (
    '$client - - [$clf] shop.example "$verb /$pick[api/menu|api/tables|api/orders] HTTP/1.1" $code $int[60,4000] $dec[0.004,0.09,3] '
    '"-" "$pick[ios/7.1|android/7.0]" $host $upcode $dec[0.003,0.08,3] "http://shop.example"'
)
MENU = line(APISIX, verb="$pick[GET|POST]", code="200", upcode="200", host="10.42.5.$int[2,5]:80")
SPLIT_HOST = line(APISIX, verb="$pick[GET|POST]", code="200", upcode="200", host="10.42.5.2:80")
PAGES: Mix = ((70, WIKI), (30, WIKI_IMAGE))
MESH: Mix = ((96, ROUTED), (2, LIMITED))

CASES = (
    case(
        "nginx-first-upstream-dead",
        ROLLBACK,
        "A third of the canary's requests try 10.42.9.7 first, wait three seconds for it and are served by the next: its list is wrong.",
        Scene(STRAIGHT, ((67, STRAIGHT), (33, SECOND_TRY)), rate=210, weight=30),
        family="measures",
    ),
    case(
        "nginx-reloaded-once",
        PROMOTE,
        "The canary reloads its configuration once and an old worker leaves with code 0, as nginx does; no request suffers.",
        Scene(
            STRAIGHT,
            Log(
                (Phase(STRAIGHT),),
                at=tuple((0.4 + 0.001 * number, text) for number, text in enumerate(RELOAD)),
            ),
            rate=210,
            weight=45,
        ),
        family="stops",
    ),
    case(
        "haproxy-servers-cut-clips",
        ROLLBACK,
        "A fifth of the canary's clips end with SD, the server cut them short, all with 200; none do on stable.",
        Scene(
            ((97, CLIP), (3, CLIENT_LEFT)),
            ((77, CLIP), (3, CLIENT_LEFT), (20, SERVER_CUT)),
            rate=120,
            weight=35,
        ),
        family="codes",
    ),
    case(
        "haproxy-viewers-skip",
        PROMOTE,
        "Viewers leave clips before their end, CD, on the canary as on stable: the client's side, in about the same part.",
        Scene(
            ((88, CLIP), (12, CLIENT_LEFT)), ((86, CLIP), (13, CLIENT_LEFT)), rate=140, weight=50, pods=(2, 2)
        ),
        family="codes",
    ),
    case(
        "envoy-authorizer-out-of-reach",
        ROLLBACK,
        "Most of the canary's requests are 403 with UAEX and ext_authz_error: it cannot ask its authorizer.",
        Scene(MESH, ((30, ROUTED), (66, NO_AUTHORITY), (2, LIMITED)), rate=180, weight=10, pods=(4, 1)),
        family="codes",
    ),
    case(
        "envoy-logins-limited",
        PROMOTE,
        "Somebody tries logins and is limited with 429 on both sides alike; all else goes through.",
        Scene(((90, ROUTED), (9, LIMITED)), ((90, ROUTED), (10, LIMITED)), rate=200, weight=40),
        family="status",
    ),
    case(
        "kong-counts-no-usage",
        NOT_PROMOTE,
        "The canary cannot reach what counts usage and lets all requests pass unlimited: customers are served, but no limit holds.",
        Scene(KONG, ((100, KONG), (100, UNCOUNTED)), rate=110, weight=20),
        family="share",
    ),
    case(
        "kong-bodies-buffered",
        PROMOTE,
        "Larger bodies are buffered to a file, with nginx's usual warning, on both sides about as often.",
        Scene(((90, KONG), (8, BUFFERED)), ((90, KONG), (9.5, BUFFERED)), rate=150, weight=45),
        family="levels",
    ),
    case(
        "traefik-no-router",
        ROLLBACK,
        "No request for /jobs, a quarter of all, matches a router of the canary: 404 in no time; on stable these paths have one.",
        Scene(
            SERVED,
            (
                (75, SERVED.replace("docs|blog|jobs", "docs|blog")),
                (
                    25,
                    line(
                        TRAEFIK,
                        path="/jobs/$int[1,400]",
                        code="404",
                        size="19",
                        router="-",
                        server="-",
                        msms="0ms",
                    ),
                ),
            ),
            rate=160,
        ),
        family="status",
    ),
    case(
        "traefik-router-renamed",
        PROMOTE,
        "The router has another name on the canary, as its provider changed; the same servers answer 200.",
        Scene(
            SERVED,
            line(WEB, router="default-web-route@kubernetesgateway", server="http://10.42.6.$int[2,7]:8080"),
            rate=160,
            weight=30,
        ),
        family="formats",
    ),
    case(
        "caddy-nothing-in-200",
        ROLLBACK,
        "Every page of the canary is 200 with size 0, Caddy's answer when no handler matches; the images come.",
        Scene(
            PAGES,
            ((70, line(CADDY, verb="GET", uri="/wiki/$hex[6]", size="0")), (30, WIKI_IMAGE)),
            rate=140,
            weight=25,
        ),
        family="unlevelled",
    ),
    case(
        "caddy-asked-by-head",
        PROMOTE,
        "A link checker asks by HEAD, which has no body, on both sides; GETs have their bytes.",
        Scene((*PAGES, (12, WIKI_PROBED)), (*PAGES, (16, WIKI_PROBED)), rate=150, weight=35),
        family="unlevelled",
    ),
    case(
        "varnish-passes-all",
        NOT_PROMOTE,
        "The canary passes every page to the backend and caches none: slower by far, and a load that its full weight may not bear.",
        Scene(((93, HIT), (5, MISS), (2, PASS)), PASS, rate=260, weight=20),
        family="measures",
    ),
    case(
        "varnish-warms-up",
        PROMOTE,
        "A new Varnish begins empty: its first pages are misses, and after a minute they are hits as on stable.",
        Scene(
            ((93, HIT), (5, MISS), (2, PASS)),
            Log(
                (
                    Phase(((15, HIT), (83, MISS), (2, PASS)), until=0.12),
                    Phase(((92, HIT), (6, MISS), (2, PASS))),
                )
            ),
            rate=260,
            weight=20,
            minutes=14,
        ),
        family="healed",
    ),
    case(
        "origin-forbids-caching",
        NOT_PROMOTE,
        "The canary tells the CDN to store none of the static files, so that each would come to the origin again.",
        Scene(
            line(ORIGIN, cc="public, max-age=31536000, immutable", vary="accept-encoding"),
            line(ORIGIN, cc="private, no-store", vary="accept-encoding,cookie"),
            rate=70,
            weight=30,
        ),
        family="unlevelled",
    ),
    case(
        "origin-caches-longer",
        PROMOTE,
        "The canary lets the CDN keep hashed files for a year instead of a day: a deliberate change that asks less of the origin.",
        Scene(
            line(ORIGIN, cc="public, max-age=86400", vary="accept-encoding"),
            line(ORIGIN, cc="public, max-age=31536000, immutable", vary="accept-encoding"),
            rate=70,
            weight=30,
        ),
        family="unlevelled",
    ),
    case(
        "apisix-one-backend-of-four",
        NOT_PROMOTE,
        "The canary sends all to one backend where stable spreads over four; answers are well yet, but its balancing is broken.",
        Scene(MENU, SPLIT_HOST, rate=150, weight=20),
        family="share",
    ),
    case(
        "apisix-tells-its-plugins",
        PROMOTE,
        "The canary prints one more line for some requests, that its error-log-logger batch is empty with 0 entries; requests are served.",
        Scene(
            MENU,
            added(
                MENU,
                (
                    0.2,
                    "$time[%Y/%m/%d %H:%M:%S] [info] 48#48: *$int[1000,9999] [lua] batch-processor.lua:152: "
                    "Batch Processor[error-log-logger] buffer flushed, 0 entries, 0 failed, context: ngx.timer",
                ),
            ),
            rate=150,
            weight=30,
        ),
        family="levels",
    ),
)
