"""How much context an Ollama model is asked with: enough for the prompt and the answer, and not another one than it is loaded with."""

from collections.abc import Iterable
from math import ceil
from typing import Any

BYTES_PER_TOKEN = 3  # of logs and JSON; a prompt that is denser is asked again with room for one token a byte
ANSWER = 2048  # tokens of room for the answer
USUAL = 8000 * BYTES_PER_TOKEN  # bytes of a prompt, by the default of --prompt-tokens
STEP = 4096  # contexts are multiples of it, so that the next prompt or repair round does not make the server load the model anew


def contexts_for(size: int, trained: int | None) -> tuple[int, ...]:
    """The contexts to try, in tokens, for a prompt of `size` bytes: as estimated, then the most it can need; never above `trained`."""
    wanted = (ceil((tokens + ANSWER) / STEP) * STEP for tokens in (ceil(size / BYTES_PER_TOKEN), size))
    return tuple(dict.fromkeys(min(context, trained or context) for context in wanted))


def contexts(size: int, shown: Any, loaded: int | None) -> tuple[int, ...]:
    """`contexts_for` the model that /api/show says `shown` of, but not below what it is loaded with: less would load it anew."""
    return tuple(dict.fromkeys(max(context, loaded or 0) for context in contexts_for(size, _trained(shown))))


def loaded(model: str, running: Iterable[Any]) -> int | None:
    """The context that a model is loaded with, by us or for another analysis, as /api/ps says; 0 where it does not; None: it is not."""
    return max((each.context_length or 0 for each in running if each.model in (model, f"{model}:latest")), default=None)


def _trained(shown: Any) -> int | None:
    """The length the model was trained for: `<architecture>.context_length` in what /api/show says of it."""
    info = shown.modelinfo or {}
    length = info.get(f"{info.get('general.architecture')}.context_length")
    return length if isinstance(length, int) and length > 0 else None
