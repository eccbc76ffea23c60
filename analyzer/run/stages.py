"""The sources: those of a stage are read at the same time, and with `--observe` some of them repeatedly."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from analyzer.common.counted import counted
from analyzer.common.deadline import Deadline, Done, in_parallel
from analyzer.errors import UsageError
from analyzer.evidence import WATCHED
from analyzer.evidence.interface import Gap, Part, Source, SourceContext, Window
from analyzer.target import Role

EVERY = 5.0  # seconds from one look to the next …
MIN_LOOKS, MAX_LOOKS = 4, 60  # … but so many of them at least and at most
WATCHED_SHARE = 0.5  # of the deadline that may be spent on watching: looking and asking need the rest

Key = tuple[str, Role | None]


class Watch:
    """What has been observed so far. Each look adds to it, and the parts of the stages are the last look."""

    def __init__(self) -> None:
        self._seen: dict[Key, Part] = {}
        self._failed: dict[Key, list[str]] = {}
        self._looks = 0

    def add_look(self, scene: SourceContext) -> None:
        """Read once every source that is worth reading repeatedly."""
        results = run_stage([repeated.source for repeated in WATCHED], scene)
        self._looks += 1
        self._add((part for part in results if isinstance(part, Part)), scene)
        for gap in results:
            if isinstance(gap, Gap) and not gap.minor:
                self._failed.setdefault((gap.source, gap.side), []).append(gap.reason)

    def _add(self, parts: Iterable[Part], scene: SourceContext) -> None:
        """Add the parts of one look, which was at the end of the scene's window."""
        for part in parts:
            for repeated in WATCHED:
                if isinstance(part, repeated.kind):
                    key = (repeated.source.name, part.side)
                    self._seen[key] = repeated.add(self._seen.get(key), part, scene.window.end)

    def finish(self, scene: SourceContext) -> tuple[Part, ...]:
        """Add the scene's parts as the last look. Return them with what was observed, which replaces parts of
        the same kind.
        """
        self._add(scene.parts, scene)
        observed = tuple(self._seen.values())
        own = {(type(part), part.side) for part in observed}
        return (*(part for part in scene.parts if (type(part), part.side) not in own), *observed)

    def gaps(self) -> Iterable[Gap]:
        """Yield a gap for each source with failed looks, a minor one if at least half succeeded."""
        for (source, side), reasons in self._failed.items():
            reason = (
                f"{len(reasons)} of {counted(self._looks, 'look')} at the {source} failed,"
                f" the last one: {reasons[-1]}"
            )
            yield Gap(source="observed", side=side, reason=reason, minor=2 * len(reasons) <= self._looks)


def run_stage(stage: Sequence[Source], scene: SourceContext) -> list[Part | Gap]:
    """Return what the sources of one stage saw, read at the same time. A source that is not done by the
    deadline is a gap.
    """
    outcomes = in_parallel([partial(_read_source, source, scene) for source in stage], scene.deadline)
    results: list[Part | Gap] = []
    for source, outcome in zip(stage, outcomes, strict=True):
        advice = "give a longer --deadline or a shorter --since"
        late = Gap(
            source=source.name, side=None, reason="not read by the deadline", advice=advice, retryable=True
        )
        results += outcome.value if isinstance(outcome, Done) else [late]
    return results


def observe(scene: SourceContext, seconds: float, watch: Watch) -> SourceContext:
    """Look repeatedly for so many seconds. Return the scene with a window that ends then; the last look is
    left to the stages.
    """
    begun, end = time.monotonic(), Deadline.after(seconds)
    every = max(min(EVERY, seconds / MIN_LOOKS), seconds / MAX_LOOKS)
    now = scene
    while end.remaining() > every / 2:
        watch.add_look(replace(now, deadline=end))
        threading.Event().wait(min(every, end.remaining()))
        now = replace(scene, window=_extend_window(scene, time.monotonic() - begun))
    return now


def check_time(option: str, seconds: float, deadline: float) -> None:
    """Raise UsageError if `option` (watching or waiting) takes so many seconds that too little time is left
    to look and to ask. `deadline` is in seconds.
    """
    if seconds > deadline * WATCHED_SHARE:
        advice = "give a longer --deadline: half of it is for reading the evidence and asking the models"
        raise UsageError(
            f"{option} {seconds:.0f}s is more than half of --deadline {deadline:.0f}s", advice=advice
        )


def _extend_window(scene: SourceContext, seconds: float) -> Window:
    """Return the scene's window, longer by so many seconds."""
    return Window(start=scene.window.start, end=scene.window.end + timedelta(seconds=seconds))


def _read_source(source: Source, scene: SourceContext) -> list[Part | Gap]:
    """Return what one source saw."""
    return list(source.gather(scene))
