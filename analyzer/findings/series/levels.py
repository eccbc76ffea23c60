"""The levels that a series goes through: where it changes from one to another."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import inf, sqrt

from analyzer.findings.series.noise import level_of, measure_noise
from analyzer.findings.series.student import quantile

MOST = 4  # levels
SHORTEST = 3  # points of a level
FEWEST = 12  # points in which a change of level can be seen


def split_levels(values: Sequence[float], companions: Sequence[float], tail: float) -> tuple[int, ...]:
    """Return where the levels of a difference of two sides begin, and where the last one ends.

    Binary segmentation (A. J. Scott and M. Knott, Biometrics 30, 1974, 507): the likeliest change is kept while
    it is sure, that is, while noise makes it with a chance of at most `tail`. One change alone may not be sure
    where the level comes back, so two at once are looked at as well (A. B. Olshen et al., Biostatistics 5, 2004,
    557). `companions` are the sides' sums.
    """
    cuts: tuple[int, ...] = (0, len(values))
    if len(values) < FEWEST:
        return cuts
    while len(cuts) <= MOST:
        changes = [
            (_certainty(values, companions, cuts, added, tail), added)
            for part in pairwise(cuts)
            for added in _changes(values, part)
            if len(cuts) + len(added) <= MOST + 1
        ]
        certainty, added = max(changes, default=(0.0, ()))
        if certainty <= 1:
            break
        cuts = tuple(sorted((*cuts, *added)))
    return cuts


def groups_of(values: Sequence[float], cuts: Sequence[int]) -> list[Sequence[float]]:
    """Return the values between each cut and the next."""
    return [values[begin:end] for begin, end in pairwise(cuts)]


def _changes(values: Sequence[float], part: tuple[int, int]) -> Iterator[tuple[int, ...]]:
    """Yield the likeliest change within a part, and the likeliest two of which it is one."""
    begin, end = part
    length = _likeliest(values[begin:end])
    if not length:
        return
    at = begin + length
    yield (at,)
    for first, last in ((begin, at), (at, end)):
        other = _likeliest(values[first:last])
        if other:
            yield tuple(sorted((at, first + other)))


def _certainty(
    values: Sequence[float],
    companions: Sequence[float],
    cuts: Sequence[int],
    added: Sequence[int],
    tail: float,
) -> float:
    """Return the size of the least of the added changes, in what noise makes with a chance of `tail`."""
    after = sorted((*cuts, *added))
    groups = groups_of(values, after)
    noise = measure_noise(groups, groups_of(companions, after))
    certainty = inf
    for begin, (before, now) in zip(after[1:], pairwise(groups), strict=False):
        if begin in added:
            change = abs(level_of(before) - level_of(now))
            error = sqrt(noise.error(len(before)) ** 2 + noise.error(len(now)) ** 2)
            likely = error * quantile(tail, noise.freedom)
            certainty = min(certainty, _ratio(change, likely))
    return certainty


def _likeliest(values: Sequence[float]) -> int:
    """Return before which value the level changes, by least squares; 0 where there are too few of them."""
    n, sums = len(values), [0.0, *accumulate(values)]
    mean = sums[n] / n
    places = range(SHORTEST, n - SHORTEST + 1)
    return max(places, key=lambda at: (sums[at] - mean * at) ** 2 / (at * (n - at)), default=0)


def _ratio(change: float, likely: float) -> float:
    if likely:
        return change / likely
    return inf if change else 0.0
