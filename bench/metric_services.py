"""A third generator of made series: the metrics that services have, with what happens to their scrapes.

bench/metric_families.py and bench/metric_shapes.py add noise to a level. Here a point is what an exporter would
count: a percentile of lognormal latencies, a Poisson count, a share of failed requests near 0, CPU under its limit,
an integer queue, the rate of a counter that is reset, over windows that overlap, that counter itself, or memory in
whole pages. Some of the cases have gaps, a canary that starts later, a spike of its start, or a season that both
sides share. A case has 20 points up to as many as are asked. An effect is as large beside the kind's own noise as
that of the eleven families beside theirs; on memory, which hardly scatters, it is as large as theirs.

Seeds from 700,000 on are `scored`: no constant was chosen with them, and they are run when a change is done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log, pi, sin, sqrt
from random import Random
from statistics import NormalDist
from typing import Literal

from metric_families import Case, Metric

Kind = Literal["latency", "count", "error share", "cpu", "queue", "counter's rate", "counter", "memory"]
KINDS: tuple[Kind, ...] = (
    "latency",
    "count",
    "error share",
    "cpu",
    "queue",
    "counter's rate",
    "counter",
    "memory",
)
FEWEST = 20  # points
TYPICAL = 0.045  # the scatter that an effect's size is meant beside, as a share of the level
SOMETIMES = 0.25  # how many of the cases have each of: gaps, a late start, a spike of the start, a season
WINDOW = 4  # scrapes that a rate reaches over
PAGE = 4096.0  # bytes
P95 = 0.95

Effect = Callable[[Random, int], list[float]]  # how much higher, as a share of the level


def _flat(_: Random, points: int) -> list[float]:
    return [0.0] * points


def _by(low: float, high: float) -> Effect:
    return lambda source, points: [source.uniform(low, high)] * points


def _from(source: Random, points: int, early: float, late: float) -> int:
    return min(points - 3, round(source.uniform(early, late) * points))


def _healed(source: Random, points: int) -> list[float]:
    """Rise by 40 to 150 % at once, for 10 to 30 % of the time, and fall back over up to three points."""
    begin, high = _from(source, points, 0, 0.15), source.uniform(0.4, 1.5)
    end = begin + max(2, round(source.uniform(0.1, 0.3) * points))
    fade = source.choice((0.0, 0.0, 0.3))
    return [
        0.0 if at < begin else high if at < end else high * fade ** (at - end + 1) for at in range(points)
    ]


def _tail(source: Random, points: int) -> list[float]:
    """Let 15 to 30 % of the points stand out by 30 to 90 %, in runs of one to three."""
    values = [0.0] * points
    wanted = max(3, round(source.uniform(0.15, 0.30) * points))
    while sum(map(bool, values)) < wanted:
        begin, high = source.randrange(points), source.uniform(0.3, 0.9)
        for at in range(begin, min(points, begin + source.choice((1, 1, 2, 3)))):
            values[at] = high
    return values


def _late_drift(source: Random, points: int) -> list[float]:
    """Rise from 55 to 70 % of the time on to 20 to 40 % at the end, on a line or a curve."""
    begin, high = _from(source, points, 0.55, 0.70), source.uniform(0.2, 0.4)
    bend = source.uniform(0.8, 1.4)
    return [high * max(0.0, (at - begin) / (points - 1 - begin)) ** bend for at in range(points)]


def _partial(source: Random, points: int) -> list[float]:
    """Rise by 50 to 120 % for the first 20 to 40 % of the time, and stay 10 to 20 % higher."""
    end, high, rest = _from(source, points, 0.2, 0.4), source.uniform(0.5, 1.2), source.uniform(0.1, 0.2)
    return [high if at < end else rest for at in range(points)]


def _late_step(source: Random, points: int) -> list[float]:
    """Step up by 20 to 40 % for the last 15 to 30 % of the time."""
    begin, high = _from(source, points, 0.70, 0.85), source.uniform(0.2, 0.4)
    return [high if at >= begin else 0.0 for at in range(points)]


@dataclass(frozen=True)
class Family:
    """What the canary does; of both sides: how many times as loud they are, and whether they move together."""

    faulty: bool
    effect: Effect
    variance: tuple[float, float] = (1.0, 1.0)  # of the canary's noise, beside stable's
    metrics: int = 1
    loud: tuple[float, float] = (1.0, 1.0)
    moving: bool = False


SERVED: dict[str, Family] = {
    "as before": Family(False, _flat),
    "both loud": Family(False, _flat, loud=(2.0, 4.0)),
    "both move": Family(False, _flat, moving=True),
    "improved": Family(False, _by(-0.45, -0.05)),
    "bad start, healed": Family(False, _healed),
    "worse": Family(True, _by(0.25, 0.45)),
    "wider": Family(True, _flat, variance=(6.0, 10.0)),
    "outliers": Family(True, _tail),
    "creeping late": Family(True, _late_drift),
    "three a little": Family(True, _by(0.03, 0.05), metrics=3),
    "a little worse": Family(True, _by(0.06, 0.08)),
    "partly healed": Family(True, _partial),
    "stepped late": Family(True, _late_step),
}


@dataclass(frozen=True)
class _Measure:
    """What a metric is: its level, its noise as a share of it, and what a kind needs besides."""

    kind: Kind
    level: float
    scatter: float
    size: float = 0.0  # requests of a point, or bytes
    lag: float = 0.0


@dataclass(frozen=True)
class _Scrapes:
    """After how many points the canary starts, whether its start shows in the first, and whether some are lost."""

    late: int
    spike: bool
    gaps: bool


def make_served(name: str, kind: Kind, most: int, seed: int) -> Case:
    """Return the case of a family's name, a kind, the most points and a seed."""
    family, source = SERVED[name], Random(f"served {name}/{kind}/{most}/{seed}")
    points = round(exp(source.uniform(log(FEWEST), log(most))))
    late = round(source.uniform(0.05, 0.3) * points) if source.random() < SOMETIMES else 0
    scrapes = _Scrapes(late, *(source.random() < SOMETIMES for _ in range(2)))
    common = _make_common(family, points, source, season=source.random() < SOMETIMES)
    metrics = tuple(_make_metric(family, kind, common, scrapes, source) for _ in range(family.metrics))
    return Case(name, family.faulty, metrics)


