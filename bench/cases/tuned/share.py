"""How large a part of the work is touched: one in thousands, one in two, or a large part that nothing
explains.
"""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added
from cases.scene import Scene

case = partial(Case, family="share", half="tuned")

DONE = "$comma INFO  orders.api order $int[1000,99999] accepted in $ms[8,70] ms"
ERROR = (
    "$comma ERROR orders.api order $int[1000,99999] refused: stock service answered with an empty body\n"
    'Traceback (most recent call last):\n  File "/app/orders/api.py", line 212, in accept\n    stock = response.json()\n'
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)"
)
GO = 'level=info ts=$iso msg="parcel routed" parcel=$hex[10] hub=$int[1,40]'
GO_ERROR = (
    'level=error ts=$iso msg="parcel not routed" parcel=$hex[10] err="no hub for postcode $int[10000,99999]"'
)

CREATED = '$ip - - [$clf] "POST /orders HTTP/1.1" 201 $int[90,900] "-" "shop-web/4.1"'
CREATED_500 = CREATED.replace(" 201 ", " 500 ")
KEPT = "$comma INFO  orders.api order $int[1000,99999] kept for later, queue $int[1,9]"
FOUR = (
    "$comma INFO  orders.api basket $int[1000,99999] has $int[1,9] items",
    "$comma INFO  orders.stock reserved $int[1,9] items in store $int[1,40]",
    "$comma INFO  orders.price total is $int[5,900] EUR",
    "$comma INFO  orders.audit entry $hex[12] written",
)
STEPS = (
    *("bay opened", "bay closed", "weight estimated", "label queued", "lane swapped", "hand-over planned"),
    *("belt paused", "belt resumed", "scan repeated", "address looked at", "stamp chosen", "tray emptied"),
    *("tray filled", "shift noted"),
)
MODULES = tuple(f"{kind}-{what}" for kind in ("core", "http", "auth", "stock") for what in "abcdefghij")

