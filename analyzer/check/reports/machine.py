"""The results as JSON."""

from collections.abc import Sequence

import msgspec

from analyzer.check.interface import CheckResult
from analyzer.common.value import Value
from analyzer.exits import ExitCode


class CheckReport(Value):
    """The results as JSON."""

    exit_code: int
    results: tuple[CheckResult, ...]


def render(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return one line of JSON."""
    return msgspec.json.encode(CheckReport(exit_code=int(code), results=tuple(results))).decode() + "\n"
