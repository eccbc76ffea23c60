"""From a mechanism to a case: a service is drawn, the mechanism changes the canary, and the label says so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from cases.lines import Log, Mix, Phase, mixed
from cases.scene import Scene, bundle

from mechanisms.voices import VOICES, Voice

Json = dict[str, Any]
Edit = Callable[[Json, Random], None]

PATHS = ("/orders", "/cart", "/search", "/prices", "/accounts", "/stock", "/checkout", "/api/v2/items")
NOISE = (  # what services say now and then on both sides, and mean no harm by
    ("warn", "slow query on table items took $ms[300,900] ms"),
    ("info", "cache refreshed, $int[100,900] entries"),
    ("warn", "client $client went away before the answer was sent"),
    ("info", "configuration reloaded, nothing changed"),
    ("debug", "pool stats idle=$int[2,9] busy=$int[0,5]"),
    ("error", "client $client sent a malformed request"),
    ("info", "checkpoint written in $ms[4,60] ms"),
)


@dataclass(frozen=True)
class Service:
    """What is drawn before the mechanism: the framework, the path, the size, the pods, and the noise."""

    voice: Voice
    path: str
    random: Random
    scene: Scene

    def work(self, status: str = "$pick[200|200|200|201]", ms: str = "$ms[3,90]") -> str:
        """Return the statement of a request."""
        return self.voice.serve(f"{self.path}/$int[100,99999]", status, ms)

    def served(self, share: float, *failures: str, status: str = "500") -> Mix:
        """Return a mixture in which `share` percent of the requests end with a status, and such statements."""
        failing = tuple((share, failure) for failure in failures)
        return ((100 - share, self.work()), (share, self.work(status)), *failing)

    def with_noise(self, log: str | Mix | Log) -> Log:
        """Return a log with the noise in it: so much to a request, on both sides."""
        whole = log if isinstance(log, Log) else _whole(log)
        lines = self.noise()
        return replace(whole, phases=tuple(_beside(phase, lines) for phase in whole.phases))

    def noise(self) -> tuple[str, ...]:
        """Return the noise of both sides: the same for a service."""
        chosen = Random(self.path + self.voice.name).sample(NOISE, 3)
        return tuple(self.voice.say(*line) for line in chosen)


@dataclass(frozen=True)
class Draft:
    """What a mechanism makes of a service. `edits` change the bundle beyond what a scene has."""

    scene: Scene
    outcome: str
    why: str
    finding: str = ""
    also: tuple[str, ...] = ()
    decidable: bool = True
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Mechanism:
    """A family of cases with one cause. `category` is the group of the list that it is of. `split` is where it
    was added to a split by name; empty where it has one by turn.
    """

    family: str
    category: str
    build: Callable[[Service], Draft]
    split: str = ""


@dataclass(frozen=True)
class Made:
    """A finished case: its name, its draft, the framework it is in, and its bundle."""

    name: str
    mechanism: Mechanism
    draft: Draft
    voice: str
    bundle: Json = field(repr=False)


def _whole(mix: str | Mix) -> Log:
    """Return a mixture whose shares are of a hundred requests: what is beyond those is said beside them."""
    total = 1.0 if isinstance(mix, str) else max(1.0, sum(share for share, _ in mix) / 100)
    return Log((Phase(mix, rate=total),))


def _beside(phase: Phase, lines: tuple[str, ...]) -> Phase:
    """Return a phase with these lines beside its mixture, each once to fifty requests. Shares beyond a
    hundred are of statements beside the requests.
    """
    mix = mixed(phase.mix)
    total = sum(share for share, _ in mix)
    noise = min(total, 100.0) / 50
    more = tuple((noise, line) for line in lines)
    return replace(phase, mix=(*mix, *more), rate=phase.rate * (1 + noise * len(lines) / total))


def make(mechanism: Mechanism, number: int, seed: str) -> Made:
    """Return the case of a mechanism with that number: the same for the same seed."""
    name = f"{mechanism.family}-{number:03d}"
    random = Random(f"{seed} {name}")
    service = _service(random, number)
    draft = mechanism.build(service)
    stable, canary = draft.scene.stable, draft.scene.canary
    scene = replace(
        draft.scene,
        stable=service.with_noise(stable),
        canary=service.with_noise(stable if canary is None else canary),
        others=tuple(service.with_noise(log) for log in draft.scene.others),
    )
    content = bundle(scene, f"{seed} {name}")
    for edit in draft.edits:
        edit(content, random)
    return Made(name, mechanism, draft, service.voice.name, content)


def make_all(mechanisms: tuple[Mechanism, ...], count: int, seed: str) -> Iterator[Made]:
    """Yield `count` cases, the mechanisms by turn."""
    for index in range(count):
        yield make(mechanisms[index % len(mechanisms)], index // len(mechanisms), seed)


def _service(random: Random, number: int) -> Service:
    voice = VOICES[(number + random.randrange(len(VOICES))) % len(VOICES)]
    path = random.choice(PATHS)
    canaries = random.choice((1, 1, 1, 2, 3))
    minutes = random.choice((5, 8, 10, 12))
    scene = Scene(
        "",
        minutes=minutes,
        rate=float(random.choice((60, 90, 120, 150))),
        weight=random.choice((20, 25, 33, 50)),
        pods=(random.choice((2, 3, 4, 6)), canaries),
        start=voice.banner,
        age=float(random.choice((-20, -45, 60, 600, 1800))),
    )
    service = Service(voice, path, random, scene)
    return replace(service, scene=replace(scene, stable=service.work()))
