"""A client that breaks is a model that failed; what of ours breaks stays a bug."""

from collections.abc import Iterator
from typing import Any

import pytest

from analyzer.cli import run
from analyzer.common.boundary import ClientError, boundary, iterate
from analyzer.common.deadline import Deadline
from analyzer.models import create
from analyzer.models.interface import Failure, Question, Turn

ASKED = (Turn(role="user", text="judge"),)
BUNDLE = "examples/evidence/healthy.json.gz"
DEEP = b'{"a":' * 50_000
OURS = {
    "gemini": "analyzer.models.gemini.contents.parse_response",
    "ollama": "analyzer.models.ollama.sizing.contexts_of_model",
    "openai": "analyzer.models.openai.build_request",
    "agent": "analyzer.models.agent.FORM",
}  # what each adapter calls of ours on its way


class Mute(Exception):  # noqa: N818
    """One that cannot even say what it is."""

    def __str__(self) -> str:
        raise KeyError("no words")


@pytest.mark.parametrize("error", [RecursionError("deep"), KeyError("x"), SystemExit(0), Mute()])
def test_what_nobody_foresaw_is_named(error: BaseException) -> None:
    with pytest.raises(ClientError, match=type(error).__name__), boundary((OSError,)):
        raise error


@pytest.mark.parametrize("error", [FileNotFoundError("f"), ClientError("again"), KeyboardInterrupt()])
def test_what_is_foreseen_passes_and_so_does_a_person_s_leaving(error: BaseException) -> None:
    with pytest.raises(type(error)) as raised, boundary((OSError,)):
        raise error
    assert raised.value is error


def test_what_breaks_between_two_items_is_named_too_and_not_what_is_made_of_them() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise RecursionError

    heard = iterate(items())
    assert next(heard) == 1
    with pytest.raises(ClientError, match="RecursionError"):
        next(heard)
    with pytest.raises(ZeroDivisionError):
        [1 // item for item in iterate([0])]
    assert list(iterate([1, 2])) == [1, 2]


@pytest.mark.models
@pytest.mark.parametrize("name", ["gemini", "ollama", "openai", "agent"])
def test_a_reply_nested_without_end_is_a_failed_model_and_no_bug(
    name: str,
    serve: Any,
    answered: Any,
    bare_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = serve(lambda heard: None, answered(DEEP))
    monkeypatch.setenv("GEMINI_API_KEY", "key-of-gemini")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    model = {"openai": f"openai:m@{server.url}", "agent": f"agent:{server.url}"}.get(name, name)
    assert run(["analyze", "--evidence", BUNDLE, "--deadline", "20s", "--model", model]) == 4
    said = "".join(capsys.readouterr())
    assert "failed: " in said
    assert "recursion" in said.lower()


@pytest.mark.models
@pytest.mark.parametrize("name", OURS)
def test_a_bug_of_ours_stays_one(
    name: str, serve: Any, answered: Any, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda heard: None, answered({"model_info": {}, "capabilities": [], "models": []}))
    model = create(
        ({"openai": f"openai:m@{server.url}", "agent": f"agent:{server.url}"}.get(name, name),),
        {"GEMINI_API_KEY": "k", "GOOGLE_GEMINI_BASE_URL": server.url, "OLLAMA_HOST": server.url},
    )[0]

    def broken(*_: object) -> None:
        raise TypeError("ours")

    monkeypatch.setattr(OURS[name], None if name == "agent" else broken)
    with pytest.raises(TypeError):
        model.ask(question, ASKED, Deadline.after(10))
    monkeypatch.undo()
    assert isinstance(model.ask(question, ASKED, Deadline.after(10)), Failure)
