"""Lines to events: an exception and its stack frames are one event with the line that reports it.

A line is counted when the next one has shown that it ends there. Lines that stand alone, as most do, are
counted many at a time.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from analyzer.logs.counting import Event, EventCounter
from analyzer.logs.digest import Digest
from analyzer.logs.groups import Groups
from analyzer.logs.lines import clean
from analyzer.logs.shapes import Joinable, Shapes, StampBucket, cut_stamp
from analyzer.logs.traces import PARTS, LineKind, names_exception

_REPORTS = {"fatal", "error", "warning"}  # the levels at which a line may report an exception


class EventMiner:
    """The lines of one stream, put together to events and counted. `timestamps`: each line starts with the
    kubelet's.
    """

    def __init__(self, redact: Callable[[str], str], *, timestamps: bool) -> None:
        groups = Groups()
        self._shapes = Shapes(redact, groups, timestamps=timestamps)
        self._counter = EventCounter(redact, groups, self._shapes, timestamps=timestamps)
        self._bytes = self._lines = self._continued = 0
        self._open = 0  # lines of what is not counted yet
        self._last: Event | None = None  # not counted yet: the next line may belong to it
        self._report: Event | None = None  # the line before an exception, which reports it if frames follow
        self._trace: LineKind = "plain"  # what the event so far ended with

    def weigh(self, chunks: Iterable[bytes]) -> Iterable[bytes]:
        """Yield the chunks, their bytes counted."""
        for chunk in chunks:
            self._bytes += len(chunk)
            yield chunk

    def take(self, batch: Sequence[bytes], keys: Sequence[bytes]) -> None:
        """Count a batch of lines. `keys` are the same with every digit as 0."""
        self._lines += len(batch)
        shapes, alone = self._shapes.find(batch, keys)
        start = 0
        if not alone:
            for index, shape in enumerate(shapes):
                if type(shape) is Joinable:
                    self._take_alone(batch[start:index], shapes[start:index])
                    self._take_one(batch[index], shape)
                    start = index + 1
        self._take_alone(batch[start:], shapes[start:])
        gone = self._counter.narrow()
        if gone:
            self._last, self._report = (
                event and self._counter.relocate(event, gone) for event in (self._last, self._report)
            )

    def digest(self, *, torn: bool = False) -> Digest:
        """Return all that was taken. `torn`: there is more, so that the last event is left out where more of
        it could give it another name.
        """
        events = [event for event in (self._report, self._last) if event is not None]
        if torn and (self._trace != "plain" or any(event[0].level in _REPORTS for event in events)):
            self._lines -= self._open
            self._continued -= self._open - len(events)
            events = []
        for event in events:
            self._counter.count(event)
        self._report = self._last = None
        return self._counter.digest(lines=self._lines, size=self._bytes, continued=self._continued)

    def _take_alone(self, lines: Sequence[bytes], shapes: Sequence[StampBucket | Joinable]) -> None:
        """Take lines that are events of their own. The first ones may still end the event before."""
        start = 0
        while start < len(lines) and self._trace != "plain":
            self._take_one(lines[start], shapes[start])
            start += 1
        lines = lines[start:]
        buckets: Sequence[Any] = shapes[start:]
        if not lines:
            return
        if self._last is not None:
            self._counter.count(self._last)
        self._counter.count_lines(lines[:-1], buckets[:-1])
        self._last, self._open = (buckets[-1].group, *cut_stamp(lines[-1], buckets[-1].width)), 1

    def _take_one(self, line: bytes, shape: StampBucket | Joinable) -> None:
        """Take a line that may belong to the event before it: it does, or it starts an event."""
        kind: LineKind = shape.kind if isinstance(shape, Joinable) else "plain"
        stamp, text = cut_stamp(line, shape.width)
        if self._joins(kind, text):
            self._continued += 1
            self._open += 1
            self._join(kind, text)
            return
        event = (self._shapes.find_bucket(shape, line).group, stamp, text)
        reported = kind == "thrown" and self._reports()
        for ended in (self._report, None if reported else self._last):
            if ended is not None:
                self._counter.count(ended)
        self._report = self._last if reported else None
        self._open = self._open + 1 if reported else 1
        self._last, self._trace = event, kind if kind in {"thrown", "head", "opening"} else "plain"

    def _joins(self, kind: LineKind, text: bytes) -> bool:
        """Return whether a line belongs to the event before it."""
        if kind in {"frame", "blank", "chain"}:
            return True
        if kind == "opening":
            return self._reports() or self._trace == "opening"
        if self._trace == "head":
            return text[:1].isspace() or (self._last is not None and self._last[2].startswith(b"thread '"))
        if self._trace == "opening":
            return kind == "behind" or names_exception(clean(text))
        return (
            kind == "cause"
            if self._trace == "thrown"
            else kind in {"behind", "cause"} and self._trace == "frame"
        )

    def _reports(self) -> bool:
        """Return whether the line before may report an exception."""
        return self._last is not None and self._trace == "plain" and self._last[0].level in _REPORTS

    def _join(self, kind: LineKind, text: bytes) -> None:
        """Add a line to the event before it, and rename the event if the line names it."""
        before = self._trace
        if kind != "blank":
            opens = kind in {"opening", "chain"} or (before == "opening" and kind in {"frame", "behind"})
            self._trace = "opening" if opens else "frame"
        if self._last is None:
            return
        if kind != "blank" and self._report is not None:
            report, self._report = self._report, None
            self._continued += 1
            self._rename(report, self._last[2])
        if (
            kind == "cause"
            or (before == "opening" and self._trace == "frame")
            or (before == "head" and kind not in {"frame", "blank"})
        ):
            self._rename(self._last, text)
            self._trace = "head" if before == "head" and text[:1].isspace() else "frame"

    def _rename(self, event: Event, line: bytes) -> None:
        _, since, text = event
        if text.count(b"\n") + 1 < PARTS:
            text = b"%s\n%s" % (text, line)
        self._last = (self._shapes.group_event(text), since, text)
