"""The miner: one stream of bytes to a digest, in one pass, at a bounded size.

A line is counted when the next one has shown that it ends there: an exception and its stack frames are one event with the line that
reports it. Lines that stand alone are counted many at a time. No text is kept but one redacted sample per group and the redacted
excerpt.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from analyzer.logs.digest import Digest, merge
from analyzer.logs.extent import Extent, Torn
from analyzer.logs.forms import ZEROES
from analyzer.logs.groups import Counted, Groups
from analyzer.logs.lines import at, blocks, clean, split_stamp
from analyzer.logs.shapes import SHOWN, Settled, Shapes, Unsettled, cut
from analyzer.logs.torn import head_of
from analyzer.logs.traces import PARTS, Kind, names_exception
from analyzer.value import Value

_REPORTS = {"fatal", "error", "warning"}  # the levels at which a line may report an exception
EXCERPT = 40  # lines at the end of a stream
_BATCH = 1024  # lines that are counted together at the most
_MANY = 16  # lines that are worth counting together
_ZONE = 6  # bytes of an offset from UTC
_SECOND = 19  # bytes of a stamp down to the second


class Mined(Value):
    """A stream's digest, and its last lines as (time or None, redacted text)."""

    digest: Digest
    excerpt: tuple[tuple[datetime | None, str], ...]


def mine(
    chunks: Iterable[bytes],
    redact: Callable[[str], str],
    *,
    timestamps: bool = True,
    excerpt: int = EXCERPT,
    torn: Callable[[Extent], Torn] | None = None,
) -> Mined:
    """The digest of one stream: the same for every split into chunks, with so many of its last lines.

    `timestamps`: each line starts with the kubelet's. `torn` is asked once, when the stream has ended, where it is not whole: what may be
    half an event there, or half a line, is left out, so that every template is one that the whole stream would have.
    """
    miner, ends = _Miner(redact, timestamps=timestamps), _Ends(torn)
    head: list[bytes] = []  # lines that may be of what began before them
    parted = torn is None
    tail: list[bytes] = []
    for block in blocks(miner.weighed(chunks), keeps_rest=ends.keep_rest):
        lines = block.split(b"\n")
        ends.saw(lines, timestamps=timestamps)
        if not parted:
            head += lines
            length = head_of(head, timestamps=timestamps)
            parted = length is not None
            lines, head = head[length:] if parted else [], head[:length]
            keys = [line.translate(ZEROES) for line in lines]
        else:
            keys = block.translate(ZEROES).split(b"\n")
        for start in range(0, len(lines), _BATCH):
            miner.take(lines[start : start + _BATCH], keys[start : start + _BATCH])
        tail = [*tail, *lines[-excerpt:]][-excerpt:]
    cut = ends.torn()
    digest = miner.digest(torn=cut.tail)
    if head and not cut.head:
        first = _Miner(redact, timestamps=timestamps)
        first.take(head, [line.translate(ZEROES) for line in head])
        digest = merge((first.digest(torn=cut.tail and not parted), digest))
        tail = [*head, *tail][-excerpt:]
    split = [split_stamp(line) if timestamps else (b"", line) for line in tail]
    return Mined(digest=digest, excerpt=tuple((at(stamp), redact(clean(text))[:SHOWN]) for stamp, text in split))


class _Ends:
    """How far a stream reaches, and where it is torn."""

    def __init__(self, torn: Callable[[Extent], Torn] | None) -> None:
        self._asked = torn
        self._lines = 0
        self._first: datetime | None = None
        self._torn: Torn | None = None

    def saw(self, lines: Sequence[bytes], *, timestamps: bool) -> None:
        if not self._lines and timestamps:
            self._first = at(split_stamp(lines[0])[0])
        self._lines += len(lines)

    def keep_rest(self) -> bool:
        """Whether the last line, which has no newline, is whole."""
        self._torn = self._ask(self._lines + 1, ended=False)
        return not self._torn.tail

    def torn(self) -> Torn:
        return self._torn or self._ask(self._lines, ended=True)

    def _ask(self, lines: int, *, ended: bool) -> Torn:
        return self._asked(Extent(lines, self._first, ended)) if self._asked else Torn(head=False, tail=False)


_Event = tuple[Counted, bytes, bytes]  # its group, when it began, and its lines joined by newlines


