"""Who is compared: the two sides of a rollout, and how they were found."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from analyzer import selectors
from analyzer.cluster import Cluster
from analyzer.cluster.errors import Missing
from analyzer.errors import UsageError
from analyzer.settings import Where
from analyzer.target import rollout
from analyzer.target.argo import NOBODY, Analysis
from analyzer.target.experiment import templates
from analyzer.target.rollout import HASH_LABEL, HOW, Hashes, Rollout
from analyzer.value import Moment, Value

Role = Literal["stable", "canary"]
ROLES: tuple[Role, Role] = ("stable", "canary")

_VALUE = re.compile(selectors.LABEL)


class Side(Value):
    """One side. `selector` is a Kubernetes label selector that picks its pods and ReplicaSets; `hash` is empty when unknown."""

    role: Role
    selector: str
    hash: str = ""


class Target(Value):
    """The namespace and the two sides. A side that does not exist (a first deploy has no stable) is None, never empty.

    `hashes` are the Rollout's two versions that the answer is about: the sides' own, but in an experiment, whose pods have others.
    `dynamic_stable`: its stable side shrinks while the canary grows. `analysis` is the AnalysisRun that asked, None where none did.
    """

    namespace: str
    rollout: str = ""
    rollout_uid: str = ""
    hashes: Hashes | None = None
    dynamic_stable: bool = False
    stable: Side | None
    canary: Side | None
    how: str
    resolved_at: Moment
    analysis: Analysis | None = None

    def side(self, role: Role) -> Side | None:
        """The side in that role, or None when there is none."""
        return self.stable if role == "stable" else self.canary

    def name(self) -> str:
        """`namespace/rollout`, or the namespace and both selectors where there is no rollout."""
        return f"{self.namespace}/{self.rollout}" if self.rollout else self.namespace


def given(where: Where) -> bool:
    """Whether a target was asked for: a namespace alone is none."""
    return bool(where.rollout or where.stable_hash or where.canary_hash or where.stable_selector or where.canary_selector)


def resolve(cluster: Cluster, where: Where, now: datetime, analysis: Analysis | None = None) -> Target:
    """The two sides that were asked for, else those that the AnalysisRun is about.

    By a Rollout: stable is its `status.stableRS`, canary its `status.currentPodHash` or the hash of the AnalysisRun, each within the
    Rollout's own selector, since a pod template's hash alone may occur in another rollout too. Hashes given beside it win, and
    `mismatch` says where the Rollout differs. Raises UsageError when nothing, too little or the contradictory was asked, or it is
    not there; ClusterError.
    """
    check(where, analysis)
    if analysis is not None and not given(where):
        return _by_analysis(cluster, analysis, where.namespace, now)
    namespace = where.namespace or cluster.namespace
    if where.rollout:
        found = rollout.asked_for(cluster, namespace, where.rollout)
        asked = Hashes(stable=where.stable_hash or found.hashes.stable, canary=where.canary_hash or found.hashes.canary)
        given_or_told = "the hashes given, within the selector of" if where.canary_hash else "the hashes in the status of"
        return _by_rollout(found, asked, f"{given_or_told} Rollout {where.rollout} in {namespace}", now, analysis)
    rollout.require_namespace(cluster, namespace)
    if where.stable_hash:
        stable, canary = _side("stable", where.stable_hash), _side("canary", where.canary_hash)
        how = f"pods labelled {HASH_LABEL} {where.stable_hash} (stable) and {where.canary_hash} (canary) in {namespace}, as given"
    else:
        stable, canary = Side(role="stable", selector=where.stable_selector), Side(role="canary", selector=where.canary_selector)
        how = f"pods selected by {where.stable_selector} (stable) and {where.canary_selector} (canary) in {namespace}, as given"
    return Target(namespace=namespace, stable=stable, canary=canary, how=how, resolved_at=now, analysis=analysis)


def mismatch(cluster: Cluster, target: Target) -> str:
    """Why there is nothing to judge: the sides are not, or no longer, the ones asked about; empty when they are. Raises ClusterError.

    Asks the Rollout again, where there is one. What two selectors picked shows in the pods.
    """
    if target.hashes is None:
        canary = target.canary.hash if target.canary else ""
        one = bool(target.stable and canary and canary == target.stable.hash)
        return f"both sides are one ReplicaSet: hash {canary}" if one else ""
    try:
        now = rollout.get(cluster, target.namespace, target.rollout)
    except Missing:
        return f"the Rollout {target.rollout} is no longer there"
    return moved(target, now)


def moved(target: Target, now: Rollout) -> str:
    """Why an answer about the target is none about the Rollout as it is now; empty when it is."""
    return next(_changes(target, target.hashes, now), "") if target.hashes else ""


def overtaken(target: Target, mismatch: str) -> str:
    """The canary's hash where all that `mismatch` says is that this canary has become stable; empty for a version that had long been.

    An AnalysisRun is about a version that was a canary when Argo made it, however late its Job is.
    """
    asked = target.hashes
    if asked is None or mismatch != _promoted(asked.canary):
        return ""
    return asked.canary if asked.stable != asked.canary or (target.analysis and target.analysis.hash) else ""


def in_full(target: Target, mismatch: str) -> bool:
    """Whether all that `mismatch` says is that somebody has this canary promoted past every step, and it is not yet."""
    return target.hashes is not None and mismatch == _in_full(target.hashes.canary)


def _in_full(canary: str) -> str:
    return f"nothing is left to judge, {canary} is being promoted in full, past every analysis"


def _promoted(canary: str) -> str:
    return f"nothing is left to judge, {canary} is promoted already: both sides are one ReplicaSet"


def _changes(target: Target, asked: Hashes, now: Rollout) -> Iterator[str]:
    if now.uid != target.rollout_uid:
        yield f"the Rollout {now.name} was deleted and made anew"
    if now.hashes.canary != asked.canary:
        yield f"the canary asked about is {asked.canary}, but the Rollout's current one is {now.hashes.canary or 'none'}"
    if now.hashes.stable == asked.canary:
        yield _promoted(asked.canary)
    if now.aborted:
        yield f"nothing is left to judge, the Rollout was aborted: it goes back to {now.hashes.stable or 'nothing'}, whatever is found"
    if now.promoting:
        yield _in_full(asked.canary)
    if now.hashes.stable != asked.stable:
        yield f"the stable side asked about is {asked.stable or 'none'}, but the Rollout's is {now.hashes.stable or 'none'}"


def check(where: Where, analysis: Analysis | None = None) -> None:
    """Raises UsageError unless exactly one way to a target is given, and given well. Asks nobody."""
    hashes = (where.stable_hash, where.canary_hash)
    picks = (where.stable_selector, where.canary_selector)
    wrong = {
        "hashes and selectors exclude each other": any(hashes) and any(picks),
        "--rollout and selectors exclude each other": where.rollout and any(picks),
        "--stable-hash and --canary-hash belong together": any(hashes) != all(hashes),
        "--stable-selector and --canary-selector belong together": any(picks) != all(picks),
        "no target was given, and this is no pod of a Job that Argo made": not given(where) and analysis is None,
        "both selectors are the same": all(picks) and selectors.same(*picks),
    }
    for message, holds in wrong.items():
        if holds:
            raise UsageError(message, advice=HOW)
    for option, text, well_formed in _shapes(where):
        if text and not well_formed:
            raise UsageError(f"{option} {text!r} is not one that Kubernetes knows", advice="see kubectl get rollouts,pods --show-labels")


def _shapes(where: Where) -> Iterable[tuple[str, str, object]]:
    yield "--namespace", where.namespace, selectors.NAME.fullmatch(where.namespace)
    yield "--rollout", where.rollout, selectors.NAME.fullmatch(where.rollout)
    yield "--stable-hash", where.stable_hash, _VALUE.fullmatch(where.stable_hash)
    yield "--canary-hash", where.canary_hash, _VALUE.fullmatch(where.canary_hash)
    yield "--stable-selector", where.stable_selector, selectors.is_selector(where.stable_selector)
    yield "--canary-selector", where.canary_selector, selectors.is_selector(where.canary_selector)


def _by_analysis(cluster: Cluster, analysis: Analysis, namespace: str, now: datetime) -> Target:
    """Stable is always the Rollout's `stableRS`: in post-promotion the active Service has moved already, and it has not."""
    if namespace not in ("", analysis.namespace):
        raise UsageError(
            f"--namespace is {namespace}, but the AnalysisRun that asks, {analysis.name}, is in {analysis.namespace}",
            advice="leave --namespace out: the AnalysisRun's is taken",
        )
    asks = f"{analysis.kind} analysis: AnalysisRun {analysis.name}, metric {analysis.metric}, of"
    owner = analysis.owner
    if owner is None:
        found = _only(cluster, analysis)
        return _by_rollout(found, _asked(found, analysis.hash), f"{asks} the one Rollout there is, {found.name}", now, analysis)
    if owner.kind == "Experiment":
        return _by_experiment(cluster, analysis, owner.name, f"{asks} Experiment {owner.name}", now)
    gone = f"the Rollout {owner.name} of AnalysisRun {analysis.name} is no longer there"
    try:
        found = rollout.get(cluster, analysis.namespace, owner.name)
    except Missing as error:
        raise UsageError(gone, advice=NOBODY) from error
    if found.uid != owner.uid:
        raise UsageError(f"{gone}: another one has its name", advice=NOBODY)
    return _by_rollout(found, _asked(found, analysis.hash), f"{asks} Rollout {found.name} in {found.namespace}", now, analysis)


