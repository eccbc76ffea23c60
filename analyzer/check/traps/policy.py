"""Traps of the Job's podFailurePolicy: what becomes of each of our exit codes.

The first rule that matches decides. A code that matches none counts towards backoffLimit
(https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy).
"""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.exits import ExitCode

ANSWERS = (ExitCode.USAGE, ExitCode.ROLLBACK, ExitCode.INCONCLUSIVE)
RETRIED = {
    ExitCode.BUG: "a crash of rollout-analyzer rolls back a canary of which it says nothing",
    ExitCode.INFRASTRUCTURE: "an outage that passes rolls back a healthy canary",
}
EXAMPLE = "as in examples/analysistemplate.yaml"


def check_policies(manifests: Manifests) -> Iterator[Trap]:
    """Check every Job that runs this product."""
    for call in find_calls(manifests):
        yield from _check_restarts(call)
        policy = call.job["podFailurePolicy"]
        if not policy:
            what = (
                "no podFailurePolicy: an answer is asked for again, up to backoffLimit times,"
                " and a drained node counts as a failure"
            )
            yield Trap(
                call.job,
                what,
                f"fail the Job on exit codes 2, 3 and 4, count 5, ignore DisruptionTarget, {EXAMPLE}",
            )
            continue
        yield from _check_names(call)
        yield from _check_values(policy)
        yield from _check_codes(call, policy)


def _check_restarts(call: AnalyzerCall) -> Iterator[Trap]:
    restart = call.pod["restartPolicy"]
    if restart.text() != "Never":
        sentence = (
            f"restartPolicy is {restart.text()}"
            if restart
            else "no restartPolicy: a pod's default is Always, which no Job may have"
        )
        what = (
            f"{sentence}; with OnFailure each retry overwrites the last answer,"
            " and podFailurePolicy is refused"
        )
        yield Trap(restart or call.pod, what, "set restartPolicy: Never")


def _check_names(call: AnalyzerCall) -> Iterator[Trap]:
    names = [
        container["name"].text()
        for key in ("containers", "initContainers")
        for container in call.pod[key].elements()
    ]
    for rule in call.job["podFailurePolicy"]["rules"].elements():
        codes = rule["onExitCodes"]
        name = codes["containerName"]
        if name and name.text() not in names:
            what = (
                f"containerName {name.text()!r} is not one of the pod's containers:"
                " Kubernetes refuses the Job"
            )
            yield Trap(name, what, f"name ours: {call.container['name'].text()}")
        elif codes and not name and len(names) > 1:
            what = (
                f"no containerName: the exit codes of {', '.join(name for name in names)} all count as ours"
            )
            yield Trap(codes, what, f"add containerName: {call.container['name'].text()}")


def _check_values(policy: Node) -> Iterator[Trap]:
    """Check exit codes as validatePodFailurePolicyRuleOnExitCodes in Kubernetes' pkg/apis/batch/validation
    does.
    """
    for rule in policy["rules"].elements():
        values, operator = rule["onExitCodes"]["values"], rule["onExitCodes"]["operator"].text()
        codes = [code for value in values.elements() if (code := value.number()) is not None]
        refused = "Kubernetes refuses the Job"
        if len(set(codes)) < len(codes):
            yield Trap(values, f"values {codes} has a code twice: {refused}", f"write {sorted(set(codes))}")
        elif codes != sorted(codes):
            yield Trap(values, f"values {codes} is not in order: {refused}", f"write {sorted(codes)}")
        if 0 in codes and operator == "In":
            yield Trap(values, f"values {codes} has 0, which is no failure: {refused}", "leave 0 out")


def _check_codes(call: AnalyzerCall, policy: Node) -> Iterator[Trap]:
    name = call.container["name"].text()
    wrong = [
        f"{code.value} ({code.name.lower()})"
        for code in ANSWERS
        if choose_action(policy, name, code) != "FailJob"
    ]
    if wrong:
        what = f"exit codes {', '.join(wrong)} do not fail the Job at once: an answer is asked for again"
        yield Trap(policy, what, f"action FailJob on exit codes 2, 3 and 4, {EXAMPLE}")
    for code, why in RETRIED.items():
        advice = f"action Count on exit code {code.value}: it is retried"
        chosen = choose_action(policy, name, code)
        if chosen == "FailJob":
            yield Trap(policy, f"exit code {code.value} fails the Job at once: {why}", advice)
        elif chosen == "Ignore":
            yield Trap(
                policy,
                (
                    f"exit code {code.value} is ignored: the Job runs again without end,"
                    " until activeDeadlineSeconds"
                ),
                advice,
            )
    if choose_action(policy, name, ExitCode.TERMINATED, disrupted=True) != "Ignore":
        what = "a drained node or a preemption counts as a failure of the canary"
        yield Trap(policy, what, f"put a rule first: action Ignore on condition DisruptionTarget, {EXAMPLE}")


def choose_action(policy: Node, container: str, code: int, *, disrupted: bool = False) -> str:
    """Return the policy's action for an exit code of our container; "Count" if no rule matches."""
    for rule in policy["rules"].elements():
        if _rule_fits(rule, container, code) or (disrupted and _is_on_disruption(rule)):
            return rule["action"].text()
    return "Count"


def _rule_fits(rule: Node, container: str, code: int) -> bool:
    codes = rule["onExitCodes"]
    if not codes or codes["containerName"].text() not in ("", container):
        return False
    within = code in [value.number() for value in codes["values"].elements()]
    return within if codes["operator"].text() == "In" else not within


def _is_on_disruption(rule: Node) -> bool:
    conditions = rule["onPodConditions"].elements()
    return any(
        condition["type"].text() == "DisruptionTarget" and condition["status"].value in (None, "True")
        for condition in conditions
    )
