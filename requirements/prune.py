"""Leaves out of the environment of the interpreter that runs it what no run of ours loads: the image's build.

Each entry is a part that its package itself loads by name, when it is asked for, and that nothing of ours
asks for: the tests refuse to import any of it (conftest.py). A distribution's RECORD says what is left, so
pip upgrades and removes it as ever.
"""

import csv
import sys
from fnmatch import fnmatchcase
from importlib.metadata import distribution
from pathlib import Path

UNUSED = {
    # ours is raw JSON over the client's connection (analyzer/cluster); a second client, for asyncio, and a
    # class for each kind and group
    "kubernetes": (
        "kubernetes/aio/*",
        "kubernetes/client/api/*_api.py",
        "kubernetes/client/models/[!_]*.py",
        "kubernetes/*_test.py",
    ),
    # the client of APIs other than Gemini's models: interactions, agents, voices
    "google-genai": ("google/genai/tests/*", "google/genai/_gaos/*"),
    # asyncio's HTTP: for kubernetes/aio and the asynchronous half of google-genai, which does without
    "aiohttp": ("aiohttp/*",),
    "aiohttp-retry": ("aiohttp_retry/*",),
    "aiohappyeyeballs": ("aiohappyeyeballs/*",),
    "aiosignal": ("aiosignal/*",),
    "frozenlist": ("frozenlist/*",),
    "multidict": ("multidict/*",),
    "propcache": ("propcache/*",),
    "yarl": ("yarl/*",),
    # for the commands of httpx and httpx2, and for rich's listings and Markdown
    "pygments": ("pygments/*",),
    "markdown-it-py": ("markdown_it/*",),
    "mdurl": ("mdurl/*",),
    # for keys of the package rsa, which is not installed
    "pyasn1-modules": ("pyasn1_modules/*",),
    "pyasn1": ("pyasn1/*",),
    # the compiler of bindings; what it compiled loads its backend alone
    "cffi": ("cffi/*",),
    "pycparser": ("pycparser/*",),
    "pydantic": ("pydantic/v1/*", "pydantic/mypy.py"),  # models of the version before
    "websockets": ("websockets/legacy/*", "websockets/trio/*"),
    "websocket-client": ("websocket/tests/*",),
    "tzdata": ("tzdata/zoneinfo/*",),  # all our times are UTC
}


def unused(path: str) -> bool:
    """Whether a file, by its path from where packages are installed, is one of these."""
    return any(fnmatchcase(path, pattern) for patterns in UNUSED.values() for pattern in patterns)


def source(path: str) -> str:
    """The module that a compiled file is of; any other file itself."""
    folder, compiled, name = path.partition("/__pycache__/")
    return f"{folder}/{name.partition('.')[0]}.py" if compiled else path


def prune(name: str) -> None:
    """Removes these files of one distribution, the folders they leave empty, and their lines of its
    RECORD.
    """
    files = distribution(name).files or []
    for pattern in UNUSED[name]:
        if not any(fnmatchcase(str(file), pattern) for file in files):
            sys.exit(f"{name} has no {pattern} any more: see what became of it, and mend {__file__}")
    gone = {str(file): Path(str(file.locate())) for file in files if unused(source(str(file)))}
    for path in gone.values():
        path.unlink()
    site = Path(str(distribution(name).locate_file("")))
    for folder in sorted({site / folder for file in gone for folder in Path(file).parents}, reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    record = next(Path(str(file.locate())) for file in files if file.match("*.dist-info/RECORD"))
    with record.open(newline="", encoding="utf-8") as old:
        left = [row for row in csv.reader(old) if row[0] not in gone]
    record.unlink()  # it may be a link to a cache's
    with record.open("w", newline="", encoding="utf-8") as new:
        csv.writer(new, lineterminator="\n").writerows(left)


if __name__ == "__main__":
    for each in UNUSED:
        prune(each)
