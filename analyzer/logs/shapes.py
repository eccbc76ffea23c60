"""What the lines of a stream are, by their shape: one seen before costs a few look-ups, a new one is cleaned,
redacted and masked.

The shape is of the whole line, the kubelet's stamp included, so that a line that is known need not be cut.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from analyzer.logs.forms import ZEROES, Cache, Forms, Identifiers
from analyzer.logs.groups import Counted, Groups
from analyzer.logs.lines import clean, split_stamp
from analyzer.logs.mask import Masked
from analyzer.logs.statuses import StatusMark, deciding_digits
from analyzer.logs.traces import JOIN, LineKind, kind_of, mask_event

SAMPLE_LENGTH = 500  # characters of a sample or an excerpt's line
_SHAPES = 2 * 1024 * 1024  # bytes of a stream's shapes
_REMEMBERED = 512 * 1024  # bytes of a stream's forms, and of what all streams know of forms
_DECISIONS = 64  # by the digits of one form
_STAMPS = frozenset(
    b"0000-00-00T00:00:00" + (b"." + b"0" * digits if digits else b"") + b"Z" for digits in range(10)
)


class StampBucket:
    """Where lines are counted. One for each form and width of stamp: the byte order of such stamps is their
    order in time.

    `width` is of the stamp, below zero where that is in another offset than UTC, and zero where there is
    none.
    """

    __slots__ = ("group", "width")

    def __init__(self, group: Counted, width: int) -> None:
        self.group, self.width = group, width


class Division:
    """Lines of one form, width of stamp and number of deciding digits, and their buckets by these."""

    __slots__ = ("decided", "form", "kind", "width")

    def __init__(self, kind: LineKind, form: bytes, width: int) -> None:
        self.kind, self.form, self.width = kind, form, width
        self.decided: dict[Any, StampBucket] = {}


class Divided:
    """Lines of one shape whose bucket depends on their digits."""

    __slots__ = ("decided", "digits", "form", "kind", "pick", "width")

    def __init__(self, division: Division, digits: tuple[int, ...]) -> None:
        self.kind, self.form, self.width = division.kind, division.form, division.width
        self.decided, self.digits = division.decided, digits
        self.pick = _picker(digits, abs(self.width) + 1 if self.width else 0)


class Joinable(Divided):
    """Lines that may belong to what came before them."""

    __slots__ = ()


Shape = StampBucket | Divided


def _divide(division: Division, digits: tuple[int, ...]) -> Divided:
    """Return what lines are whose deciding digits stand there."""
    return (Divided if division.kind == "plain" else Joinable)(division, digits)


@lru_cache(maxsize=1024)
def _picker(digits: tuple[int, ...], start: int) -> Callable[[bytes], Any]:
    """Return what picks the digits that decide from a line whose text starts there."""
    return itemgetter(*(start + digit for digit in digits)) if digits else itemgetter(slice(0))


def cut_stamp(line: bytes, width: int) -> tuple[bytes, bytes]:
    """Split a line as `split_stamp` does, where the width of its stamp is known."""
    if width > 0:
        return line[: width - 1], line[width + 1 :]
    return split_stamp(line) if width else (b"", line)


class _Knowledge:
    """What holds for every stream, because it hangs on the text alone: the forms of tokens, and what events
    of a form are masked as.
    """

    def __init__(self, redact: Callable[[str], str]) -> None:
        self.forms = Forms(lambda token: redact(text := clean(token)) == text)
        self.masks = Cache[Masked](_REMEMBERED)
        self.identifiers = Identifiers()


_knowledge = lru_cache(maxsize=4)(_Knowledge)  # by what redacts


class Shapes:
    """The shapes of one stream. `timestamps`: each line starts with the kubelet's."""

    def __init__(self, redact: Callable[[str], str], groups: Groups, *, timestamps: bool) -> None:
        self._redact, self._groups, self._timestamps = redact, groups, timestamps
        self._known = _knowledge(redact)
        self._shapes, self._buckets = Cache[Shape](_SHAPES), Cache[StampBucket | Division](_REMEMBERED)
        self._events = Cache[tuple[tuple[int, ...], bytes]](_REMEMBERED)
        self._samples: dict[bytes, str] = {}  # of what was redacted since the lines before

    def find(
        self, lines: Sequence[bytes], keys: Sequence[bytes]
    ) -> tuple[list[StampBucket | Joinable], bool]:
        """Return the bucket of each line, or what it is where it may belong to the line before, and whether
        none may. `keys` are the lines with every digit as 0.
        """
        self._samples.clear()
        shapes: list[Any] = list(map(self._shapes.get, keys))
        if None in shapes:
            missing = [index for index, shape in enumerate(shapes) if shape is None]
            alike = self._known.identifiers.hide([keys[index] for index in missing])
            # One by one: a line may be like one that was learned just before.
            known = map(self._shapes.get, alike)
            for index, key, shape in zip(missing, alike, known, strict=True):
                shapes[index] = shape or self._learn(lines[index], key)
        kinds = set(map(type, shapes))
        if Divided in kinds:
            for index, shape in enumerate(shapes):
                if type(shape) is Divided:
                    line = lines[index]
                    shapes[index] = shape.decided.get(shape.pick(line)) or self.find_bucket(shape, line)
        return shapes, Joinable not in kinds

    def find_bucket(self, shape: Shape, line: bytes) -> StampBucket:
        """Return the bucket of a line that starts an event."""
        if isinstance(shape, StampBucket):
            return shape
        picked = shape.pick(line)
        bucket = shape.decided.get(picked)
        if bucket is None:
            bucket = self._decide(cut_stamp(line, shape.width)[1], shape.digits, shape.form, shape.width)
            if len(shape.decided) < _DECISIONS:
                shape.decided[picked] = bucket
        return bucket

    def group_event(self, text: bytes) -> Counted:
        """Return the group of an event of several lines, joined by newlines."""
        keys = self._known.identifiers.hide(text.translate(ZEROES).split(b"\n"))
        key = b"\n".join(keys)
        known = self._events.get(key)
        if known is None:
            form = b"\n".join(map(self._known.forms.find, keys))
            known = deciding_digits(text, form), form
            self._events.remember(key, known)
        return self._decide(text, *known, 0).group

    def show_event(self, text: bytes) -> str:
        """Return the sample that an event makes."""
        return self._samples.get(text) or _sample(self._redact_lines(text))

    def forget(self) -> None:
        """Forget the groups, some of which are gone."""
        self._shapes.forget()
        self._buckets.forget()

    def _learn(self, line: bytes, key: bytes) -> Shape:
        """Return what a line's shape says, worked out where neither it nor its form is remembered."""
        width = self._width(key)
        text = cut_stamp(line, width)[1]
        form, alike = self._known.forms.find_alike(key[len(key) - len(text) :])
        if alike is not None:
            alike = key[: len(key) - len(text)] + alike
            if known_shape := self._shapes.get(alike):
                self._shapes.remember(key, known_shape)
                return known_shape
        digits = deciding_digits(text, form) if StatusMark.DECIDING in form else ()
        marked = b"%d\n%s%s" % (width, b"\n" * len(digits), form)
        known = self._buckets.get(marked)
        if known is None:
            kind = kind_of(clean(text))
            alone = kind == "plain" and not digits
            known = StampBucket(self._group(text, form), width) if alone else Division(kind, form, width)
            self._buckets.remember(marked, known)
        shape = known if isinstance(known, StampBucket) else _divide(known, digits)
        self._shapes.remember(key, shape)
        if alike is not None:
            self._shapes.remember(alike, shape)
        return shape

    def _width(self, key: bytes) -> int:
        if not self._timestamps:
            return 0
        head = key.partition(b" ")[0]
        if head in _STAMPS:
            return len(head)
        return -len(head) if split_stamp(key)[0] else 0

    def _decide(self, text: bytes, digits: Sequence[int], form: bytes, width: int) -> StampBucket:
        """Return the bucket by the digits that decide, too."""
        # No form of a line starts with a newline.
        decisive = b"\n%s\n%s" % (bytes(text[digit] for digit in digits), form)
        marked = b"=%d%s" % (width, decisive)
        known = self._buckets.get(marked)
        if not isinstance(known, StampBucket):
            known = StampBucket(self._group(text, decisive), width)
            self._buckets.remember(marked, known)
        return known

    def _group(self, text: bytes, form: bytes) -> Counted:
        masked = self._known.masks.get(form)
        if masked is None:
            redacted = self._redact_lines(text)
            masked = mask_event(redacted)
            self._known.masks.remember(form, masked)
            self._samples[text] = _sample(redacted)
        return self._groups.find(masked)

    def _redact_lines(self, text: bytes) -> list[str]:
        return [self._redact(clean(line)) for line in text.split(b"\n")]


def _sample(redacted: Sequence[str]) -> str:
    return JOIN.join(redacted)[:SAMPLE_LENGTH]
