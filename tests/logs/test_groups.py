"""What the bound leaves out is counted, and no longer held."""

import tracemalloc
from collections.abc import Iterator

import pytest

from analyzer.logs.digest import BOUND
from analyzer.logs.mine import mine


def words(number: int) -> str:
    return "".join(chr(ord("g") + int(digit)) for digit in str(number))


def peak(lines: int) -> int:
    def chunks() -> Iterator[bytes]:
        for number in range(lines):
            yield f"INFO event {words(number)} of a kind that nobody has seen before\n".encode()

    tracemalloc.start()
    try:
        digest = mine(chunks(), lambda text: text, timestamps=False).digest
        assert (len(digest.groups), digest.other) == (BOUND, lines - BOUND)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_templates() -> None:
    few = peak(4 * BOUND)
    assert peak(16 * BOUND) < 1.8 * few  # 2.8 times where nothing is dropped; caches fill meanwhile
