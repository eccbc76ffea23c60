"""Series that Prometheus answers with: which belong to a side, and by which labels they differ."""

from collections.abc import Iterable

from analyzer.common.value import LARGEST_NUMBER
from analyzer.prometheus import BadQuery, Series
from analyzer.redact import redact
from analyzer.target import Role, Side


def series_by_side(label: str, series: Iterable[Series], sides: Iterable[Side]) -> dict[Role, list[Series]]:
    """Return the series of each side: those whose label has its pod template hash.

    The label is the hash, or has it between dashes, as the names of pods and ReplicaSets do. Raises BadQuery
    where there are series, and none has the label.
    """
    every = list(series)
    if every and not any(label in measured.metric for measured in every):
        raise BadQuery(
            f"no series has a label {label}{describe_differences(every)}",
            advice=f"keep it: sum by ({label}) (…)",
        )
    return {
        side.role: [measured for measured in every if _has_hash(measured, label, side.hash)] for side in sides
    }


def _has_hash(series: Series, label: str, pod_hash: str) -> bool:
    value = series.metric.get(label, "")
    return bool(pod_hash) and pod_hash in (value, *value.split("-"))


def describe_differences(series: list[Series]) -> str:
    """Return, as the end of a sentence, the labels by which series differ, with a few of their values, or
    empty.

    Values of a label that is named like a secret are masked.
    """
    labels = sorted({label for measured in series for label in measured.metric})
    values = {label: sorted({measured.metric.get(label, "none") for measured in series}) for label in labels}
    hidden = {
        label: [redact(f"{label}={value}").partition("=")[2] for value in distinct[:3]]
        for label, distinct in values.items()
    }
    shown = [
        f"{label} ({', '.join(hidden[label])}{', …' if len(distinct) > 3 else ''})"
        for label, distinct in values.items()
        if len(distinct) > 1
    ]
    return f": they differ in {'; '.join(shown[:3])}" if shown else ""


def parse_finite(text: str) -> float | None:
    """Return the number of a sample's text, or None for one that is not finite, or too large to reckon
    with.
    """
    value = float(text)
    return value if abs(value) <= LARGEST_NUMBER else None
