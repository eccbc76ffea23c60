"""Because: the change that explains a symptom. A step of its own, after the rules and before grading; pure.

It names a change only where it can bring the symptom about: of what differs, what the kind of fault depends on, in the container
at fault, and the very thing that the cluster's message names before anything else. A release changes its image and its version
variables every time: these explain nothing but an image that cannot be pulled.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

import msgspec

from analyzer.evidence import Evidence
from analyzer.evidence.fields import quantity
from analyzer.evidence.spec import Reference, Spec
from analyzer.findings.interface import Finding
from analyzer.findings.spec import Change, changes, missing

MOST = 2  # changes told of one finding
_HEAP = re.compile(r"(-Xmx|-XX:MaxRAMPercentage=|-XX:MaxHeapSize=|--max[-_]old[-_]space[-_]size=)([0-9.]+[kKmMgG]?)")
_HEAP_ENV = re.compile(r"(?:^_?|_)JAVA_(?:TOOL_)?OPTIONS$|^(?:JAVA|CATALINA|JVM)_OPTS$|^NODE_OPTIONS$|^GOMEMLIMIT$|^MALLOC_|HEAP")
_VERSION = re.compile(r"VERSION|RELEASE|COMMIT|REVISION|GIT_|BUILD|(?:^|_)(?:SHA|TAG|IMAGE|HASH)$")
_NOT_FOUND = re.compile(r'(?P<kind>configmap|secret) "(?P<name>[^"]+)" not found', re.IGNORECASE)
_DENIED = re.compile(r"read-only file system|permission denied|not permitted|EACCES|EROFS|EPERM", re.IGNORECASE)
_COMMAND = re.compile(r"exec|executable|no such file")
_MOUNT = re.compile(r"mount|subPath")
_SECURITY = re.compile(r"runAsNonRoot|runAsUser|non-root|permission|capabilit|seccomp|apparmor", re.IGNORECASE)
_INSIDE = re.compile(r"[\w-]")  # beside a name, it is a part of a longer one
_INSUFFICIENT = re.compile(r"Insufficient ([\w./-]+\w)")
# What the scheduler complains of, and how the group's changes that may be why are named.
_UNSCHEDULABLE = (
    (re.compile(r"node affinity|node selector|affinity rules|anti-affinity"), "scheduling", ("nodeSelector", "affinity")),
    (re.compile(r"taint"), "scheduling", ("tolerations",)),
    (re.compile(r"topology spread"), "scheduling", ("topologySpread",)),
    (re.compile(r"free ports"), "ports", ("",)),
    (re.compile(r"persistentvolumeclaim|PersistentVolume|volume"), "volumes", ("",)),
)
# What the quota or the admission plugin complains of, and the groups of changes that may be why.
_UNCREATED = (
    (re.compile(r"quota|maximum|minimum|limit|request", re.IGNORECASE), ("resources",)),
    (
        re.compile(r"PodSecurity|privileged|security|runAs|capabilit|hostPath|hostNetwork", re.IGNORECASE),
        ("security", "volumes", "other"),
    ),
    (re.compile(r"service ?account", re.IGNORECASE), ("service-account",)),
)
_NO_KEY = re.compile(r"couldn't find key (?P<key>\S+) in (?P<kind>ConfigMap|Secret) [^/\s]*/(?P<name>[^\s,;]+)")


@dataclass(frozen=True)
class Case:
    """What explanations are drawn from: every change, both specs, all findings, and the one that is to be explained."""

    finding: Finding
    findings: Sequence[Finding]
    changes: Sequence[Change]
    stable: Spec | None
    canary: Spec | None

    def container(self) -> str:
        """The container at fault, or empty."""
        return self.finding.key.partition("/")[2]

    def text(self) -> str:
        """What the cluster and the container said."""
        return "\n".join(self.finding.samples)

    def of(self, *groups: str) -> list[Change]:
        """Changes of these groups, in their order, that the container at fault is subject to."""
        mine = {self.container(), ""}
        return [each for group in groups for each in self.changes if each.group == group and each.container in mine]


def explained(findings: Iterable[Finding], evidence: Evidence) -> tuple[Finding, ...]:
    """The findings, each with the change that explains it, where one does. Only what is the canary's own can be explained by a change."""
    known = tuple(findings)
    found, stable, canary = changes(evidence), evidence.part(Spec, "stable"), evidence.part(Spec, "canary")
    return tuple(_with_cause(Case(finding, known, found, stable, canary)) for finding in known)


