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


def test_causes_are_one_line_each_outermost_first() -> None:
    error = raised_from(ConnectionError("refused\nby peer"), OSError())
    assert list(error.causes()) == ["builtins.ConnectionError: refused by peer", "builtins.OSError"]
    assert list(UsageError("alone").causes()) == []
