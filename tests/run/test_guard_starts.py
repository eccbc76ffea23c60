"""Simulated starts under a guard's eyes: one that is slow and well is never ended, one that is broken in 20 s
from the first sign.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from starts import NO_IMAGE, Hold, Life, Run, Start, broken, looks, slow_start

from analyzer.cli import run
from analyzer.common.deadline import Deadline
from analyzer.decision import Decision
from analyzer.evidence import Evidence
from analyzer.evidence.bundle import Bundle, encode
from analyzer.run.guard import EVERY, add_exits, build_case, decide_now
from analyzer.settings import Rules

pytestmark = pytest.mark.slow

SIGN = 8.0  # the second of the first sign, in `broken`
SOON = 20.0


def ended(
    starts: Sequence[Start], until: float = 240, every: float = EVERY, late: float = 0
) -> tuple[float, Decision | None]:
    """When a guard decides, looking from `late` on, and what; None where it never does."""
    before: Evidence | None = None
    for second, seen in looks(starts, every, until):
        if second < late:
            continue
        before = add_exits(before, seen)
        decision = decide_now(build_case(before, Rules(), Deadline.after(60)))
        if decision is not None:
            return second, decision
    return until, None


def outcome(starts: Sequence[Start], **how: float) -> str:
    _, decision = ended(starts, **how)
    return decision.outcome if decision else "waits"


@pytest.mark.parametrize("seed", range(12))
def test_a_slow_start_is_never_ended(seed: int) -> None:
    assert outcome(slow_start(Random(seed)), every=5) != "rollback"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_none_of_two_hundred_slow_starts_is_ended(seed: int) -> None:
    """Late images, registries, keys, nodes, sidecars and databases; exits once or twice; readiness after
    minutes.
    """
    assert outcome(slow_start(Random(seed)), until=400) in ("started", "waits")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_nor_by_a_guard_that_begins_late(seed: int) -> None:
    """At any time of the start: which run is the first it sees, chance decides."""
    late = Random(seed).uniform(1, 120)
    assert outcome(slow_start(Random(seed)), until=400, every=5, late=late) in ("started", "waits")


@pytest.mark.parametrize("late", range(12, 66, 6))
@pytest.mark.parametrize("what", broken())
def test_a_guard_that_begins_late_ends_a_broken_start_as_soon(what: str, late: float) -> None:
    """From its own first look, whichever run that falls into: it has no earlier looks to go by."""
    for seed in range(3):
        second, decision = ended(broken(seed)[what], until=late + 30, late=late)
        assert decision is not None
        assert decision.outcome == "rollback"
        assert second - late <= SOON


@pytest.mark.parametrize("pods", [1, 3])
@pytest.mark.parametrize("what", broken())
def test_a_broken_start_is_ended_soon_after_its_first_sign(what: str, pods: int) -> None:
    for seed in range(5):
        second, decision = ended(broken(seed, pods)[what], until=60)
        assert decision is not None
        assert decision.outcome == "rollback"
        assert second - SIGN <= SOON


def test_a_tag_that_nobody_pushed_is_told_when_it_was_asked_for_twice() -> None:
    start = [
        Start(
            (
                Life(
                    holds=(
                        Hold(8),
                        Hold(1, "ErrImagePull", NO_IMAGE),
                        Hold(999, "ImagePullBackOff", NO_IMAGE),
                    )
                ),
            )
        )
    ]
    second, decision = ended(start)
    assert decision is not None
    assert decision.outcome == "rollback"
    assert 15 <= second - SIGN <= 30


class TestReplay:
    """What a guard keeps is judged again as any record: nothing was asked of a model, and of a good start no
    log was read.
    """

    @pytest.fixture
    def replayed(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> Callable[[Evidence], tuple[int, str]]:
        def judged(seen: Evidence) -> tuple[int, str]:
            file = tmp_path / "record.json"
            file.write_bytes(encode(Bundle(evidence=seen)))
            return run(["analyze", "--evidence", str(file), "--model", "builtin"]), capsys.readouterr().out

        return judged

    def test_a_canary_that_was_ended_early_is_ended_again(
        self, replayed: Callable[[Evidence], tuple[int, str]]
    ) -> None:
        before: Evidence | None = None
        for _, seen in looks(broken()["exits at once"], EVERY, SIGN + SOON):
            before = add_exits(before, seen)
        assert before is not None
        code, told = replayed(before)
        assert (code, "exits with code 1 again and again" in told) == (3, True)

    def test_a_good_start_says_nothing_of_what_came_after(
        self, replayed: Callable[[Evidence], tuple[int, str]]
    ) -> None:
        *_, (_, seen) = looks([Start((Life(),))], EVERY, 70)
        code, told = replayed(seen)
        assert (code, "judge the rollout itself" in told) == (4, True)


class TestThreeStarts:
    """What may be a wait for something else is not ended before the pod has had its minute."""

    @pytest.mark.parametrize(
        "runs",
        [
            (Run(0.2), Run(0.2)),
            (Run(0.2, 1), Run(0.2, 2), Run(0.2, 1)),
            (Run(0.2, 0),) * 3,
            (Run(0.2, 137),) * 3,
            (Run(12),) * 3,
        ],
        ids=["two", "of several kinds", "done", "killed", "long"],
    )
    def test_what_is_not_three_alike_waits(self, runs: tuple[Run, ...]) -> None:
        assert outcome([Start((Life(runs=runs),))], until=48) in ("waits", "started")

    def test_nor_one_that_waits_for_a_container_beside_it(self) -> None:
        proxy = Life("proxy", "sidecar", (Hold(45),))
        assert outcome([Start((proxy, Life(runs=(Run(0.2),) * 9)))], until=44) == "waits"

    def test_nor_an_init_container_that_tries_again(self) -> None:
        init = Life("wait", "init", runs=(Run(0.2),) * 9)
        assert outcome([Start((init, Life()))], until=50) == "waits"

    def test_nor_while_another_pod_runs(self) -> None:
        well, sick = Start((Life(),), name="a"), Start((Life(runs=(Run(0.2),) * 9),), name="b")
        assert outcome([well, sick], until=58) == "waits"

    def test_a_guard_that_comes_late_has_seen_two_ends(self) -> None:
        second, decision = ended([Start((Life(runs=(Run(0.2),) * 9),))], late=6)
        assert (decision is not None, second <= SOON) == (True, True)

    def test_the_minute_begins_when_the_container_does(self) -> None:
        """A pod that waited long for its image is not old when it exits for the first times."""
        start = [Start((Life(holds=(Hold(50),), runs=(Run(4), Run(4))),))]
        assert outcome(start) == "started"
