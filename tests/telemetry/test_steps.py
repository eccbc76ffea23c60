"""The trace of a run."""

from collections.abc import Callable
from datetime import timedelta

from analyzer.decision import Decision
from analyzer.telemetry.finished import FinishedRun
from analyzer.telemetry.steps import TraceStep, trace_run
from tests.telemetry.conftest import ENDED

Finished = Callable[..., FinishedRun]


def test_stages_follow_each_other_from_the_start(finished: Finished) -> None:
    run = trace_run(finished(), {"team": "checkout"})
    assert (run.start, run.end) == (ENDED - timedelta(seconds=15), ENDED)
    assert [step.name for step in run.steps] == ["gather", "judge", "effects"]
    gather, judge, effects = run.steps
    assert (gather.start, gather.end, judge.end) == (run.start, judge.start, effects.start)
    assert effects.end <= run.end
    assert run.attributes["team"] == "checkout"
    assert run.attributes["rollout_analyzer.findings.blocking"] == 1
    assert run.attributes["rollout_analyzer.canary"] == "bbb"


def test_models_were_asked_together_while_it_judged(finished: Finished) -> None:
    judge = trace_run(finished(), {}).steps[1]
    quick, slow = judge.steps
    assert quick.start == slow.start >= judge.start
    assert quick.end < slow.end == judge.end
    assert (quick.name, quick.error, quick.attributes["gen_ai.usage.input_tokens"]) == (
        "chat flash",
        "",
        9000,
    )
    assert (slow.name, slow.error) == ("chat gemma4:12b", "no answer by the deadline")
    assert "gen_ai.usage.input_tokens" not in slow.attributes


def test_an_error_is_the_trace_s_own(finished: Finished) -> None:
    decision = Decision(outcome="error", rule="error", reason="no cluster")
    run: TraceStep = trace_run(finished(decision=decision, opinions=(), timings={}), {})
    assert (run.error, run.steps) == ("no cluster", ())
