"""Lines that stable never logs: in the place of work that is missing, beside the same work, or the same
events in another form.
"""

import json
from collections.abc import Callable, Sequence

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pod, Pods
from analyzer.evidence.traffic import Traffic
from analyzer.findings import find, rewritten, unexplained
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import ROLES

Side = Callable[..., Logs]
Judge = Callable[..., list[Finding]]
Timed = list[tuple[float, str]]


def lines(*texts: str, every: float = 1.0, since: float = 560, until: float = 0) -> Timed:
    """Each of the texts every so many seconds, with a number in the place of `{}`."""
    count = int((since - until) / every)
    return [(since - every * number, text.format(number)) for number in range(count) for text in texts]


@pytest.fixture
def judge(evidence: Callable[..., Evidence], pod: Callable[..., Pod], side: Side) -> Judge:
    """The findings of two sides of one pod each that are both Ready all the time; at a weight, if it is given."""

    def found(stable: Timed, canary: Timed, weight: int | None = None) -> list[Finding]:
        seen = evidence(
            [pod("canary-1", age=590)],
            [pod("stable-1", age=90000)],
            more=(
                side("stable", app=stable),
                side("canary", app=canary),
                *(Traffic(side=role, strategy="canary", weight=weight) for role in ROLES if weight),
            ),
        )
        return [finding for rule in (*unexplained.RULES, *rewritten.RULES) for finding in rule(seen, Rules())]

    return found


ORDERS = lines("INFO order {} accepted")


def test_the_same_lines_are_nothing(judge: Judge) -> None:
    assert judge(ORDERS, ORDERS) == []


def test_what_stands_in_place_of_work_is_told_with_both_figures(judge: Judge) -> None:
    canary = [*lines("INFO order {} accepted", every=2), *lines("INFO basket {} parked", every=2, since=559)]
    [finding] = judge(ORDERS, canary, weight=50)
    assert finding.kind == "unexplained-lines"
    assert finding.sentence == (
        "container app: 50 % of the canary's lines are of kinds that stable never logs, and lines that stable logs are"
        " missing in their place: basket <num> parked"
    )
    assert finding.stable == "none of them in 560 lines"
    assert finding.canary == "279 of 559 lines, 1 template; about 279 lines that stable logs are missing"
    assert finding.share == pytest.approx(0.5, abs=0.01)
    assert finding.ongoing
    fewer = [*lines("INFO order {} accepted", every=3), *lines("INFO basket {} parked", since=559)]
    [guessed] = judge(ORDERS, fewer)
    assert "in their place, if its pods have as much work as stable's: " in guessed.sentence


def test_the_share_of_the_traffic_explains_fewer_lines(judge: Judge) -> None:
    canary = [*lines("INFO order {} accepted", every=3), *lines("INFO lease {} returned", every=3, since=559)]
    assert [finding.kind for finding in judge(ORDERS, canary, weight=25)] == ["added-lines"]
    assert [finding.kind for finding in judge(ORDERS, canary, weight=50)] == ["unexplained-lines"]


def test_where_only_the_pods_tell_the_canary_may_have_less_work(judge: Judge) -> None:
    fewer = lines("INFO order {} accepted", every=1.5)
    new = lines("INFO lease {} returned", every=1.5, since=559)
    assert [finding.kind for finding in judge(ORDERS, [*fewer, *new])] == ["added-lines"]
    assert [finding.kind for finding in judge(ORDERS, [*fewer, *new], weight=50)] == ["unexplained-lines"]


def test_new_lines_beside_the_same_work_are_information(judge: Judge) -> None:
    [finding] = judge(ORDERS, [*ORDERS, *lines("INFO lease {} returned")])
    assert (finding.kind, finding.canary) == ("added-lines", "560 of 1,120 lines, 1 template")
    assert "beside the lines that stable logs: lease <num> returned" in finding.sentence


def test_debug_lines_probes_and_few_lines_are_nothing(judge: Judge) -> None:
    debug = lines("DEBUG cache {} looked up", "DEBUG row {} mapped")
    probes = lines('INFO "GET /healthz HTTP/1.1" 200 {} kube-probe/1.31', every=2)
    few = lines("INFO flag {} read", every=60)
    assert judge(ORDERS, [*ORDERS, *debug, *probes, *few]) == []


def test_what_stopped_has_ended(judge: Judge) -> None:
    parked = lines("INFO basket {} parked", since=560, until=360)
    [finding] = judge(ORDERS, [*parked, *lines("INFO order {} accepted", since=360)], weight=50)
    assert (finding.kind, finding.ongoing) == ("unexplained-lines", False)
    assert finding.sentence.endswith(" lines since)")


def test_failures_are_for_other_rules(judge: Judge) -> None:
    canary = [*lines("INFO order {} accepted", every=2), *lines("ERROR order {} refused", every=2, since=559)]
    assert judge(ORDERS, canary) == []


