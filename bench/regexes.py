"""Every pattern that the package compiles, how it applies each, and texts on which one that is not linear
takes long.
"""

import ast
import importlib
import pkgutil
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]  # the parser of `re`, of which there are no types
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import analyzer
from analyzer.findings import directives
from analyzer.redact.rules import RedactionRule

ROOT = Path(analyzer.__file__).parent
METHODS = {"match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split"}
ANCHORED = {"match", "fullmatch"}
LONG = 16  # repetitions from which a bound is as good as none
ALPHABET = [chr(code) for code in range(1, 128)] + list("éßＡ：µ你\u200b")  # noqa: RUF001 - a letter of each kind beyond ASCII


@dataclass(frozen=True)
class Used:
    """A pattern, the name it goes by, and the methods by which the package applies it."""

    name: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]

    @property
    def anchored(self) -> bool:
        return self.methods <= ANCHORED


@dataclass(frozen=True)
class Attack:
    """A text of any length: `prefix`, as much of `pump` as there is room for, `suffix`."""

    prefix: str
    pump: str
    suffix: str

    def text(self, length: int) -> str:
        room = length - len(self.prefix) - len(self.suffix)
        return self.prefix + (self.pump * (room // len(self.pump) + 1))[:room] + self.suffix


# ---- what there is


def used() -> list[Used]:
    """Every pattern of the package, once."""
    found: dict[re.Pattern[Any], tuple[str, set[str]]] = {}
    for file, module in _modules():
        applied, others, passed = _applied(file)
        for name, value in list(vars(module).items()):
            for pattern in _patterns(value):
                direct = applied[name] if isinstance(value, re.Pattern) else set()
                methods = direct | (others if name in passed or not direct else set())
                found.setdefault(pattern, (f"{module.__name__}.{name}", set()))[1].update(
                    methods or {"search"}
                )
    return [Used(name, pattern, frozenset(methods)) for pattern, (name, methods) in found.items()]


def inside_functions() -> list[str]:
    """Where a function makes a pattern of its own, or gives one to `re` as text: there `used` does not find
    it.
    """
    found: list[str] = []
    for file, module in _modules():
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef):
                calls = [
                    node
                    for node in ast.walk(function)
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                ]
                found += [
                    f"{module.__name__}.{function.name}"
                    for call in calls
                    if isinstance(call.func, ast.Attribute)
                    and isinstance(call.func.value, ast.Name)
                    and call.func.value.id == "re"
                    and call.func.attr in METHODS | {"compile"}
                ]
    return found


def _modules() -> Iterator[tuple[Path, Any]]:
    for each in pkgutil.walk_packages([str(ROOT)], "analyzer."):
        if each.name != "analyzer.__main__":
            module = importlib.import_module(each.name)
            assert module.__file__
            yield Path(module.__file__), module


def _applied(file: Path) -> tuple[dict[str, set[str]], set[str], set[str]]:
    """By a module's text: the methods called on each name, those called on anything else, and the names that
    are passed on.
    """
    tree = ast.parse(file.read_text())
    called: dict[str, set[str]] = defaultdict(set)
    others: set[str] = set()
    seen = set()
    tops = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            if isinstance(node.value, ast.Name) and (node.value.id in tops or node.value.id.isupper()):
                called[node.value.id].add(node.attr)
                seen.add(id(node.value))
            elif node.attr != "split":  # texts have it, too
                others.add(node.attr)
    passed = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in seen
    }
    return called, others, passed


def _patterns(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, RedactionRule):
        yield re.compile(value.pattern)
        yield from _patterns(value.cues)
    elif value is directives._KNOWN:
        yield from (re.compile(shape) for _, shape in value)
    elif depth < 4 and isinstance(value, dict):
        yield from _patterns([*value, *value.values()], depth + 1)
    elif depth < 4 and isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _patterns(each, depth + 1)
    elif depth < 4 and type(value).__module__.startswith("analyzer.") and hasattr(value, "__dict__"):
        yield from _patterns(list(vars(value).values()), depth + 1)


# ---- what takes one long


