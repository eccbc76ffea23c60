"""Processes that judge, one case at a time each.

They are started anew and not forked: a fork of a process with threads may hang, and starting needs no
writable place. A process that dies (out of memory) costs its own case alone.
"""

import gc
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import msgspec

from analyzer.evaluation.plan import PlannedTrial
from analyzer.evaluation.result import Result
from analyzer.settings import Settings

ALLOCATIONS = 50_000  # between garbage collections, as in the command itself

LEAVING = 0.2  # seconds that an ended process may take
CASES_PER_PROCESS = 250  # cases of one process: what its caches hold goes with it


@dataclass(frozen=True)
class _Worker:
    """A process, the way to it, and how many cases it may still judge."""

    process: BaseProcess
    connection: Connection
    left: int = CASES_PER_PROCESS

    def end(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self.process.terminate()
        self.process.join(LEAVING)


def judge_all(tasks: Iterator[PlannedTrial], settings: Settings, width: int) -> Iterator[Result]:
    """Yield the result of each task as it comes, with `width` processes. Tasks are taken when they are begun,
    so the iterator may end early.
    """
    idle: list[_Worker] = []
    busy: dict[Connection, tuple[_Worker, PlannedTrial]] = {}
    try:
        while True:
            while len(busy) < width and (task := next(tasks, None)) is not None:
                worker = idle.pop() if idle else _start(settings)
                with suppress(OSError):  # it has died: receiving will tell
                    worker.connection.send_bytes(msgspec.json.encode(task))
                busy[worker.connection] = worker, task
            if not busy:
                return
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                worker, task = busy.pop(connection)
                result = _receive(connection)
                if result is None or worker.left == 1:
                    worker.end()
                else:
                    idle.append(replace(worker, left=worker.left - 1))
                yield result or _lost(task)
    finally:
        for worker in (*idle, *(worker for worker, _ in busy.values())):
            worker.end()


def _start(settings: Settings) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, settings), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _receive(connection: Connection) -> Result | None:
    """Return the result that a process sends, None where it has died."""
    try:
        return msgspec.json.decode(connection.recv_bytes(), type=Result)
    except (EOFError, OSError):
        return None


def _lost(task: PlannedTrial) -> Result:
    reason = "the process that judged it died: was there too little memory? --parallel 1 needs the least"
    return Result(case=task.case, turn=task.turn, digest="", outcome="error", reason=reason)


def serve(connection: Connection, settings: Settings) -> None:
    """Judge what comes until the other side is gone: a process's whole work."""
    from analyzer.evaluation.trial import judge_case
    from analyzer.models.builtin import BUILTIN
    from analyzer.run.runs import create_jury

    gc.set_threshold(ALLOCATIONS)
    # a terminal sends it to all; the command's own process ends us
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jury, _ = create_jury(settings, _ignore, _ignore)
    prompted = any(model.name != BUILTIN for model in jury.models)  # rendering is a sixth of a judgement
    jury = replace(jury, prompted=prompted)
    while True:
        try:
            task = msgspec.json.decode(connection.recv_bytes(), type=PlannedTrial)
        except EOFError:
            return
        result = judge_case(task.case, task.turn, settings, jury)
        connection.send_bytes(msgspec.json.encode(result))


def _ignore(_text: str) -> None:
    """Say nothing: the command has said it."""
