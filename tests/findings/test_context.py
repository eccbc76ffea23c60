"""Errors of shared pods, told as information."""

from collections.abc import Callable
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.pods import Pod
from analyzer.evidence.streams import mined_stream
from analyzer.findings.context import RULES
from analyzer.findings.grade import weigh_finding
from analyzer.findings.interface import Finding
from analyzer.settings import Rules

Ago = Callable[[float], datetime]
Build = Callable[..., Evidence]
MakePod = Callable[..., Pod]


def gateway(ago: Ago, *lines: tuple[float, str]) -> ContextLogs:
    """A gateway's log: seconds before the window's end, and text."""
    content = "".join(f"{ago(at).isoformat().replace('+00:00', 'Z')} {text}\n" for at, text in lines).encode()
    _, digest = mined_stream("gateway-1", "proxy", False, (content,), str)
    return ContextLogs(
        side=None, name="gateway", pods=1, containers=(ContainerLogs(container="proxy", digest=digest),)
    )


def found(evidence: Evidence) -> list[Finding]:
    return [finding for rule in RULES for finding in rule(evidence, Rules())]


def test_errors_since_the_canary_is_there(evidence: Build, pod: MakePod, ago: Ago) -> None:
    log = gateway(
        ago,
        (500, "info: routing ready"),
        (400, "ERROR certificate expires soon"),
        (100, "ERROR no healthy upstream"),
    )
    (finding,) = found(evidence(canary=[pod("canary-1", age=300)], more=(log,)))
    assert (finding.kind, weigh_finding(finding), finding.scope) == (
        "shared-pod-errors",
        "info",
        "uncompared",
    )
    assert "no healthy upstream" in finding.sentence
    assert "certificate" not in finding.sentence


def test_an_error_from_before_goes_on(evidence: Build, pod: MakePod, ago: Ago) -> None:
    log = gateway(ago, (400, "ERROR no healthy upstream"), (100, "ERROR no healthy upstream"))
    assert not found(evidence(canary=[pod("canary-1", age=300)], more=(log,)))


def test_a_log_that_begins_after_the_canary_shows_no_before(evidence: Build, pod: MakePod, ago: Ago) -> None:
    assert not found(
        evidence(canary=[pod("canary-1", age=300)], more=(gateway(ago, (100, "ERROR no healthy upstream")),))
    )
