"""A finished run to tell of, and who is told."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from analyzer.answer import Answer
from analyzer.decision import Decision
from analyzer.telemetry.finished import FinishedRun
from analyzer.verdicts.verdict import Failed, Spent, Verdict
from tests.telemetry.collector import Collector

ENDED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of this machine's variables of OpenTelemetry, and no proxy."""
    for name in [name for name in os.environ if name.startswith("OTEL_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def finished() -> Callable[..., FinishedRun]:
    """`finished(**fields)`: a rollback that one of two models saw, the other failed."""

    def make(**fields: Any) -> FinishedRun:
        answer = Answer(verdict="rollback", confidence=90, summary="It crashes.", root_cause="")
        opinions = (
            Verdict(
                model="gemini:flash",
                answer=answer,
                spent=Spent(latency=4.0, tokens_in=9000, tokens_out=200, cost=0.02),
            ),
            Failed(model="ollama:gemma4:12b", reason="no answer by the deadline", spent=Spent(latency=6.0)),
        )
        values: dict[str, Any] = {
            "decision": Decision(
                outcome="rollback", rule="blocking finding", reason="it crashes", confidence=90.0
            ),
            "exit_code": 3,
            "namespace": "shop",
            "rollout": "cart",
            "stable": "aaa",
            "canary": "bbb",
            "analysis": None,
            "opinions": opinions,
            "findings": {"blocking": 1, "info": 2},
            "gaps": 1,
            "timings": {"gather": 5.0, "judge": 8.0, "effects": 1.0},
            "seconds": 15.0,
            "ended_at": ENDED,
        }
        return FinishedRun(**(values | fields))

    return make


@pytest.fixture
def collector() -> Collector:
    return Collector()


@pytest.fixture
def endpoint(
    collector: Collector,
    web: Callable[..., str],
    answer: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    address = web(collector.take(answer))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    return address
