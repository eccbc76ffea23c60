"""Services on small servers: Nest, Next.js, FastAPI, Quarkus, Actix, uWSGI, gunicorn."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added, line
from cases.scene import Scene

case = partial(Case, half="tuned")

NEST = "[Nest] 1  - $time[%m/%d/%Y, %I:%M:%S %p]     LOG [OrdersService] "
TOTAL = NEST + "order $int[100000,999999] placed: $int[1,6] lines, total $total"
NORMAL_TOTAL = line(TOTAL, total="$int[9,240].$int[10,99] EUR")
GIFT_TOTAL = line(TOTAL, total="0.00 EUR (gift card -$int[20,99].00)")
NEXT = " GET /$pick[p|c|brand]/$pick[oak-desk|mug-blue|tent-2p|lamp-xl|rug-180]?v=$int[1,9] 200 in $took (cache: $cache)"
NEXT_HIT = line(NEXT, took="$int[4,22]ms", cache="HIT")
NEXT_MISS = line(NEXT, took="$int[180,460]ms", cache="MISS")
UVICORN = 'INFO:     $ip:$int[30000,60000] - "$request HTTP/1.1" $status'
RATES = line(UVICORN, request="GET /v1/rates/$pick[home|car|pet]", status="200 OK")
POSTED = line(UVICORN, request="POST /v1/policies", status="$status")
STOCK = (
    '{"timestamp":"$iso","sequence":$seq[4100],"loggerClassName":"org.jboss.logging.Logger",'
    '"loggerName":"com.example.stock.ReservationResource","level":"INFO","message":"order $int[10000,99999]: reserved '
    '$got of $asked units at $pick[north|south|airport]","threadName":"executor-thread-$int[1,40]","hostName":"$pod"}'
)
RESERVED: Mix = tuple((1.0, line(STOCK, got=str(units), asked=str(units))) for units in (1, 2, 3, 5))
UNRESERVED: Mix = tuple((1.0, line(STOCK, got="0", asked=str(units))) for units in (1, 2, 3, 5))
PARTLY = line(STOCK, got="1", asked="$int[2,4]")
ACTIX = (
    "[$time[%Y-%m-%dT%H:%M:%SZ] INFO  actix_web::middleware::logger] $ip "
    '"GET /feed?after=$int[1000,9000] HTTP/1.1" 200 $int[700,9000] "-" "reader/3.$int[0,9]" $took'
)
QUICK = line(ACTIX, took="$dec[0.002,0.05,6]")
UWSGI = (
    "[pid: $int[12,15]|app: 0|req: $seq[40]/$seq[160]] $ip () {42 vars in $int[700,1100] bytes} "
    "[$time[%a %b %d %H:%M:%S %Y]] GET /atlas/$int[1,900]/ => generated $size bytes in $int[3,40] msecs "
    "(HTTP/1.1 $code) 5 headers in 170 bytes (1 switches on core 0)"
)
ATLAS = line(UWSGI, size="$int[2000,90000]", code="200")
UNCHANGED = line(UWSGI, size="0", code="304")
GUNICORN = "[$time[%Y-%m-%d %H:%M:%S +0000]] [$process] [INFO] "
WSGI = '$ip - - [$clf] "GET $pick[/|/news/|/news/local/|/weather/] HTTP/1.1" 200 $int[4000,30000] "-" "Mozilla/5.0"'
BOOT = line(GUNICORN, process="$int[300,999]") + "Booting worker with pid: $int[1000,1999]"
EXIT = line(GUNICORN, process="$int[300,998]") + "Worker exiting (pid: $int[300,998])"
RECYCLED = line(GUNICORN, process="$int[300,998]") + "Autorestarting worker after current request."

CASES = (
    case(
        "nest-orders-for-nothing",
        ROLLBACK,
        "A third of the canary's orders total NaN; on stable every total is a number.",
        Scene(
            NORMAL_TOTAL,
            ((66, NORMAL_TOTAL), (34, line(TOTAL, total="NaN EUR"))),
            rate=60,
            minutes=14,
            weight=30,
        ),
        family="unlevelled",
    ),
    case(
        "nest-gift-cards-pay-all",
        PROMOTE,
        "Some orders are paid by a gift card and total 0.00, on the canary about as many as on stable.",
        Scene(
            ((90, NORMAL_TOTAL), (10, GIFT_TOTAL)), ((88, NORMAL_TOTAL), (11, GIFT_TOTAL)), rate=80, weight=40
        ),
        family="unlevelled",
    ),
    case(
        "next-pages-never-cached",
        NOT_PROMOTE,
        "No page of the canary comes from the cache, through all of the window, and each takes twenty times as long.",
        Scene(
            ((95, NEXT_HIT), (5, NEXT_MISS)),
            line(NEXT, took="$int[180,460]ms", cache="SKIP"),
            rate=240,
            weight=15,
        ),
        family="measures",
    ),
    case(
        "next-cache-fills",
        PROMOTE,
        "The canary began with an empty cache; after two minutes its pages are hits as on stable.",
        Scene(
            ((95, NEXT_HIT), (5, NEXT_MISS)),
            Log(
                (
                    Phase(((20, NEXT_HIT), (80, NEXT_MISS)), until=0.15),
                    Phase(((94, NEXT_HIT), (6, NEXT_MISS))),
                )
            ),
            rate=240,
            weight=30,
            minutes=15,
        ),
        family="healed",
    ),
    case(
        "fastapi-redirects-posts",
        ROLLBACK,
        "Each POST of a policy is redirected by the canary and never followed, so that none is made; stable makes them.",
        Scene(
            ((70, RATES), (30, line(POSTED, status="201 Created"))),
            ((70, RATES), (30, line(POSTED, status="307 Temporary Redirect"))),
            rate=100,
            pods=(2, 1),
        ),
        family="status",
    ),
    case(
        "fastapi-created-instead-of-ok",
        PROMOTE,
        "The canary answers a made policy with 201 Created where stable said 200 OK: a better code for the same success.",
        Scene(
            ((70, RATES), (30, line(POSTED, status="200 OK"))),
            ((70, RATES), (30, line(POSTED, status="201 Created"))),
            rate=130,
            weight=20,
        ),
        family="status",
    ),
    case(
        "quarkus-reserves-nothing",
        ROLLBACK,
        "Most orders on the canary reserve 0 of their units; on stable each gets what it asks, at the same level.",
        Scene((*RESERVED, (0.1, PARTLY)), (*UNRESERVED, (0.8, RESERVED[0][1])), rate=110, weight=20),
        family="unlevelled",
    ),
    case(
        "quarkus-some-orders-in-part",
        PROMOTE,
        "One order of ten gets only a part of its units, on the canary as on stable: stock is low.",
        Scene((*RESERVED, (0.45, PARTLY)), (*RESERVED, (0.5, PARTLY)), rate=110, weight=45, pods=(2, 2)),
        family="unlevelled",
    ),
    case(
        "actix-half-take-five-seconds",
        ROLLBACK,
        "Half of the canary's feeds take five seconds, as if one of its two upstreams timed out; all are 200.",
        Scene(QUICK, ((50, QUICK), (50, line(ACTIX, took="5.0$int[10000,49999]"))), rate=170, weight=30),
        family="measures",
    ),
    case(
        "actix-cold-connections",
        PROMOTE,
        "The canary's first feeds take up to a second while its connections open, and then as long as stable's.",
        Scene(
            QUICK,
            Log((Phase(line(ACTIX, took="$dec[0.3,1.2,6]"), until=0.04), Phase(QUICK))),
            rate=170,
            weight=30,
            minutes=12,
        ),
        family="healed",
    ),
    case(
        "uwsgi-listen-queue-full",
        ROLLBACK,
        "The canary says every other second that its listen queue is full, and generates far fewer pages than its share.",
        Scene(
            ATLAS,
            Log(
                (Phase(ATLAS, rate=0.35),),
                every=(
                    (
                        2.0,
                        '$time[%a %b %d %H:%M:%S %Y] - *** uWSGI listen queue of socket ":8080" (fd: 3) full !!! (101/100) ***',
                    ),
                ),
            ),
            rate=180,
            weight=50,
            traffic=True,
        ),
        family="stops",
    ),
    case(
        "uwsgi-unchanged-pages",
        PROMOTE,
        "The canary answers a third of the pages 304 with 0 bytes, since it sends ETags as its start says; no page fails.",
        Scene(
            ATLAS,
            Log(
                (Phase(((66, ATLAS), (34, UNCHANGED))),),
                start=(
                    "atlas: conditional GET on (ETag, If-None-Match)",
                    "spawned uWSGI worker 1 (pid: 12, cores: 1)",
                ),
            ),
            rate=150,
            weight=25,
        ),
        family="measures",
    ),
    case(
        "nest-coupons-counted-apart",
        PROMOTE,
        "The canary adds a line for orders that came without a coupon, one of four; they are placed at the list price.",
        Scene(
            NORMAL_TOTAL,
            added(
                NORMAL_TOTAL,
                (0.25, NEST + "order $int[100000,999999] came without a coupon, list price kept"),
            ),
            rate=90,
            weight=30,
        ),
        family="unlevelled",
    ),
    case(
        "gunicorn-workers-keep-booting",
        NOT_PROMOTE,
        "A worker of the canary exits and boots every few seconds though none was told to restart; stable boots none.",
        Scene(
            WSGI,
            Log((Phase(WSGI),), every=((7.0, f"{EXIT}\n{BOOT}"),)),
            rate=140,
            start=(line(GUNICORN, process="1") + "Starting gunicorn 22.0.0", BOOT),
        ),
        family="stops",
    ),
    case(
        "gunicorn-recycles-workers",
        PROMOTE,
        "Workers restart after their max_requests on both sides, each told so, and requests go on.",
        Scene(
            Log((Phase(WSGI),), every=((75.0, f"{RECYCLED}\n{EXIT}\n{BOOT}"),)),
            Log((Phase(WSGI),), every=((60.0, f"{RECYCLED}\n{EXIT}\n{BOOT}"),)),
            rate=160,
            weight=50,
            pods=(2, 2),
        ),
        family="stops",
    ),
)
