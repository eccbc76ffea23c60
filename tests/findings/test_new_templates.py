"""What only the canary logs becomes a finding; what was not read does not."""

from collections.abc import Callable, Sequence

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pod
from analyzer.findings import new_templates
from analyzer.findings.interface import Finding
from analyzer.settings import Rules

Timed = Sequence[tuple[float, str]]  # (seconds before the window's end, line)
ORDINARY: Timed = [(590 - n, f"INFO served item {n} in {n}ms") for n in range(580)]
Side = Callable[..., Logs]
Judge = Callable[..., list[Finding]]


@pytest.fixture
def judge(evidence: Callable[..., Evidence]) -> Callable[..., list[Finding]]:
    return lambda *parts: [
        finding for rule in new_templates.RULES for finding in rule(evidence(more=parts), Rules())
    ]


@pytest.fixture
def ready(evidence: Callable[..., Evidence], pod: Callable[..., Pod]) -> Judge:
    """The findings of two sides of one pod each that are both Ready all the time."""

    def found(*parts: Logs) -> list[Finding]:
        seen = evidence([pod("canary-1", age=590)], [pod("stable-1", age=90000)], more=parts)
        return [finding for rule in new_templates.RULES for finding in rule(seen, Rules())]

    return found


def test_the_same_logs_give_nothing(side: Side, judge: Judge) -> None:
    assert judge(side("stable", app=ORDINARY), side("canary", app=ORDINARY[::7])) == []


def test_an_error_only_the_canary_logs_is_found_with_both_figures(side: Side, judge: Judge) -> None:
    new = [(at, f"ERROR no such column price_{at}") for at in (40, 20, 1)]
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, *new]))
    assert (found.kind, found.stable, found.canary, found.ongoing) == (
        "new-error-template",
        "0 of 580 lines",
        "3 of 583 lines",
        True,
    )
    assert (
        found.sentence
        == "container app logs an error line that stable never logs: no such column price_<num>"
    )
    assert found.samples == ("ERROR no such column price_40",)
    assert found.key == "new-error-template/app/no-such-column-price"


@pytest.mark.parametrize(
    ("line", "count", "least", "most"),
    [("ERROR price {} lost", 1, 0.0, 0.0), ("ERROR price {} lost", 290, 0.2, 0.3334)],
)
def test_an_error_tells_the_share_that_it_touches_beyond_chance(
    line: str, count: int, least: float, most: float, side: Side, judge: Judge
) -> None:
    new = [(580 - 2.0 * number, line.format(number)) for number in range(count)]
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, *new]))
    assert found.excess is not None
    assert least <= found.excess <= most
    assert found.share == round(count / (580 + count), 4)


def test_a_breakdown_has_no_share_that_weighs_and_an_ordinary_line_neither(side: Side, judge: Judge) -> None:
    new = [(9, "FATAL out of memory"), (5, "INFO flags loaded")]
    found = judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, *new]))
    assert [finding.excess for finding in found] == [None, None]


def test_a_share_is_one_of_requests_where_both_sides_log_them(side: Side, judge: Judge) -> None:
    served = [(590 - n, f'INFO "GET /items/{n} HTTP/1.1" 200 5') for n in range(580)]
    steps = [(590 - n, f"INFO step {n} of {text}") for n in range(580) for text in ("cart", "price", "stock")]
    new = [(580 - 2.0 * number, f"ERROR price {number} lost") for number in range(290)]
    [found] = judge(side("stable", app=[*served, *steps]), side("canary", app=[*served, *steps, *new]))
    assert found.share == 0.5


def test_a_new_line_that_is_no_error_is_of_another_kind(side: Side, judge: Judge) -> None:
    [found] = judge(
        side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, (1, "INFO feature flags loaded")])
    )
    assert found.kind == "new-log-template"


WRONG = "WARN total of order {} is 0, its lines add up to 12"


