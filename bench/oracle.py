"""What a valid promote is, said a second time: for the fuzzer and the property tests, without a line of the
product's code.

A text is one when every outermost JSON object in it (RFC 8259, and a comma may stand before a closing
bracket; of a broken one, those within) is the same, one of them stands after no brace that was left open,
none has a key twice or a number that JSON has not, and that object says promote as the question asked for it,
or in another way that has no second reading (`_promotes`). What stands in a closed <think> at its beginning
is no part of it. No words in it or around it open with another verdict, or say plainly that it should be
rolled back; of all that can be said in words these are few, and there the product is stricter. It is a parser
of its own.
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
ADVICE = ("it should be rolled back", "the canary should be rolled back", "roll back", "roll back the canary")


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
    text = _said(text)
    try:
        found = list(_outermost(text))
    except Poisoned:
        return False
    finally:
        sys.setrecursionlimit(limit)
    first = found[0].value if found else {}
    between = zip(
        [0, *(each.end for each in found)], [*(each.begin for each in found), len(text)], strict=True
    )
    return (
        any(each.alone for each in found)
        and all(each.value == first for each in found)
        and _promotes(first, findings)
        and not any(_contradicts(text[begin:end]) for begin, end in between)
    )


def _said(text: str) -> str:
    """Without what was thought first, where that is plain: one <think>, at the beginning, and one
    </think>.
    """
    begun = text.lstrip("\ufeff \t\r\n")
    once = begun.count("<think>") == 1 and begun.count("</think>") == 1
    return begun[begun.index("</think>") + 8 :] if once and begun.startswith("<think>") else text


def _promotes(value: dict[str, Any], findings: Collection[str]) -> bool:
    """`PROMOTE`, 90.0, "90 %", f1, "F1, F2" and null for empty are read as what they are; 1.0 may be all or
    next to nothing.
    """
    texts = [
        value.get("summary"),
        *(_empty(value.get(name), Typed("text", "")) for name in ("root_cause", "remediation")),
    ]
    lists = [_empty(value.get(name), []) for name in ("findings", "quotes")]
    lists = [[each] if isinstance(each, Typed) and each.kind == "text" else each for each in lists]
    texts += [each for found in lists if isinstance(found, list) for each in found]
    return (
        isinstance(value.get("verdict"), Typed)
        and str(value["verdict"].value).strip().lower() == "promote"
        and 1 <= _percent(value.get("confidence")) <= 100
        and all(isinstance(found, list) for found in lists)
        and all(isinstance(each, Typed) and each.kind == "text" and _whole(each.value) for each in texts)
        and all(
            cited.upper() in findings
            for each in lists[0]
            for cited in each.value.replace(";", ",").replace(",", " ").split()
        )
        and not any(
            _contradicts(each.value)
            for name, each in value.items()
            if name != "quotes" and isinstance(each, Typed) and each.kind == "text"
        )
    )


def _empty(value: Any, instead: Any) -> Any:
    return instead if value is None or value == Typed("word", None) else value


def _percent(value: Any) -> int:
    """0 for what is no percentage, or may be one of two."""
    if not isinstance(value, Typed):
        return 0
    if value.kind == "integer":
        return int(value.value)
    if value.kind == "float":
        return int(value.value) if value.value % 1 == 0 and value.value != 1 else 0
    digits, dot, zeros = str(value.value).strip().removesuffix("%").rstrip().partition(".")
    plain = (
        value.kind == "text"
        and digits.isascii()
        and digits.isdigit()
        and not (dot and (not zeros or zeros.strip("0")))
    )
    return int(digits) if plain and len(digits) <= 3 and not (dot and int(digits) == 1) else 0


def _contradicts(text: str) -> bool:
    """It opens with another verdict, and that stands by itself; or a whole sentence of it advises a
    rollback.
    """
    sentences = text.replace("\n\n", ".")
    for mark in "!?;":
        sentences = sentences.replace(mark, ".")
    return _opens(text) or any(
        " ".join(sentence.split()).lower() in ADVICE for sentence in sentences.split(".")
    )


def _opens(text: str) -> bool:
    at = next((index for index, letter in enumerate(text) if letter.isalnum() or letter == "_"), len(text))
    for word in OTHERS:
        if text[at:].lower().startswith(word):
            rest = text[at + len(word) :].lstrip("*_")
            return (
                not rest.strip()
                or rest[0] in ":.;!"
                or (rest[0].isspace() and rest.lstrip()[0] in "-\u2013\u2014")
            )
    return False


def _whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


class Found(NamedTuple):
    """An object, whether it stands after no brace that was left open, and where."""

    value: dict[str, Any]
    alone: bool
    begin: int
    end: int


def _outermost(text: str) -> Iterator[Found]:
    at, left_open = 0, 0
    while at < len(text):
        if text[at] == "{":
            begin = at
            try:
                value, at = _object(text, at)
            except Broken:
                left_open += 1
            else:
                yield Found(value, left_open == 0, begin, at)
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
        if text[at : at + 1] != "}":
            at = _space(text, _expect(text, at, ","))
        if text[at : at + 1] == "}":
            break
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
        if text[at : at + 1] != "]":
            at = _space(text, _expect(text, at, ","))
        if text[at : at + 1] == "]":
            return values, at + 1


def _string(text: str, at: int) -> tuple[str, int]:
    found = STRING.match(text, at)
    if not found:
        raise Broken
    units = ESCAPE.sub(
        lambda each: chr(int(each[1], 16)) if each[1] else SHORT.get(each[2], each[2]), found[1]
    )
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass"), found.end()


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise Broken
    return at + 1


def _space(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in " \t\n\r":
        at += 1
    return at
