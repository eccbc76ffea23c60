"""What it means to a person that an Ollama server refuses: https://docs.ollama.com/api/errors."""

from analyzer.models.interface import Failure

ADVICE = {
    401: "check OLLAMA_API_KEY",
    403: "check OLLAMA_API_KEY",
    404: "check OLLAMA_HOST",
    503: "its queue is full: more time with --deadline, fewer analyses at once, or a higher OLLAMA_MAX_QUEUE",
}


def refused(code: int, said: str, model: str, where: str, there: tuple[str, ...] | None) -> Failure:
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
