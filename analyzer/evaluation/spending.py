"""What the models may cost: no case is begun that could lead beyond the bound."""

from dataclasses import dataclass
from datetime import UTC, datetime

from analyzer.errors import UsageError
from analyzer.evaluation.result import Result
from analyzer.models.interface import Model, Sending
from analyzer.models.prices import cost
from analyzer.settings import Settings

PRICES = "give it under prices in the config file (docs/config.md), or leave --max-cost out"


@dataclass
class Spending:
    """The spending of one evaluation, in USD; a `bound` of 0 is none. `spent` and `largest`, the most that
    one case cost, are as far as is known; `unknown` names a case that cost nobody knows how much.
    """

    bound: float
    spent: float = 0.0
    largest: float = 0.0
    begun: int = 0
    unknown: str = ""

    def begin(self) -> bool:
        """Return whether one more case may be begun, and count it: what is under way may cost as much as the
        dearest so far.
        """
        if self.bound and (self.unknown or self.spent + (self.begun + 1) * self.largest > self.bound):
            return False
        if self.bound and self.spent >= self.bound:
            return False
        self.begun += 1
        return True

    def end(self, result: Result) -> None:
        """Add what a case has cost that was begun."""
        self.begun -= 1
        self.add(result)

    def add(self, result: Result) -> None:
        """Add what a case has cost."""
        spent = result.cost()
        if spent is None:
            self.unknown = self.unknown or result.case.name
            return
        self.spent += spent
        self.largest = max(self.largest, spent)


def check_prices(models: tuple[Model, ...], settings: Settings, bound: float) -> None:
    """Raise UsageError where a bound is set and a model's price is not known: nobody could hold to it."""
    today = datetime.now(UTC).date()
    for model in models if bound else ():
        if isinstance(model, Sending) and cost(model.name, 1, 1, today, settings.ask.prices) is None:
            raise UsageError(f"--max-cost: the price of {model.name} is not known", advice=PRICES)
