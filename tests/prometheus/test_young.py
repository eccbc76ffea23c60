"""The gates on a real Prometheus with a canary that is two minutes old, in a log window of twenty."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics
from analyzer.evidence.interface import Gap, SourceContext, Window
from analyzer.evidence.pods import Condition, Pod, Pods
from analyzer.evidence.prometheus import PrometheusSource
from analyzer.findings import find
from analyzer.findings.interface import Finding, Graded
from analyzer.settings import Gate, Look, Prometheus, Query, Relative, Rules, Statistical
from analyzer.target import ROLES

END = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
SINCE, STEP = 1200, 15  # seconds
RATE = 'sum(rate({}{{hash="$hash"}}[$window]))'
Judge = Callable[..., Graded]


def counter(name: str, side: str, age: int, rate: Callable[[int], float]) -> str:
    """A counter that began so many seconds before the end, with a rate by the seconds before the end."""
    total, lines = 0.0, []
    for ago in range(age, -1, -STEP):
        lines.append(f'{name}_total{{hash="{side}"}} {total} {END.timestamp() - ago:.0f}')
        total += STEP * rate(ago)
    return "\n".join(lines)


HISTORY = "\n".join(
    f"# TYPE {name} counter\n{counter(name, 'stable', 3600, stable)}\n{counter(name, 'canary', age, canary)}"
    for name, age, stable, canary in (
        ("errors", 120, lambda _: 0.05, lambda _: 0.5),
        ("fine", 120, lambda _: 0.05, lambda _: 0.05),
        ("busy", 120, lambda ago: 50 if ago > 300 else 5, lambda _: 5),
        ("grown", 600, lambda _: 1, lambda _: 1),
        ("newborn", 15, lambda _: 1, lambda _: 1),
    )
)


@pytest.fixture(scope="module")
def url(prometheus_of: Callable[[str], str]) -> str:
    return prometheus_of(HISTORY)


@pytest.fixture
def measured(
    url: str, scene_of: Callable[..., SourceContext], gathered: Callable[..., tuple[list[Any], list[Gap]]]
) -> Callable[[Query, int], Evidence]:
    """What a query gave beside a stable pod of a day and a canary's of so many seconds."""

    def gather(query: Query, age: int) -> Evidence:
        pods = [
            Pods(
                side=role,
                pods=(Pod(name=f"{role}-1", owner="", phase="Running", created_at=at, conditions=ready(at)),),
            )
            for role, at in zip(ROLES, (END - timedelta(days=1), END - timedelta(seconds=age)), strict=True)
        ]
        window = Window(start=END - timedelta(seconds=SINCE), end=END)
        look = Look(since=SINCE, prometheus=Prometheus(url=url, queries=(query,)))
        scene = replace(scene_of(None, "shop", *pods), look=look, window=window)
        parts, gaps = gathered(PrometheusSource(), scene)
        return Evidence(
            target=scene.target, window=window, nonce="n", parts=(*pods, *parts), gaps=tuple(gaps)
        )

    return gather


def ready(at: datetime) -> tuple[Condition, ...]:
    return (Condition(type="Ready", status="True", since=at),)


@pytest.fixture
def judged(measured: Callable[[Query, int], Evidence]) -> Judge:
    """The finding of a gate on the rate of a counter."""

    def one(name: str, age: int = 125, over: int = 0, **gate: Any) -> Graded:
        evidence = measured(Query(name=name, query=RATE.format(f"{name}_total"), range=over), age)
        (found,) = (
            each
            for each in find(evidence, Rules(gates=(Gate(query=name, **gate),)))
            if each.finding.kind.startswith("gate-")
        )
        return found

    return one


def figure(finding: Finding, side: str) -> float:
    """A side's figure, or the median of its points."""
    return float(str(getattr(finding, side)).removeprefix("a median of ").split()[0])


@pytest.mark.prometheus
class TestOneFigure:
    def test_two_minutes_of_errors_are_not_spread_over_twenty(self, judged: Judge) -> None:
        found = judged("errors", at_most=0.2)
        assert (found.severity, found.finding.kind) == ("blocking", "gate-failed")
        assert figure(found.finding, "canary") == pytest.approx(0.5, rel=0.1)
        assert figure(found.finding, "stable") == pytest.approx(0.05, rel=0.1)

    def test_both_sides_are_asked_over_the_same_time(self, judged: Judge) -> None:
        found = judged("busy", relative=Relative(percent=10, direction="either"))
        assert found.finding.kind == "gate-passed", "stable had more in the time before the canary"

    def test_a_healthy_one_passes(self, judged: Judge) -> None:
        assert judged("fine", at_most=0.2).finding.kind == "gate-passed"

    def test_one_too_young_to_have_a_figure_holds(self, judged: Judge) -> None:
        found = judged("newborn", age=10, at_most=5)
        assert (found.severity, found.finding.kind) == ("hold", "gate-no-data")

    def test_what_was_asked_is_kept(self, measured: Callable[[Query, int], Evidence]) -> None:
        evidence = measured(Query(name="q", query=RATE.format("errors_total"), window=600), 125)
        for role in ROLES:
            part = evidence.part(Metrics, role)
            figures = part and part.of_query("q")
            assert figures
            assert (figures.window, "[125s]" in figures.promql) == (125, True)


@pytest.mark.prometheus
class TestRange:
    def test_points_that_look_back_beyond_the_birth_are_left_out(self, judged: Judge) -> None:
        """The first of them would be 0.1, 0.2 and so on: a rate over a minute of which the canary was there
        for a part.
        """
        found = judged("grown", age=600, over=SINCE, at_least=0.95)
        assert found.finding.kind == "gate-passed"
        assert "over 37 points" in found.finding.canary, "600 s, less the window of 60 s, a point every 15 s"

    def test_both_sides_are_cut_alike(self, judged: Judge) -> None:
        found = judged("busy", over=SINCE, relative=Relative(percent=10, direction="either"))
        assert found.finding.kind == "gate-passed"
        assert "over 5 points" in found.finding.stable
        assert "over 5 points" in found.finding.canary

    def test_five_points_of_a_young_one_are_enough_for_ten_times_the_errors(self, judged: Judge) -> None:
        found = judged("errors", over=SINCE, statistical=Statistical(direction="increase"))
        assert (found.severity, found.finding.kind) == ("blocking", "gate-failed")
        assert "the canary is higher over 5 points" in found.finding.sentence
        assert judged("fine", over=SINCE, statistical=Statistical()).finding.kind == "gate-passed"

    def test_fewer_are_too_little_and_say_when_there_are_enough(self, judged: Judge) -> None:
        found = judged("errors", age=100, over=SINCE, statistical=Statistical(direction="increase"))
        assert (found.severity, found.finding.kind) == ("hold", "gate-no-data")
        assert (
            "the canary has 3 points and stable 3, where 5 of each are enough: at the present rate in 30s"
            in found.finding.sentence
        )

    def test_one_younger_than_the_window_of_a_point_holds(self, judged: Judge) -> None:
        found = judged("newborn", age=30, over=SINCE, at_most=5)
        assert (found.severity, found.finding.kind) == ("hold", "gate-no-data")
        assert msgspec.structs.asdict(found.finding)["canary"] == "no number (0/0: no requests)"
