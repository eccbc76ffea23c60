"""What lines of one template have in common, found faster than the template: the miner's caches are keyed by it.

A line's *shape* is its bytes with every digit as 0. Its *form* has its values brought to one text each as well: numbers of any
length, addresses, identifiers. Lines of one form have one template, because masking tells none of these values apart.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from analyzer.logs.mask import masked_token
from analyzer.logs.statuses import may_decide

ZEROES = bytes.maketrans(b"123456789", b"000000000")
DECIDING = b"\x01"  # before a token of a form: the line may have digits that decide
_LONGEST = 4096  # bytes of the longest key remembered
_TOKENS = 1024 * 1024  # bytes of tokens remembered
_PLACES = 512 * 1024  # bytes of shapes remembered for where their identifiers stand
_OVERHEAD = 200  # bytes of an entry besides its key

Found = TypeVar("Found")
_Place = tuple[int, int, bytes, bytes]  # where an identifier starts and stops, and what stands for it: in small letters, in capitals

# A UUID, or a hexadecimal word of eight characters or more that can be no pod's hash, when all its characters are zeroes. A literal comes
# first: it is found fast.
_IDENTIFIER = re.compile(rb"00000000(?:(?<!\w00000000)|(?<=\b0x00000000))(?:(?:-0000){3}-000000000000\b|(?:(?<!-00000000)|(?=000))0*\b)")
_DIGIT = ord("0")  # found faster than bytes
_NUMBERS = frozenset((b"", b"b", b"B", b"d", b"e", b"E"))  # less their digits: bytes, days, exponents
_SMALL = 0x20  # the bit that small letters have, and digits
_ALL_ZERO = bytes.maketrans(b"abcdefABCDEF", b"0" * 12)
# What a header's time may be made of: masking tells these by their length.
_TIMELIKE = re.compile(
    rb"[\[(<\"']*(?!/?0{1,3}(?:\.0{1,3}){3})(?:0{1,4}[-/.]0{1,2}[-/.]0{1,4}(?:[T_:-]\S*+)?|0?0:00\S*+|0{6}|0{8}(?:-0{1,2}:\S*+)?|0{10}(?:\.0+|000)?|00\.00)"
    rb"[\]),|:;>\"'.]*|(?>\S*?0000-00-00)\S*+"
)
_COLUMN = re.compile(rb" {3,}")  # nothing tells two blanks from three, or four from more
_HIDING = re.compile(rb"<(?:id|str|path|\*|email|host|version)>")
_OPENING, _CLOSING = b"[({<\"'|", b"])}>\"'|,;:.!?"
_NUMBER = re.compile(rb"-?0+(?:\.0+)?")
_GRADED = re.compile(rb"(?i:level|level_?name|severity|lvl|@l|priority|\"s|status|code)$")


class Cache(dict[bytes, Found]):
    """A dictionary that forgets all when its keys outgrow the bound."""

    def __init__(self, bound: int) -> None:
        super().__init__()
        self._size, self._bound = 0, bound

    def remember(self, key: bytes, found: Found) -> None:
        """Keep it, unless the key is too long to be worth it."""
        if len(key) > _LONGEST:
            return
        self._size += len(key) + _OVERHEAD
        if self._size > self._bound:
            self.forget()
            self._size = len(key) + _OVERHEAD
        self[key] = found

    def forget(self) -> None:
        """Drop everything."""
        self.clear()
        self._size = 0


class Hidden:
    """Shapes with each long identifier as one, of the same length: what a unique trace id on every line would hide from a cache."""

    def __init__(self) -> None:
        self._known: Cache[Sequence[_Place]] = Cache(_PLACES)

    def of(self, shapes: Sequence[bytes]) -> Sequence[bytes]:
        """Each of them, none with a newline."""
        joined = b"\n".join(shapes).translate(_ALL_ZERO)
        if not _IDENTIFIER.search(joined):
            return shapes
        known, all_told = self._known.get, []
        for shape, zeroed in zip(shapes, joined.split(b"\n"), strict=True):
            told, places = shape, known(zeroed)
            for start, stop, small, capital in self._learn(zeroed) if places is None else places:
                run = shape[start:stop]
                if _DIGIT in run and run.strip(b"0") not in _NUMBERS:  # an identifier has both letters and digits
                    told = told[:start] + (small if run[0] & _SMALL else capital) + told[stop:]
            all_told.append(told)
        return all_told

    def _learn(self, zeroed: bytes) -> Sequence[_Place]:
        found = _IDENTIFIER.finditer(zeroed)
        places = [(match.start(), match.end(), b"a" + match[0][1:], b"A" + match[0][1:]) for match in found]
        if places:  # a line without any may never come again
            self._known.remember(zeroed, places)
        return places


class Forms:
    """Lines to forms, token by token. `is_open`: nothing in this text would be redacted, or two lines of one form would differ."""

    def __init__(self, is_open: Callable[[bytes], bool]) -> None:
        self._is_open = is_open
        self._known: Cache[bytes] = Cache(_TOKENS)
        self._asked: Cache[bool] = Cache(_TOKENS)

    def of(self, shape: bytes) -> bytes:
        """The form of a line's `hidden` shape. A line of JSON is cut at its commas."""
        known, separator = self._known.get, b" "
        if shape[:1] == b"{":
            separator = b","
        else:
            shape = shape.replace(b"\t", b" ")
            if b"   " in shape:
                shape = _COLUMN.sub(_padded, shape)
        return separator.join([known(token) or self._learn(token) for token in shape.split(separator)])

    def _learn(self, token: bytes) -> bytes:
        form = _json(token) if b'":' in token else _plain(token)
        if form != token and not self._open(token, form):
            form = token
        form = DECIDING + form if may_decide(token) else form
        self._known.remember(token, form)
        return form

    def _open(self, token: bytes, form: bytes) -> bool:
        """Asked once for tokens whose form shows all but numbers; each time where it hides a text that may be a secret."""
        known = None if _HIDING.search(form) else self._asked.get(form)
        if known is None:
            known = self._is_open(token)
            self._asked.remember(form, known)
        return known


def _padded(match: re.Match[bytes]) -> bytes:
    return b"  " if len(match[0]) == 3 else b"    "


def _plain(token: bytes) -> bytes:
    """As masking has it; but what may be a time as it is, for on these the header hangs."""
    if b"0" not in token or not token.isascii() or token.split() != [token] or _TIMELIKE.fullmatch(token):
        return token
    return masked_token(token.decode()).encode()


def _json(field: bytes) -> bytes:
    """A field of a JSON line, with what stands before the next comma."""
    name, _, value = field.rpartition(b'":')
    bare = value.lstrip(_OPENING)
    core = bare.rstrip(_CLOSING)
    head, tail = value[: len(value) - len(bare)], bare[len(core) :]
    form = b"0" if not head and _NUMBER.fullmatch(core) and not _GRADED.search(name) else core
    if head == b'"' and not _GRADED.search(name):
        form = b" ".join(map(_plain, core.split(b" ")))
    return name + b'":' + head + form + tail
