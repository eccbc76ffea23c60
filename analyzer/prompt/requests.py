"""How many requests and calls the logs tell of, probes apart, and how many of them failed."""

from collections.abc import Iterable

from analyzer.common.value import Value
from analyzer.evidence.logs import ContainerLogs
from analyzer.findings.logged_requests import tells_request
from analyzer.logs.digest import TemplateGroup
from analyzer.logs.outcome_values import count_values, read_end
from analyzer.logs.outcomes import find_outcomes
from analyzer.logs.requests import probes
from analyzer.logs.sketch import Slot
from analyzer.logs.statuses import status_class


class RequestCount(Value):
    """Requests, and those of them that failed: answered with 5xx, or with a gRPC status of a failure."""

    total: int = 0
    failed: int = 0

    def __add__(self, other: "RequestCount") -> "RequestCount":
        return RequestCount(total=self.total + other.total, failed=self.failed + other.failed)

    def describe(self) -> str:
        """Return the count in words: "120", "120 (3 failed)"."""
        return f"{self.total} ({self.failed} failed)" if self.failed else f"{self.total}"


def count_requests(containers: Iterable[ContainerLogs]) -> RequestCount:
    """Return the requests of the container that logs most of them: a proxy beside the application logs the
    same ones.
    """
    counts = (_count_groups(container.digest.groups) for container in containers)
    return max(counts, key=lambda count: (count.total, count.failed), default=RequestCount())


def count_template(sample: str, slots: tuple[Slot, ...], lines: int) -> RequestCount:
    """Return the requests that `lines` lines of one template tell of. `slots` are what was masked of them."""
    if probes(sample) or not tells_request(sample, slots):
        return RequestCount()
    failed = _share_failed(sample, slots)
    return RequestCount(total=lines, failed=round(lines * failed))


def _count_groups(groups: Iterable[TemplateGroup]) -> RequestCount:
    return sum(
        (count_template(group.sample, group.slots, group.count) for group in groups), start=RequestCount()
    )


def _share_failed(sample: str, slots: tuple[Slot, ...]) -> float:
    """Return the share of a template's lines that failed: of several statuses of one line (the proxy's, the
    server's) by the one that fails most. Without a slot the sample's own status tells for all.
    """
    shares = []
    kinds = find_outcomes(slots, sample)
    for slot in slots:
        outcome = kinds.get(slot.name)
        if outcome and outcome.kind in ("http", "grpc") and outcome.sure:
            values = count_values(slot)
            failed = sum(value.count for value in values if read_end(outcome.kind, value.text) == "failed")
            shares.append(failed / max(1, sum(value.count for value in values)))
    return max(shares, default=float(status_class(sample) == "5"))
