from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Pod
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules

MakePod = Callable[..., Pod]
MakeEvent = Callable[..., Event]
MakeEvidence = Callable[..., Evidence]


def only(evidence: Evidence) -> Graded:
    (graded,) = find(evidence, Rules())
    return graded


def test_another_warning_is_named_by_its_reason(evidence: MakeEvidence, event: MakeEvent) -> None:
    graded = only(
        evidence(canary_events=[event("canary-1", "DNSConfigForming", "Nameserver limits were exceeded")])
    )
    assert (graded.severity, graded.finding.key) == ("warning", "warning-event/DNSConfigForming")


@pytest.mark.parametrize(
    "fields", [{"type": "Normal"}, {"ago": 601}, {"reason": "BackOff"}, {"reason": "FailedScheduling"}]
)
def test_what_is_normal_old_or_told_by_the_state_is_no_finding(
    fields: dict[str, object], evidence: MakeEvidence, pod: MakePod, event: MakeEvent
) -> None:
    given = {"reason": "DNSConfigForming"} | fields
    assert find(evidence([pod("c1", age=4_000)], canary_events=[event("c1", **given)]), Rules()) == ()


def test_events_of_other_objects_are_no_pods(evidence: MakeEvidence, event: MakeEvent) -> None:
    assert find(evidence(canary_events=[event("somebody-else", "DNSConfigForming")]), Rules()) == ()


def test_without_stables_events_the_canarys_still_show(evidence: MakeEvidence, event: MakeEvent) -> None:
    graded = only(evidence(canary_events=[event("canary-1", "DNSConfigForming")], stable_events=None))
    assert (graded.finding.key, graded.finding.scope, graded.finding.stable) == (
        "warning-event/DNSConfigForming",
        "uncompared",
        "not seen",
    )
