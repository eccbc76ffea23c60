"""Who is compared: the two sides of a rollout, and how they were found."""

from datetime import datetime

import msgspec

from analyzer.cluster import Cluster
from analyzer.cluster.errors import MissingResource
from analyzer.errors import UsageError
from analyzer.settings import Where
from analyzer.target import rollout
from analyzer.target.argo import NOBODY, Analysis
from analyzer.target.changes import find_mismatch, is_full_promotion, promoted_canary, why_moved
from analyzer.target.experiment import read_templates
from analyzer.target.options import check_target, names_target
from analyzer.target.rollout import HASH_LABEL, Hashes, Rollout
from analyzer.target.sides import ROLES, Role, Side, Target

__all__ = [
    "ROLES",
    "Role",
    "Side",
    "Target",
    "check_target",
    "find_mismatch",
    "is_full_promotion",
    "names_target",
    "promoted_canary",
    "resolve",
    "why_moved",
]


def resolve(cluster: Cluster, where: Where, now: datetime, analysis: Analysis | None = None) -> Target:
    """Return the two sides that the options name, else those of the AnalysisRun.

    With a Rollout, stable is `status.stableRS` and canary is `status.currentPodHash` or the hash of the
    AnalysisRun. Each is limited to the Rollout's own selector, because the hash of a pod template may also
    occur in another rollout. Hashes in the options win, and `find_mismatch` reports where the Rollout
    differs. Raise UsageError if nothing, too little, or contradictory options were given, or if the target
    does not exist. Raise ClusterError.
    """
    check_target(where, analysis)
    if analysis is not None and not names_target(where):
        return _from_analysis(cluster, analysis, where.namespace, now)
    namespace = where.namespace or cluster.namespace
    if where.rollout:
        named = rollout.read_named_rollout(cluster, namespace, where.rollout)
        hashes = Hashes(
            stable=where.stable_hash or named.hashes.stable, canary=where.canary_hash or named.hashes.canary
        )
        given_or_told = (
            "the hashes given, within the selector of" if where.canary_hash else "the hashes in the status of"
        )
        return _from_rollout(
            named, hashes, f"{given_or_told} Rollout {where.rollout} in {namespace}", now, analysis
        )
    rollout.require_namespace(cluster, namespace)
    if where.stable_hash:
        stable, canary = _make_side("stable", where.stable_hash), _make_side("canary", where.canary_hash)
        how = (
            f"pods labelled {HASH_LABEL} {where.stable_hash} (stable) and {where.canary_hash} (canary)"
            f" in {namespace}, as given"
        )
    else:
        stable, canary = (
            Side(role="stable", selector=where.stable_selector),
            Side(role="canary", selector=where.canary_selector),
        )
        how = (
            f"pods selected by {where.stable_selector} (stable) and {where.canary_selector} (canary)"
            f" in {namespace}, as given"
        )
    return Target(
        namespace=namespace, stable=stable, canary=canary, how=how, resolved_at=now, analysis=analysis
    )


def _from_analysis(cluster: Cluster, analysis: Analysis, namespace: str, now: datetime) -> Target:
    """Return the target of an AnalysisRun. Stable is always the Rollout's `stableRS`: in post-promotion the
    active Service has moved already, and `stableRS` has not.
    """
    if namespace not in ("", analysis.namespace):
        raise UsageError(
            (
                f"--namespace is {namespace}, but the AnalysisRun that asks, {analysis.name},"
                f" is in {analysis.namespace}"
            ),
            advice="leave --namespace out: the AnalysisRun's is taken",
        )
    asks = f"{analysis.kind} analysis: AnalysisRun {analysis.name}, metric {analysis.metric}, of"
    owner = analysis.owner
    if owner is None:
        owner_rollout = _find_only_rollout(cluster, analysis)
        return _from_rollout(
            owner_rollout,
            _hashes_to_judge(owner_rollout, analysis.hash),
            f"{asks} the one Rollout there is, {owner_rollout.name}",
            now,
            analysis,
        )
    if owner.kind == "Experiment":
        return _from_experiment(cluster, analysis, owner.name, f"{asks} Experiment {owner.name}", now)
    gone = f"the Rollout {owner.name} of AnalysisRun {analysis.name} is no longer there"
    try:
        owner_rollout = rollout.read_rollout(cluster, analysis.namespace, owner.name)
    except MissingResource as error:
        raise UsageError(gone, advice=NOBODY) from error
    if owner_rollout.uid != owner.uid:
        raise UsageError(f"{gone}: another one has its name", advice=NOBODY)
    return _from_rollout(
        owner_rollout,
        _hashes_to_judge(owner_rollout, analysis.hash),
        f"{asks} Rollout {owner_rollout.name} in {owner_rollout.namespace}",
        now,
        analysis,
    )


