"""Gates: each form and each kind of no data, on figures that a real Prometheus gave; time and age by
hand-made evidence.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
import pytest

from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Gap, SourceContext, Window
from analyzer.evidence.pods import Pod, Pods
from analyzer.evidence.prometheus import PrometheusSource
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.models.builtin import judge
from analyzer.settings import Direction, Gate, Look, Prometheus, Query, Relative, Rules, Statistical
from analyzer.target import ROLES, Role

END = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
STEPS = 60
NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)  # the end of what `evidence` builds; its canary is 300 s old
Judge = Callable[..., Graded]


def kayenta(**fields: Any) -> Statistical:
    return Statistical(method="kayenta", **fields)


def noise(step: int) -> float:
    """Between -1 and 1, without chance, and the same for both sides but for its phase."""
    return math.sin(step * 2.399)


def series(name: str, side: Role, value: Callable[[int], float | str]) -> str:
    return "\n".join(
        f'{name}{{hash="{side}"}} {value(step)} {END.timestamp() - 15 * (STEPS - step):.0f}'
        for step in range(STEPS + 1)
        if value(step) != "none"
    )


HISTORY = "\n".join(
    series(name, side, value)
    for name, stable, canary in (
        ("success", lambda _: 0.99, lambda _: 0.90),
        ("both_bad", lambda _: 0.90, lambda _: 0.80),
        ("healed", lambda _: 0.99, lambda step: 0.5 if step < 40 else 0.99),
        ("begun", lambda _: 0.99, lambda step: 0.99 if step < 55 else 0.5),
        ("one_bad", lambda _: 0.99, lambda step: 0.99 if step < STEPS else 0.5),
        ("one_good", lambda _: 0.99, lambda step: 0.5 if step < STEPS else 0.99),
        ("stopped", lambda _: 10, lambda step: 10 if step < 10 else "NaN"),
        ("ceased", lambda _: 10, lambda step: 10 if step < 41 else "NaN"),
        ("calmer", lambda step: 100 if step < 40 else 10, lambda step: "none" if step < 40 else 50),
        ("latency", lambda _: 100, lambda _: 104.5),
        ("slow", lambda _: 100, lambda _: 106),
        ("none_failed", lambda _: 0, lambda _: 1),
        ("higher", lambda step: 100 + 10 * noise(step), lambda step: 110 + 10 * noise(step + 7)),
        ("alike", lambda step: 100 + 10 * noise(step), lambda step: 100 + 10 * noise(step + 7)),
        ("same", lambda step: 100 + 10 * noise(step), lambda step: 100 + 10 * noise(step)),
        (
            "calmed",
            lambda step: 100 + 10 * noise(step),
            lambda step: (160 if step < 40 else 100) + 10 * noise(step + 7),
        ),
        ("few", lambda step: step, lambda step: step if step >= 50 else "none"),
        ("holes", lambda step: 10 + noise(step), lambda step: "NaN" if step % 3 else 10 + noise(step)),
        ("idle", lambda _: 0, lambda _: 0),
        ("requests", lambda _: 5, lambda _: 0),
        ("wider", lambda step: 100 + 4 * noise(step), lambda step: 100 + 12 * noise(step + 7)),
        (
            "spiky",
            lambda step: 100 + 4 * noise(step),
            lambda step: 100 + 4 * noise(step + 7) + 90 * (step % 9 == 4),
        ),
        (
            "late",
            lambda step: 100 + 4 * noise(step),
            lambda step: 100 + 4 * noise(step + 7) + 30 * (step > 48),
        ),
        (
            "drifting",
            lambda step: 100 + 4 * noise(step),
            lambda step: 100 + 4 * noise(step + 7) + max(0, step - 35),
        ),
        (
            "partly",
            lambda step: 100 + 4 * noise(step),
            lambda step: 115 + 4 * noise(step + 7) + 60 * (step < 15),
        ),
        (
            "recovered",
            lambda step: 100 + 4 * noise(step),
            lambda step: 100 + 4 * noise(step + 7) + 60 * (step < 15),
        ),
        (
            "seasonal",
            lambda step: 100 + 50 * math.sin(step / 10) + 4 * noise(step),
            lambda step: 100 + 50 * math.sin(step / 10) + 4 * noise(step + 7),
        ),
        ("stable_only", lambda _: 5, lambda _: "none"),
    )
    for side, value in zip(ROLES, (stable, canary), strict=True)
    if value(STEPS) != "none"
)


@pytest.fixture(scope="module")
def url(prometheus_of: Callable[[str], str]) -> str:
    return prometheus_of(HISTORY)


@pytest.fixture
def measured(
    url: str,
    scene_of: Callable[..., SourceContext],
    gathered: Callable[..., tuple[list[Any], list[Gap]]],
    pod: Callable[..., Pod],
) -> Callable[..., Evidence]:
    """What Prometheus gave for some queries, beside a healthy pod of each side, the canary's of the age
    given.
    """

    def gather(*queries: Query, age: float = 3600) -> Evidence:
        look = Look(prometheus=Prometheus(url=url, queries=queries))
        scene = replace(scene_of(None, "shop"), look=look, window=Window(start=END, end=END))
        parts, gaps = gathered(PrometheusSource(), scene)
        pods = [
            Pods(side=role, pods=(pod(f"{role}-1", created_at=END - timedelta(seconds=old)),))
            for role, old in zip(ROLES, (86400, age), strict=True)
        ]
        return Evidence(
            target=scene.target, window=scene.window, nonce="n", parts=(*pods, *parts), gaps=tuple(gaps)
        )

    return gather


def gated(evidence: Evidence, gate: Gate) -> Graded:
    """The gate's finding."""
    (found,) = (
        each for each in find(evidence, Rules(gates=(gate,))) if each.finding.kind.startswith("gate-")
    )
    return found


