"""`--on-inconclusive pause`, `--on-error pause`: the Rollout waits, so that a person decides.

Argo keeps the step of a Rollout whose `spec.paused` is set while the step's analysis runs, and takes it no further when that
succeeds. In post-promotion it heeds no pause: the traffic has moved already. So a pause there would be an answer to nobody.
"""

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Conflict, Missing
from analyzer.effects.interface import Occasion
from analyzer.errors import UsageError
from analyzer.exits import pause_asked
from analyzer.records.record import PAUSE, Receipt
from analyzer.retry import retrying
from analyzer.settings import Policy
from analyzer.target import Target, moved, rollout
from analyzer.target.rollout import Rollout

TOO_LATE = "after the promotion Argo heeds no pause: the traffic has moved already"


class Pause:
    """Pauses the Rollout as it was last read, and reads it again: only what is seen to be paused is."""

    name = PAUSE

    def asked(self, occasion: Occasion) -> bool:
        """By the outcome's policy."""
        return asked(occasion)

    def apply(self, occasion: Occasion, cluster: Cluster) -> Receipt:
        """Done only where the Rollout is paused at the version that was looked at."""
        target, impossible = occasion.target, beforehand(occasion)
        if target is None or impossible:
            return refused(impossible)
        try:
            why_not = retrying(lambda: _paused(cluster, target), pause_after=_may_pass, deadline=cluster.deadline)
        except Missing:
            why_not = f"the Rollout {target.rollout} is no longer there"
        return refused(why_not) if why_not else Receipt(effect=self.name, done=True, detail=how_to_go_on(target))


def asked(occasion: Occasion) -> bool:
    """Whether the policy wants a pause over the outcome. What was asked wrongly pauses nothing."""
    return pause_asked(occasion.decision.outcome, occasion.settings.policy) and not isinstance(occasion.error, UsageError)


def beforehand(occasion: Occasion) -> str:
    """Why there can be no pause, whatever the Rollout says of itself; empty where there can."""
    if occasion.target is None or not occasion.target.rollout:
        return "which Rollout it would be is not known"
    if occasion.dry_run():
        return "a dry run changes nothing"
    return TOO_LATE if occasion.analysis and occasion.analysis.kind == "post-promotion" else ""


def against(target: Target, now: Rollout) -> str:
    """Why the Rollout as it is now is not to be paused; empty where it is. A blue-green one's active Service says where the traffic is."""
    return moved(target, now) or (TOO_LATE if now.active == now.hashes.canary else "")


def undone(target: Target, now: Rollout) -> str:
    """Why the Rollout, read again, does not count as paused; empty where it does."""
    return moved(target, now) or ("" if now.paused else "the pause did not last: something else set spec.paused back")


def refused(why: str) -> Receipt:
    """The receipt of a pause that is not to be, however often it is tried."""
    return Receipt(effect=PAUSE, done=False, detail=f"not paused: {why}")


def check(policy: Policy, target: Target) -> None:
    """UsageError where a pause may be called for, and there is no Rollout to pause."""
    if "pause" in (policy.on_inconclusive, policy.on_error) and not target.rollout:
        option = "--on-inconclusive" if policy.on_inconclusive == "pause" else "--on-error"
        raise UsageError(f"{option} pause needs a Rollout, and none is known", advice="give --rollout NAME, or another policy")


def how_to_go_on(target: Target) -> str:
    """What a person does now. Aborting alone leaves a paused Rollout's ReplicaSets as they are."""
    name, namespace = target.rollout, target.namespace
    unpause = f"kubectl patch rollout {name} -n {namespace} --type merge -p " + """'{"spec":{"paused":false}}'"""
    abort = f"kubectl argo rollouts abort {name} -n {namespace}"
    return f"Rollout {name} in {namespace} is paused, a person decides; go on: {unpause}; refuse: {abort}, and then {unpause}"


def _paused(cluster: Cluster, target: Target) -> str:
    """Why it is not paused; empty when it is. Conflict where the Rollout changed while we did."""
    before = rollout.get(cluster, target.namespace, target.rollout)
    if why_not := against(target, before):
        return why_not
    if not before.paused:
        rollout.pause(cluster, before)
    return undone(target, rollout.get(cluster, target.namespace, target.rollout))


def _may_pass(error: Exception) -> float | None:
    """Argo's controller writes the status all the time, and each write is another version."""
    return 0.0 if isinstance(error, Conflict) else None