def _hashes_to_judge(rollout_now: Rollout, canary: str) -> Hashes:
    return Hashes(stable=rollout_now.hashes.stable, canary=canary or rollout_now.hashes.canary)


def _find_only_rollout(cluster: Cluster, analysis: Analysis) -> Rollout:
    """Return the Rollout of an AnalysisRun that names none: the only one in the namespace, or the only one
    with the version that it names.
    """
    every = rollout.list_rollouts(cluster, analysis.namespace)
    match = [candidate for candidate in every if analysis.hash in ("", candidate.hashes.canary)]
    if len(match) == 1:
        return match[0]
    which = f" of version {analysis.hash}" if analysis.hash else ""
    names = f": {', '.join(candidate.name for candidate in match[:5])}" if match else ""
    raise UsageError(
        (
            f"the AnalysisRun {analysis.name} names no Rollout, and {analysis.namespace} has"
            f" {len(match)}{which}{names}"
        ),
        advice="give --rollout NAME as an argument of the Job's container",
    )


def _from_experiment(cluster: Cluster, analysis: Analysis, name: str, asks: str, now: datetime) -> Target:
    """Return the target of an Experiment. A template that runs a version is that side; else the side is the
    Rollout's own pods. A template's ReplicaSet has no label but its hash.
    """
    run = read_templates(cluster, analysis, name)
    whole = _from_rollout(run.rollout, _hashes_to_judge(run.rollout, run.version), asks, now, analysis)
    stable = _make_side("stable", run.stable) if run.stable else whole.stable
    canary = _make_side("canary", run.canary) if run.canary else whole.canary
    sides = "; ".join(
        f"{role} {side.hash if side else 'none'}, {'a template' if template else 'its own'}"
        for role, template, side in (("stable", run.stable, stable), ("canary", run.canary, canary))
    )
    how = f"{asks} of Rollout {whole.rollout}: {sides}"
    return msgspec.structs.replace(
        whole, stable=stable, canary=canary, unserved=bool(run.canary) and not run.served, how=how
    )


def _count_looks(analysis: Analysis, analyses: int | None) -> int | None:
    """Return how often one canary is judged if each of its AnalysisRuns measures as often as this one."""
    return None if analysis.looks is None or analyses is None else analysis.looks * max(1, analyses)


def _from_rollout(
    rollout_now: Rollout, hashes: Hashes, how: str, now: datetime, analysis: Analysis | None
) -> Target:
    if not hashes.canary:
        raise UsageError(
            f"the Rollout {rollout_now.name} has no canary yet: no hash in its status",
            advice="is Argo's controller running?",
        )
    shrinks = (
        "; dynamicStableScale: stable shrinks while the canary grows" if rollout_now.dynamic_stable else ""
    )
    if analysis is not None and analysis.kind != "experiment":  # each of those has pods of its own
        analysis = msgspec.structs.replace(analysis, looks=_count_looks(analysis, rollout_now.analyses))
    return Target(
        namespace=rollout_now.namespace,
        rollout=rollout_now.name,
        rollout_uid=rollout_now.uid,
        hashes=hashes,
        dynamic_stable=rollout_now.dynamic_stable,
        stable=_make_side("stable", hashes.stable, rollout_now.selector) if hashes.stable else None,
        canary=_make_side("canary", hashes.canary, rollout_now.selector),
        how=f"{how}: stable {hashes.stable or 'none (a first deploy)'}, canary {hashes.canary}{shrinks}",
        resolved_at=now,
        analysis=analysis,
    )


def _make_side(role: Role, pod_hash: str, within: str = "") -> Side:
    own = f"{HASH_LABEL}={pod_hash}"
    return Side(role=role, selector=f"{own},{within}" if within else own, hash=pod_hash)
