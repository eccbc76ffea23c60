"""The points of a range that look at nothing but the canary's time."""

from datetime import UTC, datetime, timedelta

from healthy import TARGET
from hypothesis import given
from hypothesis import strategies as st

from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Window
from analyzer.evidence.pods import Pod, Pods
from analyzer.findings.figures import figures_of

END = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def seen(points: int, step: float, window: float, *ages: float) -> QueryFigures:
    """What is left of the canary's points, each of which is its own number, beside canary pods of these
    ages.
    """
    start = END - timedelta(seconds=step * (points - 1))
    figures = QueryFigures(
        query="q",
        promql="",
        state="values",
        points=tuple(map(float, range(points))),
        start=start,
        step=step,
        window=window,
    )
    pods = tuple(
        Pod(name=f"p{age}", owner="", phase="Running", created_at=END - timedelta(seconds=age))
        for age in ages
    )
    parts = (Pods(side="canary", pods=pods), Metrics(side="canary", figures=(figures,)))
    found = figures_of(
        Evidence(target=TARGET, window=Window(start=start, end=END), nonce="n", parts=parts), "q", "canary"
    )
    assert found
    return found


@given(
    points=st.integers(1, 80),
    step=st.sampled_from([1.0, 7.5, 15.0, 60.0]),
    window=st.integers(0, 900),
    age=st.integers(-60, 6000),
    more=st.integers(0, 600),
)
def test_what_is_left_is_every_point_whose_window_begins_after_the_birth(
    points: int, step: float, window: float, age: float, more: float
) -> None:
    found = seen(points, step, window, age, age - more)
    start = END - timedelta(seconds=step * (points - 1))
    born = END - timedelta(seconds=age)
    own = [
        index
        for index in range(points)
        if (start + timedelta(seconds=index * step) - born).total_seconds() >= window
    ]
    assert list(found.points) == own
    assert found.state == ("values" if own else "nan")
    assert found.start == (
        start + timedelta(seconds=own[0] * step) if own else start + timedelta(seconds=points * step)
    )


def test_without_a_pod_of_the_canary_nothing_is_left_out() -> None:
    assert len(seen(10, 15, 60).points) == 10
