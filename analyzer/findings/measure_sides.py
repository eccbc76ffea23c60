"""A measure's values on both sides by bucket: their unit, ranks, quantiles and far ends."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from analyzer.findings.chance import hypergeometric_tail
from analyzer.findings.directions import SHARES
from analyzer.findings.quantiles import compute_larger, find_quantile
from analyzer.logs.sketch import PER_OCTAVE, ZERO, Unit, find_bucket
from analyzer.logs.slot_names import TIMES

TENFOLD = round(PER_OCTAVE * 3.33)  # buckets between a value and ten times as much
TAIL = 0.05  # of the canary's values, so many times beyond 99 % of stable's
_FLOOR: dict[Unit, float] = {"": 1.0, "s": 0.001, "B": 1024.0, "%": 1.0}  # less than that is as good as none
_PERCENT = 0.01


@dataclass(frozen=True)
class MeasureSides:
    """Both sides' values by bucket, how many count on each, and the bucket below which nothing matters."""

    unit: Unit
    ours: Counter[int]
    theirs: Counter[int]
    n: int
    m: int
    floor: int

    def larger(self) -> float:
        """Return the share of all pairs in which ours is the larger."""
        return compute_larger(self.ours, self.theirs)

    def beyond(self, larger: float) -> float:
        """Return how many standard errors above one half a share of pairs is."""
        return (larger - 0.5) / sqrt((self.n + self.m + 1) / (12 * self.n * self.m))

    def medians(self) -> tuple[int, int]:
        """Return our median and theirs, at least the floor."""
        ours, theirs = find_quantile(self.ours, 0.5), find_quantile(self.theirs, 0.5)
        return max(self.floor, ours), max(self.floor, theirs)


def find_floor(
    unit: Unit, words: Iterable[str], ours: Counter[int], theirs: Counter[int], *, request: bool
) -> int:
    """Return the bucket below which values are as good as none. Of a share that is written as a fraction, and
    of a number that is one on nearly all of stable's lines, so that it counts nothing, it is a hundredth; of
    what may be seconds without their unit, as a request's fractions may, a thousandth.
    """
    names, one = set(words), find_bucket(1.0)
    if not unit and names & SHARES and max(*ours, *theirs, ZERO) <= one:
        return find_bucket(_PERCENT)
    seconds = not unit and (request or names & TIMES) and ZERO < find_quantile(theirs, 0.5) < one
    if not unit and not seconds and find_quantile(theirs, 0.05) > ZERO and find_quantile(theirs, 0.95) < one:
        return find_bucket(_PERCENT)
    return find_bucket(_FLOOR["s" if seconds else unit])


def find_far_end(
    ours: Mapping[int, int], theirs: Mapping[int, int], floor: int, n: int, m: int
) -> tuple[float, int]:
    """Return the share of ours that is far beyond theirs, 0 where that is no more than chance; and where it
    begins.
    """
    far = max(floor, find_quantile(theirs, 0.99)) + TENFOLD
    share, usual = (
        sum(count for at, count in side.items() if at >= far) / sum(side.values()) for side in (ours, theirs)
    )
    hits, others = round(share * n), round(usual * m)
    beyond = hits >= 5 and hypergeometric_tail(hits, n, others, m) < 1e-4
    return (share if share >= TAIL and beyond else 0.0), far
