"""Several runs at once against one GitHub, request by request in an order that a seed draws, with faults.

Everything is as it runs but the sockets: PyGithub's requester is given connections that reach the server
within the process. One thread goes on at a time, so a seed always plays the same.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar

import requests
from github.Requester import Requester

from tests.github.server import Answer, GitHub, error

FREQUENT = 0.24  # of requests, while there are faults left


class Crash(KeyboardInterrupt):
    """The process is gone: nothing of ours may catch it."""


@dataclass
class Response:
    """What PyGithub reads of an answer."""

    answer: Answer

    @property
    def status(self) -> int:
        return self.answer.status

    def getheaders(self) -> Any:
        return {"content-type": "application/json", **self.answer.headers}.items()

    def read(self) -> str:
        return "" if self.answer.body is None else json.dumps(self.answer.body)


@dataclass
class Worker:
    """A process of one run, which is begun again until it has ended by itself."""

    work: Callable[[], object]
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    waits: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    ended: bool = False
    failed: list[BaseException] = field(default_factory=list)

    def run(self, again: type[Exception]) -> None:
        self.go.acquire()
        while not self.ended:
            try:
                self.work()
                self.ended = True
            except (Crash, again):
                continue
            except BaseException as unexpected:  # noqa: BLE001 - shown by the test
                self.failed.append(unexpected)
                self.ended = True
        self.waits.release()


class Wire:
    """A connection of PyGithub's to the play that is on."""

    play: ClassVar["Play"]

    def __init__(self, host: str, *_: Any, **__: Any) -> None:
        self.host = host

    def request(self, verb: str, url: str, body: str | None, headers: dict[str, str], *_: Any) -> None:
        self.sent = (verb, url, headers, body)

    def getresponse(self) -> Response:
        return Response(self.play.exchange(*self.sent))

    def close(self) -> None:
        """Nothing is open."""


class Play:
    """The workers of one seed, and what befalls them: `faults` more times at most."""

    def __init__(self, github: GitHub, random: Random, faults: int) -> None:
        self.github, self.random, self.faults = github, random, faults
        self.workers: list[Worker] = []
        self.current: Worker | None = None

    def add(self, work: Callable[[], object]) -> None:
        self.workers.append(Worker(work))

    def perform(self, again: type[Exception]) -> None:
        """Let the workers go on, one request at a time, until all have ended."""
        for worker in self.workers:
            threading.Thread(target=worker.run, args=(again,), daemon=True).start()
        while going := [worker for worker in self.workers if not worker.ended]:
            self.current = self.random.choice(going)
            self.current.go.release()
            self.current.waits.acquire()
        for worker in self.workers:
            for unexpected in worker.failed:
                raise unexpected

    def exchange(self, verb: str, url: str, headers: dict[str, str], body: str | None) -> Answer:
        worker = self.current
        assert worker is not None
        worker.waits.release()
        worker.go.acquire()
        if not self.faults or self.random.random() >= FREQUENT:
            return self.github.answer(verb, url, headers, body)
        self.faults -= 1
        done = self.random.random() < 0.5
        return self._fail(self.github.answer(verb, url, headers, body) if done else None)

    def _fail(self, answer: Answer | None) -> Answer:
        """What is seen in place of an answer, or of a request that came to nothing."""
        match self.random.choice(("crash", "status", "connection")):
            case "crash":
                raise Crash
            case "connection":
                raise requests.ConnectionError("reset" if answer else "refused")
        return error(503 if answer else 502, "Service Unavailable")


@contextmanager
def wired() -> Iterator[None]:
    """PyGithub, connected to `Wire.play`."""
    Requester.injectConnectionClasses(Wire, Wire)  # type: ignore[arg-type]  # as much of it as is used
    try:
        yield
    finally:
        Requester.resetConnectionClasses()
