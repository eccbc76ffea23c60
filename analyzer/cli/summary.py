"""The summary of a GitHub job, which a person sees without opening a log."""

import os
from collections.abc import Callable
from pathlib import Path

from analyzer.cli.terminal import note

# https://docs.github.com/actions/reference/workflow-commands-for-github-actions
VARIABLE = "GITHUB_STEP_SUMMARY"


def add_to_summary(render: Callable[[], str]) -> None:
    """Append Markdown to the job's summary, where there is one. One that cannot be written is a warning."""
    path = os.environ.get(VARIABLE, "")
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(render())
    except OSError as error:
        note(f"warning: cannot write the job's summary {path}: {error.strerror} ({VARIABLE} names it)")
