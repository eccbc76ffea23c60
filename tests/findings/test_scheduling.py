"""Pods that no node takes: the version's doing, or the nodes'."""

from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Condition, Container, Pod, State
from analyzer.evidence.spec import Field, Spec
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules
from analyzer.target import Role

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
GONE = "node(s) had untolerated taint {node.kubernetes.io/unreachable: }"
CONTROL = "node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }"


def weights(evidence: Evidence) -> dict[str, str]:
    return {graded.finding.key: graded.severity for graded in find(evidence, Rules())}


def only(evidence: Evidence) -> Graded:
    (graded,) = [each for each in find(evidence, Rules()) if each.finding.kind == "unschedulable"]
    return graded


class TestUnschedulable:
    CONDITION = Condition(
        type="PodScheduled",
        status="False",
        reason="Unschedulable",
        message="0/3 nodes are available: 3 Insufficient cpu.",
    )

    def unscheduled(self, pod: MakePod, container: Make, name: str, **fields: float) -> Pod:
        return pod(
            name,
            container(ready=False, state=State(kind="unknown")),
            phase="Pending",
            conditions=(self.CONDITION,),
            **fields,
        )

    def test_the_canary_alone_blocks(self, evidence: MakeEvidence, pod: MakePod, container: Make) -> None:
        graded = only(evidence([self.unscheduled(pod, container, "c1")]))
        assert (graded.severity, graded.finding.key) == ("blocking", "unschedulable")
        assert graded.finding.samples == ("0/3 nodes are available: 3 Insufficient cpu.",)

    def test_younger_than_min_age_holds(self, evidence: MakeEvidence, pod: MakePod, container: Make) -> None:
        assert weights(evidence([self.unscheduled(pod, container, "c1", age=30)])) == {
            "unschedulable": "hold"
        }

    def test_a_full_cluster_holds(self, evidence: MakeEvidence, pod: MakePod, container: Make) -> None:
        seen = evidence(
            [self.unscheduled(pod, container, "c1")], [self.unscheduled(pod, container, "s1"), pod("s2")]
        )
        assert weights(seen) == {"unschedulable": "hold"}

    @pytest.mark.parametrize(("stuck", "severity"), [(1, "hold"), (2, "hold"), (3, "blocking")])
    def test_where_half_of_the_pods_found_a_node_the_version_is_not_to_blame(
        self, stuck: int, severity: str, evidence: MakeEvidence, pod: MakePod, container: Make
    ) -> None:
        pods = [
            self.unscheduled(pod, container, f"c{number}") if number < stuck else pod(f"c{number}")
            for number in range(4)
        ]
        graded = only(evidence(pods))
        assert (graded.severity, graded.finding.key) == (severity, "unschedulable")
        assert ("got past this" in graded.finding.sentence) == (severity == "hold")

    @pytest.mark.parametrize("reason", ["TriggeredScaleUp", "Nominated"])
    def test_one_that_an_autoscaler_makes_room_for_holds(
        self, reason: str, evidence: MakeEvidence, pod: MakePod, container: Make, event: MakeEvent
    ) -> None:
        seen = evidence(
            [self.unscheduled(pod, container, "c1")], canary_events=[event("c1", reason, type="Normal")]
        )
        assert weights(seen) == {"unschedulable": "hold"}
        assert "; an autoscaler is making room" in only(seen).finding.sentence


class TestWhoseFaultItIs:
    @pytest.fixture
    def judged(self, evidence: MakeEvidence, pod: MakePod, container: Make) -> Callable[..., Graded]:
        """The finding of a canary pod that the scheduler says this of; requests are of CPU, per pod."""

        def judge(message: str, requests: str = "", theirs: str = "", specs: tuple[Spec, ...] = ()) -> Graded:
            condition = Condition(
                type="PodScheduled", status="False", reason="Unschedulable", message=message
            )
            mine = container(
                ready=False,
                state=State(kind="unknown"),
                requests={"cpu": requests} if requests else {},
            )
            stable = pod("s1", container(requests={"cpu": theirs} if theirs else {}))
            canary = pod("c1", mine, phase="Pending", conditions=(condition,))
            return only(evidence([canary], [stable], more=specs))

        return judge

    @pytest.mark.parametrize(
        "message",
        [
            (
                f"0/3 nodes are available: 3 {GONE}. preemption: 0/3 nodes are available: 3 Preemption is not"
                " helpful for scheduling."
            ),
            f"0/4 nodes are available: 2 {GONE}, 2 node(s) were unschedulable.",
            (
                "0/2 nodes are available: 2 node(s) had taint {node.kubernetes.io/not-ready: },"
                " that the pod didn't tolerate."
            ),
            "0/2 nodes are available: 1 node(s) were not ready, 1 node(s) were unschedulable.",
            (
                "0/5 nodes are available: 5 Too many pods. preemption: 0/5 nodes are available:"
                " 5 No preemption victims found for incoming pod."
            ),
            "no nodes available to schedule pods",
        ],
    )
    def test_nodes_that_are_gone_cordoned_or_full_are_the_places(
        self, message: str, judged: Callable[..., Graded]
    ) -> None:
        graded = judged(message)
        assert graded.severity == "hold"
        assert "the nodes are why, and not the version" in graded.finding.sentence
        assert graded.finding.samples == (message,)
        assert "bring the nodes back" in graded.finding.advice

    @pytest.mark.parametrize(
        ("mine", "theirs", "severity"),
        [("500m", "0.5", "hold"), ("4", "500m", "blocking"), ("", "", "blocking")],
    )
    def test_what_is_lacking_is_the_versions_where_it_requests_more(
        self, mine: str, theirs: str, severity: str, judged: Callable[..., Graded]
    ) -> None:
        assert judged("0/3 nodes are available: 3 Insufficient cpu.", mine, theirs).severity == severity

    def test_one_reason_that_is_the_versions_is_enough(self, judged: Callable[..., Graded]) -> None:
        message = f"0/3 nodes are available: 2 {GONE}, 1 Insufficient cpu."
        assert judged(message, "4", "1").severity == "blocking"

    @pytest.mark.parametrize(
        ("name", "severity"), [("", "hold"), ("tolerations", "blocking"), ("nodeSelector.zone", "hold")]
    )
    def test_a_taint_that_keeps_stable_off_as_well_speaks_against_neither(
        self, name: str, severity: str, judged: Callable[..., Graded]
    ) -> None:
        def spec(role: Role, digest: str) -> Spec:
            field = Field(group="scheduling", name=name or "tolerations", text="[]", digest=digest)
            return Spec(side=role, replicaset="cart", fields=(field,))

        specs = (spec("stable", "1"), spec("canary", "2" if name else "1"))
        message = f"0/4 nodes are available: 1 {CONTROL}, 3 {GONE}."
        assert judged(message, specs=specs).severity == severity

    @pytest.mark.parametrize(
        "message",
        [
            f"0/3 nodes are available: 3 {CONTROL}.",
            "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
            'persistentvolumeclaim "data" not found',
            "",
        ],
    )
    def test_what_is_not_the_nodes_blocks_as_ever(self, message: str, judged: Callable[..., Graded]) -> None:
        assert judged(message).severity == "blocking"
