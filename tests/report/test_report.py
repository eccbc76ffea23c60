"""What holds for every report there is."""

import json
import re
from collections.abc import Callable

import msgspec
import pytest

from analyzer.decision import Decision, Outcome
from analyzer.records.record import Receipt, Record
from analyzer.report import REPORTS, load_report
from analyzer.settings import Policy, Settings, Tell
from analyzer.target.argo import Analysis


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")


def shown(name: str, record: Record) -> str:
    """The report's words, without what only a terminal or a browser reads."""
    return re.sub(r"\x1b\[[0-9;]*m", "", load_report(name)(record))


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    ("before", "says"),
    [
        ({"successful": 1, "failed": 2, "error": 3}, "1 successful, 2 failed, 3 error"),
        ({"inconclusive": 1}, "1 inconclusive"),
        ({}, ""),
    ],
)
def test_the_last_of_several_measurements_says_so(
    recorded: Callable[..., Record], name: str, before: dict[str, int], says: str
) -> None:
    """Argo may make another thing of them together."""
    record = recorded()
    asks = Analysis(namespace="shop", name="cart-2", uid="u", metric="judge", kind="step", before=before)
    target = msgspec.structs.replace(record.evidence.target, analysis=asks)
    text = shown(
        name,
        msgspec.structs.replace(record, evidence=msgspec.structs.replace(record.evidence, target=target)),
    )
    if name == "json":
        assert json.loads(text)["target"]["analysis"]["before"] == before
    else:
        assert (f"exit code 3 (measured before: {says}; Argo weighs them together)" in text) == bool(says)
        assert ("measured before" in text) == bool(says)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    ("outcome", "policy"),
    [("inconclusive", Policy(on_inconclusive="pass")), ("error", Policy(on_error="pass"))],
    ids=["inconclusive", "error"],
)
def test_what_a_policy_lets_pass_is_loud(
    recorded: Callable[..., Record], name: str, outcome: Outcome, policy: Policy
) -> None:
    record = recorded()
    judgement = msgspec.structs.replace(
        record.judgement, decision=Decision(outcome=outcome, rule="quorum", reason="too few")
    )
    settings = Settings(policy=policy)
    passed = msgspec.structs.replace(record, judgement=judgement, settings=settings, exit_code=0)
    option = f"--on-{outcome} pass"
    assert (f"passed by {option}" in shown(name, passed)) or json.loads(shown(name, passed))[
        "passed_by"
    ] == option
    assert "--on-" not in shown(name, msgspec.structs.replace(passed, settings=Settings()))


@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_a_pause_is_loud_and_says_how_to_go_on_and_one_that_was_refused_passes_nothing(
    recorded: Callable[..., Record], name: str
) -> None:
    record = recorded(findings=500, gaps=500)
    judgement = msgspec.structs.replace(
        record.judgement, decision=Decision(outcome="inconclusive", rule="quorum", reason="too few")
    )
    settings = Settings(policy=Policy(on_inconclusive="pause"))
    done = Receipt(effect="pause", done=True, detail="paused; go on: x; refuse: y")
    passed = msgspec.structs.replace(
        record, judgement=judgement, settings=settings, receipts=(done,), exit_code=0
    )
    told = shown(name, passed)
    assert "paused; go on: x; refuse: y" in told
    assert ("passed by --on-inconclusive pause" in told) or json.loads(told)[
        "passed_by"
    ] == "--on-inconclusive pause"
    refused = Receipt(effect="pause", done=False, detail="not paused: denied", advice="grant it")
    told = shown(name, msgspec.structs.replace(passed, receipts=(refused,), exit_code=4))
    assert "not paused: denied" in told
    assert "grant it" in told
    assert "--on-inconclusive pause" not in told


@pytest.mark.parametrize("name", REPORTS)
def test_the_command_that_judges_it_again_is_in_every_report(
    recorded: Callable[..., Record], name: str
) -> None:
    record = recorded()
    kept = Receipt(effect="configmap", done=True, detail="kept", place="configmap:shop/verdicts-1")
    tell = Settings(tell=Tell(save="configmap:verdicts"))
    command = "rollout-analyzer analyze --evidence configmap:shop/verdicts-1"
    assert command in shown(name, msgspec.structs.replace(record, settings=tell, receipts=(kept,)))
    lost = Receipt(effect="configmap", done=False, detail="denied")
    assert "--evidence" not in shown(name, msgspec.structs.replace(record, settings=tell, receipts=(lost,)))


@pytest.mark.parametrize("name", REPORTS)
def test_models_that_differ_are_each_named_with_what_they_said_and_what_it_weighs(
    recorded: Callable[..., Record], name: str
) -> None:
    record = recorded(findings=500)
    text = shown(name, record)
    if name == "json":
        verdicts = json.loads(text)["verdicts"]
        said = [
            (each["model"], each.get("answer", {}).get("verdict"), each["weight"], each.get("reason"))
            for each in verdicts
        ]
        assert json.loads(text)["disagree"]
        assert said == [
            ("gemini", "rollback", 2.0, None),
            ("ollama:gemma4", None, 1.0, "no JSON in the answer"),
            ("scripted", None, 1.0, "no answer by the deadline"),
        ]
        return
    assert "differ" in text
    for line in (
        "gemini (weight 2): rollback, 92 %, 1 quote dropped",
        "ollama:gemma4 (weight 1): abstained: no JSON in the answer",
        "scripted (weight 1): failed: no answer by the deadline",
    ):
        assert line in text
