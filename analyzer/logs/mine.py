"""The miner: one stream of bytes to a digest, in one pass, at a bounded size.

A line whose shape (its bytes, digits apart) was seen before costs a few dictionary look-ups; only a new shape is cleaned,
redacted and masked, in this order. A line is counted when the next one has shown that it ends there: an exception and its stack
frames are one event with the line that reports it. No text is kept but one redacted sample per group and the redacted excerpt.
"""

from collections.abc import Callable, Container, Iterable
from datetime import datetime

from analyzer.logs.digest import BOUND, LEVELS, Digest, Group, Level, Standing, standing
from analyzer.logs.forms import ZEROES, Cache, Forms, hidden
from analyzer.logs.levels import deciding_digits
from analyzer.logs.lines import at, batches, clean, split_stamp
from analyzer.logs.traces import JOIN, PARTS, Kind, kind_of, mask_event, names_exception
from analyzer.value import Value

_ERRORS = {"fatal", "error"}
_REPORTS = {"fatal", "error", "warning"}  # the levels at which a line may report an exception
EXCERPT = 40  # lines at the end of a stream
SHOWN = 500  # characters of a sample or an excerpt's line
_REMEMBERED = 512 * 1024  # bytes, of shapes and of forms each

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


class _Counted:
    """A group while it is counted. `first` and `last` are stamps of UTC, whose byte order is their order in time."""

    __slots__ = ("count", "first", "last", "level", "sample")

    def __init__(self, level: Level) -> None:
        self.level = level
        self.count, self.first, self.last, self.sample = 0, b"", b"", ""


class _Unsettled:
    """A shape that does not decide alone: its kind does by what came before, and the digits at `digits` do."""

    __slots__ = ("digits", "kind")

    def __init__(self, kind: Kind, digits: tuple[int, ...]) -> None:
        self.kind, self.digits = kind, digits


_Shape = _Counted | _Unsettled
_Event = tuple[_Counted, bytes, bytes]  # its group, when it began, and its lines joined by newlines


class _Miner:
    def __init__(self, redact: Callable[[str], str], *, timestamps: bool) -> None:
        self._redact, self._timestamps = redact, timestamps
        self._groups: dict[tuple[Level, str], _Counted] = {}
        self._limit: Standing | None = None
        self._beyond = {level: _Counted(level) for level in LEVELS}  # what the bound left out
        self._shapes, self._forms = Cache[_Shape](_REMEMBERED), Cache[_Shape](_REMEMBERED)
        self._form = Forms(lambda token: redact(clean(token)) == clean(token))
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
            if plain and type(shape) is _Counted:
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
            self._settle(text, stamp, shape, key)
            group, since, said = self._last or (None, b"", b"")
            plain = self._trace == "plain"
        self._last = None if group is None else (group, since, said)

    def _settle(self, text: bytes, stamp: bytes, shape: "_Shape", key: bytes) -> None:
        """Take a line whose shape does not say all: it starts an event, or belongs to the last one."""
        kind: Kind = shape.kind if isinstance(shape, _Unsettled) else "plain"
        if self._joins(kind, text):
            self._continued += 1
            self._join(kind, text)
            return
        event = (shape if isinstance(shape, _Counted) else self._decided(text, shape.digits, key), stamp, text)
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
        self._last = (self._decided(said, deciding_digits(said), hidden(said.translate(ZEROES))), since, said)

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
        digits = deciding_digits(text)
        form = b"\n" * len(digits) + self._form.of(key)
        shape = self._forms.get(form)
        if shape is None:
            kind = kind_of(clean(text))
            shape = self._group(text) if kind == "plain" and not digits else _Unsettled(kind, digits)
            self._forms.remember(form, shape)
        elif isinstance(shape, _Unsettled) and digits:
            shape = _Unsettled(shape.kind, digits)
        self._shapes.remember(key, shape)
        return shape

    def _decided(self, said: bytes, digits: tuple[int, ...], hidden_shape: bytes) -> _Counted:
        """The group of an event that its shape alone does not decide."""
        mark = bytes(said[digit] for digit in digits)
        key = b"\n%s\n%s" % (mark, hidden_shape)  # no shape of a line starts with a newline
        group = self._shapes.get(key)
        if group is None:
            form = b"\n".join((b"", mark, *map(self._form.of, hidden_shape.split(b"\n"))))
            group = self._forms.get(form) or self._group(said)
            self._forms.remember(form, group)
            self._shapes.remember(key, group)
        assert isinstance(group, _Counted)
        return group

    def _group(self, said: bytes) -> _Counted:
        redacted = self._redacted(said)
        template, level = mask_event(redacted)
        group = self._groups.get((level, template))
        if group is None:
            if self._limit is not None and standing(level, template) > self._limit:
                return self._beyond[level]
            group = self._groups[level, template] = _Counted(level)
            group.sample = JOIN.join(redacted)[:SHOWN]
            if len(self._groups) > 2 * BOUND:
                self._prune()
                return self._groups.get((level, template)) or self._beyond[level]
        return group

    def _prune(self) -> None:
        """Down to the bound. The groups that go were never among the smallest, so nothing that stays loses a count."""
        ordered = sorted(self._groups, key=lambda key: standing(*key))
        gone = {id(group): group for group in map(self._groups.pop, ordered[BOUND:])}
        for group in gone.values():
            beyond = self._beyond[group.level]
            beyond.count += group.count
            beyond.first, beyond.last = min(beyond.first or group.first, group.first or beyond.first), max(beyond.last, group.last)
        self._last, self._report = (self._without(gone, event) for event in (self._last, self._report))
        self._limit = standing(*ordered[BOUND - 1])
        self._shapes.forget()
        self._forms.forget()

    def _without(self, gone: Container[int], event: _Event | None) -> _Event | None:
        return event if event is None or id(event[0]) not in gone else (self._beyond[event[0].level], *event[1:])

    def digest(self) -> Digest:
        for event in (self._report, self._last):
            if event is not None:
                self._count(event)
        self._report = self._last = None
        if len(self._groups) > BOUND:
            self._prune()
        groups = [
            Group(template=template, level=level, count=group.count, first=at(group.first), last=at(group.last), sample=group.sample)
            for (level, template), group in self._groups.items()
            if group.count
        ]
        counted = [*self._groups.values(), *self._beyond.values()]
        return Digest(
            lines=self._lines,
            bytes=self._bytes,
            first=at(min((group.first for group in counted if group.first), default=b"")),
            last=at(max((group.last for group in counted), default=b"")),
            groups=tuple(sorted(groups, key=Group.standing)),
            other=sum(group.count for group in self._beyond.values()),
            continued=self._continued,
            errors=sum(self._beyond[level].count for level in LEVELS if level in _ERRORS)
            + sum(group.count for group in groups if group.level in _ERRORS),
        )
