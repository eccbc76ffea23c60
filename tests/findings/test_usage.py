"""What containers use, against their limits and against stable."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Container, Pod, State
from analyzer.evidence.usage import ContainerUsage, Usage, UsageSample
from analyzer.findings import usage
from analyzer.findings.grade import weigh_finding
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import Role

MIB = 1024**2
LIMITS = {"memory": "100Mi", "cpu": "1"}
Ago = Callable[[float], datetime]
Series = Sequence[tuple[float, float, float]]  # (seconds before the window's end, cores, MiB)
Found = Callable[..., dict[str, Finding]]


@pytest.fixture
def found(
    ago: Ago, evidence: Callable[..., Evidence], pod: Callable[..., Pod], container: Callable[..., Container]
) -> Callable[..., dict[str, Finding]]:
    """Findings by kind, when a pod of each side uses this. Containers run for 290 s."""

    def find(
        canary: Series, stable: Series | None = ((10, 0.1, 10),), limits: dict[str, str] = LIMITS, **more: Any
    ) -> dict[str, Finding]:
        def side(role: Role, series: Series) -> Usage:
            samples = tuple(
                UsageSample(at=ago(at), cpu=cpu, memory=int(memory * MIB)) for at, cpu, memory in series
            )
            return Usage(
                side=role, containers=(ContainerUsage(pod=f"{role}-1", container="app", samples=samples),)
            )

        pods = {role: [pod(f"{role}-1", container(limits=limits, **more))] for role in ("stable", "canary")}
        parts = [side("canary", canary), *([side("stable", stable)] if stable is not None else [])]
        seen = evidence(pods["canary"], pods["stable"], more=parts)
        return {finding.kind: finding for rule in usage.RULES for finding in rule(seen, Rules())}

    return find


def test_moderate_use_is_nothing(found: Found) -> None:
    assert found([(10, 0.15, 20)]) == {}


class TestNearTheLimit:
    def test_it_is_told_with_its_figures(self, found: Found) -> None:
        near = found([(10, 0.1, 95)], stable=[(10, 0.1, 80)])["memory-near-limit"]
        assert near.sentence == "1 of 1 canary pod: container app uses 90% of its memory limit or more"
        assert (near.key, near.samples) == ("memory-near-limit/app", ("canary-1: 95 MiB of 100 MiB (95%)",))
        assert weigh_finding(near) == "warning"

    def test_below_it_is_nothing(self, found: Found) -> None:
        assert found([(10, 0.1, 89)], stable=[(10, 0.1, 80)]) == {}

    def test_stable_does_it_too(self, found: Found) -> None:
        assert weigh_finding(found([(10, 0.1, 95)], stable=[(10, 0.1, 95)])["memory-near-limit"]) == "info"

    def test_stable_does_hardly_less(self, found: Found) -> None:
        """A threshold between the two is no difference."""
        assert weigh_finding(found([(10, 0.1, 91)], stable=[(10, 0.1, 89)])["memory-near-limit"]) == "info"
        assert weigh_finding(found([(10, 0.1, 91)], stable=[(10, 0.1, 84)])["memory-near-limit"]) == "warning"
        assert found([(10, 0.1, 89)], stable=[(10, 0.1, 95)]) == {}

    def test_without_a_limit_there_is_none_to_be_near(self, found: Found) -> None:
        assert found([(10, 0.1, 95)], stable=[(10, 0.1, 80)], limits={}) == {}

    def test_the_last_sample_counts(self, found: Found) -> None:
        assert found([(60, 0.1, 95), (10, 0.1, 50)], stable=[(10, 0.1, 50)]) == {}


def test_more_memory_than_requested_is_for_information(found: Found) -> None:
    """Its node takes it first when it runs short, whatever its limit."""
    above = found([(10, 0.1, 60)], requests={"memory": "50Mi"})["memory-above-request"]
    assert (above.samples, weigh_finding(above)) == (("canary-1: 60 MiB, 50 MiB requested",), "info")
    assert found([(10, 0.1, 50)], requests={"memory": "50Mi"}) == {}


RISING: Series = [(seconds, 0.1, 80 - seconds / 2) for seconds in (100, 80, 60, 40, 20, 0)]


class TestClimbing:
    def test_it_reaches_the_limit_within_the_time_it_was_watched(self, found: Found) -> None:
        """30 to 80 of 100 MiB in 100 s: 130 after 100 s more."""
        climbing = found(RISING, stable=[(10, 0.1, 70)])["memory-climbing"]
        assert climbing.samples == ("canary-1: 30 MiB to 80 MiB of 100 MiB in 100 s",)
        assert weigh_finding(climbing) == "warning"

    def test_it_does_not_reach_it(self, found: Found) -> None:
        assert found(RISING, stable=[(10, 0.1, 70)], limits={"memory": "200Mi"}) == {}

    def test_one_jump_is_no_trend(self, found: Found) -> None:
        jump = [(seconds, 0.1, 30 if seconds else 80) for seconds in (100, 80, 60, 40, 20, 0)]
        assert found(jump, stable=[(10, 0.1, 70)]) == {}

    def test_what_is_given_back_again_and_again_is_no_leak(self, found: Found) -> None:
        """As a garbage collector works; with a floor that rises it is one."""
        saw = [30, 50, 70, 80, 32, 50, 71, 78, 31, 51, 70, 79]
        leak = [30, 40, 50, 38, 48, 58, 46, 56, 66, 54, 64, 76]
        assert found([(110 - 10 * n, 0.1, each) for n, each in enumerate(saw)], stable=[(10, 0.1, 70)]) == {}
        assert list(
            found([(110 - 10 * n, 0.1, each) for n, each in enumerate(leak)], stable=[(10, 0.1, 70)])
        ) == ["memory-climbing"]

    def test_few_samples_are_no_trend(self, found: Found) -> None:
        assert found(RISING[-4:], stable=[(10, 0.1, 70)]) == {}

    def test_what_starts_grows(self, found: Found, ago: Ago) -> None:
        assert found(RISING, stable=[(10, 0.1, 70)], state=State(kind="running", started_at=ago(110))) == {}


class TestCpu:
    def test_all_of_its_limit(self, found: Found) -> None:
        full = found([(10, 0.99, 20)], stable=[(10, 0.9, 20)])["cpu-at-limit"]
        assert (full.samples, weigh_finding(full)) == (("canary-1: 0.99 of 1.00 cores",), "warning")

    def test_a_start_is_no_fault(self, found: Found) -> None:
        assert found([(250, 0.99, 20)], stable=[(10, 0.9, 20)]) == {}

    def test_an_average_below_it(self, found: Found) -> None:
        assert found([(20, 1.0, 20), (10, 0.5, 20)], stable=[(10, 0.7, 20)]) == {}


class TestAboveStable:
    def test_both_figures_are_per_pod(self, found: Found) -> None:
        more = found([(10, 0.6, 800)], stable=[(10, 0.2, 300)], limits={})
        assert set(more) == {"cpu-above-stable", "memory-above-stable"}
        assert (more["memory-above-stable"].stable, more["memory-above-stable"].canary) == (
            "300 MiB per pod",
            "800 MiB per pod",
        )
        assert [weigh_finding(more[kind]) for kind in sorted(more)] == ["info", "warning"]

    @pytest.mark.parametrize(("canary", "stable"), [((0.39, 599), (0.2, 300)), ((0.09, 60), (0.01, 5))])
    def test_less_than_twice_or_next_to_nothing(
        self, canary: tuple[float, float], stable: tuple[float, float], found: Found
    ) -> None:
        assert found([(10, *canary)], stable=[(10, *stable)], limits={}) == {}

    def test_with_nothing_of_stable_there_is_no_comparison(self, found: Found) -> None:
        assert found([(10, 0.6, 800)], stable=None, limits={}) == {}
