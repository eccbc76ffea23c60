"""Reading in bursts: what comes slower than it is read is left to gather for a moment.

Every record of TLS wakes the thread that waits for it, and the API server sends one for a few lines; with many streams at a time the
waking took more of the processor than the reading. The kernel's buffer holds what comes meanwhile.
"""

import time
from collections.abc import Callable, Iterable, Iterator

BURST = 64 * 1024  # bytes
SLOW = 0.02  # seconds for a burst: well above what one takes that waits for nothing but its turn among the streams
PAUSE = 0.04  # seconds


def in_bursts(
    chunks: Iterable[bytes], *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> Iterator[bytes]:
    """The same chunks, with a pause after each burst that was slow to come."""
    size, begun = 0, clock()
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        if size >= BURST:
            if clock() - begun > SLOW:
                sleep(PAUSE)
            size, begun = 0, clock()
