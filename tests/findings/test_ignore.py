"""Ignored log templates: gone from every count of both sides, by the template as compared or by its sample,
and told.
"""

from pathlib import Path

import msgspec
import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.bundle import load
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.findings import find
from analyzer.findings.ignore import drop_ignored, report_ignored
from analyzer.settings import Rules
from analyzer.target import Role

RECORDED = load(Path(__file__).parents[2] / "examples" / "evidence" / "healthy.json.gz")
NAMES = (
    "alice",
    "bob",
    "carol",
    "dave",
    "erin",
    "frank",
    "grace",
    "heidi",
    "ivan",
    "judy",
    "mallory",
    "niaj",
)


def logs(role: Role, *lines: str) -> Logs:
    return assemble(
        role, [mined_stream("pod", "app", False, ["".join(f"{line}\n" for line in lines).encode()], str)]
    )


@pytest.fixture
def evidence() -> Evidence:
    users = [f"ERROR user {name} was refused by the gateway" for name in NAMES]
    started = ["INFO started the server"] * 20
    parts = (
        *(part for part in RECORDED.parts if not isinstance(part, Logs)),
        logs("stable", *started),
        logs("canary", *started, *users),
    )
    return msgspec.structs.replace(RECORDED, parts=parts)


@pytest.mark.parametrize("regex", [r"user <\*> was refused", "refused by", "user alice was"])
def test_a_template_goes_whole_by_its_compared_form_or_its_sample(evidence: Evidence, regex: str) -> None:
    assert any(each.finding.kind == "new-error-template" for each in find(evidence, Rules()))
    found = {each.finding.kind: each.finding for each in find(evidence, Rules(ignore=(regex,)))}
    assert "new-error-template" not in found
    assert found["ignored-log-templates"].canary == "12 lines ignored"
    assert found["ignored-log-templates"].stable == "0 lines ignored"
    canary = drop_ignored(evidence, (regex,)).part(Logs, "canary")
    assert canary is not None
    digest = canary.containers[0].digest
    assert (digest.lines, digest.errors) == (20, 0)
    assert not [
        line
        for stream in canary.streams
        for line in stream.excerpt
        if "refused" in line.text and regex == "refused by"
    ]


def test_it_goes_from_the_beginning_of_stables_log_as_well(evidence: Evidence) -> None:
    stable = msgspec.structs.replace(
        logs("stable", "INFO one"), starts=logs("stable", "ERROR ignore me", "INFO two").containers
    )
    seen = drop_ignored(
        msgspec.structs.replace(evidence, parts=(stable, logs("canary", "INFO one"))), ("ignore me",)
    ).part(Logs, "stable")
    assert seen is not None
    assert [group.template for group in seen.starts[0].digest.groups] == ["two"]


def test_what_no_pattern_finds_stays_and_nothing_is_told(evidence: Evidence) -> None:
    assert drop_ignored(evidence, ()) is evidence
    assert drop_ignored(evidence, ("nowhere",)) == evidence
    assert list(report_ignored(evidence, drop_ignored(evidence, ("nowhere",)))) == []
