"""What of the evidence is missing that no decision can do without: what was not seen is not healthy."""

from collections.abc import Iterator, Sequence

from analyzer.evidence import Evidence
from analyzer.evidence.pods import Pods
from analyzer.evidence.replicasets import ReplicaSets
from analyzer.findings.compare import standing
from analyzer.target import ROLES, Role


def missing_sides(evidence: Evidence) -> Iterator[str]:
    """Why a side cannot be judged by its pods, one phrase each."""
    for role in ROLES:
        pods = evidence.part(Pods, role)
        if evidence.target.side(role) is None:
            yield f"there is no {role} side"
        elif pods is None:
            yield f"the {role} pods could not be read"
        elif not standing(pods):
            gone = f": all {len(pods.pods)} are being deleted, finished or taken by their node" if pods.pods else _absent(evidence, role)
            yield f"the {role} side has no pods{gone}"


def missing_sources(evidence: Evidence, require: Sequence[str]) -> Iterator[str]:
    """What `--require` asks for and was not seen: a side's part of a source, or what a gap of it says is missing, a minor one apart.

    A minor gap counts where there is no part beside it: then the source was not seen at all. One phrase each.
    """
    for source in require:
        seen = {part.side for part in evidence.parts if part.__struct_config__.tag == source}
        unseen = () if None in seen else tuple(role for role in ROLES if role not in seen)
        gaps = [gap for gap in evidence.gaps if gap.source == source and (not gap.minor or gap.side in unseen or (unseen and not gap.side))]
        if gaps:
            yield from (f"{source} is required, and {gap.reason}" for gap in gaps)
        elif unseen:
            yield f"{source} is required, and was not looked at on {' and '.join(unseen)}"


def _absent(evidence: Evidence, role: Role) -> str:
    """Why there is not even a pod that ends, where the ReplicaSets tell."""
    side, owners = evidence.target.side(role), evidence.part(ReplicaSets, role)
    if side is None or owners is None or any(each.desired for each in owners.replicasets):
        return ""
    if not owners.replicasets:
        return f": no pod and no ReplicaSet is labelled {side.selector}"
    dynamic = role == "stable" and evidence.target.dynamic_stable
    return f": it is scaled to zero{' (dynamicStableScale), so judge at an earlier step' if dynamic else ''}"
