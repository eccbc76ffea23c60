"""What the lines of a container say of how things ended, on both sides: one tally for all its requests, one
for each template of them, and one for each other slot that tells of an end.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from analyzer.findings.chance import hypergeometric_tail
from analyzer.findings.failing import fails
from analyzer.logs.compare import Compared, SlotPair
from analyzer.logs.digest import ERRORS
from analyzer.logs.number_labels import label_numbers
from analyzer.logs.outcome_values import End, OutcomeKind, count_values, read_end
from analyzer.logs.outcomes import SlotOutcome, find_outcomes, is_said
from analyzer.logs.requests import probes
from analyzer.logs.sketch import Slot, SlotValue, merge_slots
from analyzer.logs.slot_names import FAILING

VALUES, WIDE = 5, 40  # shown of one slot, and characters of a name or a value
MOST_LINES = (
    20_000  # lines that chance is reckoned with: more of the same share are beyond doubt, and take longer
)
_CLASS = re.compile(r"(?<!\w)[1-5]xx\b")  # how a template tells the class of a status that masking knows
_ANSWERS: tuple[OutcomeKind, ...] = ("http", "grpc")
COUNTS: tuple[OutcomeKind, ...] = ("count", "done", "found")  # of which it matters whether they are 0


@dataclass(frozen=True)
class SideTally:
    """What one side's lines say: as many as `lines`, worth `sampled` of equal weight."""

    kind: OutcomeKind
    values: tuple[SlotValue, ...]
    lines: int
    sampled: float

    def of(self, which: End) -> tuple[SlotValue, ...]:
        """Return the values that say so."""
        return tuple(value for value in self.values if read_end(self.kind, value.text) == which)

    def share(self, which: End) -> float:
        """Return the share of the lines that say so."""
        return sum(value.count for value in self.of(which)) / self.lines if self.lines else 0.0

    def hits(self, which: End) -> tuple[int, int]:
        """Return how many of how many, as chance counts: no more than were looked at."""
        total = min(self.lines, round(self.sampled), MOST_LINES)
        return min(total, round(self.share(which) * total)), total

    def words(self, name: str) -> str:
        """Return the values in words: "status 200 ×458, 500 ×229"."""
        if not self.lines:
            return f"no {name}".rstrip()
        values = _nothing_or_some(self.values) if self.kind in COUNTS else self.values
        most = sorted(values, key=lambda value: (-value.count, value.text))
        rest = f" and {len(most) - VALUES} other values" if len(most) > VALUES else ""
        about = "about " if round(self.sampled) < self.lines else ""
        shown = ", ".join(f"{value.text[:WIDE]} ×{about}{value.count:,}" for value in most[:VALUES])
        return f"{name} {shown}{rest}".lstrip()


def show_values(values: Iterable[SlotValue]) -> str:
    """Return the most frequent values."""
    return ", ".join(value.text[:WIDE] for value in sorted(values, key=lambda value: -value.count)[:3])


def _nothing_or_some(values: Iterable[SlotValue]) -> list[SlotValue]:
    """Return counts by whether they are 0."""
    counts = Counter[str]()
    for value in values:
        counts["0" if value.text == "0" else "above 0"] += value.count
    return [SlotValue(text=text, count=count) for text, count in counts.items()]


@dataclass(frozen=True)
class Tally:
    """One slot, or several that tell the same. `template` is empty where it is of a whole container;
    `classed` says that the text of a template has the class of the status, and `plain` that no line that
    has the slot is known for a failure by its level or its words.
    """

    outcome: SlotOutcome
    name: str
    template: str
    stable: SideTally
    canary: SideTally
    sample: str
    classed: bool
    plain: bool

    def chance(self, which: End) -> float:
        """Return the chance of so large a share of the canary's, if both sides had one (Fisher's exact test,
        one-sided).
        """
        return hypergeometric_tail(*self.canary.hits(which), *self.stable.hits(which))


@dataclass(frozen=True)
class _Place:
    """One slot of one template."""

    row: Compared
    pair: SlotPair
    outcome: SlotOutcome

    def failed(self) -> int:
        """Return how many of the canary's lines say that it failed."""
        values = count_values(self.pair.canary)
        return sum(value.count for value in values if read_end(self.outcome.kind, value.text) == "failed")