def _with_cause(case: Case) -> Finding:
    explain = EXPLANATIONS.get(case.finding.kind)
    if explain is None or case.finding.scope != "canary" or case.finding.because:
        return case.finding
    causes = list(dict.fromkeys(explain(case)))[:MOST]
    return msgspec.structs.replace(case.finding, because="; ".join(causes)) if causes else case.finding


def _memory(case: Case) -> Iterator[str]:
    """A lower memory limit, else a larger heap within the same one."""
    limits = (each for each in case.of("resources") if each.name == "limits.memory")
    lowered = [each for each in limits if _less(each.canary, each.stable, absent=inf)]
    yield from map(_told, lowered)
    if not lowered:
        yield from (cause for each in case.of("command") if (cause := _larger_heap(each)))
        yield from (_told(each) for each in case.of("env") if _HEAP_ENV.search(each.name))


def _storage(case: Case) -> Iterator[str]:
    """A lower limit, of a container or of an emptyDir volume."""
    lowered = [each for each in case.changes if each.name == "limits.ephemeral-storage" and _less(each.canary, each.stable, absent=inf)]
    yield from _told_all(lowered or [each for each in case.changes if each.group == "volumes"])


def _exits(case: Case) -> Iterator[str]:
    """What its message names; a reference that is not there; its command; then what it is configured by."""
    yield from (_told(each) for each in case.of("env", "config", "mounts") if _names(case.text(), each))
    yield from map(_absent, _needed(case))
    if _DENIED.search(case.text()):
        yield from _told_all(case.of("security", "mounts"))
    yield from _told_all(case.of("command"))
    failed = {each.key for each in case.findings if each.kind == "probe-failure"}
    for probe in ("liveness", "startup"):
        if f"probe-failure/{probe}" in failed:
            yield from _told_all(each for each in case.of("probe") if each.name.startswith(probe))
    yield from _told_all(each for each in case.of("config", "env") if not _VERSION.search(each.name))


def _pull(case: Case) -> Iterator[str]:
    yield from _told_all(case.of("image", "pull"))


def _config(case: Case) -> Iterator[str]:
    """What the kubelet's message names: a ConfigMap, Secret or key that is not there, else the command, mount or user."""
    text = case.text()
    for match in (*_NOT_FOUND.finditer(text), *_NO_KEY.finditer(text)):
        yield _lacking(case, match["kind"], match["name"], match.groupdict().get("key") or "")
    if _COMMAND.search(text):
        yield from _told_all(case.of("command"))
    if _MOUNT.search(text):
        yield from _told_all(case.of("mounts", "volumes"))
    if _SECURITY.search(text):
        yield from _told_all(case.of("security"))


def _probe(case: Case) -> Iterator[str]:
    """A probe that changed, or a port."""
    probe = case.finding.key.partition("/")[2] if case.finding.kind == "probe-failure" else ""
    subject = case.changes if probe else case.of("probe", "ports")
    wanted = (probe,) if probe else ("readiness", "startup")
    yield from _told_all(each for each in subject if each.group == "probe" and each.name.startswith(wanted))
    yield from _told_all(each for each in subject if each.group == "ports")


def _scheduling(case: Case) -> Iterator[str]:
    """What the scheduler's message complains of, and no other change."""
    text = case.text()
    for resource in _INSUFFICIENT.findall(text):
        yield from (_told(each) for each in case.changes if each.name == f"requests.{resource}" and _less(each.stable, each.canary))
    for complaint, group, names in _UNSCHEDULABLE:
        if complaint.search(text):
            yield from _told_all(each for each in case.changes if each.group == group and each.name.startswith(names))


