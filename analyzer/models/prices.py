"""What a model's tokens cost, estimated by list prices: paid tier, prompts of at most 200,000 tokens, no
cache.

From https://ai.google.dev/gemini-api/docs/pricing as of 2026-10-07. Thinking is billed as output. A model
that is not listed here, and has no price in the config file (`prices`), has no estimate.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from analyzer.settings import Price


class Listed(NamedTuple):
    """A list price from a day on, in USD per million tokens."""

    since: date
    tokens_in: float
    tokens_out: float


NO_PRICES: Mapping[str, Price] = MappingProxyType({})
PUBLISHED = date(2026, 10, 7)
PRICES: dict[str, tuple[Listed, ...]] = {
    "gemini:gemini-3.8-flash": (Listed(PUBLISHED, 0.75, 3.75), Listed(date(2027, 1, 1), 1.50, 7.50)),
    "gemini:gemini-3.5-flash": (Listed(PUBLISHED, 1.50, 9.00),),
    "gemini:gemini-3.5-flash-lite": (Listed(PUBLISHED, 0.30, 2.50),),
    "gemini:gemini-3.1-pro-preview": (Listed(PUBLISHED, 2.00, 12.00),),
    "gemini:gemini-3.1-flash-lite": (Listed(PUBLISHED, 0.25, 1.50),),
    "gemini:gemini-2.5-pro": (Listed(PUBLISHED, 1.25, 10.00),),
    "gemini:gemini-2.5-flash": (Listed(PUBLISHED, 0.30, 2.50),),
    "gemini:gemini-2.5-flash-lite": (Listed(PUBLISHED, 0.10, 0.40),),
}


def cost(
    model: str,
    tokens_in: int | None,
    tokens_out: int | None,
    today: date,
    own: Mapping[str, Price] = NO_PRICES,
) -> float | None:
    """Return the USD that tokens of a model cost, by its name in a record (`gemini:gemini-3.8-flash`). Return
    None if the price or a count is not known.

    A team's `own` price takes precedence over the list.
    """
    price = own.get(model) or _listed(model, today)
    if price is None or tokens_in is None or tokens_out is None:
        return None
    return (tokens_in * price.tokens_in + tokens_out * price.tokens_out) / 1_000_000


def _listed(model: str, today: date) -> Listed | None:
    """Return today's list price, or None if there is no price."""
    prices = PRICES.get(model, ())
    return next((price for price in reversed(prices) if price.since <= today), next(iter(prices), None))
