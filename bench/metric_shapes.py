"""A second generator of made series, with other shapes than bench/metric_families.py, to confirm what was chosen on that.

The noise has other distributions (gamma, counts, overlapping windows, an autocorrelation that is drawn for each
case), and the level goes ways of its own that both sides share (regimes, a random walk, a day with two peaks).
The effects come otherwise too: a warm-up fades, a late rise saturates, what stands out comes in bursts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, pi, sin, sqrt
from random import Random
from typing import Literal

from metric_families import Case, Metric

Shape = Literal["gamma", "counts", "overlap", "correlated", "regimes", "walk", "day", "rate"]
SHAPES: tuple[Shape, ...] = ("gamma", "counts", "overlap", "correlated", "regimes", "walk", "day", "rate")
OVERLAP = 4  # points that a window reaches over
CORRELATED = (0.2, 0.85)

Effect = Callable[[Random, int], list[float]]


@dataclass(frozen=True)
class Family:
    """What the canary does: factors of its level, how much wider it scatters, how loud both sides are."""

    faulty: bool
    effect: Effect
    wider: tuple[float, float] = (1.0, 1.0)
    metrics: int = 1
    scatter: tuple[float, float] = (0.03, 0.07)


def _flat(_: Random, points: int) -> list[float]:
    return [1.0] * points


def _shift(low: float, high: float) -> Effect:
    return lambda source, points: [1 + source.uniform(low, high)] * points


def _warm_up(source: Random, points: int) -> list[float]:
    """Begin 50 to 150 % higher, and halve that every 3 to 6 % of the time."""
    height, half = source.uniform(0.5, 1.5), source.uniform(0.03, 0.06) * points
    return [1 + height * 0.5 ** (at / half) for at in range(points)]


def _saturating(source: Random, points: int) -> list[float]:
    """Rise by 25 to 50 % along a logistic curve around 65 to 75 % of the time."""
    middle, height, wide = (
        source.uniform(0.65, 0.75) * points,
        source.uniform(0.25, 0.5),
        source.uniform(0.02, 0.05) * points,
    )
    return [1 + height / (1 + exp(-max(-50.0, min(50.0, (at - middle) / wide)))) for at in range(points)]


def _bursts(source: Random, points: int) -> list[float]:
    """Rise by 50 to 120 % for one to three points, 5 to 8 times in 31 points."""
    factors = [1.0] * points
    for _ in range(round(source.uniform(5, 8) * points / 31)):
        begin, height = source.randrange(points), 1 + source.uniform(0.5, 1.2)
        for at in range(begin, min(points, begin + source.randint(1, 3))):
            factors[at] = height
    return factors


def _ramp(source: Random, points: int) -> list[float]:
    """Rise steadily from 20 to 50 % of the time on, by 25 to 50 % at the end."""
    begin, height = source.uniform(0.2, 0.5) * points, source.uniform(0.25, 0.5)
    return [1 + height * max(0.0, at - begin) / (points - 1 - begin) for at in range(points)]


def _half_healed(source: Random, points: int) -> list[float]:
    """Begin 60 to 150 % higher, fade, and stay 15 to 25 % higher."""
    rest = source.uniform(0.15, 0.25)
    return [factor + rest for factor in _warm_up(source, points)]


def _late(source: Random, points: int) -> list[float]:
    begin, height = source.uniform(0.65, 0.82) * points, 1 + source.uniform(0.25, 0.5)
    return [height if at >= begin else 1.0 for at in range(points)]


SHAPED: dict[str, Family] = {
    "same": Family(False, _flat),
    "same, loud": Family(False, _flat, scatter=(0.15, 0.35)),
    "warm-up": Family(False, _warm_up),
    "higher": Family(True, _shift(0.2, 0.5)),
    "little higher": Family(True, _shift(0.08, 0.12)),
    "scatters": Family(True, _flat, wider=(2.5, 3.5)),
    "bursts": Family(True, _bursts),
    "ramp": Family(True, _ramp),
    "saturating": Family(True, _saturating),
    "half healed": Family(True, _half_healed),
    "late": Family(True, _late),
    "four together": Family(True, _shift(0.04, 0.06), metrics=4),
}


def make_shaped(name: str, shape: Shape, points: int, seed: int) -> Case:
    """Return the case of a family's name, a shape, a number of points and a seed."""
    family, source = SHAPED[name], Random(f"shaped {name}/{shape}/{points}/{seed}")
    metrics = tuple(_make_metric(family, shape, points, source) for _ in range(family.metrics))
    return Case(name, family.faulty, metrics)


