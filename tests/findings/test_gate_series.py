"""Gates on the points of a range by the whole series: what each says, what is missing, and several at once."""

import random
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from metric_families import make_case

from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.traffic import Traffic
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Gate, Relative, Rules, Statistical
from analyzer.target import ROLES
from analyzer.target.argo import Analysis

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
Points = Sequence[float | None]


def metrics(*queries: tuple[Points, Points], step: float = 5, work: bool = False) -> list[Metrics]:
    """Both sides' points of each query, the last at the end; all since the canary is there, at 5 s a step."""
    return [
        Metrics(
            side=role,
            figures=tuple(
                QueryFigures(
                    query=f"q{number}",
                    promql="",
                    state="values" if any(point is not None for point in query[side]) else "nan",
                    points=tuple(query[side]),
                    start=NOW - timedelta(seconds=step * (len(query[side]) - 1)),
                    step=step,
                    work=work,
                )
                for number, query in enumerate(queries)
            ),
        )
        for side, role in enumerate(ROLES)
    ]


@pytest.fixture
def judged(evidence: Callable[..., Evidence]) -> Callable[..., list[Graded]]:
    """The findings of a gate on each query."""

    def judge(
        *queries: tuple[Points, Points],
        more: Sequence[Any] = (),
        given: dict[str, Any] | None = None,
        **fields: Any,
    ) -> list[Graded]:
        gates = tuple(
            Gate(query=f"q{number}", statistical=Statistical(**({"direction": "increase"} | fields)))
            for number in range(len(queries))
        )
        seen = evidence(more=[*metrics(*queries, **(given or {})), *more])
        return [one for one in find(seen, Rules(gates=gates)) if one.finding.kind.startswith("gate-")]

    return judge


def noisy(level: float, points: int = 40, seed: int = 0, scatter: float = 4.0) -> list[float]:
    source = random.Random(seed)
    return [level + source.gauss(0, scatter) for _ in range(points)]


def outcome(graded: Graded) -> tuple[str, str]:
    return graded.severity, graded.finding.kind


def test_a_shift_has_its_difference_interval_and_threshold_together(
    judged: Callable[..., list[Graded]],
) -> None:
    (found,) = judged((noisy(100), noisy(140, seed=1)), slack=10)
    assert outcome(found) == ("blocking", "gate-failed")
    sentence = found.finding.sentence
    assert sentence.startswith(
        "gate q0 fails: the canary is higher over 40 points, a median of 141 against stable's 99.3: +40.9, 95 % "
    )
    figures = re.search(r"95 % ([0-9.]+) to ([0-9.]+), allowed \+10$", sentence)
    assert figures
    assert 36 < float(figures[1]) < 39, "three and a half standard errors of 0.9"
    assert 42.5 < float(figures[2]) < 45.5


def test_a_shift_within_what_is_allowed_holds(judged: Callable[..., list[Graded]]) -> None:
    (found,) = judged((noisy(100), noisy(140, seed=1)), percent=50)
    assert outcome(found) == ("info", "gate-passed")
    assert found.finding.sentence.endswith("allowed +49.6")
    assert outcome(judged((noisy(100), noisy(140, seed=1)), percent=20)[0]) == ("blocking", "gate-failed")


@pytest.mark.parametrize(
    ("direction", "kind"),
    [("increase", "gate-passed"), ("decrease", "gate-failed"), ("either", "gate-failed")],
)
def test_a_fall_counts_in_its_direction(
    direction: str, kind: str, judged: Callable[..., list[Graded]]
) -> None:
    (found,) = judged((noisy(100), noisy(60, seed=1)), direction=direction, slack=10)
    assert found.finding.kind == kind
    if kind == "gate-failed":
        assert "the canary is lower" in found.finding.sentence
        assert found.finding.sentence.endswith("allowed -10")


def test_one_far_median_is_a_difference_however_wide_the_canary_scatters(
    judged: Callable[..., list[Graded]],
) -> None:
    """19,480 ms against 22 ms was no different to Kayenta's reading, whose tolerance is taken of the shift."""
    canary = [19_480 + 9_000 * (at % 5 - 2) / 2 for at in range(60)]
    (found,) = judged((noisy(22, 60), canary))
    assert outcome(found) == ("blocking", "gate-failed")


def test_a_percentage_is_of_the_level_and_no_outlier_moves_it(judged: Callable[..., list[Graded]]) -> None:
    """The means are 40 % apart by three points, the levels 1.5 %."""
    canary = noisy(101.5, 60, seed=1, scatter=1)
    canary[20], canary[40], canary[50] = 900, 900, 900
    stable = noisy(100, 60, scatter=1)
    stable[10], stable[30] = 850, 900
    (found,) = judged((stable, canary), percent=20)
    assert outcome(found) == ("info", "gate-passed")