@pytest.mark.parametrize(
    ("line", "every", "kind"),
    [
        (WRONG, 3, "new-warning-template"),
        (WRONG, 60, "new-log-template"),  # now and then
        (WRONG.replace("WARN", "INFO"), 3, "new-log-template"),
        ("WARN call {} is deprecated, use items", 3, "new-log-template"),
    ],
)
def test_a_warning_on_many_lines_that_stable_never_logs_speaks_against_the_canary(
    line: str, every: int, kind: str, side: Side, judge: Judge
) -> None:
    new = [(at, line.format(int(at))) for at, _ in ORDINARY[::every]]
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, *new]))
    assert (found.kind, found.ongoing) == (kind, True)


def test_a_line_that_stable_logs_at_another_level_is_no_new_warning(side: Side, judge: Judge) -> None:
    usual, warned = (
        [(at, f"{level} cache has {int(at)} items") for at, _ in ORDINARY] for level in ("INFO", "WARN")
    )
    kinds = [found.kind for found in judge(side("stable", app=usual), side("canary", app=warned))]
    assert "new-warning-template" not in kinds


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Failed to connect to the broker", "new-failure-template"),
        ("connection to the broker refused", "new-failure-template"),
        ("could not open the price list", "new-failure-template"),
        ("INFO failed over to the second broker", "new-log-template"),
        ("3 passed, 0 failed", "new-log-template"),
        ("synced: 3, failed: 0", "new-log-template"),
        ("sync done without error", "new-log-template"),
        ("serving /static/error.html", "new-log-template"),
    ],
)
def test_a_line_without_a_level_fails_by_its_words(line: str, kind: str, side: Side, judge: Judge) -> None:
    plain = [(at, f"served item {at}") for at, _ in ORDINARY]
    [found] = judge(
        side("stable", app=plain), side("canary", app=[*plain, *((at, line) for at in (40, 20, 1))])
    )
    assert found.kind == kind


ORDER = [(at, f"INFO served item {n} in {n}ms") for n, (at, _) in enumerate(ORDINARY)]


def _logged(line: str, every: int) -> Timed:
    """The canary's ordinary lines, and this one among them, to the end."""
    return [*ORDER, *((at, line) for at, _ in ORDER[-1::-every])]


@pytest.mark.parametrize(
    ("line", "every", "kind"),
    [
        ("WARN could not write the receipt", 40, "new-failure-template"),
        ('level=warn msg="tax lookup" err="x509: certificate has expired"', 40, "new-failure-template"),
        ('{"level":"warning","msg":"tax lookup","error":"no answer"}', 40, "new-failure-template"),
        ("Beleg konnte nicht geschrieben werden", 40, "new-failure-template"),
        ("WARN tax lookup failed, retrying in 200ms", 40, "new-log-template"),
        ("WARN tax lookup failed, retrying in 200ms", 4, "new-failure-template"),
        ("WARN tax lookup failed after 3 attempts, giving up", 40, "new-failure-template"),
        ("WARN option `legacy` is deprecated and calls will be refused in 3.0", 40, "new-log-template"),
        ("WARN option `legacy` is deprecated and calls will be refused in 3.0", 1, "new-log-template"),
        ("WARN slow start: cache took 3 s to load", 40, "new-log-template"),
        (
            '{"level":"warn","msg":"request failed","path":"/x","method":"GET","status":404}',
            40,
            "new-log-template",
        ),
        ("WARN mirrors checked error=none", 40, "new-log-template"),
        ("WARN mirrors checked error=gone", 40, "new-failure-template"),
        ("WARN checked 12 mirrors, 0 failed, last error: none", 40, "new-log-template"),
        ("WARN 12 Belege geschrieben, 0 Fehler", 40, "new-log-template"),
    ],
)
def test_a_warning_of_a_failure_weighs_as_one_without_a_level(
    line: str, every: int, kind: str, side: Side, judge: Judge
) -> None:
    [found] = judge(side("stable", app=ORDER), side("canary", app=_logged(line, every)))
    assert found.kind == kind


