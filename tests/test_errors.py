import ast
from pathlib import Path

import pytest

from analyzer.errors import AnalyzerError, InfrastructureError, UsageError


def raised_from(*causes: Exception) -> AnalyzerError:
    error: Exception = UsageError("outermost")
    for outer, inner in zip((error, *causes), causes, strict=False):
        outer.__cause__ = inner
    assert isinstance(error, AnalyzerError)
    return error


@pytest.mark.parametrize("kind", [UsageError, InfrastructureError])
def test_a_message_is_one_line_whatever_it_was_made_of(kind: type[AnalyzerError]) -> None:
    error = kind("  no such\n\trollout ", advice="look at\nkubectl get rollouts")
    assert (str(error), error.advice) == ("no such rollout", "look at kubectl get rollouts")


def test_advice_may_be_missing() -> None:
    assert UsageError("no").advice == ""


SAY_IT_THEMSELVES = {"cli/check.py", "options/layers.py"}  # click's own words, which name what would hold


@pytest.mark.slow
def test_who_asked_wrongly_is_told_what_to_do() -> None:
    folder = Path(__file__).parents[1] / "analyzer"
    silent = [
        f"{path.relative_to(folder)}:{node.lineno}"
        for path in folder.rglob("*.py")
        if str(path.relative_to(folder)) not in SAY_IT_THEMSELVES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == UsageError.__name__
        if not any(keyword.arg == "advice" for keyword in node.keywords)
    ]
    assert silent == []


def test_causes_are_one_line_each_outermost_first() -> None:
    error = raised_from(ConnectionError("refused\nby peer"), OSError())
    assert list(error.causes()) == ["builtins.ConnectionError: refused by peer", "builtins.OSError"]
    assert list(UsageError("alone").causes()) == []
