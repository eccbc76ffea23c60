"""A failure is told as the share of the operation that it belongs to, whatever else a log has."""

from collections.abc import Callable

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings import new_templates, rates
from analyzer.findings.interface import Finding
from analyzer.settings import Rules

Judge = Callable[..., list[Finding]]


@pytest.fixture
def judge(evidence: Callable[..., Evidence], side: Callable[..., Logs]) -> Judge:
    def found(stable: dict[str, int], canary: dict[str, int]) -> list[Finding]:
        logs = [
            side(
                role,
                app=[
                    (500 - n / 9, text.format(1000 + n))
                    for text, count in texts.items()
                    for n in range(count)
                ],
            )
            for role, texts in (("stable", stable), ("canary", canary))
        ]
        seen = evidence(more=tuple(logs))
        return [
            finding
            for rule in (*new_templates.RULES, *rates.RULES)
            for finding in rule(seen, Rules())
            if finding.kind.startswith(("new-", "error-")) and finding.kind != "new-log-template"
        ]

    return found


NOISE = {"DEBUG cache key {} read": 300, "INFO gauge memory {} MiB": 90}


def test_a_new_error_is_told_as_a_share_of_its_operation_and_not_of_the_lines(judge: Judge) -> None:
    done, failed = "INFO posting {} booked", "ERROR posting {} lost its ledger"
    [finding] = judge({done: 200, **NOISE}, {done: 30, failed: 70, **NOISE})
    assert finding.canary == (
        "70 of 190 lines; 70 of 100 of its operations failed (70 %; stable 0 of 200, 0 %);"
        " a good one ends with: posting <num> booked"
    )


def test_an_error_that_is_more_frequent_has_both_shares(judge: Judge) -> None:
    done, failed = "INFO posting {} booked", "ERROR posting {} lost its ledger"
    [finding] = judge({done: 190, failed: 10}, {done: 50, failed: 50})
    assert (
        "; 50 of 100 of its operations failed (50 %; stable 10 of 200, 5 %); a good one ends with: "
        in finding.canary
    )


def test_all_failures_of_an_operation_count(judge: Judge) -> None:
    done = "INFO posting {} booked"
    canary = {done: 40, "ERROR posting {} lost its ledger": 40, "ERROR posting {} came twice": 20}
    found = judge({done: 200}, canary)
    assert {finding.canary.partition("; ")[2].partition(",")[0] for finding in found} == {
        "60 of 100 of its operations failed (60 %; stable 0 of 200"
    }


def test_a_field_or_a_word_more_is_the_same_operation(judge: Judge) -> None:
    done, failed = (
        'level=info msg="lease renewed" id={}',
        'level=error msg="lease not renewed" id={} err="timed out"',
    )
    [finding] = judge({done: 200}, {done: 50, failed: 50})
    assert "; 50 of 100 of its operations failed (50 %; " in finding.canary


def test_beside_an_access_log_it_is_told_of_the_requests(judge: Judge) -> None:
    access = '10.0.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 {} "-" "curl"'
    [finding] = judge({access: 400}, {access: 200, "ERROR ledger {} vanished": 50})
    assert finding.canary == "50 of 250 lines; 25 % of 200 requests, stable 0 % of 400 requests"


def test_nothing_is_told_where_no_line_is_like_it(judge: Judge) -> None:
    [finding] = judge(
        {"INFO posting {} booked": 200}, {"INFO posting {} booked": 50, "ERROR ledger {} vanished": 50}
    )
    assert finding.canary == "50 of 100 lines"
    [finding] = judge({"<{}> posting booked": 200}, {"<{}> posting booked": 50, "ERROR <{}> vanished": 50})
    assert finding.canary == "50 of 100 lines"


def test_another_verb_before_it_is_the_same_operation(judge: Judge) -> None:
    canary = {"INFO Finished task {} in stage 3": 60, "ERROR Lost task {} in stage 3 no space": 40}
    [finding] = judge({"INFO Finished task {} in stage 3": 200}, canary)
    assert (
        "; 40 of 100 of its operations failed (40 %; stable 0 of 200, 0 %);"
        " a good one ends with: Finished task"
    ) in finding.canary
