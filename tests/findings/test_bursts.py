"""How many lines come at a time, of counts of pods by the span."""

from random import Random

import pytest

from analyzer.findings.bursts import estimate_burst, estimate_unevenness
from analyzer.findings.rates import BURST


def counts(spans: int, mean: float, size: int = 1, seed: int = 1) -> list[float]:
    """Lines of a pod in each span, `size` at a time, at times drawn by chance."""
    random = Random(seed)
    row = [0.0] * spans
    for _ in range(round(spans * mean / size)):
        row[random.randrange(spans)] += size
    return row


def test_lines_that_come_by_themselves() -> None:
    assert [
        estimate_burst([counts(40, 3, seed=seed), counts(40, 3, seed=-seed)]) for seed in range(1, 6)
    ] == [1.0] * 5


def test_lines_that_come_three_at_a_time() -> None:
    assert 2 < estimate_burst([counts(60, 6, 3), counts(60, 6, 3, seed=2)]) < BURST


def test_more_than_five_at_a_time_count_as_five() -> None:
    assert estimate_burst([counts(60, 20, 20)]) == BURST


def test_a_pod_that_has_long_pauses() -> None:
    row = [*counts(10, 2), *[0.0] * 10] * 3
    assert estimate_burst([row]) > 2


def test_pods_of_which_one_has_far_more_than_the_others() -> None:
    rows = [counts(40, 4), counts(40, 1, seed=2)]
    assert estimate_burst(rows) == estimate_unevenness(rows) == BURST


@pytest.mark.parametrize("rows", [[], [[]], [[0.0] * 40], [[1.0, 2.0, 1.0]]])
def test_too_little_to_tell(rows: list[list[float]]) -> None:
    assert estimate_burst(rows) == BURST


def test_one_pod_is_beside_no_other() -> None:
    assert estimate_unevenness([counts(40, 4)]) == estimate_unevenness([]) == 1.0


def test_a_pod_that_began_later_is_compared_in_the_time_of_both() -> None:
    assert estimate_unevenness([counts(40, 4), counts(12, 4, seed=2)]) == 1.0


@pytest.mark.parametrize("rows", [[[1] * 4 + [0] * 56, [1] * 60], [[5, 0, 0, 0, 0, 0, 0, 0, 0]], [[0] * 9]])
def test_a_pod_that_logged_at_the_beginning_alone(rows: list[list[float]]) -> None:
    assert 1.0 <= estimate_burst(rows) <= BURST
    assert 1.0 <= estimate_unevenness(rows) <= BURST