def test_per_request_where_both_sides_log_requests(judge: Judge) -> None:
    request = 'INFO "POST /orders HTTP/1.1" 201 {}'
    steps = ("INFO basket {} read", "INFO total {} summed")
    stable = lines(request, "INFO order {} accepted", *steps)
    canary = [
        *lines(request, *steps),
        *lines("INFO order {} accepted", every=2),
        *lines("INFO order {} kept for later", every=2),
    ]
    [finding] = judge(stable, canary)
    assert finding.kind == "unexplained-lines"
    assert finding.stable == "none of them in 560 requests"
    assert finding.share == 0.5


def test_each_sides_own_rare_kinds_are_chance(judge: Judge) -> None:
    def rare(mark: str) -> Timed:
        words = [f"{mark}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
        return [(500 - 9 * number, f"INFO {word} {word}x done") for number, word in enumerate(words)]

    few = lines("INFO order {} accepted", every=10)
    assert judge([*few, *rare("q")], [*few, *rare("z")]) == []


def test_many_rare_kinds_that_stable_has_none_of_count(judge: Judge) -> None:
    words = [f"{one}{two}" for one in "bdfgk" for two in "aeiouy"]
    rare = [(500 - 2 * number, f"INFO {words[number % 30]} took place") for number in range(240)]
    [finding] = judge(ORDERS, [*ORDERS, *rare])
    assert finding.kind == "added-lines"


class TestOtherForms:
    """Events that are otherwise written."""

    def test_a_new_wording_of_every_event_is_told_and_nothing_else(
        self, side: Side, evidence: Callable[..., Evidence]
    ) -> None:
        stable, canary = lines("INFO accepted order {}"), lines("INFO order_accepted, number {}")
        seen = evidence(more=(side("stable", app=stable), side("canary", app=canary)))
        kinds = {graded.finding.kind for graded in find(seen, Rules())}
        assert kinds == {"rewritten-lines"}

    def test_it_is_said_with_an_example_and_both_counts(self, judge: Judge) -> None:
        [finding] = judge(lines("INFO accepted order {}"), lines("INFO order {} was accepted"))
        assert finding.kind == "rewritten-lines"
        assert finding.sentence == (
            "container app writes 560 lines in another form than stable, which say the same:"
            " order <num> was accepted for accepted order <num>"
        )
        assert (finding.stable, finding.canary) == (
            "560 of 560 lines, 1 template",
            "560 of 560 lines, 1 template",
        )

    def test_json_in_place_of_text_is_said_although_no_template_differs(self, judge: Judge) -> None:
        def as_json(text: str) -> str:
            return json.dumps({"level": "info", "msg": text})

        [finding] = judge(ORDERS, [(at, as_json(text.removeprefix("INFO "))) for at, text in ORDERS])
        assert finding.sentence == (
            "container app writes 560 lines as JSON, where stable writes text, which say the same: order <num> accepted"
        )

    def test_requests_are_known_by_their_status(self, judge: Judge) -> None:
        text = lines('10.0.0.1 - - [03/Nov/2026:11:50:00 +0000] "GET /maps/{} HTTP/1.1" 200 512')
        fields = lines('{{"method":"GET","status":200,"bytes":{}}}')
        assert [finding.kind for finding in judge(text, fields)] == ["rewritten-lines"]

    @pytest.mark.parametrize(
        "new",
        [
            "INFO order {} accepted (dry run)",
            "INFO order {} spooled",
        ],
    )
    def test_a_word_more_or_another_is_another_event(self, new: str, judge: Judge) -> None:
        assert [finding.kind for finding in judge(ORDERS, lines(new))] == ["unexplained-lines"]

    def test_what_comes_three_times_as_often_is_another_event(self, judge: Judge) -> None:
        often = lines("INFO accepted order {}", every=0.3)
        assert [finding.kind for finding in judge(ORDERS, often, weight=50)] == ["unexplained-lines"]

    def test_an_error_is_no_other_form_of_what_went_well(
        self, side: Side, evidence: Callable[..., Evidence]
    ) -> None:
        stable, canary = lines("INFO price list opened {}"), lines("ERROR price list opened {}")
        seen = evidence(more=(side("stable", app=stable), side("canary", app=canary)))
        assert "new-error-template" in {graded.finding.kind for graded in find(seen, Rules())}

    def test_a_known_error_in_another_form_is_no_new_error(
        self, side: Side, evidence: Callable[..., Evidence]
    ) -> None:
        stable = [*ORDERS, *lines("ERROR rates: refresh failed (timed out)", every=20)]
        canary = [*ORDERS, *lines("ERROR refresh of rates failed: timed out", every=20)]
        seen = evidence(more=(side("stable", app=stable), side("canary", app=canary)))
        assert {graded.finding.kind for graded in find(seen, Rules())} == {"rewritten-lines"}

    def test_split_and_joined_lines_are_one_event(self, judge: Judge) -> None:
        two = lines("INFO job {} started", "INFO job {} finished")
        one = lines("INFO job {} started and finished")
        assert [finding.kind for finding in judge(two, one)] == ["rewritten-lines"]
        assert [finding.kind for finding in judge(one, two)] == ["rewritten-lines"]


def test_a_canary_without_pods_or_times_is_not_due_anything(
    evidence: Callable[..., Evidence], side: Side
) -> None:
    parts: Sequence[Logs] = (side("stable", app=ORDERS), side("canary", app=lines("INFO basket {} parked")))
    seen = evidence([], None, more=parts)
    assert seen.part(Pods, "canary") is not None
    kinds = [
        finding.kind for rule in (*unexplained.RULES, *rewritten.RULES) for finding in rule(seen, Rules())
    ]
    assert kinds == ["added-lines"]


def test_more_than_half_of_a_log_is_unexplained_where_nothing_but_the_pods_tells_what_is_due(
    judge: Judge,
) -> None:
    canary = [*ORDERS, *lines("INFO slot {} set", every=0.9, since=559)]
    [finding] = judge(ORDERS, canary)
    assert finding.kind == "unexplained-lines"
    assert "nothing tells whether they stand beside the work or in its place" in finding.sentence
    assert finding.share > 0.5
    [beside] = judge(ORDERS, canary, weight=50)
    assert beside.kind == "added-lines"


def test_work_that_is_said_to_be_left_out_counts_as_a_doubt_even_where_it_is_little(judge: Judge) -> None:
    work = [*lines("INFO order {} accepted"), *lines("INFO mail {} sent", every=4, since=558)]
    for text, least in (("INFO skipping mail {}", True), ("INFO mail {} coloured", False)):
        canary = [*lines("INFO order {} accepted"), *lines(text, every=4, since=558)]
        [finding] = [one for one in judge(work, canary, weight=50) if one.kind == "unexplained-lines"]
        assert (finding.share >= 0.3) == least


@pytest.mark.parametrize("prefix", ["web: ", "[web] ", "node-7 app ", "acme.web.Server "])
def test_words_newly_before_each_line_are_another_form(judge: Judge, prefix: str) -> None:
    [finding] = judge(lines("reading {} stored"), lines(prefix + "reading {} stored"), weight=50)
    assert finding.kind == "rewritten-lines"


@pytest.mark.parametrize("prefix", ["skipped: ", "dry run: ", "not "])
def test_words_that_change_what_a_line_says_are_no_form(judge: Judge, prefix: str) -> None:
    found = judge(lines("reading {} stored"), lines(prefix + "reading {} stored"), weight=50)
    assert "rewritten-lines" not in {finding.kind for finding in found}


def test_another_end_of_the_same_work_that_speaks_of_trouble_is_undecided_where_only_the_pods_tell(
    judge: Judge,
) -> None:
    stable = lines("INFO posting 9{} booked to account 7")
    half = lines("INFO posting 9{} booked to account 7", every=1.4)
    aside = lines("INFO posting 9{} put aside for clerk 4", every=1.6)
    [finding] = judge(stable, half + aside)
    assert finding.kind == "unexplained-lines"
    assert "nothing tells whether they stand beside the work or in its place" in finding.sentence
    gift = lines("INFO gift {} put aside for clerk 4", every=1.6)
    assert [finding.kind for finding in judge(stable, half + gift)] == ["added-lines"]


SENT = '{{"level":"info","message":"mail sent","id":%d,"template":"order","ms":%d.5}}'


def told(text: str, fast: int = 10, every: float = 1.0) -> Timed:
    """Lines of a text with two numbers, the second of them a time around `fast` milliseconds."""
    count = int(560 / every)
    return [
        (560 - every * n, (text % (n, n % 9 + fast)).replace("{{", "{").replace("}}", "}"))
        for n in range(count)
    ]


def test_an_event_that_has_another_word_for_done_and_all_else_alike_is_the_same(judge: Judge) -> None:
    nested = '{{"level":"info","message":"delivered","mail":{{"id":%d,"template":"order"}},"ms":%d.5}}'
    [finding] = judge(told(SENT), told(nested), weight=50)
    assert finding.kind == "rewritten-lines"
    assert "which say the same: delivered for mail sent" in finding.sentence


@pytest.mark.parametrize(
    ("canary", "why"),
    [
        (told(SENT.replace("mail sent", "mail skipped")), "it was not done"),
        (told(SENT.replace("mail sent", "delivered to trash")), "it says more"),
        (told(SENT.replace("mail sent", "mail taken")), "that is no word for done"),
        (told(SENT.replace("mail sent", "delivered"), fast=0), "it takes no time"),
        (told(SENT.replace("mail sent", "delivered"), fast=90), "it takes longer"),
        (told(SENT.replace("mail sent", "delivered"), every=2.0), "it comes half as often"),
        (told(SENT.replace("mail sent", "delivered").replace("template", "dropped")), "it has another field"),
        (told(SENT.replace("mail sent", "delivered").replace('"info"', '"warn"')), "it has another level"),
        (
            [
                *told(SENT.replace("mail sent", "delivered"), every=2.0),
                *told(SENT.replace("mail sent", "stored"), every=2.0),
            ],
            "two are like it",
        ),
    ],
)
def test_it_is_another_event_where(judge: Judge, canary: Timed, why: str) -> None:
    assert "rewritten-lines" not in [finding.kind for finding in judge(told(SENT), canary, weight=50)], why
