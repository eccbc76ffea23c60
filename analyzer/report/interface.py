"""The interface of the reports: a finished record in, text out. Reports print nothing and change nothing."""

from typing import Protocol

from analyzer.records.record import Record


class Report(Protocol):
    """A way to show a record."""

    def __call__(self, record: Record) -> str:
        """Return the whole report, its last newline included."""
        ...
