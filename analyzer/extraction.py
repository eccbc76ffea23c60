"""The one JSON object in what a model said, and the words around it. Strict: the table in `verdict.py` says what is read, and what not."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from analyzer.value import flat

LONGEST_REPLY = 65_536  # characters; an answer takes some 2,000
MOST_BROKEN = 64  # objects; each may be looked through to its end, those within it again
MOST_COMMAS = 16  # with nothing behind them; each has its object read anew


def extracted(text: str) -> tuple[dict[str, Any], list[str]]:
    """The one JSON object in a text, and the texts around it. ValueError, in words, when there is none or more than one."""
    if len(text) > LONGEST_REPLY:
        raise ValueError(f"it is longer than {LONGEST_REPLY} characters")
    spoken = _spoken(text)
    found = list(_objects(spoken))
    answers = [each.value for each in found if each.alone]
    if not answers:
        raise ValueError("it holds no JSON object")
    if len({json.dumps(each.value, sort_keys=True) for each in found}) > 1:
        raise ValueError("it holds JSON objects that differ")
    begins, ends = [each.begin for each in found], [each.end for each in found]
    around = [spoken[one:other] for one, other in zip([0, *ends], [*begins, len(spoken)], strict=True)]
    if _drafted(around):
        raise ValueError("its JSON object is a draft: what it thought is not closed before it, or goes on behind it")
    return answers[0], around


def _drafted(around: list[str]) -> bool:
    """Whether the last object stands in what was thought, by the texts around the objects: a tag is open there, or one follows."""
    *before, behind = around
    tags = [closing for text in before for closing in _TAG.findall(text)]
    return tags[-1:] == [""] or _TAG.search(behind) is not None


def _spoken(text: str) -> str:
    """The text behind a closed <think>…</think> that it begins with; the whole where it is not plain where the draft ends."""
    begun = text.lstrip("\ufeff \t\r\n")
    draft, closed, rest = begun.removeprefix(_THINK).partition(_THOUGHT)
    plain = begun.startswith(_THINK) and closed and _THINK not in draft and _THINK not in rest and _THOUGHT not in rest
    return rest if plain else text


class _Object(NamedTuple):
    """A JSON object and where it stands. `alone`: not within an open brace, where it was not meant to be one."""

    value: dict[str, Any]
    alone: bool
    begin: int
    end: int


def _objects(text: str) -> Iterator[_Object]:
    """Each outermost JSON object that is whole."""
    brace, open_braces, broken = _BRACE.search(text), 0, 0
    while brace:
        end = brace.end()
        if brace[0] == "}":
            open_braces = max(0, open_braces - 1)
        else:
            try:
                value, end = _whole(text, brace.start())
                yield _Object(flat(value), not open_braces, brace.start(), end)
            except json.JSONDecodeError:
                open_braces, broken = open_braces + 1, broken + 1
            except RecursionError:
                raise ValueError("it is nested too deeply") from None
        if broken > MOST_BROKEN:
            raise ValueError(f"it holds more than {MOST_BROKEN} broken objects")
        brace = _BRACE.search(text, end)


def _whole(text: str, begin: int) -> tuple[dict[str, Any], int]:
    """The object that begins there, and its end. A comma with nothing behind it has one reading, and is passed over."""
    for _ in range(MOST_COMMAS + 1):
        try:
            value, end = _STRICT.raw_decode(text, begin)
        except json.JSONDecodeError as error:
            comma = _trailing(text, error.pos)
            if comma < 0:
                raise
            text = f"{text[:comma]} {text[comma + 1 :]}"
        else:
            return value, end
    raise ValueError(f"it holds more than {MOST_COMMAS} commas with nothing behind them")


def _trailing(text: str, at: int) -> int:
    """Where a comma before a closing bracket is that the decoder minded at `at`, itself or the bracket; -1 when it minded another thing."""
    head = text[: at + 1 if text[at : at + 1] == "," else at].rstrip(_SPACE)
    follows, before = text[len(head) :].lstrip(_SPACE)[:1], head[:-1].rstrip(_SPACE)[-1:]
    return len(head) - 1 if head.endswith(",") and follows in ("}", "]") and before not in ("", *"[{:,") else -1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {twice[:100]!r} is there twice")
    return whole


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


_THINK, _THOUGHT = "<think>", "</think>"
_TAG = re.compile(r"<(/?)(?:think(?:ing)?|thoughts?|reasoning|reflection|scratchpad)>", re.IGNORECASE)  # as models name it
_SPACE = " \t\r\n"  # JSON's
_BRACE = re.compile(r"[{}]")
_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
