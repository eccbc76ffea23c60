"""A canary that logs a gauge or its start and none of the work is held; one that says the same otherwise
is not.
"""

from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pod
from analyzer.evidence.traffic import Traffic
from analyzer.findings import lacking_work
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import ROLES

Judge = Callable[..., list[Finding]]
Timed = list[tuple[float, str]]


def lines(text: str, every: float = 1.0, since: float = 560, until: float = 0) -> Timed:
    """A text every so many seconds, with a number in the place of `{}`."""
    count = int((since - until) / every)
    return [(since - every * number, text.format(number)) for number in range(count)]


WORK = lines("INFO commit: committed {} documents")
GAUGE = lines("INFO gauge: memory {} MiB", every=4)


@pytest.fixture
def judge(evidence: Callable[..., Evidence], pod: Callable[..., Pod], side: Callable[..., Logs]) -> Judge:
    """The findings of two sides of one pod each that are both Ready all the time."""

    def found(stable: Timed, canary: Timed, weight: int = 40) -> list[Finding]:
        seen = evidence(
            [pod("canary-1", age=590)],
            [pod("stable-1", age=90000)],
            more=(
                side("stable", app=stable),
                side("canary", app=canary),
                *(Traffic(side=role, strategy="canary", weight=weight) for role in ROLES),
            ),
        )
        return [finding for rule in lacking_work.RULES for finding in rule(seen, Rules())]

    return found


def test_a_gauge_alone_is_no_work(judge: Judge) -> None:
    [finding] = judge([*WORK, *GAUGE], GAUGE)
    assert finding.kind == "missing-work"
    assert "does next to nothing of what 80 % of stable's lines tell" in finding.sentence
    assert "by its share of the work, seen 0: commit: committed <num> documents" in finding.sentence
    assert finding.samples == ("INFO commit: committed 0 documents",)


@pytest.mark.parametrize(
    ("canary", "why"),
    [
        (WORK[::2] + GAUGE, "it has its share"),
        (
            lines('{{"level":"info","msg":"commit: committed documents","count":{}}}'),
            "it says so in another form",
        ),
        (lines("ERROR commit: nothing committed, batch {}") + GAUGE, "other rules tell of the errors"),
        (lines("INFO hold: batch {} held back") + GAUGE, "other rules tell of what stands in its place"),
    ],
)
def test_it_is_no_lack_where(judge: Judge, canary: Timed, why: str) -> None:
    assert judge([*WORK, *GAUGE], canary) == [], why


def test_a_canary_that_is_sent_nothing_lacks_nothing(judge: Judge) -> None:
    assert judge([*WORK, *GAUGE], GAUGE, weight=0) == []


def test_less_than_half_of_stables_lines_may_be_missing(judge: Judge) -> None:
    more = lines("INFO gauge: memory {} MiB", every=0.5)
    assert judge([*WORK, *more], more) == []
