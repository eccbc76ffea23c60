"""The levels that a series goes through: where it changes from one to another."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import log

from analyzer.findings.series.noise import measure_levels

MAX_LEVELS = 4  # levels
SHORTEST, PART = 3, 20  # points of a level, and as which part of all
MIN_LEVEL_POINTS = 12  # points in which a change of level can be seen


def split_levels(values: Sequence[float], companions: Sequence[float], tail: float) -> tuple[int, ...]:
    """Return where the levels of a difference of two sides begin, and where the last one ends.

    Binary segmentation (A. J. Scott and M. Knott, Biometrics 30, 1974, 507): the likeliest change is kept
    while it is sure, that is, while noise makes it with a chance of at most `tail`. One change alone may not
    be sure where the level comes back, so two at once are looked at as well (A. B. Olshen et al.,
    Biostatistics 5, 2004, 557). `companions` are the sides' sums.
    """
    cuts: tuple[int, ...] = (0, len(values))
    if len(values) < MIN_LEVEL_POINTS:
        return cuts
    shortest = max(SHORTEST, len(values) // PART)
    while len(cuts) <= MAX_LEVELS:
        changes = [
            (_certainty(values, companions, cuts, added, tail), added)
            for part in pairwise(cuts)
            for added in _changes(values, part, shortest)
            if len(cuts) + len(added) <= MAX_LEVELS + 1
        ]
        certainty, added = max(changes, default=(0.0, ()))
        if certainty <= 1:
            break
        cuts = tuple(sorted((*cuts, *added)))
    return cuts


def groups_of(values: Sequence[float], cuts: Sequence[int]) -> list[Sequence[float]]:
    """Return the values between each cut and the next."""
    return [values[begin:end] for begin, end in pairwise(cuts)]


def _changes(values: Sequence[float], part: tuple[int, int], shortest: int) -> Iterator[tuple[int, ...]]:
    """Yield the likeliest changes within a part, and the likeliest two of which one is."""
    begin, end = part
    length = _likeliest(values[begin:end], shortest)
    if not length:
        return
    at = begin + length
    yield (at,)
    jump = begin + _largest_jump(values[begin:end], shortest)
    if jump != at:
        yield (jump,)
    for first, last in ((begin, at), (at, end)):
        other = _likeliest(values[first:last], shortest)
        if other:
            yield tuple(sorted((at, first + other)))


def _certainty(
    values: Sequence[float],
    companions: Sequence[float],
    cuts: Sequence[int],
    added: Sequence[int],
    tail: float,
) -> float:
    """Return how sure the least added change is, beside one that noise makes with a chance of `tail`."""
    after = sorted((*cuts, *added))
    levels = measure_levels(groups_of(values, after), groups_of(companions, after))
    changes = [levels.change(number) for number, begin in enumerate(after[:-1]) if begin in added]
    chances = [min(change.chance_below(0.0), change.turned().chance_below(0.0)) for change in changes]
    return log(max(*chances, 1e-300)) / log(tail)


def _likeliest(values: Sequence[float], shortest: int) -> int:
    """Return before which value the level changes, by least squares; 0 where there are too few of them."""
    n, sums = len(values), [0.0, *accumulate(values)]
    mean = sums[n] / n
    places = range(shortest, n - shortest + 1)
    return max(places, key=lambda at: (sums[at] - mean * at) ** 2 / (at * (n - at)), default=0)


def _largest_jump(values: Sequence[float], shortest: int) -> int:
    """Return before which value the points differ most from those just before: where the noise of neighbours
    is alike, a change of level shows there most.
    """
    sums = [0.0, *accumulate(values)]
    return max(
        range(shortest, len(values) - shortest + 1),
        key=lambda at: abs(sums[at + SHORTEST] - 2 * sums[at] + sums[at - SHORTEST]),
    )
