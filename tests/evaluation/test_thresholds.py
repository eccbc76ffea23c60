"""Thresholds, and the comparison with a baseline."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from analyzer.errors import UsageError
from analyzer.evaluation.comparison import Baseline, compare, read_baseline
from analyzer.evaluation.figures import EvalReport, report_of
from analyzer.evaluation.reports.machine import render
from analyzer.evaluation.result import Result
from analyzer.evaluation.thresholds import check_thresholds
from analyzer.settings.evaluation import Evaluation

Make = Callable[..., Result]


def report(results: list[Result]) -> EvalReport:
    return report_of(results, product="1", models=("m",), left=0, why_left="")


@pytest.fixture
def measured(result: Make) -> EvalReport:
    """Three of four right: one fault of two is promoted."""
    return report(
        [
            result("promote", name="a", family="x"),
            result("rollback", name="b", family="x"),
            result("promote", "promote", name="c", family="y"),
            result("promote", "promote", name="d", family="y"),
        ]
    )


@pytest.mark.parametrize(
    ("option", "bound", "holds"),
    [
        ("max_false_promote", 0.5, True),
        ("max_false_promote", 0.49, False),
        ("max_false_rollback", 0.0, True),
        ("max_inconclusive", 0.0, True),
        ("max_unanswered", 0.0, True),
        ("min_right", 0.75, True),
        ("min_right", 0.76, False),
        ("min_recall", 0.51, False),
        ("min_family", 0.5, True),
        ("min_family", 0.51, False),
        ("max_brier", 0.21, True),
        ("max_brier", 0.2, False),
        ("max_calibration_error", 0.15, True),
        ("max_calibration_error", 0.1, False),
    ],
)
def test_a_threshold_holds_up_to_its_bound(
    measured: EvalReport, option: str, bound: float, *, holds: bool
) -> None:
    (check,) = check_thresholds(measured, replace(Evaluation(), **{option: bound}))
    assert check.option == f"--{option.replace('_', '-')}"
    assert check.holds is holds


@pytest.mark.parametrize("option", ["min_agreement", "min_finding_recall"])
def test_what_was_not_measured_does_not_hold(measured: EvalReport, option: str) -> None:
    (check,) = check_thresholds(measured, replace(Evaluation(), **{option: 0.1}))
    assert (check.figure, check.holds) == (None, False)


def test_nothing_is_checked_that_was_not_asked(measured: EvalReport) -> None:
    assert check_thresholds(measured, Evaluation()) == ()


def test_a_report_is_a_baseline(tmp_path: Path, measured: EvalReport) -> None:
    path = tmp_path / "eval.json"
    path.write_text(render(measured))
    comparison = compare(read_baseline(path), {"a": True, "b": False, "c": True, "new": True})
    assert (comparison.cases, comparison.better, comparison.worse) == (3, ("a",), ("b",))
    assert comparison.chance == 1.0
    assert not comparison.is_worse()


@pytest.mark.parametrize(("worse", "holds"), [(5, True), (6, False)])
def test_no_worse_fails_where_chance_does_not_explain_it(result: Make, worse: int, *, holds: bool) -> None:
    before = report([result("rollback", name=str(number)) for number in range(20)])
    now = report(
        [result("promote" if number < worse else "rollback", name=str(number)) for number in range(20)]
    )
    names = {answered.name: answered.is_right() for answered in now.answers}
    comparison = compare(_baseline(before), names)
    (check,) = check_thresholds(replace(now, comparison=comparison), Evaluation(no_worse=True))
    assert check.holds is holds


def _baseline(earlier: EvalReport) -> Baseline:
    return msgspec.json.decode(render(earlier), type=Baseline)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema":"x","product":"1","answers":[]}'])
def test_another_file_is_no_baseline(tmp_path: Path, text: str) -> None:
    path = tmp_path / "eval.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="is no report of an evaluation"):
        read_baseline(path)


def test_a_baseline_of_other_cases_is_refused(measured: EvalReport) -> None:
    with pytest.raises(UsageError, match="no case of this evaluation is in --baseline"):
        compare(_baseline(measured), {"z": True})
