from datetime import date

import pytest

from analyzer.models.gemini import DEFAULT
from analyzer.models.prices import PRICES, cost
from analyzer.settings import Price

NOW, LATER = date(2026, 11, 1), date(2027, 1, 1)


def test_a_million_tokens_each_way_cost_what_the_list_says() -> None:
    assert cost("gemini:gemini-3.8-flash", 1_000_000, 1_000_000, NOW) == 4.50
    assert cost("gemini:gemini-2.5-pro", 8_000, 1_000, NOW) == pytest.approx(0.02)


def test_a_price_holds_from_its_day_on() -> None:
    assert cost("gemini:gemini-3.8-flash", 1_000_000, 0, date(2026, 12, 31)) == 0.75
    assert cost("gemini:gemini-3.8-flash", 1_000_000, 0, LATER) == 1.50
    assert cost("gemini:gemini-3.8-flash", 1_000_000, 0, date(2020, 1, 1)) == 0.75


@pytest.mark.parametrize(
    "model", ["ollama:gemma4", "gemini:gemini-flash-latest", "openai:gemini-3.8-flash@h", "builtin", ""]
)
def test_what_is_not_on_the_list_is_not_guessed(model: str) -> None:
    assert cost(model, 1, 1, NOW) is None


def test_a_team_s_own_price_goes_before_the_list_and_adds_to_it() -> None:
    own = {
        "gemini:gemini-3.8-flash": Price(tokens_in=0.5, tokens_out=2.0),
        "ollama:gemma4": Price(tokens_in=0.0, tokens_out=0.25),
    }
    assert cost("gemini:gemini-3.8-flash", 1_000_000, 1_000_000, LATER, own) == 2.50
    assert cost("ollama:gemma4", 1_000_000, 1_000_000, NOW, own) == 0.25
    assert cost("gemini:gemini-2.5-pro", 8_000, 1_000, NOW, own) == pytest.approx(0.02)
    assert cost("ollama:gemma4", None, 1, NOW, own) is None


def test_without_the_server_s_counts_there_is_no_estimate() -> None:
    assert cost("gemini:gemini-3.8-flash", None, 5, NOW) is None
    assert cost("gemini:gemini-3.8-flash", 5, None, NOW) is None


def test_the_default_model_has_a_price() -> None:
    assert f"gemini:{DEFAULT}" in PRICES
