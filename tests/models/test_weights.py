"""Weights: who is named how, and what is no weight."""

import pytest

from analyzer.errors import UsageError
from analyzer.models.scripted import Scripted
from analyzer.models.weights import parse_weights

ASKED = ("gemini", "ollama:gemma4", "openai:a@http://h:1/v1?x=1")
JURY = tuple(
    Scripted(name=name, steps=()) for name in ("gemini:gemini-3.8-flash", "ollama:gemma4", "openai:a@h:1")
)


def test_a_model_is_named_as_it_was_asked_for_or_as_reports_name_it() -> None:
    assert parse_weights(("gemini=2",), ASKED, JURY) == {
        "gemini:gemini-3.8-flash": 2.0,
        "ollama:gemma4": 1.0,
        "openai:a@h:1": 1.0,
    }
    assert parse_weights(("gemini:gemini-3.8-flash=0.5", "openai:a@http://h:1/v1?x=1=1e2"), ASKED, JURY) == {
        "gemini:gemini-3.8-flash": 0.5,
        "ollama:gemma4": 1.0,
        "openai:a@h:1": 100.0,
    }


@pytest.mark.parametrize(
    "text",
    [
        "gemini",
        "gemini=",
        "=2",
        "gemini=0",
        "gemini=-1",
        "gemini=nan",
        "gemini=inf",
        "gemini=1001",
        "gemini=two",
        "",
    ],
)
def test_what_is_no_weight_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="no MODEL=NUMBER with a number from") as error:
        parse_weights((text,), ASKED, JURY)
    assert "--weight gemini=2" in error.value.advice


def test_a_model_that_is_not_asked_is_refused_with_the_nearest_and_those_that_are() -> None:
    with pytest.raises(UsageError, match="ollama:gema4 is not asked, did you mean ollama:gemma4") as error:
        parse_weights(("ollama:gema4=2",), ASKED, JURY)
    assert error.value.advice == f"asked are: {', '.join(ASKED)}"


@pytest.mark.parametrize("twice", [("gemini=2", "gemini=2"), ("gemini=2", "gemini:gemini-3.8-flash=3")])
def test_one_model_has_one_weight(twice: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="weighed twice"):
        parse_weights(twice, ASKED, JURY)
