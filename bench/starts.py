"""Starts of a canary, simulated: what a kubelet would report of its pods at any second, for a guard to look
at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from healthy import CARTS

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event, Events
from analyzer.evidence.interface import Window
from analyzer.evidence.pods import Condition, Container, ContainerType, Pod, Pods, State
from analyzer.evidence.replicasets import ReplicaSet, ReplicaSets

BEGIN = datetime(2026, 11, 21, 8, tzinfo=UTC)
BACK_OFF = 10.0  # seconds, doubled with each exit; the first restart comes at once (pkg/kubelet: backOffPeriod, with half of it as jitter)
JITTER = 0.5
RESYNC = 12.0  # seconds between two tries at what could not be created
IMAGE = "registry.example.com/shop/cart:2"


@dataclass(frozen=True)
class Hold:
    """What keeps a container from its first run: for how long, the kubelet's reason, and its words."""

    seconds: float
    reason: str = "ContainerCreating"
    message: str = ""


@dataclass(frozen=True)
class Run:
    """One run that ends: after how long, and how."""

    seconds: float
    code: int = 1
    reason: str = "Error"
    message: str = ""


@dataclass(frozen=True)
class Life:
    """A container's start: what holds it up, the runs that end, and, unless it never runs, when it is ready
    after it has begun to.
    """

    name: str = "app"
    type: ContainerType = "main"
    holds: tuple[Hold, ...] = ()
    runs: tuple[Run, ...] = ()
    ready_after: float = 0.0
    done_after: float | None = None  # an init container's


@dataclass(frozen=True)
class Start:
    """One pod, by its containers in their order; `placed` is when it gets a node, `seed` what its back-off
    jitters by.
    """

    lives: tuple[Life, ...]
    placed: float = 0.0
    seed: int = 0
    name: str = "cart-1"


@dataclass(frozen=True)
class Span:
    """What is reported of a container from one second on."""

    since: float
    state: State
    last: State | None = None
    restarts: int = 0
    ready: bool = False


@dataclass
class Report:
    """A container's spans, its pod's warnings, (since, until, reason, message), and when its runs began."""

    life: Life
    spans: list[Span] = field(default_factory=list)
    events: list[tuple[float, float, str, str]] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)

    def at(self, second: float) -> Span:
        return next(span for span in reversed(self.spans) if span.since <= second or span is self.spans[0])


def moment(second: float) -> datetime:
    """As Kubernetes keeps it: to the second."""
    return BEGIN + timedelta(seconds=int(second))


def reports(start: Start) -> list[Report]:
    """What becomes of each container: an init container before the next, sidecars and the others side by
    side.
    """
    random, at, found = Random(start.seed), start.placed, []
    for life in start.lives:
        report = Report(life)
        ends = _lived(report, at, random, start.name)
        found.append(report)
        if life.type == "init":
            at = ends
    return found


def _lived(report: Report, at: float, random: Random, name: str) -> float:
    life = report.life
    waiting = "PodInitializing" if life.type == "main" else "ContainerCreating"
    report.spans.append(Span(0.0, State(kind="waiting", reason=waiting)))
    for hold in life.holds:
        report.spans.append(Span(at, State(kind="waiting", reason=hold.reason, message=hold.message)))
        if hold.message:
            prefix = f'Failed to pull image "{IMAGE}": ' if "Pull" in hold.reason else "Error: "
            report.events.append((at, at + hold.seconds, "Failed", prefix + hold.message))
        at += hold.seconds
    last: State | None = None
    for number, run in enumerate(life.runs):
        report.begun.append(at)
        report.spans.append(
            Span(at, State(kind="running", started_at=moment(at)), last, number, ready=life.ready_after == 0)
        )
        ended = State(
            kind="terminated",
            reason=run.reason,
            message=run.message,
            exit_code=run.code,
            started_at=moment(at),
            finished_at=moment(at + run.seconds),
        )
        at += run.seconds
        report.spans.append(Span(at, ended, last, number))
        pause = 1.0 if number == 0 else BACK_OFF * 2 ** (number - 1) * (1 + JITTER * random.random())
        if pause > 1:
            report.spans.append(Span(at + 1, State(kind="waiting", reason="CrashLoopBackOff"), ended, number))
            report.events.append(
                (
                    at + 1,
                    at + pause,
                    "BackOff",
                    f"Back-off restarting failed container {life.name} in pod {name}_shop(1)",
                )
            )
        at, last = at + pause, ended
    report.begun.append(at)
    begun = State(kind="running", started_at=moment(at))
    report.spans.append(Span(at, begun, last, len(life.runs), ready=life.ready_after == 0))
    if life.done_after is not None:
        done = State(
            kind="terminated",
            exit_code=0,
            reason="Completed",
            started_at=moment(at),
            finished_at=moment(at + life.done_after),
        )
        at += life.done_after
        report.spans.append(Span(at, done, last, len(life.runs), ready=True))
    elif life.ready_after:
        report.spans.append(Span(at + life.ready_after, begun, last, len(life.runs), ready=True))
    return at


