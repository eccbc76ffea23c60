"""Changes of the Rollout: whether an answer about the target still holds for it."""

from collections.abc import Iterator

from analyzer.cluster import Cluster
from analyzer.cluster.errors import MissingResource
from analyzer.target import rollout
from analyzer.target.rollout import Hashes, Rollout
from analyzer.target.sides import Target


def find_mismatch(cluster: Cluster, target: Target) -> str:
    """Return why there is nothing to judge: the sides are not, or no longer, those of the target. Return
    empty if they are. Raise ClusterError.

    It reads the Rollout again if there is one. For two selectors, the pods show what they picked.
    """
    if target.hashes is None:
        canary = target.canary.hash if target.canary else ""
        one = bool(target.stable and canary and canary == target.stable.hash)
        return f"both sides are one ReplicaSet: hash {canary}" if one else ""
    try:
        now = rollout.read_rollout(cluster, target.namespace, target.rollout)
    except MissingResource:
        return f"the Rollout {target.rollout} is no longer there"
    return why_moved(target, now)


def why_moved(target: Target, now: Rollout) -> str:
    """Return why an answer about the target does not hold for the Rollout as it is now; empty if it holds."""
    return next(_describe_changes(target, target.hashes, now), "") if target.hashes else ""


def promoted_canary(target: Target, mismatch: str) -> str:
    """Return the canary's hash if `mismatch` says only that this canary has become stable. Return empty for a
    version that was stable long before.

    An AnalysisRun is about a version that was a canary when Argo created it, however late its Job starts.
    """
    hashes = target.hashes
    if hashes is None or mismatch != _promoted_sentence(hashes.canary):
        return ""
    return (
        hashes.canary if hashes.stable != hashes.canary or (target.analysis and target.analysis.hash) else ""
    )


def is_full_promotion(target: Target, mismatch: str) -> bool:
    """Return True if `mismatch` says only that somebody promotes this canary past every step, and it is not
    stable yet.
    """
    return target.hashes is not None and mismatch == _full_promotion_sentence(target.hashes.canary)


def _full_promotion_sentence(canary: str) -> str:
    return f"nothing is left to judge, {canary} is being promoted in full, past every analysis"


def _promoted_sentence(canary: str) -> str:
    return f"nothing is left to judge, {canary} is promoted already: both sides are one ReplicaSet"


def _describe_changes(target: Target, hashes: Hashes, now: Rollout) -> Iterator[str]:
    if now.uid != target.rollout_uid:
        yield f"the Rollout {now.name} was deleted and made anew"
    if now.hashes.canary != hashes.canary:
        yield (
            f"the canary asked about is {hashes.canary}, but the Rollout's current one is"
            f" {now.hashes.canary or 'none'}"
        )
    if now.hashes.stable == hashes.canary:
        yield _promoted_sentence(hashes.canary)
    if now.aborted:
        yield (
            "nothing is left to judge, the Rollout was aborted: it goes back to"
            f" {now.hashes.stable or 'nothing'}, whatever is found"
        )
    if now.promoting:
        yield _full_promotion_sentence(hashes.canary)
    if now.hashes.stable != hashes.stable:
        yield (
            f"the stable side asked about is {hashes.stable or 'none'}, but the Rollout's is"
            f" {now.hashes.stable or 'none'}"
        )
