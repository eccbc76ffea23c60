"""The processes that judge: each task has one result, also where its process dies."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.evaluation import workers
from analyzer.evaluation.case import Case, Label
from analyzer.evaluation.plan import PlannedTrial
from analyzer.evaluation.workers import judge_all
from analyzer.settings import Ask, Settings

pytestmark = pytest.mark.slow
HEALTHY = Path(__file__).parents[2] / "examples" / "evidence" / "healthy.json.gz"


def tasks(number: int) -> list[PlannedTrial]:
    label = Label(outcome="promote")
    return [
        PlannedTrial(case=Case(name=str(turn), path=str(HEALTHY), label=label), turn=1)
        for turn in range(number)
    ]


@pytest.fixture
def builtin() -> Settings:
    return Settings(ask=Ask(models=("builtin",)))


def test_each_task_has_one_result(builtin: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "CASES_PER_PROCESS", 2)
    results = list(judge_all(iter(tasks(5)), builtin, 2))
    assert sorted(result.case.name for result in results) == ["0", "1", "2", "3", "4"]
    assert {result.outcome for result in results} == {"promote"}
    assert {result.confidence for result in results} == {94}


def test_a_process_that_dies_costs_its_own_case_alone(
    builtin: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    start = workers._start

    def remember(settings: Settings) -> workers._Worker:
        started.append(start(settings))
        return started[-1]

    monkeypatch.setattr(workers, "_start", remember)
    results = judge_all(_killing(started), builtin, 1)
    assert [result.outcome for result in results] == ["promote", "error", "promote"]
    assert len(started) == 2


def _killing(started: list[workers._Worker]) -> Iterator[PlannedTrial]:
    """Three tasks; the process is killed before the second reaches it."""
    first, second, third = tasks(3)
    yield first
    process = started[0].process
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    yield second
    yield third


def test_a_bundle_of_nothing_is_unread(builtin: Settings, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{")
    case = Case(name="x", path=str(path), label=Label(outcome="promote"))
    (result,) = judge_all(iter([PlannedTrial(case=case, turn=1)]), builtin, 1)
    assert result.outcome == "unread"
    assert "is not whole JSON" in result.reason
