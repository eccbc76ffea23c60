"""What a team would write into its config file so that a finding that it expects no longer counts.

A line of a log goes by a pattern under `ignore`, any other finding by its kind under `severity`. It is a
suggestion: nothing is changed.
"""

import re
from collections.abc import Sequence
from difflib import unified_diff
from typing import Any

import msgspec

from analyzer.common.value import Value
from analyzer.config.nodes import Wrong, composed, pairs_of
from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.interface import Graded
from analyzer.logs.compare import compare
from analyzer.logs.digest import Digest
from analyzer.settings import Rules

_HOLE = re.compile(r"<[^<>\s]{0,40}>")
_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")
MIN_PATTERN = 8  # letters that a pattern has at least: a shorter one would match other lines
MAX_PATTERN = 120  # characters of a pattern


class Suggestion(Value):
    """Patterns for `ignore`, and kinds of finding for `severity` (all of them `info`)."""

    ignore: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()

    def applied(self, rules: Rules) -> Rules:
        """Return the rules with the suggestion in them."""
        info = dict.fromkeys(self.severity, "info")
        return msgspec.structs.replace(
            rules, ignore=(*rules.ignore, *self.ignore), severity={**rules.severity, **info}
        )


def suggest(expected: Sequence[str], findings: Sequence[Graded], evidence: Evidence) -> Suggestion:
    """Return what makes the expected findings (by number, kind or key) no longer count. Raise UsageError for
    one that is not there.
    """
    ignore, severity = [], []
    for name in expected:
        graded = _find(name, findings)
        pattern = _pattern_of(graded, evidence)
        if pattern:
            ignore.append(pattern)
        else:
            severity.append(graded.finding.kind)
    return Suggestion(ignore=tuple(dict.fromkeys(ignore)), severity=tuple(dict.fromkeys(severity)))


def diff(suggestion: Suggestion, text: str, path: str) -> str:
    """Return the suggestion as a unified diff of the config file, which says `text`. Raise UsageError where
    that is no config file.
    """
    try:
        new = _with_entries(text, "ignore", [f"- {_quoted(pattern)}" for pattern in suggestion.ignore])
        new = _with_entries(new, "severity", [f"{kind}: info" for kind in suggestion.severity])
    except Wrong as wrong:
        raise UsageError(f"{path}, line {wrong.line + 1}: {wrong}", advice=wrong.advice) from wrong
    lines = unified_diff(
        text.splitlines(keepends=True), new.splitlines(keepends=True), path, f"{path} (suggested)"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def name_findings(findings: Sequence[Graded]) -> str:
    """Return the findings' numbers and kinds, in a list for a person."""
    return ", ".join(f"{graded.id} {graded.finding.kind}" for graded in findings) or "none"


def _find(name: str, findings: Sequence[Graded]) -> Graded:
    for graded in findings:
        if name in (graded.id, graded.finding.kind, graded.finding.key):
            return graded
    raise UsageError(
        f"--expected {name!r}: there is no such finding", advice=f"there are: {name_findings(findings)}"
    )


def _pattern_of(graded: Graded, evidence: Evidence) -> str:
    """Return a pattern of the log template that a finding is about, empty where it is about none.

    Where its sentence has several, the first one is it; others are said beside it.
    """
    sentence = graded.finding.sentence
    templates = [
        row.template
        for container, stable, canary in _digests(evidence)
        if container
        for row in compare(stable, canary)
        if row.template in sentence
    ]
    template = min(templates, key=lambda text: (sentence.index(text), -len(text)), default="")
    pieces = [piece.strip() for piece in _HOLE.split(template[:MAX_PATTERN])]
    pattern = ".*".join(_SPECIAL.sub(r"\\\1", piece) for piece in pieces if piece)
    return pattern if sum(map(str.isalpha, pattern)) >= MIN_PATTERN else ""


def _digests(evidence: Evidence) -> list[tuple[str, Digest, Digest]]:
    """Return each container's digests of both sides."""
    sides = [
        {container.container: container.digest for container in part.containers} if part else {}
        for part in (evidence.part(Logs, "stable"), evidence.part(Logs, "canary"))
    ]
    names = dict.fromkeys([*sides[0], *sides[1]])
    return [(name, sides[0].get(name, Digest()), sides[1].get(name, Digest())) for name in names]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _with_entries(text: str, key: str, entries: Sequence[str]) -> str:
    """Return a config file's text with entries added below a key, which is added where it is missing."""
    if not entries:
        return text
    root = composed(text)
    pairs: dict[str, tuple[Any, Any]] = pairs_of(root) if root is not None else {}
    whole = text if not text or text.endswith("\n") else f"{text}\n"
    if key not in pairs:
        return f"{whole}{key}:\n" + "".join(f"  {entry}\n" for entry in entries)
    node = pairs[key][1]
    if node.flow_style or not node.value:
        return _into_flow(whole, node, entries)
    last = node.value[-1][1] if isinstance(node.value[-1], tuple) else node.value[-1]
    lines = whole.splitlines(keepends=True)
    after = last.end_mark.line + (last.end_mark.column > 0)
    indent = " " * node.start_mark.column
    return "".join([*lines[:after], *(f"{indent}{entry}\n" for entry in entries), *lines[after:]])


def _into_flow(text: str, node: Any, entries: Sequence[str]) -> str:
    """Return the text with entries added within brackets or braces."""
    end = node.end_mark.index - 1
    more = ", ".join(entry.removeprefix("- ") for entry in entries)
    return f"{text[:end]}{', ' if node.value else ''}{more}{text[end:]}"
