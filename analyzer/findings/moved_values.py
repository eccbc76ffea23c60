"""Logs: values that moved, where no name says what they mean. The same work comes to both sides, so a place of
a template that holds something else on the canary holds it because of the version.

Three moves are told, each beyond chance and on a good part of the lines: to nothing (0, NaN, null) where
stable has a value, far below all that stable has, and to words that stable has never or seldom.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import hypergeometric_tail, sure_excess
from analyzer.findings.directions import find_larger_is_worse
from analyzer.findings.due import Due, find_due
from analyzer.findings.healing import describe_end
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.logs import ALPHA
from analyzer.findings.measure_times import count_buckets, list_timed
from analyzer.findings.quantiles import find_quantile, find_unit
from analyzer.findings.recurrence import is_ongoing
from analyzer.findings.tallies import MOST_LINES, WIDE
from analyzer.findings.wording import format_percent, make_slug
from analyzer.logs.compare import Compared, SlotPair, cases_of
from analyzer.logs.number_labels import label_numbers
from analyzer.logs.outcomes import find_outcomes
from analyzer.logs.requests import probes
from analyzer.logs.sketch import PER_OCTAVE, ZERO, Slot, SlotValue, Unit, find_middle, merge_slots
from analyzer.logs.slot_names import WELL, split_words
from analyzer.settings import Rules

MIN_LINES = 20  # on each side that have the value
OF_LINES = 0.02  # of a container's lines: what is rarer is no work of its own
_LETTERS = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[^\W\d<]*[^\w<>]{0,4}[^\W\d<>]{1,40}[^\w<>]{0,4}")  # `step=reverted,` or a word alone
MOVED = 0.2  # of the canary's lines that have the value: a good part …
SELDOM = 0.01  # … where stable has it on hardly any, or on a tenth of that
TENTH = 5.0
ALL = 0.95  # of the lines have another word: a name of the pod or the version, and no end of the work
FAR = 10.0  # times below all but 1 % of stable's values
CASES = 32  # different forms of a template: more are names
MORE = 2.0  # times as many lines as are due
STEPS = 4  # buckets, of which the larger was seen later by chance in 1 of 24 cases
NOTHING = frozenset(("0", "nan", "none", "null", "nil", "undefined", "n/a", "[]", "{}", ""))


@dataclass(frozen=True)
class Move:
    """What moved in one slot: `share` and `usual` of the lines that have it, on the canary and on stable, and
    `what` it moved to, in words. `seen` are the values, where they are known.
    """

    pair: LogPair
    row: Compared
    name: str
    what: str
    share: float
    usual: float
    canary: int
    stable: int
    seen: tuple[SlotValue, ...] = ()

    @property
    def excess(self) -> float:
        """Return by how much of the container's lines it is more than on stable, at the least."""
        hits, others = round(self.share * self.canary), round(self.usual * self.stable)
        return sure_excess(hits, self.canary, others, self.stable)


