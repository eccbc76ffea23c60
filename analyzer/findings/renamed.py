"""Lines of which stable's and the canary's words differ, and all else is alike: the fields, how often they
come, what they measure. Both say that the work was done, by another word: "mail sent", "delivered".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analyzer.findings.due import Due
from analyzer.findings.failing import complains
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.measures import MIN_LINES
from analyzer.findings.quantiles import compare_medians
from analyzer.logs.compare import Compared, SlotPair
from analyzer.logs.message_words import find_words, stem
from analyzer.logs.parse import MESSAGE, parse_fields
from analyzer.logs.severities import SEVERITIES
from analyzer.logs.sketch import Slot
from analyzer.logs.slot_names import DONE, split_words, word_set
from analyzer.logs.troubles import says_mild_trouble

AS_OFTEN = 1.5  # times as often as is due, or as seldom
ALIKE = 2.0  # times stable's median, at the most: of what takes no time nothing was done
FIELDS = 2  # that both lines have beside their message, time and level
_DEEPEST = 3  # objects within objects
_DONE = frozenset(
    map(stem, DONE | word_set("done completed finished handled served succeeded copied loaded"))
)
_MOMENTS = word_set("time ts timestamp t date datetime asctime level lvl severity logger caller")


def find_renamed(
    new: Sequence[Compared], gone: Sequence[Compared], due: Due
) -> Iterator[tuple[Compared, Compared]]:
    """Yield each template of the canary's alone with the one of stable's alone that it stands for: where
    there is one that is alike, and no other template of the canary's is like that.
    """
    if not due.sure:
        return
    fields = {row.template: _list_fields(row) for row in (*new, *gone) if _may_be_renamed(row)}
    pairs = [
        (row, other)
        for row in new
        for other in gone
        if len(fields.get(row.template, ())) >= FIELDS
        and fields[row.template] == fields.get(other.template)
        and row.level == other.level
        and _is_as_often(row, other, due)
        and _says_done(row, other)
        and _measures_alike(row, other)
    ]
    for row, other in pairs:
        if sum(row is one or other is two for one, two in pairs) == 1:
            yield row, other


def _may_be_renamed(row: Compared) -> bool:
    return not (is_request_template(row) or complains(row) or says_mild_trouble(row.template))


def _list_fields(row: Compared) -> frozenset[str]:
    """Return the names of a line's fields, of an object those of what it holds."""
    return frozenset(_list_names(parse_fields(row.sample) or {}, 1))


def _list_names(fields: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _list_names(value, depth + 1)
        elif name not in MESSAGE and name not in SEVERITIES and _MOMENTS.isdisjoint(split_words(name)):
            yield name


def _is_as_often(row: Compared, other: Compared, due: Due) -> bool:
    expected = other.stable * due.ratio
    return expected >= MIN_LINES and expected / AS_OFTEN <= row.canary <= expected * AS_OFTEN


def _says_done(row: Compared, other: Compared) -> bool:
    """Return whether both say that something was done, and the canary's no more than stable's but for that
    word.
    """
    said, before = find_words(row.template), find_words(other.template)
    return bool(said.prose & _DONE and before.prose & _DONE) and said.prose <= before.words | _DONE


def _measures_alike(row: Compared, other: Compared) -> bool:
    """Return whether they have a measure in common, each that they have is about as large, and no value tells
    of another end.
    """
    stable = {_find_last_name(slot.name): slot.stable for slot in other.slots}
    both = [
        SlotPair(name=slot.name, stable=stable[_find_last_name(slot.name)], canary=slot.canary)
        for slot in row.slots
        if _find_last_name(slot.name) in stable
    ]
    factors = [factor for pair in both if (factor := compare_medians(pair, MIN_LINES)) is not None]
    ends = [(_list_words(pair.stable), _list_words(pair.canary)) for pair in both]
    return (
        bool(factors)
        and all(1 / ALIKE <= factor <= ALIKE for factor in factors)
        and all(ours <= theirs for theirs, ours in ends)
    )


def _find_last_name(name: str) -> str:
    return name.rpartition(".")[2]


def _list_words(slot: Slot) -> set[str]:
    return {value.text for value in slot.values if not value.text.isdecimal()}
