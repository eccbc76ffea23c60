"""Made series of a metric for both sides of a canary, in eleven families whose right answer is known.

A case has one metric or three, where a higher figure is worse. Its parameters are drawn from the ranges below
by a seed, so the same family, noise, number of points and seed give the same case. Noise is white, or
autocorrelated (AR(1), with its lag-one correlation), or white on top of a daily season that both sides share.
Skewed noise, noise that both sides share and missing points are variants for other looks at the same judge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, pi, sin, sqrt
from random import Random
from typing import Literal

Noise = Literal["white", "ar 0.5", "ar 0.8", "season", "skewed", "shared", "gaps"]
NOISES: tuple[Noise, ...] = ("white", "ar 0.5", "ar 0.8", "season", "skewed", "shared", "gaps")
LEVEL = (1.0, 10_000.0)  # of stable, log-uniform
SCATTER = (0.03, 0.06)  # the noise's standard deviation, as a share of the level
LOUD = (0.15, 0.30)  # the same, of noise on both sides
SEASON = (0.1, 0.4)  # its amplitude, as a share of the level
MISSING = 0.15  # of the points, on either side alone


@dataclass(frozen=True)
class Metric:
    """Both sides' points at the same times, None where there is no figure."""

    stable: tuple[float | None, ...]
    canary: tuple[float | None, ...]


@dataclass(frozen=True)
class Case:
    """A canary's metrics, and whether it has to be rolled back."""

    family: str
    faulty: bool
    metrics: tuple[Metric, ...]


Effect = Callable[[Random, int], tuple[list[float], float]]  # factors of the level, and of the scatter


def _flat(_: Random, points: int) -> tuple[list[float], float]:
    return [1.0] * points, 1.0


def _healed(source: Random, points: int) -> tuple[list[float], float]:
    """Rise by 40 to 150 % for 10 to 30 % of the time, within the first 45 %."""
    start = int(source.uniform(0, 0.15) * points)
    end = start + max(2, round(source.uniform(0.1, 0.3) * points))
    height = 1 + source.uniform(0.4, 1.5)
    return [height if start <= at < end else 1.0 for at in range(points)], 1.0


def _shift(low: float, high: float) -> Effect:
    return lambda source, points: ([1 + source.uniform(low, high)] * points, 1.0)


def _spread(source: Random, points: int) -> tuple[list[float], float]:
    """Multiply the variance by 6 to 10."""
    return [1.0] * points, sqrt(source.uniform(6, 10))


def _tail(source: Random, points: int) -> tuple[list[float], float]:
    """Let 15 to 30 % of the points stand out by 30 to 90 % of the level."""
    share = source.uniform(0.15, 0.30)
    return [1 + source.uniform(0.3, 0.9) * (source.random() < share) for _ in range(points)], 1.0


def _late_drift(source: Random, points: int) -> tuple[list[float], float]:
    """Rise steadily from 55 to 70 % of the time on, by 20 to 40 % at the end."""
    start, height = source.uniform(0.55, 0.70) * points, source.uniform(0.2, 0.4)
    return [1 + height * max(0.0, at - start) / (points - 1 - start) for at in range(points)], 1.0


def _partial(source: Random, points: int) -> tuple[list[float], float]:
    """Rise by 50 to 120 % for the first 20 to 40 % of the time, and stay 10 to 20 % higher."""
    end, height, rest = (
        source.uniform(0.2, 0.4) * points,
        1 + source.uniform(0.5, 1.2),
        1 + source.uniform(0.1, 0.2),
    )
    return [height if at < end else rest for at in range(points)], 1.0


def _late_step(source: Random, points: int) -> tuple[list[float], float]:
    """Step up by 20 to 40 % for the last 15 to 30 % of the time."""
    start, height = (1 - source.uniform(0.15, 0.30)) * points, 1 + source.uniform(0.2, 0.4)
    return [height if at >= start else 1.0 for at in range(points)], 1.0


@dataclass(frozen=True)
class Family:
    """What the canary's metrics do, how many there are, and how loud both sides are."""

    faulty: bool
    effect: Effect
    metrics: int = 1
    scatter: tuple[float, float] = SCATTER


FAMILIES: dict[str, Family] = {
    "no change": Family(False, _flat),
    "noise on both": Family(False, _flat, scatter=LOUD),
    "healed transient": Family(False, _healed),
    "clean shift": Family(True, _shift(0.25, 0.45)),
    "spread": Family(True, _spread),
    "heavy tail": Family(True, _tail),
    "late drift": Family(True, _late_drift),
    "joint shift": Family(True, _shift(0.03, 0.05), metrics=3),
    "subtle shift": Family(True, _shift(0.06, 0.08)),
    "partial recovery": Family(True, _partial),
    "late step": Family(True, _late_step),
}
MORE: dict[str, Family] = {  # beyond the eleven
    "no change, three metrics": Family(False, _flat, metrics=3),
    "slow drift": Family(
        True,
        lambda source, points: (
            [1 + at / points * height for height in (source.uniform(0.2, 0.4),) for at in range(points)],
            1.0,
        ),
    ),
}


def make_case(name: str, noise: Noise, points: int, seed: int) -> Case:
    """Return the case of a family's name, a noise, a number of points and a seed."""
    family = (FAMILIES | MORE)[name]
    source = Random(f"{name}/{noise}/{points}/{seed}")
    metrics = tuple(_make_metric(family, noise, points, source) for _ in range(family.metrics))
    return Case(name, family.faulty, metrics)


def _make_metric(family: Family, noise: Noise, points: int, source: Random) -> Metric:
    level = LEVEL[0] * (LEVEL[1] / LEVEL[0]) ** source.random()
    scatter = level * source.uniform(*family.scatter)
    factors, wider = family.effect(source, points)
    season = _make_season(noise, points, source)
    common = _make_noise("white", points, source) if noise == "shared" else [0.0] * points
    sides = [
        [
            level * season[at] * factor + scatter * width * one + 2 * scatter * both
            for at, (factor, one, both) in enumerate(
                zip(effect, _make_noise(noise, points, source), common, strict=True)
            )
        ]
        for effect, width in (([1.0] * points, 1.0), (factors, wider))
    ]
    stable, canary = (
        tuple(None if noise == "gaps" and source.random() < MISSING else max(0.0, point) for point in side)
        for side in sides
    )
    return Metric(stable, canary)


def _make_season(noise: Noise, points: int, source: Random) -> list[float]:
    """Return the factors of a daily season: a whole day over the range, or the hour or two of a canary."""
    if noise != "season":
        return [1.0] * points
    amplitude, phase = source.uniform(*SEASON), source.uniform(0, 2 * pi)
    days = source.choice((points / 1440, 0.25, 1.0))  # a point every minute, 6 hours, or a day
    return [1 + amplitude * sin(phase + 2 * pi * days * at / points) for at in range(points)]


def _make_noise(noise: Noise, points: int, source: Random) -> Sequence[float]:
    """Return noise of mean 0 and standard deviation 1."""
    if noise == "skewed":  # lognormal, standardised
        shape = 0.8
        mean, deviation = exp(shape**2 / 2), sqrt((exp(shape**2) - 1) * exp(shape**2))
        return [(exp(source.gauss(0, shape)) - mean) / deviation for _ in range(points)]
    lag = {"ar 0.5": 0.5, "ar 0.8": 0.8}.get(noise, 0.0)
    series = [source.gauss(0, 1)]
    while len(series) < points:
        series.append(lag * series[-1] + sqrt(1 - lag**2) * source.gauss(0, 1))
    return series
