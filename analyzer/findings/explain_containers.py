"""Changes that explain the faults of a container: its memory, its exits, its image, its configuration."""

import re
from collections.abc import Iterator
from math import inf

from analyzer.findings.explanation import (
    NOT_FOUND,
    ExplanationInput,
    describe_changes,
    describe_lack,
    describe_missing,
    is_less,
    names_field,
    needed_references,
)
from analyzer.findings.permanent import says_too_little_memory
from analyzer.findings.pulls import CAUSES, registry_of
from analyzer.findings.spec import FieldChange

_HEAP = re.compile(
    r"(-Xmx|-XX:MaxRAMPercentage=|-XX:MaxHeapSize=|--max[-_]old[-_]space[-_]size=)([0-9.]+[kKmMgG]?)"
)
_HEAP_ENV = re.compile(
    r"(?:^_?|_)JAVA_(?:TOOL_)?OPTIONS$|^(?:JAVA|CATALINA|JVM)_OPTS$|^NODE_OPTIONS$|^GOMEMLIMIT$|^MALLOC_|HEAP"
)
_VERSION = re.compile(r"VERSION|RELEASE|COMMIT|REVISION|GIT_|BUILD|(?:^|_)(?:SHA|TAG|IMAGE|HASH)$")
_DENIED = re.compile(
    r"read-only file system|permission denied|not permitted|EACCES|EROFS|EPERM", re.IGNORECASE
)
_COMMAND = re.compile(r"exec|executable|no such file")
_MOUNT = re.compile(r"mount|subPath")
_SECURITY = re.compile(
    r"runAsNonRoot|runAsUser|non-root|permission|capabilit|seccomp|apparmor", re.IGNORECASE
)
_NO_KEY = re.compile(
    r"couldn't find key (?P<key>\S+) in (?P<kind>ConfigMap|Secret) [^/\s]*/(?P<name>[^\s,;]+)"
)


def explain_memory(case: ExplanationInput) -> Iterator[str]:
    """Yield a lower memory limit, else a larger heap within the same limit."""
    limits = (change for change in case.changes_in("resources") if change.name == "limits.memory")
    lowered = [change for change in limits if is_less(change.canary, change.stable, absent=inf)]
    yield from describe_changes(lowered)
    if not lowered:
        yield from filter(None, map(_describe_larger_heap, case.changes_in("command")))
        yield from describe_changes(
            change for change in case.changes_in("env") if _HEAP_ENV.search(change.name)
        )


def explain_exit(case: ExplanationInput) -> Iterator[str]:
    """Yield changes by which a container may exit.

    In order: the probe that failed, what its message names, a reference that is missing, its command, and
    then its configuration.
    """
    failed = {finding.key for finding in case.findings if finding.kind == "probe-failure"}
    for probe in ("liveness", "startup"):
        if f"probe-failure/{probe}" in failed or f"by its {probe} probe" in case.finding.sentence:
            yield from describe_changes(
                change for change in case.changes_in("probe") if change.name.startswith(probe)
            )
    yield from describe_changes(
        change
        for change in case.changes_in("env", "config", "mounts")
        if names_field(case.messages(), change)
    )
    yield from map(describe_missing, needed_references(case))
    if _DENIED.search(case.messages()):
        yield from describe_changes(case.changes_in("security", "mounts"))
    yield from describe_changes(case.changes_in("command"))
    yield from describe_changes(
        change for change in case.changes_in("config", "env") if not _VERSION.search(change.name)
    )


def explain_pull(case: ExplanationInput) -> Iterator[str]:
    """Yield a new image, unless the registry limits pulls or fails, or is at fault and stable's image has the
    same one.
    """
    named = (cause.fault for cause in CAUSES if cause.text in case.finding.sentence)
    fault = next(named, "version")
    if fault == "version":
        yield from describe_changes(case.changes_in("image", "pull"))
    if fault == "registry":
        yield from describe_changes(
            change
            for change in case.changes_in("image")
            if registry_of(change.stable or "") != registry_of(change.canary or "")
        )


def explain_config(case: ExplanationInput) -> Iterator[str]:
    """Yield what the kubelet's message names: a memory limit, a ConfigMap, Secret or key that is missing, the
    command, a mount or the user.
    """
    text = case.messages()
    if says_too_little_memory(text):
        limits = (change for change in case.changes if change.name == "limits.memory")
        yield from describe_changes(
            change for change in limits if is_less(change.canary, change.stable, absent=inf)
        )
    for match in (*NOT_FOUND.finditer(text), *_NO_KEY.finditer(text)):
        yield describe_lack(case, match["kind"], match["name"], match.groupdict().get("key") or "")
    if _COMMAND.search(text):
        yield from describe_changes(case.changes_in("command"))
    if _MOUNT.search(text):
        yield from describe_changes(case.changes_in("mounts", "volumes"))
    if _SECURITY.search(text):
        yield from describe_changes(case.changes_in("security"))


def _describe_larger_heap(change: FieldChange) -> str:
    """Return, in words, the heap flag of a command that grew, or empty."""
    before, after = (dict(_HEAP.findall(text or "")) for text in (change.stable, change.canary))
    for flag, size in after.items():
        if _parse_bytes(size) > _parse_bytes(before.get(flag, "0")):
            return (
                f"the canary raises {flag.rstrip('=')} in {change.where()}:"
                f" {before.get(flag, 'none')} -> {size}"
            )
    return ""


def _parse_bytes(size: str) -> float:
    return float(size.rstrip("kKmMgG")) * {"k": 1024, "m": 1024**2, "g": 1024**3}.get(size[-1].lower(), 1)