def test_tries_that_are_said_to_succeed_are_no_failure_however_many(side: Side, judge: Judge) -> None:
    tried, healed = "WARN tax lookup failed, retrying in 200ms", "INFO tax lookup succeeded after 1 retry"
    lines = [*_logged(tried, 4), *((at, healed) for at, _ in ORDER[-1::-4])]
    found = judge(side("stable", app=ORDER), side("canary", app=lines))
    assert {finding.kind for finding in found} == {"new-log-template"}


def test_a_burst_that_ended_is_told_apart(side: Side, judge: Judge) -> None:
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=[(500, "ERROR warming up"), *ORDINARY]))
    assert not found.ongoing
    assert "(at 11:51:40 only; 480 lines since, no error): warming up" in found.sentence


def test_one_that_comes_again_and_again_has_not_stopped_between_two(side: Side, judge: Judge) -> None:
    """Every five minutes, the last three minutes ago: it is not due yet."""
    [found] = judge(
        side("stable", app=ORDINARY),
        side("canary", app=[*ORDINARY, (480, "ERROR sync failed"), (180, "ERROR sync failed")]),
    )
    assert found.ongoing
    [found] = judge(
        side("stable", app=ORDINARY),
        side("canary", app=[*ORDINARY, (200, "ERROR sync failed"), (180, "ERROR sync failed")]),
    )
    assert not found.ongoing


def test_the_start_of_a_young_canary_is_not_its_present(side: Side, judge: Judge) -> None:
    """The tail is a part of the canary's own time, not of the window's."""
    [found] = judge(
        side("stable", app=ORDINARY), side("canary", app=[(110, "ERROR no broker yet"), *ORDINARY[-100:]])
    )
    assert not found.ongoing
    [found] = judge(
        side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, (110, "ERROR no broker yet")])
    )
    assert found.ongoing


FAULT = ["ERROR cannot reach ledger", "ERROR request failed: no ledger"]


def test_one_fault_that_several_layers_report_is_told_once(side: Side, judge: Judge) -> None:
    def canary(*at: float) -> Logs:
        return side(
            "canary", app=[*ORDINARY, *((at[0] - index * at[1], line) for index, line in enumerate(FAULT))]
        )

    [found] = judge(side("stable", app=ORDINARY), canary(20, 0.2))
    assert found.sentence.endswith(": cannot reach ledger, and each time with it: request failed: no ledger")
    assert (found.canary, found.samples) == ("1 of 582 lines", tuple(FAULT))
    assert len(judge(side("stable", app=ORDINARY), canary(20, 5))) == 2


def test_faults_that_come_at_other_rates_are_two(side: Side, judge: Judge) -> None:
    twice = [(20, FAULT[0]), (19.9, FAULT[1]), (19.8, FAULT[0])]
    assert len(judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, *twice]))) == 2


WORDS = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay"]


def test_strays_of_which_stable_has_others_are_told_together(side: Side, judge: Judge) -> None:
    """Errors that come once, as they do in any large log, add up to no more than one of them."""
    strays = [(500 - 40 * n, f"ERROR {word} {word[::-1]} broke") for n, word in enumerate(WORDS)]
    stable, canary = [*ORDINARY, *strays[:7]], [*ORDINARY[::2], *strays[7:]]
    [found] = judge(side("stable", app=stable), side("canary", app=canary))
    assert (
        "hen neh broke, and 2 more once each, as stable logs others once: ibis sibi broke; jay yaj broke"
        in found.sentence
    )
    assert len(found.samples) == 3
    assert not found.ongoing
    [found] = judge(side("stable", app=stable), side("canary", app=[*canary, (20, "ERROR yak kay broke")]))
    assert found.ongoing
    fatal = judge(
        side("stable", app=stable),
        side("canary", app=[*canary, (20, "FATAL out of disk"), (9, "INFO yak kay")]),
    )
    assert [each.kind for each in fatal] == ["new-error-template", "new-error-template", "new-log-template"]
    assert len(judge(side("stable", app=ORDINARY), side("canary", app=canary))) == 3
    many = [*ORDINARY[::10], *strays[1:]]
    assert len(judge(side("stable", app=[*ORDINARY, *strays[:1]]), side("canary", app=many))) > 5


