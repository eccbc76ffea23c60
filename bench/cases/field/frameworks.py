"""Web frameworks with their own request lines: Rails, Laravel, Phoenix, Spring, ASP.NET, Gin, Echo."""

from dataclasses import replace
from functools import partial

from cases.case import PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, climbing, line
from cases.scene import Scene

case = partial(Case, half="tuned")

RAILS = "I, [$time[%Y-%m-%dT%H:%M:%S.%f] #1]  INFO -- : [$uuid] "
BEGUN = (
    RAILS
    + 'Started $verb "$path" for $client at $time[%Y-%m-%d %H:%M:%S +0000]\n'
    + RAILS
    + "Processing by $where"
)
DONE = (
    RAILS
    + "Completed 200 OK in $ms[9,160]ms (Views: $dec[2,60,1]ms | ActiveRecord: $dec[1,30,1]ms | Allocations: $int[3000,41000])"
)
HALTED = (
    RAILS
    + "Redirected to https://www.shop.example/login\n"
    + RAILS
    + "Filter chain halted as :require_login rendered or redirected\n"
    + RAILS
    + "Completed 302 Found in $ms[1,6]ms (ActiveRecord: 0.0ms | Allocations: $int[400,900])"
)
CATALOG = (
    line(BEGUN, verb="GET", path="/products/$int[100,999]", where="ProductsController#show as HTML")
    + "\n"
    + DONE
)
ACCOUNT = (
    line(BEGUN, verb="GET", path="/account/orders", where="Account::OrdersController#index as HTML") + "\n"
)

LARAVEL = "[$sql] production.INFO: order.confirmed"
MAILED = LARAVEL + ' {"order_id":$int[100000,999999],"mailer":"$mailer","message_id":$sent,"lines":$int[1,7]}'
LARAVEL_JOBS = (
    "[$sql] production.INFO: stock.reserved"
    ' {"order_id":$int[100000,999999],"warehouse":"$pick[LEJ1|WRO2|DTM3]","units":$int[1,12]}'
)
PHOENIX = "$time[%H:%M:%S.%L] request_id=F$hex[19] [info] "
PAGE = PHOENIX + "GET $pick[/|/auctions|/auctions/lots|/bids]\n" + PHOENIX + "Sent 200 in $int[1,28]ms"
JOINED = '$time[%H:%M:%S.%L] [info] JOINED auction:$int[2000,2400] in $int[40,400]µs\n  Parameters: %{"since" => $epoch}'
CONNECTED = (
    "$time[%H:%M:%S.%L] [info] CONNECTED TO BidWeb.UserSocket in $int[18,96]µs\n  Transport: :$transport"
)
REFUSED = "$time[%H:%M:%S.%L] [info] REFUSED CONNECTION TO BidWeb.UserSocket in $int[60,240]µs\n  Transport: :websocket"

SPRING = "$iso DEBUG 1 --- [tickets] [l-1 housekeeper] com.zaxxer.hikari.pool.HikariPool          : HikariPool-1 - "
POOL = SPRING + "Pool stats (total=$total, $used, waiting=$waits)"
SOLD = (
    "$iso  INFO 1 --- [tickets] [nio-8080-exec-$int[1,9]] c.e.tickets.web.SeatController           : "
    "seat $pick[A|B|F|K|M]$int[1,40] held for performance $int[800,899] in $int[11,48] ms"
)
WAITED = (
    "$iso  INFO 1 --- [tickets] [nio-8080-exec-$int[1,99]] c.e.tickets.web.SeatController           : "
    "seat $pick[A|B|F|K|M]$int[1,40] held for performance $int[800,899] in $took ms"
)
FREE = {"total": "10", "used": "$pick[active=1, idle=9|active=2, idle=8|active=4, idle=6]", "waits": "0"}
DRY = {"total": "10", "used": "active=10, idle=0"}
PARTS = tuple(number / 20 for number in range(20))

