import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.findings.compare import (
    SAMPLES,
    Fault,
    SideFaults,
    compare_sides,
    cut_samples,
    is_explained_by_chance,
    scope_of,
)
from analyzer.findings.interface import Scope


@pytest.mark.parametrize(
    ("canary", "canary_of", "stable", "stable_of", "scope"),
    [
        (1, 1, 0, 1, "canary"),
        (1, 20, 0, 20, "canary"),
        (20, 20, 1, 20, "canary"),
        (3, 3, 1, 3, "canary"),  # (1/3)^3 = 0.037
        (1, 20, 1, 20, "both"),
        (1, 1, 1, 3, "both"),  # one pod in three would be so by chance
        (2, 2, 1, 3, "both"),  # 0.11
        (5, 5, 3, 5, "both"),  # more than half as often
        (20, 20, 17, 20, "both"),  # beyond chance (0.04), and yet stable is as good as sick
        (1, 1, 1, 20, "canary"),  # 0.05
        (3, 3, 3, 3, "both"),
        (0, 3, 1, 3, "stable"),
        (1, 3, 0, 0, "uncompared"),
    ],
)
def test_whose_a_fault_is(canary: int, canary_of: int, stable: int, stable_of: int, scope: Scope) -> None:
    assert scope_of(canary, canary_of, stable, stable_of) == scope


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_a_sicker_canary_is_never_less_its_own(canary_of: int, stable_of: int, data: st.DataObject) -> None:
    canary, stable = data.draw(st.integers(1, canary_of)), data.draw(st.integers(0, stable_of))
    if scope_of(canary, canary_of, stable, stable_of) == "canary":
        assert scope_of(min(canary + 1, canary_of), canary_of, stable, stable_of) == "canary"
        assert scope_of(canary, canary_of, max(stable - 1, 0), stable_of) == "canary"


def test_what_goes_on_is_compared_with_what_goes_on() -> None:
    """Stable's faults that have stopped do not excuse a canary's that go on."""
    ended = Fault("oom-kill", "app", "is killed", ongoing=False)
    sides = {
        "stable": SideFaults(2, (ended, ended)),
        "canary": SideFaults(2, (ended, Fault("oom-kill", "app", "is killed"))),
    }
    (finding,) = compare_sides(sides)  # type: ignore[arg-type]  # the literals are roles
    assert (finding.scope, finding.ongoing, finding.canary, finding.stable) == (
        "canary",
        True,
        "1 of 2 pods",
        "0 of 2 pods",
    )


@pytest.mark.parametrize(
    ("canary", "canary_of", "stable", "stable_of", "chance"),
    [
        (1, 50, 0, 50, True),
        (1, 50, 0, 3, True),
        (5, 50, 0, 50, False),  # p 0.028
        (25, 50, 0, 50, False),
        (2, 4, 0, 4, True),
        (3, 5, 0, 1, False),  # more than half of it
        (1, 3, 0, 3, True),
        (1, 2, 0, 50, False),  # one is well: too few to speak for the version
        (1, 1, 0, 1, False),
        (2, 2, 0, 2, False),
    ],
)
def test_what_chance_explains(
    canary: int, canary_of: int, stable: int, stable_of: int, *, chance: bool
) -> None:
    assert is_explained_by_chance(canary, canary_of, stable, stable_of) is chance
    sick = SideFaults(canary_of, (Fault("crash-loop", "app", "exits"),) * canary)
    (finding,) = compare_sides({"stable": SideFaults(stable_of, ()), "canary": sick})
    assert (finding.scope, finding.settled) == ("canary", not chance)
    assert finding.sentence.endswith(f"; {canary} of {canary_of}; chance explains it") is chance


def test_pods_that_are_sick_in_different_ways_count_together() -> None:
    faults = (*(Fault("crash-loop", "app", "exits"),) * 4, *(Fault("oom-kill", "app", "is killed"),) * 4)
    for sick, settled in ((4, False), (8, True)):
        found = list(
            compare_sides({"stable": SideFaults(20, ()), "canary": SideFaults(20, faults, sick=sick)})
        )
        assert [finding.settled for finding in found] == [settled, settled]


def test_one_pod_old_enough_settles_it() -> None:
    young, old = (
        Fault("not-ready", "app", "is not Ready", settled=False),
        Fault("not-ready", "app", "is not Ready"),
    )
    assert next(compare_sides({"stable": SideFaults(1, ()), "canary": SideFaults(2, (young, old))})).settled
    assert not next(
        compare_sides({"stable": SideFaults(1, ()), "canary": SideFaults(2, (young, young))})
    ).settled


def test_samples_are_few_short_and_on_one_line() -> None:
    assert cut_samples(["a\n  b", "", "a b", "c", "d", "e"]) == ("a b", "c", "d")
    assert [len(sample) for sample in cut_samples(["x" * 9_000])] == [500]
    assert SAMPLES == 3
