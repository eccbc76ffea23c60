"""A failure that several lines tell is one, however many lines there are."""

from collections.abc import Callable, Sequence

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings import find
from analyzer.findings.interface import Finding
from analyzer.models.builtin import judge
from analyzer.settings import Rules

Timed = Sequence[tuple[float, str]]  # (seconds before the window's end, line)
Share = Callable[..., Finding]
SERVED = '10.0.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET /items/{} HTTP/1.1" {} 12'
FAILED = [590 - 8 * number for number in range(73)]
OK: Timed = [(590 - n, SERVED.format(n, 200)) for n in range(460)]


def errors(times: Sequence[float]) -> Timed:
    return [(at, f"ERROR cannot price item {number}: no such column") for number, at in enumerate(times)]


def answers(times: Sequence[float], path: str = "/items/{}") -> Timed:
    return [
        (at - 0.01, SERVED.replace("/items/{}", path).format(number, 500)) for number, at in enumerate(times)
    ]


@pytest.fixture
def found(side: Callable[..., Logs], evidence: Callable[..., Evidence]) -> Callable[..., dict[str, Finding]]:
    """What there is against a canary that logs so many more lines, by kind, and the built-in judge's
    verdict.
    """

    def findings(canary: Timed, stable: Timed = ()) -> dict[str, Finding]:
        seen = evidence(
            more=[
                side("stable", app=sorted([*OK, *stable], reverse=True)),
                side("canary", app=sorted([*OK, *canary], reverse=True)),
            ]
        )
        return {each.finding.kind: each.finding for each in find(seen, Rules())}

    return findings


def test_the_failures_are_counted_and_the_lines_said(found: Callable[..., dict[str, Finding]]) -> None:
    share = found([*errors(FAILED), *answers(FAILED)])["error-share"]
    assert (share.stable, share.canary) == ("0 errors in 460 lines", "73 failures, told by 146 of 606 lines")
    assert (
        share.sentence
        == "container app logs errors on 14 % of its lines, stable on 0 %, each failure counted once"
    )


def test_requests_that_fail_are_one_layer_whatever_their_paths(
    found: Callable[..., dict[str, Finding]],
) -> None:
    paths = [*answers(FAILED[::2], "/checkout/{}"), *answers(FAILED[1::2], "/cart/{}")]
    assert found([*errors(FAILED), *paths])["error-share"].canary == "73 failures, told by 146 of 606 lines"


def test_a_few_that_one_layer_lacks_make_no_other_failure(found: Callable[..., dict[str, Finding]]) -> None:
    """The window cuts between an error and its request, at either end."""
    for some in (FAILED[:-1], FAILED[1:]):
        assert (
            found([*errors(FAILED), *answers(some)])["error-share"].canary
            == "73 failures, told by 145 of 605 lines"
        )


@pytest.mark.parametrize(
    "others", [FAILED[:60], FAILED[::2], [at - 4 for at in FAILED], [at / 2 for at in FAILED]]
)
def test_others_in_number_or_in_time_are_failures_of_their_own(
    others: Sequence[float], found: Callable[..., dict[str, Finding]]
) -> None:
    share = found([*errors(FAILED), *answers(others)])["error-share"]
    assert share.canary == f"{73 + len(others)} errors in {460 + 73 + len(others)} lines"


def test_stables_are_counted_alike(found: Callable[..., dict[str, Finding]]) -> None:
    usual = FAILED[::9]
    share = found([*errors(FAILED), *answers(FAILED)], [*errors(usual), *answers(usual)])["error-share"]
    assert (share.stable, share.canary) == (
        "9 failures, told by 18 of 478 lines",
        "73 failures, told by 146 of 606 lines",
    )


def test_lines_that_tell_it_again_are_no_more_proof(found: Callable[..., dict[str, Finding]]) -> None:
    """Eight errors beside none may be chance, sixteen are not."""
    assert "error-share" not in found([*errors(FAILED[:8]), *answers(FAILED[:8])])
    assert "error-share" in found(errors(FAILED[:16]))


def test_a_fault_that_two_lines_tell_is_no_second_one_for_the_built_in_judge(
    side: Callable[..., Logs], evidence: Callable[..., Evidence]
) -> None:
    """Two errors that go on are a rollback, and one is not enough to tell."""
    late = [at for at in FAILED if at < 40]

    def verdict(lines: Timed) -> str:
        seen = evidence(
            more=[side("stable", app=OK), side("canary", app=sorted([*OK, *lines], reverse=True))]
        )
        return judge(find(seen, Rules())).verdict

    told_again = [(at - 0.2, f"ERROR request {number} failed") for number, at in enumerate(late)]
    assert verdict([*errors(late[:4]), *told_again[:4]]) == "cannot_tell"
    assert verdict([*errors(late[:4]), *((at - 7, line) for at, line in told_again[:4])]) == "rollback"


class TestMoreFrequent:
    """A line of both sides that is logged more often because of a failure that is new is no second fault."""

    USUAL = tuple(3 + 100 * number for number in range(5))

    @pytest.fixture
    def judged(
        self, side: Callable[..., Logs], evidence: Callable[..., Evidence]
    ) -> Callable[[Timed, Sequence[float]], tuple[str, dict[str, str]]]:
        """The verdict on a canary that also retries at these times, and what is told of that, by kind."""

        def judged(failures: Timed, retries: Sequence[float]) -> tuple[str, dict[str, str]]:
            def warned(times: Sequence[float]) -> Timed:
                return [(at, f"WARN retrying call {number}") for number, at in enumerate(times)]

            stable, canary = [*OK, *warned(self.USUAL)], [*OK, *failures, *warned([*self.USUAL, *retries])]
            sides = (
                side("stable", app=sorted(stable, reverse=True)),
                side("canary", app=sorted(canary, reverse=True)),
            )
            findings = find(evidence(more=sides), Rules())
            told = {
                each.finding.kind: each.finding.sentence
                for each in findings
                if "retrying" in each.finding.key
            }
            return judge(findings).verdict, told

        return judged

    failures: Timed = tuple(
        (at, f"cannot price item {number}: no such column") for number, at in enumerate(FAILED)
    )

    def test_it_is_information_beside_the_new_one(
        self, judged: Callable[[Timed, Sequence[float]], tuple[str, dict[str, str]]]
    ) -> None:
        verdict, told = judged(self.failures, [at - 0.2 for at in FAILED])
        assert (verdict, list(told)) == ("cannot_tell", ["log-template-rate"])
        assert told["log-template-rate"].endswith(
            "retrying call <num>, as often as what stable never logs: cannot price item <num>: no such column"
        )

    @pytest.mark.parametrize(
        "retries",
        [
            pytest.param([at - more for at in FAILED for more in (0.2, 4)], id="twice as often"),
            pytest.param([(at - 0.2) / 2 for at in FAILED], id="as often, and later"),
        ],
    )
    def test_what_is_more_frequent_for_another_reason_is_a_second_fault(
        self, retries: Sequence[float], judged: Callable[[Timed, Sequence[float]], tuple[str, dict[str, str]]]
    ) -> None:
        verdict, told = judged(self.failures, retries)
        assert (verdict, list(told)) == ("rollback", ["error-template-rate"])

    def test_alone_it_warns(
        self, judged: Callable[[Timed, Sequence[float]], tuple[str, dict[str, str]]]
    ) -> None:
        verdict, told = judged([], FAILED)
        assert (verdict, list(told)) == ("cannot_tell", ["error-template-rate"])