KESTREL = (
    "info: Microsoft.AspNetCore.Hosting.Diagnostics[2]\n"
    "      Request finished HTTP/1.1 GET http://catalog.internal/api/items?page=$int[1,60] - "
    "200 $size application/json; charset=utf-8 $dec[2,40,4]ms"
)
GIN = '[GIN] $time[%Y/%m/%d - %H:%M:%S] | $code |    $go[0.4,30] |     $client | $verb "$path"'
PARKED = line(GIN, code="200", verb="GET     ", path="/api/v1/spots/$int[1,400]")
BOOKED = line(GIN, code="201", verb="POST    ", path="/api/v1/stays")
LEFT = line(GIN, code="204", verb="DELETE  ", path="/api/v1/stays/$hex[8]")
ECHO = (
    '{"time":"$time[%Y-%m-%dT%H:%M:%S.%f]Z","id":"$hex[32]","remote_ip":"$client","host":"prices.shop.example",'
    '"method":"$verb","uri":"$uri","user_agent":"$agent","status":$status,"error":"$error",'
    '"latency":$int[400000,9000000],"latency_human":"$go[0.4,9]","bytes_in":$int[60,400],"bytes_out":$int[40,900]}'
)
QUOTED = line(
    ECHO, verb="POST", uri="/v1/quote", status="200", error="", agent="$pick[okhttp/4.12.0|axios/1.6.8]"
)
PRICED = line(ECHO, verb="GET", uri="/v1/prices/$int[100,999]", status="200", error="", agent="okhttp/4.12.0")
UNBOUND = line(
    ECHO,
    verb="POST",
    uri="/v1/quote",
    status="400",
    error="code=400, message=Unmarshal type error: expected=int, got=string, field=qty, offset=$int[20,44]",
    agent="$agent",
)

