"""The only retry: jittered, within the deadline, and as late as the server asked."""

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from analyzer.deadline import Deadline
from analyzer.units import date

T = TypeVar("T")

_jitter = random.Random()  # its own: a thread left behind must not move the state that others draw from

FIRST_PAUSE = 0.2  # seconds
LONGEST_PAUSE = 10.0  # seconds
ATTEMPTS = 5
LEAST = 0.25  # seconds an attempt must be left: one that the deadline overtakes would hide the last error's reason
ASKED_ATTEMPTS = 10  # of a server that says when to come back: as client-go does (rest/with_retry.go)


def retrying(
    call: Callable[[], T],
    *,
    pause_after: Callable[[Exception], float | None],
    deadline: Deadline,
    attempts: int = ATTEMPTS,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """`call()`, again while it fails in a way that may pass.

    `pause_after(error)` says how long the server asked us to wait, in seconds (0 when it did not say), or None when
    trying again is pointless. Backs off exponentially with full jitter
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), on top of what the server asked: it may have
    asked many others the same.
    When the pause would end less than `LEAST` before the deadline, or after `attempts`, the last error is raised; a server that
    says when to come back is throttling, not broken, and is asked at least `ASKED_ATTEMPTS` times.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            return call()
        except Exception as error:
            asked = pause_after(error)
            if asked is None or attempt >= (max(attempts, ASKED_ATTEMPTS) if asked else attempts):
                raise
            pause = asked + _jitter.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)))
            if pause + LEAST >= deadline.remaining():
                raise
            sleep(pause)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that Retry-After asks us to wait: a number of them, or a date (RFC 9110, 10.2.3); 0 when it is neither."""
    header = headers.get("Retry-After", "")
    if header.isascii() and header.isdigit():
        return float(header)
    until = date(header)
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until else 0.0