class _Miner:
    def __init__(self, redact: Callable[[str], str], *, timestamps: bool) -> None:
        self._timestamps = timestamps
        self._groups = Groups()
        self._shapes = Shapes(redact, self._groups, timestamps=timestamps)
        self._bytes = self._lines = self._continued = 0
        self._open = 0  # lines of what is not counted yet
        self._last: _Event | None = None  # not counted yet: the next line may belong to it
        self._report: _Event | None = None  # the line before an exception, which reports it if frames follow
        self._trace: Kind = "plain"  # what the event so far ended with

    def weighed(self, chunks: Iterable[bytes]) -> Iterable[bytes]:
        for chunk in chunks:
            self._bytes += len(chunk)
            yield chunk

    def take(self, batch: Sequence[bytes], keys: Sequence[bytes]) -> None:
        """Count a batch of lines. `keys` are the same with every digit as 0."""
        self._lines += len(batch)
        shapes, settled = self._shapes.of(batch, keys)
        start = 0
        if not settled:
            for index, shape in enumerate(shapes):
                if type(shape) is Unsettled:
                    self._alone(batch[start:index], shapes[start:index])
                    self._settle(batch[index], shape)
                    start = index + 1
        self._alone(batch[start:], shapes[start:])
        if self._groups.overfull():
            self._prune()

    def _alone(self, lines: Sequence[bytes], shapes: Sequence[Settled | Unsettled]) -> None:
        """Take lines that are events of their own, but for the first ones, which may end the event before."""
        start = 0
        while start < len(lines) and self._trace != "plain":
            self._settle(lines[start], shapes[start])
            start += 1
        lines, settled = lines[start:], cast("Sequence[Settled]", shapes[start:])
        if not lines:
            return
        if self._last is not None:
            self._count(self._last)
        counts = Counter(settled[:-1]) if len(lines) >= _MANY else None
        if counts is not None and self._in_order(lines, settled, {*counts, settled[-1]}):
            self._count_all(lines[:-1], settled[:-1], counts)
        else:
            for line, each in zip(lines[:-1], settled, strict=False):
                self._count((each.group, *cut(line, each.width)))
        self._last, self._open = (settled[-1].group, *cut(lines[-1], settled[-1].width)), 1

    def _in_order(self, lines: Sequence[bytes], settled: Sequence[Settled], kinds: Iterable[Settled]) -> bool:
        """Whether the lines of each group stand in the order of their times, and that is the order of their bytes."""
        if not self._timestamps:
            return True
        if any(each.width < 0 for each in kinds):
            zones = {line[: -each.width][-_ZONE:] if each.width < 0 else b"" for line, each in zip(lines, settled, strict=True)}
            if len(zones) > 1:
                return False
        if sorted(lines) == lines:
            return True
        stamps = [line[: abs(each.width)] for line, each in zip(lines, settled, strict=True)]
        return sorted(stamps) == stamps

    def _count_all(self, lines: Sequence[bytes], settled: Sequence[Settled], counts: Mapping[Settled, int]) -> None:
        """Count lines whose order is that of their times."""
        begun = cut(lines[0], settled[0].width)[0][:_SECOND]  # within it a stamp of another width may stand before an earlier one
        lasts = dict(zip(settled, lines, strict=True))
        known = all(each.group.count and (not self._timestamps or b"" < each.group.first <= begun) for each in counts)
        firsts = lasts if known else dict(zip(reversed(settled), reversed(lines), strict=True))
        for each, count in counts.items():
            self._count((each.group, *cut(firsts[each], each.width)), count, until=cut(lasts[each], each.width)[0])

    def _settle(self, line: bytes, shape: Settled | Unsettled) -> None:
        """Take a line that may belong to the event before it: it does, or it starts an event."""
        kind: Kind = shape.kind if isinstance(shape, Unsettled) else "plain"
        stamp, text = cut(line, shape.width)
        if self._joins(kind, text):
            self._continued += 1
            self._open += 1
            self._join(kind, text)
            return
        event = (self._shapes.settled(shape, line).group, stamp, text)
        reported = kind == "thrown" and self._reports()
        for done in (self._report, None if reported else self._last):
            if done is not None:
                self._count(done)
        self._report = self._last if reported else None
        self._open = self._open + 1 if reported else 1
        self._last, self._trace = event, kind if kind in {"thrown", "head", "opening"} else "plain"

    def _joins(self, kind: Kind, text: bytes) -> bool:
        """Whether a line belongs to the event before it."""
        if kind in {"frame", "blank", "chain"}:
            return True
        if kind == "opening":
            return self._reports() or self._trace == "opening"
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
            opens = kind in {"opening", "chain"} or (before == "opening" and kind in {"frame", "behind"})
            self._trace = "opening" if opens else "frame"
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
        self._last = (self._shapes.event(said), since, said)

    def _count(self, event: _Event, count: int = 1, *, until: bytes = b"") -> None:
        """Count an event, or so many of one group: the first of them, and the time of the last."""
        group, since, said = event
        if not group.count or (since and group.first and since < group.first):
            group.sample = self._shapes.shown(said)
            group.first = since or group.first
        group.count += count
        group.first = group.first or since
        group.last = max(group.last, since, until)

    def _prune(self) -> None:
        gone = self._groups.prune()
        self._last, self._report = (self._without(gone, event) for event in (self._last, self._report))
        self._shapes.forget()

    def _without(self, gone: Container[int], event: _Event | None) -> _Event | None:
        return event if event is None or id(event[0]) not in gone else (self._groups.beyond(event[0].level), *event[1:])

    def digest(self, *, torn: bool = False) -> Digest:
        """All that was taken. `torn`: there is more, so that the last event is left out where more of it could tell it by another name."""
        events = [event for event in (self._report, self._last) if event is not None]
        if torn and (self._trace != "plain" or any(event[0].level in _REPORTS for event in events)):
            self._lines -= self._open
            self._continued -= self._open - len(events)
            events = []
        for event in events:
            self._count(event)
        self._report = self._last = None
        return self._groups.digest(lines=self._lines, size=self._bytes, continued=self._continued)