@pytest.fixture
def judged(measured: Callable[..., Evidence]) -> Judge:
    """The finding of one gate over one series, `by` its hash."""

    def one(name: str, age: float = 3600, promql: str = "", **fields: Any) -> Graded:
        over = fields.pop("over", False) or "statistical" in fields
        query = Query(name=name, query=promql or f'{name}{{hash="$hash"}}', range=15 * STEPS if over else 0)
        return gated(measured(query, age=age), Gate(query=name, **fields))

    return one


def outcome(found: Graded) -> tuple[str, str]:
    return found.severity, found.finding.kind


@pytest.mark.prometheus
class TestFixedBounds:
    def test_out_of_them_blocks_and_says_both_figures_and_the_bound(self, judged: Judge) -> None:
        found = judged("success", at_least=0.95)
        assert outcome(found) == ("blocking", "gate-failed")
        assert (
            found.finding.sentence == "gate success fails: 0.9, where at least 0.95 is asked; stable has 0.99"
        )
        assert (found.finding.stable, found.finding.canary) == ("0.99", "0.9")

    def test_within_them_holds(self, judged: Judge) -> None:
        assert outcome(judged("success", at_least=0.9)) == ("info", "gate-passed")
        assert outcome(judged("success", at_least=0.8, at_most=1)) == ("info", "gate-passed")
        assert outcome(judged("success", at_most=0.8)) == ("hold", "gate-failed")

    def test_a_gate_that_is_not_critical_warns(self, judged: Judge) -> None:
        assert outcome(judged("success", at_least=0.95, critical=False)) == ("warning", "gate-warning")

    def test_stable_out_of_them_as_well_says_nothing_of_the_canary(self, judged: Judge) -> None:
        assert outcome(judged("both_bad", at_least=0.95)) == ("hold", "gate-failed")

    def test_a_canary_too_young_to_tell_holds_and_says_until_when(self, judged: Judge) -> None:
        found = judged("success", at_least=0.95, age=30)
        assert outcome(found) == ("hold", "gate-failed")
        assert found.finding.sentence.endswith(
            "; that is too early to tell: the canary's first pod was created 30 s ago, at 11:59:30 UTC, and a failure counts from 60 s on"
        )
        assert found.finding.advice == "judge again in 30 s, when the pod is 60 s old (--min-fault-age)"
        assert judged("success", at_least=0.95).finding.advice == ""

    def test_over_a_range_what_healed_is_a_warning_and_what_has_begun_blocks(self, judged: Judge) -> None:
        assert outcome(judged("healed", at_least=0.95)) == ("info", "gate-passed")
        healed = judged("healed", at_least=0.95, over=True)
        assert outcome(healed) == ("warning", "gate-failed")
        assert healed.finding.sentence.endswith("the last figures are within it again")
        assert outcome(judged("begun", at_least=0.95, over=True)) == ("blocking", "gate-failed")

    def test_one_point_at_the_end_neither_fails_a_gate_nor_ends_its_failure(self, judged: Judge) -> None:
        assert outcome(judged("one_bad", at_least=0.95, over=True)) == ("info", "gate-passed")
        assert outcome(judged("one_good", at_least=0.95, over=True)) == ("blocking", "gate-failed")

    def test_one_that_held_again_at_the_end_is_not_promoted_on(self, judged: Judge) -> None:
        assert judge((judged("healed", at_least=0.95, over=True),)).verdict == "cannot_tell"

    def test_one_figure_for_both_sides_is_the_canarys(self, judged: Judge) -> None:
        ratio = 'sum(success{hash="$canary_hash"}) / sum(success{hash="$stable_hash"})'
        assert outcome(judged("success", promql=ratio, at_least=0.95)) == ("blocking", "gate-failed")


