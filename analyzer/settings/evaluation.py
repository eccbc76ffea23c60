"""The settings of an evaluation: which cases, how often, how much it may cost, and what it has to reach."""

from typing import Annotated, Any

from analyzer.settings.option import EVALUATING, Group, Section, option


def _share(text: str) -> Any:
    """Return what makes a field an option that takes a share."""
    return option(Section.THRESHOLDS, text, EVALUATING, kind="share", ge=0, le=1)


class Evaluation(Group):
    """Which cases are judged, and what the figures have to hold to.

    0 means no bound for `limit`, `max_cost` (USD) and `parallel`. A share that is 1 as a maximum and 0 as a
    minimum is no threshold.
    """

    family: Annotated[
        tuple[str, ...],
        option(Section.CASES, "Judge the cases of this family alone.", EVALUATING),
    ] = ()
    split: Annotated[
        str, option(Section.CASES, "Judge the cases of this split alone, such as scored.", EVALUATING)
    ] = ""
    limit: Annotated[
        int,
        option(Section.CASES, "Judge so many cases, all families by turn.", EVALUATING, kind="cases", ge=0),
    ] = 0
    repeat: Annotated[
        int,
        option(
            Section.CASES,
            "Judge each case so often, to see whether a model agrees with itself.",
            EVALUATING,
            kind="times",
            ge=1,
            le=100,
        ),
    ] = 1
    max_cost: Annotated[
        float,
        option(
            Section.CASES,
            "Ask no more once the models' tokens have cost so much, by list prices. Needs known prices.",
            EVALUATING,
            kind="USD",
            ge=0,
            metavar="USD",
        ),
    ] = 0.0
    parallel: Annotated[
        int,
        option(
            Section.CASES,
            "Cases judged at the same time.",
            EVALUATING,
            kind="processes",
            ge=0,
            le=64,
            default="one for each processor",
        ),
    ] = 0
    shard: Annotated[
        str,
        option(
            Section.CASES,
            "Judge the I-th of N parts of the cases; --merge puts them together. Needs --output.",
            EVALUATING,
            metavar="I/N",
        ),
    ] = ""
    merge: Annotated[
        str,
        option(
            Section.CASES,
            "Judge nothing: put the results in this folder together, of shards too.",
            EVALUATING,
            kind="path",
            metavar="FOLDER",
        ),
    ] = ""
    output: Annotated[
        str,
        option(
            Section.ANSWER,
            "Folder for the results (kept as they come, and taken up again), and for the reports.",
            EVALUATING,
            kind="path",
            metavar="FOLDER",
        ),
    ] = ""
    baseline: Annotated[
        str,
        option(
            Section.THRESHOLDS,
            "The eval.json of an earlier evaluation, to compare with case by case.",
            EVALUATING,
            kind="path",
            metavar="FILE",
        ),
    ] = ""
    no_worse: Annotated[
        bool,
        option(
            Section.THRESHOLDS,
            (
                "Fail where fewer cases are right than in --baseline, and chance is less than 5 %"
                " likely to do that."
            ),
            EVALUATING,
        ),
    ] = False
    max_false_promote: Annotated[float, _share("Largest share of promotes where a promote is wrong.")] = 1.0
    max_false_rollback: Annotated[float, _share("Largest share of rollbacks where a rollback is wrong.")] = (
        1.0
    )
    max_inconclusive: Annotated[float, _share("Largest share of inconclusive on decidable cases.")] = 1.0
    max_unanswered: Annotated[float, _share("Largest share of cases without an answer.")] = 1.0
    max_brier: Annotated[float, _share("Largest Brier score of the confidences.")] = 1.0
    max_calibration_error: Annotated[float, _share("Largest expected calibration error.")] = 1.0
    min_right: Annotated[float, _share("Smallest share of right answers.")] = 0.0
    min_recall: Annotated[
        float, _share("Smallest share of the decidable faults that are answered right.")
    ] = 0.0
    min_family: Annotated[float, _share("Smallest share of right answers in any family.")] = 0.0
    min_finding_recall: Annotated[
        float, _share("Smallest share of the labelled findings that were found.")
    ] = 0.0
    min_agreement: Annotated[float, _share("Smallest share of agreement between repeats.")] = 0.0
