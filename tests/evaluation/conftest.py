"""What the tests of evaluations share: small folders of real bundles, and results made by hand."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.evaluation.case import Case, Label
from analyzer.evaluation.result import Result, Voice

EXAMPLES = Path(__file__).parents[2] / "examples" / "evidence"
LABELS = {
    "crash-loop": ("rollback", "start", "crash-loop"),
    "healthy": ("promote", "harmless", ""),
    "new-errors": ("rollback", "release", "new-error-template"),
    "oom-kill": ("rollback", "resources", "oom-kill"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four recorded canaries, each with its label."""
    cases = tmp_path / "cases"
    for name, (outcome, family, finding) in LABELS.items():
        (cases / name).mkdir(parents=True)
        shutil.copy(EXAMPLES / f"{name}.json.gz", cases / name)
        label = {"outcome": outcome, "family": family, "finding": finding}
        (cases / name / "case.yaml").write_text(
            "".join(f"{key}: {json.dumps(value)}\n" for key, value in label.items())
        )
    return cases


def make_result(
    outcome: str, wanted: str = "rollback", name: str = "one", *, confidence: float | None = 90.0, **more: Any
) -> Result:
    label = {key: more.pop(key) for key in ("family", "decidable", "also", "why", "split") if key in more}
    case = Case(name=name, path=f"{name}.json", label=Label(outcome=wanted, **label))  # type: ignore[arg-type]
    values = {"case": case, "turn": 1, "digest": "d", "outcome": outcome, "confidence": confidence}
    return Result(**{**values, **more})


@pytest.fixture
def result() -> Callable[..., Result]:
    """Makes a result: its outcome, the outcome that its label has, and the case's name."""
    return make_result


@pytest.fixture
def voice() -> Callable[..., Voice]:
    """Makes what a model said."""
    return lambda **more: Voice(**{"model": "m", "said": "promote", "confidence": 90, **more})
