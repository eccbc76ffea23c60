"""The one JSON object in a model's reply, and the text around it. Strict: the table in `verdict.py` says what
is accepted.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from analyzer.common.strict_json import STRICT
from analyzer.common.value import flat

LONGEST_REPLY = 65_536  # characters; an answer takes some 2,000
MOST_BROKEN = 64  # objects; each may be searched to its end, and those within it again
MOST_COMMAS = 16  # before a closing bracket; for each the object is decoded again


def extract_object(text: str) -> tuple[dict[str, Any], list[str]]:
    """Return the one JSON object in `text`, and the texts before, between and after its copies.

    Raise ValueError, with a reason a person can read, if there is none, if several differ, or if the object
    is a draft.
    """
    if len(text) > LONGEST_REPLY:
        raise ValueError(f"it is longer than {LONGEST_REPLY} characters")
    reply = _drop_thinking(text)
    objects = list(_find_objects(reply))
    answers = [candidate.value for candidate in objects if candidate.alone]
    if not answers:
        raise ValueError("it holds no JSON object")
    if len({json.dumps(candidate.value, sort_keys=True) for candidate in objects}) > 1:
        raise ValueError("it holds JSON objects that differ")
    begins, ends = [candidate.begin for candidate in objects], [candidate.end for candidate in objects]
    around = [reply[begin:end] for begin, end in zip([0, *ends], [*begins, len(reply)], strict=True)]
    if _is_draft(around):
        raise ValueError(
            "its JSON object is a draft: the model's thinking is not closed before it, or goes on after it"
        )
    return answers[0], around


def _is_draft(around: list[str]) -> bool:
    """Return whether the last object is part of the model's thinking: a thinking tag is open before it, or
    one follows. `around` are the texts around the objects.
    """
    *before, behind = around
    tags = [closing for text in before for closing in _TAG.findall(text)]
    return tags[-1:] == [""] or _TAG.search(behind) is not None


def _drop_thinking(text: str) -> str:
    """Return `text` without a closed <think>…</think> at its start. Return all of it if the end of the
    thinking is ambiguous.
    """
    begun = text.lstrip("\ufeff \t\r\n")
    draft, closed, rest = begun.removeprefix(_THINK).partition(_THOUGHT)
    plain = (
        begun.startswith(_THINK)
        and closed
        and _THINK not in draft
        and _THINK not in rest
        and _THOUGHT not in rest
    )
    return rest if plain else text


class _Object(NamedTuple):
    """A JSON object and its position. `alone`: it is not within an open brace, where it may not be meant as
    an object.
    """

    value: dict[str, Any]
    alone: bool
    begin: int
    end: int


def _find_objects(text: str) -> Iterator[_Object]:
    """Yield each outermost complete JSON object. Raise ValueError for too many broken or too deeply nested
    ones.
    """
    brace, open_braces, broken = _BRACE.search(text), 0, 0
    while brace:
        end = brace.end()
        if brace[0] == "}":
            open_braces = max(0, open_braces - 1)
        else:
            try:
                value, end = _decode_object(text, brace.start())
                yield _Object(flat(value), not open_braces, brace.start(), end)
            except json.JSONDecodeError:
                open_braces, broken = open_braces + 1, broken + 1
            except RecursionError:
                raise ValueError("it is nested too deeply") from None
        if broken > MOST_BROKEN:
            raise ValueError(f"it holds more than {MOST_BROKEN} broken objects")
        brace = _BRACE.search(text, end)


def _decode_object(text: str, begin: int) -> tuple[dict[str, Any], int]:
    """Return the object that begins at `begin`, and its end. A comma before a closing bracket is unambiguous,
    and is skipped.

    Raise JSONDecodeError for a broken object, ValueError for too many such commas.
    """
    for _ in range(MOST_COMMAS + 1):
        try:
            value, end = STRICT.raw_decode(text, begin)
        except json.JSONDecodeError as error:
            comma = _find_trailing_comma(text, error.pos)
            if comma < 0:
                raise
            text = f"{text[:comma]} {text[comma + 1 :]}"
        else:
            return value, end
    raise ValueError(f"it holds more than {MOST_COMMAS} commas with nothing behind them")


def _find_trailing_comma(text: str, at: int) -> int:
    """Return the position of the comma before a closing bracket that made the decoder fail at `at`; -1 if it
    failed for another reason.
    """
    head = text[: at + 1 if text[at : at + 1] == "," else at].rstrip(_SPACE)
    follows, before = text[len(head) :].lstrip(_SPACE)[:1], head[:-1].rstrip(_SPACE)[-1:]
    return (
        len(head) - 1 if head.endswith(",") and follows in ("}", "]") and before not in ("", *"[{:,") else -1
    )


_THINK, _THOUGHT = "<think>", "</think>"
# the names that models use
_TAG = re.compile(r"<(/?)(?:think(?:ing)?|thoughts?|reasoning|reflection|scratchpad)>", re.IGNORECASE)
_SPACE = " \t\r\n"  # JSON's
_BRACE = re.compile(r"[{}]")
