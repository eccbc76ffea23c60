"""What errors of an Ollama server and of its client mean to a person: https://docs.ollama.com/api/errors."""

import httpx
import ollama

from analyzer.common.boundary import ClientError
from analyzer.common.http import HTTPX
from analyzer.models.interface import Failure
from analyzer.models.ollama import pull
from analyzer.models.ollama.pull import PullError

DEFAULT_HOST = "127.0.0.1:11434"
ADVICE = {
    401: "check OLLAMA_API_KEY",
    403: "check OLLAMA_API_KEY",
    404: "check OLLAMA_HOST",
    503: "its queue is full: more time with --deadline, fewer analyses at once, or a higher OLLAMA_MAX_QUEUE",
}

# the last for the client's ConnectionError
FORESEEN: tuple[type[Exception], ...] = (
    ollama.ResponseError,
    ollama.RequestError,
    PullError,
    *HTTPX,
    OSError,
)
MAPPED: tuple[type[Exception], ...] = (*FORESEEN, ClientError)  # everything that asking can raise


def describe_server(host: str) -> str:
    """Return the server's name for a person, without a password."""
    return f"Ollama at {_address(host)}"


def _address(host: str) -> str:
    """Return the server's host, without a password."""
    return host.rpartition("@")[2] or DEFAULT_HOST


def explain_ollama_error(
    error: Exception, model: str, host: str, models: tuple[str, ...] | None = None
) -> Failure:
    """Return what an exception of `MAPPED` means to a person. `models` are those the server has, None if it
    does not say. The text may still hold a credential.
    """
    server = describe_server(host)
    if isinstance(error, PullError):
        return pull.explain_pull_error(error, model)
    if isinstance(error, ollama.ResponseError):
        return _explain_refusal(error.status_code, error.error, model, server, models)
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return Failure(reason=f"OLLAMA_HOST is no address: {error}", advice="such as ollama.models.svc:11434")
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return Failure(
            reason=f"no answer from {server} in time",
            advice="allow more time with --deadline",
            retryable=True,
        )
    if isinstance(error, httpx.TransportError | OSError):
        return _explain_unreached(error, host)
    problem = error if isinstance(error, ClientError) else f"{type(error).__name__}: {error}"
    reason = f"the server at {_address(host)} is no Ollama server: {problem}"
    return Failure(reason=reason, advice="check OLLAMA_HOST")


def _explain_unreached(error: Exception, host: str) -> Failure:
    """Return why there is no connection. The client's own error hides httpx's, which is its context."""
    if "CERTIFICATE_VERIFY_FAILED" in f"{error} {error.__context__}":
        reason = f"the certificate of {_address(host)} is not trusted"
        return Failure(reason=reason, advice="name its authority in SSL_CERT_FILE")
    unset = "" if host else " (OLLAMA_HOST is not set)"
    advice = (
        "check that it runs and that OLLAMA_HOST says where"
        if host
        else "set OLLAMA_HOST to where Ollama is, or start it here"
    )
    return Failure(
        reason=f"{describe_server(host)}{unset} cannot be reached, or hung up: {type(error).__name__}",
        advice=advice,
        retryable=True,
    )


def _explain_refusal(
    code: int, message: str, model: str, server: str, models: tuple[str, ...] | None
) -> Failure:
    """Return what a status and the server's message mean. `models` are those it has, None if it was not asked
    or does not say.
    """
    if code == 404 and models is not None:
        has = f"it has {', '.join(models)}" if models else "it has none at all"
        advice = f"ollama pull {model}, or --ollama-pull, or --model ollama:NAME"
        return Failure(reason=f"{server} has no model {model!r}; {has}", advice=advice)
    if code == -1:  # the client's code for an error inside the stream, under HTTP 200
        return Failure(reason=f"{server} broke off its answer: {message}", retryable=True)
    advice = "it redirects elsewhere: check OLLAMA_HOST" if 300 <= code < 400 else ADVICE.get(code, "")
    retryable = (code == 429 or code >= 500) and "invalid JSON schema" not in message
    return Failure(reason=f"{server} answered {code}: {message}", advice=advice, retryable=retryable)


def pause_after(error: Exception) -> float | None:
    """Return 0 if trying again may help, None if it is pointless. Ollama never says how long to wait."""
    broken = isinstance(error, httpx.ConnectError | httpx.RemoteProtocolError | ConnectionError)
    return 0.0 if broken or status(error) in (429, 502, 504) else None


def status(error: Exception) -> int:
    """Return the HTTP status of an error that the server answered, 0 for any other."""
    return error.status_code if isinstance(error, ollama.ResponseError) else 0
