"""What it means to a person that google-genai raises, and whether trying again may help.

https://ai.google.dev/gemini-api/docs/troubleshooting
"""

import json
import re
from typing import Any

import httpx2
from google.auth import exceptions
from google.genai import errors

from analyzer.models.boundary import ClientError
from analyzer.models.gemini import rpc
from analyzer.models.interface import Failure
from analyzer.retry import retry_after
from analyzer.value import flat

RETRYABLE = (408, 429, 500, 502, 503, 504)
_NONE = re.compile(r"limit: 0\b")
_CREDITS = re.compile("credits are depleted", re.IGNORECASE)  # under the status of a rate limit, where a project pays beforehand

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
)  # what `explain` tells apart
MAPPED: tuple[type[Exception], ...] = (*FORESEEN, ClientError)  # all that asking can end with


def explain(error: Exception, reachable: str = "") -> Failure:
    """What an exception of `MAPPED` means to a person. The text may still hold a credential."""
    if isinstance(error, errors.APIError):
        reason = f"the API answered {error.code} {error.status or ''}: {_text(error.message or error.details)}"
        return Failure(reason=reason, advice=_advice(error, reachable), retryable=_passing(error))
    if isinstance(error, httpx2.TransportError | httpx2.InvalidURL | ConnectionError | TimeoutError):
        return _unreached(error)
    if isinstance(error, exceptions.GoogleAuthError):
        advice = "use workload identity, or gcloud auth application-default login"
        return Failure(
            reason=f"Vertex AI gave no access: {error}",
            advice=advice,
            retryable=error.retryable or isinstance(error, exceptions.TransportError),
        )
    if isinstance(error, errors.UnknownApiResponseError | json.JSONDecodeError | httpx2.DecodingError):
        return Failure(reason=f"the answer is not the API's: {error}", advice="check GOOGLE_GEMINI_BASE_URL, if it is set")
    advice = "check the GOOGLE_ variables of the environment; where they hold, it is a fault of google-genai"
    return Failure(reason=f"google-genai could not ask: {error}", advice=advice)


def _unreached(error: Exception) -> Failure:
    if isinstance(error, httpx2.TimeoutException):
        return Failure(reason="no answer in the time there was", advice="allow more time with --deadline", retryable=True)
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return Failure(reason=f"the API's address is wrong: {error}", advice="GOOGLE_GEMINI_BASE_URL is a URL with http:// or https://")
    advice = "check the network, the proxy, and GOOGLE_GEMINI_BASE_URL"
    return Failure(reason=f"the API cannot be reached: {_named(error)}", advice=advice, retryable=True)


def _advice(error: errors.APIError, reachable: str) -> str:
    if error.code == 404:
        return reachable or "check the model's name"
    if 300 <= error.code < 400:
        return "it sends us elsewhere: check GOOGLE_GEMINI_BASE_URL"
    if error.code in (401, 403) or "API_KEY" in _text(error.details) or "API key" in _text(error.message):
        return "check the key, and that the Gemini API is allowed for it"
    if error.code == 429 and _CREDITS.search(_text(error.message)):
        return "the credit is used up: trying again does not help"
    if error.code == 429 and not _passing(error):
        return (
            "today's quota is used up, until midnight in California, or the plan has none of this model: name another, or raise the quota"
        )
    return "the quota is used up for now: fewer analyses at once, or a higher one" if error.code == 429 else ""


def _passing(error: errors.APIError) -> bool:
    """Whether the next minutes may bring an answer: a quota per day does not come back with them, nor one of 0, nor money."""
    none = _NONE.search(_text(error.message)) or _CREDITS.search(_text(error.message))
    return error.code in RETRYABLE and not none and not any("PerDay" in quota for quota in rpc.quotas(error.details))


def _text(said: Any) -> str:
    """What a server put where its words belong, which may be any JSON."""
    try:
        return str(flat(said))
    except ValueError:
        return ""


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def pause_after(error: Exception) -> float | None:
    """Seconds the server asked us to wait, by RetryInfo (https://google.aip.dev/193) or Retry-After; None: pointless."""
    if isinstance(error, errors.APIError):
        return max(rpc.retry_delay(error.details), _retry_after(error.response)) if _passing(error) else None
    passing = isinstance(error, httpx2.TransportError) and not isinstance(error, httpx2.TimeoutException | httpx2.UnsupportedProtocol)
    return 0.0 if passing else None


def _retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None)
    return retry_after(headers) if headers is not None else 0.0
