"""In which part of a log's time a template came, where that is a part and no chance."""

from datetime import UTC, datetime, timedelta

from analyzer.common.value import Value
from analyzer.logs.digest import Digest
from analyzer.logs.over_time import CountsOverTime

MOST_CHANCE = 1e-3  # that so many events, each at any time of the log, leave its begin or end out
LEAST_SHARE = 0.25  # of the log's time, which is left out …
LEAST_SPANS = 2  # … and of spans, for a time is known no better
HAS_RATE = 5  # events


class Spell(Value):
    """When a template came: `begin` and `end` are to the span, None where the log begins or ends with it.
    `rate` is in events a minute in between, None where so few have none.
    """

    begin: datetime | None
    end: datetime | None
    rate: float | None

    def words(self) -> str:
        """Return it in words, its rate to two digits or in whole numbers: "since 14:02:10, 12 a minute",
        "until 14:05:00, 1.5 a minute", "from 14:02:10 to 14:05:00 only, 12 a minute".
        """
        if self.rate is None:
            return self._times()
        rate = f"{self.rate:.2g}" if self.rate < 10 else f"{self.rate:,.0f}"
        return f"{self._times()}, {rate} a minute"

    def _times(self) -> str:
        if self.begin is not None and self.end is not None:
            return f"from {self.begin:%H:%M:%S} to {self.end:%H:%M:%S} only"
        return f"since {self.begin:%H:%M:%S}" if self.begin is not None else f"until {self.end:%H:%M:%S}"


def find_spell_of(counts: CountsOverTime | None, digest: Digest) -> Spell | None:
    """Return when a template came in the log of a digest; None where that was not read to its end, too."""
    return find_spell(counts, digest.first, digest.last) if digest.timeline else None


def find_spell(counts: CountsOverTime | None, first: datetime | None, last: datetime | None) -> Spell | None:
    """Return when a template came in a log that has events from `first` to `last`; None where it came all the
    time, as far as its few events tell.
    """
    if counts is None or first is None or last is None or last <= first:
        return None
    span = timedelta(seconds=counts.span)
    begin = max(first, counts.start)
    end = min(last, counts.start + span * len(counts.counts))
    events = sum(counts.counts)
    starts, stops = (_is_left_out(quiet, last - first, span, events) for quiet in (begin - first, last - end))
    if not starts and not stops:
        return None
    minutes = max(end - begin, span) / timedelta(minutes=1)
    return Spell(
        begin=begin.astimezone(UTC) if starts else None,
        end=end.astimezone(UTC) if stops else None,
        rate=events / minutes if events >= HAS_RATE else None,
    )


def _is_left_out(quiet: timedelta, whole: timedelta, span: timedelta, events: int) -> bool:
    share = quiet / whole
    return share >= LEAST_SHARE and quiet >= LEAST_SPANS * span and (1 - share) ** events <= MOST_CHANCE
