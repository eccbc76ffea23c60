"""The settings: what reading them cannot tell, and a run would, once it is under way. Nobody is asked."""

from collections.abc import Callable, Iterator
from pathlib import Path

from analyzer import pipeline, target
from analyzer.check.interface import Asked, Result, failed
from analyzer.errors import UsageError
from analyzer.records import previous
from analyzer.settings import Settings

CHECK = "settings"


def settings(asked: Asked) -> Iterator[Result]:
    """One result for each thing that does not hold, or one that says all does."""
    found = [each for about, attempt in _attempts(asked.settings) if (each := _wrong(about, attempt))]
    yield from found or [Result(check=CHECK, state="holds", about="settings", what="they fit each other")]


def _attempts(asked: Settings) -> Iterator[tuple[str, Callable[[], object]]]:
    yield from pipeline.checks(asked).items()
    if target.given(asked.where):
        yield "target", lambda: target.check(asked.where)
    for path in asked.ask.previous:
        yield "previous", lambda path=path: previous.read(Path(path))  # type: ignore[misc]  # bound now


def _wrong(about: str, attempt: Callable[[], object]) -> Result | None:
    try:
        attempt()
    except UsageError as error:
        return failed(CHECK, about, error)
    return None
