"""What a valid promote is, said a second time: for the fuzzer and the property tests, without a line of the product's code.

A text is one when every outermost JSON object in it (RFC 8259; of a broken one, those within) is the same, one of them stands after
no brace that was left open, none has a key twice or a number that JSON has not, and that object says promote as the question asked
for it. It is strict JSON by a parser of its own. What an answer advises in words it does not read: there the product is stricter.
"""

import re
import sys
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"')
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS = {"true": True, "false": False, "null": None}
OTHERS = ("rollback", "roll back", "cannot tell", "cannot_tell")


class Typed(NamedTuple):
    """A scalar with its kind, for 1, 1.0 and true are equal in Python and are not in JSON."""

    kind: str
    value: Any


class Broken(Exception):  # noqa: N818 - not an error: this text is simply none
    """No JSON from here."""


class Poisoned(Exception):  # noqa: N818
    """A key twice, or NaN: nobody can tell what was meant, whatever else there is."""


def valid_promote(text: str, findings: Collection[str]) -> bool:
    """Whether a reply says promote, and nothing else, about these findings."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200_000)
    try:
        found = list(_outermost(text))
    except Poisoned:
        return False
    finally:
        sys.setrecursionlimit(limit)
    first = found[0][0] if found else {}
    return any(alone for _, alone in found) and all(each == first for each, _ in found) and _promotes(first, findings)


def _promotes(value: dict[str, Any], findings: Collection[str]) -> bool:
    confidence = value.get("confidence")
    texts = [value.get("summary"), *(value.get(name, Typed("text", "")) for name in ("root_cause", "remediation"))]
    lists = [value.get(name, []) for name in ("findings", "quotes")]
    texts += [each for found in lists if isinstance(found, list) for each in found]
    return (
        value.get("verdict") == Typed("text", "promote")
        and isinstance(confidence, Typed)
        and confidence.kind == "integer"
        and 1 <= confidence.value <= 100
        and all(isinstance(found, list) for found in lists)
        and all(isinstance(each, Typed) and each.kind == "text" and _whole(each.value) for each in texts)
        and all(each.value in findings for each in value.get("findings", []))
        and not _contradicts(value["summary"].value)
    )


def _contradicts(summary: str) -> bool:
    """It opens with another verdict, and that stands by itself."""
    at = next((index for index, letter in enumerate(summary) if letter.isalnum() or letter == "_"), len(summary))
    for word in OTHERS:
        if summary[at:].lower().startswith(word):
            rest = summary[at + len(word) :].lstrip("*_")
            return not rest.strip() or rest[0] in ":.;!" or (rest[0].isspace() and rest.lstrip()[0] in "-\u2013\u2014")
    return False


def _whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _outermost(text: str) -> Iterator[tuple[dict[str, Any], bool]]:
    at, left_open = 0, 0
    while at < len(text):
        if text[at] == "{":
            try:
                value, at = _object(text, at)
            except Broken:
                left_open += 1
            else:
                yield value, left_open == 0
                continue
        elif text[at] == "}" and left_open:
            left_open -= 1
        at += 1


def _value(text: str, at: int) -> tuple[Any, int]:
    if text[at : at + 1] == "{":
        return _object(text, at)
    if text[at : at + 1] == "[":
        return _array(text, at)
    if text[at : at + 1] == '"':
        string, end = _string(text, at)
        return Typed("text", string), end
    for word, value in WORDS.items():
        if text.startswith(word, at):
            return Typed("word", value), at + len(word)
    if text.startswith(("NaN", "Infinity", "-Infinity"), at):
        raise Poisoned
    number = NUMBER.match(text, at)
    if not number:
        raise Broken
    if number[2]:
        return Typed("float", float(number[0])), number.end()
    if len(number[1].lstrip("-")) > 4300:  # what Python turns into a number
        raise Poisoned
    return Typed("integer", int(number[1])), number.end()


def _object(text: str, at: int) -> tuple[dict[str, Any], int]:
    pairs: list[tuple[str, Any]] = []
    at = _space(text, at + 1)
    if text[at : at + 1] == "}":
        return {}, at + 1
    while True:
        key, at = _string(text, at)
        value, at = _value(text, _space(text, _expect(text, _space(text, at), ":")))
        pairs.append((key, value))
        at = _space(text, at)
        if text[at : at + 1] == "}":
            break
        at = _space(text, _expect(text, at, ","))
    if len(dict(pairs)) < len(pairs):
        raise Poisoned
    return dict(pairs), at + 1


def _array(text: str, at: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    at = _space(text, at + 1)
    if text[at : at + 1] == "]":
        return [], at + 1
    while True:
        value, at = _value(text, at)
        values.append(value)
        at = _space(text, at)
        if text[at : at + 1] == "]":
            return values, at + 1
        at = _space(text, _expect(text, at, ","))


def _string(text: str, at: int) -> tuple[str, int]:
    found = STRING.match(text, at)
    if not found:
        raise Broken
    units = ESCAPE.sub(lambda each: chr(int(each[1], 16)) if each[1] else SHORT.get(each[2], each[2]), found[1])
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass"), found.end()


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise Broken
    return at + 1


def _space(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in " \t\n\r":
        at += 1
    return at
