"""The measurements of a run."""

from collections.abc import Callable

import pytest

from analyzer.answer import Answer
from analyzer.decision import Decision
from analyzer.target.argo import Analysis
from analyzer.telemetry.finished import FinishedRun
from analyzer.telemetry.measurements import Attributes, Measurement, measure
from analyzer.verdicts.verdict import Abstention, Verdict

Finished = Callable[..., FinishedRun]
CART: Attributes = {"k8s.namespace.name": "shop", "rollout_analyzer.rollout": "cart"}


def named(made: tuple[Measurement, ...], name: str) -> list[tuple[float, Attributes]]:
    return [(each.value, each.attributes) for each in made if each.instrument.name == name]


def test_a_run_counts_once_by_its_outcome(finished: Finished) -> None:
    [(count, attributes)] = named(measure(finished(), {"team": "checkout"}), "rollout_analyzer.runs")
    assert count == 1
    assert attributes == CART | {
        "team": "checkout",
        "rollout_analyzer.outcome": "rollback",
        "rollout_analyzer.rule": "blocking finding",
        "rollout_analyzer.exit_code": 3,
        "rollout_analyzer.dry_run": False,
        "rollout_analyzer.models_differ": True,
    }


def test_every_measurement_is_of_a_team(finished: Finished) -> None:
    assert {each.attributes["team"] for each in measure(finished(), {"team": "checkout"})} == {"checkout"}


def test_a_label_does_not_pass_for_whose_run_it_is(finished: Finished) -> None:
    made = measure(finished(), {"k8s.namespace.name": "other"})
    assert {each.attributes["k8s.namespace.name"] for each in made} == {"shop"}


def test_time_is_told_of_the_run_and_of_each_stage(finished: Finished) -> None:
    made = measure(finished(), {})
    assert [value for value, _ in named(made, "rollout_analyzer.run.duration")] == [15.0]
    stages = {
        attributes["rollout_analyzer.stage"]: value
        for value, attributes in named(made, "rollout_analyzer.stage.duration")
    }
    assert stages == {"gather": 5.0, "judge": 8.0, "effects": 1.0}


def test_a_dry_run_is_told_apart(finished: Finished) -> None:
    analysis = Analysis(namespace="shop", name="run", uid="1", metric="judge", kind="step", dry_run=True)
    [(_, attributes)] = named(measure(finished(analysis=analysis), {}), "rollout_analyzer.runs")
    assert attributes["rollout_analyzer.dry_run"] is True


class TestModels:
    def test_each_says_something_and_agrees_or_not(self, finished: Finished) -> None:
        said = {
            attributes["gen_ai.request.model"]: (
                attributes["gen_ai.provider.name"],
                attributes["rollout_analyzer.verdict"],
                attributes["rollout_analyzer.agrees"],
            )
            for _, attributes in named(measure(finished(), {}), "rollout_analyzer.model.verdicts")
        }
        assert said == {
            "flash": ("gcp.gemini", "rollback", True),
            "gemma4:12b": ("ollama", "failed", False),
        }

    def test_a_verdict_that_was_overruled_does_not_agree(self, finished: Finished) -> None:
        answer = Answer(verdict="promote", confidence=90, summary="", root_cause="")
        made = measure(finished(opinions=(Verdict(model="builtin", answer=answer),)), {})
        [(_, attributes)] = named(made, "rollout_analyzer.model.verdicts")
        assert (attributes["rollout_analyzer.verdict"], attributes["rollout_analyzer.agrees"]) == (
            "promote",
            False,
        )

    def test_who_cannot_tell_agrees_with_inconclusive_alone(self, finished: Finished) -> None:
        answer = Answer(verdict="cannot_tell", confidence=0, summary="", root_cause="")
        opinions = (Verdict(model="builtin", answer=answer),)
        for outcome, agrees in (("inconclusive", True), ("error", False)):
            decision = Decision(outcome=outcome, rule="rule", reason="")  # type: ignore[arg-type]
            made = measure(finished(opinions=opinions, decision=decision), {})
            [(_, attributes)] = named(made, "rollout_analyzer.model.verdicts")
            assert attributes["rollout_analyzer.agrees"] is agrees

    def test_what_they_took_is_told_where_it_is_known(self, finished: Finished) -> None:
        made = measure(finished(), {})
        assert [value for value, _ in named(made, "rollout_analyzer.model.cost")] == [0.02]
        tokens = {
            attributes["gen_ai.token.type"]: value
            for value, attributes in named(made, "gen_ai.client.token.usage")
        }
        assert tokens == {"input": 9000, "output": 200}
        took = {
            attributes["gen_ai.request.model"]: (value, attributes.get("error.type"))
            for value, attributes in named(made, "gen_ai.client.operation.duration")
        }
        assert took == {"flash": (4.0, None), "gemma4:12b": (6.0, "failed")}

    def test_no_words_of_a_model_are_told(self, finished: Finished) -> None:
        opinion = Abstention(model="scripted", reason="hunter2 said it all")
        run = finished(
            opinions=(opinion,), decision=Decision(outcome="inconclusive", rule="quorum", reason="hunter2")
        )
        assert "hunter2" not in repr(measure(run, {}))


@pytest.mark.parametrize("outcome", ["promote", "started", "rollback", "inconclusive", "error"])
def test_every_outcome_is_one(finished: Finished, outcome: str) -> None:
    decision = Decision(outcome=outcome, rule="rule", reason="")  # type: ignore[arg-type]
    [(_, attributes)] = named(measure(finished(decision=decision), {}), "rollout_analyzer.runs")
    assert attributes["rollout_analyzer.outcome"] == outcome
