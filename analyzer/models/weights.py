"""What each model's verdict counts beside the others': `--weight MODEL=NUMBER`, 1 where none is given.

A model is named as it was asked for (`gemini`) or as reports name it (`gemini:gemini-3.8-flash`).
"""

from collections.abc import Sequence
from difflib import get_close_matches

from analyzer.errors import UsageError
from analyzer.models.interface import Model

LEAST, MOST = 0.001, 1000.0  # beyond it a weight is a way to leave a model out, or to ask it alone
EXAMPLE = "--weight gemini=2 --weight ollama:gemma4=0.5"


def weights(given: Sequence[str], asked: Sequence[str], jury: Sequence[Model]) -> dict[str, float]:
    """The weight of each model by the name that reports give it. `asked` are the names the models of `jury` were asked for by.

    UsageError for what is no weight, for a model that is not asked, and for one that is weighed twice.
    """
    names = {known: model.name for name, model in zip(asked, jury, strict=True) for known in (name, model.name)}
    found: dict[str, float] = {}
    for text in given:
        name, number = _parsed(text)
        if name not in names:
            near = get_close_matches(name, names, n=1)
            raise UsageError(
                f"--weight {text}: {name} is not asked{f', did you mean {near[0]}?' if near else ''}",
                advice=f"asked are: {', '.join(asked)}",
            )
        if names[name] in found:
            raise UsageError(f"--weight {text}: {name} is weighed twice", advice="name each model once")
        found[names[name]] = number
    return {model.name: found.get(model.name, 1.0) for model in jury}


def _parsed(text: str) -> tuple[str, float]:
    """The name may hold a '=' of its own (a URL's query): the last one counts."""
    name, _, number = text.rpartition("=")
    try:
        weight = float(number)
    except ValueError:
        weight = 0.0
    if not name or not LEAST <= weight <= MOST:
        raise UsageError(f"--weight {text} is no MODEL=NUMBER with a number from {LEAST:g} to {MOST:g}", advice=EXAMPLE)
    return name, weight
