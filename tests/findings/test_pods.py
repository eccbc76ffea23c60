from collections.abc import Callable
from datetime import datetime

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.logs import ExcerptLine, Logs, Stream
from analyzer.evidence.pods import Condition, Container, Pod, State
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
Ago = Callable[[float], datetime]

READY_BUT_FOR_A_GATE = Condition(type="Ready", status="False", reason="ReadinessGatesNotReady")


def weights(evidence: Evidence, rules: Rules | None = None) -> dict[str, str]:
    return {graded.finding.key: graded.severity for graded in find(evidence, rules or Rules())}


def only(evidence: Evidence) -> Graded:
    (graded,) = find(evidence, Rules())
    return graded


class TestNotReady:
    @pytest.fixture
    def unready(self, container: Make, ago: Ago) -> Callable[..., Container]:
        return lambda up=290, **fields: container(
            ready=False, state=State(kind="running", started_at=ago(up)), **fields
        )

    def test_a_probe_that_never_passes_blocks(
        self, evidence: MakeEvidence, pod: MakePod, unready: Make, event: MakeEvent
    ) -> None:
        probes = [event("c1", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")]
        found = find(evidence([pod("c1", unready())], canary_events=probes), Rules())
        assert [(graded.severity, graded.finding.key) for graded in found] == [
            ("blocking", "not-ready/app"),
            ("warning", "probe-failure/readiness"),
        ]
        assert found[0].finding.sentence == "1 of 1 canary pod: container app runs and is not Ready"
        assert found[0].finding.samples == ("Readiness probe failed: HTTP probe failed with statuscode: 503",)

    @pytest.mark.parametrize(("age", "severity"), [(59, "hold"), (60, "blocking")])
    def test_younger_than_min_age_holds(
        self, age: int, severity: str, evidence: MakeEvidence, pod: MakePod, unready: Make
    ) -> None:
        assert weights(evidence([pod("c1", unready(up=age), age=age)])) == {"not-ready/app": severity}

    @pytest.mark.parametrize(("age", "severity"), [(179, "hold"), (180, "blocking")])
    def test_its_own_probes_may_allow_more(
        self, age: int, severity: str, evidence: MakeEvidence, pod: MakePod, unready: Make
    ) -> None:
        assert weights(evidence([pod("c1", unready(up=age, startup_seconds=180), age=age)])) == {
            "not-ready/app": severity
        }

    def test_min_age_is_a_setting(self, evidence: MakeEvidence, pod: MakePod, unready: Make) -> None:
        assert weights(evidence([pod("c1", unready())]), Rules(min_fault_age=301)) == {
            "not-ready/app": "hold"
        }

    def test_time_counts_from_the_containers_start(
        self, evidence: MakeEvidence, pod: MakePod, unready: Make
    ) -> None:
        assert weights(evidence([pod("c1", unready(up=10), age=300)])) == {"not-ready/app": "hold"}

    def test_one_that_was_ready_until_now_holds(
        self, evidence: MakeEvidence, pod: MakePod, unready: Make
    ) -> None:
        assert weights(evidence([pod("c1", unready(), unready_for=5)])) == {"not-ready/app": "hold"}

    def test_a_container_that_has_not_started_holds_however_old(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make
    ) -> None:
        graded = only(evidence([pod("c1", waiting("ContainerCreating"), phase="Pending", age=4000)]))
        assert (graded.severity, graded.finding.key) == ("hold", "not-ready/app")
        assert "container app has not started (ContainerCreating)" in graded.finding.sentence

    def test_an_init_container_at_work_holds(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, waiting: Make, ago: Ago
    ) -> None:
        working = container(
            "migrate", type="init", ready=False, state=State(kind="running", started_at=ago(290))
        )
        graded = only(evidence([pod("c1", working, waiting("PodInitializing"), phase="Pending")]))
        assert (graded.severity, graded.finding.key) == ("hold", "not-ready/migrate")

    def test_an_init_container_that_waits_shows_its_last_lines(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, waiting: Make, ago: Ago
    ) -> None:
        def stream(name: str, *texts: str, previous: bool = False) -> Stream:
            excerpt = tuple(ExcerptLine(at=None, text=text) for text in texts)
            return Stream(
                pod="c1", container=name, previous=previous, lines=len(texts), bytes=9, excerpt=excerpt
            )

        working = container(
            "wait", type="init", ready=False, state=State(kind="running", started_at=ago(290))
        )
        logs = Logs(
            side="canary",
            containers=(),
            streams=(
                stream("other", "not this one"),
                stream("wait", "nor the run before", previous=True),
                stream("wait", "begun", "queue.shop: NXDOMAIN", "try 91, waiting for queue.shop"),
            ),
        )
        seen = evidence([pod("c1", working, waiting("PodInitializing"), phase="Pending")], more=[logs])
        (graded,) = [each for each in find(seen, Rules()) if each.finding.key == "not-ready/wait"]
        assert graded.finding.samples == ("queue.shop: NXDOMAIN", "try 91, waiting for queue.shop")
        assert "what the init container waits for" in graded.finding.remedy
        assert "what the init container waits for" in graded.finding.advice

    def test_a_sidecar_may_be_what_is_missing(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, unready: Make
    ) -> None:
        assert weights(evidence([pod("c1", unready(name="proxy", type="sidecar"), container())])) == {
            "not-ready/proxy": "blocking"
        }

    def test_a_sidecar_that_does_not_start_holds_up_what_comes_after_it(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make, unready: Make
    ) -> None:
        proxy, migrate = (
            unready(name="proxy", type="sidecar"),
            waiting("PodInitializing", name="migrate", type="init"),
        )
        app = waiting("PodInitializing")
        assert weights(evidence([pod("c1", proxy, migrate, app, phase="Pending")])) == {
            "not-ready/proxy": "blocking"
        }
        assert weights(evidence([pod("c1", migrate, proxy, app, phase="Pending")])) == {
            "not-ready/migrate": "hold"
        }

    def test_a_readiness_gate_may_be_what_is_missing(self, evidence: MakeEvidence, pod: MakePod) -> None:
        graded = only(evidence([pod("c1", conditions=(READY_BUT_FOR_A_GATE,))]))
        assert (graded.severity, graded.finding.key) == ("blocking", "not-ready")
        assert "ReadinessGatesNotReady" in graded.finding.sentence

    def test_a_pod_that_reports_no_condition_is_not_ready(
        self, evidence: MakeEvidence, pod: MakePod, container: Make
    ) -> None:
        silent = container(ready=False, state=State(kind="unknown"))
        assert weights(evidence([pod("c1", silent, phase="Pending", conditions=())])) == {
            "not-ready/app": "hold"
        }

    def test_of_a_pod_that_reports_no_condition_the_containers_tell(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, unready: Make
    ) -> None:
        """As in a file that somebody wrote by hand."""
        assert weights(evidence([pod("c1", conditions=())])) == {}
        half = pod("c1", container(), unready(name="proxy", type="sidecar"), conditions=())
        assert weights(evidence([half])) == {"not-ready/proxy": "blocking"}

    def test_one_that_starts_beside_ready_pods_is_left_out(
        self, evidence: MakeEvidence, pod: MakePod, unready: Make
    ) -> None:
        young = pod("c9", unready(up=10), age=20)
        assert weights(evidence([pod("c1"), young])) == {}
        assert weights(evidence([pod("c1"), young, pod("c8", unready(up=10), age=20)])) == {
            "not-ready/app": "hold"
        }
        assert weights(evidence([pod("c1"), pod("c2", unready())])) == {"not-ready/app": "blocking"}

    def test_one_of_fifty_holds(self, evidence: MakeEvidence, pod: MakePod, unready: Make) -> None:
        well = [pod(f"c{number}") for number in range(49)]
        assert weights(
            evidence([*well, pod("c50", unready())], [pod(f"s{number}") for number in range(50)])
        ) == {"not-ready/app": "hold"}

    def test_one_being_deleted_or_finished_is_no_evidence(
        self, evidence: MakeEvidence, pod: MakePod, unready: Make, ago: Ago
    ) -> None:
        gone = [pod("c1", unready(), deleted_at=ago(3)), pod("c2", unready(), phase="Succeeded"), pod("c3")]
        assert weights(evidence(gone)) == {}

    def test_a_crash_loop_explains_it(self, evidence: MakeEvidence, pod: MakePod, crashing: Make) -> None:
        assert weights(evidence([pod("c1", crashing())])) == {"crash-loop/app": "blocking"}


class TestVolumes:
    def test_one_that_cannot_be_mounted_blocks(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent
    ) -> None:
        events = [event("c1", "FailedMount", 'configmap "rules" not found')]
        graded = only(
            evidence([pod("c1", waiting("ContainerCreating"), phase="Pending")], canary_events=events)
        )
        assert (graded.severity, graded.finding.key) == ("blocking", "volume")
        assert graded.finding.samples == ('configmap "rules" not found',)

    def test_where_half_of_the_pods_have_theirs_the_version_is_not_to_blame(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent
    ) -> None:
        pods = [pod("c1", waiting("ContainerCreating"), phase="Pending"), pod("c2")]
        assert weights(evidence(pods, canary_events=[event("c1", "FailedAttachVolume")])) == {
            "volume": "hold"
        }

    def test_one_that_was_mounted_in_the_end_is_healthy(
        self, evidence: MakeEvidence, pod: MakePod, event: MakeEvent
    ) -> None:
        assert weights(evidence([pod("c1")], canary_events=[event("c1", "FailedMount", "timed out")])) == {}

    def test_a_container_that_runs_has_its_volumes(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, waiting: Make, event: MakeEvent
    ) -> None:
        """A pod's volumes are mounted before the first of its containers is created."""
        stuck = pod("c1", container("proxy", type="sidecar"), waiting("PodInitializing"), phase="Pending")
        assert weights(evidence([stuck], canary_events=[event("c1", "FailedMount")])) == {
            "not-ready/app": "hold"
        }

    def test_without_events_the_pod_still_holds(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make
    ) -> None:
        assert weights(
            evidence([pod("c1", waiting("ContainerCreating"), phase="Pending")], canary_events=None)
        ) == {"not-ready/app": "hold"}

    def test_without_stables_events_it_holds(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent
    ) -> None:
        stuck = pod("c1", waiting("ContainerCreating"), phase="Pending")
        assert weights(evidence([stuck], canary_events=[event("c1", "FailedMount")], stable_events=None)) == {
            "volume": "hold"
        }


class TestEvicted:
    @pytest.mark.parametrize("reason", ["Evicted", "Preempting", "NodeAffinity", "OutOfcpu"])
    def test_what_the_node_took_is_a_warning(
        self, reason: str, evidence: MakeEvidence, pod: MakePod, container: Make
    ) -> None:
        gone = container(ready=False, state=State(kind="terminated", exit_code=137, reason="Error"))
        taken = pod(
            "c1", gone, phase="Failed", reason=reason, message="The node was low on resource: memory."
        )
        graded = only(evidence([taken, pod("c2")]))
        assert (graded.severity, graded.finding.key) == ("warning", "evicted")
        assert graded.finding.sentence == f"1 of 2 canary pods: taken by the node ({reason}); it has stopped"
        assert graded.finding.samples == ("The node was low on resource: memory.",)

    def test_a_disruption_is_told_by_its_condition(self, evidence: MakeEvidence, pod: MakePod) -> None:
        taken = pod(
            "c1",
            phase="Failed",
            conditions=(Condition(type="DisruptionTarget", status="True", reason="EvictionByEvictionAPI"),),
        )
        assert weights(evidence([taken, pod("c2")])) == {"evicted": "warning"}

    def test_a_lost_node_is_told_by_its_reason(self, evidence: MakeEvidence, pod: MakePod, ago: Ago) -> None:
        assert weights(
            evidence([pod("c1", phase="Unknown", reason="NodeLost", deleted_at=ago(9)), pod("c2")])
        ) == {"evicted": "warning"}

    def test_a_node_that_fell_silent_is_told_by_what_its_controller_left_as_it_was(
        self, evidence: MakeEvidence, pod: MakePod
    ) -> None:
        """The node controller takes Ready back and nothing else; the kubelet would say why."""
        silent = (Condition(type="Ready", status="False"), Condition(type="ContainersReady", status="True"))
        graded = only(evidence([pod("c1", conditions=silent), pod("c2")]))
        assert (graded.severity, graded.finding.sentence) == (
            "warning",
            "1 of 2 canary pods: taken by the node (it fell silent); it has stopped",
        )
        gated = (READY_BUT_FOR_A_GATE, Condition(type="ContainersReady", status="True"))
        assert weights(evidence([pod("c1", conditions=gated)])) == {"not-ready": "blocking"}


class TestStorageLimits:
    """A pod that the kubelet evicts for what it wrote beyond its own limit, in the kubelet's words."""

    @staticmethod
    def gone(
        pod: MakePod, container: Make, at: datetime, name: str = "c1", age: float = 300, message: str = ""
    ) -> Pod:
        message = message or "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. "
        ended = container(
            ready=False, state=State(kind="terminated", exit_code=137, reason="Error", finished_at=at)
        )
        return pod(name, ended, age=age, phase="Failed", reason="Evicted", message=message)

    @pytest.mark.parametrize(
        "message",
        [
            'Container app exceeded its local ephemeral storage limit "1Gi". ',
            "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
            'Usage of EmptyDir volume "cache" exceeds the limit "1Gi". ',
        ],
    )
    def test_it_is_a_fault_of_the_version(
        self, message: str, evidence: MakeEvidence, pod: MakePod, container: Make, ago: Ago
    ) -> None:
        graded = only(evidence([self.gone(pod, container, ago(60), message=message), pod("c2", age=60)]))
        assert (graded.severity, graded.finding.key) == ("blocking", "storage-limit")
        assert graded.finding.samples == (message.strip(),)

    def test_it_has_stopped_after_twice_the_time_it_took(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, ago: Ago
    ) -> None:
        taken = self.gone(pod, container, ago(210))
        assert weights(evidence([taken, pod("c2", age=210)])) == {"storage-limit": "warning"}

    def test_stable_does_it_too(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, ago: Ago
    ) -> None:
        seen = evidence(
            [self.gone(pod, container, ago(60)), pod("c2")],
            [self.gone(pod, container, ago(60), "s1"), pod("s2")],
        )
        assert weights(seen) == {"storage-limit": "hold"}

    def test_what_stable_did_before_the_canary_was_there_is_no_comparison(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, ago: Ago
    ) -> None:
        stable = [self.gone(pod, container, ago(2000), "s1", age=9000), pod("s2")]
        assert weights(evidence([self.gone(pod, container, ago(60)), pod("c2")], stable)) == {
            "storage-limit": "blocking"
        }
        assert weights(evidence([pod("c2")], stable)) == {}
