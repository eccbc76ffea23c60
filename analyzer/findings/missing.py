"""Missing evidence without which nothing can be decided: what was not seen is not healthy."""

from collections.abc import Iterator, Sequence

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, unheard
from analyzer.evidence.pods import Pods
from analyzer.evidence.replicasets import ReplicaSets
from analyzer.findings.side_pods import select_standing_pods
from analyzer.target import ROLES, Role


def missing_sides(evidence: Evidence) -> Iterator[str]:
    """Yield why a side cannot be judged by its pods, a phrase each."""
    for role in ROLES:
        pods = evidence.part(Pods, role)
        if evidence.target.side(role) is None:
            yield f"there is no {role} side"
        elif pods is None:
            yield f"the {role} pods could not be read"
        elif not select_standing_pods(pods):
            gone = (
                f": all {len(pods.pods)} are being deleted, finished or taken by their node"
                if pods.pods
                else _explain_absence(evidence, role)
            )
            yield f"the {role} side has no pods{gone}"


def missing_sources(evidence: Evidence, require: Sequence[str]) -> Iterator[str]:
    """Yield what `--require` asks for and was not seen, a phrase each: a side's part of a source, or the
    reason of a gap.

    A minor gap counts only where the side has no part of the source. Logs without a line on either side count
    as no part.
    """
    without_lines = unheard([evidence.part(Logs, role) for role in ROLES])
    for source in require:
        sides = {
            part.side
            for part in evidence.parts
            if part.__struct_config__.tag == source and not (without_lines and isinstance(part, Logs))
        }
        unseen = () if None in sides else tuple(role for role in ROLES if role not in sides)
        gaps = [
            gap
            for gap in evidence.gaps
            if gap.source == source and (not gap.minor or gap.side in unseen or (unseen and not gap.side))
        ]
        if gaps:
            yield from (f"{source} is required, and {gap.reason}" for gap in gaps)
        elif unseen:
            yield f"{source} is required, and was not looked at on {' and '.join(unseen)}"


def _explain_absence(evidence: Evidence, role: Role) -> str:
    """Return why a side has no pod at all, as the ReplicaSets show it, or empty."""
    side, owners = evidence.target.side(role), evidence.part(ReplicaSets, role)
    if side is None or owners is None or any(replicaset.desired for replicaset in owners.replicasets):
        return ""
    if not owners.replicasets:
        return f": no pod and no ReplicaSet is labelled {side.selector}"
    dynamic = role == "stable" and evidence.target.dynamic_stable
    return f": it is scaled to zero{' (dynamicStableScale), so judge at an earlier step' if dynamic else ''}"