def _make_common(family: Family, points: int, source: Random, *, season: bool) -> list[float]:
    """Return the factors of the level that both sides share: a season, and a step where both move."""
    height, phase, turns = source.uniform(0.1, 0.3), source.uniform(0, 2 * pi), source.uniform(0.1, 1.5)
    at_step, step = _from(source, points, 0.3, 0.8), source.choice((0.6, 1.4, 1.8))
    return [
        (1 + season * height * sin(phase + 2 * pi * turns * at / points))
        * (step if family.moving and at >= at_step else 1.0)
        for at in range(points)
    ]


def _make_metric(
    family: Family, kind: Kind, common: Sequence[float], scrapes: _Scrapes, source: Random
) -> Metric:
    measure, points = _draw_measure(kind, source), len(common)
    loud, wider = source.uniform(*family.loud), source.uniform(*family.variance)
    size = 1.0 if kind == "memory" else measure.scatter / TYPICAL
    effect = [size * one for one in family.effect(source, points - scrapes.late)]
    if scrapes.spike:
        for at in range(source.randint(1, 3)):
            effect[at] += size * source.uniform(0.5, 3)
    canary = [1.0] * scrapes.late + [max(0.05, 1 + one) for one in effect]
    sides = [
        _measure_points(
            measure,
            [measure.level * both * factor for both, factor in zip(common, factors, strict=True)],
            loud * variance,
            source,
        )
        for factors, variance in (([1.0] * points, 1.0), (canary, wider))
    ]
    seen = [_lose_points(side, source) if scrapes.gaps else list(side) for side in sides]
    return Metric(tuple(seen[0]), (*[None] * scrapes.late, *seen[1][scrapes.late :]))


def _draw_measure(kind: Kind, source: Random) -> _Measure:
    if kind == "latency":
        requests, shape = source.uniform(60, 600), source.uniform(0.25, 0.6)
        normal = NormalDist()
        wide = shape * sqrt(P95 * (1 - P95) / requests) / normal.pdf(normal.inv_cdf(P95))
        return _Measure(kind, 10 ** source.uniform(-2, 3), wide, requests)
    if kind in ("count", "counter's rate", "counter"):
        level = 10 ** source.uniform(1.3, 3.3)
        return _Measure(kind, level, 1 / sqrt(level))
    if kind == "error share":
        failed, share = 10 ** source.uniform(-0.7, 1.0), 10 ** source.uniform(-3.3, -1.7)
        return _Measure(kind, share, sqrt((1 - share) / failed), round(failed / share))
    if kind == "cpu":
        return _Measure(
            kind, source.uniform(0.2, 0.7), source.uniform(0.03, 0.08), lag=source.uniform(0, 0.7)
        )
    if kind == "queue":
        level = 10 ** source.uniform(-0.3, 1.3)
        return _Measure(kind, level, 1 / sqrt(level), lag=source.uniform(0, 0.4))
    return _Measure(kind, 10 ** source.uniform(7, 9.5), source.uniform(1e-5, 2e-3))