def _creation(case: Case) -> Iterator[str]:
    """What the quota or the admission plugin complains of, and no other change."""
    text = case.text()
    for complaint, groups in _UNCREATED:
        if complaint.search(text):
            yield from _told_all(each for group in groups for each in case.changes if each.group == group)


def _volume(case: Case) -> Iterator[str]:
    """The volume, ConfigMap, Secret or claim that the message names, else any volume that changed."""
    text = case.text()
    for match in _NOT_FOUND.finditer(text):
        yield _lacking(case, match["kind"], match["name"], "")
    found = [each for each in case.changes if each.group == "volumes"]
    yield from _told_all([each for each in found if f'"{each.name.partition(" ")[0]}"' in text] or found)


EXPLANATIONS: dict[str, Callable[[Case], Iterator[str]]] = {
    "oom-kill": _memory,
    "storage-limit": _storage,
    "memory-near-limit": _memory,
    "memory-climbing": _memory,
    "crash-loop": _exits,
    "container-exit": _exits,
    "image-pull": _pull,
    "config-error": _config,
    "not-ready": _probe,
    "probe-failure": _probe,
    "unschedulable": _scheduling,
    "failed-create": _creation,
    "volume": _volume,
}


def _told(change: Change) -> str:
    return f"the canary changes {change.where()}: {change.words()}"


def _told_all(found: Iterable[Change]) -> Iterator[str]:
    return map(_told, found)


def _names(text: str, change: Change) -> bool:
    """Whether a message names the field itself: a variable, a key, a path."""
    name = change.name if change.group == "mounts" else change.name.rpartition("/")[2]
    at = text.find(name) if len(name) > 3 else -1
    while at >= 0:
        end = at + len(name)
        if not _INSIDE.search(text[max(0, at - 1) : at] + text[end : end + 1]):
            return True
        at = text.find(name, at + 1)
    return False


def _needed(case: Case) -> Iterator[Reference]:
    """References that are not there, which stable does not need."""
    theirs = {(each.name, each.key) for each in missing(case.stable)}
    return (each for each in missing(case.canary) if (each.name, each.key) not in theirs and each.container in {case.container(), ""})


def _absent(reference: Reference) -> str:
    what = f"key {reference.key} of ConfigMap {reference.name}" if reference.key else f"ConfigMap {reference.name}"
    return f"{what}, which the canary needs ({reference.place}), is not there"


def _lacking(case: Case, kind: str, name: str, key: str) -> str:
    """What a message says is not there, and what stable has in its place."""
    kind = "ConfigMap" if kind.lower() == "configmap" else "Secret"
    what = f"key {key} of {kind} {name}" if key else f"{kind} {name}"
    places = {each.place for each in (case.canary.references if case.canary else ()) if (each.kind, each.name) == (kind, name)}
    others = {
        each.name: each.place
        for each in (case.stable.references if case.stable else ())
        if each.kind == kind and each.place in places and each.name != name
    }
    theirs = "; ".join(f"stable has {other} there" for other in sorted(others))
    return f"{what} is not there" + (f" ({theirs})" if theirs else "")


def _less(one: str | None, other: str | None, absent: float = 0.0) -> bool:
    """Whether a quantity is the smaller one; `absent` is what none counts as."""
    return (absent if one is None else quantity(one) or absent) < (absent if other is None else quantity(other) or absent)


def _larger_heap(change: Change) -> str:
    """The heap flag of a command that grew, or empty."""
    before, after = (dict(_HEAP.findall(text or "")) for text in (change.stable, change.canary))
    for flag, size in after.items():
        if _bytes(size) > _bytes(before.get(flag, "0")):
            return f"the canary raises {flag.rstrip('=')} in {change.where()}: {before.get(flag, 'none')} -> {size}"
    return ""


def _bytes(size: str) -> float:
    return float(size.rstrip("kKmMgG")) * {"k": 1024, "m": 1024**2, "g": 1024**3}.get(size[-1].lower(), 1)