def _make_metric(family: Family, shape: Shape, points: int, source: Random) -> Metric:
    level, scatter = 10 ** source.uniform(-2, 4), source.uniform(*family.scatter)
    common = _make_course(shape, points, source)
    lag = source.uniform(*CORRELATED) if shape == "correlated" else 0.3 if shape == "walk" else 0.0
    requests = source.uniform(30, 300)
    factors = family.effect(source, points)
    sides = []
    for effect, wider in (([1.0] * points, 1.0), (factors, source.uniform(*family.wider))):
        noise = _make_noise(shape, points, lag, source)
        side = [
            level * max(0.0, both * factor * (1 + scatter * wider * one))
            for both, factor, one in zip(common, effect, noise, strict=True)
        ]
        if shape == "counts":
            grain = level * wider**2 * scatter**2  # a count of mean 1 / scatter² scatters by its share
            side = [grain * _poisson(value / grain, source) for value in _steady(level, effect, common)]
        if shape == "rate":  # a share of failures among some requests a point
            share = [0.05 * min(8.0, factor**8) for factor in effect]
            side = [
                _binomial(round(requests / wider**2), chance, source) / round(requests / wider**2)
                for chance in share
            ]
        sides.append(tuple(side))
    return Metric(*sides)


def _steady(level: float, effect: Sequence[float], common: Sequence[float]) -> list[float]:
    return [level * factor * both for factor, both in zip(effect, common, strict=True)]


def _make_course(shape: Shape, points: int, source: Random) -> list[float]:
    """Return the factors of the level that both sides share."""
    if shape == "regimes":
        bounds = sorted(source.randrange(points) for _ in range(source.randint(1, 3)))
        levels = [source.uniform(0.6, 2.0) for _ in range(len(bounds) + 1)]
        return [levels[sum(bound <= at for bound in bounds)] for at in range(points)]
    if shape == "walk":
        step, logs = source.uniform(0.01, 0.03), [0.0]
        while len(logs) < points:
            logs.append(logs[-1] + source.gauss(0, step))
        return [exp(value) for value in logs]
    if shape == "day":
        phase, days = source.uniform(0, 2 * pi), source.choice((0.05, 0.2, 1.0))
        turns = [phase + 2 * pi * days * at / points for at in range(points)]
        return [1 + 0.25 * sin(turn) + 0.12 * sin(2 * turn + 1) for turn in turns]
    return [1.0] * points


def _make_noise(shape: Shape, points: int, lag: float, source: Random) -> list[float]:
    """Return noise of mean 0 and standard deviation 1."""
    if shape == "gamma":
        return [(source.gammavariate(2, 1) - 2) / sqrt(2) for _ in range(points)]
    if shape == "overlap":
        raw = [source.gauss(0, 1) for _ in range(points + OVERLAP - 1)]
        return [sum(raw[at : at + OVERLAP]) / sqrt(OVERLAP) for at in range(points)]
    series = [source.gauss(0, 1)]
    while len(series) < points:
        series.append(lag * series[-1] + sqrt(1 - lag**2) * source.gauss(0, 1))
    return series


def _poisson(mean: float, source: Random) -> int:
    """Return a draw of the Poisson distribution, by its exponential gaps."""
    count, left = 0, mean - source.expovariate(1)
    while left > 0:
        count, left = count + 1, left - source.expovariate(1)
    return count


def _binomial(number: int, chance: float, source: Random) -> int:
    return sum(source.random() < chance for _ in range(number))
