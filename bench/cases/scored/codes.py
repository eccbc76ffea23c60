"""Codes that are not HTTP's: gRPC in Triton's clients, LDAP result codes, MQTT reason codes, ISO 8583 responses."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Mix, added, line, ways
from cases.scene import Scene

case = partial(Case, family="codes", half="scored")

TRITON = (
    "$iso INFO ranker infer model=$pick[twotower|dlrm] version=$version batch=$int[8,64] code=$code"
    " queue_us=$ms[40,900] compute_us=$int[2000,9000]"
)
TRITON_NOISE: Mix = ((12, "$iso INFO ranker features joined rows=$int[80,300] in $dec[0.5,4,2]ms"),)
LDAP = "$hex[8].$hex[8] 0x7f$hex[10] conn=$int[1000,9999] op=$int[0,9] $what"
LDAP_NOISE: Mix = (
    (
        30,
        line(
            LDAP,
            what='SRCH base="ou=people,dc=corp,dc=example" scope=2 deref=0 filter="(uid=u$int[100,9999])"',
        ),
    ),
    (
        30,
        line(
            LDAP,
            what="SEARCH RESULT tag=101 err=0 qtime=0.0000$int[10,40] etime=0.000$int[100,900] nentries=1 text=",
        ),
    ),
    (10, line(LDAP, what="UNBIND")),
)
BIND = line(LDAP, what="RESULT tag=97 err=$code qtime=0.0000$int[10,40] etime=0.00$int[100,900] text=")
EMQX = (
    "$iso [$level] msg: $event, mfa: emqx_channel:$fun/$int[2,4], peername: $ip:$int[20000,60000],"
    " clientid: meter-$int[1000,9999],"
    " topic: meters/$int[1,90]/reading, reason_code: $code"
)
ISO = (
    "$comma switch-$int[1,4] <- acquirer $pick[alpha|beta] mti=0110 stan=$int[100000,999999] rc=$code"
    " amt=$int[100,90000] rtt=$ms[90,700]"
)
ISO_NOISE: Mix = ((10, "$comma switch-$int[1,4] -> acquirer $pick[alpha|beta] mti=0800 nmic=301 echo"),)


def triton(version: str = "3", **code: float) -> Mix:
    return (*ways(line(TRITON, version=version), code=code), *TRITON_NOISE)


def mqtt(**code: float) -> Mix:
    """Return publishes and connects, each with their reason codes (`r0=90`)."""
    codes = {name[1:]: share for name, share in code.items()}
    return (
        *ways(line(EMQX, level="info", event="publish_received", fun="process_publish"), code=codes),
        *ways(line(EMQX, level="info", event="client_connected", fun="ensure_connected"), code={"0": 12}),
    )


CASES = (
    case(
        "triton-invalid-argument",
        ROLLBACK,
        "Half of the canary's inferences end with INVALID_ARGUMENT, as one input's shape is not the model's.",
        Scene(
            triton(OK=99, UNAVAILABLE=1),
            triton(OK=50, INVALID_ARGUMENT=49, UNAVAILABLE=1),
            weight=12,
            rate=300,
        ),
    ),
    case(
        "triton-next-version",
        PROMOTE,
        "The canary asks for version 4 of the models, and all but the usual one in a hundred are OK.",
        Scene(triton(OK=99, UNAVAILABLE=1), triton(version="4", OK=99, UNAVAILABLE=1), weight=30, minutes=8),
    ),
    case(
        "openldap-err-49",
        ROLLBACK,
        "Eight of ten binds to the canary end with err=49, invalid credentials, against one in twenty on stable.",
        Scene(
            (*ways(BIND, code={"0": 57, "49": 3}), *LDAP_NOISE),
            (*ways(BIND, code={"0": 12, "49": 48}), *LDAP_NOISE),
            rate=200,
        ),
    ),
    case(
        "openldap-err-0-and-referral",
        PROMOTE,
        (
            "The canary logs what stable logs and each hour's sync besides; err=0 is success and err=49 a"
            " mistyped password here and there."
        ),
        Scene(
            (*ways(BIND, code={"0": 57, "49": 3}), *LDAP_NOISE),
            added(
                (*ways(BIND, code={"0": 57, "49": 3}), *LDAP_NOISE),
                (
                    0.1,
                    line(
                        LDAP,
                        what=(
                            "syncprov_search_response: cookie=rid=001,"
                            "csn=$time[%Y%m%d%H%M%S].000000Z#000000#000#000000 err=0"
                        ),
                    ),
                ),
            ),
            rate=200,
        ),
    ),
    case(
        "emqx-not-authorized",
        NOT_PROMOTE,
        "A third of the meters' readings get reason code 135, not authorized, from the canary, at info.",
        Scene(
            mqtt(r0=100),
            mqtt(r0=66, r135=34),
            every=(
                (
                    25.0,
                    (
                        "$iso [warning] msg: keepalive_timeout, mfa: emqx_channel:handle_timeout/3,"
                        " peername: $ip:$int[20000,60000], clientid: meter-$int[1000,9999]"
                    ),
                ),
            ),
        ),
    ),
    case(
        "emqx-no-subscribers",
        PROMOTE,
        (
            "Reason code 16 says that nobody subscribes to a topic now, which is so for a few readings on"
            " either side."
        ),
        Scene(
            mqtt(r0=90, r16=10),
            mqtt(r0=87, r16=12),
            weight=40,
            every=(
                (
                    25.0,
                    (
                        "$iso [warning] msg: keepalive_timeout, mfa: emqx_channel:handle_timeout/3,"
                        " peername: $ip:$int[20000,60000], clientid: meter-$int[1000,9999]"
                    ),
                ),
            ),
        ),
    ),
    case(
        "iso8583-response-96",
        ROLLBACK,
        "Response code 96, system malfunction, comes for four of ten of the canary's payments; 00 is approval.",
        Scene(
            (*ways(ISO, code={"00": 90, "51": 6, "05": 4}), *ISO_NOISE),
            (*ways(ISO, code={"00": 50, "51": 6, "05": 4, "96": 40}), *ISO_NOISE),
            rate=140,
        ),
    ),
    case(
        "iso8583-partial-approvals",
        PROMOTE,
        (
            "The canary takes partial approvals, response code 10, which is a success too, for one payment"
            " in twelve; declines are as before."
        ),
        Scene(
            (*ways(ISO, code={"00": 90, "51": 6, "05": 4}), *ISO_NOISE),
            (*ways(ISO, code={"00": 84, "10": 7, "51": 5, "05": 4}), *ISO_NOISE),
            rate=140,
        ),
    ),
)