def test_an_early_excursion_that_has_healed_passes_and_says_so(judged: Callable[..., list[Graded]]) -> None:
    canary = [*noisy(200, 10, seed=1), *noisy(100, 30, seed=2)]
    (found,) = judged((noisy(100), canary))
    assert outcome(found) == ("info", "gate-passed")
    assert "the canary was higher at first (+101 until 11:57:30 UTC) and has healed" in found.finding.sentence


def test_one_that_has_just_ended_is_over_and_no_pass(judged: Callable[..., list[Graded]]) -> None:
    canary = [*noisy(200, 36, seed=1), *noisy(100, 4, seed=2)]
    (found,) = judged((noisy(100), canary))
    assert outcome(found) == ("warning", "gate-failed")
    assert "too lately to tell that it stays so" in found.finding.sentence


def test_a_partial_recovery_fails_and_says_from_what(judged: Callable[..., list[Graded]]) -> None:
    canary = [*noisy(200, 10, seed=1), *noisy(115, 30, seed=2)]
    (found,) = judged((noisy(100), canary))
    assert outcome(found) == ("blocking", "gate-failed")
    assert "the canary was higher at first" in found.finding.sentence
    assert "and still is since 11:57:35 UTC (the last 30 of 40 points)" in found.finding.sentence


def test_a_late_step_says_since_when(judged: Callable[..., list[Graded]]) -> None:
    canary = [*noisy(100, 32, seed=1), *noisy(130, 8, seed=2)]
    (found,) = judged((noisy(100), canary))
    assert outcome(found) == ("blocking", "gate-failed")
    assert "the canary is higher since 11:59:25 UTC (the last 8 of 40 points)" in found.finding.sentence


def test_a_wider_scatter_fails_unless_fewer_requests_explain_it(
    judged: Callable[..., list[Graded]], evidence: Callable[..., Evidence]
) -> None:
    """With a tenth of the requests a mean scatters three times as widely by that alone."""
    sides = (noisy(100, 60), noisy(100, 60, seed=1, scatter=12))
    (found,) = judged(sides)
    assert outcome(found) == ("blocking", "gate-failed")
    weights = [
        Traffic(side="stable", strategy="canary", weight=90),
        Traffic(side="canary", strategy="canary", weight=10),
    ]
    assert outcome(judged(sides, more=weights)[0]) == ("info", "gate-passed")


def test_points_that_stand_out_are_counted_on_both_sides(judged: Callable[..., list[Graded]]) -> None:
    canary = noisy(100, 60, seed=1)
    for at in range(4, 60, 7):
        canary[at] += 120
    (found,) = judged((noisy(100, 60), canary))
    assert outcome(found) == ("blocking", "gate-failed")
    assert "the canary stands out upwards 8 times in 60 points" in found.finding.sentence
    assert "stable 0 times" in found.finding.sentence


def test_a_canary_too_young_to_tell_holds_for_what_several_metrics_show_together(
    evidence: Callable[..., Evidence], pod: Callable[..., Any]
) -> None:
    queries = [(noisy(100, 31, seed), noisy(103.5, 31, seed + 50)) for seed in (21, 22, 23)]
    gates = tuple(
        Gate(query=f"q{number}", statistical=Statistical(direction="increase")) for number in range(3)
    )
    outcomes = {}
    for least in (60, 300):
        seen = evidence([pod(age=200)], [pod(age=90000)], more=metrics(*queries))
        graded = {one.finding.key: one for one in find(seen, Rules(gates=gates, min_fault_age=least))}
        outcomes[least] = graded["gate-failed/together"]
    assert outcome(outcomes[60]) == ("blocking", "gate-failed")
    assert outcome(outcomes[300]) == ("hold", "gate-failed")
    assert "too early to tell" in outcomes[300].finding.sentence
    assert outcomes[300].finding.advice.startswith("judge again in 100 s")


@pytest.mark.slow
def test_small_shifts_of_several_metrics_count_together(judged: Callable[..., list[Graded]]) -> None:
    together = [
        judged(
            *(
                sides_of(metric.stable, metric.canary)
                for metric in make_case("joint shift", "white", 31, seed).metrics
            )
        )
        for seed in range(30)
    ]
    joint = [
        one.finding for findings in together for one in findings if one.finding.key == "gate-failed/together"
    ]
    assert joint
    assert all("gates fail together that hold alone" in one.sentence for one in joint)
    healthy = [
        judged(
            *(
                sides_of(metric.stable, metric.canary)
                for metric in make_case("no change, three metrics", "white", 31, seed).metrics
            )
        )
        for seed in range(30)
    ]
    assert not [one for findings in healthy for one in findings if one.finding.kind == "gate-failed"]


def sides_of(stable: Points, canary: Points) -> tuple[Points, Points]:
    return stable, canary