@pytest.mark.prometheus
class TestRelative:
    @pytest.mark.parametrize(
        ("name", "relative", "expected"),
        [
            ("latency", Relative(percent=5), "gate-passed"),
            ("latency", Relative(percent=4.5), "gate-passed"),
            ("slow", Relative(percent=5), "gate-failed"),
            ("slow", Relative(percent=5, slack=1), "gate-passed"),
            ("slow", Relative(percent=5, direction="increase"), "gate-failed"),
            ("slow", Relative(percent=5, direction="decrease"), "gate-passed"),
            ("success", Relative(percent=5, direction="decrease"), "gate-failed"),
            ("success", Relative(percent=5, direction="increase"), "gate-passed"),
            ("none_failed", Relative(percent=500), "gate-no-data"),
            ("none_failed", Relative(percent=500, slack=0.5), "gate-failed"),
            ("none_failed", Relative(percent=5, slack=1), "gate-passed"),
        ],
    )
    def test_at_most_so_far_from_stable(
        self, name: str, relative: Relative, expected: str, judged: Judge
    ) -> None:
        assert judged(name, relative=relative).finding.kind == expected

    def test_it_says_what_is_asked(self, judged: Judge) -> None:
        found = judged("slow", relative=Relative(percent=5, slack=0.5, direction="increase"))
        assert outcome(found) == ("blocking", "gate-failed")
        assert (
            found.finding.sentence
            == "gate slow fails: 106, where at most 5 % plus 0.5 above stable's 100 is asked"
        )

    def test_points_from_before_the_canary_are_left_out_on_both_sides(self, judged: Judge) -> None:
        """Stable's median was 100 over the whole range, and is 10 since the canary is there."""
        found = judged("calmer", relative=Relative(percent=50, direction="increase"), over=True, age=300)
        assert outcome(found) == ("blocking", "gate-failed")
        assert found.finding.stable == "a median of 10 over 21 points, 10 over the last 5"

    def test_a_range_without_a_point_since_the_canary_is_there_is_no_traffic(self, judged: Judge) -> None:
        found = judged("stopped", at_most=100, over=True, age=300)
        assert (outcome(found), found.finding.canary) == (
            ("hold", "gate-no-data"),
            "no number (0/0: no requests)",
        )

    def test_figures_that_have_ceased_do_not_hold_by_what_they_were(self, judged: Judge) -> None:
        found = judged("ceased", relative=Relative(percent=5), over=True)
        assert outcome(found) == ("hold", "gate-no-data")
        assert (
            found.finding.canary
            == "a median of 10 over 41 points, 10 over the last 5, none in the last 300 s"
        )
        assert found.finding.sentence.startswith(
            "gate ceased cannot be told: the canary's figures have ceased, where stable's go on: "
        )
        assert outcome(judged("ceased", at_most=20, over=True)) == ("hold", "gate-no-data")
        assert outcome(judged("ceased", at_most=5, over=True))[1] == "gate-failed"
        assert outcome(judged("ceased", at_most=20, over=True, no_traffic="pass")) == ("info", "gate-skipped")
        assert outcome(judged("ceased", statistical=kayenta(min_points=30))) == ("hold", "gate-no-data")

    def test_over_a_range_the_last_figures_decide_whether_it_goes_on(self, judged: Judge) -> None:
        assert outcome(judged("healed", relative=Relative(percent=5), over=True)) == (
            "warning",
            "gate-failed",
        )


@pytest.mark.prometheus
class TestKayenta:
    @pytest.mark.parametrize(
        ("name", "statistical", "expected"),
        [
            ("higher", kayenta(), ("blocking", "gate-failed")),
            ("higher", kayenta(direction="increase"), ("blocking", "gate-failed")),
            ("higher", kayenta(direction="decrease"), ("info", "gate-passed")),
            ("higher", kayenta(tolerance=1), ("info", "gate-passed")),
            ("higher", kayenta(percent=9), ("blocking", "gate-failed")),
            ("higher", kayenta(percent=12), ("info", "gate-passed")),
            ("alike", kayenta(), ("info", "gate-passed")),
            ("same", kayenta(tolerance=0), ("info", "gate-passed")),
            ("calmed", kayenta(), ("warning", "gate-failed")),
            ("few", kayenta(), ("hold", "gate-no-data")),
            ("few", kayenta(min_points=10), ("info", "gate-passed")),
            ("holes", kayenta(), ("hold", "gate-no-data")),
            ("holes", kayenta(min_points=20), ("info", "gate-passed")),
            ("holes", kayenta(nan="replace"), ("blocking", "gate-failed")),
        ],
    )
    def test_points_against_points(
        self, name: str, statistical: Statistical, expected: tuple[str, str], judged: Judge
    ) -> None:
        age = 150 if name == "few" else 3600
        assert outcome(judged(name, statistical=statistical, age=age)) == expected

    def test_it_says_how_far_and_how_sure(self, judged: Judge) -> None:
        sentence = judged("higher", statistical=kayenta()).finding.sentence
        assert "higher than stable's a median of" in sentence
        assert "over 61 points" in sentence
        assert "at 0.98 confidence" in sentence

    def test_points_from_before_the_canary_are_left_out_on_both_sides(self, judged: Judge) -> None:
        """The last 11 points of `few` are the same on both sides; stable's others are all lower."""
        found = judged("few", statistical=kayenta(min_points=10), age=150)
        assert "over 11 points, the same as stable's" in found.finding.sentence
        before = judged("few", statistical=kayenta(min_points=10), age=3600)
        assert "over 11 points, higher than stable's a median of 30 over 61 points" in before.finding.sentence

    def test_a_shift_too_small_to_matter_says_so(self, judged: Judge) -> None:
        assert judged("higher", statistical=kayenta(percent=12)).finding.sentence.endswith(
            ", and the means are less than 12 % apart"
        )

    def test_too_few_points_says_how_many_are_asked(self, judged: Judge) -> None:
        found = judged("few", statistical=kayenta())
        says = "the canary has 11 points and stable 61, where 50 of each are enough: at the present rate in 9m45s, at 12:09:45 UTC"
        assert found.finding.sentence == f"gate few cannot be told: {says}"


