"""The requests that a log tells of."""

from analyzer.logs.compare import Compared
from analyzer.logs.digest import Digest
from analyzer.logs.outcomes import tells_answer
from analyzer.logs.requests import is_request, probes
from analyzer.logs.sketch import Slot


def count_requests(digest: Digest) -> int:
    """Return the number of requests that a log tells of, probes apart."""
    return sum(
        group.count
        for group in digest.groups
        if tells_request(group.sample, group.slots) and not probes(group.sample)
    )


def tells_request(sample: str, slots: tuple[Slot, ...]) -> bool:
    """Return whether lines tell of requests: by their text, or by what was masked, if that is a status."""
    return is_request(sample) or tells_answer(slots, sample)


def is_request_template(row: Compared) -> bool:
    """Return whether a template tells of requests: by its text, or by a slot that is a status."""
    if is_request(row.sample):
        return True
    slots = tuple(slot for pair in row.slots for slot in (pair.canary, pair.stable) if slot.total())
    return tells_answer(slots, row.sample)


def is_refused_request(line: str) -> bool:
    """Return whether a log's line tells of a request that was answered with 4xx, probes apart."""
    if not is_request(line) or probes(line):
        return False
    from analyzer.logs.levels import status_level  # for nothing but an access log

    return status_level(line) == "warning"
