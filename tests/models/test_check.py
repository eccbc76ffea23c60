"""The check of a model, with the real Ollama."""

import os

import pytest

from analyzer.answer import answer_schema
from analyzer.check.documents import Files
from analyzer.check.interface import CheckRequest, CheckResult, CommandLines
from analyzer.check.models import check_models
from analyzer.common.deadline import Deadline
from analyzer.settings import Ask, Settings

pytestmark = pytest.mark.models


def told(host: str, name: str) -> CheckResult:
    settings = Settings(ask=Ask(models=(name,)))
    _, found = check_models(
        CheckRequest(
            settings,
            {**os.environ, "OLLAMA_HOST": host},
            Files(()),
            Deadline.after(300),
            CommandLines(lambda *_: Settings(), (), ()),
        )
    )
    return found


def test_a_model_that_the_server_has_not_is_wrong_and_says_how_to_get_it(ollama_host: str) -> None:
    found = told(ollama_host, "ollama:gemma4:12b")
    assert (found.check, found.about, found.state) == ("model", "ollama:gemma4:12b", "wrong")
    assert f"Ollama at {ollama_host} has no model 'gemma4:12b'; it has" in found.what
    assert found.advice.startswith("ollama pull gemma4:12b")


def test_a_server_that_nobody_runs_may_come_back(refused: str) -> None:
    assert told(refused, "ollama:tiny").state == "unreachable"


def test_the_schema_binds_what_the_model_answers(ollama_host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`tiny` talks without end, so its texts are bounded here."""
    texts = {name: {"type": "string", "maxLength": 3} for name in ("summary", "root_cause", "remediation")}
    lists = {
        name: {"type": "array", "maxItems": 0, "items": {"type": "string"}} for name in ("findings", "quotes")
    }
    schema = {**answer_schema(), "properties": {**answer_schema()["properties"], **texts, **lists}}
    monkeypatch.setattr("analyzer.check.models.answer_schema", lambda: schema)
    found = told(ollama_host, "ollama:tiny")
    assert (found.state, found.about) == ("holds", "ollama:tiny"), found
