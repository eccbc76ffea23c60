"""Small shifts that several metrics show at once, which no gate sees alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import sqrt

from analyzer.evidence.figures import QueryFigures
from analyzer.findings.gate_series import (
    SIGNS,
    Pairs,
    Terms,
    allowed_difference,
    pair_points,
)
from analyzer.findings.gate_words import signed
from analyzer.findings.interface import Finding
from analyzer.findings.series.noise import draw_in, level_of, measure_levels
from analyzer.findings.series.regression import ALIKE, correlation_of
from analyzer.settings import Gate, Statistical, confidence_of

MIN_COMMON_POINTS = 5  # points of the same times
MAX_UNDIRECTED = 6  # gates without a direction: each doubles the ways that are looked at
Logs = Sequence[float]
# a gate whose sides are alike, stable's figures, the canary's
Measured = tuple[Gate, QueryFigures, QueryFigures]


@dataclass(frozen=True)
class _Metric:
    name: str
    pairs: Pairs
    signs: tuple[int, ...]
    allowed: float
    test: Statistical

    def scaled(self, sign: int) -> tuple[list[float], list[float]]:
        """Return how much worse each point is beyond what is allowed, and both sides' sum, in standard
        deviations of a point.
        """
        worse = [
            sign * (mine - theirs) - self.allowed
            for mine, theirs in zip(self.pairs.canary, self.pairs.stable, strict=True)
        ]
        middle, drawn = level_of(worse), draw_in(worse)
        deviation = sqrt(sum((value - middle) ** 2 for value in drawn) / len(drawn)) or 1.0
        sums = [mine + theirs for mine, theirs in zip(self.pairs.canary, self.pairs.stable, strict=True)]
        return [value / deviation for value in worse], [value / deviation for value in sums]


def find_joint_shift(measured: Sequence[Measured], terms: Terms) -> Iterator[Finding]:
    """Yield one finding where gates that hold are worse together: the critical ones, or else all of them.

    The mean of their differences, each in its own standard deviations, is judged like one series, so metrics
    that move together count as little more than one of them (P. C. O'Brien's test of several endpoints,
    Biometrics 40, 1984, 1079, on the differences of the same times). How much neighbours resemble each other
    is told by all of them.
    """
    groups = {"gate-failed": [one for one in measured if one[0].critical], "gate-warning": list(measured)}
    if len(groups["gate-failed"]) == len(measured):
        del groups["gate-warning"]
    for kind, group in groups.items():
        finding = _judge_together(kind, [_metric(*one) for one in group], terms)
        if finding is not None:
            yield finding
            return


def _metric(gate: Gate, stable: QueryFigures, canary: QueryFigures) -> _Metric:
    test = gate.statistical
    assert test is not None
    pairs = pair_points(stable, canary, as_zero=test.nan == "replace")
    return _Metric(
        gate.name or gate.query,
        pairs,
        SIGNS[test.direction],
        allowed_difference(test, pairs),
        test,
    )


def _judge_together(kind: str, metrics: Sequence[_Metric], terms: Terms) -> Finding | None:
    times = frozenset.intersection(*(frozenset(metric.pairs.times) for metric in metrics)) if metrics else ()
    undirected = sum(len(metric.signs) > 1 for metric in metrics)
    if len(metrics) < 2 or undirected > MAX_UNDIRECTED or len(times) < MIN_COMMON_POINTS:
        return None
    alike = [replace(metric, pairs=metric.pairs.at(times)) for metric in metrics]
    ways = list(product(*(metric.signs for metric in alike)))
    confidence = max(confidence_of(metric.test) for metric in alike)
    tail = min(terms.chances(metric.test, len(times), len(ways)).level for metric in alike)
    noise = [
        measure_levels([worse], [both]).logs for worse, both in (one.scaled(one.signs[0]) for one in alike)
    ]
    mean, margin, signs = max(
        (_measure(alike, signs, noise, tail) for signs in ways), key=lambda way: way[0] - way[1]
    )
    if mean <= margin:
        return None
    shifts = [
        f"{metric.name} {signed(sign * (level_of(metric.scaled(sign)[0]) or 0.0))}"
        for metric, sign in zip(alike, signs, strict=True)
    ]
    interval = f"{100 * confidence:g} % {mean - margin:.2g} to {mean + margin:.2g}, allowed +0"
    return Finding(
        kind=kind,
        key=f"{kind}/together",
        sentence=f"{len(alike)} gates fail together that hold alone: their metrics are worse by"
        f" {signed(mean)} standard deviations of a point on average, {interval} ({', '.join(shifts)})",
        stable=f"medians of {len(alike)} metrics",
        canary=f"{signed(mean)} standard deviations from them",
    )


def _measure(
    metrics: Sequence[_Metric], signs: Sequence[int], noise: Sequence[Logs], tail: float
) -> tuple[float, float, Sequence[int]]:
    """Return the mean of the metrics' differences in these directions, and how far it may be off."""
    scaled = [metric.scaled(sign) for metric, sign in zip(metrics, signs, strict=True)]
    joint = [sum(points) / len(points) for points in zip(*(worse for worse, _ in scaled), strict=True)]
    sums = [sum(points) / len(points) for points in zip(*(both for _, both in scaled), strict=True)]
    levels = measure_levels([joint], [sums])
    level = replace(levels, logs=_join_metrics(levels.logs, noise, joint)).level(0)
    return level.centre, level.margin(tail), signs


def _join_metrics(own: Logs, noise: Sequence[Logs], joint: Sequence[float]) -> Logs:
    """Return the logarithmic weights of the correlations by all metrics, where these resemble each other,
    else their mean's own.

    Metrics that move together count as fewer: as many as independent ones whose mean would scatter as much as
    theirs.
    """
    correlations = [correlation_of(logs) for logs in noise if logs]
    if len(correlations) < len(noise) or max(correlations) - min(correlations) >= ALIKE / sqrt(len(joint)):
        return own
    drawn = draw_in(joint)
    middle = sum(drawn) / len(drawn)
    scatter = sum((value - middle) ** 2 for value in drawn) / len(drawn)
    share = 1 / max(1.0, len(noise) * scatter)
    return [share * sum(logs) for logs in zip(*noise, strict=True)]
