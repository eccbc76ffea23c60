"""The details of Google's errors, as https://google.aip.dev/193 has them. Pure, and whatever else the body is, no error."""

from collections.abc import Iterator
from typing import Any


def retry_delay(body: Any) -> float:
    """Seconds that RetryInfo asks us to wait (`"retryDelay": "7.5s"`), 0 without one."""
    return max((_seconds(str(detail.get("retryDelay", "")).removesuffix("s")) for detail in _details(body)), default=0.0)


def quotas(body: Any) -> Iterator[str]:
    """Which quotas QuotaFailure says were exceeded, such as `GenerateRequestsPerDayPerProjectPerModel-FreeTier`."""
    return (str(violation.get("quotaId", "")) for detail in _details(body) for violation in _objects(detail, "violations"))


def _details(body: Any) -> list[dict[str, Any]]:
    return _objects(body.get("error", body) if isinstance(body, dict) else body, "details")


def _objects(outer: Any, name: str) -> list[dict[str, Any]]:
    inner = outer.get(name) if isinstance(outer, dict) else None
    return [each for each in inner if isinstance(each, dict)] if isinstance(inner, list) else []


def _seconds(text: str) -> float:
    """A number of seconds; 0 for anything else."""
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