@pytest.mark.prometheus
class TestSeries:
    @pytest.mark.parametrize(
        ("name", "expected", "says"),
        [
            ("higher", ("blocking", "gate-failed"), "the canary is higher over 61 points"),
            ("alike", ("info", "gate-passed"), "no worse over 61 points"),
            ("same", ("info", "gate-passed"), "the same as stable's point by point"),
            ("seasonal", ("info", "gate-passed"), "no worse over 61 points"),
            ("wider", ("blocking", "gate-failed"), "the canary scatters"),
            ("spiky", ("blocking", "gate-failed"), "the canary stands out upwards 7 times in 61 points"),
            ("late", ("blocking", "gate-failed"), "since 11:57:15 UTC (the last 12 of 61 points)"),
            ("drifting", ("blocking", "gate-failed"), "since 11:5"),
            ("partly", ("blocking", "gate-failed"), "still is since 11:48:45 UTC"),
            ("recovered", ("info", "gate-passed"), "has healed: no longer since 11:48:45 UTC"),
            ("ceased", ("hold", "gate-no-data"), "the canary's figures have ceased"),
        ],
    )
    def test_each_course_is_told(
        self, name: str, expected: tuple[str, str], says: str, judged: Judge
    ) -> None:
        found = judged(name, statistical=Statistical(direction="increase"))
        assert outcome(found) == expected
        assert says in found.finding.sentence

    def test_holes_leave_the_times_that_both_sides_have(self, judged: Judge) -> None:
        found = judged("holes", statistical=Statistical())
        assert outcome(found) == ("info", "gate-passed")
        assert "over 21 points" in found.finding.sentence
        assert outcome(judged("holes", statistical=Statistical(nan="replace"))) == ("blocking", "gate-failed")


NOTHING = [
    ("broken", 'requests{hash="$hash"', "its query is broken: Prometheus refuses the query"),
    ("broken", "requests{x=~'$hash.*|',hash=~\".+\"}", "its query is broken: it gives 2 series"),
    ("no_traffic", 'stable_only{hash="$hash"}', "there was no traffic to measure on canary"),
    (
        "no_traffic",
        'requests{hash="$hash"} / requests{hash="$hash"}',
        "there was no traffic to measure on canary",
    ),
    (
        "no_traffic",
        'idle{hash="$hash"} / idle{hash="$hash"}',
        "there was no traffic to measure on canary and stable",
    ),
    ("absent", 'nothing{hash="$hash"}', "there is no series of it on either side"),
]


