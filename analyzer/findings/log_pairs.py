"""The logs of the containers that both sides have, compared.

Every rule that sets a log of one side beside the other's takes it from here, so a run compares each container
once. Counts are compared per line, never per pod: a canary has a fraction of the traffic. Lines of level
debug are in no base, or a release that turns them on would hide its errors among them; unless both sides log
them, and stable hardly anything else.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings.recurrence import is_ongoing
from analyzer.findings.start import Start, find_shared_start, find_start
from analyzer.logs.compare import Compared, cases_of, compare, general_forms
from analyzer.logs.digest import LEVELS, Digest, Level, TemplateGroup, less
from analyzer.settings import Rules
from analyzer.target import Role

FEW = 20  # lines of stable's, debug apart: where both sides log debug lines, fewer make no base
RUNS = 4  # kept at a time: a run has its evidence with and without what is ignored


@dataclass(frozen=True, eq=False)
class LogPair:
    """One container's log on both sides.

    `comparison` has every template of either side, the worst level first. `stable_lines` and `canary_lines`
    are the lines that shares are taken of (`count_lines`). A pair equals itself alone, because it is made
    once a run and comparing digests takes long.
    """

    container: str
    stable: Digest
    canary: Digest
    comparison: tuple[Compared, ...]
    stable_lines: int
    canary_lines: int

    def list_times(self, row: Compared, role: Role) -> list[tuple[datetime, datetime]]:
        """Return when a side first and last logged a template, for each group of it that has times."""
        groups = self.list_groups(row, role)
        return [(group.first, group.last) for group in groups if group.first and group.last]

    def list_groups(self, row: Compared, role: Role) -> list[TemplateGroup]:
        """Return the templates of a side that a row of the comparison stands for."""
        return [
            group
            for group in (self.stable if role == "stable" else self.canary).groups
            if group.level == row.level and self._forms[group.level, group.template] == row.template
        ]

    @cached_property
    def _forms(self) -> dict[tuple[Level, str], str]:
        """Return the row of the comparison that each level and template is a case of."""
        return general_forms((*self.stable.groups, *self.canary.groups))


def pair_logs(evidence: Evidence) -> tuple[LogPair, ...]:
    """Return a pair for each container that both sides have logs of, in the canary's order.

    There are none if the logs of a side were not read.
    """
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if stable is None or canary is None:
        return ()
    return _pair_containers(stable.containers, canary.containers)


def pair_logs_after_start(evidence: Evidence, rules: Rules) -> tuple[LogPair, ...]:
    """Return the pairs of `pair_logs` without what the canary logged at its start and not since.

    If stable's log in the window has no start, it has nothing like these lines. A line that the beginning of
    stable's log should have, and has not, stays: it is the canary's own.
    """
    pairs = pair_logs(evidence)
    starts = tuple(find_start(pair.container, evidence, rules) for pair in pairs)
    return _drop_starts(pairs, starts, evidence.window)


def count_lines(digest: Digest) -> int:
    """Return the number of lines that a share is a share of: those that start an event, debug lines apart."""
    limit = digest.limit()
    unkept = digest.other if limit is not None and LEVELS[limit[0]] == "debug" else 0
    return digest.events() - unkept - sum(group.count for group in digest.groups if group.level == "debug")


def leaves_stable_unread(evidence: Evidence) -> bool:
    """Return whether a log of stable's was not read, so that a line which is not there says nothing."""
    unread = any(gap.source == "logs" and gap.side != "canary" for gap in evidence.gaps)
    return unread or evidence.part(Logs, "stable") is None


@lru_cache(maxsize=RUNS)
def _pair_containers(
    stable: tuple[ContainerLogs, ...], canary: tuple[ContainerLogs, ...]
) -> tuple[LogPair, ...]:
    stable_digests = {logs.container: logs.digest for logs in stable}
    return tuple(
        _make_pair(logs.container, stable_digests[logs.container], logs.digest)
        for logs in canary
        if logs.container in stable_digests
    )


@lru_cache(maxsize=RUNS)
def _drop_starts(
    pairs: tuple[LogPair, ...], starts: tuple[Start, ...], window: Window
) -> tuple[LogPair, ...]:
    return tuple(_drop_start(pair, start, window) for pair, start in zip(pairs, starts, strict=True))


def _drop_start(pair: LogPair, start: Start, window: Window) -> LogPair:
    """Return the pair without the templates that the canary logged only at a start that is over."""
    if not start.over:
        return pair
    shared = find_shared_start(start.stable, pair.stable, pair.canary)
    dropped = {
        (row.level, row.template)
        for row in pair.comparison
        if start.has_only(row)
        and not is_ongoing([row], pair.canary, window, start)
        and ((row.level, row.template) in shared or not start.would_show(row))
    }
    if not dropped:
        return pair
    canary = less(pair.canary, cases_of(dropped, pair.stable, pair.canary))
    return _make_pair(pair.container, pair.stable, canary)


def _make_pair(container: str, stable: Digest, canary: Digest) -> LogPair:
    lines, events = (count_lines(stable), count_lines(canary)), (stable.events(), canary.events())
    with_debug = lines[0] < FEW and events[0] > lines[0] and events[1] > lines[1]
    stable_lines, canary_lines = events if with_debug else lines
    return LogPair(
        container=container,
        stable=stable,
        canary=canary,
        comparison=compare(stable, canary),
        stable_lines=stable_lines,
        canary_lines=canary_lines,
    )
