"""One failure that several lines report: the layer that fails logs it, and so do the layers above, up to the
access log.

No identifier joins such lines, so they are joined by their times and numbers: lines of one failure are as
many, and begin and end together.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from analyzer.logs.compare import Compared
from analyzer.logs.requests import is_request

ONE_FAILURE = timedelta(seconds=1)  # between the lines of one failure
MISSED = (
    0.03  # of the lines of one layer those of another may lack: the window, or a bound, cuts between them
)


def is_one_fault(one: Compared, two: Compared) -> bool:
    """Return whether two templates report the same failures.

    They do where they have as many lines, and their first and their last lines are `ONE_FAILURE`. Of many
    lines a few may be missing (`MISSED`): the two may then differ at one end by the time that these lines
    take.
    """
    many, few = sorted((_count(one), _count(two)), reverse=True)
    if (
        many - few > MISSED * many
        or one.first is None
        or two.first is None
        or one.last is None
        or two.last is None
    ):
        return False
    first, last = abs(one.first - two.first), abs(one.last - two.last)
    span = max(one.last, two.last) - min(one.first, two.first)
    slack = ONE_FAILURE + 2 * (many - few) * span / many
    return min(first, last) <= ONE_FAILURE and max(first, last) <= slack


def count_retold(errors: Iterable[Compared]) -> tuple[int, int]:
    """Return how many error lines, of stable and of the canary, report a failure that another line reports,
    too.

    A fault has as many failures as its most frequent template has lines. Failed requests are one layer,
    whatever their paths.
    """
    rows = list(errors)
    requests = [row for row in rows if is_request(row.sample)]
    layers = [*(row for row in rows if row not in requests), *([_join(requests)] if requests else [])]
    faults: list[list[Compared]] = []
    for layer in sorted(layers, key=lambda layer: (-_count(layer), layer.template)):
        same = next((fault for fault in faults if is_one_fault(fault[0], layer)), None)
        if same is None:
            faults.append([layer])
        else:
            same.append(layer)
    stable, canary = (
        ([row.stable for row in fault] for fault in faults),
        ([row.canary for row in fault] for fault in faults),
    )
    return sum(map(_count_repeats, stable)), sum(map(_count_repeats, canary))


def _count_repeats(layers: Sequence[int]) -> int:
    return sum(layers) - max(layers)


def _count(row: Compared) -> int:
    """Return the canary's lines of a template, or stable's where the canary has none: its times are of that
    side.
    """
    return row.canary or row.stable


def _join(rows: list[Compared]) -> Compared:
    """Return templates as one. Its times are those of the canary's templates, where the canary has any."""
    ours = [row for row in rows if row.canary] or rows
    firsts, lasts = [row.first for row in ours if row.first], [row.last for row in ours if row.last]
    first: datetime | None = min(firsts, default=None)
    return Compared(
        template="",
        level="error",
        stable=sum(row.stable for row in rows),
        canary=sum(row.canary for row in rows),
        first=first,
        last=max(lasts, default=None),
        sample="",
    )