@pytest.mark.prometheus
class TestNoData:
    @pytest.mark.parametrize(("missing", "promql", "says"), NOTHING)
    def test_nothing_missing_is_read_as_healthy(
        self, missing: str, promql: str, says: str, judged: Judge
    ) -> None:
        found = judged("q", promql=promql, relative=Relative(percent=5))
        assert outcome(found) == ("hold", "gate-no-data")
        assert says in found.finding.sentence

    @pytest.mark.parametrize(("missing", "promql", "says"), NOTHING)
    def test_each_kind_has_its_own_policy(self, missing: str, promql: str, says: str, judged: Judge) -> None:
        relative = Relative(percent=5)
        others = dict.fromkeys({"broken", "no_traffic", "absent"} - {missing}, "pass")
        assert outcome(judged("q", promql=promql, relative=relative, **others)) == ("hold", "gate-no-data")
        assert outcome(judged("q", promql=promql, relative=relative, **{missing: "pass"})) == (
            "info",
            "gate-skipped",
        )
        assert outcome(judged("q", promql=promql, relative=relative, **{missing: "fail"})) == (
            "blocking",
            "gate-failed",
        )
        assert outcome(
            judged("q", promql=promql, relative=relative, critical=False, **{missing: "fail"})
        ) == ("warning", "gate-warning")

    def test_a_fixed_bound_needs_the_canary_alone(self, judged: Judge) -> None:
        only = 'stable_only{hash="$hash"}'
        assert outcome(judged("q", promql=only, at_most=9)) == ("hold", "gate-no-data")
        assert outcome(judged("q", promql='stable_only{hash="stable",x!="$canary_hash"}', at_most=9)) == (
            "info",
            "gate-passed",
        )
        assert (
            "there is no series of it"
            in judged("q", promql='nothing{hash="$canary_hash"}', at_most=9).finding.sentence
        )

    def test_a_query_that_no_gate_looks_at_is_told(self, measured: Callable[..., Evidence]) -> None:
        evidence = measured(
            Query(name="latency", query='latency{hash="$hash"}'),
            Query(name="gone", query='nothing{hash="$hash"}'),
        )
        told = {each.finding.key: each for each in find(evidence, Rules()) if each.finding.kind == "metric"}
        assert (
            told["metric/latency"].finding.sentence
            == "latency: the canary has 104.5, stable 100; no gate looks at it"
        )
        assert told["metric/gone"].finding.canary == "no series"
        assert {each.severity for each in told.values()} == {"info"}


def figures(role: Role, value: float, **fields: Any) -> Metrics:
    return Metrics(
        side=role, figures=(QueryFigures(query="q", promql="q", state="values", value=value, **fields),)
    )


def ranged(role: Role, *points: float | None, state: Literal["values", "nan", "empty"] = "values") -> Metrics:
    """Points 15 s apart, the last at the end; the canary of `evidence` is older."""
    start = NOW - timedelta(seconds=15 * (len(points) - 1))
    return Metrics(
        side=role,
        figures=(QueryFigures(query="q", promql="q", state=state, points=points, start=start, step=15),),
    )


def none(role: Role, state: Literal["nan", "empty", "broken"], problem: str = "") -> Metrics:
    return Metrics(side=role, figures=(QueryFigures(query="q", promql="q", state=state, problem=problem),))


DOWN = Gap(source="prometheus", side=None, reason="no connection to Prometheus at http://p", retryable=True)
REFUSED = Gap(source="prometheus", side=None, reason="Prometheus refuses us (401)")
UNFILLED = Gap(
    source="prometheus",
    side="canary",
    reason="the query q was not asked: this target has no $hash that can stand there",
)
OTHERS = Gap(
    source="prometheus",
    side="canary",
    reason="the query qq was not asked: this target has no $hash that can stand there",
)


@pytest.mark.parametrize(
    ("gaps", "cause", "retryable"),
    [
        ((DOWN,), DOWN.reason, True),
        ((OTHERS, DOWN), DOWN.reason, True),
        ((REFUSED,), REFUSED.reason, False),
        ((DOWN, REFUSED), f"{DOWN.reason}; {REFUSED.reason}", False),
        ((UNFILLED, DOWN), UNFILLED.reason, False),
    ],
)
def test_why_a_gate_was_not_measured_is_told_and_whether_another_run_may_tell(
    gaps: tuple[Gap, ...], cause: str, retryable: bool, evidence: Callable[..., Evidence]
) -> None:
    seen = msgspec.structs.replace(evidence(), gaps=gaps)
    (found,) = (
        each
        for each in find(seen, Rules(gates=(Gate(query="q", at_least=1),)))
        if each.finding.kind.startswith("gate-")
    )
    assert (found.severity, found.finding.sentence) == (
        "hold",
        f"gate q cannot be told: it was not measured: {cause}",
    )
    assert found.finding.retryable == retryable


ASCENDING = tuple(float(point) for point in range(10, 30))
CEASED = (1.0,) * 15 + (None,) * 5


