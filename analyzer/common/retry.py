"""The only retry: with jitter, within the deadline, and no earlier than the server asks."""

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from analyzer.common.deadline import Deadline
from analyzer.common.units import parse_http_date

T = TypeVar("T")

_jitter = random.Random()  # its own: a thread left behind must not move the state that others draw from

FIRST_PAUSE = 0.2  # seconds
LONGEST_PAUSE = 10.0  # seconds
ATTEMPTS = 5
# seconds an attempt must be left: one that the deadline overtakes would hide the last error's reason
LEAST_ATTEMPT = 0.25
ASKED_ATTEMPTS = 10  # of a server that says when to come back: as client-go does (rest/with_retry.go)


def retrying(
    call: Callable[[], T],
    *,
    pause_after: Callable[[Exception], float | None],
    deadline: Deadline,
    attempts: int = ATTEMPTS,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Return `call()`, repeated while it fails in a way that may pass.

    `pause_after(error)` returns the seconds that the server asked us to wait (0 if it did not say), or None
    if trying again is pointless. The pause is exponential with full jitter
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), added to what the server
    asked, because it may have asked many others the same. The last error is raised after `attempts`, or if
    the pause would end less than `LEAST_ATTEMPT` before the deadline. A server that says when to come back is
    throttling, not broken, so it is asked at least `ASKED_ATTEMPTS` times.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            return call()
        except Exception as error:
            least_pause = pause_after(error)
            if least_pause is None or attempt >= (max(attempts, ASKED_ATTEMPTS) if least_pause else attempts):
                raise
            pause = least_pause + _jitter.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)))
            if pause + LEAST_ATTEMPT >= deadline.remaining():
                raise
            sleep(pause)


def parse_retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds that the header Retry-After asks us to wait: a number of seconds, or a date (RFC
    9110, 10.2.3). Return 0 if it is neither.
    """
    header = headers.get("Retry-After", "")
    if header.isascii() and header.isdigit():
        return float(header)
    until = parse_http_date(header)
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until else 0.0
