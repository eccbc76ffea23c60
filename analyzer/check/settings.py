"""The settings: errors that only a run would find otherwise, once it has started. Nothing is sent."""

from collections.abc import Callable, Iterator
from pathlib import Path

from analyzer import target
from analyzer.check.interface import CheckRequest, CheckResult, result_of_error
from analyzer.errors import UsageError
from analyzer.records import previous
from analyzer.run.preflight import checks
from analyzer.settings import Settings

CHECK = "settings"


def check_settings(request: CheckRequest) -> Iterator[CheckResult]:
    """Yield one result for each setting that is wrong, or one that says that all are right."""
    outcomes = (_result_of_failure(about, attempt) for about, attempt in _attempts(request.settings))
    results = [result for result in outcomes if result]
    yield from results or [
        CheckResult(check=CHECK, state="holds", about="settings", what="they are consistent")
    ]


def _attempts(settings: Settings) -> Iterator[tuple[str, Callable[[], object]]]:
    yield from checks(settings).items()
    if target.names_target(settings.where):
        yield "target", lambda: target.check_target(settings.where)
    for path in settings.ask.previous:
        # bound now: the loop moves on before it is called
        yield "previous", lambda path=path: previous.read_previous(Path(path))  # type: ignore[misc]


def _result_of_failure(about: str, attempt: Callable[[], object]) -> CheckResult | None:
    try:
        attempt()
    except UsageError as error:
        return result_of_error(CHECK, about, error)
    return None
