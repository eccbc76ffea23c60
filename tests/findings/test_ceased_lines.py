"""One kind of work that ceases while the others go on is held; what explains that it is missing is not."""

from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pod
from analyzer.evidence.traffic import Traffic
from analyzer.findings import ceased_lines
from analyzer.findings.interface import Finding
from analyzer.settings import Rules
from analyzer.target import ROLES

Judge = Callable[..., list[Finding]]
Timed = list[tuple[float, str]]


def lines(text: str, every: float = 1.0, since: float = 560, until: float = 0) -> Timed:
    """A text every so many seconds, with a number in the place of `{}`."""
    count = int((since - until) / every)
    return [(since - every * number, text.format(number)) for number in range(count)]


QUEUED, MATCHED = lines("INFO ticket {} queued"), lines("INFO match {} made of ten tickets", every=2)
WORK = [*QUEUED, *MATCHED]


@pytest.fixture
def judge(evidence: Callable[..., Evidence], pod: Callable[..., Pod], side: Callable[..., Logs]) -> Judge:
    """The findings of two sides of one pod each that are both Ready all the time."""

    def found(stable: Timed, canary: Timed, weight: int = 50) -> list[Finding]:
        seen = evidence(
            [pod("canary-1", age=590)],
            [pod("stable-1", age=90000)],
            more=(
                side("stable", app=stable),
                side("canary", app=canary),
                *(Traffic(side=role, strategy="canary", weight=weight) for role in ROLES),
            ),
        )
        return [finding for rule in ceased_lines.RULES for finding in rule(seen, Rules())]

    return found


def test_work_that_ceased_is_told_with_when_and_how_much(judge: Judge) -> None:
    [finding] = judge(WORK, [*QUEUED, *lines("INFO match {} made of ten tickets", every=2, until=450)])
    assert (finding.kind, finding.settled) == ("missing-work", False)
    assert "goes on with other work, and has not logged since 11:52:28 what stable logs" in finding.sentence
    assert finding.sentence.endswith("seen 0: match <num> made of ten tickets")


def test_work_that_never_came_is_told(judge: Judge) -> None:
    [finding] = judge(WORK, QUEUED)
    assert not finding.settled
    assert "and never logs what stable logs to the end" in finding.sentence


def test_work_that_begins_and_never_ends_is_told(judge: Judge) -> None:
    begun, ended = lines("INFO got: job {}", every=4), lines("INFO done: job {}", every=4)
    [finding] = judge([*QUEUED, *begun, *ended], [*QUEUED, *begun])
    assert finding.sentence.endswith("seen 0: done: job <num>")
    failed = lines("ERROR job {} has no table", every=4)
    assert judge([*QUEUED, *begun, *ended], [*QUEUED, *begun, *failed]) == []


OTHERWISE = lines("INFO pairing {} of ten tickets complete", every=2)
MATCHES_END = lines("INFO match {} made of ten tickets", every=2, until=450)


@pytest.mark.parametrize(
    ("stable", "canary", "why"),
    [
        (WORK, WORK, "it is the same work"),
        (WORK, [*QUEUED, *MATCHED[::3]], "there is some of it to the end"),
        (WORK, [*QUEUED, *OTHERWISE], "other lines stand in its place"),
        ([*QUEUED, *MATCHES_END], [*QUEUED, *MATCHES_END], "it has ceased on stable as well"),
        ([*QUEUED, *lines("DEBUG match {} made", every=2)], QUEUED, "it is of level debug"),
        ([*QUEUED, *lines("ERROR match {} failed", every=2)], QUEUED, "it is a failure"),
        (
            WORK,
            [*QUEUED, *MATCHES_END, *lines("ERROR match {} not stored", every=2, since=450)],
            "other rules tell of the errors",
        ),
    ],
)
def test_it_has_not_ceased_where(judge: Judge, stable: Timed, canary: Timed, why: str) -> None:
    assert judge(stable, canary) == [], why


def test_a_canary_that_is_sent_nothing_lacks_nothing(judge: Judge) -> None:
    assert judge(WORK, QUEUED, weight=0) == []
