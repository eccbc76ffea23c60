"""What an explanation is drawn from, and how a change is worded."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzer.evidence.fields import parse_quantity
from analyzer.evidence.spec import Reference, Spec
from analyzer.findings.interface import Finding
from analyzer.findings.spec import FieldChange, find_missing_references

NOT_FOUND = re.compile(r'(?P<kind>configmap|secret) "(?P<name>[^"]+)" not found', re.IGNORECASE)
_INSIDE = re.compile(r"[\w-]")  # beside a name, it is a part of a longer one


@dataclass(frozen=True)
class ExplanationInput:
    """What an explanation is drawn from: the finding to explain, all findings, every change, and both
    specs.
    """

    finding: Finding
    findings: Sequence[Finding]
    changes: Sequence[FieldChange]
    stable: Spec | None
    canary: Spec | None

    def container(self) -> str:
        """Return the container at fault, or empty."""
        return self.finding.key.partition("/")[2]

    def messages(self) -> str:
        """Return what the cluster and the container said, a line each."""
        return "\n".join(self.finding.samples)

    def changes_in(self, *groups: str) -> list[FieldChange]:
        """Return the changes of these groups, group by group, that affect the container at fault."""
        mine = {self.container(), ""}
        return [
            change
            for group in groups
            for change in self.changes
            if change.group == group and change.container in mine
        ]


def describe_change(change: FieldChange) -> str:
    """Return, in words, what the canary changes."""
    return f"the canary changes {change.where()}: {change.describe()}"


def describe_changes(changes: Iterable[FieldChange]) -> Iterator[str]:
    """Yield, in words, each change."""
    return map(describe_change, changes)


def names_field(text: str, change: FieldChange) -> bool:
    """Return whether a message names the field: a variable, a key, a path. A part of a longer word is no
    name.
    """
    name = change.name if change.group == "mounts" else change.name.rpartition("/")[2]
    at = text.find(name) if len(name) > 3 else -1
    while at >= 0:
        end = at + len(name)
        if not _INSIDE.search(text[max(0, at - 1) : at] + text[end : end + 1]):
            return True
        at = text.find(name, at + 1)
    return False


def needed_references(case: ExplanationInput) -> Iterator[Reference]:
    """Return the missing references that stable does not need."""
    theirs = {(reference.name, reference.key) for reference in find_missing_references(case.stable)}
    return (
        reference
        for reference in find_missing_references(case.canary)
        if (reference.name, reference.key) not in theirs and reference.container in {case.container(), ""}
    )


def describe_missing(reference: Reference) -> str:
    """Return, in words, that a ConfigMap, or a key of it, is missing."""
    what = (
        f"key {reference.key} of ConfigMap {reference.name}"
        if reference.key
        else f"ConfigMap {reference.name}"
    )
    return f"{what}, which the canary needs ({reference.place}), is not there"


def describe_lack(case: ExplanationInput, kind: str, name: str, key: str) -> str:
    """Return that what a message names is not there, and what stable has in its place."""
    kind = "ConfigMap" if kind.lower() == "configmap" else "Secret"
    what = f"key {key} of {kind} {name}" if key else f"{kind} {name}"
    places = {
        reference.place
        for reference in (case.canary.references if case.canary else ())
        if (reference.kind, reference.name) == (kind, name)
    }
    others = {
        reference.name: reference.place
        for reference in (case.stable.references if case.stable else ())
        if reference.kind == kind and reference.place in places and reference.name != name
    }
    theirs = "; ".join(f"stable has {other} there" for other in sorted(others))
    return f"{what} is not there" + (f" ({theirs})" if theirs else "")


def is_less(one: str | None, other: str | None, absent: float = 0.0) -> bool:
    """Return whether the first quantity is smaller; `absent` is the value of one that is missing."""
    return (absent if one is None else parse_quantity(one) or absent) < (
        absent if other is None else parse_quantity(other) or absent
    )
