import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from analyzer.common.deadline import Deadline, Done, Late, in_parallel, within
from analyzer.errors import InfrastructureError

AMPLE = 60.0


class TestDeadline:
    def test_time_left_is_never_below_zero(self) -> None:
        past = Deadline.after(-5)
        assert (past.remaining(), past.expired()) == (0.0, True)
        assert not Deadline.after(AMPLE).expired()

    def test_a_share_is_earlier_and_never_later(self) -> None:
        whole = Deadline.after(AMPLE)
        assert whole.share(0.5).at == pytest.approx(whole.at - AMPLE / 2, abs=1)
        assert whole.share(1).at <= whole.at + 0.01
        assert Deadline.after(-5).share(0.5).expired()


class TestInParallel:
    def test_outcomes_are_in_the_order_of_the_tasks(self) -> None:
        """The first task ends last: it waits for the others."""
        others = threading.Barrier(3)
        ended: list[int] = []

        def task(number: int) -> Callable[[], int]:
            def run() -> int:
                if number:
                    ended.append(number)
                others.wait(AMPLE)
                return number

            return run

        assert in_parallel([task(0), task(1), task(2)], Deadline.after(AMPLE)) == [Done(0), Done(1), Done(2)]
        assert sorted(ended) == [1, 2]

    def test_no_tasks_are_no_outcomes(self) -> None:
        assert in_parallel([], Deadline.after(AMPLE)) == []
        assert in_parallel([], Deadline.after(-1)) == []

    def test_none_is_an_answer(self) -> None:
        assert in_parallel([lambda: None], Deadline.after(AMPLE)) == [Done(None)]

    def test_after_the_deadline_nothing_is_begun(self) -> None:
        begun: list[int] = []
        assert in_parallel([lambda: begun.append(1)] * 3, Deadline.after(-1)) == [Late()] * 3
        assert begun == []

    def test_no_more_run_at_once_than_the_width(self) -> None:
        lock, running, most = threading.Lock(), [0], [0]

        def run() -> None:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            for _ in range(1_000):
                pass
            with lock:
                running[0] -= 1

        outcomes = in_parallel([run] * 200, Deadline.after(AMPLE), width=3)
        assert outcomes == [Done(None)] * 200
        assert most[0] <= 3

    def test_narrower_than_its_tasks_still_ends_them_all(self) -> None:
        tasks = [partial(int, number) for number in range(50)]
        assert in_parallel(tasks, Deadline.after(AMPLE), width=1) == [Done(number) for number in range(50)]

    def test_an_exception_is_raised_to_the_caller(self) -> None:
        def fail() -> int:
            raise ValueError("of the task")

        with pytest.raises(ValueError, match="of the task"):
            in_parallel([lambda: 1, fail], Deadline.after(AMPLE))

    def test_after_an_exception_no_further_task_is_begun(self) -> None:
        begun: list[int] = []

        def fail() -> None:
            raise ValueError

        with pytest.raises(ValueError):  # noqa: PT011 - the task's own
            in_parallel([fail, *[lambda: begun.append(1)] * 100], Deadline.after(AMPLE), width=1)
        assert begun == []


class TestWithin:
    def test_what_ends_in_time_gives_its_value(self) -> None:
        assert within(lambda: 7, Deadline.after(AMPLE), "it was not done") == 7

    def test_what_it_raises_is_raised(self) -> None:
        def bad() -> None:
            raise KeyError("k")

        with pytest.raises(KeyError):
            within(bad, Deadline.after(AMPLE), "it was not done")

    def test_what_is_late_is_an_error_that_says_what_and_how_to_go_on(self) -> None:
        release = threading.Event()
        with pytest.raises(InfrastructureError, match="it was not done by the deadline") as error:
            within(release.wait, Deadline.after(0.01), "it was not done")
        release.set()
        assert "--deadline" in error.value.advice


@pytest.mark.timed
class TestInTime:
    def test_a_task_that_hangs_is_left_behind(self) -> None:
        release = threading.Event()
        began = time.monotonic()
        outcomes = in_parallel([lambda: 1, lambda: release.wait(AMPLE), lambda: 3], Deadline.after(0.3))
        took = time.monotonic() - began
        release.set()
        assert outcomes == [Done(1), Late(), Done(3)]
        assert 0.3 <= took < 1.3

    def test_tasks_behind_one_that_hangs_are_late_and_never_begun(self) -> None:
        release, begun = threading.Event(), threading.Event()
        outcomes = in_parallel([lambda: release.wait(AMPLE), begun.set], Deadline.after(0.2), width=1)
        release.set()
        assert outcomes == [Late(), Late()]
        assert not begun.wait(0.2)