def _asked(found: Rollout, canary: str) -> Hashes:
    return Hashes(stable=found.hashes.stable, canary=canary or found.hashes.canary)


def _only(cluster: Cluster, analysis: Analysis) -> Rollout:
    """The Rollout of an AnalysisRun that says of none: the namespace's only one, or the only one of the version it names."""
    every = rollout.every(cluster, analysis.namespace)
    match = [each for each in every if analysis.hash in ("", each.hashes.canary)]
    if len(match) == 1:
        return match[0]
    which = f" of version {analysis.hash}" if analysis.hash else ""
    names = f": {', '.join(each.name for each in match[:5])}" if match else ""
    raise UsageError(
        f"the AnalysisRun {analysis.name} says of no Rollout, and {analysis.namespace} has {len(match)}{which}{names}",
        advice="give --rollout NAME as an argument of the Job's container",
    )


def _by_experiment(cluster: Cluster, analysis: Analysis, name: str, asks: str, now: datetime) -> Target:
    """A template that runs a version stands for it, else the Rollout's own pods do. A template's ReplicaSet has no label but its hash."""
    run = templates(cluster, analysis, name)
    whole = _by_rollout(run.rollout, _asked(run.rollout, run.version), asks, now, analysis)
    stable = _side("stable", run.stable) if run.stable else whole.stable
    canary = _side("canary", run.canary) if run.canary else whole.canary
    told = "; ".join(
        f"{role} {side.hash if side else 'none'}, {'a template' if template else 'its own'}"
        for role, template, side in (("stable", run.stable, stable), ("canary", run.canary, canary))
    )
    return msgspec.structs.replace(whole, stable=stable, canary=canary, how=f"{asks} of Rollout {whole.rollout}: {told}")


def _by_rollout(found: Rollout, asked: Hashes, how: str, now: datetime, analysis: Analysis | None) -> Target:
    if not asked.canary:
        raise UsageError(f"the Rollout {found.name} has no canary yet: no hash in its status", advice="is Argo's controller running?")
    shrinks = "; dynamicStableScale: stable shrinks while the canary grows" if found.dynamic_stable else ""
    return Target(
        namespace=found.namespace,
        rollout=found.name,
        rollout_uid=found.uid,
        hashes=asked,
        dynamic_stable=found.dynamic_stable,
        stable=_side("stable", asked.stable, found.selector) if asked.stable else None,
        canary=_side("canary", asked.canary, found.selector),
        how=f"{how}: stable {asked.stable or 'none (a first deploy)'}, canary {asked.canary}{shrinks}",
        resolved_at=now,
        analysis=analysis,
    )


def _side(role: Role, pod_hash: str, within: str = "") -> Side:
    own = f"{HASH_LABEL}={pod_hash}"
    return Side(role=role, selector=f"{own},{within}" if within else own, hash=pod_hash)
