"""Logs: values that moved, where no name says what they mean.

The same work comes to both sides, so what a place of a template holds on the canary alone, it holds because
of the version. It is told where that is beyond chance and on a good part of the lines. Values that are lost
are a fault; any other move is a doubt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import hypergeometric_tail, sure_excess
from analyzer.findings.due import find_due
from analyzer.findings.healing import describe_end
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.logs import ALPHA
from analyzer.findings.moves import GONE, RARER, SELDOM, SlotMove, find_new_word, list_moves
from analyzer.findings.recurrence import is_ongoing
from analyzer.findings.tallies import MOST_LINES, WIDE
from analyzer.findings.wording import format_percent, make_slug
from analyzer.logs.compare import Compared, SlotPair
from analyzer.logs.number_labels import find_words, label_numbers
from analyzer.logs.outcomes import find_outcomes
from analyzer.logs.requests import probes
from analyzer.logs.sketch import merge_slots
from analyzer.settings import Rules
from analyzer.target import ROLES

MIN_LINES = 20  # on each side that have the value
OF_LINES = 0.02  # of a container's lines: what is rarer is no work of its own
MOVED = 0.2  # of the canary's lines that have the value: a good part
MOSTLY = 0.5  # of the lines that have a value: where so many have none, it is lost
MANY_LINES = 2.0  # times as many lines as are due: each may tell of less
FORMS = 32  # of a template: more are names


@dataclass(frozen=True)
class Move:
    """What moved in one slot, by its name in words; `canary` and `stable` lines have a value there, as chance
    counts.
    """

    pair: LogPair
    row: Compared
    name: str
    slot: SlotMove
    canary: int
    stable: int

    @property
    def lost(self) -> bool:
        """Return whether most of the values are gone."""
        return self.slot.what == GONE and self.slot.share >= MOSTLY

    @property
    def holds(self) -> bool:
        """Return whether it is on a good part of the lines, and beyond chance."""
        share, usual = self.slot.share, self.slot.usual
        enough = share >= MOVED and usual <= max(SELDOM, share / RARER)
        return enough and hypergeometric_tail(*self.count()) < ALPHA

    def count(self) -> tuple[int, int, int, int]:
        """Return how many of how many lines moved, on the canary and on stable."""
        hits, others = round(self.slot.share * self.canary), round(self.slot.usual * self.stable)
        return hits, self.canary, others, self.stable

    def excess(self) -> float:
        """Return by how much of the container's lines it is more than on stable, at the least."""
        return sure_excess(*self.count()) * min(1.0, self.row.canary / max(1, self.pair.canary_lines))


def moved_values(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield, for each container, the value that moved on most lines, and how many others did."""
    for pair in pair_logs_after_start(evidence, rules):
        moves = sorted(
            _find_moves(pair, evidence),
            key=lambda move: (not move.lost, -move.slot.share * move.row.canary, move.row.template),
        )
        if moves:
            yield _make_finding(moves, evidence)


def _find_moves(pair: LogPair, evidence: Evidence) -> Iterator[Move]:
    due = find_due(pair, evidence)
    for row in pair.comparison:
        if row.level == "debug" or min(row.stable, row.canary) < MIN_LINES or probes(row.sample):
            continue
        if row.canary >= OF_LINES * pair.canary_lines:
            more = due.ratio > 0 and row.canary >= MANY_LINES * due.ratio * row.stable
            smaller = not more and not is_request_template(row)
            yield from _find_word_move(pair, row)
            yield from _find_slot_moves(pair, row, smaller=smaller)


def _find_word_move(pair: LogPair, row: Compared) -> Iterator[Move]:
    """Yield that a word of a template is another one: both sides have few, which come again and again."""
    if "<*>" not in row.template:
        return
    theirs, ours = ({group.template: group.count for group in pair.list_groups(row, role)} for role in ROLES)
    if ours and theirs and max(len(ours), len(theirs)) <= FORMS:
        found = find_new_word(ours, theirs)
        move = Move(pair, row, "a word", found, row.canary, row.stable) if found else None
        if move and move.holds:
            yield move


def _find_slot_moves(pair: LogPair, row: Compared, *, smaller: bool) -> Iterator[Move]:
    """Yield the slots that moved, those apart of which `shifted_slots` tells."""
    around = label_numbers(row.sample)
    known = find_outcomes([merge_slots([[slots.stable, slots.canary]])[0] for slots in row.slots], row.sample)
    for slots in row.slots:
        if slots.aligned and slots.name not in known:
            words = find_words(slots.name, around)
            yield from _find_slot_move(pair, row, slots, words, smaller=smaller)


def _find_slot_move(
    pair: LogPair, row: Compared, slots: SlotPair, words: Sequence[str], *, smaller: bool
) -> Iterator[Move]:
    """Yield the first move of a slot that holds."""
    canary, stable = (
        min(slot.total(), round(slot.sampled()), MOST_LINES) for slot in (slots.canary, slots.stable)
    )
    if min(canary, stable) >= MIN_LINES:
        name = " ".join(words)[:WIDE] or "a number"
        found = list_moves(slots, words, smaller=smaller)
        moves = (Move(pair, row, name, move, canary, stable) for move in found)
        yield from [move for move in moves if move.holds][:1]


def _make_finding(moves: Sequence[Move], evidence: Evidence) -> Finding:
    first = moves[0]
    pair, row, slot = first.pair, first.row, first.slot
    times = [value.last for value in slot.seen if value.last]
    seen = Compared(
        template="",
        level="unknown",
        stable=0,
        canary=round(slot.share * row.canary),
        first=row.first,
        last=max(times, default=row.last),
        sample="",
    )
    goes_on = is_ongoing([seen], pair.canary, evidence.window)
    end = "" if goes_on else describe_end([seen], pair.canary)
    more = f" (and {len(moves) - 1} more)" if len(moves) > 1 else ""
    kind = "measure-worse" if first.lost else "measure-doubt"
    return Finding(
        kind=kind,
        key=f"{kind}/{pair.container}/{make_slug(f'{first.name} {row.template}')}",
        sentence=f"container {pair.container} has {first.name} at {slot.what} on {format_percent(slot.share)}"
        f" of the lines that have it, stable on {format_percent(slot.usual)}{more}{end}: {row.template}",
        stable=f"{first.name} at {slot.what} on {format_percent(slot.usual)} of {row.stable:,} lines",
        canary=f"{first.name} at {slot.what} on {format_percent(slot.share)} of {row.canary:,} lines",
        ongoing=goes_on,
        share=round(slot.share, 4),
        excess=first.excess(),
        samples=(row.sample,),
    )


RULES: tuple[Rule, ...] = (Rule(moved_values, needs=(Logs,)),)
