"""`--on-inconclusive pause`, `--on-error pause`: the Rollout waits, so that a person decides.

Argo keeps the step of a Rollout with `spec.paused` while the step's analysis runs, and goes no further when
that succeeds. In post-promotion it ignores a pause, because the traffic has moved already, so no pause is
made there.
"""

from analyzer.cluster import Cluster
from analyzer.cluster.errors import Conflict, MissingResource
from analyzer.common.retry import retrying
from analyzer.effects.interface import EffectContext
from analyzer.errors import UsageError
from analyzer.exits import pause_asked
from analyzer.records.record import PAUSE, Receipt
from analyzer.settings import Policy
from analyzer.target import Target, rollout, why_moved
from analyzer.target.rollout import Rollout

TOO_LATE = "Argo ignores a pause after the promotion: the traffic has moved already"


class Pause:
    """Pauses the Rollout as it was last read, and reads it again. Only a pause that was seen counts."""

    name = PAUSE

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if the policy wants a pause for the outcome."""
        return wants_pause(context)

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Pause the Rollout. The receipt says done only if the Rollout is paused at the version that was
        judged.
        """
        target, impossible = context.target, why_impossible(context)
        if target is None or impossible:
            return refuse_pause(impossible)
        try:
            why_not = retrying(
                lambda: _pause_and_verify(cluster, target),
                pause_after=_pause_after,
                deadline=cluster.deadline,
            )
        except MissingResource:
            why_not = f"the Rollout {target.rollout} is no longer there"
        return (
            refuse_pause(why_not)
            if why_not
            else Receipt(effect=self.name, done=True, detail=how_to_go_on(target))
        )


def wants_pause(context: EffectContext) -> bool:
    """Return True if the policy wants a pause for the outcome. A usage error pauses nothing."""
    return pause_asked(context.decision.outcome, context.settings.policy) and not isinstance(
        context.error, UsageError
    )


def why_impossible(context: EffectContext) -> str:
    """Return why there can be no pause, whatever the Rollout's state; empty if there can."""
    if context.target is None or not context.target.rollout:
        return "the Rollout is not known"
    if context.dry_run():
        return "a dry run changes nothing"
    return TOO_LATE if context.analysis and context.analysis.kind == "post-promotion" else ""


def why_not_to_pause(target: Target, now: Rollout) -> str:
    """Return why the Rollout as it is now must not be paused; empty if it may. The active Service of a
    blue-green Rollout says where the traffic is.
    """
    return why_moved(target, now) or (TOO_LATE if now.active == now.hashes.canary else "")


def why_not_paused(target: Target, now: Rollout) -> str:
    """Return why the Rollout, read again, does not count as paused; empty if it does."""
    return why_moved(target, now) or (
        "" if now.paused else "the pause did not last: something else set spec.paused back"
    )


def refuse_pause(why: str) -> Receipt:
    """Return the receipt of a pause that no retry can make."""
    return Receipt(effect=PAUSE, done=False, detail=f"not paused: {why}")


def check_policy(policy: Policy, target: Target) -> None:
    """Raise UsageError if a pause may be wanted and no Rollout is known."""
    if "pause" in (policy.on_inconclusive, policy.on_error) and not target.rollout:
        option = "--on-inconclusive" if policy.on_inconclusive == "pause" else "--on-error"
        raise UsageError(
            f"{option} pause needs a Rollout, and none is known",
            advice="give --rollout NAME, or another policy",
        )


def how_to_go_on(target: Target) -> str:
    """Return the commands for the person who decides. Aborting alone leaves the ReplicaSets of a paused
    Rollout as they are.
    """
    name, namespace = target.rollout, target.namespace
    unpause = (
        f"kubectl patch rollout {name} -n {namespace} --type merge -p " + """'{"spec":{"paused":false}}'"""
    )
    abort = f"kubectl argo rollouts abort {name} -n {namespace}"
    return (
        f"Rollout {name} in {namespace} is paused, a person decides; go on: {unpause}; refuse: {abort},"
        f" and then {unpause}"
    )


def _pause_and_verify(cluster: Cluster, target: Target) -> str:
    """Pause the Rollout and return why it is not paused; empty if it is. Raise Conflict if the Rollout
    changed meanwhile.
    """
    before = rollout.read_rollout(cluster, target.namespace, target.rollout)
    if why_not := why_not_to_pause(target, before):
        return why_not
    if not before.paused:
        rollout.pause_rollout(cluster, before)
    return why_not_paused(target, rollout.read_rollout(cluster, target.namespace, target.rollout))


def _pause_after(error: Exception) -> float | None:
    """Return 0 for a Conflict: Argo's controller writes the status often, each time a new version."""
    return 0.0 if isinstance(error, Conflict) else None
