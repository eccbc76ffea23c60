"""Traps of the Job's podFailurePolicy: what becomes of each of our exit codes.

Its first rule that fits decides; a code that none fits counts towards backoffLimit
(https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy).
"""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.ours import Ours, ours
from analyzer.exits import Exit

ANSWERS = (Exit.USAGE, Exit.ROLLBACK, Exit.INCONCLUSIVE)
RETRIED = {
    Exit.BUG: "a crash of rollout-analyzer rolls back a canary of which it says nothing",
    Exit.INFRASTRUCTURE: "an outage that passes rolls back a healthy canary",
}
EXAMPLE = "as in examples/analysistemplate.yaml"


def policies(manifests: Manifests) -> Iterator[Trap]:
    """Of every Job that runs this product."""
    for each in ours(manifests):
        yield from _restarts(each)
        policy = each.job["podFailurePolicy"]
        if not policy:
            what = "no podFailurePolicy: an answer is asked for again, up to backoffLimit times, and a drained node counts as a failure"
            yield Trap(each.job, what, f"fail the Job on exit codes 2, 3 and 4, count 5, ignore DisruptionTarget, {EXAMPLE}")
            continue
        yield from _names(each)
        yield from _values(policy)
        yield from _codes(each, policy)


def _restarts(each: Ours) -> Iterator[Trap]:
    restart = each.pod["restartPolicy"]
    if restart.text() != "Never":
        said = f"restartPolicy is {restart.text()}" if restart else "no restartPolicy: a pod's default is Always, which no Job may have"
        what = f"{said}; with OnFailure each retry overwrites the last answer, and podFailurePolicy is refused"
        yield Trap(restart or each.pod, what, "set restartPolicy: Never")


def _names(each: Ours) -> Iterator[Trap]:
    names = [container["name"].text() for key in ("containers", "initContainers") for container in each.pod[key].each()]
    for rule in each.job["podFailurePolicy"]["rules"].each():
        codes = rule["onExitCodes"]
        name = codes["containerName"]
        if name and name.text() not in names:
            what = f"containerName {name.text()!r} is none of the pod's containers: Kubernetes refuses the Job"
            yield Trap(name, what, f"name ours: {each.container['name'].text()}")
        elif codes and not name and len(names) > 1:
            what = f"no containerName: the exit codes of {', '.join(each for each in names)} are all read as ours"
            yield Trap(codes, what, f"add containerName: {each.container['name'].text()}")


def _values(policy: Node) -> Iterator[Trap]:
    """validatePodFailurePolicyRuleOnExitCodes in Kubernetes' pkg/apis/batch/validation."""
    for rule in policy["rules"].each():
        values, operator = rule["onExitCodes"]["values"], rule["onExitCodes"]["operator"].text()
        codes = [code for value in values.each() if (code := value.number()) is not None]
        refused = "Kubernetes refuses the Job"
        if len(set(codes)) < len(codes):
            yield Trap(values, f"values {codes} has a code twice: {refused}", f"write {sorted(set(codes))}")
        elif codes != sorted(codes):
            yield Trap(values, f"values {codes} is not in order: {refused}", f"write {sorted(codes)}")
        if 0 in codes and operator == "In":
            yield Trap(values, f"values {codes} has 0, which is no failure: {refused}", "leave 0 out")


def _codes(each: Ours, policy: Node) -> Iterator[Trap]:
    name = each.container["name"].text()
    wrong = [f"{code.value} ({code.name.lower()})" for code in ANSWERS if action(policy, name, code) != "FailJob"]
    if wrong:
        what = f"exit codes {', '.join(wrong)} do not fail the Job at once: an answer is asked for again"
        yield Trap(policy, what, f"action FailJob on exit codes 2, 3 and 4, {EXAMPLE}")
    for code, why in RETRIED.items():
        advice = f"action Count on exit code {code.value}: it is retried"
        told = action(policy, name, code)
        if told == "FailJob":
            yield Trap(policy, f"exit code {code.value} fails the Job at once: {why}", advice)
        elif told == "Ignore":
            yield Trap(policy, f"exit code {code.value} is ignored: the Job runs again without end, until activeDeadlineSeconds", advice)
    if action(policy, name, Exit.TERMINATED, disrupted=True) != "Ignore":
        what = "a drained node or a preemption counts as a failure of the canary"
        yield Trap(policy, what, f"put a rule first: action Ignore on condition DisruptionTarget, {EXAMPLE}")


def action(policy: Node, container: str, code: int, *, disrupted: bool = False) -> str:
    """What the policy makes of our container's exit code; "Count" where no rule fits."""
    for rule in policy["rules"].each():
        if _fits(rule, container, code) or (disrupted and _on_disruption(rule)):
            return rule["action"].text()
    return "Count"


def _fits(rule: Node, container: str, code: int) -> bool:
    codes = rule["onExitCodes"]
    if not codes or codes["containerName"].text() not in ("", container):
        return False
    within = code in [value.number() for value in codes["values"].each()]
    return within if codes["operator"].text() == "In" else not within


def _on_disruption(rule: Node) -> bool:
    conditions = rule["onPodConditions"].each()
    return any(each["type"].text() == "DisruptionTarget" and each["status"].value in (None, "True") for each in conditions)
