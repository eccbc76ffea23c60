"""Slots that shifted, as both sides' distributions: of real bundles that were judged."""

from functools import cache
from pathlib import Path

from analyzer import models
from analyzer.common.deadline import Deadline
from analyzer.evidence.bundle import load
from analyzer.records.record import Record
from analyzer.report.distributions import find_distributions
from analyzer.report.page import render
from analyzer.run.judge import Jury, judge
from analyzer.settings import Settings
from tests.github.conftest import FINISHED

REPORTED = Path(__file__).parents[1] / "reported"


@cache
def judged(name: str) -> Record:
    evidence = load(REPORTED / f"{name}.json.gz")
    jury = Jury(models.create(("builtin",), {}))
    return Record(
        settings=Settings(),
        evidence=evidence,
        judges="asking builtin",
        judgement=judge(evidence, Settings(), jury, Deadline.after(60), lambda _: None),
        exit_code=3,
        finished_at=FINISHED,
    )


def test_statuses_are_those_that_the_finding_counts() -> None:
    record = judged("c01-haproxy")
    [distribution] = find_distributions(record)
    figures = record.judgement.findings[0].finding
    by_value = {share.value: (share.stable, share.canary) for share in distribution.shares}
    assert distribution.finding == "F1"
    assert by_value["500"][0] < by_value["500"][1]
    assert "500" in figures.canary
    assert f"{distribution.lines['canary']} lines" in render(record)


def test_a_duration_is_shown_in_buckets_the_smallest_first() -> None:
    [distribution] = find_distributions(judged("c12-slow-60x"))
    seconds = [float(share.value.split()[1]) for share in distribution.shares]
    assert seconds == sorted(seconds)
    assert {share.value.split()[2] for share in distribution.shares} == {"s"}
    for side in ("stable", "canary"):
        assert 99 < sum(getattr(share, side) for share in distribution.shares) < 101


def test_a_record_without_such_a_finding_has_none() -> None:
    assert list(find_distributions(judged("c14-init-stuck"))) == []