def _measure_points(
    measure: _Measure, means: Sequence[float], variance: float, source: Random
) -> Sequence[float | None]:
    """Return a side's points, given the mean of each, and how many times as large the noise's variance is."""
    noise = _make_noise(measure.lag, len(means), source)
    if measure.kind in ("cpu", "memory"):
        wide = measure.level * measure.scatter * sqrt(variance)
        points = [mean + wide * one for mean, one in zip(means, noise, strict=True)]
        if measure.kind == "cpu":
            return [min(1.0, max(0.0, point)) for point in points]
        return [PAGE * round(point / PAGE) for point in points]
    if measure.kind == "latency":
        return [mean * exp(sqrt(variance) * _percentile_off(measure, source)) for mean in means]
    if measure.kind == "error share":
        asked = int(measure.size)
        return [min(asked, _poisson(asked * min(1.0, mean), variance, source)) / asked for mean in means]
    loads = [
        mean * max(0.0, 1 + measure.lag * measure.scatter * one)
        for mean, one in zip(means, noise, strict=True)
    ]
    counts = [float(_poisson(load, variance, source)) for load in loads]
    if measure.kind in ("count", "queue"):
        return counts
    return _count_on(counts, source, rate=measure.kind == "counter's rate")


def _count_on(counts: list[float], source: Random, *, rate: bool) -> list[float]:
    """Return a counter that is reset up to twice, or its increase by point over the last scrapes as `rate` has it."""
    resets = {source.randrange(1, len(counts)) for _ in range(source.choice((0, 0, 1, 2)))}
    for at in resets:  # what was counted between the last scrape and the reset is lost
        counts[at] *= source.random()
    if rate:
        return [
            sum(counts[max(0, at - WINDOW + 1) : at + 1]) / min(WINDOW, at + 1) for at in range(len(counts))
        ]
    total, values = 10 ** source.uniform(0, 6) if source.random() < 0.5 else 0.0, []
    for at, count in enumerate(counts):
        total = count if at in resets else total + count
        values.append(float(round(total)))
    return values


def _lose_points(points: Sequence[float | None], source: Random) -> list[float | None]:
    """Return the points with some runs of them lost: scrapes that failed, or 0/0."""
    kept = list(points)
    for _ in range(source.randint(1, 4)):
        begin = source.randrange(len(kept))
        for at in range(begin, min(len(kept), begin + source.randint(1, max(1, len(kept) // 15)))):
            kept[at] = None
    return kept


def _percentile_off(measure: _Measure, source: Random) -> float:
    """Return how far a percentile of so many lognormal latencies is from its own, as a logarithm: an order statistic of
    uniform draws has a beta distribution.
    """
    place = round(P95 * measure.size)
    drawn = source.betavariate(place, measure.size - place + 1)
    normal = NormalDist()
    shape = measure.scatter * sqrt(measure.size / (P95 * (1 - P95))) * normal.pdf(normal.inv_cdf(P95))
    return shape * (normal.inv_cdf(min(max(drawn, 1e-9), 1 - 1e-9)) - normal.inv_cdf(P95))


def _poisson(mean: float, variance: float, source: Random) -> int:
    """Return a count of that mean, whose variance is so many times the mean: 1 is Poisson's, more has a gamma mean."""
    if variance > 1.01 and mean > 0:
        shape = mean / (variance - 1)
        mean = source.gammavariate(shape, mean / shape)
    if mean > 200:
        return max(0, round(source.gauss(mean, sqrt(mean))))
    count, left = 0, mean - source.expovariate(1)
    while left > 0:
        count, left = count + 1, left - source.expovariate(1)
    return count


def _make_noise(lag: float, points: int, source: Random) -> list[float]:
    """Return noise of mean 0 and standard deviation 1, with the correlation of neighbours."""
    return list(
        accumulate(
            (source.gauss(0, 1) for _ in range(points)),
            lambda before, one: lag * before + sqrt(1 - lag * lag) * one,
        )
    )