@pytest.mark.parametrize(("planned", "given"), [(1, {}), (30, {"looks": 1})])
def test_the_fewer_looks_are_planned_the_surer_is_each(
    planned: int, given: dict[str, Any], evidence: Callable[..., Evidence]
) -> None:
    """What the AnalysisRun plans counts where the gate does not say, and 30 where nobody does."""
    seen = evidence(more=metrics((noisy(100, 31), noisy(103.4, 31, seed=1))))
    analysis = Analysis(namespace="shop", name="run", uid="u", metric="judge", kind="step", looks=planned)
    asked = msgspec.structs.replace(seen, target=msgspec.structs.replace(seen.target, analysis=analysis))

    def upper(of: Evidence, **fields: Any) -> str:
        gate = Gate(query="q0", statistical=Statistical(direction="increase", **fields))
        (found,) = (
            one.finding for one in find(of, Rules(gates=(gate,))) if one.finding.kind.startswith("gate-")
        )
        figures = re.search(r"95 % [-0-9.]+ to ([0-9.]+)", found.sentence)
        assert figures
        return figures[1]

    assert float(upper(asked, **given)) < float(upper(seen))
    assert upper(seen) == upper(seen, looks=30)


def test_too_few_points_say_how_many_are_enough_and_when(judged: Callable[..., list[Graded]]) -> None:
    (found,) = judged((noisy(100, 20), [*[None] * 17, 1.0, 2.0, 3.0]))
    assert outcome(found) == ("hold", "gate-no-data")
    assert found.finding.sentence == (
        "gate q0 cannot be told: the canary has 3 points and stable 20, where 5 of each are enough: "
        "at the present rate in 10s, at 12:00:10 UTC"
    )
    assert found.finding.advice == "judge again when each side has 5 points, or ask for fewer (min_points)"


@pytest.mark.parametrize(("step", "points", "least"), [(15, 37, 20), (60, 7, 14)])
def test_a_ten_minute_canary_has_an_answer(
    step: float, points: int, least: int, judged: Callable[..., list[Graded]]
) -> None:
    """Its points are those whose window of four steps lies within the ten minutes. Stable's noise is 4 %."""
    young = {"given": {"step": 1}}
    kinds = [
        judged((noisy(100, points, seed=seed), noisy(level, points, seed=seed + 100)), **young)[
            0
        ].finding.kind
        for seed in range(20)
        for level in (100, 150)
    ]
    assert kinds[::2] == ["gate-passed"] * 20
    assert kinds[1::2].count("gate-failed") >= least


def test_how_many_points_tell_what_is_allowed_is_said_where_these_do_not(
    judged: Callable[..., list[Graded]],
) -> None:
    (found,) = judged((noisy(100, 10, scatter=20), noisy(100, 10, seed=1, scatter=20)), percent=5)
    assert found.finding.kind == "gate-passed"
    assert "points would tell a difference of that size)" in found.finding.sentence


def test_points_are_compared_at_their_own_times(judged: Callable[..., list[Graded]]) -> None:
    """Both sides rise tenfold; the canary lacks the first half."""
    rising = [10.0 * at for at in range(40)]
    (found,) = judged((rising, [*[None] * 20, *rising[20:]]))
    assert outcome(found) == ("info", "gate-passed")
    assert "the same as stable's point by point" in found.finding.sentence


def test_sides_without_a_common_time_cannot_be_told(judged: Callable[..., list[Graded]]) -> None:
    odd = [float(at) if at % 2 else None for at in range(40)]
    even = [None if at % 2 else float(at) for at in range(40)]
    (found,) = judged((odd, even))
    assert outcome(found) == ("hold", "gate-no-data")
    assert "the canary has 0 points and stable 0" in found.finding.sentence


def test_a_stable_without_traffic_says_nothing_of_the_canary(judged: Callable[..., list[Graded]]) -> None:
    (found,) = judged(([0.0] * 40, noisy(100)), given={"work": True}, direction="either")
    assert outcome(found) == ("hold", "gate-no-data")
    assert "stable had no traffic" in found.finding.sentence


def test_a_relative_gate_where_stable_measures_0_cannot_be_told(evidence: Callable[..., Evidence]) -> None:
    sides = [
        Metrics(side=role, figures=(QueryFigures(query="q", promql="", state="values", value=value),))
        for role, value in zip(ROLES, (0.0, 4.0), strict=True)
    ]
    kinds = {}
    for slack in (0.0, 1.0, 5.0):
        rules = Rules(gates=(Gate(query="q", relative=Relative(percent=20, slack=slack)),))
        (found,) = (one for one in find(evidence(more=sides), rules) if one.finding.kind.startswith("gate-"))
        kinds[slack] = outcome(found)
    assert kinds == {
        0.0: ("hold", "gate-no-data"),
        1.0: ("blocking", "gate-failed"),
        5.0: ("info", "gate-passed"),
    }
