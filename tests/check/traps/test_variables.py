"""The environment of the container: what it sets, and what it only seems to."""

from typing import Any

import pytest

from tests.check.traps.places import ARGS, CONTAINER, Broken, assert_told

pytestmark = pytest.mark.slow

MAP = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings"},
    "data": {"ROLLOUT_ANALYZER_SINCE": "5 minutes"},
}


def variable(name: str, value: str) -> dict[str, Any]:
    return {f"{CONTAINER}/env/1": {"name": name, "value": value}}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ROLLOUT_ANALYZER_SINCS", "ROLLOUT_ANALYZER_SINCE"),
        ("ROLLOUT_ANALYZER_MODELS", "ROLLOUT_ANALYZER_MODEL"),
        ("ROLLOUT_ANALYZER_DEADLINES", "ROLLOUT_ANALYZER_DEADLINE"),
        ("rollout_analyzer_since", "ROLLOUT_ANALYZER_SINCE"),
        ("ROLLOUT-ANALYZER-SINCE", "ROLLOUT_ANALYZER_SINCE"),
        ("ROLLOUT_ANALYSER_SINCE", "ROLLOUT_ANALYZER_SINCE"),
        ("ROLLOUT_ANALYZER_COLOUR", ""),
    ],
)
def test_a_variable_that_sets_no_option(broken: Broken, name: str, meant: str) -> None:
    found = broken(variable(name, "5m"))
    assert_told(found, "wrong", f"the environment variable {name} sets no option", f"- name: {name}")
    assert found[0].advice == (
        f"did you mean {meant}?" if meant else "leave it out; options: rollout-analyzer analyze --help"
    )


def test_a_variable_that_others_are_made_of_is_somebodys_own(broken: Broken) -> None:
    own = variable("ROLLOUT_ANALYZER_TEAM", "shop")
    assert broken(own | {f"{ARGS}/3": "--rollout=$(ROLLOUT_ANALYZER_TEAM)"}) == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SINCE", "5 minutes", "'5 minutes' is no duration"),
        ("QUORUM", "two", "'two' is not a valid integer range"),
        ("CONSENSUS", "all", "'all' is not one of"),
        ("EFFECT", "none nothing", "'nothing' is not one of"),
        ("INVESTIGATE", "maybe", "'maybe' is not a valid boolean"),
        ("MIN_SHARE", "60%", "'60%' is not a valid float"),
    ],
)
def test_a_value_that_the_option_does_not_take(broken: Broken, name: str, value: str, says: str) -> None:
    name = f"ROLLOUT_ANALYZER_{name}"
    found = broken(variable(name, value))
    assert_told(found, "wrong", says, f"- name: {name}")
    assert found[0].what.startswith(f"{name} in the environment would end the container with code 2")


def test_values_that_hold_and_values_that_only_a_run_knows(broken: Broken) -> None:
    assert broken(variable("ROLLOUT_ANALYZER_SINCE", "5m")) == []
    assert broken(variable("ROLLOUT_ANALYZER_SINCE", "")) == []  # none, as in a run
    assert (
        broken(
            variable("ROLLOUT_ANALYZER_SINCE", "{{args.team}}") | {"AnalysisTemplate/spec/args/0/value": "5m"}
        )
        == []
    )
    elsewhere = {
        "name": "ROLLOUT_ANALYZER_SINCE",
        "valueFrom": {"configMapKeyRef": {"name": "elsewhere", "key": "since"}},
    }
    assert broken({f"{CONTAINER}/env/1": elsewhere}) == []


def test_an_option_of_the_command_line_stands_in_for_a_variable(broken: Broken) -> None:
    assert broken(variable("ROLLOUT_ANALYZER_SINCE", "5 minutes") | {f"{ARGS}/3": "--since=5m"}) == []


def test_the_last_of_two_variables_counts(broken: Broken) -> None:
    twice = [{"name": "ROLLOUT_ANALYZER_SINCE", "value": value} for value in ("5 minutes", "5m")]
    assert broken({f"{CONTAINER}/env/1": twice[0], f"{CONTAINER}/env/2": twice[1]}) == []


def test_a_config_map_that_was_given_is_read(broken: Broken) -> None:
    reference = {
        "name": "ROLLOUT_ANALYZER_SINCE",
        "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "ROLLOUT_ANALYZER_SINCE"}},
    }
    found = broken({f"{CONTAINER}/env/1": reference}, MAP)
    assert_told(found, "wrong", "'5 minutes' is no duration", "- name: ROLLOUT_ANALYZER_SINCE")
    found = broken({f"{CONTAINER}/envFrom": [{"configMapRef": {"name": "settings"}}]}, MAP)
    assert_told(found, "wrong", "'5 minutes' is no duration", "- configMapRef:")
    assert broken({f"{CONTAINER}/envFrom": [{"configMapRef": {"name": "elsewhere"}}]}, MAP) == []


def test_the_environment_of_the_check_itself_is_not_the_containers(
    broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_ANALYZER_DEADLINE", "1h")
    monkeypatch.setenv("ROLLOUT_ANALYZER_SINCE", "5 minutes")
    monkeypatch.setenv("ROLLOUT_ANALYZER_QUORUM", "3")
    assert broken({ARGS: ["analyze"]}) == []


@pytest.mark.parametrize(
    ("name", "meant"), [("GEMINI_APIKEY", "GEMINI_API_KEY"), ("OLAMA_HOST", "OLLAMA_HOST")]
)
def test_a_key_that_no_model_reads(broken: Broken, name: str, meant: str) -> None:
    found = broken(
        {f"{CONTAINER}/env/1": {"name": name, "valueFrom": {"secretKeyRef": {"name": "x", "key": "k"}}}}
    )
    assert_told(found, "note", f"the environment variable {name} is used by no model", f"- name: {name}")
    assert found[0].advice == f"did you mean {meant}?"


def test_a_variable_with_both_a_value_and_a_reference_is_refused(broken: Broken) -> None:
    both = {"name": "TEAM", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    assert_told(
        broken({f"{CONTAINER}/env/1": both}), "wrong", "TEAM has both a value and a valueFrom", "- name: TEAM"
    )
