"""The miner: one stream of bytes to a digest, in one pass, at a bounded size.

A line whose shape (its bytes, digits apart) was seen before costs a few dictionary look-ups; only a new shape is cleaned,
redacted and masked, in this order. A line is counted when the next one has shown that it ends there: an exception and its stack
frames are one event with the line that reports it. No text is kept but one redacted sample per group and the redacted excerpt.
"""

from collections.abc import Callable, Container, Iterable
from datetime import datetime
from functools import lru_cache

from analyzer.logs.digest import Digest
from analyzer.logs.forms import DECIDING, ZEROES, Cache, Forms, hidden
from analyzer.logs.groups import Counted, Groups
from analyzer.logs.lines import at, batches, clean, split_stamp
from analyzer.logs.mask import Masked
from analyzer.logs.statuses import deciding_digits
from analyzer.logs.traces import JOIN, PARTS, Kind, kind_of, mask_event, names_exception
from analyzer.value import Value

_REPORTS = {"fatal", "error", "warning"}  # the levels at which a line may report an exception
EXCERPT = 40  # lines at the end of a stream
SHOWN = 500  # characters of a sample or an excerpt's line
_REMEMBERED = 512 * 1024  # bytes of a stream's shapes, of its forms, and of what all streams know of forms

_STAMPS = frozenset(b"0000-00-00T00:00:00" + (b"." + b"0" * digits if digits else b"") + b"Z" for digits in range(10))


class Mined(Value):
    """A stream's digest, and its last lines as (time or None, redacted text)."""

    digest: Digest
    excerpt: tuple[tuple[datetime | None, str], ...]


def mine(chunks: Iterable[bytes], redact: Callable[[str], str], *, timestamps: bool = True) -> Mined:
    """The digest of one stream: the same for every split into chunks. `timestamps`: each line starts with the kubelet's."""
    miner = _Miner(redact, timestamps=timestamps)
    tail: list[bytes] = []
    for batch in batches(miner.weighed(chunks)):
        miner.take(batch)
        tail = (tail + batch)[-EXCERPT:]
    split = [split_stamp(line) if timestamps else (b"", line) for line in tail]
    return Mined(digest=miner.digest(), excerpt=tuple((at(stamp), redact(clean(text))[:SHOWN]) for stamp, text in split))


