"""What evidence as a whole says of itself: nothing that was not looked at goes without saying."""

import msgspec
from healthy import NOW, TARGET

from analyzer.evidence import ALWAYS, Evidence, add_missing_gaps
from analyzer.evidence.events import Events
from analyzer.evidence.interface import Gap, Window
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.evidence.replicasets import ReplicaSets
from analyzer.target import ROLES

WHOLE = Evidence(
    target=TARGET,
    window=Window(start=NOW, end=NOW),
    nonce="0123456789abcdef",
    parts=tuple(
        part
        for role in ROLES
        for part in (
            Pods(side=role, pods=()),
            ReplicaSets(side=role, replicasets=()),
            Logs(side=role, containers=(), streams=()),
            Events(side=role, events=()),
        )
    ),
)


def less(kind: type, *gaps: Gap) -> Evidence:
    """The canary's part of a kind gone, these gaps in its place."""
    parts = tuple(part for part in WHOLE.parts if not (isinstance(part, kind) and part.side == "canary"))
    return msgspec.structs.replace(WHOLE, parts=parts, gaps=gaps)


def test_whole_evidence_stays_as_it_is() -> None:
    assert add_missing_gaps(WHOLE) is WHOLE


def test_what_is_neither_there_nor_missed_is_a_gap() -> None:
    for kind in ALWAYS:
        [gap] = add_missing_gaps(less(kind)).gaps
        assert (gap.source, gap.side, gap.minor) == (kind.__struct_config__.tag, "canary", False)
        assert add_missing_gaps(add_missing_gaps(less(kind))) == add_missing_gaps(less(kind))


def test_a_gap_that_is_there_is_enough_whether_of_the_side_or_of_both() -> None:
    for side in ("canary", None):
        evidence = less(Logs, Gap(source="logs", side=side, reason="denied"))
        assert add_missing_gaps(evidence) is evidence
    assert len(add_missing_gaps(less(Logs, Gap(source="logs", side="stable", reason="denied"))).gaps) == 2


def test_a_side_that_there_is_not_lacks_nothing() -> None:
    alone = msgspec.structs.replace(
        WHOLE,
        target=msgspec.structs.replace(WHOLE.target, stable=None),
        parts=tuple(part for part in WHOLE.parts if part.side == "canary"),
    )
    assert add_missing_gaps(alone) is alone
