"""Results as they come: kept, taken up again, put together, and nothing counted twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from analyzer.errors import InfrastructureError, UsageError
from analyzer.evaluation.evaluate import merge_shards
from analyzer.evaluation.journal import appending, journal_name, read_earlier, read_journals
from analyzer.evaluation.plan import Setup
from analyzer.evaluation.result import Result

Make = Callable[..., Result]
SETUP = Setup(product="1", models=("m",), settings="s", selection="c", total=3)


def keep(path: Path, *results: Result, setup: Setup = SETUP) -> Path:
    with appending(path, setup) as appender:
        for one in results:
            appender.add(one)
    return path


def test_what_is_kept_is_read_again(tmp_path: Path, result: Make) -> None:
    path = keep(tmp_path / "new" / "results.jsonl", result("rollback", name="a"))
    keep(path, result("promote", name="b"))
    assert [one.case.name for one in read_earlier(path, SETUP).results] == ["a", "b"]
    assert read_earlier(tmp_path / "none.jsonl", SETUP).results == ()


def test_a_line_that_was_cut_is_left_out_and_the_next_one_is_whole(tmp_path: Path, result: Make) -> None:
    path = keep(tmp_path / "results.jsonl", result("rollback", name="a"), result("rollback", name="b"))
    path.write_bytes(path.read_bytes()[:-20])
    keep(path, result("rollback", name="c"))
    kept = read_journals([path])
    assert [one.case.name for one in kept.results] == ["a", "c"]
    assert kept.broken == 1


def test_results_of_other_settings_are_refused(tmp_path: Path, result: Make) -> None:
    path = keep(tmp_path / "results.jsonl", result("rollback"))
    with pytest.raises(UsageError, match="the models and the cases differ"):
        read_earlier(path, replace(SETUP, models=("n",), selection="d"))


def test_another_file_is_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text("no results\n")
    with pytest.raises(UsageError, match="holds no results"):
        read_journals([path])


def test_shards_are_put_together_and_nothing_is_counted_twice(tmp_path: Path, result: Make) -> None:
    a, b = result("rollback", name="a"), result("rollback", name="b")
    keep(tmp_path / journal_name((1, 2)), a, b)
    keep(tmp_path / journal_name((2, 2)), b)
    merged = merge_shards(tmp_path)
    assert [one.case.name for one in merged.results] == ["a", "b"]
    assert merged.left == 1
    assert "no shard has judged them" in merged.why
    assert any("1 result there twice, counted once" in note for note in merged.notes)


def test_a_case_without_an_answer_gives_way_to_a_later_answer(tmp_path: Path, result: Make) -> None:
    path = keep(tmp_path / "results.jsonl", result("error"), result("rollback"))
    kept = read_journals([path])
    assert [one.outcome for one in kept.results] == ["rollback"]
    assert kept.double == 0


def test_shards_of_different_evaluations_are_refused(tmp_path: Path, result: Make) -> None:
    keep(tmp_path / journal_name((1, 2)), result("rollback"))
    keep(tmp_path / journal_name((2, 2)), result("rollback"), setup=replace(SETUP, product="2"))
    with pytest.raises(UsageError, match="are of different evaluations: the version differ"):
        merge_shards(tmp_path)


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="there are no results"):
            merge_shards(folder)


def test_a_full_disk_is_told_and_what_is_there_stays(tmp_path: Path, result: Make) -> None:
    path = tmp_path / "results.jsonl"
    path.symlink_to("/dev/full")
    with pytest.raises(InfrastructureError, match="No space left on device"):
        keep(path, result("rollback"))
