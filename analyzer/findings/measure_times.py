"""When a measure's values were seen: whether those beyond the usual go on, and whether it climbs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from math import log2

from analyzer.logs.sketch import PER_OCTAVE, Slot, Unit, find_bucket

MORE = 3.0  # times stable's that is a difference
LATE = 5  # values at the log's end that say where a measure has climbed to


def count_buckets(slot: Slot, unit: Unit) -> Counter[int]:
    """Return how many values of a unit are in each bucket."""
    counts: Counter[int] = Counter()
    for at, count, _ in list_timed(slot, unit):
        counts[at] += count
    return counts


def recent_share(slot: Slot, unit: Unit, over: int, since: datetime | None) -> float:
    """Return how much of what is beyond a bucket goes on: of the values beyond, those in buckets seen since
    then; or of the values in all buckets seen since then, those beyond, where that is more. All where no time
    tells.

    Where the slot was not seen since then, its last values count.
    """
    seen = list(list_timed(slot, unit))
    whole = sum(count for at, count, _ in seen if at > over)
    if not whole:
        return 1.0
    late = list_late(seen, since)
    beyond = sum(count for at, count in late if at > over)
    return max(beyond / whole, beyond / max(1, sum(count for _, count in late)))


def find_last(slot: Slot, unit: Unit, over: int) -> datetime | None:
    """Return when a value beyond a bucket was seen last; None where no time tells."""
    return max((last for at, _, last in list_timed(slot, unit) if at > over and last), default=None)


def has_climbed(slot: Slot, unit: Unit, most: int, since: datetime | None) -> bool:
    """Return whether a measure began within what is usual, at `most`, and all that was seen at the log's end
    is `MORE` times beyond.
    """
    seen = list(list_timed(slot, unit))
    if since is None or any(last is None for _, _, last in seen):
        return False
    late = list_late(seen, since)
    return (
        min(at for at, _, _ in seen) <= most
        and sum(count for _, count in late) >= LATE
        and min(at for at, _ in late) >= most + PER_OCTAVE * log2(MORE)
    )


def list_late(
    seen: Sequence[tuple[int, int, datetime | None]], since: datetime | None
) -> list[tuple[int, int]]:
    """Return the buckets that were seen since then, or at last."""
    lasts = [last for _, _, last in seen if last]
    begins = min(since, max(lasts)) if since and lasts else None
    return [(at, count) for at, count, last in seen if last is None or begins is None or last >= begins]


def list_timed(slot: Slot, unit: Unit) -> Iterator[tuple[int, int, datetime | None]]:
    """Yield each bucket of a unit, or value as one, its count and when it was seen last."""
    for bucket in slot.buckets:
        if bucket.unit == unit:
            yield bucket.at, bucket.count, bucket.last
    for value in slot.values:
        if value.text.isdecimal() and (not unit or value.text == "0"):
            yield find_bucket(float(value.text[:300])), value.count, value.last
