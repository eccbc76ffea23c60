import itertools
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.findings.grade import grade_findings, override_severities, weigh_finding
from analyzer.findings.interface import Finding, Scope, Severity
from analyzer.findings.kinds import KINDS, Kind

DOC = Path(__file__).parents[2] / "docs" / "findings.md"
SCOPES: tuple[Scope, ...] = ("canary", "both", "stable", "uncompared")


def finding(kind: str = "crash-loop", **fields: object) -> Finding:
    return msgspec.convert(
        {"kind": kind, "key": kind, "sentence": "s", "stable": "", "canary": ""} | fields, Finding
    )


@pytest.mark.parametrize(
    ("scope", "ongoing", "settled", "expected"),
    [
        ("canary", True, True, "blocking"),
        ("canary", True, False, "hold"),
        ("both", True, True, "hold"),
        ("uncompared", True, True, "hold"),
        ("canary", False, True, "warning"),
        ("both", False, True, "warning"),
        ("stable", True, True, "info"),
        ("stable", False, True, "info"),
    ],
)
def test_a_blocking_kind_blocks_only_as_the_canarys_own(
    scope: Scope, ongoing: bool, settled: bool, expected: Severity
) -> None:
    assert weigh_finding(finding(scope=scope, ongoing=ongoing, settled=settled)) == expected


def test_no_other_kind_ever_blocks_or_holds() -> None:
    milder = [kind for kind in KINDS if KINDS[kind].severity in ("warning", "info")]
    given = itertools.product(milder, SCOPES, (True, False), (True, False))
    assert {weigh_finding(finding(k, scope=s, ongoing=o, settled=t)) for k, s, o, t in given} <= {
        "warning",
        "info",
    }


def test_what_both_sides_show_is_information_where_it_does_not_block() -> None:
    assert weigh_finding(finding("probe-failure")) == "warning"
    assert weigh_finding(finding("probe-failure", scope="both")) == "info"


def test_a_team_may_weigh_a_kind_otherwise() -> None:
    kinds = KINDS | {
        "new-error-template": Kind(severity="blocking", meaning=""),
        "crash-loop": Kind(severity="warning", meaning=""),
    }
    assert weigh_finding(finding("new-error-template"), kinds) == "blocking"
    assert weigh_finding(finding("new-error-template", settled=False), kinds) == "hold"
    assert weigh_finding(finding("crash-loop"), kinds) == "warning"


def test_a_team_may_have_a_kind_hold() -> None:
    kinds = override_severities({"crash-loop": "hold"})
    assert weigh_finding(finding(), kinds) == "hold"
    assert weigh_finding(finding(scope="both"), kinds) == "hold"
    assert weigh_finding(finding(ongoing=False), kinds) == "warning"
    assert weigh_finding(finding(scope="stable"), kinds) == "info"


def test_an_overridden_severity_is_shown_beside_the_default() -> None:
    graded = grade_findings(
        [finding(), finding("image-differs")], override_severities({"crash-loop": "info"})
    )
    assert [(each.finding.kind, each.severity, each.default) for each in graded] == [
        ("crash-loop", "info", "blocking"),
        ("image-differs", "info", None),
    ]


def test_of_one_severity_what_touches_most_comes_first_and_the_image_last() -> None:
    told = [
        finding("image-differs"),
        finding("probe-failure"),
        finding("new-error-template", share=0.01),
        finding("error-share", share=0.6),
        finding("traffic-weight", scope="both"),
        finding("restarts", scope="uncompared", share=0.9),
        finding("oom-kill"),
    ]
    assert [(each.id, each.finding.kind) for each in grade_findings(told)] == [
        ("F1", "oom-kill"),
        ("F2", "error-share"),
        ("F3", "new-error-template"),
        ("F4", "probe-failure"),
        ("F5", "restarts"),
        ("F6", "traffic-weight"),
        ("F7", "image-differs"),
    ]


@pytest.mark.parametrize("sampled", [0.3409, 0.3436])
def test_a_share_that_is_counted_on_a_sample_orders_nothing_that_is_nearly_alike(sampled: float) -> None:
    told = [finding("failing-status", share=sampled), finding("new-error-template", share=0.3427)]
    assert [each.finding.kind for each in grade_findings(told)] == ["new-error-template", "failing-status"]


def test_of_one_kind_the_larger_share_comes_first() -> None:
    told = [finding("new-error-template", key=f"{share}", share=share) for share in (0.36, 0.4, 0.38)]
    assert [each.finding.share for each in grade_findings(told)] == [0.4, 0.38, 0.36]


def test_blocking_are_the_kinds_that_are_published_so() -> None:
    blocking = {
        "crash-loop",
        "oom-kill",
        "image-pull",
        "config-error",
        "failed-create",
        "unschedulable",
        "volume",
        "not-ready",
        "no-endpoints",
        "service-port",
        "gate-failed",
        "storage-limit",
        "missing-work",
    }
    assert {kind for kind, told in KINDS.items() if told.severity == "blocking"} == blocking


FINDINGS = st.builds(
    finding,
    st.sampled_from(sorted(KINDS)),
    key=st.sampled_from(["a", "b"]),
    scope=st.sampled_from(SCOPES),
    ongoing=st.booleans(),
    settled=st.booleans(),
    sentence=st.text(max_size=2),
)


@given(st.lists(FINDINGS, max_size=12))
def test_the_order_is_total_and_most_severe_first(findings: list[Finding]) -> None:
    graded = grade_findings(findings)
    assert [one.id for one in graded] == [f"F{number}" for number in range(1, len(findings) + 1)]
    order = ["blocking", "hold", "warning", "info"]
    assert [one.severity for one in graded] == sorted((one.severity for one in graded), key=order.index)
    assert graded == grade_findings(reversed(findings))


def test_the_published_table_is_the_code() -> None:
    """Each kind has an anchor of its name, which reports link to."""
    row = r"^\| <a id=\"([a-z-]+)\"></a>`\1` \| (\w+) \| (.+) \|$"
    rows = re.findall(row, DOC.read_text(), re.MULTILINE)
    assert rows == [(kind, told.severity, told.meaning) for kind, told in KINDS.items()]
