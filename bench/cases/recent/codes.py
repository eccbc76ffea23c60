"""Codes other than HTTP's: DNS, LDAP, SIP, RADIUS, connect-go, Slurm, ODBC, Kafka, FTP, Twirp, test runs, probes."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import added, line, ways
from cases.scene import Scene

case = partial(Case, family="codes", half="tuned")

COREDNS = (
    '[INFO] $ip:$int[30000,60000] - $int[1000,60000] "A IN $pick[cart|orders|users].shop.svc.cluster.local. udp 52 false 512"'
    " $code qr,aa,rd $int[50,160] 0.000$int[100000,900000]s"
)
LDAP = "$hex[8].$hex[8] 0x7f3a conn=$int[1000,9000] op=$int[1,9] RESULT tag=97 err=$err text="
SIP = "$time[%b %d %H:%M:%S] edge kamailio[31]: INFO: <script>: INVITE call $hex[12] to sip:$int[100,999]@pbx finished with reply $code"
RADIUS = "$time[%a %b %d %H:%M:%S %Y] : Auth: ($int[1,9000]) $answer: [user$int[100,999]] (from client wlc port $int[1,40])"
CONNECT = 'time=$iso level=INFO msg="rpc finished" procedure=/travel.v1.SeatService/Hold peer=$ip code=$code duration=$go[1,40]'
SLURM = (
    "[$time[%Y-%m-%dT%H:%M:%S.%L]] _job_complete: JobId=$int[10000,99999] WEXITSTATUS"
    " $code\n[$time[%Y-%m-%dT%H:%M:%S.%L]] _job_complete: JobId=$int[10000,99999] done"
)
ODBC = "$sql;feeder;row $int[1000,99999];$end"
KAFKA = (
    "$comma INFO [producer-$int[1,4]] batch of $int[10,80] records to audit-$int[0,11] completed,"
    " error_code=$code, offset=$seq[80100,40]"
)
FTP = '$time[%a %b %d %H:%M:%S %Y] [pid $int[2,90]] [feeds] FTP response: Client "$ip", "$reply"'
TESTS = "$iso synthetic run $seq[400]: checks=$int[24,24] $counts duration=$dec[2,9,1]s"
LOADER = (
    '{"ts":"$iso","job":"loader","chunk":$seq[20],"inserted":$inserted,"rejected":$rejected,"state":"$state"}'
)
FIX = "$time[%Y%m%d-%H:%M:%S.%L]: 8=FIX.4.4|35=8|49=DESK|56=VENUE|37=$int[10000,99999]|150=$kind|39=$kind|55=$pick[AAA|BBB]|38=$int[1,90]00"

CASES = (
    case(
        "coredns-servfail",
        NOT_PROMOTE,
        "CoreDNS answers a third of the canary's queries with SERVFAIL, at INFO, none of stable's.",
        Scene(
            ways(COREDNS, code={"NOERROR": 90, "NXDOMAIN": 10}),
            ways(COREDNS, code={"NOERROR": 58, "NXDOMAIN": 8, "SERVFAIL": 34}),
            rate=240,
        ),
    ),
    case(
        "coredns-nxdomain-alike",
        PROMOTE,
        "Search domains make NXDOMAIN usual: two of five queries on both sides.",
        Scene(ways(COREDNS, code={"NOERROR": 60, "NXDOMAIN": 40}), weight=40, rate=240),
    ),
    case(
        "ldap-err-52",
        NOT_PROMOTE,
        "Half of the canary's binds end with err=52 (unavailable), all of stable's with err=0.",
        Scene(ways(LDAP, err={"0": 1}), ways(LDAP, err={"0": 50, "52": 50})),
    ),
    case(
        "ldap-wrong-passwords-alike",
        PROMOTE,
        "People mistype their passwords (err=49), one in fifteen, on both sides.",
        Scene(ways(LDAP, err={"0": 93, "49": 7}), weight=45, rate=220),
    ),
    case(
        "sip-reply-503",
        NOT_PROMOTE,
        "Four of ten calls through the canary finish with reply 503.",
        Scene(ways(SIP, code={"200": 92, "486": 8}), ways(SIP, code={"200": 52, "486": 8, "503": 40})),
    ),
    case(
        "radius-rejects",
        NOT_PROMOTE,
        "The canary rejects six of ten logins as incorrect, stable one in forty.",
        Scene(
            ways(
                RADIUS,
                answer={"Login OK": 975, "Login incorrect (mschap: MS-CHAP2-Response is incorrect)": 25},
            ),
            ways(
                RADIUS,
                answer={"Login OK": 40, "Login incorrect (mschap: MS-CHAP2-Response is incorrect)": 60},
            ),
            weight=20,
            rate=200,
        ),
    ),
    case(
        "connect-internal",
        NOT_PROMOTE,
        "A third of the canary's calls finish with code=internal, none of stable's.",
        Scene(
            ways(CONNECT, code={"ok": 97, "not_found": 3}),
            ways(CONNECT, code={"ok": 64, "not_found": 3, "internal": 33}),
        ),
    ),
    case(
        "connect-canceled-alike",
        PROMOTE,
        "Clients cancel as often on both sides.",
        Scene(
            ways(CONNECT, code={"ok": 94, "canceled": 6}),
            ways(CONNECT, code={"ok": 93, "canceled": 7}),
            weight=40,
            rate=220,
        ),
    ),
    case(
        "slurm-wexitstatus",
        NOT_PROMOTE,
        "Four of ten of the canary's jobs end with status 1, all of stable's with 0.",
        Scene(ways(SLURM, code={"0": 1}), ways(SLURM, code={"0": 60, "1": 40}), rate=60, minutes=12),
    ),
    case(
        "odbc-hy000",
        NOT_PROMOTE,
        "Half of the canary's rows end with [HY000], a general error of the driver.",
        Scene(
            ways(ODBC, end={"stored": 1}),
            ways(
                ODBC,
                end={
                    "stored": 50,
                    "[HY000] [FreeTDS][SQL Server] Unexpected EOF from the server (20017)": 50,
                },
            ),
        ),
    ),
    case(
        "odbc-01000",
        PROMOTE,
        "SQLSTATE 01000 is a message of the server that the context was changed, once an hour and at each start.",
        Scene(
            ways(ODBC, end={"stored": 1}),
            added(
                ways(ODBC, end={"stored": 1}),
                (0.02, "$sql;feeder;session;[01000] Changed database context to 'feeds'"),
            ),
        ),
    ),
    case(
        "kafka-error-code",
        NOT_PROMOTE,
        "A third of the canary's batches complete with error_code=6 (not the leader), all of stable's with 0.",
        Scene(ways(KAFKA, code={"0": 1}), ways(KAFKA, code={"0": 66, "6": 34}), rate=120),
    ),
    case(
        "kafka-error-code-0",
        PROMOTE,
        "The canary writes the error_code, which is 0, and stable does not.",
        Scene(
            ways(KAFKA.replace(" error_code=$code,", "$code"), code={"": 1}),
            ways(KAFKA, code={"0": 1}),
            rate=120,
        ),
    ),
    case(
        "ftp-550",
        NOT_PROMOTE,
        "Four of ten uploads to the canary get the reply 550 or 553.",
        Scene(
            ways(FTP, reply={"226 Transfer complete.": 1}),
            ways(FTP, reply={"226 Transfer complete.": 60, "553 Could not create file.": 40}),
        ),
    ),
    case(
        "ftp-path-created",
        PROMOTE,
        "The canary answers the making of a folder with 257, which is a success, as often as its users make one.",
        Scene(
            ways(FTP, reply={"226 Transfer complete.": 1}),
            ways(FTP, reply={"226 Transfer complete.": 85, "257 Directory created.": 15}),
        ),
    ),
    case(
        "checks-failed",
        NOT_PROMOTE,
        "Each synthetic run against the canary passes 15 of 24 checks, all against stable.",
        Scene(
            ways(TESTS, counts={"passed=24 failed=0 skipped=0": 1}),
            ways(TESTS, counts={"passed=15 failed=9 skipped=0": 1}),
            rate=60,
        ),
    ),
    case(
        "checks-more",
        PROMOTE,
        "The canary has four checks more, and they pass.",
        Scene(
            ways(TESTS, counts={"passed=24 failed=0 skipped=0": 1}),
            ways(TESTS.replace("$int[24,24]", "28"), counts={"passed=28 failed=0 skipped=0": 1}),
            rate=60,
        ),
    ),
    case(
        "loader-rejected",
        NOT_PROMOTE,
        "The canary's loader inserts nothing: all rows of each chunk are rejected, and the state is partial.",
        Scene(
            line(LOADER, inserted="$int[900,1000]", rejected="0", state="complete"),
            line(LOADER, inserted="0", rejected="$int[900,1000]", state="partial"),
            rate=80,
        ),
    ),
    case(
        "loader-larger-chunks",
        PROMOTE,
        "Chunks are twice as large and none of their rows is rejected.",
        Scene(
            line(LOADER, inserted="$int[900,1000]", rejected="0", state="complete"),
            line(LOADER, inserted="$int[1900,2000]", rejected="0", state="complete"),
            rate=80,
        ),
    ),
    case(
        "fix-partly-filled",
        PROMOTE,
        "Orders are filled in parts more often (39=1), as the market has it, and all are reported.",
        Scene(ways(FIX, kind={"1": 20, "2": 80}), ways(FIX, kind={"1": 24, "2": 76}), weight=40, rate=200),
    ),
)