CASES = (
    case(
        "rails-signed-in-users-sent-to-login",
        ROLLBACK,
        "Every account page of the canary is halted by require_login and redirected; stable shows nearly all: sessions are lost.",
        Scene(
            ((60, CATALOG), (38, ACCOUNT + DONE), (2, ACCOUNT + HALTED)),
            ((60, CATALOG), (40, ACCOUNT + HALTED)),
            rate=120,
            weight=20,
        ),
        family="unlevelled",
    ),
    case(
        "rails-guests-sent-to-login",
        PROMOTE,
        "Guests who open an account page are redirected to the login on both sides, about as often.",
        Scene(
            ((60, CATALOG), (30, ACCOUNT + DONE), (10, ACCOUNT + HALTED)),
            ((62, CATALOG), (28, ACCOUNT + DONE), (10.5, ACCOUNT + HALTED)),
            rate=140,
            weight=30,
            pods=(4, 2),
        ),
        family="unlevelled",
    ),
    case(
        "laravel-mail-to-the-log",
        ROLLBACK,
        "The canary's mailer is `log`, Laravel's default without MAIL_MAILER, and no confirmation has a message id: no customer gets one.",
        Scene(
            ((60, line(MAILED, mailer="ses", sent='"0100018f$hex[24]-000000"')), (40, LARAVEL_JOBS)),
            ((60, line(MAILED, mailer="log", sent="null")), (40, LARAVEL_JOBS)),
            rate=50,
            minutes=15,
        ),
        family="unlevelled",
    ),
    case(
        "laravel-mail-by-another-provider",
        PROMOTE,
        "Confirmations go by postmark instead of ses, and each has a message id of the new provider.",
        Scene(
            ((60, line(MAILED, mailer="ses", sent='"0100018f$hex[24]-000000"')), (40, LARAVEL_JOBS)),
            ((60, line(MAILED, mailer="postmark", sent='"$uuid"')), (40, LARAVEL_JOBS)),
            rate=70,
            weight=50,
            minutes=12,
        ),
        family="unlevelled",
    ),
    case(
        "phoenix-sockets-refused",
        ROLLBACK,
        "The canary refuses every socket and nobody joins an auction there, while pages are sent as ever.",
        Scene(
            ((50, PAGE), (25, line(CONNECTED, transport="websocket")), (25, JOINED)),
            ((50, PAGE), (28, REFUSED)),
            rate=150,
            weight=40,
            pods=(3, 2),
        ),
        family="stops",
    ),
    case(
        "phoenix-some-sockets-by-longpoll",
        PROMOTE,
        "A few more clients of the canary come by longpoll, and all are connected and join.",
        Scene(
            (
                (50, PAGE),
                (24, line(CONNECTED, transport="websocket")),
                (2, line(CONNECTED, transport="longpoll")),
                (1, REFUSED),
                (25, JOINED),
            ),
            (
                (50, PAGE),
                (23, line(CONNECTED, transport="websocket")),
                (3, line(CONNECTED, transport="longpoll")),
                (1, REFUSED),
                (25, JOINED),
            ),
            rate=170,
            weight=35,
        ),
        family="stops",
    ),
    case(
        "spring-pool-runs-dry",
        ROLLBACK,
        "The canary's connections are all busy after the first minutes and the waiting grow, so that seats take seconds to hold: a leak.",
        Scene(
            Log((Phase(SOLD),), at=tuple((part, line(POOL, **FREE)) for part in PARTS)),
            replace(
                climbing(WAITED, took=("$int[12,48]", "$int[40,300]", "$int[900,2600]", "$int[4000,11000]")),
                at=tuple((part, line(POOL, **DRY, waits=str(round(60 * part)))) for part in PARTS),
            ),
            rate=100,
            minutes=12,
        ),
        family="measures",
    ),
    case(
        "spring-larger-pool",
        PROMOTE,
        "The canary's pool has twenty connections instead of ten; few are busy and nobody waits.",
        Scene(
            Log(
                (Phase(SOLD),),
                every=((30.0, line(POOL, **FREE)),),
            ),
            Log(
                (Phase(SOLD),),
                every=(
                    (
                        30.0,
                        line(
                            POOL,
                            total="20",
                            used="$pick[active=1, idle=19|active=3, idle=17|active=4, idle=16]",
                            waits="0",
                        ),
                    ),
                ),
            ),
            rate=90,
        ),
        family="measures",
    ),
    case(
        "aspnet-empty-lists",
        ROLLBACK,
        "Each answer of the canary is 200 with two bytes, an empty JSON list, where stable sends kilobytes for the same pages.",
        Scene(
            line(KESTREL, size="$int[1800,9400]"), line(KESTREL, size="2"), rate=180, weight=10, pods=(4, 1)
        ),
        family="measures",
    ),
    case(
        "aspnet-nulls-left-out",
        PROMOTE,
        "The canary leaves nulls out of its JSON, as it says at its start, so answers are a fifth smaller.",
        Scene(
            line(KESTREL, size="$int[1800,9400]"),
            Log(
                (Phase(line(KESTREL, size="$int[1500,7600]")),),
                start=(
                    "info: Catalog.Startup[0]\n      JSON: DefaultIgnoreCondition=WhenWritingNull",
                    "info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:8080",
                ),
            ),
            rate=180,
            weight=25,
        ),
        family="measures",
    ),
    case(
        "gin-route-lost",
        ROLLBACK,
        "All DELETE of a stay answer 404 on the canary: the route is not registered, and cars cannot leave.",
        Scene(
            ((60, PARKED), (22, BOOKED), (18, LEFT)),
            (
                (60, PARKED),
                (22, BOOKED),
                (18, line(GIN, code="404", verb="DELETE  ", path="/api/v1/stays/$hex[8]")),
            ),
            rate=130,
        ),
        family="status",
    ),
    case(
        "gin-scanned-for-wordpress",
        PROMOTE,
        "A scanner asks the canary for paths of WordPress and gets 404, as it does on stable; the API's own paths answer as ever.",
        Scene(
            (
                (60, PARKED),
                (22, BOOKED),
                (18, LEFT),
                (2, line(GIN, code="404", verb="GET     ", path="$pick[/.env|/wp-login.php|/.git/config]")),
            ),
            (
                (60, PARKED),
                (22, BOOKED),
                (18, LEFT),
                (
                    7,
                    line(
                        GIN,
                        code="404",
                        verb="GET     ",
                        path="$pick[/.env|/wp-login.php|/xmlrpc.php|/.git/config]",
                    ),
                ),
            ),
            rate=130,
            weight=30,
        ),
        family="status",
    ),
    case(
        "echo-quantity-no-longer-a-string",
        ROLLBACK,
        "Two thirds of the canary's quotes are answered 400, since it no longer takes the quantity as its clients send it.",
        Scene(
            ((50, QUOTED), (50, PRICED), (0.4, line(UNBOUND, agent="curl/8.5.0"))),
            ((16, QUOTED), (34, line(UNBOUND, agent="okhttp/4.12.0")), (50, PRICED)),
            rate=110,
            weight=20,
        ),
        family="status",
    ),
    case(
        "echo-one-script-sends-words",
        PROMOTE,
        "Somebody's curl sends a quantity in words to both sides and gets 400; no other client does.",
        Scene(
            ((50, QUOTED), (50, PRICED), (3, line(UNBOUND, agent="curl/8.5.0"))),
            ((50, QUOTED), (50, PRICED), (3.5, line(UNBOUND, agent="curl/8.5.0"))),
            rate=120,
            weight=40,
        ),
        family="status",
    ),
)
