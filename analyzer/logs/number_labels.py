"""What names the numbers of a text: the words beside each in a sample of its template."""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from analyzer.logs.levels import WORDS
from analyzer.logs.slot_names import FAILING, WELL, split_words
from analyzer.logs.slot_values import (
    MAX_EVENT,
    NUMBER,
    NUMBER_NAMES,
    NUMBERS,
    begin_of_numbers,
    extract_prose,
)

_BEFORE, _AFTER, _LETTERS = (
    re.compile(r"[,;|()\[\]]"),
    re.compile(r"[,;|()\[\].]"),
    re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,30}(?![A-Za-z0-9])"),  # those of an id in hex are none
)
_OF_ERRORS = frozenset(("rate", "ratio", "count", "code", "percentage"))  # behind a level's word it is none


class NumberLabel(NamedTuple):
    """What stands around a number of a text up to the next one, and the words of it that name the number."""

    before: str
    behind: str
    words: tuple[str, ...]


@lru_cache(maxsize=1024)
def label_numbers(text: str) -> dict[str, NumberLabel]:
    """Return, by each numbered slot's name, what stands beside its number in a sample of its template."""
    said = extract_prose(text[:MAX_EVENT])
    places = list(NUMBER.finditer(said, begin_of_numbers(said)))[:NUMBERS]
    ends = [0, *(match.end() for match in places)]
    starts = [*(match.start() for match in places[1:]), len(said)]
    pieces = [
        (said[max(end, match.start() - 60) : match.start()], said[match.end() : start][:60])
        for end, match, start in zip(ends, places, starts, strict=False)
    ]
    follows = bool(pieces) and bool(_words(_AFTER.split(pieces[-1][1], maxsplit=1)[0]))
    return {name: _label(*piece, follows=follows) for name, piece in zip(NUMBER_NAMES, pieces, strict=False)}


def find_words(name: str, labels: Mapping[str, NumberLabel]) -> tuple[str, ...]:
    """Return the words by which a slot is known: those beside a number of a text, or of a field's name.
    `labels` are those of its template's sample.
    """
    label = labels.get(name)
    return label.words if label else split_words(name.strip())


def _label(before: str, behind: str, *, follows: bool) -> NumberLabel:
    """Return the words of each clause of "120 ok, 0 failed". What tells of success or failure
    is the number's name; where that stands on both sides (`ok 120 failed 0`), it is on the side where the
    line's last number has words.
    """
    lead, tail = _words(_BEFORE.split(before)[-1]), _words(_AFTER.split(behind, maxsplit=1)[0])
    named = [not {*side}.isdisjoint(FAILING | WELL) for side in (lead[-1:], tail[:1])]
    if named[0] != named[1]:
        lead, tail = (lead, ()) if named[0] else ((), tail)
    elif named[0]:
        lead, tail = ((), tail) if follows else (lead, ())
    elif before.rstrip(" \"'").endswith((":", "=")):
        tail = ()
    pairs = pairwise(lead[-3:])
    lead = (*(word for word, after in pairs if word not in WORDS or after in _OF_ERRORS), *lead[-1:])
    return NumberLabel(before, behind, (*lead, *tail[:2]))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _LETTERS.findall(text))
