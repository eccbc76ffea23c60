"""The details of Google's errors (https://google.aip.dev/193). Pure. A body of any other form is read without
an error.
"""

from collections.abc import Iterator
from typing import Any


def retry_delay(body: Any) -> float:
    """Return the seconds of RetryInfo (`"retryDelay": "7.5s"`), 0 without one."""
    return max(
        (_seconds(str(detail.get("retryDelay", "")).removesuffix("s")) for detail in _details(body)),
        default=0.0,
    )


def quotas(body: Any) -> Iterator[str]:
    """Yield the quotas that QuotaFailure says are exceeded, such as
    `GenerateRequestsPerDayPerProjectPerModel-FreeTier`.
    """
    return (
        str(violation.get("quotaId", ""))
        for detail in _details(body)
        for violation in _objects(detail, "violations")
    )


def _details(body: Any) -> list[dict[str, Any]]:
    """Return the details of an error's body."""
    return _objects(body.get("error", body) if isinstance(body, dict) else body, "details")


def _objects(outer: Any, name: str) -> list[dict[str, Any]]:
    """Return the JSON objects in the list `outer[name]`."""
    inner = outer.get(name) if isinstance(outer, dict) else None
    return [item for item in inner if isinstance(item, dict)] if isinstance(inner, list) else []


def _seconds(text: str) -> float:
    """Return a number of seconds, 0 for any other text."""
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
