"""The cases of a folder: `case.yaml` in a folder with one bundle, or a table `cases.csv` beside many."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from analyzer.common.value import Value
from analyzer.config.typed import read_typed
from analyzer.errors import UsageError
from analyzer.evaluation.case import Case, Label
from analyzer.evaluation.table import read_table

LABEL, TABLE = "case.yaml", "cases.csv"
BUNDLES = (".json", ".json.gz")
KEYS = "docs/eval.md lists the keys"
MAKE = f"put a {LABEL} beside each bundle, or a {TABLE} (docs/eval.md); 'rollout-analyzer label' writes one"


class Cases(Value):
    """The labelled cases of a folder by name, and the bundles in it that have no label."""

    cases: tuple[Case, ...]
    unlabelled: tuple[str, ...] = ()


def read_cases(folder: Path) -> Cases:
    """Return the cases of a folder and of the folders in it, sorted by name.

    Raise UsageError, in one line, for a folder without cases, a label that is none, and a case with two
    labels. A bundle that cannot be read is found when it is judged.
    """
    files = _files_of(folder)
    labels = [*_labels_beside(files), *_labels_of_tables(files)]
    if not labels:
        raise UsageError(f"there is no labelled case in {folder}", advice=MAKE)
    _check_single([path for path, _ in labels], folder)
    cases = [Case(name=case_name(folder, path), path=str(path), label=label) for path, label in labels]
    same = [name for name, count in Counter(case.name for case in cases).items() if count > 1]
    if same:
        raise UsageError(f"two cases of {folder} are called {same[0]}", advice="rename one of the files")
    known = {path for path, _ in labels}
    unlabelled = [str(path.relative_to(folder)) for path in files if _is_bundle(path) and path not in known]
    return Cases(cases=tuple(sorted(cases, key=lambda case: case.name)), unlabelled=tuple(unlabelled))


def case_name(folder: Path, path: Path) -> str:
    """Return the name of a bundle's case: its folder's, if a label stands beside it."""
    place = path.relative_to(folder)
    if (path.parent / LABEL).exists() and path.parent != folder:
        return str(place.parent)
    return str(place.parent / place.name.partition(".")[0])


def _files_of(folder: Path) -> list[Path]:
    """Return the files of a folder and of those in it, sorted; no hidden ones, and no folder of links."""
    try:
        if not folder.is_dir():
            what = "is a file" if folder.exists() else "does not exist"
            raise UsageError(f"{folder} {what}, and the cases are a folder", advice=MAKE)
        places = sorted(path for path in folder.rglob("*") if not _is_hidden(path.relative_to(folder)))
        return [path for path in places if path.is_file()]
    except OSError as error:
        raise UsageError(f"cannot read the folder {folder}: {error.strerror}", advice=MAKE) from error


def _is_hidden(place: Path) -> bool:
    return any(part.startswith(".") for part in place.parts)


def _is_bundle(path: Path) -> bool:
    return path.name.endswith(BUNDLES)


def _labels_beside(files: Sequence[Path]) -> Iterator[tuple[Path, Label]]:
    """Yield the bundle and the label of each `case.yaml`."""
    beside: dict[Path, list[Path]] = {}
    for path in filter(_is_bundle, files):
        beside.setdefault(path.parent, []).append(path)
    for path in files:
        if path.name != LABEL:
            continue
        bundles = beside.get(path.parent, [])
        if len(bundles) != 1:
            advice = f"a folder with a {LABEL} has one bundle; for several write a {TABLE}"
            names = ", ".join(bundle.name for bundle in bundles[:5]) or "none"
            raise UsageError(f"{path} stands beside {len(bundles)} bundles: {names}", advice=advice)
        yield bundles[0], read_typed(path, Label, "label", KEYS)


def _labels_of_tables(files: Sequence[Path]) -> Iterator[tuple[Path, Label]]:
    """Yield the bundle and the label of each row of each table."""
    for path in files:
        if path.name == TABLE:
            yield from read_table(path)


def _check_single(paths: Sequence[Path], folder: Path) -> None:
    """Raise UsageError where a bundle has two labels."""
    twice = [path for path, count in Counter(paths).items() if count > 1]
    if twice:
        more = f", and {len(twice) - 1} more" if len(twice) > 1 else ""
        what = f"{twice[0].relative_to(folder)} has two labels{more}"
        raise UsageError(what, advice=f"leave one, in {LABEL} or in one row of a {TABLE}")
