"""Commits that wrote, or removed, what an error says, and those that changed a key of the template."""

import re
from collections.abc import Iterator, Sequence

from analyzer.common.short import cut
from analyzer.github.change import Commit
from analyzer.github.hits import TOKEN, Hit, ReadFile, share_points

NAMES = 300  # of the errors that are looked for

_LITERAL = re.compile(r"\"([^\"\n]{0,200})\"|'([^'\n]{0,200})'|`([^`\n]{0,200})`")
_PLACEHOLDER = re.compile(r"%[-+#0-9.]{0,6}[a-zA-Z]|[$#]?\{[^{}]{0,100}\}|\\[nt\"']")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_NAME = re.compile(r"[A-Za-z_][\w.-]{2,120}\w")
_QUOTED = re.compile(r"[\"'`]([A-Za-z_][\w.-]{2,80})[\"'`]")
# The kubelet's words (kubernetes/kubernetes, pkg/kubelet/kubelet_pods.go). A key mostly has hyphens, as names
# in prose have.
_KEY = re.compile(r"\bkey ([A-Za-z0-9_.-]{2,253}) in (?:Secret|ConfigMap) ")
_TELLING = re.compile(r"[a-z0-9]_[a-z0-9]|[A-Z0-9]_[A-Z0-9]|[a-z][A-Z]")
_THROWN = re.compile(r"(?:Error|Exception)$")


def meet_texts(texts: Sequence[str], files: Sequence[ReadFile], commits: Sequence[Commit]) -> Iterator[Hit]:
    """Yield what the errors' texts are worth: the literals that they hold, and the names in them."""
    yield from _meet_literals(texts, files, commits)
    names = dict.fromkeys(name for text in texts for name in _names(text))
    for name in list(names)[:NAMES]:
        met = [read for read in files if _holds(name, read)]
        yield from share_points(met, commits, 5.0, f"the error names {name}, which is on a line changed by")


def _meet_literals(
    texts: Sequence[str], files: Sequence[ReadFile], commits: Sequence[Commit]
) -> Iterator[Hit]:
    said = "\n".join(texts).lower()
    met: dict[tuple[str, bool], list[ReadFile]] = {}
    for read in files:
        for line in read.patch.lines:
            for literal in _literals(line.text):
                if literal.lower() in said:
                    met.setdefault((literal, line.added), []).append(read)
    for (literal, added), reads in met.items():
        words = f'the error says "{cut(literal, 80)}", which was {"written" if added else "removed"} by'
        yield from share_points(reads, commits, 8.0 if added else 4.0, words)


def _literals(line: str) -> Iterator[str]:
    """Yield the fixed parts of a line's literals that are long enough to be recognised."""
    for groups in _LITERAL.findall(line):
        for part in _PLACEHOLDER.split(next(filter(None, groups), "")):
            short = part.strip(" \t:;,.-=()[]'\"")
            if len(short) >= 10 and len(_WORDS.findall(short)) >= 2:
                yield short


def _names(text: str) -> Iterator[str]:
    """Yield what in an error's text looks like a name of the code, the configuration or the database."""
    for name in _NAME.findall(text):
        for part in (name, *name.split(".")):
            if _TELLING.search(part) and not _THROWN.search(part):
                yield part
    yield from _KEY.findall(text)
    for name in _QUOTED.findall(text):
        yield from (part for part in name.split(".") if len(part) > 3)


def _holds(name: str, read: ReadFile) -> bool:
    if TOKEN.fullmatch(name):
        return name in read.tokens
    return any(name in line.text for line in read.patch.lines)


def meet_keys(keys: Sequence[str], files: Sequence[ReadFile], commits: Sequence[Commit]) -> Iterator[Hit]:
    """Yield what the changed keys of the template are worth."""
    for key in keys:
        met = [read for read in files if _holds(key, read)]
        words = f"{key} differs in the canary's template, and was changed by"
        yield from share_points(met, commits, 2.0, words)