def test_strays_without_a_level_are_told_together_as_well(side: Side, judge: Judge) -> None:
    stable = [
        *ORDINARY,
        (500, "could not open the price list"),
        (400, "connection to the broker refused"),
        (300, "mail timed out"),
    ]
    canary = [
        *ORDINARY[::2],
        (350, "reading of all stock failed"),
        (100, "users of the cache are unreachable for now"),
    ]
    [found] = judge(side("stable", app=stable), side("canary", app=canary))
    assert found.kind == "new-failure-template"
    assert "and 1 more once each, as stable logs others once" in found.sentence


def test_a_container_that_fell_silent_after_its_error_did_not_recover(side: Side, judge: Judge) -> None:
    short = [*ORDINARY[:50], (539, "FATAL cannot open the database")]
    [found] = judge(side("stable", app=ORDINARY), side("canary", app=short))
    assert found.ongoing


def test_without_stables_logs_nothing_is_new(side: Side, judge: Judge) -> None:
    assert judge(side("canary", app=[(1, "ERROR x")])) == []


def test_a_tiny_stable_log_makes_weak_grounds_and_says_so(side: Side, judge: Judge) -> None:
    [found] = judge(
        side("stable", app=ORDINARY[-3:]), side("canary", app=[*ORDINARY, (1, "INFO feature flags loaded")])
    )
    assert "stable logged only 3 lines" in found.sentence


def test_many_new_templates_are_bounded_worst_first_and_the_rest_counted(side: Side, judge: Judge) -> None:
    words = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay", "koi", "lynx", "moth"]
    new = [(10 - index / 10, f"{word} {word[::-1]}") for index, word in enumerate(words)] + [
        (1, "FATAL out of disk")
    ]
    found = judge(side("stable", app=ORDINARY), side("canary", app=[*ORDINARY, *new]))
    assert [each.kind for each in found] == [
        "new-error-template",
        *["new-log-template"] * 9,
        "more-log-templates",
    ]
    assert found[-1].sentence.startswith("4 more log templates are on the canary alone, 0 of them errors")


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("INFO pix: cobrança {} liquidada", "INFO pix: cobrança {} recusada: tempo esgotado"),
        ("thumb {} rendered", "thumb {} has no decoder, placeholder served"),
        ("paczka {} nadana", "paczka {} nie nadana: brak numeru"),
    ],
)
def test_a_bad_end_in_the_place_of_a_good_one_is_a_failure_whatever_its_level(
    good: str, bad: str, side: Side, ready: Judge
) -> None:
    stable = [(590 - n, good.format(n)) for n in range(580)]
    canary = [(at, line if n % 2 else bad.format(n)) for n, (at, line) in enumerate(stable)]
    [found] = ready(side("stable", app=stable), side("canary", app=canary))
    assert found.kind == "new-failure-template"
    assert found.excess is not None
    assert found.excess > 0.4


@pytest.mark.parametrize(
    "more",
    ["INFO parcel {} has no coupon", "INFO parcel {} rejected by the carrier, another one takes it"],
)
def test_what_stands_beside_the_same_work_is_no_failure(more: str, side: Side, ready: Judge) -> None:
    stable = [(590 - n, f"INFO parcel {n} handed over") for n in range(580)]
    canary = [*stable, *((at, more.format(n)) for n, (at, _) in enumerate(stable))]
    found = ready(side("stable", app=stable), side("canary", app=canary))
    assert not {finding.kind for finding in found} & {"new-failure-template", "new-error-template"}
