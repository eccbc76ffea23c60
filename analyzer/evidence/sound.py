"""What no type says of evidence that somebody else wrote: times and numbers that can be reckoned with, and counts that add up."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from analyzer.evidence import Evidence
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.value import LARGEST, plausible


def unsound(evidence: Evidence) -> Iterator[str]:
    """Each thing that is wrong, in a line that names the field."""
    yield from _beyond(evidence, "$")
    if evidence.window.end < evidence.window.start:
        yield "the window ends before it begins - at `$.window.end`"
    kinds = Counter((str(part.__struct_config__.tag), part.side) for part in evidence.parts if not isinstance(part, ContextLogs))
    yield from (f"there are {count} {kind} parts of one side ({side or 'both'})" for (kind, side), count in kinds.items() if count > 1)
    for part in evidence.parts:
        if isinstance(part, Pods):
            names = Counter(pod.name for pod in part.pods)
            yield from (f"{count} {part.side} pods are named {name!r:.80}" for name, count in names.items() if count > 1)
        if isinstance(part, Logs | ContextLogs):
            for each in part.containers:
                if not each.digest.adds_up():
                    yield f"the counts of the log of container {each.container} ({part.side or 'context'}) do not add up"


def _beyond(value: Any, path: str) -> Iterator[str]:
    """Times and numbers that no cluster tells, and that cannot be added or divided."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _beyond(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _beyond(each, f"{path}[{index}]")
    elif isinstance(value, dict):
        for each in value.values():
            yield from _beyond(each, f"{path}[...]")
    elif isinstance(value, datetime):
        if not plausible(value):
            yield f"{value.isoformat()} is no time of a rollout - at `{path}`"
    elif isinstance(value, int | float) and not abs(value) <= LARGEST:
        yield f"a number is too large to reckon with - at `{path}`"
