"""How large a part of the work is touched: a parking service, a tram's ticketing, a newsroom, a lab."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Log, Phase, added
from cases.scene import Scene

case = partial(Case, family="share", half="tuned")

PARKED = "$time[%d-%m-%Y %H:%M:%S.%L] INFO parking: car $hex[6] entered bay $int[1,400]"
GATE = "$time[%d-%m-%Y %H:%M:%S.%L] ERROR parking: barrier $int[1,9] did not open for car $hex[6]"
TRAM = '{"@timestamp":"$iso","level":"info","event":"ticket_validated","line":$int[1,28],"zone":$int[1,9]}'
TRAM_WAIT = '{"@timestamp":"$iso","level":"info","event":"ticket_parked","line":$int[1,28],"queue":$int[1,9]}'
TRAM_BAD = '{"@timestamp":"$iso","level":"error","event":"validator_timeout","line":$int[1,28]}'
NEWS = "$comma INFO desk.publish article $int[1000,99999] published to $int[1,6] channels"
NEWS_DRAFT = "$comma INFO desk.publish article $int[1000,99999] kept as draft"
NEWS_BAD = "$comma ERROR desk.publish article $int[1000,99999] refused by channel $int[1,6]"
NEWS_LINES = (
    "$comma INFO desk.edit article $int[1000,99999] opened by editor $int[1,90]",
    "$comma INFO desk.media $int[1,9] pictures attached to article $int[1000,99999]",
)
LAB = "$iso lab: sample $int[10000,99999] measured, value $int[1,90].$int[10,99]"
LAB_SIM = "$iso lab: sample $int[10000,99999] simulated, value 0.00"
LAB_NEW = tuple(
    f"$iso lab: {what} $int[1,90] for sample $int[10000,99999]"
    for what in (
        "blank run",
        "carousel turned",
        "lid left",
        "probe rinsed",
        "calibrator poured",
        "dilution set",
        "tray swapped",
        "reagent counted",
    )
)

CASES = (
    case(
        "barrier-once",
        PROMOTE,
        "One barrier among a thousand did not open, in the middle of the window.",
        Scene(PARKED, Log((Phase(PARKED),), at=((0.45, GATE),)), rate=280, weight=50),
    ),
    case(
        "barrier-half",
        ROLLBACK,
        "The barrier does not open for half of the canary's cars.",
        Scene(PARKED, ((50, PARKED), (50, GATE)), weight=20),
    ),
    case(
        "barrier-alike",
        PROMOTE,
        "Barriers stick for one car in sixty, on both sides.",
        Scene(added(PARKED, (0.016, GATE)), rate=290, weight=40),
    ),
    case(
        "barrier-fifteen-fold",
        ROLLBACK,
        "For a quarter of the canary's cars the barrier sticks, for one in sixty of stable's.",
        Scene(added(PARKED, (0.016, GATE)), ((75, PARKED), (25, GATE)), rate=240, weight=30),
    ),
    case(
        "tickets-parked",
        NOT_PROMOTE,
        "Seven of ten tickets of the canary are parked in place of being validated.",
        Scene(TRAM, ((30, TRAM), (70, TRAM_WAIT)), weight=30, traffic=True),
    ),
    case(
        "tickets-new-event-rare",
        PROMOTE,
        "A new event about a change of zone stands beside one ticket in forty.",
        Scene(
            TRAM,
            added(
                TRAM,
                (
                    0.025,
                    '{"@timestamp":"$iso","level":"info","event":"zone_changed","line":$int[1,28],"zone":$int[1,9]}',
                ),
            ),
            weight=40,
        ),
    ),
    case(
        "validator-timeouts-12pct",
        NOT_PROMOTE,
        "An eighth of the canary's tickets end in a time-out that stable never has.",
        Scene(TRAM, ((88, TRAM), (12, TRAM_BAD)), weight=30, rate=220),
    ),
    case(
        "drafts-in-place",
        NOT_PROMOTE,
        "Every article of the canary is kept as a draft, none is published.",
        Scene(
            ((1, NEWS), *((1, text) for text in NEWS_LINES)),
            ((1, NEWS_DRAFT), *((1, text) for text in NEWS_LINES)),
            weight=30,
            traffic=True,
        ),
    ),
    case(
        "refused-on-every-third-article",
        ROLLBACK,
        "Each article writes three lines, and a third of the canary's articles are refused at ERROR.",
        Scene(
            ((1, NEWS), *((1, text) for text in NEWS_LINES)),
            ((0.66, NEWS), (0.34, NEWS_BAD), *((1, text) for text in NEWS_LINES)),
            weight=30,
            rate=240,
        ),
    ),
    case(
        "a-line-more-for-each-article",
        PROMOTE,
        "The canary writes one line more for each article, about its preview, and publishes as before.",
        Scene(
            NEWS,
            added(
                NEWS,
                (
                    1.0,
                    "$comma INFO desk.preview preview of article $int[1000,99999] rendered in $ms[9,90] ms",
                ),
            ),
            weight=30,
            traffic=True,
        ),
    ),
    case(
        "samples-simulated",
        NOT_PROMOTE,
        "The canary simulates its samples in place of measuring them.",
        Scene(LAB, LAB_SIM, weight=40, traffic=True),
    ),
    case(
        "eight-new-kinds-in-place",
        NOT_PROMOTE,
        "The canary measures a third of its samples; the rest of its lines are of eight kinds that stable does not know.",
        Scene(LAB, ((34, LAB), *((66 / 8, text) for text in LAB_NEW)), weight=30, rate=240, traffic=True),
    ),
    case(
        "eight-new-kinds-beside",
        PROMOTE,
        "Lines of eight new kinds, half as many as samples together, stand beside samples that are measured as before.",
        Scene(LAB, added(LAB, *((0.5 / 8, text) for text in LAB_NEW)), weight=30, rate=240, traffic=True),
    ),
    case(
        "one-error-late",
        PROMOTE,
        "One article is refused near the window's end, of some nine hundred.",
        Scene(NEWS, Log((Phase(NEWS),), at=((0.94, NEWS_BAD),)), rate=220, weight=45),
    ),
)
