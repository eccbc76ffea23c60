"""Messages and bills: a mail relay, push messages, SMS, a run of invoices."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import added, line
from cases.scene import Event, Scene

case = partial(Case, half="tuned")

POSTFIX = (
    "$time[%b %d %H:%M:%S] relay postfix/smtp[$int[300,900]]: $hex[10]: to=<u$int[1000,99999]@$domain>,"
    " relay=mx$int[1,4].$domain[$client]:25, delay=$dec[0.4,4,1], dsn=$dsn, status=$status"
)
DOMAINS = "$pick[gmx.example|posteo.example|acme.example|uni.example]"
SENT = line(POSTFIX, dsn="2.0.0", status="sent (250 2.0.0 Ok: queued as $hex[11])").replace(
    "$domain[", DOMAINS + "["
)
SENT = line(SENT, domain=DOMAINS)
GREY = line(
    POSTFIX,
    dsn="4.2.0",
    status="deferred (host said: 450 4.2.0 Greylisted, see http://postgrey.example/help)",
)
GREY = line(GREY.replace("$domain[", DOMAINS + "["), domain=DOMAINS)
NO_DKIM = line(
    POSTFIX,
    dsn="5.7.26",
    status="bounced (host said: 550-5.7.26 This mail is unauthenticated: DKIM = did not pass)",
)
NO_DKIM = line(NO_DKIM.replace("$domain[", DOMAINS + "["), domain=DOMAINS)
APNS = '$epochms push {"apns-id":"$uuid","topic":"example.corp.shop","status":$status,"reason":$reason,"ms":$ms[20,160]}'
PUSHED = line(APNS, status="200", reason="null")
GONE = line(APNS, status="410", reason='"Unregistered"')
BAD_TOKEN = line(APNS, status="400", reason='"BadDeviceToken"')
FCM = '$epochms push {"fcm":"projects/shop/messages/$hex[16]","status":200,"ms":$ms[30,200]}'
SMS = "$time[%d.%m.%Y %H:%M:%S] SMS +49$int[150,179]*****$int[100,999] $parts dlr=$dlr"
INVOICE = (
    '{"@timestamp":"$iso","run":"invoices","account":"A$int[100000,999999]","lines":$int[1,40],"net":$int[20,900].$int[10,99],'
    '"vatRate":$rate,"currency":"EUR","country":"$country"}'
)

CASES = (
    case(
        "postfix-unauthenticated",
        ROLLBACK,
        "A quarter of the canary's mails bounce with 5.7.26 since their signature does not pass; none of stable's do.",
        Scene(((92, SENT), (8, GREY)), ((66, SENT), (8, GREY), (26, NO_DKIM)), rate=180, weight=25),
        family="codes",
    ),
    case(
        "postfix-greylists-and-sends",
        PROMOTE,
        "Some mails are deferred by greylisting, which goes by itself, in the same share on both sides.",
        Scene(((92, SENT), (8, GREY)), ((91, SENT), (9, GREY)), rate=180, weight=25),
        family="codes",
    ),
    case(
        "push-bad-device-token",
        ROLLBACK,
        "All of the canary's pushes to Apple's devices are refused as BadDeviceToken, as by the wrong gateway; others go.",
        Scene(
            ((55, PUSHED), (2, GONE), (43, FCM)),
            ((57, BAD_TOKEN), (43, FCM)),
            rate=280,
            weight=12,
            pods=(4, 1),
        ),
        family="status",
    ),
    case(
        "push-unregistered",
        PROMOTE,
        "Devices without the app any more answer 410 on both sides, about four of a hundred pushes to Apple.",
        Scene(
            ((55, PUSHED), (2, GONE), (43, FCM)),
            ((55, PUSHED), (2.3, GONE), (43, FCM)),
            rate=280,
            weight=35,
            pods=(4, 2),
        ),
        family="status",
    ),
    case(
        "sms-in-nine-parts",
        NOT_PROMOTE,
        "Each text of the canary goes out in seven to nine parts, which are paid for each, where stable needs one or two.",
        Scene(
            line(SMS, parts="$pick[1/1|1/1|1/1|2/2]", dlr="DELIVRD"),
            line(SMS, parts="$pick[7/7|8/8|9/9]", dlr="DELIVRD"),
            rate=150,
            weight=20,
        ),
        family="measures",
    ),
    case(
        "sms-some-undelivered",
        PROMOTE,
        "Telephones that are switched off leave three texts of a hundred undelivered, on the canary as on stable.",
        Scene(
            (
                (97, line(SMS, parts="$pick[1/1|1/1|1/1|2/2]", dlr="DELIVRD")),
                (3, line(SMS, parts="1/1", dlr="UNDELIV")),
            ),
            (
                (97, line(SMS, parts="$pick[1/1|1/1|1/1|2/2]", dlr="DELIVRD")),
                (3, line(SMS, parts="1/1", dlr="UNDELIV")),
            ),
            rate=150,
            weight=20,
        ),
        family="status",
    ),
    case(
        "invoices-without-tax",
        ROLLBACK,
        "The canary bills customers in Germany and Austria at a tax rate of 0; stable at 19 and 20 percent.",
        Scene(
            (
                (70, line(INVOICE, rate="19", country="DE")),
                (20, line(INVOICE, rate="20", country="AT")),
                (10, line(INVOICE, rate="0", country="CH")),
            ),
            (
                (70, line(INVOICE, rate="0", country="DE")),
                (20, line(INVOICE, rate="0", country="AT")),
                (10, line(INVOICE, rate="0", country="CH")),
            ),
            rate=200,
            weight=20,
            pods=(2, 1),
        ),
        family="measures",
    ),
    case(
        "invoices-abroad",
        PROMOTE,
        "Invoices to Switzerland bear no tax on either side, and those of Germany and Austria are taxed; an event tells of a probe once.",
        Scene(
            (
                (70, line(INVOICE, rate="19", country="DE")),
                (20, line(INVOICE, rate="20", country="AT")),
                (10, line(INVOICE, rate="0", country="CH")),
            ),
            added(
                ((70, line(INVOICE, rate="19", country="DE")), (20, line(INVOICE, rate="20", country="AT"))),
                (0.13, line(INVOICE, rate="0", country="CH")),
            ),
            rate=200,
            weight=20,
            pods=(2, 1),
            events=(
                Event(
                    "Warning",
                    "Unhealthy",
                    "Readiness probe failed: dial tcp 10.42.3.9:8080: connect: connection refused",
                    first=0.004,
                ),
            ),
        ),
        family="events",
    ),
)
