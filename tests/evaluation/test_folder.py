"""The labelled cases of a folder, and one clear line for a folder that does not hold."""

from pathlib import Path

import pytest

from analyzer.errors import UsageError
from analyzer.evaluation.folder import read_cases

HEAD = "bundle,outcome,decidable,also,family,finding,why\n"


def put(folder: Path, name: str, text: str = "{}") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def refused(folder: Path) -> str:
    with pytest.raises(UsageError) as error:
        read_cases(folder)
    assert "\n" not in str(error.value)
    assert error.value.advice
    return str(error.value)


def test_a_label_beside_a_bundle_is_a_case_named_after_their_folder(tmp_path: Path) -> None:
    put(tmp_path, "shop/leak/record.json.gz")
    put(
        tmp_path,
        "shop/leak/case.yaml",
        "outcome: rollback\nalso: [inconclusive]\nfamily: leak\nfinding: memory-climbing\nwhy: It leaks.\n",
    )
    (case,) = read_cases(tmp_path).cases
    assert (case.name, case.family()) == ("shop/leak", "leak")
    assert case.label.right() == {"rollback", "inconclusive"}
    assert case.label.finding == "memory-climbing"


def test_a_table_labels_the_bundles_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "a/one.json")
    put(tmp_path, "a/two.json.gz")
    rows = (
        'one.json,promote,,,colours,,"Only colours, no more."\ntwo.json.gz,rollback,false,promote,quiet,,\n'
    )
    put(tmp_path, "a/cases.csv", HEAD + rows)
    one, two = read_cases(tmp_path).cases
    assert (one.name, one.label.why) == ("a/one", "Only colours, no more.")
    assert one.label.right() == {"promote"}
    assert (two.name, two.label.is_decidable()) == ("a/two", False)
    assert two.label.right() == {"inconclusive", "promote"}


def test_a_bundle_without_a_label_is_named(tmp_path: Path) -> None:
    put(tmp_path, "one.json")
    put(tmp_path, "two.json")
    put(tmp_path, "cases.csv", HEAD + "one.json,promote,,,,,\n")
    assert read_cases(tmp_path).unlabelled == ("two.json",)


def test_where_nobody_knows_inconclusive_is_right(tmp_path: Path) -> None:
    put(tmp_path, "one.json")
    put(tmp_path, "cases.csv", HEAD + "one.json,inconclusive,,,,,\n")
    (case,) = read_cases(tmp_path).cases
    assert case.label.right() == {"inconclusive"}
    assert not case.label.is_decidable()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("outcome: rolback\n", "line 1: outcome: 'rolback' is none of inconclusive, promote, rollback"),
        ("why: It leaks.\n", "line 1: it does not say outcome"),
        ("outcome: rollback\nreason: It leaks.\n", "line 2: there is no key 'reason'"),
        ("outcome: rollback\noutcome: promote\n", "line 2: the key 'outcome' is there twice"),
        ("- rollback\n", "a label is one mapping"),
        ("", "it does not say outcome"),
        ("outcome: [\n", "this is no YAML"),
    ],
)
def test_a_label_that_is_none_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    put(tmp_path, "one.json")
    put(tmp_path, "case.yaml", text)
    assert words in refused(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "one.json,rolback,,,,,\n", "line 2: 'rolback' is no outcome"),
        (HEAD + "one.json,promote,,maybe,,,\n", "line 2: 'maybe' is no outcome"),
        (HEAD + "one.json,promote,perhaps,,,,\n", "line 2"),
        (HEAD + "one.json,promote\n", "line 2: 2 cells, and there are 7 columns"),
        (HEAD + "../one.json,promote,,,,,\n", "line 2: '../one.json' is no file below the table"),
        ("bundle,verdict\n", "line 1: there is no column 'verdict'"),
        ("bundle,why\n", "line 1: there is no column outcome"),
        (HEAD + 'one.json,promote,,,,,"open\n', "line 2"),
    ],
)
def test_a_row_that_is_no_label_is_told_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    put(tmp_path, "one.json")
    put(tmp_path, "cases.csv", text)
    assert words in refused(tmp_path)


def test_two_labels_for_one_case_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "one/one.json")
    put(tmp_path, "one/case.yaml", "outcome: promote\n")
    put(tmp_path, "cases.csv", HEAD + "one/one.json,rollback,,,,,\n")
    assert "one/one.json has two labels" in refused(tmp_path)


def test_two_rows_for_one_bundle_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "one.json")
    put(tmp_path, "cases.csv", HEAD + "one.json,rollback,,,,,\none.json,rollback,,,,,\n")
    assert "one.json has two labels" in refused(tmp_path)


def test_a_label_beside_two_bundles_or_none_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "case.yaml", "outcome: promote\n")
    assert "0 bundles" in refused(tmp_path)
    put(tmp_path, "one.json")
    put(tmp_path, "two.json")
    assert "2 bundles: one.json, two.json" in refused(tmp_path)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    assert "there is no labelled case" in refused(tmp_path)
    assert "does not exist" in refused(tmp_path / "nowhere")
    assert "is a file" in refused(put(tmp_path, "one.json"))
