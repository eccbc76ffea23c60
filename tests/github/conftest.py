"""A repository on a GitHub of the test's own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from analyzer import models
from analyzer.common.deadline import Deadline
from analyzer.evidence.bundle import load
from analyzer.github.client import Repository
from analyzer.github.credentials import Credentials
from analyzer.records.record import Judgement, Record
from analyzer.run.judge import Jury, judge
from analyzer.settings import Ask, Issues, Settings
from tests.github.server import NAME, TOKEN, GitHub, serve


@pytest.fixture
def github() -> Iterator[GitHub]:
    """The server. What it was asked, and what it answered, holds against GitHub's own description."""
    made = GitHub()
    yield made
    assert made.broken == []


@pytest.fixture
def address(github: GitHub) -> Iterator[str]:
    with serve(github) as url:
        yield url


@pytest.fixture
def repository(address: str) -> Callable[..., Repository]:
    """`repository(name, token)`."""

    def connect(name: str = NAME, token: str = TOKEN) -> Repository:
        return Repository.connect(name, Credentials(url=address, token=token), Deadline.after(30))

    return connect


EXAMPLES = Path(__file__).parents[2] / "examples" / "evidence"
FINISHED = datetime(2026, 11, 30, 23, 5, tzinfo=UTC)  # minutes after the examples were recorded


@cache
def judge_example(name: str) -> Judgement:
    """What the built-in judge makes of recorded evidence."""
    jury = Jury(models.create(("builtin",), {}))
    evidence = load(EXAMPLES / f"{name}.json.gz")
    return judge(evidence, Settings(), jury, Deadline.after(60), lambda _: None)


def finished(name: str, issues: Issues | None = None, **more: object) -> Record:
    """A finished record of recorded evidence."""
    settings = Settings(ask=Ask(models=("builtin",)), issues=issues or Issues(), **more)  # type: ignore[arg-type]
    return Record(
        settings=settings,
        evidence=load(EXAMPLES / f"{name}.json.gz"),
        judges="asking builtin, as configured",
        judgement=judge_example(name),
        exit_code=3,
        finished_at=FINISHED,
    )
