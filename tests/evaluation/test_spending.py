"""The bound on what models may cost."""

from collections.abc import Callable

import pytest

from analyzer.errors import UsageError
from analyzer.evaluation.result import Result, Voice
from analyzer.evaluation.spending import Spending, check_prices
from analyzer.models import create
from analyzer.settings import Settings


def cost(result: Callable[..., Result], usd: float | None) -> Result:
    return result("rollback", voices=(Voice(model="m", said="rollback", tokens_in=1, cost=usd),))


def test_no_case_is_begun_that_could_lead_beyond_the_bound(result: Callable[..., Result]) -> None:
    spending = Spending(1.0)
    assert spending.begin()
    spending.end(cost(result, 0.4))
    assert spending.begin()
    assert not spending.begin()  # one under way may cost 0.4, and so may the next
    spending.end(cost(result, 0.1))
    assert spending.begin()


def test_a_case_of_unknown_cost_ends_it(result: Callable[..., Result]) -> None:
    spending = Spending(1.0)
    assert spending.begin()
    spending.end(cost(result, None))
    assert not spending.begin()
    assert spending.unknown == "one"


def test_without_a_bound_all_are_begun(result: Callable[..., Result]) -> None:
    spending = Spending(0.0)
    spending.add(cost(result, None))
    spending.add(cost(result, 1e6))
    assert spending.begin()


def test_a_model_without_a_known_price_cannot_be_bounded() -> None:
    models = create(("openai:somebody-s@http://127.0.0.1:9",), {"OPENAI_API_KEY": "k"})
    with pytest.raises(UsageError, match=r"the price of openai:somebody-s.* is not known"):
        check_prices(models, Settings(), 1.0)
    check_prices(models, Settings(), 0.0)
    check_prices(create(("builtin",), {}), Settings(), 1.0)