class Attacks:
    """Texts made of a pattern's own pieces, the same ones every time."""

    def __init__(self, pattern: re.Pattern[Any], most: int) -> None:
        text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
        self._tree = parser.parse(
            text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
        )
        self._random = random.Random(text)
        self._most = most
        self._groups: dict[int, str] = {}

    def all(self) -> list[Attack]:
        """Characters that the pattern tells apart and pieces of what it matches, repeated; and each of its
        own repetitions, drawn out.
        """
        letters = self._letters
        whole = [self._example() for _ in range(24)]
        examples = sorted({"".join(piece for piece, _ in each) for each in whole} - {""})
        found = [Attack("", letter, end) for letter in letters for end in ("", "\x01")]
        found += [Attack("", each, end) for each in examples for end in ("", "\x01")]
        found += [Attack("", each[: self._random.randrange(len(each)) + 1], "") for each in examples]
        drawn: list[Attack] = []
        for pieces in whole:
            for place, (piece, repeats) in enumerate(pieces):
                if repeats and piece:
                    before, behind = (
                        "".join(each for each, _ in part) for part in (pieces[:place], pieces[place + 1 :])
                    )
                    ends = ["", "\x01", ":", " ", behind, f"{behind[:-1]}\x01", self._random.choice(letters)]
                    drawn += [Attack(before, piece, end) for end in ends]
                    drawn += [Attack(before, self._random.choice(letters), end) for end in ends]
        pairs = [
            Attack("", self._random.choice(letters) + self._random.choice(letters), end)
            for _ in range(24)
            for end in ("", "\x01")
        ]
        mixed = (
            [Attack(self._random.choice(examples), self._random.choice(letters), "\x01") for _ in range(24)]
            if examples
            else []
        )
        parts = (
            [Attack(self._random.choice(letters), self._random.choice(examples), "\x01") for _ in range(12)]
            if examples
            else []
        )
        rest = sorted({*drawn, *pairs, *mixed, *parts}, key=repr)
        self._random.shuffle(rest)
        return [*dict.fromkeys(found), *rest][: self._most]

    @cached_property
    def _letters(self) -> list[str]:
        """One character of each set that no class and no literal of the pattern tells apart."""
        kinds: dict[tuple[bool, ...], str] = {}
        atoms = list({repr(each): each for each in self._atoms(self._tree)}.values())
        for letter in ALPHABET:
            kinds.setdefault(tuple(_holds(atom, letter) for atom in atoms), letter)
        return list(kinds.values())[:60]

    def _atoms(self, tree: Iterable[Any]) -> Iterator[Any]:
        for code, argument in tree:
            if code in {op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY}:
                yield code, argument
            for inner in _inner(code, argument):
                yield from self._atoms(inner)

    def _example(self) -> list[tuple[str, bool]]:
        """Something like what the pattern matches, in pieces, and which of them may be repeated."""
        self._groups = {}
        return list(self._walk(self._tree))

    def _walk(self, tree: Iterable[Any]) -> Iterator[tuple[str, bool]]:
        for code, argument in tree:
            if code in {op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY}:
                yield self._letter(code, argument), False
            elif code is op.BRANCH:
                yield from self._walk(self._random.choice(argument[1]))
            elif code is op.SUBPATTERN:
                pieces = list(self._walk(argument[3]))
                self._groups[argument[0]] = "".join(piece for piece, _ in pieces)
                yield from pieces
            elif code is op.ATOMIC_GROUP:
                yield from self._walk(argument)
            elif code is op.GROUPREF:
                yield self._groups.get(argument, ""), False
            elif code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
                least, most, inner = argument
                if most >= LONG:
                    yield (
                        "".join(
                            piece for _ in range(max(1, min(least, 40))) for piece, _ in self._walk(inner)
                        ),
                        True,
                    )
                else:
                    for _ in range(self._random.randint(least, max(least, min(most, 3)))):
                        yield from self._walk(inner)

    def _letter(self, code: Any, argument: Any) -> str:
        if code is op.LITERAL:
            return chr(argument)
        fitting = [letter for letter in self._letters if _holds((code, argument), letter)]
        return self._random.choice(fitting or ["a"])


def _inner(code: Any, argument: Any) -> list[Any]:
    if code is op.BRANCH:
        return list(argument[1])
    if code is op.SUBPATTERN:
        return [argument[3]]
    if code is op.ATOMIC_GROUP:
        return [argument]
    if code in {op.ASSERT, op.ASSERT_NOT}:
        return [argument[1]]
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return [argument[2]]
    return []


_CLASSES: dict[Any, Callable[[str], bool]] = {
    op.CATEGORY_DIGIT: str.isdigit,
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
    op.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdigit(),
    op.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    op.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}


def _holds(atom: Any, letter: str) -> bool:
    code, argument = atom
    if code is op.LITERAL:
        return letter == chr(argument)
    if code is op.NOT_LITERAL:
        return letter != chr(argument)
    if code is op.ANY:
        return letter != "\n"
    if code is op.RANGE:
        return bool(argument[0] <= ord(letter) <= argument[1])
    if code is op.CATEGORY:
        return _CLASSES[argument](letter)
    negated = argument[0][0] is op.NEGATE
    return any(_holds(each, letter) for each in argument[negated:]) != negated