def tally_slots(rows: Sequence[Compared]) -> Iterator[Tally]:
    """Yield all of one container's rows. Where the text of templates has the class of the status, and those
    of failures are errors, other rules tell of them.
    """
    failing = [row for row in rows if "5xx" in row.template]
    known = bool(failing) and all(row.level in ERRORS for row in failing)
    places = list(_places([row for row in rows if row.slots and not (known and _CLASS.search(row.template))]))
    answers = [place for place in places if place.outcome.kind in _ANSWERS]
    for kind in _ANSWERS:
        of_kind = list(_one_a_row(place for place in answers if place.outcome.kind == kind))
        if of_kind:
            yield _tally(of_kind, "")
        if len(of_kind) > 1:
            yield from (_tally([place], place.row.template) for place in of_kind)
    others: dict[tuple[str, ...], list[_Place]] = defaultdict(list)
    for place in places:
        if place.outcome.kind not in _ANSWERS:
            alone = place.pair.name.startswith("#") or place.outcome.kind in COUNTS
            row = (place.row.level, place.row.template) if alone else ()
            others[place.outcome.kind, place.pair.name, *row].append(place)
    for group in others.values():
        yield _tally(group, group[0].row.template if len(group) == 1 else "")


def _one_a_row(places: Iterable[_Place]) -> Iterator[_Place]:
    """Return, of several statuses of one line (the proxy's, the server's), the one that fails most; of a
    probe's template none that both sides have.
    """
    rows: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    for place in places:
        rows[place.row.level, place.row.template].append(place)
    for same in rows.values():
        row = same[0].row
        if not (row.stable and probes(row.sample)):
            yield max(same, key=lambda place: (place.failed(), not place.pair.name.startswith("#")))


def _places(rows: Sequence[Compared]) -> Iterator[_Place]:
    """Yield each slot that tells how something ended. A field is known by what it holds in all templates."""
    fields: dict[str, list[Slot]] = defaultdict(list)
    for row in rows:
        for pair in row.slots:
            if not pair.name.startswith("#"):
                fields[pair.name] += (pair.stable, pair.canary)
    known = find_outcomes([_merged(slots) for slots in fields.values()], "")
    for row in rows:
        numbered = [_merged([pair.stable, pair.canary]) for pair in row.slots if pair.name.startswith("#")]
        outcomes = known | find_outcomes(numbered, row.sample)
        for pair in row.slots:
            outcome = outcomes.get(pair.name)
            if outcome:
                sure = outcome.sure or is_said(outcome, row.sample)
                yield _Place(row, pair, outcome._replace(sure=sure))


def _tally(places: Sequence[_Place], template: str) -> Tally:
    outcome = places[0].outcome._replace(sure=any(place.outcome.sure for place in places))
    telling = max(places, key=lambda place: (place.failed(), place.row.canary))
    named = sorted({place.pair.name.strip() for place in places if not place.pair.name.startswith("#")})
    return Tally(
        outcome=outcome,
        name=named[0][:WIDE] if named else _called(outcome.kind, telling),
        template=template,
        stable=_side(outcome.kind, [place.pair.stable for place in places]),
        canary=_side(outcome.kind, [place.pair.canary for place in places]),
        sample=telling.row.sample,
        classed=any(_CLASS.search(place.row.template) for place in places),
        plain=not any(fails(place.row) or place.row.level == "debug" for place in places),
    )


def _called(kind: OutcomeKind, place: _Place) -> str:
    """Return a name for a number of a text."""
    if kind == "count":
        names = label_numbers(place.row.sample)[place.pair.name].words
        return " ".join(word for word in names if word in FAILING)
    if kind == "done":
        return "count of what was done"
    if kind == "reply":
        return "reply"
    return {"exit": "exit code", "return": "returned value"}.get(kind, "status")


def _side(kind: OutcomeKind, slots: Sequence[Slot]) -> SideTally:
    merged = _merged(slots)
    return SideTally(kind, count_values(merged), merged.total() - merged.other, merged.sampled())


def _merged(slots: Sequence[Slot]) -> Slot:
    name = slots[0].name
    return merge_slots([[replace(slot, name=name) for slot in slots]])[0]
