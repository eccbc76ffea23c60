"""An analysis whose pods have just started, and that does not wait for them to show anything."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from analyzer.check.interface import CheckResult

pytestmark = pytest.mark.slow

METRIC = "AnalysisTemplate/spec/metrics/0"
ARGS = f"{METRIC}/provider/job/spec/template/spec/containers/0/args"
EXPERIMENT_ARGS = "AnalysisTemplate other/spec/metrics/0/provider/job/spec/template/spec/containers/0/args"
HASHES = ["--stable-hash={{args.stable-hash}}", "--canary-hash={{args.canary-hash}}"]
Broken = Callable[..., list[CheckResult]]


def around(where: str) -> dict[str, Any]:
    analysis = {"templates": [{"templateName": "judge"}]}
    return {
        "Rollout/spec/strategy": {
            "blueGreen": {"activeService": "a", "previewService": "b", f"{where}PromotionAnalysis": analysis}
        }
    }


def wrong(broken: Broken, changes: Mapping[str, Any]) -> list[str]:
    return [each.what for each in broken(changes) if each.state == "wrong"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--wait=0s"], "answers 0 s after it began, at the latest"),
        (["--wait=20s"], "answers 20 s after it began, at the latest"),
        (["--deadline=1m"], "answers 30 s after it began, at the latest"),
        (["--observe=100s", "--deadline=200s"], "answers 50 s after it began, at the latest"),
        (["--min-ready-time=5m"], "before they have been Ready for 300 s"),
        (["--min-ready-time=0s"], "--min-ready-time 0s in a pre-promotion analysis"),
    ],
)
def test_one_that_does_not_wait_is_wrong_unless_argo_waits_before_it(
    args: list[str], says: str, broken: Broken
) -> None:
    changes = around("pre") | {ARGS: ["analyze", *args]}
    [what] = wrong(broken, changes)
    assert says in what
    assert wrong(broken, changes | {f"{METRIC}/initialDelay": "5m"}) == []


@pytest.mark.parametrize("where", ["pre", "post"])
def test_by_default_it_waits(where: str, broken: Broken) -> None:
    assert wrong(broken, around(where)) == []
    assert wrong(broken, around(where) | {ARGS: ["analyze", "--wait=30s", "--min-ready-time=30s"]}) == []


def test_that_of_an_experiment_has_to_wait_as_well_and_a_step_after_a_pause_need_not(broken: Broken) -> None:
    [what] = wrong(broken, {EXPERIMENT_ARGS: ["analyze", "--wait=0s", *HASHES]})
    assert what.startswith("the experiment analysis answers 0 s after it began")
    assert wrong(broken, {ARGS: ["analyze", "--wait=0s"]}) == []


def test_what_no_file_tells_is_not_guessed(broken: Broken) -> None:
    assert wrong(broken, around("pre") | {ARGS: ["analyze", "--config=/etc/c.yaml", "--wait=0s"]}) == []
    assert (
        wrong(
            broken,
            around("pre") | {ARGS: ["analyze", "--wait=0s"], f"{METRIC}/initialDelay": "{{args.team}}"},
        )
        == []
    )


def test_an_argument_of_the_rollout_counts(broken: Broken) -> None:
    args = [{"name": "team", "value": "0s"}]
    analysis = {"templates": [{"templateName": "judge"}], "args": args}
    changes = {
        "Rollout/spec/strategy": {
            "blueGreen": {"activeService": "a", "previewService": "b", "prePromotionAnalysis": analysis}
        }
    }
    [what] = wrong(
        broken,
        changes
        | {ARGS: ["analyze", "--wait={{args.team}}"], "AnalysisTemplate/spec/args": [{"name": "team"}]},
    )
    assert "answers 0 s after it began" in what
