"""What it means to a person that an Ollama server refuses, or that its client raises: https://docs.ollama.com/api/errors."""

import httpx
import ollama

from analyzer.models.boundary import ClientError
from analyzer.models.http import HTTPX
from analyzer.models.interface import Failure
from analyzer.models.ollama import pull
from analyzer.models.ollama.pull import Unpulled

DEFAULT_HOST = "127.0.0.1:11434"
ADVICE = {
    401: "check OLLAMA_API_KEY",
    403: "check OLLAMA_API_KEY",
    404: "check OLLAMA_HOST",
    503: "its queue is full: more time with --deadline, fewer analyses at once, or a higher OLLAMA_MAX_QUEUE",
}

FORESEEN: tuple[type[Exception], ...] = (
    ollama.ResponseError,
    ollama.RequestError,
    Unpulled,
    *HTTPX,
    OSError,
)  # the last for the client's ConnectionError
MAPPED: tuple[type[Exception], ...] = (*FORESEEN, ClientError)  # all that asking can end with


def where(host: str) -> str:
    """The server, as a person is told of it: without a password."""
    return f"Ollama at {_address(host)}"


def _address(host: str) -> str:
    return host.rpartition("@")[2] or DEFAULT_HOST


def explain(error: Exception, model: str, host: str, there: tuple[str, ...] | None = None) -> Failure:
    """What an exception of `MAPPED` means to a person. The text may still hold a credential."""
    server = where(host)
    if isinstance(error, Unpulled):
        return pull.explain(error, model)
    if isinstance(error, ollama.ResponseError):
        return _refused(error.status_code, error.error, model, server, there)
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return Failure(reason=f"OLLAMA_HOST is no address: {error}", advice="such as ollama.models.svc:11434")
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return Failure(reason=f"no answer from {server} in the time there was", advice="allow more time with --deadline", retryable=True)
    if isinstance(error, httpx.TransportError | OSError):
        advice = "check that it runs and that OLLAMA_HOST says where"
        return Failure(reason=f"{server} cannot be reached, or hung up: {type(error).__name__}", advice=advice, retryable=True)
    what = error if isinstance(error, ClientError) else f"{type(error).__name__}: {error}"
    reason = f"what answers at {_address(host)} does not speak as Ollama does: {what}"
    return Failure(reason=reason, advice="check OLLAMA_HOST")


def _refused(code: int, said: str, model: str, where: str, there: tuple[str, ...] | None) -> Failure:
    """A status and the server's words. `there` are the models it has, None where it was not asked or did not say."""
    if code == 404 and there is not None:
        has = f"it has {', '.join(there)}" if there else "it has none at all"
        advice = f"ollama pull {model}, or --ollama-pull, or --model ollama:NAME"
        return Failure(reason=f"{where} has no model {model!r}; {has}", advice=advice)
    if code == -1:  # the client's word for an error inside the stream, under HTTP 200
        return Failure(reason=f"{where} broke off its answer: {said}", retryable=True)
    advice = "it sends us elsewhere: check OLLAMA_HOST" if 300 <= code < 400 else ADVICE.get(code, "")
    retryable = (code == 429 or code >= 500) and "invalid JSON schema" not in said
    return Failure(reason=f"{where} answered {code}: {said}", advice=advice, retryable=retryable)


def pause_after(error: Exception) -> float | None:
    """0 where trying again may help, None where it is pointless. Ollama never says how long to wait."""
    broken = isinstance(error, httpx.ConnectError | httpx.RemoteProtocolError | ConnectionError)
    return 0.0 if broken or status(error) in (429, 502, 504) else None


def status(error: Exception) -> int:
    """The HTTP status of an error that the server answered, 0 for any other."""
    return error.status_code if isinstance(error, ollama.ResponseError) else 0