@pytest.mark.parametrize(
    ("fields", "seen", "sentence", "sides"),
    [
        ({"at_least": 2}, [], "cannot be told: it was not measured", ("not measured", "not measured")),
        (
            {"relative": Relative()},
            [figures("stable", 1)],
            "cannot be told: it was not measured",
            ("1", "not measured"),
        ),
        (
            {"relative": Relative()},
            [figures("canary", 1)],
            "cannot be told: stable was not measured",
            ("not measured", "1"),
        ),
        (
            {"relative": Relative()},
            [figures("stable", 1), none("canary", "broken", "no such function")],
            "cannot be told: its query is broken: no such function",
            ("1", "no answer"),
        ),
        (
            {"at_most": 2},
            [none("stable", "broken"), none("canary", "empty")],
            "cannot be told: there is no series of it on either side",
            ("no answer", "no series"),
        ),
        (
            {"at_most": 2},
            [none("canary", "empty")],
            "cannot be told: there is no series of it",
            ("not measured", "no series"),
        ),
        (
            {"at_most": 2, "absent": "pass"},
            [none("canary", "empty")],
            "is passed over: there is no series of it; that lets it pass by its policy",
            ("not measured", "no series"),
        ),
        (
            {"at_most": 2, "absent": "fail"},
            [none("canary", "empty")],
            "fails: there is no series of it; that fails it by its policy",
            ("not measured", "no series"),
        ),
        (
            {"relative": Relative()},
            [none("stable", "nan"), figures("canary", 1)],
            "cannot be told: there was no traffic to measure on stable",
            ("no number (0/0: no requests)", "1"),
        ),
        (
            {"at_most": 2},
            [none("stable", "nan"), none("canary", "nan")],
            "cannot be told: there was no traffic to measure on canary and stable",
            ("no number (0/0: no requests)", "no number (0/0: no requests)"),
        ),
        (
            {"at_least": 1, "at_most": 2},
            [figures("canary", 1)],
            "holds: 1, where at least 1 and at most 2 is asked",
            ("not measured", "1"),
        ),
        ({"at_most": 2}, [figures("canary", 3)], "fails: 3, where at most 2 is asked", ("not measured", "3")),
        (
            {"at_most": 2},
            [figures("stable", 4), figures("canary", 3)],
            "fails: 3, where at most 2 is asked; stable has 4; stable is out of bounds as well, so that says nothing of the canary",
            ("4", "3"),
        ),
        (
            {"relative": Relative(percent=10)},
            [figures("stable", 4), figures("canary", 3)],
            "fails: 3, where at most 10 % away from stable's 4 is asked",
            ("4", "3"),
        ),
        (
            {"relative": Relative(percent=10, direction="decrease")},
            [figures("stable", 4), figures("canary", 3)],
            "fails: 3, where at most 10 % below stable's 4 is asked",
            ("4", "3"),
        ),
        (
            {"at_most": 2},
            [ranged("canary", *CEASED[:10], *(None,) * 10)],
            "cannot be told: the canary's figures have ceased: a median of 1 over 10 points, 1 over the last 5, none in the last 150 s",
            ("not measured", "a median of 1 over 10 points, 1 over the last 5, none in the last 150 s"),
        ),
        (
            {"at_most": 2},
            [ranged("stable", *CEASED[:15], *CEASED[:5]), ranged("canary", *CEASED)],
            "cannot be told: the canary's figures have ceased, where stable's go on: "
            "a median of 1 over 15 points, 1 over the last 5, none in the last 75 s",
            (
                "a median of 1 over 20 points, 1 over the last 5",
                "a median of 1 over 15 points, 1 over the last 5, none in the last 75 s",
            ),
        ),
        (
            {"at_most": 2},
            [ranged("stable", *CEASED), ranged("canary", *CEASED)],
            "holds: a median of 1 over 15 points, 1 over the last 5, none in the last 75 s, where at most 2 is asked; "
            "stable has a median of 1 over 15 points, 1 over the last 5, none in the last 75 s",
            (
                "a median of 1 over 15 points, 1 over the last 5, none in the last 75 s",
                "a median of 1 over 15 points, 1 over the last 5, none in the last 75 s",
            ),
        ),
        (
            {"at_most": 2},
            [ranged("canary", *CEASED)],
            "holds: a median of 1 over 15 points, 1 over the last 5, none in the last 75 s, where at most 2 is asked",
            ("not measured", "a median of 1 over 15 points, 1 over the last 5, none in the last 75 s"),
        ),
        (
            {"at_most": 19},
            [ranged("canary", *reversed(ASCENDING))],
            "fails: a median of 19.5 over 20 points, 12 over the last 5, where at most 19 is asked; the last figures are within it again",
            ("not measured", "a median of 19.5 over 20 points, 12 over the last 5"),
        ),
        (
            {"relative": Relative(percent=5, direction="increase")},
            [ranged("stable", *(12.0,) * 20), ranged("canary", *reversed(ASCENDING))],
            "fails: a median of 19.5 over 20 points, 12 over the last 5, where at most 5 % above stable's "
            "a median of 12 over 20 points, 12 over the last 5 is asked; the last figures are within it again",
            (
                "a median of 12 over 20 points, 12 over the last 5",
                "a median of 19.5 over 20 points, 12 over the last 5",
            ),
        ),
        (
            {"statistical": kayenta(min_points=20)},
            [ranged("stable", *ASCENDING), ranged("canary", *ASCENDING)],
            "holds: a median of 19.5 over 20 points, the same as stable's point by point",
            ("a median of 19.5 over 20 points", "a median of 19.5 over 20 points"),
        ),
        (
            {"statistical": kayenta(min_points=21)},
            [ranged("stable", *ASCENDING, 5.0), ranged("canary", *ASCENDING, None)],
            "cannot be told: the canary has 20 points and stable 21, where 21 of each are enough: at the present rate in 30s, at 12:00:30 UTC",
            ("a median of 19 over 21 points", "a median of 19.5 over 20 points"),
        ),
        (
            {"statistical": kayenta(min_points=15)},
            [ranged("stable", *CEASED), ranged("canary", *ASCENDING[:15], *(None,) * 5)],
            "fails: a median of 17 over 15 points, higher than stable's a median of 1 over 15 points: "
            "shifted by 16, between 12 and 20 at 0.98 confidence (p 6.9e-07)",
            ("a median of 1 over 15 points", "a median of 17 over 15 points"),
        ),
        (
            {"statistical": kayenta(min_points=20, nan="replace")},
            [ranged("stable", *CEASED), ranged("canary", *CEASED)],
            "holds: a median of 1 over 20 points, the same as stable's point by point",
            ("a median of 1 over 20 points", "a median of 1 over 20 points"),
        ),
        (
            {"statistical": kayenta(min_points=20, nan="replace")},
            [ranged("stable", *(1.0,) * 10, *(0.0,) * 10), ranged("canary", *(1.0,) * 10, *(None,) * 10)],
            "holds: a median of 0.5 over 20 points, the same as stable's point by point",
            ("a median of 0.5 over 20 points", "a median of 0.5 over 20 points"),
        ),
        (
            {"statistical": kayenta(min_points=1)},
            [ranged("stable", 1.0), ranged("canary", None, state="nan")],
            "cannot be told: there was no traffic to measure on canary",
            ("a median of 1 over 1 point, 1 over the last 1", "no number (0/0: no requests)"),
        ),
    ],
)
def test_a_gate_says_what_was_asked_and_what_each_side_has(
    fields: dict[str, Any],
    seen: list[Metrics],
    sentence: str,
    sides: tuple[str, str],
    evidence: Callable[..., Evidence],
) -> None:
    found = gated(evidence(more=seen), Gate(query="q", **fields)).finding
    assert (found.stable, found.canary) == sides
    assert found.sentence == f"gate q {sentence}"
    assert found.key == f"{found.kind}/q"


