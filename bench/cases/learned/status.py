"""Status codes in access logs: MinIO's trace, Ktor's CallLogging, Jetty's NCSA log, actix-web's Logger."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Mix, added, line, ways
from cases.scene import Scene

case = partial(Case, family="status", half="tuned")

MINIO = (
    "$time[%Y-%m-%dT%H:%M:%S.%L] [$code] s3.$call minio:9000/$pick[invoices|media|exports]/$hex[8] $ip "
    " $dec[0.4,40,3]ms ↑ $int[80,900] B ↓ $size"
)
MINIO_CALLS = {"GetObject": 60, "HeadObject": 25, "PutObject": 15}
KTOR = (
    "$time[%Y-%m-%d %H:%M:%S.%L] [eventLoopGroupProxy-4-$int[1,8]] INFO  ktor.application - $status:"
    " $request in $ms[2,90]ms"
)
KTOR_ASKED = ("GET - /tickets", "POST - /tickets", "GET - /venues/$int[1,90]")
KTOR_NOISE: Mix = ((18, line(KTOR, status="200 OK", request="GET - /health")),)
JETTY = (
    '$client - $who [$clf] "$request HTTP/1.1" $status $int[120,9000] "-"'
    ' "$pick[okhttp/4.12.0|Dalvik/2.1.0|CFNetwork/1568]" $ms[3,80]'
)
JETTY_NOISE: Mix = ((5, '10.42.0.1 - - [$clf] "GET /admin/ping HTTP/1.1" 200 5 "-" "kube-probe/1.30" 0'),)
ACTIX = (
    '[$time[%Y-%m-%dT%H:%M:%SZ] INFO  actix_web::middleware::logger] $ip "$request HTTP/1.1" $status'
    ' $int[40,2400] "-" "$agent" 0.$int[100000,999999]'
)


def minio(**codes: float) -> Mix:
    """Return MinIO's calls, each ending with the codes by share (`ok=99`)."""
    reply = {
        "ok": "200 OK",
        "part": "206 Partial Content",
        "none": "404 Not Found",
        "slow": "503 Service Unavailable",
        "same": "304 Not Modified",
    }
    return tuple(
        (share * of, text.replace("$size", "$int[90,90000] B"))
        for call, share in MINIO_CALLS.items()
        for of, text in ways(line(MINIO, call=call), code={reply[name]: of for name, of in codes.items()})
    )


def ktor(**status: float) -> Mix:
    """Return Ktor's calls with the status by share, by name of the status' words."""
    told = {name.replace("_", " ")[1:]: share for name, share in status.items()}
    return (
        *(part for asked in KTOR_ASKED for part in ways(line(KTOR, request=asked), status=told)),
        *KTOR_NOISE,
    )


def jetty(status: dict[str, float], request: str = "POST /api/v2/sync", who: str = "-") -> Mix:
    return (*ways(line(JETTY, request=request, who=who), status=status), *JETTY_NOISE)


def actix(status: dict[str, float], request: str, agent: str = "reqwest/0.12.4") -> Mix:
    return ways(line(ACTIX, request=request, agent=agent), status=status)


CASES = (
    case(
        "minio-503-slow-down",
        ROLLBACK,
        "A fifth of the canary's object calls end with 503 (SlowDown), of stable's hardly one in a hundred.",
        Scene(
            minio(ok=97, none=3),
            minio(ok=76, none=3, slow=21),
            rate=180,
            every=(
                (
                    20.0,
                    "$time[%Y-%m-%dT%H:%M:%S.%L] [200 OK] healthcheck minio:9000/minio/health/live $ip  0.1ms",
                ),
            ),
            pods=(4, 2),
        ),
    ),
    case(
        "minio-ranges",
        PROMOTE,
        "The canary's clients read in ranges and with ETags, so 206 and 304 stand where 200 did.",
        Scene(
            minio(ok=97, none=3),
            minio(ok=57, none=3, part=25, same=15),
            rate=180,
            every=(
                (
                    20.0,
                    "$time[%Y-%m-%dT%H:%M:%S.%L] [200 OK] healthcheck minio:9000/minio/health/live $ip  0.1ms",
                ),
            ),
            pods=(4, 2),
        ),
    ),
    case(
        "ktor-500-at-info",
        ROLLBACK,
        "Ktor logs each call at INFO, and a third of the canary's are 500 Internal Server Error.",
        Scene(
            ktor(_200_OK=93, _404_Not_Found=7),
            ktor(_200_OK=60, _404_Not_Found=7, _500_Internal_Server_Error=33),
            weight=10,
            rate=300,
        ),
    ),
    case(
        "ktor-created-and-accepted",
        PROMOTE,
        "The canary answers 201 Created and 202 Accepted where stable said 200 OK for all; 404 is as before.",
        Scene(
            ktor(_200_OK=93, _404_Not_Found=7),
            ktor(_200_OK=58, _201_Created=20, _202_Accepted=15, _404_Not_Found=7),
            weight=12,
            rate=280,
            minutes=8,
        ),
    ),
    case(
        "jetty-all-401",
        ROLLBACK,
        "Nine of ten syncs that carry a user are refused with 401 by the canary; stable takes them.",
        Scene(
            jetty({"200": 96, "401": 4}, who="dev-$int[10,99]"),
            jetty({"200": 9, "401": 91}, who="dev-$int[10,99]"),
            weight=30,
        ),
    ),
    case(
        "jetty-scanner",
        PROMOTE,
        "A scanner asks the canary for PHP pages and dot files, gets 404, and the syncs are answered as ever.",
        Scene(
            jetty({"200": 99, "401": 1}),
            added(
                jetty({"200": 99, "401": 1}),
                (
                    0.22,
                    line(
                        JETTY,
                        request=(
                            "GET $pick[/wp-login.php|/.env|/.git/config|/phpmyadmin/|/vendor/phpunit/eval-s"
                            "tdin.php|/cgi-bin/luci]"
                        ),
                        who="-",
                        status="404",
                    ),
                ),
            ),
            rate=90,
            minutes=12,
        ),
    ),
    case(
        "actix-one-route-502",
        NOT_PROMOTE,
        "One route of three, the quotes, is 502 for each request to the canary; the others answer.",
        Scene(
            (
                *actix({"200": 62}, "GET /rates/$int[1,400]"),
                *actix({"200": 18}, "POST /quotes"),
                *actix({"204": 20}, "DELETE /holds/$hex[8]"),
            ),
            (
                *actix({"200": 62}, "GET /rates/$int[1,400]"),
                *actix({"502": 18}, "POST /quotes"),
                *actix({"204": 20}, "DELETE /holds/$hex[8]"),
            ),
            rate=220,
            every=((10.0, line(ACTIX, request="GET /readyz", agent="kube-probe/1.31", status="200")),),
        ),
    ),
    case(
        "actix-new-crawler-gone",
        PROMOTE,
        (
            "A crawler asks for pages that were taken down, 410 by design on both sides; the canary got"
            " more of its visits."
        ),
        Scene(
            (
                *actix({"200": 90}, "GET /rates/$int[1,400]"),
                *actix({"410": 4}, "GET /archive/$int[1000,9999]", "GPTBot/1.2"),
                *actix({"200": 6}, "GET /readyz", "kube-probe/1.31"),
            ),
            (
                *actix({"200": 90}, "GET /rates/$int[1,400]"),
                *actix({"410": 9}, "GET /archive/$int[1000,9999]", "GPTBot/1.2"),
                *actix({"200": 6}, "GET /readyz", "kube-probe/1.31"),
            ),
            minutes=14,
            rate=120,
        ),
    ),
)
