"""Which way a measure is worse, by its unit and the words of its name."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from analyzer.logs.sketch import Unit
from analyzer.logs.slot_names import FAILING, TIMES, word_set

MeasureDirection = Literal["worse", "better", "unknown", "none"]

_OF_WAITING = word_set(  # for what may not come, or as long as a client stays
    "wait waits waited waiting idle poll polls polled polling sleep slept backoff session sessions "
    "connection connections connected alive lifetime open opened closed subscription stream streams watch "
    "lag behind stale delay delayed pause paused inactive inactivity"
)
_OF_WORK = word_set(
    "response request reply process processing execution exec run service upstream render query"
)
_WORD = re.compile(r"[a-z]+")
_SECONDS = {  # in one unit of a number, by its name
    **dict.fromkeys(("s", "sec", "secs", "seconds"), 1.0),
    **dict.fromkeys(("ms", "millis", "milliseconds"), 1e-3),
    **dict.fromkeys(("us", "micros", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nanos", "nanoseconds"), 1e-9),
}
_MILLISECOND = 1e-3  # where a name does not say which unit
_LARGE = 10_000.0  # without a unit and a name: below it is what may be counted, beyond it what identifies

TRIES = word_set("attempt attempts retry retries tries redeliveries reconnects")  # each is the work once more
_UNITS = word_set("ms us ns millis micros nanos milliseconds microseconds nanoseconds seconds sec secs")
_WORSE = (
    word_set(
        "time rt delay lag depth queue queued backlog pending waiting wait waited "
        "waiters waiter behind inflight blocked stalled pause paused stale slow rss heap outstanding unacked "
        "undelivered overdue stuck goroutines miss misses missed throttled evicted evictions"
    )
    | FAILING
    | TRIES
    | TIMES
    | _UNITS
)
_BETTER = word_set(
    "throughput rps qps tps hits hit ok success successes succeeded successful processed free available "
    "remaining completed served handled rate ready healthy sent delivered synced verified "
    "accepted valid passed"
)
_RATES = word_set("throughput rps qps tps fps bandwidth speed")  # that hang on the load as well
_PER_SECOND = re.compile(r"\s?[A-Za-z]{0,16}(?:/s(?:ec)?| ?per second| a second)(?!\w)")
_STOCK = word_set("free available idle")
SHARES = word_set("ratio rate percent percentage pct fraction")
_NEITHER = word_set(  # set, or what a clock says
    "timeout ttl interval uptime expires expiry expiration expire deadline period schedule scheduled sleep "
    "sleeping next retention keepalive max maximum min minimum limit budget since ago until "
    "quota capacity age up every window"
)
_IDENTIFYING = word_set(  # or a header's
    "id ids port pid line version offset seq sequence generation revision block height epoch total number no "
    "index page year day info warn warning error debug trace notice"
)


class MeasureChange(NamedTuple):
    """By how many times a measure grew, and to what; whether stable has `zeroes`; whether the line tells of a
    `request`.
    """

    factor: float
    canary: float
    zeroes: bool
    request: bool


def find_direction(unit: Unit, words: Iterable[str], change: MeasureChange) -> MeasureDirection:
    """Return whether larger is worse or better. A factor between two units says nothing if no unit or name
    tells them apart and stable has no zeroes. A very large number says nothing either, because it may be an
    id; a request's number may be its duration, so that counts.
    """
    names = set(words)
    if names & _NEITHER or (not unit and not names & SHARES and names & _IDENTIFYING):
        return "none"
    if unit == "s":
        return "worse"
    if names & _WORSE:
        named = unit or change.zeroes or names & _UNITS
        scaled = not named and any(abs(change.factor / units - 1) < 0.25 for units in (1e3, 1e6, 1e9))
        return "unknown" if scaled else "worse"
    if names & _BETTER:
        return "better"
    return "none" if not unit and change.canary >= _LARGE and not change.request else "unknown"


def says_measure(words: Iterable[str], unit: Unit) -> bool:
    """Return whether one of the words says what a number measures; of a time, what took it."""
    return not (_WORSE if unit == "s" else _WORSE | _BETTER | SHARES).isdisjoint(words)


def tells_duration(words: Iterable[str], unit: Unit, *, request: bool) -> bool:
    """Return whether it is how long the work itself takes, by its unit and name: no time of waiting for work,
    and none that was set. `request`: it is what stands in the line of one.
    """
    names = set(words)
    named = not names.isdisjoint(TIMES) or ("time" in names and not names.isdisjoint(_OF_WORK))
    named = named or (unit == "s" and ("in" in names or request))
    return named and names.isdisjoint(_OF_WAITING | _NEITHER)


def tells_waiting(template: str) -> bool:
    """Return whether a line tells of waiting, or of how long a client stayed."""
    return not _OF_WAITING.isdisjoint(_WORD.findall(template.lower()))


def find_seconds(words: Iterable[str], unit: Unit, number: float, *, fraction: bool) -> float:
    """Return a duration in seconds. Without a unit, and a name that says one, it is taken for milliseconds,
    or for seconds where stable has a `fraction` of one.
    """
    if unit == "s":
        return number
    scales = [_SECONDS[word] for word in words if word in _SECONDS]
    return number * min(scales, default=1.0 if fraction else _MILLISECOND)


def is_rate(words: Iterable[str], behind: str = "") -> bool:
    """Return whether it counts work done in a time, by its name or by what stands `behind` a number."""
    by_time = _PER_SECOND.match(behind) is not None
    names = set(words) - (_UNITS if by_time else frozenset())
    return (by_time or not names.isdisjoint(_RATES)) and names.isdisjoint(_NEITHER | _WORSE)


def is_stock(words: Iterable[str]) -> bool:
    """Return whether it counts what is left of a stock, such as a pool: then zero is too few."""
    names = set(words)
    return not names.isdisjoint(_STOCK) and names.isdisjoint(_NEITHER | _WORSE | SHARES)


def falls(words: Iterable[str], unit: Unit) -> bool:
    """Return whether it is a share that should be large, by its name: a hit ratio, a success rate."""
    names = set(words)
    return bool(
        names & (_BETTER - SHARES) and (unit == "%" or (not unit and names & SHARES)) and not names & _WORSE
    )


def is_better_small(words: Iterable[str]) -> bool:
    """Return whether a name says that less of it is better, or that it says nothing of how things went."""
    return not set(words).isdisjoint(_WORSE | _NEITHER | _IDENTIFYING)