def test_a_gate_whose_query_was_not_asked_holds_whatever_its_policies(
    evidence: Callable[..., Evidence],
) -> None:
    """As in a replay of evidence that was gathered without it, or with Prometheus out of reach."""
    lenient = Gate(query="q", at_least=1, broken="pass", no_traffic="pass", absent="pass")
    assert outcome(gated(evidence(), lenient)) == ("hold", "gate-no-data")
    half = evidence(more=[figures("canary", 1)])
    assert outcome(gated(half, Gate(query="q", relative=Relative()))) == ("hold", "gate-no-data")


@pytest.mark.parametrize(
    ("fields", "seen", "advice"),
    [
        (
            {"at_most": 2},
            [],
            "the evidence has no answer to the query q: collect it with the query configured"
            " (collect --config FILE), or judge without this gate",
        ),
        (
            {"relative": Relative()},
            [ranged("canary", 1.0)],
            "see why Prometheus gave no answer, under what was not seen, and judge again",
        ),
        (
            {"at_most": 2},
            [ranged("canary", state="empty")],
            "correct the metric's name and labels; where it may be missing, give the gate for q 'absent: pass'",
        ),
        (
            {"relative": Relative()},
            [ranged("stable", 1.0), ranged("canary", None, state="nan")],
            "judge again when both sides have had requests; where there may be none, give the gate for q 'no_traffic: pass'",
        ),
        (
            {"statistical": kayenta(min_points=20)},
            [ranged("stable", *(1.0,) * 30), ranged("canary", *(1.0,) * 15)],
            "judge again when each side has 20 points, or ask for fewer (min_points)",
        ),
        (
            {"at_most": 2},
            [figures("stable", 4), figures("canary", 3)],
            "correct the bound, or hold the canary to stable's figure (relative)",
        ),
        ({"at_most": 2}, [figures("stable", 1), figures("canary", 3)], ""),
    ],
)
def test_a_gate_that_holds_says_what_would_settle_it(
    fields: dict[str, Any], seen: list[Metrics], advice: str, evidence: Callable[..., Evidence]
) -> None:
    assert gated(evidence(more=seen), Gate(query="q", **fields)).finding.advice == advice


def test_a_gate_that_holds_or_fails_decides_with_the_built_in_judge(
    evidence: Callable[..., Evidence],
) -> None:
    seen = evidence(more=[figures("canary", 1), figures("stable", 1)])
    verdicts = {
        bound: judge(find(seen, Rules(gates=(Gate(query="q", at_least=bound),)))).verdict for bound in (1, 2)
    }
    assert verdicts == {1: "promote", 2: "cannot_tell"}
    alone = evidence(more=[figures("canary", 1)])
    assert judge(find(alone, Rules(gates=(Gate(query="q", at_least=2),)))).verdict == "rollback"


