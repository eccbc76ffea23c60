"""The canary's start against stable's, which mostly is long past: what every start logs would look new.

Stable's log in the window covers a start where a container of its began then. Where none did, the beginning
of one of its logs may have been read (`Logs.starts`). Where that is missing too, or ends early, what the
canary logs at its start is compared with nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Container, Pod, Pods
from analyzer.findings.side_pods import select_standing_pods
from analyzer.logs.compare import Compared, general_forms
from analyzer.logs.digest import Digest, Level
from analyzer.settings import Rules
from analyzer.target import Role

LATER = 2  # times as late in its start stable may log a line: its start may be slower


@dataclass(frozen=True)
class Start:
    """One container's start: the canary's, of each run that is known, and what stable's log tells of its own.

    `begun` has the time of each start. `allowed` is what a start may take: `min_fault_age`, or what the
    container's own probes allow it. `over`: every pod of the canary is Ready, and a container that was
    started again has run for longer than that. `covered`: stable's log in the window has a start. `stable` is
    the beginning of a log of stable before it, or empty.
    """

    begun: tuple[datetime, ...]
    allowed: timedelta
    over: bool
    covered: bool
    stable: Digest

    def has_only(self, row: Compared) -> bool:
        """Return whether the canary alone logs a template in the window, at its start alone, and stable's log
        covers no start.
        """
        if row.stable or not row.canary or self.covered:
            return False
        return self.has_within(row)

    def has_within(self, row: Compared) -> bool:
        """Return whether the canary logs a template at starts alone, those of earlier runs included."""
        return all(at is not None and self._find_delay(at) is not None for at in (row.first, row.last))

    def would_show(self, row: Compared) -> bool:
        """Return whether the beginning of stable's log reaches as far as a template that the canary logs at
        its start, and so would show it.
        """
        delay = self._find_delay(row.first) if row.first else None
        if delay is None or self.stable.first is None or self.stable.last is None:
            return False
        reach = self.stable.last - self.stable.first
        return reach >= min(self.allowed, LATER * delay)

    def _find_delay(self, at: datetime) -> timedelta | None:
        """Return how long after a start that was; None if that is longer than a start takes."""
        return min(
            (at - start for start in self.begun if timedelta() <= at - start <= self.allowed), default=None
        )


def find_start(container: str, evidence: Evidence, rules: Rules) -> Start:
    """Return what is known of the start of the canary's containers of this name."""
    runs = tuple(_find_runs(evidence, "canary", container))
    allowed = timedelta(seconds=max([rules.min_fault_age, *(run.startup_seconds for _, run in runs)]))
    begun = [_find_begin(pod, run) for pod, run in runs]
    for pod, run in runs:
        if run.last_state and run.restarts:
            begun += [at for at in (run.last_state.started_at, pod.created_at) if at is not None]
    return Start(
        begun=tuple(begun),
        allowed=allowed,
        over=all(
            pod.ready() and (not run.restarts or evidence.window.end - _find_begin(pod, run) > allowed)
            for pod, run in runs
        ),
        covered=covers_start(container, evidence),
        stable=find_beginning(container, evidence),
    )


def covers_start(container: str, evidence: Evidence) -> bool:
    """Return whether stable's log in the window has a start of this container: one began then, and its log
    was read, and is whole.
    """
    logs = evidence.part(Logs, "stable")
    whole = {
        stream.pod: not stream.truncated
        for stream in (logs.streams if logs else ())
        if stream.container == container and not stream.previous
    }
    starting = (
        pod.name
        for pod, run in _find_runs(evidence, "stable", container)
        if _find_begin(pod, run) >= evidence.window.start
    )
    return any(whole.get(name, not whole) for name in starting)


def find_uncovered_starts(evidence: Evidence) -> Iterator[str]:
    """Yield the containers that a canary pod started within the window, and of which no log of stable's that
    was read has a start.
    """
    logs = evidence.part(Logs, "stable")
    for container in [entry.container for entry in logs.containers] if logs else ():
        starting = any(
            _find_begin(pod, run) >= evidence.window.start
            for pod, run in _find_runs(evidence, "canary", container)
        )
        covered = covers_start(container, evidence) or find_beginning(container, evidence).lines
        if starting and not covered:
            yield container


def find_beginning(container: str, evidence: Evidence) -> Digest:
    """Return the beginning of a log of stable's, before the window; an empty digest where none was read."""
    logs = evidence.part(Logs, "stable")
    digests = [start.digest for start in (logs.starts if logs else ()) if start.container == container]
    return digests[0] if digests else Digest()


@lru_cache(maxsize=16)
def find_shared_start(start: Digest, stable: Digest, canary: Digest) -> frozenset[tuple[Level, str]]:
    """Return the level and template of each row of `compare(stable, canary)` that stable logged at its
    `start` as well.
    """
    if not start.groups:
        return frozenset()
    forms_with_start = general_forms((*start.groups, *stable.groups, *canary.groups))
    forms = general_forms((*stable.groups, *canary.groups))
    at_start = {(group.level, forms_with_start[group.level, group.template]) for group in start.groups}
    rows, new_rows = set[tuple[Level, str]](), set[tuple[Level, str]]()
    for group in canary.groups:
        key = (group.level, group.template)
        rows.add((group.level, forms[key]))
        if (group.level, forms_with_start[key]) not in at_start:
            new_rows.add((group.level, forms[key]))
    return frozenset(rows - new_rows)


def _find_runs(evidence: Evidence, role: Role, name: str) -> Iterator[tuple[Pod, Container]]:
    return (
        (pod, container)
        for pod in select_standing_pods(evidence.part(Pods, role))
        for container in pod.containers
        if container.name == name
    )


def _find_begin(pod: Pod, container: Container) -> datetime:
    return container.state.started_at or pod.created_at
