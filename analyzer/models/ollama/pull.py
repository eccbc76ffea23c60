"""A model that its server lacks is pulled: what the server says of that, made into lines for people, until the model is there.

https://docs.ollama.com/api/pull
"""

from collections.abc import Callable, Iterable
from typing import Any

from analyzer.deadline import Deadline
from analyzer.models.interface import Failure
from analyzer.models.quoting import quoted

Say = Callable[[str], None]
UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))  # as Ollama's own progress has them


class Unpulled(Exception):  # noqa: N818 - what a person reads
    """The model is not there. `lasting`: it will not be the next time, either."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


def follow(model: str, steps: Iterable[Any], say: Say, deadline: Deadline) -> None:
    """Returns when the model is there; raises `Unpulled`. `steps` are the client's own objects; `say` is told each tenth."""
    layers: dict[str, tuple[int, int]] = {}
    last = status = ""
    for step in steps:
        status = quoted(step.status or "")
        if step.digest and step.total:
            layers[step.digest] = (step.completed or 0, step.total)
        far = _far(layers)
        if deadline.expired():
            raise Unpulled(f"the model {model!r} was not pulled by the deadline: {far or status}")
        line = f"pulling {model}: {far if step.digest and far else status}"
        if line != last:
            say(line)
        last = line
    if status != "success":
        raise Unpulled(f"the model {model!r} was not pulled: the server broke off after {status!r}")


def refused(model: str, where: str, said: str) -> Unpulled:
    """What an error of the server comes to. A name that its registry does not have, or that is none, stays so."""
    lasting = "does not exist" in said or "invalid model name" in said
    return Unpulled(f"{where} could not pull {model!r}: {said}", lasting=lasting)


def explain(error: Unpulled, model: str) -> Failure:
    """What it means to a person."""
    if error.lasting:
        return Failure(reason=str(error), advice="check the model's name: --model ollama:NAME")
    advice = f"the next run goes on from there: allow more time with --deadline, or run `ollama pull {model}` on the server beforehand"
    return Failure(reason=str(error), advice=advice, retryable=True)


def _far(layers: dict[str, tuple[int, int]]) -> str:
    """How much of what is known to come is there, in tenths: a log is not to fill with it."""
    done, total = (sum(figures) for figures in zip(*layers.values(), strict=True)) if layers else (0, 0)
    if not total:
        return ""
    size, unit = next(((size, unit) for size, unit in UNITS if total >= size), (1, "B"))
    return f"{done * 10 // total * 10} % of {total / size:.1f} {unit}"
