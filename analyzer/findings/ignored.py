"""Log templates that a team ignores: taken out of the evidence before any rule or prompt sees it, and counted."""

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from analyzer.evidence import Evidence
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings.interface import Finding
from analyzer.logs.compare import compare, general_forms
from analyzer.logs.digest import Digest
from analyzer.patterns import pattern
from analyzer.target import ROLES

ERRORS = ("fatal", "error")


def without(evidence: Evidence, patterns: Sequence[str]) -> Evidence:
    """The evidence less the log templates whose compared text or sample one of `patterns` (RE2) finds, and less such excerpt lines.

    Their lines leave every count, shares included. The same evidence where nothing is ignored.
    """
    if not patterns:
        return evidence
    ignored = [pattern(regex) for regex in patterns]

    def matches(*texts: str) -> bool:
        return any(each.finds(text) for each in ignored for text in texts)

    gone = {name: _ignored(evidence, name, matches) for role in ROLES for name in _digests(evidence, role)}
    return replace(evidence, parts=tuple(_less(part, gone, matches) if isinstance(part, Logs) else part for part in evidence.parts))


def told(evidence: Evidence, seen: Evidence) -> Iterator[Finding]:
    """One finding that says how much `seen` has less than the whole `evidence`, where it has less."""
    lost = {role: _count(evidence, role) - _count(seen, role) for role in ROLES}
    templates = len(_groups(evidence) - _groups(seen))
    if templates:
        yield Finding(
            kind="ignored-log-templates",
            key="ignored-log-templates",
            sentence=f"{templates} log template{'s are' if templates > 1 else ' is'} ignored on both sides, as the settings ask",
            stable=f"{lost['stable']:,} lines ignored",
            canary=f"{lost['canary']:,} lines ignored",
        )


def _digests(evidence: Evidence, role: str) -> dict[str, Digest]:
    return {
        each.container: each.digest for part in evidence.parts if isinstance(part, Logs) and part.side == role for each in part.containers
    }


def _ignored(evidence: Evidence, container: str, matches: Callable[..., bool]) -> set[tuple[str, str]]:
    """(level, template) of each group of one container, on either side, that is a case of an ignored template as it is compared."""
    stable, canary = (_digests(evidence, role).get(container, Digest()) for role in ROLES)
    gone = {(each.level, each.template) for each in compare(stable, canary) if matches(each.template, each.sample)}
    return {
        (level, template) for (level, template), form in general_forms((*stable.groups, *canary.groups)).items() if (level, form) in gone
    }


def _less(part: Logs, gone: dict[str, set[tuple[str, str]]], matches: Callable[..., bool]) -> Logs:
    containers = tuple(
        ContainerLogs(container=each.container, digest=_reduced(each.digest, gone[each.container])) for each in part.containers
    )
    streams = tuple(replace(each, excerpt=tuple(line for line in each.excerpt if not matches(line.text))) for each in part.streams)
    return replace(part, containers=containers, streams=streams)


def _reduced(digest: Digest, gone: set[tuple[str, str]]) -> Digest:
    dropped = [group for group in digest.groups if (group.level, group.template) in gone]
    return replace(
        digest,
        lines=digest.lines - sum(group.count for group in dropped),
        errors=digest.errors - sum(group.count for group in dropped if group.level in ERRORS),
        groups=tuple(group for group in digest.groups if (group.level, group.template) not in gone),
    )


def _count(evidence: Evidence, role: str) -> int:
    return sum(digest.lines for digest in _digests(evidence, role).values())


def _groups(evidence: Evidence) -> set[tuple[str, str, str]]:
    return {
        (container, group.level, group.template)
        for role in ROLES
        for container, digest in _digests(evidence, role).items()
        for group in digest.groups
    }
