"""The cases recorded from real containers (bench/recorded): a new version each, and what the built-in
judge makes of them.
"""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from analyzer.cli import run
from tests.node.recorded.version import SOURCES, versions

CASES = Path(__file__).parents[1] / "bench/recorded"
VERSIONS = [version for app in SOURCES for version in versions(app)]
README = Path(__file__).parents[1] / "README.md"
LARGEST, ALTOGETHER = 40_000, 1_500_000  # bytes


def labels() -> dict[str, set[str]]:
    """The right outcomes of each case, by its name; more than one where the log alone cannot tell."""
    with (CASES / "cases.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["bundle"].removesuffix(".json.gz"): {row["outcome"], *row["also"].split()}
            for row in csv.DictReader(file)
        }


def test_each_version_is_recorded_and_half_are_harmless() -> None:
    found = labels()
    assert found.keys() == {version.case() for version in VERSIONS}
    assert len(found) >= 40
    assert 0.4 <= sum("promote" in right for right in found.values()) / len(found) <= 0.6


def test_no_two_cases_are_of_the_same_version() -> None:
    shown = Counter((version.source(), str(version.change)) for version in VERSIONS)
    assert max(shown.values()) == 1
    assert max(Counter(version.image() for version in VERSIONS).values()) == 1


def test_the_bundles_are_there_and_small() -> None:
    sizes = {path.name: path.stat().st_size for path in CASES.glob("*.json.gz")}
    assert sizes.keys() == {f"{version.case()}.json.gz" for version in VERSIONS}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
    assert sum(sizes.values()) < ALTOGETHER


@pytest.mark.slow
def test_the_built_in_judge_answers_each_right(tmp_path: Path) -> None:
    assert run(["eval", str(CASES), "--model", "builtin", "--output", str(tmp_path)]) == 0
    results = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()[1:]]
    right, said = labels(), {result["case"]["name"]: result["outcome"] for result in results}
    assert said.keys() == right.keys()
    assert {name: outcome for name, outcome in said.items() if outcome not in right[name]} == {}
    assert f"{len(right)} of {len(right)} recorded from real containers" in README.read_text()
