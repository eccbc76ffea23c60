"""Checks of evidence from elsewhere that no type expresses: plausible times and numbers, and counts that add
up.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from analyzer.common.value import LARGEST_NUMBER, is_plausible
from analyzer.evidence import Evidence
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods

PLAUSIBLE = frozenset({str, bool, type(None)})  # types whose values are right whatever they are: most values


def find_invalid_values(evidence: Evidence) -> Iterator[str]:
    """Yield each thing that is wrong with the evidence, in a line that names the field."""
    yield from _implausible_values(evidence, "$")
    if evidence.window.end < evidence.window.start:
        yield "the window ends before it begins - at `$.window.end`"
    kinds = Counter(
        (str(part.__struct_config__.tag), part.side)
        for part in evidence.parts
        if not isinstance(part, ContextLogs)
    )
    yield from (
        f"there are {count} {kind} parts of one side ({side or 'both'})"
        for (kind, side), count in kinds.items()
        if count > 1
    )
    for part in evidence.parts:
        if isinstance(part, Pods):
            names = Counter(pod.name for pod in part.pods)
            yield from (
                f"{count} {part.side} pods are named {name!r:.80}"
                for name, count in names.items()
                if count > 1
            )
        if isinstance(part, Logs | ContextLogs):
            for log in (*part.containers, *(part.starts if isinstance(part, Logs) else ())):
                if not log.digest.adds_up():
                    yield (
                        f"the counts of the log of container {log.container}"
                        f" ({part.side or 'context'}) do not add up"
                    )


def _implausible_values(value: Any, path: str) -> Iterator[str]:
    """Yield each time and number within a value that no cluster gives and no rule can reckon with.

    `path` is the value's place, in JSONPath.
    """
    if isinstance(value, datetime):
        if not is_plausible(value):
            yield f"{value.isoformat()} is no time of a rollout - at `{path}`"
    elif isinstance(value, int | float):
        if not abs(value) <= LARGEST_NUMBER:
            yield f"a number is too large to reckon with - at `{path}`"
    else:
        for item, place in _items(value):
            kind = type(item)  # at a glance, since most values are counts of a sketch
            if kind not in PLAUSIBLE and not (kind is int and -LARGEST_NUMBER <= item <= LARGEST_NUMBER):
                yield from _implausible_values(item, path + place)


def _items(value: Any) -> Iterator[tuple[Any, str]]:
    """Yield what a value is made of, and where in it."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield getattr(value, name), f".{name}"
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield item, f"[{index}]"
    elif isinstance(value, dict):
        for item in value.values():
            yield item, "[...]"
