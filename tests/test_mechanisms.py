"""The generated cases (bench/mechanisms): enough mechanisms in both splits, the same each time, and each a bundle that loads."""

import json
from collections import Counter
from pathlib import Path

import pytest
from generate import chosen, write
from mechanisms import MECHANISMS, of_split, splits
from mechanisms.build import Made, make, make_all

from analyzer.evaluation.folder import read_cases
from analyzer.evidence.bundle import parse_evidence
from analyzer.evidence.logs import Logs


@pytest.fixture(scope="module")
def one_of_each() -> tuple[Made, ...]:
    return tuple(make_all(MECHANISMS, len(MECHANISMS), "test"))


def test_there_are_many_mechanisms() -> None:
    assert len({mechanism.family for mechanism in MECHANISMS}) == len(MECHANISMS) >= 40


@pytest.mark.slow
def test_there_are_many_frameworks(one_of_each: tuple[Made, ...]) -> None:
    assert len({made.voice for made in one_of_each}) >= 10


def test_every_category_is_in_both_splits() -> None:
    kinds = Counter((mechanism.category, split) for mechanism, split in splits())
    for category in {mechanism.category for mechanism in MECHANISMS}:
        assert kinds[category, "tuned"] >= 1, category
        assert kinds[category, "scored"] >= 1, category
    assert not {*of_split("tuned")} & {*of_split("scored")}


@pytest.mark.slow
def test_there_are_faults_harmless_changes_and_what_nobody_can_tell(one_of_each: tuple[Made, ...]) -> None:
    outcomes = Counter(made.draft.outcome if made.draft.decidable else "doubt" for made in one_of_each)
    assert min(outcomes["rollback"], outcomes["promote"], outcomes["doubt"]) >= 6


@pytest.mark.slow
def test_the_same_seed_makes_the_same_case_and_another_one_another() -> None:
    for mechanism in MECHANISMS[::16]:
        first = make(mechanism, 3, "a").bundle
        assert first == make(mechanism, 3, "a").bundle
        assert first != make(mechanism, 3, "b").bundle
        assert first != make(mechanism, 4, "a").bundle


@pytest.mark.slow
def test_what_decides_stands_in_the_evidence(one_of_each: tuple[Made, ...]) -> None:
    """The words of a label are those of a log, an event or a template, where they are no kind of finding."""
    kinds = {"crash-loop", "oom-kill", "image-pull", "memory", "cpu", "measure-worse", "not-ready"}
    for made in one_of_each:
        if made.draft.finding not in kinds:
            assert made.draft.finding in json.dumps(made.bundle), made.name


@pytest.mark.slow
def test_a_folder_of_them_can_be_read(tmp_path: Path) -> None:
    assert write(tmp_path, chosen("mechanisms", "tuned", 20, "1")) == 20
    cases = read_cases(tmp_path)
    assert len(cases.cases) == 20
    assert not cases.unlabelled
    assert {case.label.split for case in cases.cases} == {"tuned"}


@pytest.mark.slow
def test_every_bundle_loads(one_of_each: tuple[Made, ...]) -> None:
    for made in one_of_each:
        evidence = parse_evidence(json.dumps(made.bundle).encode(), made.name)
        unread = {gap.source for gap in evidence.gaps}
        assert (evidence.part(Logs, "canary") is None) == ("logs" in unread), made.name
