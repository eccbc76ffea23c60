"""The context that an Ollama model is asked with: enough for the prompt and the answer, and if possible the
one that it is already loaded with.
"""

from collections.abc import Iterable
from math import ceil
from typing import Any

BYTES_PER_TOKEN = 3  # of logs and JSON; a denser prompt is sent again with room for one token a byte
ANSWER = 2048  # tokens of room for the answer
USUAL = 8000 * BYTES_PER_TOKEN  # bytes of a prompt, by the default of --prompt-tokens
# contexts are multiples of it, so that the next prompt or repair round does not make the server load the
# model again
STEP = 4096


def contexts_for(size: int, trained: int | None) -> tuple[int, ...]:
    """Return the contexts to try for a prompt of `size` bytes, in tokens: the estimate, then the most that it
    can need. None is above `trained`.
    """
    wanted = (ceil((tokens + ANSWER) / STEP) * STEP for tokens in (ceil(size / BYTES_PER_TOKEN), size))
    return tuple(dict.fromkeys(min(context, trained or context) for context in wanted))


def contexts_of_model(size: int, answer: Any, loaded: int | None) -> tuple[int, ...]:
    """Return `contexts_for` a model, by the answer of /api/show. None is below the context that the model is
    loaded with, since a smaller one would load it again.
    """
    return tuple(
        dict.fromkeys(max(context, loaded or 0) for context in contexts_for(size, _trained_context(answer)))
    )


def loaded_context(model: str, running: Iterable[Any]) -> int | None:
    """Return the context that a model is loaded with, by the answer of /api/ps: 0 if it does not say, None if
    the model is not loaded.
    """
    return max(
        (entry.context_length or 0 for entry in running if entry.model in (model, f"{model}:latest")),
        default=None,
    )


def _trained_context(answer: Any) -> int | None:
    """Return the context that the model was trained for, `<architecture>.context_length` in the answer of
    /api/show; None if it does not say.
    """
    info = answer.modelinfo or {}
    length = info.get(f"{info.get('general.architecture')}.context_length")
    return length if isinstance(length, int) and length > 0 else None