def looks(starts: Sequence[Start], every: float, until: float) -> Iterator[tuple[float, Evidence]]:
    """What a guard sees at each look, with the second: two pods of stable that have long run, and the
    canary's.
    """
    told = [(start, reports(start)) for start in starts]
    old = Container(
        name="app",
        type="main",
        image="cart:1",
        ready=True,
        state=State(kind="running", started_at=moment(-9000)),
    )
    ready = (Condition(type="Ready", status="True", since=moment(-9000)),)
    stable = tuple(
        Pod(
            name=f"old-{each}",
            owner="",
            phase="Running",
            created_at=moment(-9000),
            conditions=ready,
            containers=(old,),
        )
        for each in "ab"
    )
    second = 0.0
    while second < until:
        pods = tuple(_pod(start, each, second) for start, each in told)
        events = tuple(event for start, each in told for event in _events(start, each, second))
        available = sum(pod.ready() for pod in pods)
        canary = ReplicaSet(
            name="cart", owner="", created_at=BEGIN, desired=len(pods), current=len(pods), available=available
        )
        parts = (
            Pods(side="stable", pods=stable),
            Pods(side="canary", pods=pods),
            ReplicaSets(side="canary", replicasets=(canary,)),
            Events(side="stable", events=()),
            Events(side="canary", events=events),
        )
        now = BEGIN + timedelta(seconds=second)
        yield (
            second,
            Evidence(target=CARTS, window=Window(start=moment(-600), end=now), nonce="n", parts=parts),
        )
        second += every


def _pod(start: Start, told: Sequence[Report], second: float) -> Pod:
    if second < start.placed:
        scheduled = Condition(type="PodScheduled", status="False", reason="Unschedulable", since=BEGIN)
    else:
        scheduled = Condition(type="PodScheduled", status="True", since=moment(start.placed))
    found = [(each.life, each.at(second)) for each in told]
    containers = tuple(
        Container(
            name=life.name,
            type=life.type,
            image=IMAGE,
            ready=span.ready,
            restarts=span.restarts,
            state=span.state,
            last_state=span.last,
            startup_seconds=2 * life.ready_after,
        )
        for life, span in found
    )
    ready = all(span.ready for _, span in found)
    return Pod(
        name=start.name,
        owner="ReplicaSet/cart",
        phase="Running",
        created_at=BEGIN,
        started_at=moment(start.placed),
        conditions=(scheduled, Condition(type="Ready", status=str(ready), since=BEGIN)),
        containers=containers,
    )


def _events(start: Start, told: Sequence[Report], second: float) -> Iterator[Event]:
    for each in told:
        for since, until, reason, message in each.events:
            if since <= second:
                tries = int((min(second, until) - since) / RESYNC) + 1
                last = moment(since + RESYNC * (tries - 1))
                first = moment(since)
                yield Event(
                    object=f"Pod/{start.name}",
                    type="Warning",
                    reason=reason,
                    message=message,
                    count=tries,
                    first=first,
                    last=last,
                )
        begun = [at for at in each.begun if at <= second]
        if begun:
            yield Event(
                object=f"Pod/{start.name}",
                type="Normal",
                reason="Started",
                message="Container started",
                count=len(begun),
                first=moment(begun[0]),
                last=moment(begun[-1]),
                container=each.life.name,
            )
    if second < start.placed:
        yield Event(
            object=f"Pod/{start.name}",
            type="Normal",
            reason="TriggeredScaleUp",
            message="",
            first=BEGIN,
            last=BEGIN,
        )


NO_IMAGE = (
    f'failed to pull and unpack image "{IMAGE}": failed to resolve reference "{IMAGE}": {IMAGE}: not found'
)
NO_COMMAND = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container"
    ' process: error during container init: exec: "/cart": stat /cart: no such file or directory'
)
MAY_PASS = (
    f'failed to pull and unpack image "{IMAGE}": unexpected status from HEAD request: 429 Too Many Requests',
    f'failed to pull and unpack image "{IMAGE}": dial tcp: lookup registry.example.com on 10.0.0.10:53: no such host',
    f'failed to pull and unpack image "{IMAGE}": net/http: TLS handshake timeout',
    f'failed to pull and unpack image "{IMAGE}": unexpected status from HEAD request: 503 Service Unavailable',
)
NEVER = 10_000.0


