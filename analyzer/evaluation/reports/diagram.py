"""The reliability diagram as SVG: for each bin of confidence, how often its answers are right.

A calibrated judge's points lie on the diagonal. The area of a point is the number of its answers.
"""

from collections.abc import Iterator, Sequence
from math import sqrt

from analyzer.evaluation.statistics import Bin

SIZE, LEFT, BOTTOM = 400, 48, 40
MAX_RADIUS = 14.0  # radius of a point
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def reliability(bins: Sequence[Bin]) -> str:
    """Return the diagram. Its texts are figures of ours alone."""
    return "\n".join(_parts(bins))


def _parts(bins: Sequence[Bin]) -> Iterator[str]:
    width, height = SIZE + LEFT + 16, SIZE + BOTTOM + 16
    yield (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="Reliability diagram"'
        ' fill="currentColor" font-size="12">'
    )
    yield f'<g transform="translate({LEFT} 16)">'
    yield f'<rect width="{SIZE}" height="{SIZE}" fill="none" stroke="currentColor" stroke-opacity=".3"/>'
    yield (
        f'<line x1="0" y1="{SIZE}" x2="{SIZE}" y2="0" stroke="currentColor" stroke-opacity=".4"'
        ' stroke-dasharray="4 4"/>'
    )
    for tick in TICKS:
        yield f'<text x="{tick * SIZE:.0f}" y="{SIZE + 16}" text-anchor="middle">{100 * tick:.0f}</text>'
        yield f'<text x="-8" y="{(1 - tick) * SIZE + 4:.0f}" text-anchor="end">{100 * tick:.0f}</text>'
    yield f'<text x="{SIZE / 2:.0f}" y="{SIZE + 34}" text-anchor="middle">confidence in percent</text>'
    yield (
        f'<text transform="translate(-34 {SIZE / 2:.0f}) rotate(-90)" text-anchor="middle">right'
        " in percent</text>"
    )
    most = max(inside.count for inside in bins)
    for inside in bins:
        x, y = inside.confidence * SIZE, (1 - inside.right) * SIZE
        radius = max(3.0, MAX_RADIUS * sqrt(inside.count / most))
        title = (
            f"{inside.count:,} answers, {100 * inside.confidence:.0f} % sure,"
            f" {100 * inside.right:.1f} % right"
        )
        yield (
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{(1 - inside.confidence) * SIZE:.1f}"'
            ' stroke="#c2410c" stroke-width="2"/>'
        )
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2563eb"'
            f' fill-opacity=".7"><title>{title}</title></circle>'
        )
    yield "</g>\n</svg>"
