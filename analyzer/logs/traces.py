"""Stack traces: which lines belong to the event before them, and what an event of several lines is told by.

Java, Python, Go, Node, .NET, Ruby, PHP and Rust, each as its runtime prints it.
"""

import re
from collections.abc import Sequence
from typing import Literal, cast

from analyzer.logs.carriers import find_carried
from analyzer.logs.digest import Level
from analyzer.logs.fields import mask
from analyzer.logs.levels import THROWN
from analyzer.logs.mask import LONGEST_EVENT, Masked

PARTS = 4  # lines that name one event: its head, the exception, its causes
JOIN = " | "

# `frame`: belongs to the event before it. `chain`: the same, and another exception of it follows. `opening`:
# the same, and the exception is still to be named. `thrown`: an exception, of the event before it when frames
# follow. `cause`: names another one of the same event. `behind`: only behind a frame a part of the trace.
# `head`: the next, indented lines are its message.
LineKind = Literal["plain", "frame", "chain", "opening", "thrown", "cause", "behind", "head", "blank"]

_FRAME = (
    r"\s+at \S|\s+File \"|\s+\.{3} \d+ (?:more|common frames)|goroutine \d+ \[|\s+--- End of"
    r"|--- End of (?:inner|stack)"
    r"|\s+\[?0x[0-9a-f]{6,}|\s+\S+\.go:\d+|stack backtrace:|\s+\d+: +\S+::|\[signal SIG"
    r"|\s+from \S+:\d+(?::in|$)|#\d+ (?:\{main\}$|\S+\(\d+\): )"
    r"|\s+\(\w+ [0-9][\w.-]*\) \S+:\d+: "  # Elixir's
    r"|(?:\[stacktrace\]|Stack trace:)$|\s+thrown in \S+|note: run with `RUST_BACKTRACE"
)
_CHAIN = r"During handling of the above exception|The above exception was"  # Python's
_OPENING = re.compile(r"Traceback \(most recent call last\):")
PANIC = re.compile(r"thread '")  # Rust's: the next line says what it panicked with
_CAUSE = r"\s*(?:\*\* \((?=\w|stop|exit|throw)|Caused by: |Suppressed: |---> |\[cause\]: |\[errors\]: )"
_HEAD = (
    r"(?:info|warn|fail|dbug|trce|crit): \S+\[\d+\]$|thread '[^']*' (?:\(\d+\) )?panicked at \S+:\d+:\d+:$"
)
_BEHIND = (
    r"\s|[)\]}]+[,;]?$|Last message(?: \([^()]{1,80}\))?: |State: |created by |panic\(|exit status \d+$"
    r"|runtime\.|Node\.js v\d"
    # Go's: a path, a function, its arguments
    r"|(?!\.)(?:[\w.-]*+/)*+[\w*()-]*+\.(?>[\w.*()\[\]{}-]+?\().*+(?<=\))$"
)
_NAME = re.compile(r"[A-Za-z_][\w.]*(?::|$)")  # how Python ends a traceback


# One pattern, asked of every new shape: the first that matches.
_KINDS = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern})"
        for kind, pattern in (
            ("frame", _FRAME),
            ("chain", _CHAIN),
            ("opening", _OPENING.pattern),
            ("cause", _CAUSE),
            ("thrown", THROWN.pattern),
            ("head", _HEAD),
            ("behind", _BEHIND),
        )
    )
)


def kind_of(text: str) -> LineKind:
    """Return what a clean line is by its form, whatever carried it."""
    carried = find_carried(text)
    if carried:
        text = text[carried:]
    if not text.strip():
        return "blank"
    match = _KINDS.match(text)
    return cast("LineKind", match.lastgroup) if match else "plain"


def names_exception(text: str) -> bool:
    """Return whether the line behind a Python traceback's frames is the one that names the exception."""
    return _NAME.match(text) is not None


def mask_event(lines: Sequence[str]) -> Masked:
    """Return the template and level of an event: of its first line, and of the lines that name its
    exceptions.
    """
    parts = [mask(_OPENING.sub("", line).strip() if number else line) for number, line in enumerate(lines)]
    if len(parts) == 1:
        return parts[0]
    templates = [part.template for number, part in enumerate(parts) if number or not _OPENING.match(lines[0])]
    level: Level = next((part.level for part in parts if part.level != "unknown"), "unknown")
    return Masked(JOIN.join(templates)[:LONGEST_EVENT], level)
