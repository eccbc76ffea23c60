"""Where things stand in the sound manifests, and how what is told of a change is compared."""

from collections.abc import Callable
from typing import Any

from analyzer.check.interface import CheckResult

METRIC = "AnalysisTemplate/spec/metrics/0"
JOB = f"{METRIC}/provider/job/spec"
POD = f"{JOB}/template/spec"
CONTAINER = f"{POD}/containers/0"
ARGS = f"{CONTAINER}/args"
CANARY = "Rollout/spec/strategy/canary"
STEPS = f"{CANARY}/steps"
ANALYSIS = f"{STEPS}/2/analysis"
WEB = {"name": "web", "provider": {"web": {"url": "http://web", "jsonPath": "{$.ok}"}}}

Broken = Callable[..., list[CheckResult]]


def template(name: str, kind: str = "AnalysisTemplate", namespace: str = "", **spec: Any) -> dict[str, Any]:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec}


def wrong(found: list[CheckResult]) -> list[str]:
    return [each.what for each in found if each.state == "wrong"]


def assert_told(found: list[CheckResult], state: str, says: str, line: str) -> None:
    """The one thing that is told beside that another template runs something else, and where; it says what to
    do.
    """
    told = [each for each in found if "none of its metrics runs rollout-analyzer" not in each.what]
    assert [(each.state, each.about) for each in told] == [(state, line)], found
    assert says in told[0].what
    assert told[0].advice
