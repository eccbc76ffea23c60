"""The desk that tools work at, over what was recorded from real pods."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analyzer.common.deadline import Deadline
from analyzer.evidence import AnyPart, Evidence
from analyzer.evidence.bundle import load
from analyzer.records.retention import make_mask
from analyzer.settings import Hide
from analyzer.tools import TOOLS, ToolContext

EXAMPLES = Path(__file__).parents[2] / "examples" / "evidence"


@pytest.fixture
def recorded() -> Callable[[str], Evidence]:
    """What was seen of a canary: `recorded("crash-loop")`."""
    return lambda name: load(EXAMPLES / f"{name}.json.gz")


@pytest.fixture
def look() -> Callable[..., list[str]]:
    """`look(tool, evidence, arguments)`: the lines that a tool gives in a replay."""

    def looking(tool: str, evidence: Evidence, arguments: Mapping[str, Any] | None = None) -> list[str]:
        desk = ToolContext(evidence=evidence, keep=make_mask(Hide()), deadline=Deadline.after(10))
        found = TOOLS[tool]
        return [
            line
            for entry in found.run(msgspec.convert(arguments or {}, found.arguments), desk)
            for line in entry.splitlines()
        ]

    return looking


@pytest.fixture
def having() -> Callable[..., Evidence]:
    """`having(evidence, *parts)`: the same, with parts put in; `without=Kind` takes those of a kind out
    first.
    """

    def changed(evidence: Evidence, *parts: AnyPart, without: type | None = None) -> Evidence:
        kept = tuple(part for part in evidence.parts if without is None or not isinstance(part, without))
        return msgspec.structs.replace(evidence, parts=(*kept, *parts))

    return changed
