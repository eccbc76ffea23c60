"""Log templates that a team ignores: taken out of the evidence before any rule or prompt sees it, and
counted.
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from analyzer.common.counted import counted
from analyzer.common.patterns import pattern
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.interface import Finding
from analyzer.logs.compare import cases_of, compare
from analyzer.logs.digest import Digest, Level, less
from analyzer.target import ROLES


def drop_ignored(evidence: Evidence, patterns: Sequence[str]) -> Evidence:
    """Return the evidence without the log templates whose compared text or sample matches one of `patterns`
    (RE2).

    Their lines are taken out of every count, and out of the excerpts. Without patterns the evidence is
    returned as it is.
    """
    if not patterns:
        return evidence
    ignored = [pattern(text) for text in patterns]

    def matches(*texts: str) -> bool:
        return any(regex.finds(text) for regex in ignored for text in texts)

    ignored_groups = {
        name: _ignored_groups(evidence, name, matches) for role in ROLES for name in _digests(evidence, role)
    }
    return replace(
        evidence,
        parts=tuple(
            _without_groups(part, ignored_groups, matches) if isinstance(part, Logs) else part
            for part in evidence.parts
        ),
    )


def report_ignored(evidence: Evidence, kept: Evidence) -> Iterator[Finding]:
    """Yield one finding that says how much of the `evidence` was ignored, where `kept` has less of it."""
    lines = {role: _count_lines(evidence, role) - _count_lines(kept, role) for role in ROLES}
    templates = len(_groups(evidence) - _groups(kept))
    if templates:
        yield Finding(
            kind="ignored-log-templates",
            key="ignored-log-templates",
            sentence=f"{counted(templates, 'log template is', 'log templates are')} ignored on both sides,"
            " as the settings ask",
            stable=f"{counted(lines['stable'], 'line')} ignored",
            canary=f"{counted(lines['canary'], 'line')} ignored",
        )


def _digests(evidence: Evidence, role: str) -> dict[str, Digest]:
    return {
        container.container: container.digest
        for part in evidence.parts
        if isinstance(part, Logs) and part.side == role
        for container in part.containers
    }


def _ignored_groups(
    evidence: Evidence, container: str, matches: Callable[..., bool]
) -> set[tuple[Level, str]]:
    """Return (level, template) of each group of one container, on either side, that is to be ignored.

    Those are the cases of each compared template that `matches` matches.
    """
    stable, canary = (_digests(evidence, role).get(container, Digest()) for role in ROLES)
    return cases_of(
        {(row.level, row.template) for row in compare(stable, canary) if matches(row.template, row.sample)},
        stable,
        canary,
    )


def _without_groups(
    part: Logs, ignored: dict[str, set[tuple[Level, str]]], matches: Callable[..., bool]
) -> Logs:
    containers = tuple(
        replace(container, digest=less(container.digest, ignored[container.container]))
        for container in part.containers
    )
    starts = tuple(
        replace(start, digest=less(start.digest, _matching_groups(start.digest, matches)))
        for start in part.starts
    )
    streams = tuple(
        replace(stream, excerpt=tuple(line for line in stream.excerpt if not matches(line.text)))
        for stream in part.streams
    )
    return replace(part, containers=containers, streams=streams, starts=starts)


def _matching_groups(digest: Digest, matches: Callable[..., bool]) -> set[tuple[Level, str]]:
    return {(group.level, group.template) for group in digest.groups if matches(group.template, group.sample)}


def _count_lines(evidence: Evidence, role: str) -> int:
    return sum(digest.lines for digest in _digests(evidence, role).values())


def _groups(evidence: Evidence) -> set[tuple[str, str, str]]:
    return {
        (container, group.level, group.template)
        for role in ROLES
        for container, digest in _digests(evidence, role).items()
        for group in digest.groups
    }
