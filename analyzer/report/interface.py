"""The seam of the reports: a finished record in, text out. Reports print nothing and change nothing."""

from typing import Protocol

from analyzer.records.record import Record


class Report(Protocol):
    """One way to show a record."""

    def __call__(self, record: Record) -> str:
        """The whole report, its last newline included."""
        ...
