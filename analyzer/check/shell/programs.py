"""The program that a command line runs in the end, behind programs that only run another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from analyzer.check.shell.words import Untold

PRODUCT = "rollout-analyzer"
SHELLS = ("sh", "bash", "dash", "ash", "zsh", "ksh")
MODULE = ("-m", "analyzer")  # of a Python
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")

# Programs that run what follows them and exit with its code: their options that take a word, and how many
# words come before it.
RUNNERS: dict[str, tuple[tuple[str, ...], int]] = {
    "busybox": ((), 0),
    "catatonit": ((), 0),
    "command": ((), 0),
    "dumb-init": ((), 0),
    "env": (("-u", "-C"), 0),
    "exec": (("-a",), 0),
    "gosu": ((), 1),
    "nice": (("-n",), 0),
    "nohup": ((), 0),
    "setsid": ((), 0),
    "stdbuf": (("-i", "-o", "-e"), 0),
    "su-exec": ((), 1),
    "time": ((), 0),
    "timeout": (("-k", "-s"), 1),
    "tini": (("-p", "-e"), 0),
}


@dataclass(frozen=True)
class Program:
    """The program that runs: `ours` with the words after its name, a `shell` with its whole command line, or
    another one.
    """

    words: tuple[str, ...]
    ours: bool = False
    shell: bool = False
    environ: dict[str, str] = field(default_factory=dict, hash=False)


def program_name(word: str) -> str:
    """Return a program's name without its folder."""
    return PurePath(word).name


def split_assignments(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the NAME=VALUE words at the beginning, and the rest."""
    variables: dict[str, str] = {}
    for number, word in enumerate(words):
        if not _ASSIGNMENT.match(word):
            return variables, list(words[number:])
        name, _, value = word.partition("=")
        variables[name] = value
    return variables, []


def unwrap_program(words: Sequence[str]) -> Program:
    """Return the program behind those that only run it."""
    environ: dict[str, str] = {}
    rest = list(words)
    while True:
        before, rest = split_assignments(rest)
        environ |= before
        name = program_name(rest[0]) if rest else ""
        if name not in RUNNERS:
            break
        rest = _skip_options(rest, *RUNNERS[name])
    if name == PRODUCT:
        return Program(tuple(rest[1:]), ours=True, environ=environ)
    if name.startswith("python") and tuple(rest[1:3]) == MODULE:
        return Program(tuple(rest[3:]), ours=True, environ=environ)
    return Program(tuple(rest), shell=name in SHELLS, environ=environ)


def split_shell_call(words: Sequence[str]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return a shell's script, its $0, $1, …, and its options. Raise Untold if the script is a file, or comes
    from elsewhere.
    """
    flags: list[str] = []
    rest = list(words[1:])
    while rest and rest[0][:1] in ("-", "+") and rest[0] != "--":
        word = rest.pop(0)
        flags.append(word)
        if word in ("-o", "+o", "-O") or (not word.startswith("--") and word.endswith("o")):
            flags += rest[:1]
            rest = rest[1:]
    if not rest or not any(
        "c" in word[1:] for word in flags if word.startswith("-") and not word.startswith("--")
    ):
        raise Untold
    rest = rest[1:] if rest[0] == "--" else rest
    return (rest[0] if rest else ""), tuple(rest[1:]), tuple(flags)


def _skip_options(words: list[str], taking: tuple[str, ...], before: int) -> list[str]:
    rest = words[1:]
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word == "--":
            break
        if word in taking:
            rest = rest[1:]
    return rest[before:]
