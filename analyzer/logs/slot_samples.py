"""Which events of a stream are looked at for their values.

The first events of a stream are, and so are the first of each template; of the others one of 4, of 16 and
then of 64, each then counting for as many; of a template that tells how something ended, one of 32 at first.
Which ones hangs on where an event stands in its stream, on its template's first event and on nothing else, so
that no split into chunks shows.

A share p of a slot's values is right within 2·sqrt(p·(1-p)/n) in 95 of 100 logs, where n is
`Slot.sampled()`: of 50,000 requests about 1,200, and a share of 2 % then within 0.8 points.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from sys import maxsize

from analyzer.logs.groups import ALWAYS_READ, Counted
from analyzer.logs.lines import clean
from analyzer.logs.said_values import Value
from analyzer.logs.sketch import SlotCounts
from analyzer.logs.slot_values import MAX_EVENT, read_values, tell_end

_MANY = 256  # events that are looked at together
FIRST_OF_ALL = 4096  # events beside those whose turn it is
# Up to this event of the stream, one of 2 ** so many of the templates that tell how something ended, and of
# the others; then what is beyond.
_Levels = tuple[int, int]
_STEPS: tuple[tuple[int, _Levels], ...] = ((512, (0, 0)), (1024, (2, 2)), (4096, (4, 4)), (32_768, (5, 6)))
_LAST: _Levels = (6, 6)
_PERIOD = 512
_ORDER = sorted(range(_PERIOD), key=lambda place: blake2b(b"%d" % place, digest_size=8).digest())
_PLACES = {level: sorted(_ORDER[: _PERIOD >> level]) for level in (0, 2, 4, 5, 6)}
Due = tuple[int, int]  # what an event stands for where its template tells how something ended, and elsewhere
_NOT_DUE: Due = (0, 0)


def _weights(levels: _Levels) -> list[Due]:
    """Return what an event at each place of a period stands for."""
    telling, other = (
        [1 << level if at in _PLACES[level] else 0 for at in range(_PERIOD)] for level in levels
    )
    return list(zip(telling, other, strict=True))


_WEIGHTS = {levels: _weights(levels) for levels in (_LAST, *(levels for _, levels in _STEPS))}


def list_turns(start: int, count: int) -> Iterator[tuple[int, Due]]:
    """Yield those of so many events from this one on that are looked at, counted from 0, and what each stands
    for.
    """
    turn, end = start, start + count
    while turn < end:
        block = turn - turn % _PERIOD
        levels = _levels(turn)
        weights, places = _WEIGHTS[levels], _PLACES[levels[0]]
        stop = min(end, block + _PERIOD) - block
        for place in places[bisect_left(places, turn - block) : bisect_left(places, stop)]:
            yield block + place - start, weights[place]
        turn = block + _PERIOD


def _levels(turn: int) -> _Levels:
    return next((levels for stop, levels in _STEPS if turn < stop), _LAST)


class Samples:
    """How far a stream is looked at."""

    def __init__(self) -> None:
        self._turn = self._early = self._until = 0
        self._weights: list[Due] = []  # until that event of the stream
        self._pending: list[tuple[Counted, bytes, bytes | None, int]] = []
        self.size = 0  # slots that were begun since it was last set

    def next(self, count: int) -> dict[int, Due]:
        """Return which of the next so many events to take, counted from 0, and what each stands for."""
        due = dict(list_turns(self._turn, count))
        self._turn += count
        return due

    def next_one(self, group: Counted) -> int:
        """Return what the next event, one of a group, stands for, 0 where it is not its turn."""
        turn = self._turn
        self._turn = turn + 1
        if turn >= self._until:
            self._weights = _WEIGHTS[_levels(turn)]
            self._until = next((stop for stop, _ in _STEPS if turn < stop), maxsize)
        return self._weights[turn % _PERIOD][0 if group.telling else 1]

    def wants(self, group: Counted) -> bool:
        """Return whether the next event of a group is looked at whatever its turn."""
        return group.looked_at < ALWAYS_READ and self._early < FIRST_OF_ALL

    def take_due(self, group: Counted, said: bytes, stamp: bytes, due: Due | None) -> None:
        """Take an event as `take` does, where `next` told what it stands for."""
        self.take(group, said, stamp, (due or _NOT_DUE)[0 if group.telling else 1])

    def take(self, group: Counted, said: bytes, stamp: bytes, due: int) -> None:
        """Look at an event of a group where it is due, which says what it stands for, or one of the first."""
        weight = due
        if self.wants(group):
            weight = 1
            group.looked_at += 1
            self._early += due != 1
            if group.looked_at == 1:
                self._take_first(group, said[:MAX_EVENT], stamp or None)
                return
        if weight:
            self._pending.append((group, said[:MAX_EVENT], stamp or None, weight))
            if len(self._pending) >= _MANY:
                self.finish()

    def finish(self) -> None:
        """Count what was taken: many events at once, which is faster than each in its turn."""
        pending, self._pending = self._pending, []
        for group, said, time, weight in pending:
            slots = group.slots
            if group.seen >= ALWAYS_READ and not slots:  # its lines hold no values
                continue
            group.seen += 1
            self._count(slots, read_values(_line(said)), time, weight)

    def _take_first(self, group: Counted, said: bytes, time: bytes | None) -> None:
        """Count a group's first event at once, since its values say whether the group is telling."""
        values = read_values(_line(said))
        group.telling = tell_end(values)
        group.seen += 1
        self._count(group.slots, values, time, 1)

    def _count(
        self, slots: dict[str, SlotCounts[bytes]], values: Iterable[Value], time: bytes | None, weight: int
    ) -> None:
        seen: set[str] = set()
        square = weight * weight
        for name, text, unit, bucket in values:
            if name in seen:
                continue
            seen.add(name)
            counts = slots.get(name)
            if counts is None:
                counts = slots[name] = SlotCounts()
                self.size += 1
            counts.squares += square
            if text:
                counts.add_value(text, weight, time, time)
            else:
                counts.add_number(unit, bucket, weight, time)


def _line(said: bytes) -> str:
    return clean(said.replace(b"\n", b" | ") if b"\n" in said else said)
