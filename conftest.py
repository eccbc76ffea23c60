"""Which suites this machine can run. What it cannot is left out and said in one line; where CI is set it is
an error.

Suites run in one order, the cheap ones first: what is compiled for the later ones is compiled only once these
have run.
"""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest
from prune import unused

NEEDS = {
    "unit": (),
    "browser": ("chromium",),
    "prometheus": ("prometheus", "promtool"),
    "models": ("go", "gcc", "g++", "/usr/include/nlohmann/json.hpp", "/usr/include/stb"),
    "api": ("go", "openssl", "prometheus", "promtool"),
    "node": (
        "root",
        "go",
        "gcc",
        "openssl",
        "ip",
        "runc",
        "buildah",
        "debootstrap",
        "prometheus",
        "promtool",
        "/usr/lib/cni/bridge",
    ),
}
# once, by its place in the cache
COMPILED = {
    "models": ("testollama",),
    "api": ("testcluster", "testactionlint", "testhelm"),
    "node": ("testcluster",),
}
LEFT_OUT = pytest.StashKey[dict[str, str]]()


class Pruned(MetaPathFinder):
    """Refuses to import what the image leaves out, so that every suite tests what ships."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Another finder's business, or ModuleNotFoundError."""
        path = fullname.replace(".", "/")
        if unused(f"{path}.py") or unused(f"{path}/__init__.py"):
            raise ModuleNotFoundError(
                f"{fullname} is not in the image (requirements/prune.py)", name=fullname
            )


def pytest_configure() -> None:
    """From the first test module on. Thousands of tests are made, and none goes: looking for garbage among
    them is a third of the time that takes.
    """
    sys.meta_path.insert(0, Pruned())
    gc.disable()


def pytest_collection_finish() -> None:
    """From the first test on. What was made before stays."""
    gc.freeze()
    gc.enable()


def missing(suite: str) -> Iterator[str]:
    """What a suite needs and this machine lacks: a program, a file, or root."""
    for need in NEEDS[suite]:
        if need == "root":
            if os.geteuid() != 0:
                yield need
        elif not (Path(need).exists() if need.startswith("/") else shutil.which(need)):
            yield need


def suite_of(item: pytest.Item) -> str:
    """The suite of one test: its marker, or unit."""
    return next((suite for suite in NEEDS if item.get_closest_marker(suite)), "unit")


@pytest.hookimpl(trylast=True)  # after -m has chosen
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what this machine cannot run, and orders the rest."""
    chosen = {suite_of(item) for item in items}
    left_out = {
        suite: ", ".join(lacks) for suite in NEEDS if suite in chosen and (lacks := list(missing(suite)))
    }
    config.stash[LEFT_OUT] = left_out
    if left_out and os.environ.get("CI"):
        raise pytest.UsageError(f"CI is set and cannot run: {summary(left_out)}")
    config.hook.pytest_deselected(items=[item for item in items if suite_of(item) in left_out])
    items[:] = sorted(
        (item for item in items if suite_of(item) not in left_out),
        key=lambda item: list(NEEDS).index(suite_of(item)),
    )


def pytest_report_collectionfinish(items: list[pytest.Item]) -> str:
    """What a first run does for minutes without a word."""
    cache = Path.home() / ".cache"
    wanted = {name for suite in {suite_of(item) for item in items} for name in COMPILED.get(suite, ())}
    absent = sorted(
        name for name in wanted if not Path(os.environ.get(f"{name.upper()}_CACHE") or cache / name).exists()
    )
    return f"compiling first, once, for 5 to 15 minutes: {', '.join(absent)}" if absent else ""


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The one line, at the end, where it is read."""
    left_out = config.stash.get(LEFT_OUT, {})
    if left_out:
        terminalreporter.write_line(f"not run: {summary(left_out)}", yellow=True)


def summary(left_out: dict[str, str]) -> str:
    """`the node suite, for lack of root; the api suite, …`."""
    return "; ".join(f"the {suite} suite, for lack of {lacks}" for suite, lacks in left_out.items())