def slow_start(random: Random) -> list[Start]:
    """A canary that starts well in the end: late, or after one or two exits, or once what it needs is
    there.
    """
    kind = random.choice(
        ("exits", "slow", "image", "registry", "pushed late", "key", "init", "sidecar", "node", "all")
    )
    starts = []
    for number in range(random.choice((1, 1, 2, 3, 5))):
        lives, placed = _lives(kind, random), random.uniform(20, 150) if kind in ("node", "all") else 0.0
        starts.append(Start(lives=lives, placed=placed, seed=random.randrange(10**6), name=f"cart-{number}"))
    return starts


def _lives(kind: str, random: Random) -> tuple[Life, ...]:
    """The containers of one pod of such a start."""
    exits = tuple(
        Run(random.uniform(0.1, 9), code=random.choice((1, 1, 2, 137))) for _ in range(random.choice((1, 2)))
    )
    holds: tuple[Hold, ...] = ()
    if kind in ("image", "all"):
        holds += (Hold(random.uniform(5, 120)),)
    if kind in ("registry", "all", "node"):
        refused = random.choice(MAY_PASS)
        holds += tuple(
            Hold(random.uniform(3, 14), reason, refused)
            for reason in ("ErrImagePull", "ImagePullBackOff", "ErrImagePull")
        )
    if kind == "pushed late":
        holds += (
            Hold(random.uniform(0.5, 2), "ErrImagePull", NO_IMAGE),
            Hold(random.uniform(4, 10), "ImagePullBackOff", NO_IMAGE),
        )
    if kind == "key":
        what = random.choice(("couldn't find key PRICE in ConfigMap shop/cart", 'secret "cart" not found'))
        holds += (Hold(random.uniform(1, 14), "CreateContainerConfigError", what),)
    app = Life(
        holds=holds,
        runs=exits if kind in ("exits", "all", "node") else (),
        ready_after=random.uniform(20, 200) if kind in ("slow", "all") else random.choice((0.0, 3.0)),
    )
    if kind == "init":
        waits = tuple(Run(random.uniform(0.1, 5)) for _ in range(random.choice((1, 2))))
        return Life(
            "wait", "init", (Hold(random.uniform(1, 40)),), waits, done_after=random.uniform(1, 60)
        ), app
    if kind == "sidecar":
        late = random.uniform(18, 40)
        return Life("proxy", "sidecar", (Hold(late),)), Life(
            runs=tuple(Run(random.uniform(0.1, 2)) for _ in range(3))
        )
    return (app,)


def broken(seed: int = 0, pods: int = 1) -> dict[str, list[Start]]:
    """Canaries that never start, by what is wrong with them, the first sign of it at 8 s."""

    def each(*holds: Hold, runs: tuple[Run, ...] = ()) -> list[Start]:
        life = Life(holds=(Hold(8), *holds), runs=runs)
        return [Start((life,), seed=seed + number, name=f"cart-{number}") for number in range(pods)]

    return {
        "invalid image name": each(
            Hold(NEVER, "InvalidImageName", f'Failed to apply default image tag "{IMAGE}"')
        ),
        "image never pulled": each(
            Hold(
                NEVER,
                "ErrImageNeverPull",
                f'Container image "{IMAGE}" is not present with pull policy of Never',
            )
        ),
        "key missing": each(
            Hold(NEVER, "CreateContainerConfigError", "couldn't find key PRICE in ConfigMap shop/cart")
        ),
        "Secret missing": each(Hold(NEVER, "CreateContainerConfigError", 'secret "cart" not found')),
        "runs as root": each(
            Hold(
                NEVER,
                "CreateContainerConfigError",
                "container has runAsNonRoot and image will run as root (pod: x)",
            )
        ),
        "no command": each(
            Hold(1, "RunContainerError", NO_COMMAND), runs=(Run(0, 128, "StartError", NO_COMMAND),) * 9
        ),
        "exec format": each(runs=(Run(0.1, 255),) * 9),
        "exits at once": each(runs=(Run(0.2),) * 9),
        "exits after a second": each(runs=(Run(1.2, 2),) * 9),
        "out of memory": each(runs=(Run(1, 137, "OOMKilled"),) * 9),
    }
