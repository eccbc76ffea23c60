"""What is counted as right, as a false promote and as a false rollback; and in which order families stand."""

from collections.abc import Callable, Sequence
from random import Random

from analyzer.evaluation.figures import EvalReport, figures_of, report_of
from analyzer.evaluation.result import Result, Voice

Make = Callable[..., Result]


def report(results: Sequence[Result]) -> EvalReport:
    return report_of(results, product="1", models=("m",), left=0, why_left="")


def test_a_promote_is_false_where_it_is_not_right(result: Make) -> None:
    shares = figures_of(
        [
            result("promote", name="a"),
            result("rollback", name="b"),
            result("promote", "promote", name="c"),
            result("promote", "inconclusive", name="d"),
            result("promote", name="e", also=("promote",)),
        ]
    )
    assert (shares.false_promote.count, shares.false_promote.of) == (2, 3)
    assert (shares.right.count, shares.right.of) == (3, 5)


def test_a_rollback_is_false_where_it_is_not_right(result: Make) -> None:
    shares = figures_of(
        [result("rollback", "promote", name="a"), result("promote", "promote", name="b"), result("rollback")]
    )
    assert (shares.false_rollback.count, shares.false_rollback.of) == (1, 2)


def test_recall_counts_what_is_accepted_and_leaves_out_what_cannot_be_told(result: Make) -> None:
    shares = figures_of(
        [
            result("inconclusive", name="a", also=("inconclusive",)),
            result("inconclusive", name="b"),
            result("rollback", name="c"),
            result("promote", name="d", decidable=False),
        ]
    )
    assert (shares.recall.count, shares.recall.of) == (2, 3)
    assert (shares.inconclusive.count, shares.inconclusive.of) == (2, 3)
    assert (shares.undecided.count, shares.undecided.of) == (0, 1)


def test_a_case_without_an_answer_is_neither_right_nor_a_verdict(result: Make) -> None:
    shares = figures_of(
        [result("error", name="a"), result("unread", name="b"), result("error", "inconclusive", name="c")]
    )
    assert shares.unanswered.count == 3
    assert shares.right.count == shares.false_promote.count == shares.inconclusive.count == 0


def test_the_worst_family_stands_first(result: Make) -> None:
    families = report(
        [
            result("rollback", name="a", family="good"),
            result("promote", name="b", family="bad"),
            result("rollback", name="c", family="bad"),
        ]
    ).families
    assert [family.name for family in families] == ["bad", "good"]
    assert families[0].outcomes["promote"] == 1


def test_confidence_is_measured_on_promotes_and_rollbacks_alone(result: Make) -> None:
    whole = report(
        [
            result("rollback", name="a", confidence=95),
            result("promote", name="b", confidence=60),
            result("inconclusive", name="c", confidence=99),
            result("rollback", name="d", confidence=None),
        ]
    )
    assert sum(inside.count for inside in whole.bins) == 2
    assert whole.brier == ((0.05**2) + 0.6**2) / 2
    assert (whole.sure.count, whole.sure.of) == (1, 1)


def test_repeats_are_one_case_that_is_right_by_most(result: Make) -> None:
    whole = report(
        [
            result("rollback", turn=1),
            result("promote", turn=2, reason="it looked well"),
            result("rollback", turn=3, reason="it crashed"),
        ]
    )
    (answered,) = whole.answers
    assert (whole.cases, whole.judgements) == (1, 3)
    assert answered.is_right()
    assert answered.outcomes == ("rollback", "promote", "rollback")
    assert answered.reason == "it looked well"
    assert whole.agreement == 1 / 3


def test_a_model_that_failed_said_nothing(result: Make, voice: Callable[..., Voice]) -> None:
    voices = (
        voice(said="failed", confidence=None, reason="503"),
        voice(model="n", said="rollback", tokens_in=100, tokens_out=10, cost=0.25, seconds=2.0),
    )
    failing, answering = report([result("inconclusive", voices=voices)]).by_model
    assert (failing.said, failing.right.of, failing.cost) == ({"failed": 1}, 0, None)
    assert (answering.right.count, answering.tokens_in, answering.cost, answering.seconds) == (
        1,
        100,
        0.25,
        2.0,
    )


def test_the_report_does_not_depend_on_the_order_of_the_results(result: Make) -> None:
    results = [
        result(outcome, name=f"{outcome}-{number}", family=str(number % 3))
        for outcome in ("promote", "rollback", "error")
        for number in range(5)
    ]
    shuffled = [*results]
    Random(1).shuffle(shuffled)
    assert report(shuffled) == report(results)
