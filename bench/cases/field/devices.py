"""Devices, games, crawlers and markets: an MQTT broker, a telemetry decoder, matchmaking, a game loop, Scrapy, a FIX gateway."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added, line
from cases.scene import Scene

case = partial(Case, half="tuned")

MOSQUITTO = "$epoch: $message"
JOINED = line(
    MOSQUITTO,
    message="New client connected from $ip:$int[30000,60000] as meter-$int[1000,9999] (p5, c0, k60).",
)
LEFT = line(MOSQUITTO, message="Client meter-$int[1000,9999] disconnected.")
QUIET = line(MOSQUITTO, message="Client meter-$int[1000,9999] has exceeded timeout, disconnecting.")
TAKEN = (
    line(MOSQUITTO, message="Client meter-$int[1000,9999] already connected, closing old connection.")
    + "\n"
    + line(
        MOSQUITTO,
        message="New client connected from $ip:$int[30000,60000] as meter-$int[1000,9999] (p5, c0, k60).",
    )
)
SAVING = line(MOSQUITTO, message="Saving in-memory database to /mosquitto/data/mosquitto.db.")

SENSOR = "$time[%H:%M:%S] dec lora dev=70b3d5$hex[10] fport=2 temp=$temp hum=$hum batt=3.$int[1,6] rssi=-$int[70,118]"
READ = line(SENSOR, temp="$int[17,26].$int[0,9]", hum="$int[31,66]")
RAW = line(SENSOR, temp="$int[1700,2690]", hum="$int[31,66]")
FINER = line(SENSOR, temp="$int[17,26].$int[0,9]$int[10,99]", hum="$int[31,66]")
JOIN = "$time[%H:%M:%S] dec lora dev=70b3d5$hex[10] join accepted dr=$int[0,5]"

MATCH = "[MM] $time[%H:%M:%S.%L] match $hex[8] region=$region mode=$pick[ranked|casual|duo] humans=$humans bots=$bots waited=$waited"
MADE = line(MATCH, region="$pick[eu|na|sa]", humans="10", bots="0", waited="$int[4,40]s")
FILLED = line(MATCH, region="$pick[eu|na|sa]", humans="8", bots="2", waited="60s")
BOTTED = line(MATCH, region="$pick[eu|na|sa]", humans="1", bots="9", waited="60s")

TICK = "sv_stats room=$int[10,89] players=$int[20,64] tick=$tick/50ms behind=$behind sent=$int[40,90]KB/s loss=0.$int[0,4]%"
SMOOTH = line(TICK, tick="$int[21,34]", behind="0")
BEHIND = line(TICK, tick="$int[71,96]", behind="$int[11,240]")
SLOWER = line(TICK, tick="$int[27,40]", behind="0")

SCRAPY = "$sql [scrapy.$logger] $level: $message"
PAGE = line(
    SCRAPY,
    logger="core.engine",
    level="DEBUG",
    message="Crawled (200) <GET https://shop$int[1,90].example/p/$int[1000,99999]> (referer: None)",
)
MISSING = line(
    SCRAPY,
    logger="core.engine",
    level="DEBUG",
    message="Crawled (404) <GET https://shop$int[1,90].example/p/$int[1000,99999]> (referer: None)",
)
FORBIDDEN = line(
    SCRAPY,
    logger="downloadermiddlewares.robotstxt",
    level="DEBUG",
    message="Forbidden by robots.txt: <GET https://shop$int[1,90].example/p/$int[1000,99999]>",
)
ITEM = line(
    SCRAPY,
    logger="core.scraper",
    level="DEBUG",
    message=(
        "Scraped from <200 https://shop$int[1,90].example/p/$int[1000,99999]>\n"
        "{'ean': '40$int[10000000000,99999999999]', 'price': $price, 'stock': $pick[True|True|False]}"
    ),
)
PRICED = line(ITEM, price="$int[3,400].$int[10,99]")
UNPRICED = line(ITEM, price="None")
STATS = (
    "$sql [scrapy.extensions.logstats] INFO: Crawled $seq[20400,9] pages (at $int[80,120] pages/min), scraped"
    " $seq[18100,8] items (at $int[70,110] items/min)"
)
NO_ITEMS = STATS.replace("$seq[18100,8]", "0").replace("$int[70,110]", "0")

FIX = (
    "$time[%Y%m%d-%H:%M:%S.%L] < 8=FIX.4.4|35=8|49=XMTF|56=$pick[BRKA|BRKB|MMK1]|11=$hex[9]|55=$symbol|$rest"
)
SYMBOLS = "$pick[ENEL|SAPG|AIRF|ASML|NOKI]"
FILL = line(FIX, symbol=SYMBOLS, rest="150=F|39=2|32=$int[10,900]|31=$int[11,240].$int[10,99]")
PART = line(
    FIX, symbol=SYMBOLS, rest="150=F|39=1|32=$int[10,90]|31=$int[11,240].$int[10,99]|151=$int[10,800]"
)
OPEN = line(FIX, symbol=SYMBOLS, rest="150=0|39=0|151=$int[10,900]")
REJECT = line(FIX, symbol="$pick[ENEL|NOKI]", rest="150=8|39=8|103=1|58=Unknown symbol")
CLOSED = line(FIX, symbol=SYMBOLS, rest="150=8|39=8|103=3|58=Order exceeds limit")

BOOK = "$epochf BOOK $symbol bid $bid ask $ask depth $int[20,90]/$int[21,92] trades $trades"
TIGHT = line(
    BOOK, symbol="$pick[WTI|BRN|TTF]", bid="81.$int[10,49]", ask="81.$int[51,90]", trades="$int[3,40]"
)
CROSSED = line(BOOK, symbol="$pick[WTI|BRN|TTF]", bid="81.$int[51,90]", ask="81.$int[10,49]", trades="0")
WIDER = line(
    BOOK, symbol="$pick[WTI|BRN|TTF]", bid="81.$int[10,38]", ask="81.$int[62,90]", trades="$int[3,38]"
)

OTA = '{"at":$epochms,"dev":"lock-$int[10000,99999]","fw":"$fw","step":"$step","pct":$pct}'
INSTALLED = line(OTA, fw="4.2.$int[0,3]", step="installed", pct="100")
ON_THE_WAY = line(OTA, fw="4.2.$int[0,3]", step="download", pct="$int[1,99]")
ROLLED = line(OTA, fw="4.1.9", step="reverted", pct="100")

CASES = (
    case(
        "mosquitto-sessions-stolen",
        ROLLBACK,
        "On the canary meters take over their own sessions without end, as if all connected again every few seconds; hardly on stable.",
        Scene(
            ((60, JOINED), (36, LEFT), (3, QUIET)),
            ((10, JOINED), (6, LEFT), (82, TAKEN)),
            rate=130,
            weight=30,
            pods=(2, 1),
        ),
        family="unlevelled",
    ),
    case(
        "mosquitto-timeouts-as-ever",
        PROMOTE,
        "A few meters out of reach exceed their timeout on both sides; the canary tells of saving its store as well.",
        Scene(
            ((60, JOINED), (36, LEFT), (4, QUIET)),
            Log((Phase(((60, JOINED), (36, LEFT), (4, QUIET))),), every=((120.0, SAVING),)),
            rate=130,
            weight=30,
            pods=(2, 1),
        ),
        family="unlevelled",
    ),
    case(
        "lora-hundredths",
        ROLLBACK,
        "The canary's decoder gives temperatures of 1700 to 2690 where stable gives 17 to 27: it forgets to divide by a hundred.",
        Scene(((94, READ), (6, JOIN)), ((94, RAW), (6, JOIN)), rate=240, weight=20),
        family="measures",
    ),
    case(
        "lora-more-digits",
        PROMOTE,
        "The canary's temperatures are of the same size, with two digits more after the point.",
        Scene(((94, READ), (6, JOIN)), ((94, FINER), (6, JOIN)), rate=240, weight=20),
        family="formats",
    ),
    case(
        "matches-with-bots",
        ROLLBACK,
        "Four of five matches of the canary have one human among nine bots, after a minute's wait; stable's are filled with humans.",
        Scene(((95, MADE), (5, FILLED)), ((15, MADE), (5, FILLED), (80, BOTTED)), rate=90, weight=33),
        family="share",
    ),
    case(
        "matches-named-by-zone",
        PROMOTE,
        "The canary names finer regions; its matches are full and as quickly made.",
        Scene(
            ((95, MADE), (5, FILLED)),
            (
                (95, MADE.replace("$pick[eu|na|sa]", "$pick[eu-west|eu-north|na-east|na-west|sa]")),
                (5, FILLED.replace("$pick[eu|na|sa]", "$pick[eu-west|na-east|sa]")),
            ),
            rate=90,
            weight=33,
        ),
        family="formats",
    ),
    case(
        "rooms-fall-behind",
        ROLLBACK,
        "A third of the canary's rooms need 71 to 96 ms for a tick of 50 and fall behind by up to 240 ticks; none of stable's.",
        Scene(SMOOTH, ((67, SMOOTH), (33, BEHIND)), rate=150, weight=50, pods=(4, 4), age=300),
        family="measures",
    ),
    case(
        "rooms-a-little-slower",
        PROMOTE,
        "A tick takes a few milliseconds longer on the canary and stays within its 50; no room is behind.",
        Scene(SMOOTH, SLOWER, rate=150, weight=50, pods=(4, 4), age=300),
        family="measures",
    ),
    case(
        "crawl-without-prices",
        ROLLBACK,
        "Half of the items that the canary scrapes have no price; each of stable's has one, of the same shops' pages.",
        Scene(
            ((50, PAGE), (45, PRICED), (3, MISSING)),
            ((50, PAGE), (22, PRICED), (23, UNPRICED), (3, MISSING)),
            rate=160,
            weight=30,
        ),
        family="unlevelled",
    ),
    case(
        "crawl-missing-pages",
        PROMOTE,
        "Products that are gone answer 404 on both sides, three of a hundred; items with their prices are scraped as before.",
        Scene(
            ((50, PAGE), (45, PRICED), (3, MISSING)),
            ((50, PAGE), (45, PRICED), (3.3, MISSING)),
            every=((60.0, STATS),),
            rate=160,
            weight=30,
        ),
        family="codes",
    ),
    case(
        "crawl-no-items",
        ROLLBACK,
        "The canary crawls pages at stable's pace and scrapes 0 items of them, minute by minute.",
        Scene(
            Log((Phase(((50, PAGE), (45, PRICED))),), every=((60.0, STATS),)),
            Log((Phase(PAGE),), every=((60.0, NO_ITEMS),)),
            rate=120,
            weight=50,
            pods=(1, 1),
        ),
        family="stops",
    ),
    case(
        "crawl-heeds-robots",
        NOT_PROMOTE,
        "The canary takes most pages for forbidden by robots.txt, which stable crawls: the rule may be right, but the items are lost.",
        Scene(((50, PAGE), (45, PRICED)), ((15, PAGE), (12, PRICED), (60, FORBIDDEN)), rate=160, weight=30),
        family="levels",
    ),
    case(
        "fix-unknown-symbol",
        ROLLBACK,
        "Orders for two of five shares are rejected by the canary with 39=8, unknown symbol; stable fills them.",
        Scene(
            ((55, FILL), (20, PART), (25, OPEN)),
            (
                (33, FILL.replace("ENEL|", "").replace("|NOKI", "")),
                (12, PART.replace("ENEL|", "").replace("|NOKI", "")),
                (15, OPEN.replace("ENEL|", "").replace("|NOKI", "")),
                (40, REJECT),
            ),
            rate=320,
            weight=10,
        ),
        family="codes",
    ),
    case(
        "fix-more-partial-fills",
        PROMOTE,
        "More of the canary's orders are filled in parts, as the market is; as few as on stable exceed their limit.",
        Scene(
            ((55, FILL), (20, PART), (25, OPEN), (1, CLOSED)),
            ((50, FILL), (25, PART), (25, OPEN), (1.1, CLOSED)),
            rate=320,
            weight=10,
        ),
        family="codes",
    ),
    case(
        "books-stay-crossed",
        ROLLBACK,
        "The canary's books have bids above their asks and trade nothing; a matching engine must match these, as stable's does.",
        Scene(TIGHT, ((10, TIGHT), (90, CROSSED)), rate=200, weight=50, pods=(1, 1)),
        family="measures",
    ),
    case(
        "books-a-little-wider",
        PROMOTE,
        "Spreads are somewhat wider on the canary, bids stay below asks and trades are as many.",
        Scene(TIGHT, WIDER, rate=200, weight=50, pods=(1, 1)),
        family="measures",
    ),
    case(
        "firmware-reverted",
        ROLLBACK,
        "A quarter of what the canary's locks report is that they went back to 4.1.9 after the download; none of stable's does.",
        Scene(
            ((70, ON_THE_WAY), (30, INSTALLED)),
            ((70, ON_THE_WAY), (5, INSTALLED), (25, ROLLED)),
            rate=140,
            weight=40,
            pods=(2, 2),
        ),
        family="status",
    ),
    case(
        "firmware-verified-too",
        PROMOTE,
        "The canary's locks report one step more, verified with errors at 0, beside as many downloads and installations.",
        Scene(
            ((70, ON_THE_WAY), (30, INSTALLED)),
            added(
                ((70, ON_THE_WAY), (30, INSTALLED)),
                (0.3, line(OTA, fw="4.2.$int[0,3]", step="verified", pct="100").replace("}", ',"errors":0}')),
            ),
            rate=140,
            weight=40,
            pods=(2, 2),
        ),
        family="status",
    ),
)
