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
    """A moment on the monotonic clock. Every stage shares it; a stage that must leave time for others takes a `share`."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """So many seconds from now."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())

    def expired(self) -> bool:
        """Whether no time is left."""
        return self.remaining() == 0.0

    def share(self, part: float) -> "Deadline":
        """An earlier deadline, at `part` (0 to 1) of the time that is left now."""
        return Deadline.after(self.remaining() * part)


@dataclass(frozen=True)
class Done(Generic[T]):
    """A task that ended by itself."""

    value: T


@dataclass(frozen=True)
class Late:
    """A task that had not ended when the deadline passed. Its thread is left behind, never waited for."""


def in_parallel(tasks: Sequence[Callable[[], T]], deadline: Deadline, *, width: int = 32) -> list[Done[T] | Late]:
    """The outcome of each task, in the order given; returns at the deadline at the latest.

    Tasks run on daemon threads, at most `width` at a time, because an SDK's own timeout cannot be trusted to end a call.
    An exception that a task lets out is raised here, and nothing more is begun: what a task expects to fail it must turn
    into a value.
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
    """The task's value. InfrastructureError, saying that `what` was not done, when it has not ended by the deadline.

    For work of our own that a text of others may make long. The main thread only waits, so a signal ends the run at once.
    """
    (outcome,) = in_parallel([task], deadline)
    if isinstance(outcome, Late):
        advice = "give a longer --deadline; a shorter --since or --log-bytes leaves less to do"
        raise InfrastructureError(f"{what} by the deadline", advice=advice)
    return outcome.value


def in_background(task: Callable[[], None]) -> None:
    """Begins what nobody waits for, on a daemon thread. The task must let no exception out."""
    threading.Thread(target=task, daemon=True).start()


def _drain(waiting: "queue.SimpleQueue[int]") -> Iterator[int]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return
