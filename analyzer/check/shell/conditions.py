"""The commands `test` and `[`. What only a run can tell is assumed to be true."""

from collections.abc import Callable, Sequence

from analyzer.check.container import UNKNOWN
from analyzer.check.shell.words import Untold

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {"=": str.__eq__, "==": str.__eq__, "!=": str.__ne__}


def evaluate_test(words: Sequence[str]) -> bool:
    """Return whether the condition is true. Raise Untold for joined conditions."""
    rest = [word for word in words if word != "]"]
    if rest[:1] == ["!"]:
        return not evaluate_test(rest[1:])
    if "-a" in rest or "-o" in rest:
        raise Untold
    if any(UNKNOWN in word for word in rest):
        return True
    if len(rest) == 3:
        left, how, right = rest
        if how in _TEXTS:
            return _TEXTS[how](left, right)
        if how in _NUMBERS and left.isdecimal() and right.isdecimal() and len(left + right) < 9:
            return _NUMBERS[how](int(left), int(right))
    if len(rest) == 2 and rest[0] in ("-n", "-z"):
        return bool(rest[1]) is (rest[0] == "-n")
    return bool(rest)
