"""The points of both sides that have the same time, and of a counter its increases."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from analyzer.evidence.figures import QueryFigures

FEWEST_COUNTED = 12  # points in which a counter can be told
MOST_FALLS = 8  # one step of so many may be a reset
FRESH = 2.0  # usual increases, from which down a first count says that the counter began just before
TURNS_BACK = -0.2  # the correlation of neighbouring steps: -0.5 around a level, 0 of a sum


@dataclass(frozen=True)
class Pairs:
    """Both sides' points of the same times."""

    times: tuple[datetime, ...]
    stable: tuple[float, ...]
    canary: tuple[float, ...]
    counter: bool = False  # of which these are the increases

    def at(self, times: Collection[datetime]) -> "Pairs":
        """Return the points of these times alone."""
        kept = [index for index, at in enumerate(self.times) if at in times]
        return Pairs(
            tuple(self.times[index] for index in kept),
            tuple(self.stable[index] for index in kept),
            tuple(self.canary[index] for index in kept),
        )


def pair_points(stable: QueryFigures, canary: QueryFigures, *, as_zero: bool) -> Pairs:
    """Return the points of both sides that have the same time. `as_zero`: what is no number counts as 0.

    Where both have the same step, the canary's times are moved by at most half of it, so that clocks that
    differ by less keep no points apart.
    """
    skew = _skew(stable, canary)
    theirs = _by_time(stable, timedelta(), as_zero=as_zero)
    mine = _by_time(canary, skew, as_zero=as_zero)
    times = tuple(sorted(theirs.keys() & mine.keys()))
    return Pairs(times, tuple(theirs[at] for at in times), tuple(mine[at] for at in times))


def _skew(stable: QueryFigures, canary: QueryFigures) -> timedelta:
    """Return how much later the canary's times are than the nearest of stable's."""
    assert stable.start is not None
    assert canary.start is not None
    apart = canary.start - stable.start
    step = timedelta(seconds=stable.step)
    return apart - round(apart / step) * step if stable.step == canary.step else timedelta()


def _by_time(figures: QueryFigures, skew: timedelta, *, as_zero: bool) -> dict[datetime, float]:
    assert figures.start is not None
    start = figures.start - skew
    return {
        start + timedelta(seconds=at * figures.step): point or 0.0
        for at, point in enumerate(figures.points)
        if point is not None or as_zero
    }


def judged_points(stable: QueryFigures, canary: QueryFigures, *, as_zero: bool) -> Pairs:
    """Return the points of both sides that have the same time; of a counter its increase from each to the
    next.

    Two counters asked without `rate` differ by what they counted before, and their difference walks at
    random. They are told by rising on both sides where they change, but for a reset, and by counting from
    near 0, or by a difference that walks.
    """
    pairs = pair_points(stable, canary, as_zero=as_zero)
    if as_zero or len(pairs.times) < FEWEST_COUNTED or not _are_counters(pairs):
        return pairs
    theirs, mine = (_increases(side) for side in (pairs.stable, pairs.canary))
    seconds = [(after - before).total_seconds() for before, after in pairwise(pairs.times)]
    steps = [one / median(seconds) for one in seconds]
    return Pairs(
        pairs.times[1:],
        tuple(more / long for more, long in zip(theirs, steps, strict=True)),
        tuple(more / long for more, long in zip(mine, steps, strict=True)),
        counter=True,
    )


def _are_counters(pairs: Pairs) -> bool:
    sides = (pairs.stable, pairs.canary)
    return all(map(_rises, sides)) and (any(map(_begins, sides)) or _walks_apart(pairs))


def _begins(side: Sequence[float]) -> bool:
    """Return whether a side counts from near 0, at first or after a reset."""
    near = FRESH * median(_increases(side))
    return side[0] <= near or any(after < before and after <= near for before, after in pairwise(side))


def _walks_apart(pairs: Pairs) -> bool:
    """Return whether the sides' difference goes on from where it is, as a sum does. Around a level its steps
    turn back.
    """
    apart = [a - b for a, b in zip(_increases(pairs.canary), _increases(pairs.stable), strict=True)]
    middle = sum(apart) / len(apart)
    rest = [one - middle for one in apart]
    squares, neighbours = sum(one * one for one in rest), sum(a * b for a, b in pairwise(rest))
    return squares > 0 and neighbours > TURNS_BACK * squares


def _rises(side: Sequence[float]) -> bool:
    """Return whether a side is never negative, falls seldom and rises at half of its steps or more."""
    steps = list(pairwise(side))
    falls, rises = sum(b < a for a, b in steps), sum(b > a for a, b in steps)
    return min(side) >= 0 and MOST_FALLS * falls <= len(steps) and 2 * rises >= len(steps)


def _increases(side: Sequence[float]) -> list[float]:
    """Return how much a counter counted from each point to the next: after a reset all of it, as `increase`
    has it.
    """
    return [after - before if after >= before else after for before, after in pairwise(side)]
