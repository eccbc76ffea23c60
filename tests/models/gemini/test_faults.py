from typing import Any

import httpx2
import pytest
from google.genai import errors

from analyzer.models.gemini.faults import pause_after

pytestmark = pytest.mark.models


def fault(code: int, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "status": "S", "message": "m", "details": list(details)}}


def test_the_server_s_wait_is_read_from_either_place() -> None:
    def asked(seconds: str, header: str, code: int = 429) -> float | None:
        response = httpx2.Response(code, headers={"Retry-After": header})
        return pause_after(
            errors.ClientError(code, fault(code, {"retryDelay": seconds}, {"reason": "R"}), response)
        )

    assert asked("7.5s", "3") == 7.5
    assert asked("1s", "3") == 3.0
    assert (asked("soon", "Fri, 31 Dec 2100 23:59:59 GMT") or 0) > 86_400
    assert asked("soon", "soon") == 0.0
    assert asked("7s", "3", 400) is None
    assert pause_after(errors.ServerError(503, "gone", None)) == 0.0
