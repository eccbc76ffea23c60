from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container, Pod
from analyzer.evidence.spec import Field, Spec
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules
from analyzer.target import Role

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
RUNC = (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "
    "container for pod: OCI runtime create failed: runc create failed: unable to start container process: "
    "container init was OOM-killed (memory limit too low?): unknown"
)
CRIO = (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = set memory limit 4194304 too low; "
    "should be at least 12582912 bytes"
)
NETWORK = (
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox container "ab" '
    "network for pod: "
    "plugin type=calico failed (add): stat /var/lib/calico/nodename: no such file or directory"
)


@pytest.fixture
def stuck(
    evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent
) -> Callable[..., dict[str, Graded]]:
    """The findings of a canary pod without a sandbox, by key; messages are the kubelet's, the newest last."""

    def judge(
        *messages: str, age: float = 40, beside: int = 0, specs: tuple[Spec, ...] = ()
    ) -> dict[str, Graded]:
        created = pod("c1", waiting("ContainerCreating"), age=age, phase="Pending")
        events = [
            event("c1", "FailedCreatePodSandBox", each, ago=10 - number, first=created.created_at, count=3)
            for number, each in enumerate(messages)
        ]
        others = [pod(f"c{number + 2}") for number in range(beside)]
        seen = evidence([created, *others], canary_events=events, more=specs)
        return {each.finding.key: each for each in find(seen, Rules())}

    return judge


@pytest.mark.parametrize("message", [RUNC, CRIO])
def test_a_memory_limit_that_is_too_low_does_not_heal(
    message: str, stuck: Callable[..., dict[str, Graded]]
) -> None:
    found = stuck(message)
    assert found["config-error"].severity == "blocking"
    assert "a memory limit is too low for the pod to start" in found["config-error"].finding.sentence
    assert "too low" in found["config-error"].finding.samples[0][:160]
    assert "Raise the memory limit" in found["config-error"].finding.remedy
    assert not [key for key in found if key.startswith("not-ready")]


def test_a_network_that_is_not_there_may_come(stuck: Callable[..., dict[str, Graded]]) -> None:
    found = stuck(NETWORK, age=400)
    assert "config-error" not in found
    assert found["not-ready/app"].severity == "hold"
    assert "stat /var/lib/calico/nodename" in found["not-ready/app"].finding.samples[0]


def test_the_newest_failure_counts(stuck: Callable[..., dict[str, Graded]]) -> None:
    assert "config-error" not in stuck(RUNC, NETWORK)
    assert stuck(NETWORK, RUNC)["config-error"].severity == "blocking"


def test_where_half_of_the_pods_have_one_the_version_is_not_to_blame(
    stuck: Callable[..., dict[str, Graded]],
) -> None:
    assert stuck(RUNC, age=400, beside=1)["config-error"].severity == "hold"


def test_a_pod_that_has_started_since_is_healthy(
    evidence: MakeEvidence, pod: MakePod, event: MakeEvent
) -> None:
    seen = evidence([pod("c1")], canary_events=[event("c1", "FailedCreatePodSandBox", RUNC, ago=290)])
    assert find(seen, Rules()) == ()


def test_a_lower_limit_explains_it(stuck: Callable[..., dict[str, Graded]]) -> None:
    def spec(role: Role, limit: str) -> Spec:
        fields = (
            Field(container="app", group="container", name="container", text="container", digest="c"),
            Field(container="app", group="resources", name="limits.memory", text=limit, digest=limit),
        )
        return Spec(side=role, replicaset="cart", fields=fields)

    found = stuck(RUNC, specs=(spec("stable", "512Mi"), spec("canary", "512")))
    assert "memory limit 512Mi -> 512" in found["config-error"].finding.because


def test_a_container_says_the_same(evidence: MakeEvidence, pod: MakePod, waiting: Make) -> None:
    message = (
        "failed to create containerd task: OCI runtime create failed: container init was OOM-killed"
        " (memory limit too low?)"
    )
    seen = evidence([pod("c1", waiting("RunContainerError", message), age=5)])
    (graded,) = [each for each in find(seen, Rules()) if each.finding.key == "config-error/app"]
    assert graded.severity == "blocking"
    assert "its memory limit is too low for it to start" in graded.finding.sentence
