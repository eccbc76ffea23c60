"""Reads in bursts: a slow stream is left to gather for a moment before the next read.

Every TLS record wakes the thread that waits for it, and the API server sends one record for a few lines. With
many streams at a time, waking took more of the processor than reading. The kernel's buffer holds what arrives
meanwhile.
"""

import time
from collections.abc import Callable, Iterable, Iterator

BURST = 64 * 1024  # bytes
# seconds for a burst: well above what one takes that waits for nothing but its turn among the streams
SLOW = 0.02
PAUSE = 0.04  # seconds


def in_bursts(
    chunks: Iterable[bytes],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[bytes]:
    """Yield the same chunks, with a pause after each burst that arrived slowly."""
    size, begun = 0, clock()
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        if size >= BURST:
            if clock() - begun > SLOW:
                sleep(PAUSE)
            size, begun = 0, clock()
