"""Codes that are not HTTP's: SIP replies in Kamailio, ORA numbers, rsync's exit codes, Postfix' enhanced status codes."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Mix, added, line, ways
from cases.scene import Scene

case = partial(Case, family="codes", half="tuned")

SIP = (
    "$int[20,39]($int[40,59]) INFO: <script>: onreply: method=$pick[INVITE|INVITE|BYE] ci=$hex[12]@$ip"
    " rs=$code src=$ip:5060 delay=$ms[20,400]"
)
REGISTER = (
    '$int[20,39]($int[40,59]) INFO: <script>: REGISTER ok aor="sip:$int[1000,9999]@pbx.example" exp=3600'
)
ORACLE = (
    "$sql.$int[100,999]  INFO [http-worker-$int[1,16]] policy.PolicyWriter: policy=$int[100000,999999]"
    " op=$pick[bind|renew] $end"
)
ORACLE_READ = (
    "$sql.$int[100,999]  INFO [http-worker-$int[1,16]] policy.PolicyReader: policy=$int[100000,999999]"
    " read rows=$int[1,9]"
)
RSYNC = (
    "$time[%Y/%m/%d %H:%M:%S] [mirror] target=$pick[par1|ams2|waw1|mad1] files=$int[20,400] exit=$code"
    " secs=$dec[1,40,1]"
)
POSTFIX = (
    "postfix/smtp[$int[300,900]]: $hex[10]: to=<$pick[kim|ana|jo|lee]$int[1,"
    "999]@$pick[mail.example|post.example]>,"
    " relay=mx$int[1,4].example[$client]:25, delay=$dec[0.3,3,2], delays=0.02/0/0.2/0.4, dsn=$code"
)
POSTFIX_NOISE: Mix = (
    (40, "postfix/qmgr[88]: $hex[10]: removed"),
    (20, "postfix/smtpd[$int[300,900]]: connect from app-$int[1,9].corp.example[$ip]"),
)


def postfix(**share: float) -> Mix:
    """Return deliveries by kind of status."""
    told = {
        "sent": "2.0.0, status=sent (250 2.0.0 OK $hex[8])",
        "unknown": "5.1.1, status=bounced (550 5.1.1 user unknown)",
        "policy": "5.7.26, status=bounced (550 5.7.26 unauthenticated mail is not accepted, check SPF and DKIM)",
        "grey": "4.2.0, status=deferred (450 4.2.0 greylisted, come back in 60 s)",
    }
    return (*ways(POSTFIX, code={told[name]: of for name, of in share.items()}), *POSTFIX_NOISE)


CASES = (
    case(
        "kamailio-488",
        ROLLBACK,
        "Six of ten call set-ups through the canary end with 488, Not Acceptable Here, where stable's are 200.",
        Scene(
            (*ways(SIP, code={"200": 84, "486": 10, "487": 6}), (30, REGISTER)),
            (*ways(SIP, code={"200": 26, "488": 58, "486": 10, "487": 6}), (30, REGISTER)),
            rate=140,
            every=(
                (
                    30.0,
                    "$int[20,39]($int[40,59]) INFO: dispatcher: probing sip:gw$int[1,3].example:5060 state AP",
                ),
            ),
        ),
    ),
    case(
        "kamailio-ringing-logged",
        PROMOTE,
        "The canary's script logs provisional replies too, 100, 180 and 183; the final ones are as on stable.",
        Scene(
            (*ways(SIP, code={"200": 84, "486": 10, "487": 6}), (30, REGISTER)),
            added(
                (*ways(SIP, code={"200": 84, "486": 10, "487": 6}), (30, REGISTER)),
                (0.5, line(SIP, code="$pick[100|180|183]")),
            ),
            rate=140,
            every=(
                (
                    30.0,
                    "$int[20,39]($int[40,59]) INFO: dispatcher: probing sip:gw$int[1,3].example:5060 state AP",
                ),
            ),
        ),
    ),
    case(
        "oracle-01400",
        ROLLBACK,
        "Half of the canary's binds end with ORA-01400, a NULL where none may be, logged at INFO.",
        Scene(
            (*ways(ORACLE, end={"rc=0 rows=1": 55}), (45, ORACLE_READ)),
            (*ways(ORACLE, end={"rc=0 rows=1": 27, "rc=1400 rows=0 (ORA-01400)": 28}), (45, ORACLE_READ)),
            every=(
                (
                    75.0,
                    (
                        "$sql.$int[100,999]  WARN [http-worker-$int[1,16]] policy.Pool: connection"
                        " $int[1,16] was idle too long, closed and opened anew"
                    ),
                ),
            ),
        ),
    ),
    case(
        "oracle-28002",
        PROMOTE,
        (
            "At its start the canary's pool is told ORA-28002, a password that will expire in seven days,"
            " and every write is made."
        ),
        Scene(
            (*ways(ORACLE, end={"rc=0 rows=1": 55}), (45, ORACLE_READ)),
            (*ways(ORACLE, end={"rc=0 rows=1": 55}), (45, ORACLE_READ)),
            start=(
                "$sql.$int[100,999]  INFO [main] policy.Pool: pool of 16 connections to LIFEDB opened",
                (
                    "$sql.$int[100,999]  WARN [main] policy.Pool: SQLWarning 28002: ORA-28002: the"
                    " password will expire within 7 days"
                ),
                "$sql.$int[100,999]  INFO [main] policy.Main: ready",
            ),
            every=(
                (
                    75.0,
                    (
                        "$sql.$int[100,999]  WARN [http-worker-$int[1,16]] policy.Pool: connection"
                        " $int[1,16] was idle too long, closed and opened anew"
                    ),
                ),
            ),
            weight=15,
            rate=260,
        ),
    ),
    case(
        "rsync-exit-23",
        NOT_PROMOTE,
        "Most of the canary's mirror runs exit 23, a partial transfer, where stable's exit 0.",
        Scene(
            ways(RSYNC, code={"0": 98, "24": 2}),
            ways(RSYNC, code={"0": 30, "24": 2, "23": 68}),
            rate=70,
            minutes=14,
            weight=35,
        ),
    ),
    case(
        "rsync-exit-24",
        PROMOTE,
        (
            "Some runs exit 24, files that vanished while they were read, as often on both sides; the"
            " canary moves more files a run."
        ),
        Scene(
            ways(RSYNC, code={"0": 91, "24": 9}),
            tuple(
                (share, text.replace("files=$int[20,400]", "files=$int[300,900]"))
                for share, text in ways(RSYNC, code={"0": 91, "24": 9})
            ),
            rate=70,
            minutes=14,
            weight=35,
        ),
    ),
    case(
        "postfix-spf",
        ROLLBACK,
        "What the canary sends is bounced with 5.7.26, unauthenticated, in 7 of 10; stable's mail is taken.",
        Scene(
            postfix(sent=95, unknown=3, grey=2),
            postfix(sent=26, unknown=3, grey=2, policy=69),
            weight=50,
            pods=(2, 2),
            rate=90,
        ),
    ),
    case(
        "postfix-greylisted",
        PROMOTE,
        "A few recipients greylist, 4.2.0, on either side, and unknown users bounce as ever.",
        Scene(postfix(sent=88, unknown=5, grey=7), postfix(sent=87, unknown=5, grey=8), weight=40, rate=200),
    ),
)
