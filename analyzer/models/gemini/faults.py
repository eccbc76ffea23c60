"""What exceptions of google-genai mean to a person, and whether trying again may help.

https://ai.google.dev/gemini-api/docs/troubleshooting
"""

import json
import re
from typing import Any

import httpx2
from google.auth import exceptions
from google.genai import errors

from analyzer.common.boundary import ClientError
from analyzer.common.retry import parse_retry_after
from analyzer.common.value import flat
from analyzer.models.gemini import rpc
from analyzer.models.interface import Failure

RETRYABLE = (408, 429, 500, 502, 503, 504)
_NONE = re.compile(r"limit: 0\b")
# of a prepaid project, under the status of a rate limit
_CREDITS = re.compile("credits are depleted", re.IGNORECASE)

# what `explain_gemini_error` tells apart
FORESEEN: tuple[type[Exception], ...] = (
    errors.APIError,
    errors.UnknownApiResponseError,
    json.JSONDecodeError,
    httpx2.TransportError,
    httpx2.InvalidURL,
    httpx2.DecodingError,
    exceptions.GoogleAuthError,
    ConnectionError,
    TimeoutError,
)
MAPPED: tuple[type[Exception], ...] = (*FORESEEN, ClientError)  # everything that asking can raise


def explain_gemini_error(error: Exception, reachable: str = "") -> Failure:
    """Return what an exception of `MAPPED` means to a person. `reachable` is a sentence with the models that
    the key can reach. The text may still hold a credential.
    """
    if isinstance(error, errors.APIError):
        reason = (
            f"the API answered {error.code} {error.status or ''}: {_to_text(error.message or error.details)}"
        )
        return Failure(reason=reason, advice=_advice(error, reachable), retryable=_is_passing(error))
    if isinstance(error, httpx2.TransportError | httpx2.InvalidURL | ConnectionError | TimeoutError):
        return _explain_transport(error)
    if isinstance(error, exceptions.GoogleAuthError):
        advice = "use workload identity, or gcloud auth application-default login"
        return Failure(
            reason=f"Vertex AI gave no access: {error}",
            advice=advice,
            retryable=error.retryable or isinstance(error, exceptions.TransportError),
        )
    if isinstance(error, errors.UnknownApiResponseError | json.JSONDecodeError | httpx2.DecodingError):
        return Failure(
            reason=f"the answer is not one of the API: {error}",
            advice="check GOOGLE_GEMINI_BASE_URL, if it is set",
        )
    advice = "check the GOOGLE_ variables of the environment; if they are right, google-genai has a bug"
    return Failure(reason=f"google-genai could not ask: {error}", advice=advice)


def _explain_transport(error: Exception) -> Failure:
    """Return what it means that the API could not be reached."""
    if isinstance(error, httpx2.TimeoutException):
        return Failure(reason="no answer in time", advice="allow more time with --deadline", retryable=True)
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return Failure(
            reason=f"the API's address is wrong: {error}",
            advice="GOOGLE_GEMINI_BASE_URL is a URL with http:// or https://",
        )
    advice = "check the network, the proxy, and GOOGLE_GEMINI_BASE_URL"
    return Failure(reason=f"the API cannot be reached: {_name_error(error)}", advice=advice, retryable=True)


def _advice(error: errors.APIError, reachable: str) -> str:
    """Return the next step after an error that the API answered, or an empty string."""
    if error.code == 404:
        return reachable or "check the model's name"
    if 300 <= error.code < 400:
        return "it redirects elsewhere: check GOOGLE_GEMINI_BASE_URL"
    if (
        error.code in (401, 403)
        or "API_KEY" in _to_text(error.details)
        or "API key" in _to_text(error.message)
    ):
        return "check the key, and that the Gemini API is allowed for it"
    if error.code == 429 and _CREDITS.search(_to_text(error.message)):
        return "the credit is used up: trying again does not help"
    if error.code == 429 and not _is_passing(error):
        return (
            "today's quota is used up, until midnight in California, or the plan has none of this model:"
            " name another, or raise the quota"
        )
    return (
        "the quota is used up for now: fewer analyses at once, or a higher one" if error.code == 429 else ""
    )


def _is_passing(error: errors.APIError) -> bool:
    """Return whether another attempt may succeed within minutes. A daily quota, a quota of 0 and a used-up
    credit do not come back so soon.
    """
    none = _NONE.search(_to_text(error.message)) or _CREDITS.search(_to_text(error.message))
    return (
        error.code in RETRYABLE
        and not none
        and not any("PerDay" in quota for quota in rpc.quotas(error.details))
    )


def _to_text(message: Any) -> str:
    """Return a server's message as text. It may be any JSON."""
    try:
        return str(flat(message))
    except ValueError:
        return ""


def _name_error(error: Exception) -> str:
    """Return an exception's type and text."""
    return f"{type(error).__name__}: {error}"


def pause_after(error: Exception) -> float | None:
    """Return the seconds that the server asks to wait, by RetryInfo (https://google.aip.dev/193) or
    Retry-After, or 0; None if trying again is pointless.
    """
    if isinstance(error, errors.APIError):
        return (
            max(rpc.retry_delay(error.details), _retry_after(error.response)) if _is_passing(error) else None
        )
    passing = isinstance(error, httpx2.TransportError) and not isinstance(
        error, httpx2.TimeoutException | httpx2.UnsupportedProtocol
    )
    return 0.0 if passing else None


def _retry_after(response: Any) -> float:
    """Return the seconds of a Retry-After header, 0 without one."""
    headers = getattr(response, "headers", None)
    return parse_retry_after(headers) if headers is not None else 0.0
