"""The weight of each model's verdict: `--weight MODEL=NUMBER`, 1 if none is given.

A model is named as it was asked for (`gemini`) or as reports name it (`gemini:gemini-3.8-flash`).
"""

from collections.abc import Sequence

from analyzer.common.nearest import nearest
from analyzer.errors import UsageError
from analyzer.models.interface import Model

MIN_WEIGHT, MAX_WEIGHT = 0.001, 1000.0  # a weight beyond these would exclude a model, or all others
EXAMPLE = "--weight gemini=2 --weight ollama:gemma4=0.5"


def parse_weights(
    texts: Sequence[str], asked_names: Sequence[str], models: Sequence[Model]
) -> dict[str, float]:
    """Return the weight of each model, by the name that reports have. `asked_names` are the names by which
    the models were asked for, in the same order.

    Raise UsageError for a text that is no weight, for a model that is not asked, and for one weighed twice.
    """
    names = {
        alias: model.name
        for name, model in zip(asked_names, models, strict=True)
        for alias in (name, model.name)
    }
    by_name: dict[str, float] = {}
    for text in texts:
        name, number = _parse_weight(text)
        if name not in names:
            near = nearest(name, names)
            raise UsageError(
                f"--weight {text}: {name} is not asked{f', did you mean {near}?' if near else ''}",
                advice=f"asked are: {', '.join(asked_names)}",
            )
        if names[name] in by_name:
            raise UsageError(f"--weight {text}: {name} is weighed twice", advice="name each model once")
        by_name[names[name]] = number
    return {model.name: by_name.get(model.name, 1.0) for model in models}


def _parse_weight(text: str) -> tuple[str, float]:
    """Return the name and the weight of a text. The name may contain "=" (a URL's query), so the last one
    counts.
    """
    name, _, number = text.rpartition("=")
    try:
        weight = float(number)
    except ValueError:
        weight = 0.0
    if not name or not MIN_WEIGHT <= weight <= MAX_WEIGHT:
        raise UsageError(
            f"--weight {text!r} is no MODEL=NUMBER with a number from {MIN_WEIGHT:g} to {MAX_WEIGHT:g}",
            advice=EXAMPLE,
        )
    return name, weight
