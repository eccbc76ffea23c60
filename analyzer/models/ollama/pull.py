"""The pull of a model that its server lacks: the server's progress as lines for a person.

https://docs.ollama.com/api/pull
"""

from collections.abc import Callable, Iterable
from typing import Any

from analyzer.common.deadline import Deadline
from analyzer.models.interface import Failure
from analyzer.models.quoting import quote

ShowProgress = Callable[[str], None]
UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))  # as Ollama's own progress has them


class PullError(Exception):
    """The model was not pulled. `lasting`: another attempt fails as well."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


def follow(model: str, steps: Iterable[Any], say: ShowProgress, deadline: Deadline) -> None:
    """Return when the model is there. `steps` are the client's objects; `say` gets a line for each tenth.

    Raise `PullError` if the server breaks off or the deadline comes first.
    """
    layers: dict[str, tuple[int, int]] = {}
    last_line = status = ""
    for step in steps:
        status = quote(step.status or "")
        if step.digest and step.total:
            layers[step.digest] = (step.completed or 0, step.total)
        progress = _progress(layers)
        if deadline.expired():
            raise PullError(f"the model {model!r} was not pulled by the deadline: {progress or status}")
        line = f"pulling {model}: {progress if step.digest and progress else status}"
        if line != last_line:
            say(line)
        last_line = line
    if status != "success":
        raise PullError(f"the model {model!r} was not pulled: the server broke off after {status!r}")


def explain_refusal(model: str, where: str, message: str) -> PullError:
    """Return the error for a server's refusal. A name that its registry lacks stays wrong."""
    lasting = "does not exist" in message or "invalid model name" in message
    return PullError(f"{where} could not pull {model!r}: {message}", lasting=lasting)


def explain_pull_error(error: PullError, model: str) -> Failure:
    """Return what the error means to a person."""
    if error.lasting:
        return Failure(reason=str(error), advice="check the model's name: --model ollama:NAME")
    advice = (
        f"the next run goes on from there: allow more time with --deadline, or run `ollama pull {model}` on"
        " the server beforehand"
    )
    return Failure(reason=str(error), advice=advice, retryable=True)


def _progress(layers: dict[str, tuple[int, int]]) -> str:
    """Return the progress in tenths, so that it does not fill a log, and the total size known so far."""
    done, total = (sum(figures) for figures in zip(*layers.values(), strict=True)) if layers else (0, 0)
    if not total:
        return ""
    size, unit = next(((size, unit) for size, unit in UNITS if total >= size), (1, "B"))
    return f"{done * 10 // total * 10} % of {total / size:.1f} {unit}"
