"""Write labelled cases into a folder, for `rollout-analyzer eval`.

    generate.py FOLDER [--set mechanisms|written|all] [--split tuned|learned|field|scored|all] [--count N] [--seed TEXT]

`mechanisms` are N cases from bench/mechanisms, the families by turn; `written` are the cases of bench/cases.
The same seed writes the same bytes. The default split is `tuned`: the scored one is run only after the rules
are written (CONTRIBUTING.md). `learned` and `field` are parts of the tuned half of bench/cases.
"""

import argparse
import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cases import every, field, learned
from cases.case import Case
from mechanisms import of_split, splits
from mechanisms.build import Made, make_all

COLUMNS = ("bundle", "outcome", "decidable", "also", "family", "finding", "why", "split", "source")
PARTS = {"learned": learned.CASES, "field": field.CASES}  # of the tuned half of bench/cases, alone
SEED = "1"
Row = dict[str, str]


def generated(split: str, count: int, seed: str) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield the label and the bundle of `count` cases from mechanisms."""
    names = {mechanism.family: own for mechanism, own in splits()}
    for made in make_all(of_split(split), count, seed):
        yield _row_of_made(made, names[made.mechanism.family], seed), made.bundle


def _row_of_made(made: Made, split: str, seed: str) -> Row:
    draft = made.draft
    return {
        "bundle": f"{made.name}.json.gz",
        "outcome": draft.outcome,
        "decidable": str(draft.decidable).lower(),
        "also": " ".join(draft.also),
        "family": made.mechanism.family,
        "finding": draft.finding,
        "why": draft.why,
        "split": split,
        "source": f"{made.mechanism.category}, {made.voice}, seed {seed}",
    }


def written(split: str) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield the label and the bundle of each case of bench/cases in a half, or in a part of it."""
    for case in PARTS.get(split) or every():
        if split in ("all", *PARTS, case.half):
            yield row_of_case(case), case.bundle()


def row_of_case(case: Case) -> Row:
    """Return the label of a case of bench/cases: its outcome, and inconclusive where that is right as well."""
    outcome = "promote" if case.harmless else "rollback"
    return {
        "bundle": f"{case.family}-{case.name}.json.gz",
        "outcome": outcome,
        "also": " ".join(sorted(case.right - {outcome})),
        "family": case.family,
        "why": case.why,
        "split": case.half,
        "source": "bench/cases",
    }


def write(folder: Path, cases: Iterator[tuple[Row, dict[str, Any]]]) -> int:
    """Write the cases and their table into a folder. Return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / "cases.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        table.writeheader()
        for row, bundle in cases:
            table.writerow(row)
            content = json.dumps(bundle, ensure_ascii=False).encode()
            (folder / row["bundle"]).write_bytes(gzip.compress(content, 5, mtime=0))
            count += 1
    return count


def chosen(which: str, split: str, count: int, seed: str) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield the cases of a set, or of both (`all`). The parts of a half are of bench/cases alone."""
    if which != "written" and split not in PARTS:
        yield from generated(split, count, seed)
    if which != "mechanisms" or split in PARTS:
        yield from written(split)


def add_options(parser: argparse.ArgumentParser, which: str) -> None:
    """Add the options that say which cases; `which` is the set where none is named."""
    parser.add_argument("--set", choices=("mechanisms", "written", "all"), default=which)
    parser.add_argument("--split", "--half", choices=("tuned", *PARTS, "scored", "all"), default="tuned")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", default=SEED)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    add_options(parser, which="mechanisms")
    options = parser.parse_args()
    count = write(options.folder, chosen(options.set, options.split, options.count, options.seed))
    print(f"{count} cases in {options.folder}")


if __name__ == "__main__":
    main()
