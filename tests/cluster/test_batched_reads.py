"""A slow stream is left to gather; a fast one is never held up, and neither loses a byte."""

from collections.abc import Iterator

import pytest

from analyzer.cluster.batched_reads import BURST, PAUSE, SLOW, in_bursts


@pytest.mark.parametrize(
    ("seconds", "pauses"), [(SLOW / 100, 0), (SLOW / 2, 0), (SLOW * 2, 3), (60.0, 3)], ids=str
)
def test_a_pause_follows_each_burst_that_was_slow(seconds: float, pauses: int) -> None:
    now, slept = [0.0], list[float]()

    def chunks() -> Iterator[bytes]:
        for number in range(7):  # three bursts and a half
            now[0] += seconds / 2
            yield b"%d" % number * (BURST // 2)

    given = list(in_bursts(chunks(), clock=lambda: now[0], sleep=slept.append))
    assert given == [b"%d" % number * (BURST // 2) for number in range(7)]
    assert slept == [PAUSE] * pauses


def test_a_log_shorter_than_a_burst_is_never_held_up() -> None:
    slept = list[float]()
    times = iter(range(0, 1000, 100))
    assert list(in_bursts([b"a", b"b"], clock=lambda: next(times), sleep=slept.append)) == [b"a", b"b"]
    assert slept == []


def test_a_chunk_is_given_as_it_comes() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"first"
        pytest.fail("asked for more before the first was taken")

    assert next(in_bursts(chunks())) == b"first"
