"""What lines of one template have in common, found faster than the template: the miner's caches are keyed by
it.

A line's *shape* is its bytes with every digit as 0. Its *form* has its values brought to one text each as
well: numbers of any length, addresses, identifiers. Lines of one form have one template, because masking
tells none of these values apart.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from analyzer.logs.mask_token import masked_token
from analyzer.logs.statuses import find_marks

ZEROES = bytes.maketrans(b"123456789", b"000000000")
_LONGEST = 4096  # bytes of the longest key remembered
_TOKENS = 1024 * 1024  # bytes of tokens remembered
_PLACES = 512 * 1024  # bytes of shapes remembered for where their identifiers stand
_OVERHEAD = 200  # bytes of an entry besides its key

Item = TypeVar("Item")
# Where an identifier starts and stops, and what stands for it: in small letters, in capitals.
_Place = tuple[int, int, bytes, bytes]

# A UUID, or a hexadecimal word of eight characters or more that can be no pod's hash, when all its characters
# are zeroes. A literal comes first: it is found fast.
_IDENTIFIER = re.compile(
    rb"00000000(?:(?<!\w00000000)|(?<=\b0x00000000))(?:(?:-0000){3}-000000000000\b"
    rb"|(?:(?<!-00000000)|(?=000))0*\b)"
)
_DIGIT = ord("0")  # found faster than bytes
_NUMBERS = frozenset((b"", b"b", b"B", b"d", b"e", b"E"))  # less their digits: bytes, days, exponents
_SMALL = 0x20  # the bit that small letters have, and digits
_ALL_ZERO = bytes.maketrans(b"abcdefABCDEF", b"0" * 12)
# What a header's time may be made of: masking tells these by their length.
_TIMELIKE = re.compile(
    rb"[\[(<\"']*(?!/?0{1,3}(?:\.0{1,3}){3})(?:0{1,4}[-/.]0{1,2}[-/.]0{1,4}(?:[T_:-]\S*+)?|0?0:00\S*+|0{6}"
    rb"|0{8}(?:-0{1,2}:\S*+)?|0{10}(?:\.0+|000)?|00\.00|00?[-/.]00?\|\S*+|0{8}[-_T]0{6}Z?|0{1,5}\.0{6}(?=\]))"
    rb"[\]),|:;>\"'.]*"
)
_DATE = b"0000-00-00"  # in a token, or it is made of the above
_COLUMN = re.compile(rb" {3,}")  # nothing tells two blanks from three, or four from more
# A token whose end is a pod's name, which a number may follow: a field of JSON, or a word. Masking knows the
# name there whatever its letters are.
_POD = re.compile(
    rb"(?:(?P<field>[^/=]*)\":\"|[\[({<|]*(?:[A-Za-z_.]++[=:])?(?:[a-z]++(?:-[a-z]++)*+/)?)[a-z]"
    rb"(?:[a-z-]*[a-z])?-"
    rb"(?P<hash>[bcdfghjklmnpqrstvwxz0]{8,10}-[bcdfghjklmnpqrstvwxz0]{5})(?:-0+)?(?(field)[\"}\]]"
    rb"|[\])}>|,;:.!?])*"
)
_HIDING = re.compile(rb"<(?:id|str|path|\*|email|host|version)>")
_OPENING, _CLOSING = b"[({<\"'|", b"])}>\"'|,;:.!?"
_NUMBER = re.compile(rb"-?0+(?:\.0+)?")
_GRADED = re.compile(
    rb"(?i:level(?:_?name|no)?|severity(?:_?(?:number|level|text))?|lvl|@l|priority|status|code)$"
)


class Cache(dict[bytes, Item]):
    """A dictionary that forgets all when its keys outgrow the bound."""

    def __init__(self, bound: int) -> None:
        super().__init__()
        self._size, self._bound = 0, bound

    def remember(self, key: bytes, item: Item) -> None:
        """Keep an item, unless its key is too long to be worth it."""
        if len(key) > _LONGEST:
            return
        self._size += len(key) + _OVERHEAD
        if self._size > self._bound:
            self.forget()
            self._size = len(key) + _OVERHEAD
        self[key] = item

    def forget(self) -> None:
        """Drop everything."""
        self.clear()
        self._size = 0


class Identifiers:
    """Where long identifiers stand in shapes. All of one length are made alike, since a unique trace id on
    every line would hide the line from a cache.
    """

    def __init__(self) -> None:
        self._known: Cache[Sequence[_Place]] = Cache(_PLACES)

    def hide(self, shapes: Sequence[bytes]) -> Sequence[bytes]:
        """Return the shapes with their identifiers hidden. None has a newline."""
        joined = b"\n".join(shapes).translate(_ALL_ZERO)
        if not _IDENTIFIER.search(joined):
            return shapes
        known, hidden = self._known.get, []
        for shape, zeroed in zip(shapes, joined.split(b"\n"), strict=True):
            alike, remembered = shape, known(zeroed)
            places = _find_places(zeroed) if remembered is None else remembered
            for start, stop, small, capital in places:
                run = shape[start:stop]
                # An identifier has both letters and digits.
                if _DIGIT in run and run.strip(b"0") not in _NUMBERS:
                    alike = alike[:start] + (small if run[0] & _SMALL else capital) + alike[stop:]
            if remembered is None and alike is not shape:  # a line without any may never come again
                self._known.remember(zeroed, places)
            hidden.append(alike)
        return hidden


def _find_places(zeroed: bytes) -> Sequence[_Place]:
    return [
        (match.start(), match.end(), b"a" + match[0][1:], b"A" + match[0][1:])
        for match in _IDENTIFIER.finditer(zeroed)
    ]


class Forms:
    """Lines to forms, token by token. `is_open` says whether nothing of a text would be
    redacted; where something would, lines of one form would differ.
    """

    def __init__(self, is_open: Callable[[bytes], bool]) -> None:
        self._is_open = is_open
        self._known: Cache[bytes] = Cache(_TOKENS)
        self._opened: Cache[bool] = Cache(_TOKENS)

    def find(self, shape: bytes) -> bytes:
        """Return the form of a line's shape, its identifiers hidden."""
        return self.find_alike(shape)[0]

    def find_alike(self, shape: bytes) -> tuple[bytes, bytes | None]:
        """Return the form of a line's shape; and where it has a pod's name that is new, the shape with any
        other of that length. A line of JSON is cut at its commas.
        """
        separator, length, likened = b" ", len(shape), False
        if shape[:1] == b"{":
            separator = b","
        else:
            shape = shape.replace(b"\t", b" ")
            if b"   " in shape:
                shape = _COLUMN.sub(_padded, shape)
        tokens = shape.split(separator)
        forms: list[Any] = list(map(self._known.get, tokens))
        if None in forms:
            for place, form in enumerate(forms):
                if form is None:
                    token = _with_any_pod(tokens[place])
                    if token is not tokens[place]:
                        tokens[place], likened = token, True
                    forms[place] = self._known.get(token) or self._learn(token)
        # A shape whose columns were brought to another width has its digits elsewhere.
        alike = separator.join(tokens) if likened and len(shape) == length else None
        return separator.join(forms), alike

    def _learn(self, token: bytes) -> bytes:
        form = _json(token) if b'":' in token else _plain(token)
        if form != token and not self._open(token, form):
            form = token
        form = find_marks(token) + form
        self._known.remember(token, form)
        return form

    def _open(self, token: bytes, form: bytes) -> bool:
        """Return whether nothing of a token would be redacted: remembered for a form that shows all but
        numbers, worked out each time where it hides a text that may be a secret.
        """
        known = None if _HIDING.search(form) else self._opened.get(form)
        if known is None:
            known = self._is_open(token)
            self._opened.remember(form, known)
        return known


