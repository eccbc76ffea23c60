"""Why an image is not pulled, in the words of many runtimes and registries."""

from collections.abc import Callable, Sequence

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container, Pod
from analyzer.evidence.spec import Field, Spec
from analyzer.findings import find
from analyzer.findings.interface import Finding
from analyzer.findings.pulls import cause_of, registry_of
from analyzer.models.builtin import judge
from analyzer.settings import Rules
from analyzer.target import Role

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]
IMAGE = "shop/cart:1"
LIMITED, FULL, PLATFORM = "limits how often", "no space left", "none for the node's platform"
CERTIFICATE, NAME, AWAY, FAILS = (
    "certificate is not accepted",
    "name is not resolved",
    "is not reached",
    "the registry fails",
)
DENIED, NONE, UNSIGNED = "does not allow it", "has no such image", "signature is not accepted"

MESSAGES = [
    # containerd
    (
        LIMITED,
        'failed to pull and unpack image "docker.io/shop/cart:1": failed to copy: '
        "httpReadSeeker: failed open: unexpected status code "
        "https://registry-1.docker.io/v2/shop/cart/manifests/sha256:ab: 429 Too Many Requests "
        "- Server message: toomanyrequests: You have reached your unauthenticated pull rate "
        "limit.",
    ),
    (
        NONE,
        "rpc error: code = NotFound desc = failed to pull and unpack image "
        '"docker.io/shop/cart:1": failed to resolve reference "docker.io/shop/cart:1": '
        "docker.io/shop/cart:1: not found",
    ),
    (
        PLATFORM,
        "rpc error: code = NotFound desc = failed to pull and unpack image "
        '"docker.io/shop/cart:1": no match for platform in manifest: not found',
    ),
    (
        FULL,
        'failed to pull and unpack image "docker.io/shop/cart:1": failed to extract layer '
        "sha256:0f: write "
        "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/9/fs/usr/lib/x.so"
        ": no space left on device: unknown",
    ),
    (
        CERTIFICATE,
        'failed to resolve reference "reg.corp/shop/cart:1": failed to do request: Head '
        '"https://reg.corp/v2/shop/cart/manifests/1": tls: failed to verify certificate: x509: '
        "certificate signed by unknown authority",
    ),
    (
        NAME,
        'failed to do request: Head "https://reg.corp/v2/shop/cart/manifests/1": dial tcp: '
        "lookup reg.corp on 10.96.0.10:53: read udp 10.0.0.4:4000->10.96.0.10:53: i/o timeout",
    ),
    (
        AWAY,
        'failed to do request: Head "https://reg.corp/v2/shop/cart/manifests/1": dial tcp '
        "10.1.2.3:443: connect: connection refused",
    ),
    (
        FAILS,
        "failed to resolve reference: unexpected status from HEAD request to "
        "https://reg.corp/v2/shop/cart/manifests/1: 503 Service Unavailable",
    ),
    (
        DENIED,
        'failed to resolve reference "docker.io/shop/cart:1": pull access denied, repository '
        "does not exist or may require authorization: server message: insufficient_scope: "
        "authorization failed",
    ),
    # CRI-O
    (
        LIMITED,
        "rpc error: code = Unknown desc = reading manifest 1 in docker.io/shop/cart: "
        "toomanyrequests: You have reached your pull rate limit.",
    ),
    (
        NAME,
        "rpc error: code = Unknown desc = pinging container registry reg.corp: Get "
        '"https://reg.corp/v2/": dial tcp: lookup reg.corp: no such host',
    ),
    (
        PLATFORM,
        "rpc error: code = Unknown desc = choosing image instance: no image found in image "
        'index for architecture "arm64", variant "v8", OS "linux"',
    ),
    (
        NONE,
        "rpc error: code = Unknown desc = reading manifest 1 in quay.io/shop/cart: manifest unknown",
    ),
    (
        UNSIGNED,
        "SignatureValidationFailed: Source image rejected: A signature was required, but no signature exists",
    ),
    # Docker
    (
        LIMITED,
        "rpc error: code = Unknown desc = Error response from daemon: toomanyrequests: You "
        "have reached your pull rate limit",
    ),
    (
        PLATFORM,
        "Error response from daemon: no matching manifest for linux/amd64 in the manifest list entries",
    ),
    (
        NAME,
        'Error response from daemon: Get "https://reg.corp/v2/": dial tcp: lookup reg.corp: '
        "Temporary failure in name resolution",
    ),
    (
        AWAY,
        'Error response from daemon: Get "https://reg.corp/v2/": net/http: request canceled '
        "while waiting for connection (Client.Timeout exceeded while awaiting headers)",
    ),
    (
        NONE,
        "Error response from daemon: manifest for shop/cart:1 not found: manifest unknown: manifest unknown",
    ),
    # Amazon's, Google's, Harbor
    (
        LIMITED,
        "unexpected status code: 429 Too Many Requests: toomanyrequests: Rate exceeded",
    ),
    (
        DENIED,
        "unexpected status from HEAD request to "
        "https://1.dkr.ecr.eu-west-1.amazonaws.com/v2/cart/manifests/1: 403 Forbidden",
    ),
    (
        DENIED,
        "no basic auth credentials",
    ),
    (
        DENIED,
        "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
    ),
    (
        LIMITED,
        "denied: Quota exceeded for quota metric 'Requests per project per region' and limit "
        "'Requests per minute' of service 'artifactregistry.googleapis.com'",
    ),
    (
        DENIED,
        'denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on '
        'resource "projects/p" (or it may not exist)',
    ),
    (
        NONE,
        "unknown: artifact shop/cart:1 not found",
    ),
    (
        DENIED,
        "unauthorized: unauthorized to access repository: shop/cart, action: pull: "
        "unauthorized to access repository: shop/cart",
    ),
]


