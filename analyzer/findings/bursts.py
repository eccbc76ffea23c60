"""How many lines come at a time, by how unevenly they come: chance does more to what comes in bursts.

The index of dispersion, variance by mean, is 1 for counts of lines that come each by itself (Poisson), and of
bursts their mean size (D. R. Cox and P. A. W. Lewis, The Statistical Analysis of Series of Events, 1966, 4).
It is taken over spans of several lengths, since bursts may be long, and between pods, since connections may
last.
"""

from collections.abc import Iterator, Sequence
from statistics import NormalDist

from analyzer.findings.rates import BURST

PodCounts = Sequence[float]  # of one pod, by the span

SURE = 0.999  # of counts that come each by itself, so many lie within the bound
MIN_FREEDOM = (
    10  # degrees of freedom that tell bursts of `BURST` from single lines: of fewer, bursts are assumed
)
BLOCKS = 4  # that a length has in a row at the least


def estimate_burst(rows: Sequence[PodCounts]) -> float:
    """Return how many lines come at a time, from 1 to `BURST`: 1 where nothing tells of bursts and enough is
    there to tell, `BURST` where too little is.
    """
    tables = [*_over_time(rows), *_between(rows)]
    if max((freedom for _, freedom in tables), default=0) < MIN_FREEDOM:
        return BURST
    return min(BURST, max(_dispersion(*table) for table in tables))


def estimate_unevenness(rows: Sequence[PodCounts]) -> float:
    """Return the same of whole pods beside each other: 1 where chance explains how far apart they are."""
    return min(BURST, max((_dispersion(*table) for table in _between(rows)), default=1.0))


def _dispersion(squares: float, freedom: int) -> float:
    """Return variance by mean, and 1 where chance explains it."""
    return squares / freedom if squares > _bound(freedom) else 1.0


def _bound(freedom: int) -> float:
    """Return the quantile of chi-squared (E. B. Wilson and M. M. Hilferty, Proc. Natl. Acad. Sci. 17, 1931,
    684).
    """
    part = 2 / (9 * freedom)
    cube: float = (1 - part + NormalDist().inv_cdf(SURE) * part**0.5) ** 3
    return freedom * cube


def _over_time(rows: Sequence[PodCounts]) -> Iterator[tuple[float, int]]:
    """Yield, for each length of a block of spans, the sum of squares and its degrees of freedom."""
    length = 1
    while True:
        blocks = [_blocks(row, length) for row in rows if len(row) >= BLOCKS * length]
        if not blocks:
            return
        seen = [row for row in blocks if any(row)]  # the first spans may be in no block
        if seen:
            yield sum(map(_squares, seen)), sum(len(row) - 1 for row in seen)
        length *= 2


def _between(rows: Sequence[PodCounts]) -> Iterator[tuple[float, int]]:
    """Yield the same of the pods beside each other, in the spans that all of them have."""
    common = min(map(len, rows), default=0)
    totals = [sum(row[-common:]) for row in rows] if common else []
    if len(totals) > 1 and any(totals):
        yield _squares(totals), len(totals) - 1


def _blocks(row: PodCounts, length: int) -> list[float]:
    first = len(row) % length
    return [sum(row[start : start + length]) for start in range(first, len(row), length)]


def _squares(counts: PodCounts) -> float:
    """Return the sum of the squared differences from the mean, by the mean."""
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts) / mean
