"""What every report of a check says alike."""

from collections import Counter
from collections.abc import Sequence

from analyzer.check.interface import CheckResult, CheckState
from analyzer.common.counted import counted
from analyzer.exits import ExitCode

STATE_WORDS: dict[CheckState, str] = {
    "holds": "hold",
    "note": "note",
    "wrong": "wrong",
    "unreachable": "out of reach",
}
MARKS: dict[CheckState, str] = {"holds": "✓", "note": "i", "wrong": "✗", "unreachable": "?"}


def summarize(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return the counts and the exit code, such as `12 hold, 1 wrong, exit code 2`."""
    counts = Counter(result.state for result in results)
    told = [_count(state, counts[state]) for state in STATE_WORDS if counts[state]]
    return f"{', '.join(told)}, exit code {code.value}"


def _count(state: CheckState, number: int) -> str:
    word = STATE_WORDS[state]
    return counted(number, word) if state == "note" else f"{number} {word}"


def sentence(result: CheckResult) -> str:
    """Return the result and its advice in one line."""
    return f"{result.what} → {result.advice}" if result.advice else result.what
