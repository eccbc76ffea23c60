"""What does not heal by itself settles at once, or when it has lasted; what may heal waits for
`--min-fault-age`.
"""

from collections.abc import Callable
from datetime import datetime

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.exits import add_ended_runs
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.findings import find
from analyzer.settings import Rules

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
Ago = Callable[[float], datetime]

IMAGE = "shop/cart:1"
KEY, SECRET = "couldn't find key PRICE in ConfigMap shop/cart", 'secret "cart" not found'
ROOT = "container has runAsNonRoot and image will run as root (pod: x, container: app)"
NUMBER = (
    "container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root (pod:"
    " x, container: app)"
)
RUNC = (
    "failed to create containerd task: OCI runtime create failed: runc create failed: unable to start"
    " container process: "
)
NO_FILE = RUNC + 'error during container init: exec: "/cart": stat /cart: no such file or directory'
NO_PATH = RUNC + 'exec: "cart": executable file not found in $PATH'
NO_LEAVE = RUNC + 'exec: "/cart": permission denied'


def severity(seen: Evidence, key: str) -> str:
    (graded,) = [each for each in find(seen, Rules()) if each.finding.key == key]
    return graded.severity


class TestAtOnce:
    @pytest.mark.parametrize(
        ("reason", "message", "kind"),
        [
            ("InvalidImageName", "", "image-pull"),
            ("ErrImageNeverPull", "", "image-pull"),
            ("CreateContainerConfigError", ROOT, "config-error"),
            ("CreateContainerConfigError", NUMBER, "config-error"),
            ("RunContainerError", NO_FILE, "config-error"),
            ("RunContainerError", NO_PATH, "config-error"),
            ("CreateContainerError", NO_LEAVE, "config-error"),
            ("StartError", RUNC + "exec /cart: exec format error", "config-error"),
        ],
    )
    def test_no_kubelet_will_do_it(
        self, reason: str, message: str, kind: str, evidence: MakeEvidence, pod: MakePod, waiting: Make
    ) -> None:
        assert severity(evidence([pod("c1", waiting(reason, message), age=1)]), f"{kind}/app") == "blocking"

    def test_between_two_tries_by_the_last_one(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        c1 = pod("c1", crashing(code=128, reason="StartError", message=NO_FILE), age=3)
        assert severity(evidence([c1]), "config-error/app") == "blocking"

    @pytest.mark.parametrize(
        ("reason", "message"),
        [
            ("ErrImagePull", "not found"),
            ("ImageInspectError", "x"),
            (
                "CreateContainerConfigError",
                "failed to sync secret cache: timed out waiting for the condition",
            ),
            (
                "CreateContainerConfigError",
                "services have not yet been read at least once, cannot construct envvars",
            ),
            ("CreateContainerError", "context deadline exceeded"),
            ("RunContainerError", RUNC + 'error mounting "/var/lib/x" to rootfs: no such file or directory'),
            ("PostStartHookError", ""),
        ],
    )
    def test_what_may_heal_waits(
        self, reason: str, message: str, evidence: MakeEvidence, pod: MakePod, waiting: Make
    ) -> None:
        (graded,) = [
            each
            for each in find(evidence([pod("c1", waiting(reason, message), age=50)]), Rules())
            if each.severity == "hold"
        ]
        assert "too early to tell" in graded.finding.sentence

    def test_it_is_no_fault_of_the_version_where_half_of_it_got_past(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make
    ) -> None:
        """Such as an image for one kind of processor, and nodes of two."""
        canary = [
            pod("c1", waiting("RunContainerError", RUNC + "exec format error"), age=5),
            pod("c2", age=5),
        ]
        assert severity(evidence(canary), "config-error/app") == "hold"


class TestMissing:
    @pytest.mark.parametrize("message", [KEY, SECRET])
    @pytest.mark.parametrize(("first", "told"), [(14.0, "hold"), (15.0, "blocking")])
    def test_who_makes_it_has_fifteen_seconds(
        self,
        message: str,
        first: float,
        told: str,
        evidence: MakeEvidence,
        pod: MakePod,
        waiting: Make,
        event: MakeEvent,
        ago: Ago,
    ) -> None:
        said = event("c1", "Failed", f"Error: {message}", first=ago(first), ago=1)
        seen = evidence(
            [pod("c1", waiting("CreateContainerConfigError", message), age=40)], canary_events=[said]
        )
        assert severity(seen, "config-error/app") == told

    def test_without_events_nothing_says_since_when(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make
    ) -> None:
        canary = [pod("c1", waiting("CreateContainerConfigError", KEY), age=40)]
        assert severity(evidence(canary, canary_events=None), "config-error/app") == "hold"

    def test_of_a_volume_too(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent, ago: Ago
    ) -> None:
        def volume(message: str) -> str:
            said = event(
                "c1",
                "FailedMount",
                f'MountVolume.SetUp failed for volume "config" : {message}',
                first=ago(16),
                ago=1,
            )
            return severity(
                evidence([pod("c1", waiting("ContainerCreating"), age=20)], canary_events=[said]), "volume"
            )

        assert volume('configmap "cart" not found') == "blocking"
        assert volume("configmap references non-existent config key: a.yaml") == "blocking"
        assert volume("timed out waiting for the condition") == "hold"


class TestImages:
    @pytest.fixture
    def pull(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent, ago: Ago
    ) -> Callable[..., str]:
        def told(answer: str, *, count: int = 2, first: float = 16, others: tuple[Event, ...] = ()) -> str:
            said = event(
                "c1",
                "Failed",
                f'Failed to pull image "{IMAGE}": {answer}',
                first=ago(first),
                ago=1,
                count=count,
            )
            canary = [pod("c1", waiting("ImagePullBackOff", f'Back-off pulling image "{IMAGE}"'), age=40)]
            return severity(evidence(canary, canary_events=[said, *others]), "image-pull/app")

        return told

    @pytest.mark.parametrize(
        "answer",
        [
            (
                f'rpc error: code = NotFound desc = failed to resolve reference "docker.io/{IMAGE}":'
                f" docker.io/{IMAGE}: not found"
            ),
            "reading manifest 1 in docker.io/shop/cart: manifest unknown",
            "pull access denied, repository does not exist or may require authorization",
            "failed to authorize: unexpected status: 403 Forbidden",
        ],
    )
    def test_what_the_registry_has_not_is_told_when_it_was_asked_twice(
        self, answer: str, pull: Callable[..., str]
    ) -> None:
        assert pull(answer) == "blocking"
        assert pull(answer, count=1) == "hold"
        assert pull(answer, first=10) == "hold"

    @pytest.mark.parametrize(
        "answer",
        [
            (
                "429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate"
                " limit, access denied"
            ),
            "dial tcp: lookup registry.example.com: no such host; not found",
            "failed to extract layer sha256:aa: content digest sha256:bb: not found",
            "parent snapshot sha256:aa does not exist: not found",
            (
                "failed to resolve reference: 403 Forbidden: Your authorization token has expired."
                " Reauthenticate and try again."
            ),
            'error getting credentials: exec: "ecr-login": executable file not found in $PATH',
            "net/http: TLS handshake timeout",
            "unexpected status from HEAD request: 503 Service Unavailable",
            "something that nobody knows",
        ],
    )
    def test_what_may_heal_waits(self, answer: str, pull: Callable[..., str]) -> None:
        assert pull(answer) == "hold"

    def test_the_images_own_name_is_no_answer(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent, ago: Ago
    ) -> None:
        name = "shop/access-denied:1"
        said = event(
            "c1",
            "Failed",
            f'Failed to pull image "{name}": failed to resolve {name}: x509',
            first=ago(30),
            ago=1,
            count=3,
        )
        canary = [pod("c1", waiting("ImagePullBackOff", image=name), age=40)]
        assert severity(evidence(canary, canary_events=[said]), "image-pull/app") == "hold"

    def test_a_pull_secret_that_is_missing_may_come(self, pull: Callable[..., str], event: MakeEvent) -> None:
        assert (
            pull("pull access denied", others=(event("c1", "FailedToRetrieveImagePullSecret", "not found"),))
            == "hold"
        )


class TestSinceWhen:
    """`--min-fault-age` is counted from when the fault could begin, not from when the pod was made."""

    def test_a_pull_that_failed_for_the_first_time_after_a_long_wait(
        self, evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent, ago: Ago
    ) -> None:
        def told(first: float) -> str:
            said = event("c1", "Failed", f'Failed to pull image "{IMAGE}": 503', first=ago(first), ago=1)
            return severity(
                evidence([pod("c1", waiting("ErrImagePull"), age=300)], canary_events=[said]),
                "image-pull/app",
            )

        assert (told(59), told(60)) == ("hold", "blocking")

    def test_a_pod_that_waited_for_a_node(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        def told(placed: float) -> str:
            conditions = (Condition(type="PodScheduled", status="True", since=ago(placed)),)
            return severity(
                evidence([pod("c1", crashing(), age=300, conditions=conditions)]), "crash-loop/app"
            )

        assert (told(59), told(60)) == ("hold", "blocking")

    def test_a_container_whose_image_took_long(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        def told(begun: float) -> str:
            first = State(kind="terminated", exit_code=1, started_at=ago(begun), finished_at=ago(begun - 20))
            early = Pods(
                side="canary", pods=(pod("c1", crashing(state=first, restarts=0, last_state=None), age=300),)
            )
            seen = evidence([pod("c1", crashing(), age=300)], more=[add_ended_runs(None, early)])
            return severity(seen, "crash-loop/app")

        assert (told(59), told(60)) == ("hold", "blocking")
