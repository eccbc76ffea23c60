"""Failures at WARN or without a level: Logback, Node, Go's net/http, uWSGI, the JVM, gunicorn."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="unlevelled", half="tuned")

LOGBACK = "$time[%Y-%m-%d %H:%M:%S.%L] [http-nio-8080-exec-$int[1,40]] $level c.s.payments.Charger - $message"
PAID = line(LOGBACK, level="INFO ", message="payment $int[10000,99999] captured in $ms[20,200] ms")
RETRIED = line(
    LOGBACK, level="WARN ", message="attempt 1 for payment $int[10000,99999] timed out, trying once more"
)
NODE = "$iso charge $hex[8] settled in $ms[8,60] ms"
REJECTED = (
    "(node:1) UnhandledPromiseRejectionWarning: TypeError: Cannot read properties of undefined (reading 'currency')\n"
    "    at settle (/app/src/settle.js:$int[41,42]:17)\n    at processTicksAndRejections (node:internal/process/task_queues:95:5)"
)
GO = "$time[%Y/%m/%d %H:%M:%S] GET /rates/$int[1,99] 200 $go[1,20]"
PANIC = (
    "$time[%Y/%m/%d %H:%M:%S] http: panic serving $ip:$int[30000,60000]: runtime error: invalid memory address or nil pointer"
    " dereference\ngoroutine $int[100,9000] [running]:\nnet/http.(*conn).serve.func1()\n"
    "\t/usr/local/go/src/net/http/server.go:1947 +0xbe\npanic({0x6e8f20?, 0x9b1c40?})\n"
    "\t/usr/local/go/src/runtime/panic.go:785 +0x132\nmain.(*rates).get(0x0, {0x7b5c28, 0xc000$hex[6]})\n\t/src/rates.go:$int[58,59] +0x2c"
)
UWSGI = (
    "[pid: $int[8,15]|app: 0|req: $seq[1]/$seq[9]] $ip () {34 vars in 512 bytes} [$time[%a %b %d %H:%M:%S %Y]]"
    " GET /thumb/$hex[8] => generated $int[900,9000] bytes in $ms[9,80] msecs (HTTP/1.1 200) 4 headers in 140 bytes"
)
DIED = (
    "DAMN ! worker $int[1,4] (pid: $int[8,90]) died, killed by signal 9 :( trying respawn ...\n"
    "Respawned uWSGI worker $int[1,4] (new pid: $int[91,200])"
)
JVM = "$iso [worker-$int[1,12]] report $int[1000,9999] built, $int[3,40] pages"
HEAP = (
    'Exception in thread "worker-$int[1,12]" java.lang.OutOfMemoryError: Java heap space\n'
    "\tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)\n\tat com.shop.report.Builder.page(Builder.java:$int[70,71])"
)
GUNICORN = '$ip - - [$clf] "GET /rank?q=$hex[6] HTTP/1.1" 200 $int[90,900] "-" "okhttp/4.12.0"'
KILLED = "[$time[%Y-%m-%d %H:%M:%S] +0000] [1] [ERROR] Worker (pid:$int[8,300]) was sent SIGKILL! Perhaps out of memory?"

CASES = (
    case(
        "warn-payment-failed",
        ROLLBACK,
        "Half of the canary's payments fail, as its WARN lines say.",
        Scene(
            PAID, ((50, PAID), (50, line(LOGBACK, level="WARN ", message="payment $int[10000,99999] failed")))
        ),
    ),
    case(
        "warn-x509",
        NOT_PROMOTE,
        "A certificate that the canary does not trust keeps three of ten payments from the bank, at WARN.",
        Scene(
            PAID,
            (
                (70, PAID),
                (
                    30,
                    line(
                        LOGBACK,
                        level="WARN ",
                        message="bank call failed: javax.net.ssl.SSLHandshakeException: PKIX path building failed:"
                        " unable to find valid certification path to requested target",
                    ),
                ),
            ),
        ),
    ),
    case(
        "warn-retries-alike",
        PROMOTE,
        "One payment in twenty needs a second attempt on either side, and is captured then.",
        Scene(added(PAID, (0.05, RETRIED)), weight=40, rate=200),
    ),
    case(
        "warn-deprecated-at-start",
        PROMOTE,
        "A deprecated property is named once at the start of the canary; all payments are captured.",
        Scene(
            PAID,
            Log(
                (Phase(PAID),),
                start=(
                    line(LOGBACK, level="INFO ", message="Starting Charger using Java 21.0.4 with PID 1"),
                    line(
                        LOGBACK,
                        level="WARN ",
                        message="Property 'charger.timeout' is deprecated, use 'charger.read-timeout' instead",
                    ),
                    line(
                        LOGBACK,
                        level="INFO ",
                        message="Started Charger in 3.214 seconds (process running for 3.901)",
                    ),
                ),
            ),
        ),
    ),
    case(
        "unhandled-rejection",
        ROLLBACK,
        "Every third charge of the canary ends in an unhandled promise rejection.",
        Scene(NODE, ((67, NODE), (33, REJECTED)), rate=120),
    ),
    case(
        "node-deprecation",
        PROMOTE,
        "Node names a deprecated module once, as newer versions do.",
        Scene(
            NODE,
            Log(
                (Phase(NODE),),
                start=(
                    "(node:1) [DEP0040] DeprecationWarning: The `punycode` module is deprecated. Please use a userland alternative"
                    " instead.\n(Use `node --trace-deprecation ...` to show where the warning was created)",
                ),
            ),
        ),
    ),
    case(
        "go-panic-serving",
        ROLLBACK,
        "A fifth of the canary's requests panic in the handler; net/http goes on serving.",
        Scene(GO, ((80, GO), (20, PANIC)), minutes=8),
    ),
    case(
        "go-tls-scanners",
        PROMOTE,
        "net/http complains of plain HTTP to its TLS port as often on both sides; someone scans.",
        Scene(
            added(
                GO,
                (0.03, "$time[%Y/%m/%d %H:%M:%S] http: TLS handshake error from $ip:$int[30000,60000]: EOF"),
            ),
            weight=35,
        ),
    ),
    case(
        "uwsgi-died",
        ROLLBACK,
        "The canary's uWSGI workers are killed by signal 9 every few seconds.",
        Scene(UWSGI, added(UWSGI, (0.12, DIED)), rate=140),
    ),
    case(
        "uwsgi-recycled",
        PROMOTE,
        "Workers are recycled after max-requests, as uWSGI was told, on both sides.",
        Scene(
            added(
                UWSGI,
                (
                    0.02,
                    "...The work of process $int[8,90] is done. Seeya!\nRespawned uWSGI worker $int[1,4] (new pid: $int[91,200])",
                ),
            )
        ),
    ),
    case(
        "heap-space-survived",
        ROLLBACK,
        "A quarter of the canary's reports end with an OutOfMemoryError that the process survives.",
        Scene(JVM, ((75, JVM), (25, HEAP)), rate=110),
    ),
    case(
        "flag-unknown-once",
        PROMOTE,
        "An unknown flag that falls back to its default is told once for each pod of the canary.",
        Scene(
            JVM,
            Log(
                (Phase(JVM),),
                at=(
                    (
                        0.05,
                        "$iso [main] flag report.v2 is not known to the flag service, default false is used",
                    ),
                ),
            ),
            pods=(3, 2),
            weight=40,
        ),
    ),
    case(
        "worker-sigkill",
        ROLLBACK,
        "gunicorn's workers on the canary are sent SIGKILL all the time.",
        Scene(
            GUNICORN,
            added(
                GUNICORN,
                (
                    0.1,
                    KILLED
                    + "\n[$time[%Y-%m-%d %H:%M:%S] +0000] [$int[301,900]] [INFO] Booting worker with pid: $int[301,900]",
                ),
            ),
            weight=20,
        ),
    ),
    case(
        "gunicorn-boots",
        PROMOTE,
        "gunicorn boots four workers at the canary's start and serves.",
        Scene(
            GUNICORN,
            start=(
                "[$time[%Y-%m-%d %H:%M:%S] +0000] [1] [INFO] Starting gunicorn 22.0.0",
                "[$time[%Y-%m-%d %H:%M:%S] +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)",
                *("[$time[%Y-%m-%d %H:%M:%S] +0000] [$int[7,12]] [INFO] Booting worker with pid: $int[7,12]",)
                * 4,
            ),
        ),
    ),
)