@pytest.fixture
def pulling(evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent) -> Callable[..., Finding]:
    """The finding of a canary in back-off; the messages are the kubelet's, the newest last."""

    def find_pull(*messages: str, state: str = "", specs: Sequence[Spec] = ()) -> Finding:
        events = [
            event("c1", "Failed", f'Failed to pull image "{IMAGE}": {message}', ago=100 - number)
            for number, message in enumerate(messages)
        ]
        later = [
            event("c1", "Failed", "Error: ErrImagePull", ago=20),
            event("c1", "BackOff", f'Back-off pulling image "{IMAGE}"', ago=5, type="Normal"),
            event("c1", "Failed", "Error: ImagePullBackOff", ago=5),
        ]
        back_off = waiting("ImagePullBackOff", state or f'Back-off pulling image "{IMAGE}"')
        seen = evidence([pod("c1", back_off)], canary_events=[*later, *events], more=specs)
        (graded,) = [each for each in find(seen, Rules()) if each.finding.kind == "image-pull"]
        assert graded.severity == "blocking"
        return graded.finding

    return find_pull


@pytest.mark.parametrize(("cause", "message"), MESSAGES)
def test_the_back_off_does_not_hide_the_cause(
    cause: str, message: str, pulling: Callable[..., Finding]
) -> None:
    finding = pulling(message)
    assert cause in finding.sentence
    assert finding.remedy
    known = cause_of(message, IMAGE)
    assert known is not None
    match = known.says.search(finding.samples[0][:160])  # as much as the reason shows
    assert match


def test_a_state_that_repeats_the_cause_is_enough(pulling: Callable[..., Finding]) -> None:
    """Kubernetes 1.32 and later keep it in the back-off's message."""
    state = (
        f'Back-off pulling image "{IMAGE}": ErrImagePull: rpc error: code = Unknown desc ='
        " toomanyrequests: slow down"
    )
    finding = pulling(state=state)
    assert LIMITED in finding.sentence
    assert finding.samples[0] == "toomanyrequests: slow down"


@pytest.mark.parametrize(
    ("reason", "message", "cause"),
    [
        (
            "RegistryUnavailable",
            "image pull failed for shop/cart:1 because the registry is unavailable",
            AWAY,
        ),
        (
            "SignatureValidationFailed",
            "image pull failed for shop/cart:1 because the signature validation failed",
            UNSIGNED,
        ),
        ("ErrImagePull", "rpc error: code = NotFound desc = shop/cart:1: not found", NONE),
    ],
)
def test_the_states_own_reasons(
    reason: str, message: str, cause: str, evidence: MakeEvidence, pod: MakePod, waiting: Make
) -> None:
    (graded, *_) = find(evidence([pod("c1", waiting(reason, message))]), Rules())
    assert f"({reason}): " in graded.finding.sentence
    assert cause in graded.finding.sentence


