"""How far a stream reaches, as its miner says when it has ended, and where it is not whole, as its reader
knows.
"""

from datetime import datetime
from typing import NamedTuple


class Extent(NamedTuple):
    """Of a stream that has been read to its end: its lines, the time of the first, and whether the last has
    its newline.
    """

    lines: int
    first: datetime | None
    ended: bool


class Torn(NamedTuple):
    """Where a stream is not whole."""

    head: bool
    tail: bool