def moved_values(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield, for each container, the slot that moved on most lines, and how many others did."""
    for pair in pair_logs_after_start(evidence, rules):
        found = _find_moves(pair, find_due(pair, evidence))
        moves = sorted(found, key=lambda move: (-move.share * move.row.canary, move.row.template))
        if moves:
            yield _make_finding(moves, evidence)


def _find_moves(pair: LogPair, due: Due) -> Iterator[Move]:
    for row in pair.comparison:
        if row.level == "debug" or min(row.stable, row.canary) < MIN_LINES or probes(row.sample):
            continue
        if row.canary < OF_LINES * pair.canary_lines:
            continue
        yield from _find_new_case(pair, row)
        more = due.ratio > 0 and row.canary >= MORE * due.ratio * row.stable  # each may tell of less
        around = label_numbers(row.sample)
        known = find_outcomes([_merge(slots) for slots in row.slots], row.sample)
        for slots in row.slots:
            label = around.get(slots.name)
            words = label.words if label else split_words(slots.name.strip())
            if slots.aligned and slots.name not in known:
                smaller = not is_request_template(row) and not more
                yield from _find_move(pair, row, slots, words, smaller=smaller)


def _find_new_case(pair: LogPair, row: Compared) -> Iterator[Move]:
    """Yield that a word of a template is another one: both sides have few, which come again and again."""
    if "<*>" not in row.template:
        return
    keys = cases_of({(row.level, row.template)}, pair.stable, pair.canary)
    theirs, ours = (
        {group.template: group.count for group in digest.groups if (group.level, group.template) in keys}
        for digest in (pair.stable, pair.canary)
    )
    lines = sum(ours.values()), sum(theirs.values())
    if min(lines) < MIN_LINES or max(len(ours), len(theirs)) > CASES:
        return
    usually = max(theirs, key=lambda template: (theirs[template], template))
    new = {
        template: count
        for template, count in ours.items()
        if theirs.get(template, 0) / lines[1] <= count / lines[0] / TENTH
        and _find_other_word(template, usually)
    }
    share, usual = sum(new.values()) / lines[0], sum(theirs.get(template, 0) for template in new) / lines[1]
    hits = round(share * lines[0]), lines[0], round(usual * lines[1]), lines[1]
    if MOVED <= share < ALL and hypergeometric_tail(*hits) < ALPHA:
        most = max(new, key=lambda template: (new[template], template))
        word = _find_other_word(most, usually)[:WIDE]
        yield Move(pair, row, "a word", word, share, usual, lines[0], lines[1])


def _find_other_word(template: str, usually: str) -> str:
    """Return the word by which a template differs from stable's usual one; empty where it differs by more, or
    by what may be a name or a number.
    """
    words, others = template.split(), usually.split()
    differing = [word for word, other in zip(words, others, strict=False) if word != other]
    if len(words) != len(others) or len(set(differing)) != 1 or not _PLAIN.fullmatch(differing[0]):
        return ""
    well = not WELL.isdisjoint(_LETTERS.findall(differing[0].lower()))
    return "" if well else differing[0]


def _merge(pair: SlotPair) -> Slot:
    return merge_slots([[pair.stable, pair.canary]])[0]


def _find_move(
    pair: LogPair, row: Compared, slots: SlotPair, words: tuple[str, ...], *, smaller: bool
) -> Iterator[Move]:
    """Yield what moved in one slot, the first that does. `smaller`: numbers that are smaller say something."""
    lines = [min(slot.total(), round(slot.sampled()), MOST_LINES) for slot in (slots.canary, slots.stable)]
    if min(lines) < MIN_LINES:
        return
    name = " ".join(words)[:WIDE] or "a number"
    for what, ours, theirs, seen in _list_moves(slots, words, smaller=smaller):
        if ours < MOVED or theirs > max(SELDOM, ours / TENTH):
            continue
        hits = round(ours * lines[0]), lines[0], round(theirs * lines[1]), lines[1]
        if hypergeometric_tail(*hits) < ALPHA:
            yield Move(pair, row, name, what, ours, theirs, lines[0], lines[1], tuple(seen))
            return


def _list_moves(
    slots: SlotPair, words: tuple[str, ...], *, smaller: bool
) -> Iterator[tuple[str, float, float, Iterable[SlotValue]]]:
    """Yield each move that may be: to what, and on which shares of the canary's and of stable's lines."""
    worse = find_larger_is_worse(words)
    empty = [_select_empty(slot) for slot in (slots.canary, slots.stable)]
    if not worse:
        yield ("nothing", *(_share_of_empty(slot) for slot in (slots.canary, slots.stable)), empty[0])
    unit = find_unit(slots.canary)
    ours, theirs = count_buckets(slots.canary, unit), count_buckets(slots.stable, unit)
    if smaller and ours and theirs and unit != "s" and not worse and sum(theirs.values()) * 2 > slots.stable.total():
        least = find_quantile(theirs, 0.01)
        below = least - round(PER_OCTAVE * 3.33)
        if least > ZERO and not _counts_up(slots.canary, unit):
            shares = [
                sum(count for at, count in side.items() if at <= below) / sum(side.values())
                for side in (ours, theirs)
            ]
            yield f"less than a tenth of {find_middle(least):,.3g}", shares[0], shares[1], ()
    new = _select_new(slots)
    if new:
        count = sum(value.count for value in new) / slots.canary.total()
        known = {value.text for value in new}
        usual = sum(value.count for value in slots.stable.values if value.text in known)
        if count < ALL:
            yield _show(new), count, usual / slots.stable.total(), new


def _counts_up(slot: Slot, unit: Unit) -> bool:
    """Return whether larger numbers came later, as of a count since the start."""
    lasts = [last for _, _, last in sorted(list_timed(slot, unit)) if last]
    return len(lasts) >= STEPS and lasts == sorted(lasts)


def _select_empty(slot: Slot) -> tuple[SlotValue, ...]:
    return tuple(value for value in slot.values if value.text.lower() in NOTHING)


def _share_of_empty(slot: Slot) -> float:
    zeros = sum(bucket.count for bucket in slot.buckets if bucket.at == ZERO)
    return (zeros + sum(value.count for value in _select_empty(slot))) / slot.total()


def _select_new(slots: SlotPair) -> tuple[SlotValue, ...]:
    """Return the words of the canary's that stable has not, or has a tenth as often; none of numbers."""
    if slots.canary.many or slots.stable.many or slots.canary.buckets or slots.stable.buckets:
        return ()
    usual = {value.text: value.count / slots.stable.total() for value in slots.stable.values}
    return tuple(
        value
        for value in slots.canary.values
        if not any(letter.isdigit() for letter in value.text)
        and usual.get(value.text, 0.0) <= value.count / slots.canary.total() / TENTH
    )


def _show(values: Sequence[SlotValue]) -> str:
    return ", ".join(value.text[:WIDE] for value in sorted(values, key=lambda value: -value.count)[:3])


def _make_finding(moves: Sequence[Move], evidence: Evidence) -> Finding:
    first = moves[0]
    pair, row = first.pair, first.row
    seen = [value for value in first.seen if value.last] or None
    last = max((value.last for value in seen if value.last), default=row.last) if seen else row.last
    times = Compared(
        template="",
        level="unknown",
        stable=0,
        canary=round(first.share * row.canary),
        first=row.first,
        last=last,
        sample="",
    )
    goes_on = is_ongoing([times], pair.canary, evidence.window)
    others = f" (and {len(moves) - 1} more)" if len(moves) > 1 else ""
    return Finding(
        kind="measure-doubt",
        key=f"measure-doubt/{pair.container}/{make_slug(f'{first.name} {row.template}')}",
        sentence=f"container {pair.container} has {first.name} at {first.what} on {format_percent(first.share)} of"
        f" the lines that have it, stable on {format_percent(first.usual)}{others}"
        f"{'' if goes_on else describe_end([times], pair.canary)}: {row.template}",
        stable=f"{first.name} {_describe(first, 'stable')}",
        canary=f"{first.name} {_describe(first, 'canary')}",
        ongoing=goes_on,
        share=round(first.share, 4),
        excess=first.excess,
        samples=(row.sample,),
    )


def _describe(move: Move, role: str) -> str:
    share, lines = (move.share, move.row.canary) if role == "canary" else (move.usual, move.row.stable)
    return f"at {move.what} on about {round(share * lines):,} of {lines:,} lines"


RULES: tuple[Rule, ...] = (Rule(moved_values, needs=(Logs,)),)
