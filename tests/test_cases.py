"""The labelled cases of logs (bench/cases): enough of them, both halves, half of them harmless. A third of
each family are tried: bundles that can be judged.
"""

import json
from collections import Counter
from datetime import timedelta

import pytest
from cases import FAMILIES, every, learned, scored
from cases.case import LABELS, Case, Half
from generate import chosen, row_of_case, written

from analyzer.evidence import add_missing_gaps
from analyzer.evidence.bundle import parse_evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods

CASES = tuple(every())
HALVES: tuple[Half, Half] = ("tuned", "scored")


def test_there_are_enough_and_half_are_harmless() -> None:
    assert len(CASES) >= 120
    assert 0.45 <= sum(case.harmless for case in CASES) / len(CASES) <= 0.55


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_faults_and_harmless_twins_in_both_halves(family: str) -> None:
    kinds = Counter((case.half, case.harmless) for case in CASES if case.family == family)
    assert all(kinds[half, harmless] >= 2 for half in HALVES for harmless in (True, False))
    assert kinds.total() >= 12


def test_names_are_unique_and_labels_are_of_the_four_kinds() -> None:
    assert max(Counter((case.family, case.name) for case in CASES).values()) == 1
    assert all(case.right in LABELS and case.family in FAMILIES and case.why.endswith(".") for case in CASES)


def test_the_halves_share_no_case_name() -> None:
    names = [{(case.family, case.name) for case in CASES if case.half == half} for half in HALVES]
    assert not names[0] & names[1]


@pytest.mark.slow
def test_a_case_is_the_same_each_time() -> None:
    for case in CASES[::8]:
        assert case.bundle() == case.bundle()


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_every_bundle_loads(family: str) -> None:
    for case in [case for case in CASES if case.family == family][::3]:
        _check(case)


def _check(case: Case) -> None:
    """The loader takes it and misses nothing; stable has enough lines, and the canary has been there for
    more than two minutes.
    """
    bundle = case.bundle()
    evidence = add_missing_gaps(parse_evidence(json.dumps(bundle).encode(), case.name))
    assert not evidence.gaps, case.name
    lines = sum(len(log["lines"]) for log in bundle["raw_logs"] if log["side"] == "stable")
    assert 60 <= lines <= 5000, case.name
    assert evidence.part(Logs, "canary") is not None
    assert timedelta(minutes=5) <= evidence.window.end - evidence.window.start <= timedelta(minutes=30)
    pods = evidence.part(Pods, "canary")
    assert pods is not None
    for pod in pods.pods:
        assert evidence.window.end - pod.created_at > timedelta(minutes=2)


@pytest.mark.slow
def test_a_half_can_be_written_with_its_labels() -> None:
    rows = [row for row, _ in written("scored")]
    assert {row["split"] for row in rows} == {"scored"}
    assert len(rows) == sum(case.half == "scored" for case in CASES)


def test_the_scored_half_and_its_authors_tuned_part_are_alike() -> None:
    kinds = [
        Counter((case.family, case.harmless) for case in cases) for cases in (learned.CASES, scored.CASES)
    ]
    assert kinds[0] == kinds[1]
    assert {case.half for case in learned.CASES} == {"tuned"}
    assert {case.half for case in scored.CASES} == {"scored"}


@pytest.mark.slow
def test_the_part_that_may_be_read_can_be_written_alone() -> None:
    names = [row["bundle"] for row, _ in chosen("mechanisms", "learned", 1, "any")]
    assert names == [row_of_case(case)["bundle"] for case in learned.CASES]


def test_a_label_says_what_is_right() -> None:
    for case in CASES:
        row = row_of_case(case)
        assert {row["outcome"], *row["also"].split()} == case.right
