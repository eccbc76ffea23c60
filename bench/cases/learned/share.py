"""How large a part is touched: one kind of upload, one GraphQL field, one pod of three, one way to pay."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Mix, Phase, added, line
from cases.scene import Scene

case = partial(Case, family="share", half="tuned")

UPLOAD = 'time="$time[%Y-%m-%dT%H:%M:%SZ]" level=$level msg="$message" kind=$kind bytes=$int[9000,900000]'
TAKEN = line(UPLOAD, level="info", message="upload stored")
UPLOADS: Mix = ((50, line(TAKEN, kind="jpeg")), (38, line(TAKEN, kind="png")), (12, line(TAKEN, kind="heic")))
NO_HEIC = line(
    UPLOAD, level="warning", message="upload not stored: heif: no plugin for this brand", kind="heic"
)
CUT = line(
    UPLOAD,
    level="error",
    message="upload not stored: unexpected EOF, client went away",
    kind="$pick[jpeg|png]",
)

GRAPHQL = "$iso gql op=$op complexity=$int[4,60] errors=$errors status=200 ms=$ms[4,90]"
QUERIES: Mix = (
    (45, line(GRAPHQL, op="ProductPage", errors="0")),
    (35, line(GRAPHQL, op="CartSummary", errors="0")),
    (20, line(GRAPHQL, op="WishList", errors="0")),
)

TELLER = "$sql,$int[100,999] level=$level pod=$pod $message"
BOOKED = line(TELLER, level="INFO", message="transfer $int[100000,999999] booked")
LISTED = line(TELLER, level="INFO", message="statement of account $int[1000,9999] listed")
UNBOOKED = line(
    TELLER,
    level="ERROR",
    message="transfer $int[100000,999999] not booked: clock of this host is 400 s behind, signature refused",
)
BUSY = line(
    TELLER,
    level="ERROR",
    message="transfer $int[100000,999999] not booked: account is locked by another transfer",
)

PAY = '[$iso] payment.$level: $message {"method":"$method","order":"$int[10000,99999]"} []'
PAID = line(PAY, level="INFO", message="authorised")
METHODS: Mix = (
    (60, line(PAID, method="card")),
    (25, line(PAID, method="paypal")),
    (12, line(PAID, method="klarna")),
)
DECLINED = line(PAY, level="WARNING", message="declined by issuer, insufficient funds", method="card")

CASES = (
    case(
        "upload-heic",
        NOT_PROMOTE,
        "Every HEIC upload to the canary, one of eight of all, is not stored; stable stores each of them.",
        Scene(UPLOADS, (UPLOADS[0], UPLOADS[1], (12, NO_HEIC)), rate=200),
    ),
    case(
        "upload-cut-off-both",
        PROMOTE,
        "Once in a while a client goes away in the middle of an upload, as often on stable as on the canary.",
        Scene((*UPLOADS, (1.2, CUT)), (*UPLOADS, (1.4, CUT)), rate=200, weight=40),
    ),
    case(
        "graphql-one-query",
        ROLLBACK,
        "HTTP says 200 always, and each CartSummary of the canary has errors=3; the other queries have none.",
        Scene(
            QUERIES,
            (QUERIES[0], (35, line(GRAPHQL, op="CartSummary", errors="3")), QUERIES[2]),
            every=(
                (10.0, "$iso gql op=Health complexity=1 errors=0 status=200 ms=1"),
                (60.0, "$iso gql op=WishList complexity=$int[4,60] errors=1 status=200 ms=$ms[4,90]"),
            ),
            rate=220,
        ),
    ),
    case(
        "graphql-new-query",
        PROMOTE,
        "The canary's clients ask for a new query beside the old ones; errors=0 in all of them.",
        Scene(
            QUERIES,
            added(QUERIES, (0.3, line(GRAPHQL, op="RecentlyViewedErrorPages", errors="0"))),
            every=(
                (10.0, "$iso gql op=Health complexity=1 errors=0 status=200 ms=1"),
                (60.0, "$iso gql op=WishList complexity=$int[4,60] errors=1 status=200 ms=$ms[4,90]"),
            ),
            weight=10,
            rate=300,
        ),
    ),
    case(
        "pod-of-three-with-wrong-clock",
        NOT_PROMOTE,
        (
            "One of the canary's three pods books no transfer at all since its signatures are refused; the"
            " other two do."
        ),
        Scene(
            ((50, BOOKED), (50, LISTED)),
            ((50, BOOKED), (50, LISTED)),
            others=(
                Log((Phase(((50, BOOKED), (50, LISTED))),)),
                Log((Phase(((50, UNBOOKED), (50, LISTED))),)),
            ),
            pods=(3, 3),
            weight=50,
            rate=240,
        ),
    ),
    case(
        "pod-locks-here-and-there",
        PROMOTE,
        "Two transfers at once lock each other out in one of a hundred cases, in each pod of either side.",
        Scene(
            ((50, BOOKED), (50, LISTED), (1, BUSY)),
            ((50, BOOKED), (50, LISTED), (1, BUSY)),
            pods=(3, 3),
            weight=50,
            rate=240,
        ),
    ),
    case(
        "klarna-not-authorised",
        NOT_PROMOTE,
        (
            "All payments by klarna fail on the canary, an eighth of its orders, with an unknown merchant;"
            " card and paypal go through."
        ),
        Scene(
            (*METHODS, (3, DECLINED)),
            (
                METHODS[0],
                METHODS[1],
                (12, line(PAY, level="WARNING", message="not authorised, merchant unknown", method="klarna")),
                (3, DECLINED),
            ),
            rate=190,
        ),
    ),
    case(
        "cards-declined-as-ever",
        PROMOTE,
        "Issuers decline some cards; the canary's three in a hundred are no more than stable's.",
        Scene((*METHODS, (3, DECLINED)), (*METHODS, (3.3, DECLINED)), rate=190, weight=45),
    ),
)
