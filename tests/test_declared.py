"""What we import is what we declare: no more, as it would take room in the image, and no less, as another's
need of it may end.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import distribution, distributions
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
TESTING = ("tests", "bench", "docs", "requirements")  # beside the product: what is developed with


def name_of(requirement: str) -> str:
    """The normalized name of a distribution, of a requirement with it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement.strip())[0]).lower()


def declared(*files: str) -> set[str]:
    lines = (line for file in files for line in (ROOT / "requirements" / file).read_text().splitlines())
    return {name_of(line) for line in lines if line.strip() and not line.startswith(("#", "-r"))}


EXTRAS = [each for group in PROJECT["project"]["optional-dependencies"].values() for each in group]
RUN = {name_of(each) for each in (*PROJECT["project"]["dependencies"], *EXTRAS)}
DEV = declared("dev.in")
OTHERS = declared(
    *(file.name for file in (ROOT / "requirements").glob("*.in") if file.name != "dev.in")
)  # environments of their own


@cache
def owners() -> dict[str, str]:
    """Each module that is installed, and its distribution: of `google` there are several."""
    found: dict[str, str] = {}
    for each in distributions():
        paths = [line.partition(",")[0] for line in (each.read_text("RECORD") or "").splitlines()]
        for path in [path for path in paths if path.endswith((".py", ".so"))]:
            folder, _, file = path.rpartition("/")
            module = [*folder.split("/"), file.partition(".")[0]]
            found[".".join(word for word in module if word not in ("", "__init__"))] = name_of(each.name)
    return found


def owner(module: str) -> str:
    """The distribution of a module, or of the nearest above it; of none that is here the name itself."""
    words = module.split(".")
    paths = (".".join(words[:length]) for length in range(len(words), 0, -1))
    return next((owners()[path] for path in paths if path in owners()), name_of(words[0]))


def imported(files: Iterable[Path]) -> Iterator[str]:
    """The distributions that files import anywhere, also in a function; neither Python's own modules nor
    ours.
    """
    folders = (*PROJECT["tool"]["pytest"]["ini_options"]["pythonpath"], "tests/node")
    ours = {"analyzer", "tests", *(path.stem for folder in folders for path in (ROOT / folder).iterdir())}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [f"{node.module}.{each.name}" for each in node.names]
            yield from (
                owner(each) for each in modules if each.split(".")[0] not in {*sys.stdlib_module_names, *ours}
            )


@cache
def developing() -> frozenset[str]:
    """What is imported by what the product is developed with."""
    files = [file for folder in TESTING for file in (ROOT / folder).rglob("*.py")]
    return frozenset(imported([*files, ROOT / "conftest.py"]))


def commands(name: str) -> set[str]:
    """Return the programs of a distribution, and the names and options of its plugins of pytest."""
    given = distribution(name)
    plugins = {entry.name for entry in given.entry_points if entry.group == "pytest11"}
    options = {f"--{plugin.removeprefix('pytest_')}" for plugin in plugins}
    return plugins | options | {file.name for file in given.files or () if file.parent.name == "bin"}


def test_the_product_imports_what_it_declares_and_declares_what_it_imports() -> None:
    assert set(imported((ROOT / "analyzer").rglob("*.py"))) == RUN


def test_what_is_developed_with_is_declared() -> None:
    assert developing() - RUN - DEV - OTHERS == set()


@pytest.mark.parametrize("name", sorted(DEV))
def test_what_is_declared_is_developed_with(name: str) -> None:
    """By an import, by its program in the Makefile, as a plugin of pytest that is named there, or as types
    of what is declared.
    """
    words = set(re.findall(r"[\w-]+", (ROOT / "Makefile").read_text()))
    typed = name.startswith("types-") and name.removeprefix("types-") in RUN | DEV
    assert commands(name) & words or typed or name in developing()
