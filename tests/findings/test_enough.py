"""Too young a canary, or too little traffic: held, where the team set a threshold, and said why."""

from collections.abc import Callable, Iterable
from typing import Any

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.pods import Pod
from analyzer.findings.enough import RULES
from analyzer.findings.grade import severity
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import Role

Build = Callable[..., Evidence]
GET = '10.0.0.7 - - [03/Nov/2026:11:59:30 +0000] "GET /v1/items/{} HTTP/1.1" 200 512 "-" "curl/8.5"'
PROBE = '10.0.0.1 - - [03/Nov/2026:11:59:30 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.36"'


def logs(role: Role, lines: Iterable[str]) -> Logs:
    content = "".join(f"2026-11-03T11:59:30Z {line}\n" for line in lines).encode()
    return assemble(role, [mined_stream(f"{role}-1", "app", False, (content,), str)])


def found(evidence: Evidence, **rules: Any) -> list[Finding]:
    return [finding for rule in RULES for finding in rule(evidence, Rules(**rules))]


def test_nothing_has_to_be_seen_unless_asked(evidence: Build, pod: Callable[..., Pod]) -> None:
    assert found(evidence(canary=[pod("canary-1", age=1)])) == []


class TestAge:
    def test_a_canary_that_has_just_become_ready_is_held(self, evidence: Build, pod: Callable[..., Pod]) -> None:
        (finding,) = found(evidence(canary=[pod("canary-1", age=300, unready_for=20)]), min_canary_age=120)
        assert (finding.kind, severity(finding)) == ("too-young", "hold")
        assert finding.sentence == "the canary has been Ready for 20 s, and it is judged after 120 s"
        assert (finding.stable, finding.canary) == ("Ready for 300 s", "Ready for 20 s")

    def test_the_first_pod_that_is_ready_counts(self, evidence: Build, pod: Callable[..., Pod]) -> None:
        pods = [pod("canary-1", age=300, unready_for=200), pod("canary-2", age=20)]
        assert found(evidence(canary=pods), min_canary_age=120) == []

    def test_a_canary_that_is_not_ready_has_no_age(self, evidence: Build, pod: Callable[..., Pod], waiting: Callable[..., Any]) -> None:
        (finding,) = found(evidence(canary=[pod("canary-1", waiting("ContainerCreating"), age=500)]), min_canary_age=120)
        assert finding.sentence == "the canary has no Ready pod yet, and it is judged after 120 s"

    def test_no_pods_are_another_rules_matter(self, evidence: Build) -> None:
        assert found(evidence(canary=[]), min_canary_age=120, min_requests=5) == []


class TestTraffic:
    def test_too_few_requests_are_held(self, evidence: Build) -> None:
        more = (logs("stable", [GET.format(number) for number in range(50)]), logs("canary", [GET.format(1), "started", *[PROBE] * 30]))
        (finding,) = found(evidence(more=more), min_requests=20)
        assert (finding.kind, severity(finding)) == ("too-little-traffic", "hold")
        assert finding.sentence == "the canary logged 1 requests, and it is judged after 20"
        assert (finding.stable, finding.canary) == ("50 requests logged", "1 requests logged")

    def test_enough_requests_are_enough(self, evidence: Build) -> None:
        assert found(evidence(more=(logs("canary", [GET.format(number) for number in range(20)]),)), min_requests=20) == []

    def test_a_request_that_a_proxy_logs_as_well_is_one(self, evidence: Build) -> None:
        content = "".join(f"2026-11-03T11:59:30Z {GET.format(number)}\n" for number in range(15)).encode()
        both = assemble("canary", [mined_stream("canary-1", name, False, (content,), str) for name in ("app", "proxy")])
        (finding,) = found(evidence(more=(both,)), min_requests=20)
        assert finding.canary == "15 requests logged"

    def test_logs_without_requests_tell_nothing(self, evidence: Build) -> None:
        (finding,) = found(evidence(more=(logs("stable", ["ok"]), logs("canary", ["ok"]))), min_requests=20)
        assert finding.sentence.startswith("neither side logs requests")

    def test_logs_that_were_not_read_tell_nothing(self, evidence: Build) -> None:
        (finding,) = found(evidence(), min_requests=20)
        assert finding.sentence.startswith("the canary's logs were not read")
        assert finding.canary == "not seen"
