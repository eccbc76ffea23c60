"""What a slot of a template moved to on the canary: to nothing (0, null) or from it, far below all that
stable has, or to a word that stable has never or seldom.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from analyzer.findings.directions import is_better_small
from analyzer.findings.measure_sides import TENFOLD
from analyzer.findings.measure_times import count_buckets, list_timed
from analyzer.findings.quantiles import compute_larger, find_quantile, find_unit
from analyzer.findings.tallies import WIDE, show_values
from analyzer.logs.compare import SlotPair
from analyzer.logs.sketch import PER_OCTAVE, ZERO, Slot, SlotValue, Unit, find_middle
from analyzer.logs.slot_names import WELL

SELDOM = 0.01  # of stable's lines
RARER = 5.0  # times as seldom on stable, of a word
ALL = 0.95  # of the lines have another word: a name of the pod or the version, and no end of the work
OVERLAP = 0.01  # of all pairs of values, where the sides are apart …
HALF = PER_OCTAVE  # buckets down to a half
STEPS = 4  # buckets, of which the larger was seen later by chance in 1 of 24 cases
GONE = "nothing"
_NOTHING = frozenset(("0", "none", "null", "nil", "undefined", "n/a", "[]", "{}", ""))
_LETTERS = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[^\W\d<]*[^\w<>]{0,4}[^\W\d<>]{1,40}[^\w<>]{0,4}")  # `step=reverted,` or a word alone


class SlotMove(NamedTuple):
    """To what a slot moved, in words, on which share (0 to 1) of the canary's lines and of stable's that have
    it; and the values, where they are known.
    """

    what: str
    share: float
    usual: float
    seen: tuple[SlotValue, ...] = ()


def list_moves(slots: SlotPair, words: Sequence[str], *, smaller: bool) -> Iterator[SlotMove]:
    """Yield what a slot may have moved to, whether that is much or little. `words` are those of its name;
    `smaller`: a smaller number says something.
    """
    by_name = is_better_small(words)
    ours, theirs = _share_of_nothing(slots.canary), _share_of_nothing(slots.stable)
    if not by_name:
        yield SlotMove(GONE, ours, theirs, _select_nothing(slots.canary))
        if smaller:
            yield from _list_falls(slots, words)
    numbered = all(value.text.isdecimal() for value in slots.canary.values)
    if theirs >= 1 - SELDOM and numbered and not slots.name.startswith("#"):
        yield SlotMove("other than nothing", 1 - ours, 1 - theirs)
    new = _select_new_words(slots)
    if new:
        known = {value.text for value in new}
        usual = sum(value.count for value in slots.stable.values if value.text in known)
        share = sum(value.count for value in new) / slots.canary.total()
        if share < ALL:
            yield SlotMove(show_values(new), share, usual / slots.stable.total(), new)


def _list_falls(slots: SlotPair, words: Sequence[str]) -> Iterator[SlotMove]:
    """Yield how far numbers are below stable's: a part of them below a tenth, or all of them below a half. A
    shorter time is none the worse, and neither is a smaller size; what counts up since a start is smaller on
    the younger side.
    """
    unit = find_unit(slots.canary)
    ours, theirs = count_buckets(slots.canary, unit), count_buckets(slots.stable, unit)
    if unit == "s" or not ours or theirs.total() * 2 <= slots.stable.total():
        return
    least = find_quantile(theirs, SELDOM)
    if least == ZERO or _counts_up(slots.canary, unit):
        return
    below, usual = (
        sum(count for at, count in side.items() if at <= least - TENFOLD) / side.total()
        for side in (ours, theirs)
    )
    yield SlotMove(f"less than a tenth of {find_middle(least):,.3g}", below, usual)
    fall = find_quantile(theirs, 0.5) - find_quantile(ours, 0.5)
    sized = unit == "B" or "bytes" in words or _counts_up(slots.stable, unit)
    if not sized and fall >= HALF and compute_larger(ours, theirs) <= OVERLAP:
        yield SlotMove(f"{2.0 ** (-fall / PER_OCTAVE):,.2g} times stable's", 1.0, 0.0)


def _counts_up(slot: Slot, unit: Unit) -> bool:
    """Return whether larger numbers came later, as of a count since the start."""
    lasts = [last for _, _, last in sorted(list_timed(slot, unit), key=lambda timed: timed[0]) if last]
    return len(lasts) >= STEPS and lasts == sorted(lasts)


def _select_nothing(slot: Slot) -> tuple[SlotValue, ...]:
    return tuple(value for value in slot.values if value.text.lower() in _NOTHING)


def _share_of_nothing(slot: Slot) -> float:
    zeros = sum(bucket.count for bucket in slot.buckets if bucket.at == ZERO)
    return (zeros + sum(value.count for value in _select_nothing(slot))) / slot.total()


def _select_new_words(slots: SlotPair) -> tuple[SlotValue, ...]:
    """Return the words of the canary's that stable has never or seldom; none where there are numbers."""
    sides = (slots.stable, slots.canary)
    if any(side.many or side.buckets for side in sides):
        return ()
    usual = {value.text: value.count / slots.stable.total() for value in slots.stable.values}
    return tuple(
        value
        for value in slots.canary.values
        if _LETTERS.fullmatch(value.text)
        and usual.get(value.text, 0.0) <= value.count / slots.canary.total() / RARER
    )


def find_new_word(ours: Mapping[str, int], theirs: Mapping[str, int]) -> SlotMove | None:
    """Return the word by which forms of one template, with their counts, differ on the canary from stable's
    usual one; None without any.
    """
    lines, others = sum(ours.values()), sum(theirs.values())
    usually = max(theirs, key=lambda form: (theirs[form], form))
    new = {
        form: count
        for form, count in ours.items()
        if theirs.get(form, 0) / others <= count / lines / RARER and _find_other_word(form, usually)
    }
    share = sum(new.values()) / lines
    if not new or share >= ALL:
        return None
    most = max(new, key=lambda form: (new[form], form))
    usual = sum(theirs.get(form, 0) for form in new) / others
    return SlotMove(_find_other_word(most, usually)[:WIDE], share, usual)


def _find_other_word(form: str, usually: str) -> str:
    """Return the word by which two forms differ; empty where they differ by more, or by what may be a name or
    a number, or says that all is well.
    """
    words, others = form.split(), usually.split()
    differing = [word for word, other in zip(words, others, strict=False) if word != other]
    if len(words) != len(others) or len(set(differing)) != 1 or not _PLAIN.fullmatch(differing[0]):
        return ""
    well = not WELL.isdisjoint(_LETTERS.findall(differing[0].lower()))
    return "" if well else differing[0]
