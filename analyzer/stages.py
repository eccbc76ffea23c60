"""Running the sources: a stage side by side, and some of them again and again while we watch (`--observe`)."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from analyzer.deadline import Deadline, Done, in_parallel
from analyzer.errors import UsageError
from analyzer.evidence import WATCHED
from analyzer.evidence.interface import Gap, Part, Scene, Source, Window
from analyzer.target import Role

EVERY = 5.0  # seconds from one look to the next …
FEWEST, MOST = 4, 60  # … but so many of them at least and at most
LARGEST = 0.5  # of the deadline that may be spent on watching: looking and asking need the rest

Key = tuple[str, Role | None]


class Watch:
    """What has been observed so far: fed look by look, and with the stages' own parts as the last one."""

    def __init__(self) -> None:
        self._seen: dict[Key, Part] = {}
        self._failed: dict[Key, list[str]] = {}
        self._looks = 0

    def look(self, scene: Scene) -> None:
        """One look at everything that is worth a second one."""
        seen = run([each.source for each in WATCHED], scene)
        self._looks += 1
        self._add((part for part in seen if isinstance(part, Part)), scene)
        for gap in seen:
            if isinstance(gap, Gap) and not gap.minor:
                self._failed.setdefault((gap.source, gap.side), []).append(gap.reason)

    def _add(self, parts: Iterable[Part], scene: Scene) -> None:
        """Parts of one look, at the end of the scene's window."""
        for part in parts:
            for each in WATCHED:
                if isinstance(part, each.kind):
                    key = (each.source.name, part.side)
                    self._seen[key] = each.add(self._seen.get(key), part, scene.window.end)

    def ended(self, scene: Scene) -> tuple[Part, ...]:
        """The scene's parts as the last look, and what was observed, which takes the place of a part of its own kind."""
        self._add(scene.parts, scene)
        observed = tuple(self._seen.values())
        own = {(type(part), part.side) for part in observed}
        return (*(part for part in scene.parts if (type(part), part.side) not in own), *observed)

    def gaps(self) -> Iterable[Gap]:
        """Looks that failed: minor where at least half of them did not."""
        for (source, side), reasons in self._failed.items():
            reason = f"{len(reasons)} of {self._looks} looks at the {source} failed, the last one: {reasons[-1]}"
            yield Gap(source="observed", side=side, reason=reason, minor=2 * len(reasons) <= self._looks)


def run(stage: Sequence[Source], scene: Scene) -> list[Part | Gap]:
    """Everything one stage saw, its sources side by side. What has not ended by the deadline is a gap."""
    outcomes = in_parallel([partial(_seen, source, scene) for source in stage], scene.deadline)
    seen: list[Part | Gap] = []
    for source, outcome in zip(stage, outcomes, strict=True):
        late = Gap(source=source.name, side=None, reason="not read by the deadline", advice="give a longer --deadline or a shorter --since")
        seen += outcome.value if isinstance(outcome, Done) else [late]
    return seen


def observe(scene: Scene, seconds: float, watch: Watch) -> Scene:
    """Looks for so many seconds. The scene at the end of them: its window ends then, and the last look is the stages' own."""
    begun, end = time.monotonic(), Deadline.after(seconds)
    every = max(min(EVERY, seconds / FEWEST), seconds / MOST)
    now = scene
    while end.remaining() > every / 2:
        watch.look(replace(now, deadline=end))
        threading.Event().wait(min(every, end.remaining()))
        now = replace(scene, window=_until(scene, time.monotonic() - begun))
    return now


def check_time(seconds: float, deadline: float) -> None:
    """UsageError unless observing leaves time to look and to ask."""
    if seconds > deadline * LARGEST:
        advice = "give a longer --deadline: half of it is for reading the evidence and asking the models"
        raise UsageError(f"--observe {seconds:.0f}s is more than half of --deadline {deadline:.0f}s", advice=advice)


def _until(scene: Scene, seconds: float) -> Window:
    return Window(start=scene.window.start, end=scene.window.end + timedelta(seconds=seconds))


def _seen(source: Source, scene: Scene) -> list[Part | Gap]:
    return list(source.gather(scene))