class _Knowledge:
    """What holds for every stream, because it hangs on the text alone: the forms of tokens, and what events of a form are told by."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self.forms = Forms(lambda token: redact(clean(token)) == clean(token))
        self.told = Cache[Masked](_REMEMBERED)


_knowledge = lru_cache(maxsize=4)(_Knowledge)  # by what redacts


class _Unsettled:
    """A shape that does not decide alone: its kind does by what came before, and the digits at `digits` do."""

    __slots__ = ("digits", "form", "kind")

    def __init__(self, kind: Kind, digits: tuple[int, ...], form: bytes) -> None:
        self.kind, self.digits, self.form = kind, digits, form


_Shape = Counted | _Unsettled
_Event = tuple[Counted, bytes, bytes]  # its group, when it began, and its lines joined by newlines


class _Miner:
    def __init__(self, redact: Callable[[str], str], *, timestamps: bool) -> None:
        self._redact, self._timestamps = redact, timestamps
        self._groups = Groups()
        self._known = _knowledge(redact)
        self._shapes, self._forms = Cache[_Shape](_REMEMBERED), Cache[_Shape](_REMEMBERED)
        self._bytes = self._lines = self._continued = 0
        self._last: _Event | None = None  # not counted yet: the next line may belong to it
        self._report: _Event | None = None  # the line before an exception, which reports it if frames follow
        self._trace: Kind = "plain"  # what the event so far ended with

    def weighed(self, chunks: Iterable[bytes]) -> Iterable[bytes]:
        for chunk in chunks:
            self._bytes += len(chunk)
            yield chunk

    def take(self, batch: list[bytes]) -> None:
        """Count a batch of lines. This loop is what the speed hangs on: nothing in it may depend on the length of the log."""
        self._lines += len(batch)
        known, timestamps = self._shapes.get, self._timestamps
        stamp, plain = b"", self._trace == "plain"
        group, since, said = self._last or (None, b"", b"")
        for line in batch:
            text = line
            if timestamps:
                head, _, text = line.partition(b" ")
                if head.translate(ZEROES) in _STAMPS:
                    stamp = head[:-1]
                else:
                    stamp, text = split_stamp(line)
            key = text.translate(ZEROES)
            shape = known(key) or known(key := hidden(key))
            if shape is None:
                self._last = None if group is None else (group, since, said)
                shape = self._shape(text, key)  # may move the last event's group beyond the bound
                group = None if self._last is None else self._last[0]
            if plain and type(shape) is Counted:
                if group is not None:
                    group.count += 1
                    if since > group.last:
                        group.last = since
                        if not group.first:
                            group.first = since
                    elif since < group.first and since:
                        group.first, group.sample = since, self._shown(said)
                group, since, said = shape, stamp, text
                continue
            self._last = None if group is None else (group, since, said)
            self._settle(text, stamp, shape)
            group, since, said = self._last or (None, b"", b"")
            plain = self._trace == "plain"
        self._last = None if group is None else (group, since, said)

    def _settle(self, text: bytes, stamp: bytes, shape: "_Shape") -> None:
        """Take a line whose shape does not say all: it starts an event, or belongs to the last one."""
        kind: Kind = shape.kind if isinstance(shape, _Unsettled) else "plain"
        if self._joins(kind, text):
            self._continued += 1
            self._join(kind, text)
            return
        event = (shape if isinstance(shape, Counted) else self._decided(text, shape.digits, shape.form), stamp, text)
        reported = kind == "thrown" and self._reports()
        for done in (self._report, None if reported else self._last):
            if done is not None:
                self._count(done)
        self._report = self._last if reported else None
        self._last, self._trace = event, kind if kind in {"thrown", "head", "opening"} else "plain"

    def _joins(self, kind: Kind, text: bytes) -> bool:
        """Whether a line belongs to the event before it."""
        if kind in {"frame", "blank"}:
            return True
        if kind == "opening":
            return self._reports() or self._trace in {"frame", "opening"}
        if self._trace == "head":
            return text[:1].isspace() or (self._last is not None and self._last[2].startswith(b"thread '"))
        if self._trace == "opening":
            return kind == "behind" or names_exception(clean(text))
        return kind == "cause" if self._trace == "thrown" else kind in {"behind", "cause"} and self._trace == "frame"

    def _reports(self) -> bool:
        return self._last is not None and self._trace == "plain" and self._last[0].level in _REPORTS

    def _join(self, kind: Kind, text: bytes) -> None:
        """Where a joining line names the event, name it anew."""
        before = self._trace
        if kind != "blank":
            self._trace = "opening" if kind == "opening" or (before == "opening" and kind in {"frame", "behind"}) else "frame"
        if self._last is None:
            return
        if kind != "blank" and self._report is not None:
            (group, since, said), (_, _, thrown), self._report = self._report, self._last, None
            self._continued += 1
            self._rename((group, since, said), thrown)
        if kind == "cause" or (before == "opening" and self._trace == "frame") or (before == "head" and kind not in {"frame", "blank"}):
            self._rename(self._last, text)
            self._trace = "head" if before == "head" and text[:1].isspace() else "frame"

    def _rename(self, event: _Event, line: bytes) -> None:
        _, since, said = event
        if said.count(b"\n") + 1 < PARTS:
            said = b"%s\n%s" % (said, line)
        shape = hidden(said.translate(ZEROES))
        known = self._shapes.get(shape)
        if known is None:
            known = _Unsettled("plain", deciding_digits(said), b"\n".join(map(self._known.forms.of, shape.split(b"\n"))))
            self._shapes.remember(shape, known)
        assert isinstance(known, _Unsettled)  # no shape of a line has a newline
        self._last = (self._decided(said, known.digits, known.form), since, said)

    def _count(self, event: _Event) -> None:
        group, since, said = event
        group.count += 1
        if since > group.last:
            group.last = since
            group.first = group.first or since
        elif since and since < group.first:
            group.first, group.sample = since, self._shown(said)

    def _shown(self, said: bytes) -> str:
        return JOIN.join(self._redacted(said))[:SHOWN]

    def _redacted(self, said: bytes) -> list[str]:
        return [self._redact(clean(line)) for line in said.split(b"\n")]

    def _shape(self, text: bytes, key: bytes) -> _Shape:
        """What a line's shape says; found anew when neither it nor its form is remembered."""
        form = self._known.forms.of(key)
        digits = deciding_digits(text) if DECIDING in form else ()
        marked = b"\n" * len(digits) + form
        shape = self._forms.get(marked)
        if shape is None:
            kind = kind_of(clean(text))
            shape = self._group(text, form) if kind == "plain" and not digits else _Unsettled(kind, digits, form)
            self._forms.remember(marked, shape)
        elif digits and isinstance(shape, _Unsettled) and shape.digits != digits:
            shape = _Unsettled(shape.kind, digits, shape.form)
        self._shapes.remember(key, shape)
        return shape

    def _decided(self, said: bytes, digits: tuple[int, ...], form: bytes) -> Counted:
        """The group of an event that its shape alone does not decide: the digits do, too."""
        marked = b"\n%s\n%s" % (bytes(said[digit] for digit in digits), form)  # no form of a line starts with a newline and a digit
        group = self._forms.get(marked)
        if group is None:
            group = self._group(said, marked)
            self._forms.remember(marked, group)
        assert isinstance(group, Counted)
        return group

    def _group(self, said: bytes, form: bytes) -> Counted:
        told = self._known.told.get(form)
        redacted: list[str] = []
        if told is None:
            redacted = self._redacted(said)
            told = mask_event(redacted)
            self._known.told.remember(form, told)
        group = self._groups.of(told, lambda: JOIN.join(redacted or self._redacted(said))[:SHOWN])
        return self._prune(group) if self._groups.overfull() else group

    def _prune(self, group: Counted) -> Counted:
        gone = self._groups.prune()
        self._last, self._report = (self._without(gone, event) for event in (self._last, self._report))
        self._shapes.forget()
        self._forms.forget()
        return self._groups.beyond(group.level) if id(group) in gone else group

    def _without(self, gone: Container[int], event: _Event | None) -> _Event | None:
        return event if event is None or id(event[0]) not in gone else (self._groups.beyond(event[0].level), *event[1:])

    def digest(self) -> Digest:
        for event in (self._report, self._last):
            if event is not None:
                self._count(event)
        self._report = self._last = None
        return self._groups.digest(lines=self._lines, size=self._bytes, continued=self._continued)
