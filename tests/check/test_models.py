"""Each model is asked one small question, and what it comes to is told. The real Ollama:
tests/models/test_check.py.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.check.interface import CheckRequest
from analyzer.check.models import check_models
from analyzer.settings import Ask, Rules, Settings

ANSWER = {"verdict": "cannot_tell", "confidence": 0, "summary": "a test"}
FAILING = {"failure": {"reason": "HTTP 503", "advice": "try again"}}


def scripted(tmp_path: Path, step: Any, name: str = "model") -> str:
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(step))
    return f"scripted:{path}"


@pytest.mark.parametrize(
    ("step", "state", "says"),
    [
        ({"answer": ANSWER}, "holds", "answers in the required form"),
        (
            {"text": f"Sure: ```json\n{json.dumps(ANSWER)}\n```"},
            "holds",
            "answers in the required form",
        ),
        ({"text": "I am fine"}, "wrong", "its answer is invalid: it holds no JSON object"),
        ({"answer": {"verdict": "yes"}}, "wrong", "its answer is invalid: Invalid enum value 'yes'"),
        ({"failure": FAILING["failure"] | {"retryable": True}}, "unreachable", "HTTP 503"),
        (FAILING, "wrong", "HTTP 503"),
        ({"calls": [{"name": "logs", "arguments": {}}]}, "wrong", "it called a tool"),
    ],
)
def test_what_it_says_is_what_is_told(
    ask: Callable[..., CheckRequest], tmp_path: Path, step: Any, state: str, says: str
) -> None:
    _, found = check_models(ask(Settings(ask=Ask(models=(scripted(tmp_path, step),)))))
    assert found.state == state
    assert says in found.what


def test_the_built_in_judge_answers(ask: Callable[..., CheckRequest]) -> None:
    chosen, answered = check_models(ask())
    assert "the built-in judge" in chosen.what
    assert (answered.about, answered.state) == ("builtin", "holds")


def test_each_of_several_is_told(ask: Callable[..., CheckRequest], tmp_path: Path) -> None:
    names = (scripted(tmp_path, {"answer": ANSWER}, "good"), scripted(tmp_path, FAILING, "bad"))
    found = list(check_models(ask(Settings(ask=Ask(models=names)))))
    assert [each.state for each in found] == ["holds", "holds", "wrong"]


@pytest.mark.slow
def test_one_that_is_late_is_out_of_reach(ask: Callable[..., CheckRequest], tmp_path: Path) -> None:
    names = (scripted(tmp_path, {"answer": ANSWER, "delay": 60}, "slow"), "builtin")
    slow, quick = list(check_models(ask(Settings(ask=Ask(models=names)), seconds=5)))[1:]
    assert (slow.state, slow.what) == ("unreachable", "no answer in time")
    assert quick.state == "holds"


def test_a_quorum_that_is_never_reached_is_told_without_asking_anybody(
    ask: Callable[..., CheckRequest],
) -> None:
    settings = Settings(ask=Ask(models=("gemini", "builtin")), rules=Rules(quorum=3))
    assert [each.what for each in check_models(ask(settings, offline=True)) if each.state == "wrong"] == [
        "--quorum 3 can never be reached: 2 asked"
    ]
    fits = Settings(ask=Ask(models=("gemini", "builtin")), rules=Rules(quorum=2))
    assert [each.state for each in check_models(ask(fits, offline=True))] == ["holds"]


@pytest.mark.parametrize(
    ("settings", "says", "advice"),
    [
        (
            Settings(ask=Ask(models=("gemni",))),
            "there is no model 'gemni', did you mean gemini?",
            "there are:",
        ),
        (Settings(ask=Ask(models=("gemini",))), "gemini needs a key, and neither", "make one at"),
        (
            Settings(ask=Ask(models=("builtin", "builtin"))),
            "the model builtin is asked twice",
            "name each model once",
        ),
        (
            Settings(ask=Ask(models=("builtin",)), rules=Rules(weights=("ollama=2",))),
            "ollama is not asked",
            "asked are: builtin",
        ),
        (
            Settings(ask=Ask(models=("builtin",), investigate=True)),
            "--investigate needs a model that can use tools",
            "such as",
        ),
        (
            Settings(ask=Ask(models=("builtin",)), rules=Rules(quorum=2)),
            "--quorum 2 can never be reached",
            "ask more models",
        ),
    ],
)
def test_what_is_asked_wrongly_is_told_as_a_run_would(
    ask: Callable[..., CheckRequest], settings: Settings, says: str, advice: str
) -> None:
    (found,) = (each for each in check_models(ask(settings)) if each.state == "wrong")
    assert says in found.what
    assert advice in found.advice


OPTIONAL = str(Path(__file__).parents[2] / "examples" / "analysistemplate.yaml")
EXAMPLE = str(Path(__file__).parents[2] / "examples" / "two-models.yaml")


def test_of_a_manifest_it_is_told_whom_its_job_asks_and_not_whom_this_shell_would(
    ask: Callable[..., CheckRequest],
) -> None:
    shell = {"OLLAMA_HOST": "http://127.0.0.1:1", "GEMINI_API_KEY": "mine"}
    job, note = check_models(ask(None, EXAMPLE, environ=shell))
    assert (job.state, job.what) == ("holds", "the Job is asking gemini, ollama:gemma4:12b, as configured")
    assert job.about.startswith(f"{EXAMPLE}:")
    assert (note.state, note.what) == (
        "note",
        "no model was asked: a Job has its own keys and its own network",
    )
    (job,) = check_models(ask(None, EXAMPLE, environ=shell, offline=True))
    assert job.state == "holds"


def test_a_key_of_an_optional_secret_is_not_taken_for_granted(
    ask: Callable[..., CheckRequest], tmp_path: Path
) -> None:
    (job,) = check_models(ask(None, OPTIONAL, offline=True))
    assert (job.state, job.what) == (
        "note",
        (
            "the Job asks gemini if Secret rollout-analyzer has the key gemini-api-key (optional),"
            " else the built-in judge"
        ),
    )
    assert (job.file, job.about) == (OPTIONAL, f"{OPTIONAL}:{job.line}")
    assert job.line > 0
    needed = tmp_path / "needed.yaml"
    needed.write_text(Path(OPTIONAL).read_text().replace(", optional: true", ""))
    (job,) = check_models(ask(None, str(needed), offline=True))
    assert (job.state, job.what) == ("holds", "the Job is asking gemini (GEMINI_API_KEY is set)")


def test_one_that_is_named_on_the_command_line_is_asked_all_the_same(
    ask: Callable[..., CheckRequest],
) -> None:
    settings = Settings(ask=Ask(models=("builtin",)), origins={"models": "option"})
    assert [each.about for each in check_models(ask(settings, EXAMPLE))] == ["models", "builtin"]