CASES = (
    case(
        "one-error-in-thousands",
        PROMOTE,
        "One order is refused among some 1,400 of the canary, as could have met stable.",
        Scene(DONE, Log((Phase(DONE),), at=((0.4, ERROR),)), rate=300, weight=50),
    ),
    case(
        "one-in-two",
        ROLLBACK,
        "Half of the canary's orders are refused with an exception.",
        Scene(DONE, ((50, DONE), (50, ERROR)), weight=20),
    ),
    case(
        "known-rare-error",
        PROMOTE,
        "The error of one parcel in eighty is stable's as well, at the same rate.",
        Scene(added(GO, (0.0125, GO_ERROR)), rate=280, weight=40),
    ),
    case(
        "known-error-twenty-fold",
        ROLLBACK,
        "A quarter of the canary's parcels are not routed, one in eighty of stable's.",
        Scene(added(GO, (0.0125, GO_ERROR)), ((75, GO), (25, GO_ERROR)), rate=240, weight=30),
    ),
    case(
        "unexplained-two-thirds",
        NOT_PROMOTE,
        "Two thirds of the canary's lines say what stable never says, and the accepted orders are a third of what they should be.",
        Scene(
            DONE,
            (
                (34, DONE),
                (
                    66,
                    "$comma INFO  orders.api order $int[1000,99999] parked in lane $int[1,4] by rule R$int[70,72]",
                ),
            ),
        ),
    ),
    case(
        "unexplained-all",
        NOT_PROMOTE,
        "No parcel of the canary is routed; in its place stand lines about a ledger that stable does not know.",
        Scene(
            GO,
            'level=info ts=$iso msg="entry deferred" ledger=$int[1,9] token=$hex[10] tier=$pick[b|c]',
            minutes=8,
        ),
    ),
    case(
        "new-line-rarely",
        PROMOTE,
        "A new line about gift wrapping stands beside one order in fifty, and all orders are accepted.",
        Scene(
            DONE,
            added(DONE, (0.02, "$comma INFO  orders.api gift wrapping added to order $int[1000,99999]")),
            weight=40,
        ),
    ),
    case(
        "two-errors-on-stable-too",
        PROMOTE,
        "Stable has two of these errors in the window and the canary one.",
        Scene(
            Log((Phase(DONE),), at=((0.3, ERROR),)),
            Log((Phase(DONE),), at=((0.7, ERROR),)),
            pods=(2, 1),
            weight=33,
            rate=280,
        ),
    ),
    case(
        "half-kept-beside-access-log",
        NOT_PROMOTE,
        "Each request is answered with 201 as before, and half of the orders are kept for later in place of being accepted.",
        Scene(
            ((5, CREATED), (5, DONE)),
            ((50, CREATED), (25, DONE), (25, KEPT)),
            weight=30,
            rate=260,
        ),
    ),
    case(
        "spooled-in-place-of-sent",
        NOT_PROMOTE,
        "No invoice of the canary is sent: each is written to a spool, as often as stable sends one.",
        Scene(
            "$iso INFO  [mailer] invoice $int[1000,99999] sent to customer $int[100,999]",
            "$iso INFO  [mailer] invoice $int[1000,99999] spooled for customer $int[100,999]",
            weight=30,
        ),
    ),
    case(
        "accepted-in-dry-run",
        NOT_PROMOTE,
        "The canary accepts its orders in a dry run that stores none.",
        Scene(DONE, f"{DONE} (dry run)", weight=40, traffic=True),
    ),
    case(
        "many-new-kinds-in-place",
        NOT_PROMOTE,
        "Three of five lines of the canary are of 14 kinds that stable does not know, and it routes two of five of its parcels.",
        Scene(
            GO,
            (
                (40, GO),
                *(
                    (60 / 14, f'level=info ts=$iso msg="{what}" parcel=$hex[10] bay=$int[1,9]')
                    for what in STEPS
                ),
            ),
            rate=240,
            weight=30,
        ),
    ),
    case(
        "error-on-every-second-request-of-five-lines",
        ROLLBACK,
        "Each request writes five lines, and of the canary's requests every second ends with an error at level ERROR.",
        Scene(
            tuple((1, text) for text in (CREATED, *FOUR)),
            (*((1, text) for text in FOUR), (0.5, CREATED), (0.5, CREATED_500), (0.5, ERROR)),
            rate=300,
            weight=30,
        ),
    ),
    case(
        "new-error-on-every-tenth",
        NOT_PROMOTE,
        "A tenth of the canary's parcels end with an error that stable never logs.",
        Scene(added(GO, (0.0, GO_ERROR)), ((90, GO), (10, GO_ERROR)), weight=25),
    ),
    case(
        "one-error-at-the-end",
        PROMOTE,
        "One order among a thousand is refused, shortly before the window's end, and stable has as many lines without one.",
        Scene(DONE, Log((Phase(DONE),), at=((0.96, ERROR),)), rate=220, weight=50),
    ),
    case(
        "a-line-more-for-each-order",
        PROMOTE,
        "A library that logs its leases now writes a line beside each order, and the orders are accepted as before.",
        Scene(
            DONE,
            added(DONE, (1.0, "$comma INFO  pool.leases lease $hex[8] returned after $ms[4,40] ms")),
            weight=30,
            traffic=True,
        ),
    ),
    case(
        "a-line-more-for-each-request",
        PROMOTE,
        "Beside the access log, which is as before, each request of the canary now has a line of its trace.",
        Scene(
            CREATED,
            added(CREATED, (1.0, "$comma INFO  tracing span $hex[16] exported with $int[3,9] children")),
            rate=260,
            weight=30,
            traffic=False,
        ),
    ),
    case(
        "at-debug",
        PROMOTE,
        "The canary logs at DEBUG: three lines more for each parcel, which is routed as before.",
        Scene(
            GO,
            added(
                GO,
                (1.0, 'level=debug ts=$iso msg="hub looked up" parcel=$hex[10] tries=1'),
                (1.0, 'level=debug ts=$iso msg="label printed" parcel=$hex[10] bytes=$int[900,4000]'),
                (1.0, 'level=debug ts=$iso msg="scanner released" lane=$int[1,9]'),
            ),
            weight=30,
        ),
    ),
    case(
        "verbose-without-a-level",
        PROMOTE,
        "Two lines more without a level stand beside each order; as many orders are accepted as the canary's share is.",
        Scene(
            DONE,
            added(
                DONE,
                (1.0, "-> stock.reserve(order=$int[1000,99999], items=$int[1,9])"),
                (1.0, "<- stock.reserve ok, $int[1,9] rows"),
            ),
            weight=25,
            traffic=True,
        ),
    ),
    case(
        "a-long-new-start",
        PROMOTE,
        "The canary writes 40 new lines about its modules at its start, and accepts its orders as before.",
        Scene(
            DONE,
            Log(
                (Phase(DONE),),
                start=tuple(
                    f"$comma INFO  boot.modules module {name} loaded from /opt/modules/{name}.jar"
                    for name in MODULES
                ),
            ),
            rate=60,
            weight=30,
        ),
    ),
)
