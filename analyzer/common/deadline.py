"""Time: one deadline for a whole run, and work that never outlives it."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from analyzer.errors import InfrastructureError

T = TypeVar("T")


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock. Every stage shares it; a stage that must leave time for others takes a
    `share`.
    """

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())

    def expired(self) -> bool:
        """Return True if no time is left."""
        return self.remaining() == 0.0

    def share(self, part: float) -> "Deadline":
        """Return an earlier deadline, at `part` (0 to 1) of the time that is left now."""
        return Deadline.after(self.remaining() * part)


@dataclass(frozen=True)
class Done(Generic[T]):
    """A task that ended by itself."""

    value: T


@dataclass(frozen=True)
class Late:
    """A task that had not ended when the deadline passed. Its thread is left behind, never waited for."""


def in_parallel(
    tasks: Sequence[Callable[[], T]], deadline: Deadline, *, width: int = 32
) -> list[Done[T] | Late]:
    """Run tasks on daemon threads, at most `width` at a time, and return their outcomes in the order given.

    It returns at the deadline at the latest, because an SDK's own timeout cannot be trusted to end a call. An
    exception of a task is raised here, and no further task begins. A task must turn the failures that it
    expects into values.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    ended: queue.SimpleQueue[tuple[int, T | None, BaseException | None]] = queue.SimpleQueue()
    failed = threading.Event()
    for index in range(len(tasks)):
        waiting.put(index)

    def work() -> None:
        for index in _drain(waiting):
            if deadline.expired() or failed.is_set():
                return
            try:
                ended.put((index, tasks[index](), None))
            except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
                failed.set()
                ended.put((index, None, error))

    for _ in range(min(width, len(tasks))):
        threading.Thread(target=work, daemon=True).start()
    outcomes: list[Done[T] | Late] = [Late()] * len(tasks)
    for _ in tasks:
        try:
            index, value, error = ended.get(timeout=max(deadline.remaining(), 0.001))
        except queue.Empty:
            break
        if error is not None:
            raise error
        outcomes[index] = Done(value)  # type: ignore[arg-type]  # no error, so the task's own value
    return outcomes


def within(task: Callable[[], T], deadline: Deadline, what: str) -> T:
    """Run a task and return its value. Raise InfrastructureError, which says that `what` was not done, if the
    task has not ended by the deadline.

    It is for work of our own that a text of others may make long. The main thread only waits, so a signal
    ends the run at once.
    """
    (outcome,) = in_parallel([task], deadline)
    if isinstance(outcome, Late):
        advice = "give a longer --deadline; a shorter --since or --log-bytes leaves less to do"
        raise InfrastructureError(f"{what} by the deadline", advice=advice)
    return outcome.value


def in_background(task: Callable[[], None]) -> None:
    """Start a task that nobody waits for, on a daemon thread. The task must not raise."""
    threading.Thread(target=task, daemon=True).start()


def _drain(waiting: "queue.SimpleQueue[int]") -> Iterator[int]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return