def test_figures_survive_a_bundle(evidence: Callable[..., Evidence]) -> None:
    points = QueryFigures(
        query="r", promql="r", state="values", points=(None, 1.5, None), start=END, step=15, warnings=("w",)
    )
    seen = evidence(more=[Metrics(side="canary", figures=(points,)), figures("stable", 1)])
    assert msgspec.json.decode(msgspec.json.encode(seen), type=Evidence) == seen


def test_exactly_what_is_asked_holds_whatever_binary_fractions_make_of_it(
    evidence: Callable[..., Evidence],
) -> None:
    """0.95 plus 5 % of it is 0.9975, and in binary a little less."""
    seen = evidence(more=[figures("canary", 0.9975), figures("stable", 0.95)])
    assert outcome(gated(seen, Gate(query="q", relative=Relative(percent=5)))) == ("info", "gate-passed")


def test_warnings_of_prometheus_are_said(evidence: Callable[..., Evidence]) -> None:
    found = gated(
        evidence(more=[figures("canary", 1, warnings=("a store is down",))]), Gate(query="q", at_least=1)
    )
    assert found.finding.samples == ("Prometheus warns: a store is down",)


def test_the_age_of_a_canary_without_pods_cannot_be_told(evidence: Callable[..., Evidence]) -> None:
    assert outcome(gated(evidence([], more=[figures("canary", 1)]), Gate(query="q", at_least=2))) == (
        "hold",
        "gate-failed",
    )


@pytest.mark.parametrize(
    "gate",
    [
        Gate(query="q"),
        Gate(query="q", at_least=1, relative=Relative()),
        Gate(query="q", relative=Relative(), statistical=kayenta()),
    ],
)
def test_a_gate_has_one_form(gate: Gate, evidence: Callable[..., Evidence]) -> None:
    with pytest.raises(UsageError, match=r"^the gate for 'q' has (no|2) forms, and needs one$") as raised:
        find(evidence(), Rules(gates=(gate,)))
    assert raised.value.advice == "at_least and at_most, relative, or statistical"


@pytest.mark.parametrize(
    ("direction", "canary", "kind", "says"),
    [
        ("decrease", (point - 10 for point in ASCENDING), "gate-failed", "lower than stable's"),
        ("decrease", (point + 10 for point in ASCENDING), "gate-passed", "higher than stable's"),
        ("increase", (point - 10 for point in ASCENDING), "gate-passed", "lower than stable's"),
        ("either", (point - 10 for point in ASCENDING), "gate-failed", "lower than stable's"),
        ("either", (*ASCENDING[1:], ASCENDING[0]), "gate-passed", "no different from stable's"),
    ],
)
def test_a_shift_fails_a_gate_in_the_direction_that_is_asked(
    direction: Direction, canary: Iterable[float], kind: str, says: str, evidence: Callable[..., Evidence]
) -> None:
    seen = evidence(more=[ranged("stable", *ASCENDING), ranged("canary", *canary)])
    found = gated(seen, Gate(query="q", statistical=kayenta(min_points=20, direction=direction))).finding
    assert found.kind == kind
    assert says in found.sentence


def test_means_just_as_far_apart_as_matters_fail_a_gate(evidence: Callable[..., Evidence]) -> None:
    """The canary's mean is 10 % of stable's above it, to the digit."""
    seen = evidence(more=[ranged("stable", *(20.0,) * 20), ranged("canary", *(22.0,) * 20)])
    kinds = [
        gated(seen, Gate(query="q", statistical=kayenta(min_points=20, percent=each))).finding.kind
        for each in (10, 10.1)
    ]
    assert kinds == ["gate-failed", "gate-passed"]


@pytest.mark.parametrize(("age", "expected"), [(60, "blocking"), (59, "hold")])
def test_a_canary_is_old_enough_to_tell_from_its_least_age_on(
    age: float, expected: str, evidence: Callable[..., Evidence], pod: Callable[..., Pod]
) -> None:
    seen = evidence([pod("canary-1", age=age)], more=[figures("canary", 3)])
    (found,) = (
        each
        for each in find(seen, Rules(gates=(Gate(query="q", at_most=2),), min_fault_age=60))
        if each.finding.kind == "gate-failed"
    )
    assert found.severity == expected


def test_what_no_gate_looks_at_has_both_sides_figures_and_what_prometheus_warns_of(
    evidence: Callable[..., Evidence],
) -> None:
    seen = evidence(
        more=[figures("stable", 2, warnings=("slow",)), figures("canary", 1, warnings=("partial",))]
    )
    (found,) = (each.finding for each in find(seen, Rules()) if each.finding.kind == "metric")
    assert (found.stable, found.canary) == ("2", "1")
    assert found.samples == ("Prometheus warns: slow", "Prometheus warns: partial")
