from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from analyzer.common.deadline import Deadline
from analyzer.common.retry import (
    ASKED_ATTEMPTS,
    ATTEMPTS,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    parse_retry_after,
    retrying,
)

AMPLE = Deadline.after(10_000)


class RefusedError(Exception):
    """`asked` is what the server says: seconds, or None for never."""

    def __init__(self, asked: float | None) -> None:
        super().__init__()
        self.asked = asked


def asked(error: Exception) -> float | None:
    assert isinstance(error, RefusedError)
    return error.asked


def failing(*refusals: float | None) -> Callable[[], str]:
    """A call that is refused so many times, and then answers."""
    left = list(refusals)

    def call() -> str:
        if left:
            raise RefusedError(left.pop(0))
        return "answer"

    return call


def test_the_first_answer_needs_no_pause() -> None:
    pauses: list[float] = []
    assert retrying(failing(), pause_after=asked, deadline=AMPLE, sleep=pauses.append) == "answer"
    assert pauses == []


def test_what_may_pass_is_tried_again_with_growing_jittered_pauses() -> None:
    pauses: list[float] = []
    assert retrying(failing(0, 0, 0, 0), pause_after=asked, deadline=AMPLE, sleep=pauses.append) == "answer"
    assert len(pauses) == 4
    assert all(0 <= pause <= FIRST_PAUSE * 2**attempt for attempt, pause in enumerate(pauses))
    assert len(set(pauses)) == 4


def test_each_pause_may_be_twice_as_long_as_the_one_before_up_to_the_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Longest:
        @staticmethod
        def uniform(_: float, longest: float) -> float:
            return longest

    monkeypatch.setattr("analyzer.common.retry._jitter", Longest)
    monkeypatch.setattr(
        "analyzer.common.retry.FIRST_PAUSE", FIRST_PAUSE
    )  # which a test does not wait for, else
    pauses: list[float] = []
    retrying(failing(*[0] * 8), pause_after=asked, deadline=AMPLE, attempts=9, sleep=pauses.append)
    assert pauses == [min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE) for attempt in range(8)]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_pause_is_at_least_what_the_server_asked_and_not_much_more() -> None:
    pauses: list[float] = []
    retrying(failing(7, 7), pause_after=asked, deadline=AMPLE, sleep=pauses.append)
    assert all(7 <= pause <= 7 + LONGEST_PAUSE for pause in pauses)
    assert pauses[0] != pauses[1]


def test_what_cannot_pass_is_raised_at_once() -> None:
    pauses: list[float] = []
    with pytest.raises(RefusedError):
        retrying(failing(None), pause_after=asked, deadline=AMPLE, sleep=pauses.append)
    assert pauses == []


def test_attempts_are_bounded_and_the_last_error_is_raised() -> None:
    pauses: list[float] = []
    with pytest.raises(RefusedError):
        retrying(failing(*[0] * (ATTEMPTS + 1)), pause_after=asked, deadline=AMPLE, sleep=pauses.append)
    assert len(pauses) == ATTEMPTS - 1


def test_a_server_that_says_when_to_come_back_is_asked_more_often() -> None:
    pauses: list[float] = []
    with pytest.raises(RefusedError) as last:
        retrying(
            failing(*range(1, ASKED_ATTEMPTS + 2)), pause_after=asked, deadline=AMPLE, sleep=pauses.append
        )
    assert last.value.asked == ASKED_ATTEMPTS > ATTEMPTS
    assert len(pauses) == ASKED_ATTEMPTS - 1


@pytest.mark.parametrize("asking_first", range(1, ASKED_ATTEMPTS))
def test_a_server_that_stops_saying_when_has_its_last_error_raised(asking_first: int) -> None:
    pauses: list[float] = []
    with pytest.raises(RefusedError) as last:
        retrying(
            failing(*[1.0] * asking_first, *[0] * ASKED_ATTEMPTS),
            pause_after=asked,
            deadline=AMPLE,
            sleep=pauses.append,
        )
    assert last.value.asked == 0
    assert len(pauses) == max(asking_first, ATTEMPTS - 1)


def test_a_pause_past_the_deadline_is_not_begun() -> None:
    pauses: list[float] = []
    with pytest.raises(RefusedError):
        retrying(failing(60), pause_after=asked, deadline=Deadline.after(59), sleep=pauses.append)
    assert pauses == []


@pytest.mark.parametrize(("seconds", "attempts"), [(25.0, 2), (55.0, 5), (9.0, 1)])
def test_an_attempt_that_the_deadline_would_overtake_is_not_begun(
    monkeypatch: pytest.MonkeyPatch, seconds: float, attempts: int
) -> None:
    """Each takes ten seconds to fail, as a name server that does not answer does: its reason is told."""
    now, begun = [1000.0], []
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def call() -> str:
        begun.append(now[0])
        now[0] += 10
        raise RefusedError(0)

    with pytest.raises(RefusedError):
        retrying(call, pause_after=asked, deadline=Deadline.after(seconds), sleep=lambda _: None)
    assert len(begun) == attempts


def test_one_attempt_is_made_even_when_no_time_is_left() -> None:
    assert retrying(failing(), pause_after=asked, deadline=Deadline.after(-1)) == "answer"
    with pytest.raises(RefusedError):
        retrying(failing(0), pause_after=asked, deadline=Deadline.after(-1))


def test_a_signal_is_not_retried() -> None:
    def stopped() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retrying(stopped, pause_after=asked, deadline=AMPLE)


def asking(header: str) -> float:
    return parse_retry_after({"Retry-After": header})


def http_date(at: datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_a_server_asks_by_a_number_of_seconds_or_by_a_date() -> None:
    now = datetime.now(UTC)
    assert asking("120") == 120
    assert 3500 < asking(http_date(now + timedelta(hours=1))) <= 3600
    assert asking(http_date(now - timedelta(hours=1))) == 0


@pytest.mark.parametrize("header", ["", "soon", "-5", "7.5", "\xb2", "NaN", "Fri, 31 Dec", "1e9"])
def test_a_wait_that_cannot_be_read_leaves_it_to_the_back_off(header: str) -> None:
    assert asking(header) == 0
    assert parse_retry_after({}) == 0
