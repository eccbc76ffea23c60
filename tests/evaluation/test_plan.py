"""Which cases are judged, in which order, and by which shard."""

import pytest

from analyzer.errors import UsageError
from analyzer.evaluation.case import Case, Label
from analyzer.evaluation.plan import describe_setup, plan_tasks, select_cases, select_shard, shard_of
from analyzer.settings import Ask, Rules, Settings
from analyzer.settings.evaluation import Evaluation

CASES = tuple(
    Case(name=f"{family}{number}", path="x", label=Label(outcome="promote", family=family, split=split))
    for family, split, count in (("a", "tuned", 4), ("b", "tuned", 2), ("c", "scored", 1))
    for number in range(count)
)


def names(wanted: Evaluation) -> list[str]:
    return [case.name for case in select_cases(CASES, wanted)]


def test_a_limit_takes_all_families_by_turn() -> None:
    assert names(Evaluation(limit=4)) == ["a0", "b0", "c0", "a1"]
    assert len(names(Evaluation())) == 7


def test_families_and_a_split_can_be_chosen() -> None:
    assert names(Evaluation(family=("b", "c"))) == ["b0", "c0", "b1"]
    assert names(Evaluation(split="scored")) == ["c0"]


@pytest.mark.parametrize("wanted", [Evaluation(family=("d",)), Evaluation(split="d")])
def test_a_name_that_no_case_has_is_refused(wanted: Evaluation) -> None:
    with pytest.raises(UsageError, match="no case is of that"):
        select_cases(CASES, wanted)


def test_a_family_that_is_of_another_split_leaves_none() -> None:
    with pytest.raises(UsageError, match="no case is of that family and that split"):
        select_cases(CASES, Evaluation(family=("a",), split="scored"))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_the_shards_have_every_task_once(count: int) -> None:
    tasks = plan_tasks(CASES, Evaluation(repeat=2))
    shards = [select_shard(tasks, (index, count)) for index in range(1, count + 1)]
    assert sorted(task.key() for shard in shards for task in shard) == sorted(task.key() for task in tasks)
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/3/5", "-1/3", "1/0"])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no I/N"):
        shard_of(text)


def test_results_go_together_where_what_decides_is_the_same() -> None:
    tasks = plan_tasks(CASES, Evaluation())
    setup = describe_setup(Settings(), ["builtin"], tasks)
    assert setup == describe_setup(Settings(deadline=9.0), ["builtin"], tasks)
    assert setup != describe_setup(Settings(rules=Rules(min_share=0.9)), ["builtin"], tasks)
    assert setup != describe_setup(Settings(ask=Ask(extra_prompt="x")), ["builtin"], tasks)
    assert setup != describe_setup(Settings(), ["builtin"], tasks[1:])