def _with_any_pod(token: bytes) -> bytes:
    """Return a token with a pod's name replaced by another of its length, which masking treats alike."""
    pod = _POD.fullmatch(token) if token.count(b"-") > 1 else None
    if pod is None or (pod["field"] and _is_graded(pod["field"])):
        return token
    start, end = pod.span("hash")
    if _DIGIT not in token[start:end]:  # without one it may be words
        return token
    return b"%sg0%s-ggggg%s" % (token[:start], b"g" * (end - start - 8), token[end:])


def _padded(match: re.Match[bytes]) -> bytes:
    return b"  " if len(match[0]) == 3 else b"    "


def _plain(token: bytes) -> bytes:
    """Return a text as masking has it; but what may be a time as it is, for on these the header hangs."""
    if b"0" not in token or not token.isascii() or token.split() != [token]:
        return token
    if _DATE in token or _TIMELIKE.fullmatch(token):
        return token
    return masked_token(token.decode()).encode()


def _json(field: bytes) -> bytes:
    """Return a field of a JSON line, with what stands before the next comma."""
    name, _, value = field.rpartition(b'":')
    bare = value.lstrip(_OPENING)
    core = bare.rstrip(_CLOSING)
    head, tail = value[: len(value) - len(bare)], bare[len(core) :]
    if _is_graded(name):
        form = core
    elif head == b'"':
        form = b" ".join(map(_plain, core.split(b" ")))
    else:
        form = b"0" if not head and _NUMBER.fullmatch(core) else core
    return name + b'":' + head + form + tail


@lru_cache(maxsize=1024)
def _is_graded(name: bytes) -> bool:
    """Return whether a field of JSON, or what ends with its name, holds a level or a status."""
    return _GRADED.search(name) is not None
