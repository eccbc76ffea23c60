"""Slots that shifted, as both sides' distributions: of real bundles that were judged."""

from functools import cache
from pathlib import Path

from analyzer import models
from analyzer.common.deadline import Deadline
from analyzer.evidence.bundle import load
from analyzer.records.record import Record
from analyzer.report.distributions import Distribution, SideShares, find_distributions
from analyzer.report.page import render
from analyzer.run.judge import Jury, judge
from analyzer.settings import Settings
from tests.github.conftest import FINISHED

REPORTED = Path(__file__).parents[1] / "reported"
RECORDED = Path(__file__).parents[2] / "bench" / "recorded"


@cache
def judged(name: str, folder: Path = REPORTED) -> Record:
    evidence = load(folder / f"{name}.json.gz")
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


UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0}


def seconds_of(distribution: Distribution) -> list[tuple[float, SideShares]]:
    """Each row's duration and shares, but for those that are told together."""
    rows = [(share.value.split(), share) for share in distribution.shares if share.value != "any other"]
    return [(float(figure.replace(",", "")) * UNITS[unit], share) for (_, figure, unit), share in rows]


def test_a_duration_is_shown_in_buckets_the_smallest_first() -> None:
    [distribution] = find_distributions(judged("c12-slow-60x"))
    seconds = [each for each, _ in seconds_of(distribution)]
    assert seconds == sorted(seconds)


def test_a_duration_that_nothing_names_is_shown_as_what_it_is() -> None:
    """A request's path holds a number, too, which is no time. More values than there are rows for are told
    together.
    """
    record = judged("cart-slow-answers", RECORDED)
    [distribution] = find_distributions(record)
    assert record.judgement.findings[0].finding.stable.startswith("a duration: ")
    assert distribution.title == "a duration of container cart"
    rows = seconds_of(distribution)
    assert sum(each * share.canary for each, share in rows) > 10 * sum(
        each * share.stable for each, share in rows
    )
    assert distribution.shares[-1].value == "any other"
    for side in ("stable", "canary"):
        assert 99 < sum(getattr(share, side) for share in distribution.shares) < 101


def test_a_record_without_such_a_finding_has_none() -> None:
    assert list(find_distributions(judged("c14-init-stuck"))) == []
