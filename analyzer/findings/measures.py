"""Measures on both sides: by how much, how surely, and whether for the worse.

What is compared are ranks in log-spaced buckets: how often a value of the canary's is larger than one of
stable's, and by how much the medians differ. A tail counts as well: the share of values far beyond all of
stable's, and so does a measure that climbs within the window. Which way is worse hangs on the unit and the
name.
"""

from dataclasses import dataclass
from datetime import datetime

from analyzer.findings.directions import (
    TRIES,
    MeasureChange,
    MeasureDirection,
    falls,
    find_direction,
    is_stock,
)
from analyzer.findings.measure_sides import MeasureSides, find_far_end, find_floor, find_quantile, find_unit
from analyzer.findings.measure_times import (
    MORE,
    count_buckets,
    find_last,
    has_climbed,
    list_late,
    list_timed,
    recent_share,
)
from analyzer.logs.compare import SlotPair
from analyzer.logs.sketch import PER_OCTAVE, ZERO, Slot, Unit, find_middle

MIN_LINES, MAX_LINES = 20, 20_000  # lines of a side: fewer say nothing, and more say no more
BEYOND = 5.0  # standard errors of the ranks, 1 in a million: many slots are looked at
MUCH, HUGE = 10.0, 20.0  # times stable's median: for the worse; where no name says for what
MOSTLY, NEARLY_ALL = 0.8, 0.95  # of the pairs in which the canary's value is the larger
_FEW = 3  # different values of what is measured: fewer are set


@dataclass(frozen=True)
class Growth:
    """How much larger the canary's values are, or how much smaller where `shrinks`.

    `stable`, `canary` are medians, `factor` is that between them; `larger` is the share of pairs in which the
    canary's is. `tail` is the share of the canary's values far beyond stable's, 0 where that may be chance.
    `climbs`: they began as stable's are and ended beyond all of them. `recent` is how much of what is larger
    was seen at the end of the log, and `last` when the last of it was, where that is known. `varied`: both
    sides have several values. `much` is the factor that matters.
    """

    direction: MeasureDirection
    unit: Unit
    stable: float
    canary: float
    factor: float
    larger: float
    tail: float
    recent: float
    varied: bool
    climbs: bool = False
    shrinks: bool = False
    much: float = MUCH
    last: datetime | None = None

    @property
    def whole(self) -> bool:
        """Return whether most of the canary's values are much larger, and not only a tail."""
        return self.factor >= self.much and self.larger >= MOSTLY

    @property
    def bad(self) -> bool:
        """Return whether it is worse, and by much."""
        return self.direction == "worse" and (bool(self.tail) or self.whole or self.climbs)

    @property
    def doubtful(self) -> bool:
        """Return whether it is so much that it may be bad, where nothing says what it measures; or as much as
        one unit is in another, so that the unit may have changed.
        """
        return (
            self.direction == "unknown" and self.varied and self.factor >= HUGE and self.larger >= NEARLY_ALL
        )


def measure_growth(
    pair: SlotPair,
    words: tuple[str, ...],
    since: datetime | None,
    *,
    request: bool = False,
    rate: bool = False,
) -> Growth | None:
    """Return how much worse one slot is on the canary, beyond chance: larger, or smaller where it is a share
    that is better large, how much is done in a time (`rate`), or what is left of a stock. None where it is
    not, or where nothing can be said. `since` is when the end of the canary's log begins, that says whether
    it goes on. `request`: the line tells of one, and so perhaps how long it took.
    """
    unit = find_unit(pair.canary)
    ours, theirs = count_buckets(pair.canary, unit), count_buckets(pair.stable, unit)
    n, m = (
        min(sum(side.values()), round(slot.sampled()), MAX_LINES)
        for side, slot in ((ours, pair.canary), (theirs, pair.stable))
    )
    if min(n, m) < MIN_LINES or sum(ours.values()) * 2 < pair.canary.total():
        return None
    sides = MeasureSides(unit, ours, theirs, n, m, find_floor(unit, words, ours, theirs, request=request))
    if falls(words, unit) or rate:
        fallen = _shrunk(sides, pair.canary, since)
        if fallen is not None or not rate:
            return fallen
    spent = _shrunk(sides, pair.canary, since) if not unit and is_stock(words) else None
    if spent is not None and not spent.canary:
        return spent
    return _grown(sides, pair.canary, words, since, request=request)


def _grown(
    sides: MeasureSides, slot: Slot, words: tuple[str, ...], since: datetime | None, *, request: bool
) -> Growth | None:
    ours, theirs, larger = sides.ours, sides.theirs, sides.larger()
    tail, far = find_far_end(ours, theirs, sides.floor, sides.n, sides.m)
    high, low = sides.medians()
    factor = 2.0 ** ((high - low) / PER_OCTAVE)
    most = max(sides.floor, find_quantile(theirs, 0.95))
    climbs = has_climbed(slot, sides.unit, most, since)
    shifted = sides.beyond(larger) >= BEYOND and factor >= MORE
    if not tail and not climbs and not shifted:
        return None
    over = far - 1 if tail and not shifted else most  # where all of it is larger, its far end alone may rest
    return Growth(
        direction=find_direction(
            sides.unit,
            words,
            MeasureChange(factor, find_middle(high), zeroes=ZERO in theirs, request=request),
        ),
        unit=sides.unit,
        stable=find_middle(find_quantile(theirs, 0.5)),
        canary=find_middle(find_quantile(ours, 0.5)),
        factor=factor,
        larger=larger,
        tail=tail,
        recent=recent_share(slot, sides.unit, over, since),
        last=find_last(slot, sides.unit, over),
        varied=min(len(ours), len(theirs)) >= _FEW,
        climbs=climbs,
        much=MUCH if TRIES.isdisjoint(words) or sides.unit else MORE,
    )


def _shrunk(sides: MeasureSides, slot: Slot, since: datetime | None) -> Growth | None:
    """Return the same of a share that should be large: a third of stable's, or less, for nearly all."""
    smaller = 1 - sides.larger()
    high, low = sides.medians()
    factor = 2.0 ** ((low - high) / PER_OCTAVE)
    if sides.beyond(smaller) < BEYOND or factor < MORE or smaller < NEARLY_ALL:
        return None
    late = list_late(list(list_timed(slot, sides.unit)), since)
    low_ones = sum(count for at, count in late if at < find_quantile(sides.theirs, 0.05))
    return Growth(
        direction="worse",
        unit=sides.unit,
        stable=find_middle(find_quantile(sides.theirs, 0.5)),
        canary=find_middle(find_quantile(sides.ours, 0.5)),
        factor=factor,
        larger=smaller,
        tail=0.0,
        recent=low_ones / sum(count for _, count in late),
        varied=True,
        shrinks=True,
        much=MORE,
    )