def test_the_newest_cause_counts(pulling: Callable[..., Finding]) -> None:
    assert NONE in pulling("toomanyrequests: slow down", "manifest unknown").sentence
    assert LIMITED in pulling("manifest unknown", "toomanyrequests: slow down").sentence


def test_a_reason_that_is_not_listed_is_quoted_all_the_same(pulling: Callable[..., Finding]) -> None:
    finding = pulling("the moon is in the wrong quarter")
    assert finding.samples[0] == "the moon is in the wrong quarter"
    assert (finding.sentence, finding.remedy) == (
        "1 of 1 canary pod: container app cannot pull its image (ImagePullBackOff)",
        "",
    )


def test_without_a_reason_the_back_off_is_what_there_is(pulling: Callable[..., Finding]) -> None:
    assert pulling().samples == (f'Back-off pulling image "{IMAGE}"',)


def test_another_images_failure_is_none_of_this_one(
    evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent
) -> None:
    other = event("c1", "Failed", 'Failed to pull image "shop/proxy:1": toomanyrequests: slow down')
    seen = evidence([pod("c1", waiting("ImagePullBackOff", "Back-off"))], canary_events=[other])
    assert LIMITED not in " ".join(each.finding.sentence for each in find(seen, Rules()))


def test_an_image_that_was_pulled_in_the_end_is_healthy(
    evidence: MakeEvidence, pod: MakePod, event: MakeEvent
) -> None:
    events = [
        event("c1", "Failed", f'Failed to pull image "{IMAGE}": toomanyrequests: slow down', ago=280),
        event("c1", "Pulled", f'Successfully pulled image "{IMAGE}" in 2s', ago=250, type="Normal"),
    ]
    assert find(evidence([pod("c1")], canary_events=events), Rules()) == ()


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("reg.corp/ratelimit/not-found:1", 'Head "https://reg.corp/v2/ratelimit/not-found/manifests/1": EOF'),
        ("reg.corp/ratelimit/x509:1", "reading manifest 1 in reg.corp/ratelimit/x509: unexpected EOF"),
        ("ratelimit/denied:1", "error pulling ratelimit/denied: unexpected EOF"),
    ],
)
def test_a_word_in_the_images_name_is_no_cause(image: str, message: str) -> None:
    cause = cause_of(message, image)
    assert cause is not None
    assert AWAY in cause.text


@pytest.mark.parametrize(
    ("message", "theirs", "mine", "explained"),
    [
        ("manifest unknown", "shop/cart:0", IMAGE, True),
        ("toomanyrequests: slow down", "shop/cart:0", IMAGE, False),
        ("dial tcp: lookup reg.corp: no such host", "reg.corp/cart:0", "reg.corp/cart:1", False),
        ("dial tcp: lookup reg.corp: no such host", "reg.old/cart:0", "reg.corp/cart:1", True),
    ],
)
def test_a_new_image_explains_what_its_name_can_bring_about(
    message: str, theirs: str, mine: str, explained: bool, pulling: Callable[..., Finding]
) -> None:
    def spec(role: Role, image: str) -> Spec:
        fields = (
            Field(container="app", group="container", name="container", text="container", digest="c"),
            Field(container="app", group="image", name="image", text=image, digest=image),
        )
        return Spec(side=role, replicaset="cart", fields=fields)

    specs = (spec("stable", theirs), spec("canary", mine))
    assert bool(pulling(message, specs=specs).because) == explained


def test_the_remedy_fits_the_cause(
    evidence: MakeEvidence, pod: MakePod, waiting: Make, event: MakeEvent
) -> None:
    limited = event("c1", "Failed", f'Failed to pull image "{IMAGE}": toomanyrequests: slow down')
    seen = evidence([pod("c1", waiting("ImagePullBackOff", "Back-off"))], canary_events=[limited])
    answer = judge(find(seen, Rules()))
    assert answer.verdict == "rollback"
    assert answer.remediation.startswith(
        "Nothing is wrong with the image: pull as a user with a higher limit"
    )


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("cart:1", "docker.io"),
        ("shop/cart", "docker.io"),
        ("reg.corp/cart", "reg.corp"),
        ("localhost/a", "localhost"),
    ],
)
def test_the_registry_of_an_image(image: str, name: str) -> None:
    assert registry_of(image) == name
