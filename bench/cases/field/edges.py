"""What stands at the edge: Keycloak, Hydra, oauth2-proxy, sockets, push, search, a firewall, limits, keys, sampling."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added, line
from cases.scene import Scene

case = partial(Case, half="tuned")

KEYCLOAK = (
    "$comma $level [org.keycloak.events] (executor-thread-$int[1,30]) "
    'type="$type", realmId="b7f1c0de-5a51-4d0e-9c55-0c4cbb2a7e10", clientId="$client", userId="$user", ipAddress="$ip"$more'
)
LOGIN = line(KEYCLOAK, level="DEBUG", type="LOGIN", user="$uuid", ip="$client", more="").replace(
    'clientId="$client"', 'clientId="$pick[storefront|mobile]"'
)
EXCHANGED = LOGIN.replace('"LOGIN"', '"CODE_TO_TOKEN"')
NOT_EXCHANGED = (
    EXCHANGED.replace("DEBUG", "WARN ")
    .replace("CODE_TO_TOKEN", "CODE_TO_TOKEN_ERROR")
    .replace("$pick[storefront|mobile]", "mobile")
    .replace("$uuid", "null")
    + ', error="invalid_client_credentials", grant_type="authorization_code"'
)
WRONG_PASSWORD = (
    LOGIN.replace("DEBUG", "WARN ").replace('"LOGIN"', '"LOGIN_ERROR"').replace("$uuid", "null")
    + ', error="invalid_user_credentials", auth_method="openid-connect", username="$hex[6]@mail.example"'
)
HYDRA = (
    "time=$time[%Y-%m-%dT%H:%M:%SZ] level=info msg='access token issued' audience=audit client_id=$pick[web|tv|partner] "
    "grant_type=refresh_token granted_scope='$scope' service_name='Ory Hydra'"
)
DOOR = "$ip:$int[30000,60000] - $uuid - $who [$time[%Y/%m/%d %H:%M:%S]] "
ENTERED = (
    line(DOOR, who="u$int[100,999]@corp.example")
    + "[AuthSuccess] Authenticated via OAuth2: Session{email:u@corp.example user:$hex[12] PreferredUsername: token:true "
    "id_token:true created:$sql expires:$sql refresh_token:true}"
)
TURNED_AWAY = (
    line(DOOR, who="-") + "[AuthFailure] Invalid authentication via OAuth2: unable to obtain CSRF cookie"
)
ASKED = (
    "[$time[%Y/%m/%d %H:%M:%S]] [oauthproxy.go:1012] No valid authentication in request. Initiating login."
)
SERVED = (
    line(DOOR, who="u$int[100,999]@corp.example")
    + 'wiki.corp.example GET / "/page/$int[1,99]" HTTP/1.1 "Mozilla/5.0" 200 $int[900,9000] 0.0$int[10,99]'
)
SOCKET_OPEN = "$epochms ws open  cid=$hex[8] room=$pick[lobby|chess|go] proto=v3"
SOCKET_CLOSE = "$epochms ws close cid=$hex[8] code=$code reason=$reason lasted=$lasted"
SOCKET_SENT = "$epochms ws sent  cid=$hex[8] frames=$int[4,90] bytes=$int[200,9000]"
LEFT_ROOM = line(SOCKET_CLOSE, code="1000", reason="bye", lasted="$int[90,4000]s")
TOO_LARGE = line(SOCKET_CLOSE, code="1009", reason="message-too-big", lasted="$int[1,3]s")
WENT_AWAY = line(SOCKET_CLOSE, code="1001", reason="tab-closed", lasted="$int[30,4000]s")
PUSH = "push  campaign=$int[300,399]  recipients=$all  sent=$sent  skipped=$skipped  expired=$expired  in=$ms[200,1900]ms"
PUSHED: Mix = tuple(
    (1.0, line(PUSH, all="500", sent=str(500 - gone), skipped="0", expired=str(gone)))
    for gone in (2, 4, 5, 7, 8, 11)
)
PUSHED_LESS: Mix = tuple(
    (1.0, line(PUSH, all="500", sent=str(500 - gone), skipped="0", expired=str(gone)))
    for gone in (4, 6, 9, 10, 12, 15)
)
SKIPPED = line(PUSH, all="500", sent="0", skipped="500", expired="0")
FIND = (
    "$iso q=$hex[4] index=$pick[jobs-de|jobs-fr|jobs-nl] took_ms=$ms[4,60] hits=$int[20,900] "
    "shards.total=$total shards.ok=$good shards.skipped=$skip shards.failed=$bad"
)
FOUND = line(FIND, total="6", good="6", skip="0", bad="0")
IN_PART = line(FIND, total="6", good="4", skip="0", bad="2")
PRUNED = line(FIND, total="6", good="6", skip="$int[1,4]", bad="0")
WAF = '{"time":"$iso","uri":"$uri","action":"$action","rule":$rule,"score":$score,"upstream_status":$up}'
PASSED = line(WAF, uri="/$pick[item|search|review|checkout]", action="pass", rule="null", score="0", up="200")
BLOCKED = line(WAF, uri="/$pick[review|checkout]", action="deny", rule="942100", score="5", up="null")
BOT = line(
    WAF, uri="/$pick[.env|wp-admin|cgi-bin]", action="deny", rule="930130", score="$int[10,25]", up="null"
)
WATCHED = line(WAF, uri="/$pick[review|checkout]", action="detect-only", rule="942100", score="5", up="200")
LIMIT = "limiter key=$key cost=1 remaining=$left limit=600 window=60s verdict=$verdict"
ALLOWED = line(LIMIT, key="$client", left="$int[540,599]", verdict="allow")
ONE_KEY = line(LIMIT, key="10.0.3.14", left="0", verdict="reject")
ONE_KEY_ALLOWED = line(LIMIT, key="10.0.3.14", left="$int[0,599]", verdict="allow")
CRAWLER = line(LIMIT, key="198.51.100.7", left="0", verdict="reject")
GUARD = "<6>gate[1]: $said"
CHECKED = line(
    GUARD, said="token ok kid=2026-a sub=$hex[10] route=$pick[/me|/orders|/cards] in $int[80,600]us"
)
FETCHED = line(GUARD, said="jwks fetched from https://id.example/keys, 2 keys, in $ms[30,200]ms")
ROTATED = line(GUARD, said="kid 2026-b not in key set, fetching anew")
SCG = "$iso [reactor-http-epoll-$int[1,4]] $said"
FORWARDED = line(
    SCG, said="orders-route -> http://10.42.8.$int[2,9]:8080/orders/$int[100,999] 200 in $ms[5,60] ms"
)
STRANDED = line(SCG, said="orders-route -> lb://orders, 0 instances in zone, fallback:/offline 200 in 0 ms")
CLF = '$client - $hex[6] [$clf] "GET /maps/tile/$int[1,18]/$int[100,900]/$int[200,700].png HTTP/1.1" 200 $int[900,30000]'
PROBE = '10.42.0.1 - - [$clf] "GET /ready HTTP/1.1" 200 2'
ROOMS: Mix = ((20, SOCKET_OPEN), (60, SOCKET_SENT), (14, LEFT_ROOM), (6, WENT_AWAY))

CASES = (
    case(
        "keycloak-mobile-secret-wrong",
        ROLLBACK,
        "All codes of the mobile client fail to be exchanged on the canary: its client secret is not accepted, and no app signs in.",
        Scene(
            ((50, LOGIN), (50, EXCHANGED)),
            (
                (50, LOGIN),
                (25, EXCHANGED.replace("$pick[storefront|mobile]", "storefront")),
                (25, NOT_EXCHANGED),
            ),
            rate=90,
            weight=25,
        ),
        family="share",
    ),
    case(
        "keycloak-passwords-mistyped",
        PROMOTE,
        "Users mistype their passwords on both sides about as often, one login of nine; all codes are exchanged.",
        Scene(
            ((50, LOGIN), (50, EXCHANGED), (6, WRONG_PASSWORD)),
            ((50, LOGIN), (50, EXCHANGED), (7, WRONG_PASSWORD)),
            rate=120,
            weight=45,
            pods=(2, 2),
        ),
        family="levels",
    ),
    case(
        "hydra-scopes-empty",
        ROLLBACK,
        "Each refreshed token of the canary has no scope at all, so that its bearer may do nothing.",
        Scene(line(HYDRA, scope="[openid offline orders.read]"), line(HYDRA, scope="[]"), rate=80, weight=15),
        family="unlevelled",
    ),
    case(
        "hydra-scope-added",
        PROMOTE,
        "The canary's tokens have one scope more than stable's, and none is missing.",
        Scene(
            line(HYDRA, scope="[openid offline orders.read]"),
            line(HYDRA, scope="[openid offline orders.read orders.history]"),
            rate=80,
            weight=30,
        ),
        family="unlevelled",
    ),
    case(
        "oauth2-proxy-no-csrf-cookie",
        ROLLBACK,
        "Nobody who comes back from the login gets into the canary, for want of its cookie; on stable nearly all do.",
        Scene(
            ((60, SERVED), (18, ASKED), (16, ENTERED), (1, TURNED_AWAY)),
            ((22, SERVED), (40, ASKED), (38, TURNED_AWAY)),
            rate=100,
            weight=20,
        ),
        family="unlevelled",
    ),
    case(
        "oauth2-proxy-asks-to-log-in",
        PROMOTE,
        "Requests without a session are sent to the login on both sides, a little more on the canary, and they come back and enter.",
        Scene(
            ((60, SERVED), (18, ASKED), (16, ENTERED), (1, TURNED_AWAY)),
            ((58, SERVED), (20, ASKED), (18, ENTERED), (1, TURNED_AWAY)),
            rate=120,
            weight=40,
        ),
        family="unlevelled",
    ),
    case(
        "sockets-closed-as-too-big",
        ROLLBACK,
        "Half of the canary's sockets are closed with 1009 after a second or two; stable closes none so and theirs last for minutes.",
        Scene(
            ROOMS,
            ((36, SOCKET_OPEN), (24, SOCKET_SENT), (18, TOO_LARGE), (14, LEFT_ROOM), (6, WENT_AWAY)),
            rate=150,
            weight=30,
        ),
        family="codes",
    ),
    case(
        "sockets-of-closed-tabs",
        PROMOTE,
        "More users of the canary close their tab than leave the room: both are the users' doing, and as many frames are sent.",
        Scene(ROOMS, (*ROOMS[:2], (12, LEFT_ROOM), (8, WENT_AWAY)), rate=170, weight=40),
        family="codes",
    ),
    case(
        "push-skips-everybody",
        ROLLBACK,
        "Each push of the canary is sent to 0 of its 500 recipients, all skipped; stable sends nearly all.",
        Scene(PUSHED, SKIPPED, rate=24, weight=50, minutes=15, pods=(1, 1)),
        family="unlevelled",
    ),
    case(
        "push-more-expired",
        PROMOTE,
        "Some tokens are expired in every campaign, three of 500 more on the canary; the rest is sent.",
        Scene(
            PUSHED,
            PUSHED_LESS,
            rate=24,
            weight=50,
            minutes=15,
            pods=(1, 1),
        ),
        family="measures",
    ),
    case(
        "search-shards-fail",
        ROLLBACK,
        "Two of six shards fail in each search of the canary, which answers with what is left; on stable none fails.",
        Scene(FOUND, IN_PART, rate=130, weight=20),
        family="measures",
    ),
    case(
        "search-shards-skipped",
        PROMOTE,
        "The canary skips shards that cannot match, as Elasticsearch counts them among the ok; none fails and hits are as many.",
        Scene(FOUND, ((50, FOUND), (50, PRUNED)), rate=130, weight=30),
        family="measures",
    ),
    case(
        "firewall-denies-checkouts",
        ROLLBACK,
        "One rule of the canary denies a sixth of the requests, reviews and checkouts of buyers, which stable passes.",
        Scene(((97, PASSED), (3, BOT)), ((80, PASSED), (17, BLOCKED), (3, BOT)), rate=170, weight=25),
        family="share",
    ),
    case(
        "firewall-only-detects",
        PROMOTE,
        "The canary tries a new rule in detection only: what it matches is told, and passed with 200.",
        Scene(((97, PASSED), (3, BOT)), ((82, PASSED), (15, WATCHED), (3, BOT)), rate=170, weight=25),
        family="share",
    ),
    case(
        "limiter-one-key-for-all",
        ROLLBACK,
        "The canary counts all clients under the one address of the balancer, and rejects a third of the requests.",
        Scene(ALLOWED, ((66, ONE_KEY_ALLOWED), (34, ONE_KEY)), rate=240, weight=40),
        family="unlevelled",
    ),
    case(
        "limiter-stops-a-crawler",
        PROMOTE,
        "One crawler is over its limit on both sides and is rejected; nobody else is.",
        Scene(((94, ALLOWED), (6, CRAWLER)), ((94, ALLOWED), (8, CRAWLER)), rate=240, weight=40),
        family="unlevelled",
    ),
    case(
        "keys-fetched-for-each-token",
        NOT_PROMOTE,
        "The canary fetches the key set for every token instead of keeping it: tokens pass, but the identity server gets all that load.",
        Scene(
            Log((Phase(CHECKED),), every=((240.0, FETCHED),)),
            Log((Phase(((50, FETCHED), (50, CHECKED)), rate=2.0),)),
            rate=110,
            weight=25,
        ),
        family="measures",
    ),
    case(
        "keys-rotated-once",
        PROMOTE,
        "The canary meets a new key id twice, fetches the key set and goes on: a rotation, seen by stable as well.",
        Scene(
            Log((Phase(CHECKED),), at=((0.5, f"{ROTATED}\n{FETCHED}"),)),
            Log((Phase(CHECKED),), at=((0.48, f"{ROTATED}\n{FETCHED}"), (0.481, f"{ROTATED}\n{FETCHED}"))),
            rate=110,
            weight=35,
        ),
        family="healed",
    ),
    case(
        "gateway-falls-back-to-offline",
        ROLLBACK,
        "The canary finds no instance of orders and answers each request with its offline page, as 200.",
        Scene(FORWARDED, STRANDED, rate=120, weight=10, pods=(4, 1)),
        family="unlevelled",
    ),
    case(
        "tiles-stop-half-way",
        ROLLBACK,
        "From the middle of the window the canary logs its probes alone and not one tile, though it keeps its weight.",
        Scene(
            Log((Phase(CLF),), every=((10.0, PROBE),)),
            Log((Phase(CLF, until=0.45), Phase(CLF, rate=0.0)), every=((10.0, PROBE),)),
            rate=150,
            weight=40,
            minutes=14,
            traffic=True,
        ),
        family="stops",
    ),
    case(
        "tiles-in-a-longer-format",
        PROMOTE,
        "The canary's access log has three fields more at its end; the same tiles are served with 200, as many and as large.",
        Scene(CLF, CLF + ' "-" "map-sdk/9.$int[0,4]" $dec[0.002,0.06,3]', rate=150, weight=30),
        family="formats",
    ),
    case(
        "gateway-tells-fallback-of-one",
        PROMOTE,
        "While one orders pod moves, five requests of the canary in a row fall back, and then all are forwarded again, as on stable.",
        Scene(
            Log((Phase(FORWARDED),), at=tuple((0.3 + 0.001 * number, STRANDED) for number in range(6))),
            Log((Phase(FORWARDED),), at=tuple((0.3 + 0.001 * number, STRANDED) for number in range(5))),
            rate=140,
            weight=40,
        ),
        family="healed",
    ),
    case(
        "limiter-tells-its-window",
        PROMOTE,
        "The canary adds a line for each tenth request with its window's counts, rejected 0; all are allowed.",
        Scene(
            ALLOWED,
            added(
                ALLOWED,
                (0.1, "limiter window=60s keys=$int[90,140] allowed=$int[400,900] rejected=0 errors=0"),
            ),
            rate=220,
            weight=20,
        ),
        family="unlevelled",
    ),
)
