"""What the lines of a stream are, by their shape: one seen before costs a few look-ups, a new one is cleaned, redacted and masked.

The shape is of the whole line, the kubelet's stamp included, so that a line that is known need not be cut.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from analyzer.logs.forms import DECIDING, ZEROES, Cache, Forms, Hidden
from analyzer.logs.groups import Counted, Groups
from analyzer.logs.lines import clean, split_stamp
from analyzer.logs.mask import Masked
from analyzer.logs.statuses import deciding_digits
from analyzer.logs.traces import JOIN, Kind, kind_of, mask_event

SHOWN = 500  # characters of a sample or an excerpt's line
_REMEMBERED = 512 * 1024  # bytes of a stream's shapes, of its forms, and of what all streams know of forms
_DECISIONS = 16  # by the digits of one shape
_STAMPS = frozenset(b"0000-00-00T00:00:00" + (b"." + b"0" * digits if digits else b"") + b"Z" for digits in range(10))


class Settled:
    """What lines count for. One for each form and width of stamp: the byte order of such stamps is their order in time.

    `width` is of the stamp, below zero where that is in another offset than UTC, and zero where there is none.
    """

    __slots__ = ("group", "width")

    def __init__(self, group: Counted, width: int) -> None:
        self.group, self.width = group, width


class Divided:
    """Lines of one shape that count for what their digits say."""

    __slots__ = ("decided", "digits", "form", "pick", "width")

    def __init__(self, digits: Sequence[int], form: bytes, width: int) -> None:
        self.digits, self.form, self.width = digits, form, width
        start = abs(width) + 1 if width else 0
        self.pick: Callable[[bytes], Any] = itemgetter(*(start + digit for digit in digits)) if digits else itemgetter(slice(0))
        self.decided: dict[Any, Settled] = {}


class Unsettled(Divided):
    """Lines that may belong to what came before them."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind, digits: Sequence[int], form: bytes, width: int) -> None:
        super().__init__(digits, form, width)
        self.kind = kind


Shape = Settled | Divided


def cut(line: bytes, width: int) -> tuple[bytes, bytes]:
    """As `split_stamp` does, for a line whose shape is known."""
    if width > 0:
        return line[: width - 1], line[width + 1 :]
    return split_stamp(line) if width else (b"", line)


class _Knowledge:
    """What holds for every stream, because it hangs on the text alone: the forms of tokens, and what events of a form are told by."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self.forms = Forms(lambda token: redact(clean(token)) == clean(token))
        self.told = Cache[Masked](_REMEMBERED)
        self.hidden = Hidden()


_knowledge = lru_cache(maxsize=4)(_Knowledge)  # by what redacts


class Shapes:
    """The shapes of one stream. `timestamps`: each line starts with the kubelet's."""

    def __init__(self, redact: Callable[[str], str], groups: Groups, *, timestamps: bool) -> None:
        self._redact, self._groups, self._timestamps = redact, groups, timestamps
        self._known = _knowledge(redact)
        self._shapes, self._forms = Cache[Shape](_REMEMBERED), Cache[Settled | Kind](_REMEMBERED)
        self._events = Cache[tuple[Sequence[int], bytes]](_REMEMBERED)
        self._samples: dict[bytes, str] = {}  # of what was redacted since the lines before

    def of(self, lines: Sequence[bytes], keys: Sequence[bytes]) -> tuple[list[Settled | Unsettled], bool]:
        """What each line is, and whether all are settled. `keys` are the lines with every digit as 0."""
        self._samples.clear()
        shapes = list(map(self._shapes.get, keys))
        if None in shapes:
            missing = [index for index, shape in enumerate(shapes) if shape is None]
            alike = self._known.hidden.of([keys[index] for index in missing])
            known = map(self._shapes.get, alike)  # asked as they come: a line may be like one that was learned just before
            for index, key, shape in zip(missing, alike, known, strict=True):
                shapes[index] = shape or self._learned(lines[index], key)
        kinds = set(map(type, shapes))
        if Divided in kinds:
            for index, divided in [(index, shape) for index, shape in enumerate(shapes) if type(shape) is Divided]:
                shapes[index] = divided.decided.get(divided.pick(lines[index])) or self.settled(divided, lines[index])
        return cast("list[Settled | Unsettled]", shapes), Unsettled not in kinds

    def settled(self, shape: Shape, line: bytes) -> Settled:
        """What a line counts for that starts an event."""
        if isinstance(shape, Settled):
            return shape
        picked = shape.pick(line)
        settled = shape.decided.get(picked)
        if settled is None:
            settled = self._decided(cut(line, shape.width)[1], shape.digits, shape.form, shape.width)
            if len(shape.decided) < _DECISIONS:
                shape.decided[picked] = settled
        return settled

    def event(self, said: bytes) -> Counted:
        """The group of an event of several lines, joined by newlines."""
        keys = self._known.hidden.of(said.translate(ZEROES).split(b"\n"))
        key = b"\n".join(keys)
        known = self._events.get(key)
        if known is None:
            known = deciding_digits(said), b"\n".join(map(self._known.forms.of, keys))
            self._events.remember(key, known)
        return self._decided(said, *known, 0).group

    def shown(self, said: bytes) -> str:
        """The sample that an event makes."""
        return self._samples.get(said) or _sample(self._redacted(said))

    def forget(self) -> None:
        """Groups are gone that were known here."""
        self._shapes.forget()
        self._forms.forget()

    def _learned(self, line: bytes, key: bytes) -> Shape:
        """What a line's shape says; found anew when neither it nor its form is remembered."""
        width = self._width(key)
        text = cut(line, width)[1]
        form = self._known.forms.of(key[len(key) - len(text) :])
        digits = deciding_digits(text) if DECIDING in form else ()
        marked = b"%d\n%s%s" % (width, b"\n" * len(digits), form)
        known = self._forms.get(marked)
        if known is None:
            kind = kind_of(clean(text))
            known = Settled(self._group(text, form), width) if kind == "plain" and not digits else kind
            self._forms.remember(marked, known)
        shape: Shape
        if isinstance(known, Settled):
            shape = known
        else:
            shape = Divided(digits, form, width) if known == "plain" else Unsettled(known, digits, form, width)
        self._shapes.remember(key, shape)
        return shape

    def _width(self, key: bytes) -> int:
        if not self._timestamps:
            return 0
        head = key.partition(b" ")[0]
        if head in _STAMPS:
            return len(head)
        return -len(head) if split_stamp(key)[0] else 0

    def _decided(self, said: bytes, digits: Sequence[int], form: bytes, width: int) -> Settled:
        """By its digits, too."""
        decisive = b"\n%s\n%s" % (bytes(said[digit] for digit in digits), form)  # no form of a line starts with a newline
        marked = b"=%d%s" % (width, decisive)
        known = self._forms.get(marked)
        if not isinstance(known, Settled):
            known = Settled(self._group(said, decisive), width)
            self._forms.remember(marked, known)
        return known

    def _group(self, said: bytes, form: bytes) -> Counted:
        told = self._known.told.get(form)
        if told is None:
            redacted = self._redacted(said)
            told = mask_event(redacted)
            self._known.told.remember(form, told)
            self._samples[said] = _sample(redacted)
        return self._groups.of(told)

    def _redacted(self, said: bytes) -> list[str]:
        return [self._redact(clean(line)) for line in said.split(b"\n")]


def _sample(redacted: Sequence[str]) -> str:
    return JOIN.join(redacted)[:SHOWN]
