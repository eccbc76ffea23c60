"""The notification template: rendered from real annotations by Helm, which has the template language and the
functions that Argo has.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.conftest import ARGO_CRDS

if TYPE_CHECKING:
    from tests.conftest import Namespace

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "notifications.yaml"
pytestmark = pytest.mark.api
Json = dict[str, Any]


@pytest.fixture
def message(helm: Callable[..., str], tmp_path: Path) -> Callable[..., str]:
    """The text of a notification about these AnalysisRuns' annotations, by their names."""

    def render(runs: dict[str, Json | None]) -> str:
        template = yaml.safe_load(EXAMPLE.read_text())["data"]["template.rollout-analyzer"]
        chart = tmp_path / "chart"
        (chart / "templates").mkdir(parents=True, exist_ok=True)
        (chart / "Chart.yaml").write_text("{apiVersion: v2, name: chart, version: 0.1.0}")
        (chart / "templates" / "notification.yaml").write_text(
            f"{{{{- with .Values }}}}\n{template}\n{{{{- end }}}}\n"
        )
        told = [
            {"metadata": {"name": name, **({"annotations": notes} if notes is not None else {})}}
            for name, notes in runs.items()
        ]
        rollout = {"metadata": {"name": "cart", "namespace": "shop"}}
        (tmp_path / "values.yaml").write_text(yaml.safe_dump({"rollout": rollout, "analysisRuns": told}))
        shown = yaml.safe_load(helm("template", "x", str(chart), "--values", str(tmp_path / "values.yaml")))
        return str(shown["message"])

    return render


def test_each_answer_is_in_the_message(message: Callable[..., str]) -> None:
    text = message(
        {
            "cart-bbb-2": {
                "rollout-analyzer/judge.outcome": "rollback",
                "rollout-analyzer/judge.reason": "it crashes <!channel>; said by x (92 %)",
                "rollout-analyzer/judge.rule": "confidence",
                "rollout-analyzer/judge.rollback": (
                    "2026-11-21T07:57:30Z it crashes <!channel>; said by x (92 %)"
                ),
                "rollout-analyzer/judge.confidence": "92",
                "rollout-analyzer/judge.before": "1 successful, 1 failed",
                "rollout-analyzer/judge.link": "https://logs.example.com/cart",
                "rollout-analyzer/judge.record": "configmap:shop/verdicts-1",
                "somebody-else/judge.outcome": "unheard",
            },
            "cart-bbb-2-guard": {
                "rollout-analyzer/guard.outcome": "inconclusive",
                "rollout-analyzer/guard.passed-by": "--on-inconclusive pause",
            },
            "cart-bbb-2-bare": None,
        }
    )
    assert text.splitlines() == [
        "Rollout cart in shop:",
        (
            "cart-bbb-2, judge: rollback (92 % confident), measured before: 1 successful, 1 failed:"
            " it crashes (!channel>; said by x (92 %)"
        ),
        "https://logs.example.com/cart",
        "rollout-analyzer analyze --evidence configmap:shop/verdicts-1",
        "cart-bbb-2-guard, guard: inconclusive, NOT JUDGED HEALTHY but passed by --on-inconclusive pause:",
    ]


def test_without_an_answer_there_is_still_a_message(message: Callable[..., str]) -> None:
    assert message({"cart-bbb-2": None}).strip() == "Rollout cart in shop:"


@pytest.mark.usefixtures("argo")
def test_only_the_inconclusive_are_asked_for_more() -> None:
    """A condition that is not there always holds (argo-rollouts, utils/record/record.go); the one there is
    has the fields of Argo's CRD.
    """
    data = yaml.safe_load(EXAMPLE.read_text())["data"]
    triggers = {name: yaml.safe_load(text) for name, text in data.items() if name.startswith("trigger.")}
    assert {name for name, (each,) in triggers.items() if "when" in each} == {
        "trigger.on-analysis-run-inconclusive"
    }
    crd = yaml.safe_load((ARGO_CRDS / "analysis-run-crd.yaml").read_text())
    known = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]
    assert known["spec"]["properties"]["terminate"]["type"] == "boolean"
    assert known["status"]["properties"]["phase"]["type"] == "string"


def test_it_merges_into_what_argo_has(namespace: "Namespace") -> None:
    theirs = {
        "metadata": {"name": "argo-rollouts-notification-configmap"},
        "data": {"template.rollout-aborted": "message: aborted"},
    }
    namespace.send("POST", namespace.path("configmaps"), theirs)
    name = "argo-rollouts-notification-configmap"
    namespace.server.run(
        "patch", "configmap", name, "-n", namespace.name, "--type", "merge", "--patch-file", str(EXAMPLE)
    )
    merged = namespace.admin.get(namespace.path(f"configmaps/{name}"))["data"]
    assert {"template.rollout-aborted", "template.rollout-analyzer", "trigger.on-rollout-paused"} <= set(
        merged
    )
    [inconclusive] = yaml.safe_load(merged["trigger.on-analysis-run-inconclusive"])
    assert "spec?.terminate" in inconclusive["when"]
    assert yaml.safe_load(merged["trigger.on-rollout-paused"]) == [{"send": ["rollout-analyzer"]}]
