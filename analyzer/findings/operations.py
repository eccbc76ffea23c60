"""Failures as a share of the operation that they belong to, whatever else a log has: of all postings how many
were not booked.

A template of stable's tells of the same operation where it begins as the failure's does, with a value or most
of its words among what is common, and the work that it tells is as frequent. Nothing else joins such lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from analyzer.findings.due import find_base
from analyzer.findings.failing import complains
from analyzer.findings.layers import count_retold
from analyzer.findings.log_pairs import LogPair
from analyzer.findings.wording import format_percent, round_share
from analyzer.logs.compare import Compared
from analyzer.logs.denials import denies
from analyzer.logs.message_words import find_words
from analyzer.logs.requests import probes

MIN_OPERATION_LINES = 20  # lines of stable's that tell of an operation: fewer are no measure of it
ALIKE = 0.5  # of the words of a message that two must have in common


@dataclass(frozen=True)
class Operation:
    """What a failure belongs to: the template of stable's that tells that it was done, and of how many
    operations each side's failed.
    """

    done: str
    stable: tuple[int, int]
    canary: tuple[int, int]

    def describe(self) -> str:
        """Return the canary's share of failures beside stable's, in words."""
        failed, of = self.canary
        others, among = self.stable
        share, usual = (format_percent(round_share(*side)) for side in (self.canary, self.stable))
        return (
            f"{failed:,} of {of:,} of its operations failed ({share};"
            f" stable {others:,} of {among:,}, {usual}); a good one ends with: {self.done}"
        )


def describe_part(rows: Sequence[Compared], pair: LogPair) -> str:
    """Return what part of the work a failure touches, in words behind the count of its lines: of its
    operation's or else of all requests; empty where neither is known. `rows` are the layers that tell of it,
    the gravest first.
    """
    for layer in rows:
        operation = find_operation(layer, pair)
        if operation is not None:
            return f"; {operation.describe()}"
    row, base = rows[0], find_base(pair)
    if base is None or base.unit != "request" or base.canary < row.canary:
        return ""
    return f"; {_of_requests(row.canary, base.canary)}, stable {_of_requests(row.stable, base.stable)}"


def _of_requests(count: int, requests: int) -> str:
    return f"{format_percent(round_share(count, requests))} of {requests:,} requests"


def find_operation(failure: Compared, pair: LogPair) -> Operation | None:
    """Return the operation of a failure's template; None where no line of stable's is like it."""
    rows = [row for row in pair.comparison if row.template != failure.template and not probes(row.sample)]
    done = [
        row
        for row in rows
        if row.stable >= MIN_OPERATION_LINES and not complains(row) and _is_alike(row, failure)
    ]
    if not done:
        return None
    usual = max(
        done, key=lambda row: (_count_common(row.template, failure.template), row.stable, row.template)
    )
    failed = [failure, *(row for row in rows if complains(row) and _is_alike(usual, row))]
    retold = count_retold(failed)  # several layers may tell one failure
    stable, canary = (
        sum(row.stable for row in failed) - retold[0],
        sum(row.canary for row in failed) - retold[1],
    )
    return Operation(usual.template, (stable, usual.stable + stable), (canary, usual.canary + canary))


def _is_alike(one: Compared, other: Compared) -> bool:
    """Return whether two templates describe one operation. They do if they begin alike, with a word and a
    value among that, perhaps behind a verb; or if they begin with one word and have most words in common.
    """
    if _names_one(one.template, other.template) or _names_one(
        *map(_drop_verb, (one.template, other.template))
    ):
        return True
    common = _count_common(one.template, other.template)
    ours, theirs = (find_words(row.template).prose for row in (one, other))
    shared = len(ours & theirs)
    if one.template.split()[:1] == other.template.split()[:1] and denies(other.template, one.template):
        return True
    return common > 0 and shared >= 2 and shared >= ALIKE * min(len(ours), len(theirs))


def _names_one(one: str, other: str) -> bool:
    """Return whether two templates begin with the same words, of which one is a word and one a value."""
    begins = one.split()[: _count_common(one, other)]
    return any("<" in token for token in begins) and any(token.isalpha() for token in begins)


def _drop_verb(template: str) -> str:
    """Return what is behind a template's first word: "Finished task 7" and "Lost task 7" are of one task."""
    verb, _, rest = template.partition(" ")
    return rest if verb.isalpha() else template


def _count_common(one: str, other: str) -> int:
    """Return how many words two templates begin with alike."""
    words = zip(one.split(), other.split(), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], words))
