"""Which effects are loaded: those that the settings may lead to."""

import pytest

from analyzer.effects import EFFECTS, load_effect
from analyzer.settings import Issues, Notices, Policy, Settings, Tell


def asked(settings: Settings) -> set[str]:
    return {place.rpartition(".")[2].partition(":")[0] for place, asks in EFFECTS.items() if asks(settings)}


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (Settings(), {"annotations", "event"}),
        (Settings(tell=Tell(effects=())), set()),
        (Settings(tell=Tell(effects=(), save="configmap:kept")), {"configmap"}),
        (Settings(tell=Tell(effects=(), save="kept.json")), set()),
        (Settings(tell=Tell(effects=()), policy=Policy(on_error="pause")), {"pause"}),
        (Settings(tell=Tell(effects=()), issues=Issues(github_repo="shop/cart")), {"issue", "status"}),
        (
            Settings(tell=Tell(effects=()), issues=Issues(github_repo="shop/cart", suggest_fix="gemini")),
            {"issue", "status", "fix"},
        ),
        (
            Settings(tell=Tell(effects=()), notices=Notices(handoff_webhook="https://hooks.example.com")),
            {"webhook"},
        ),
        (Settings(tell=Tell(effects=()), notices=Notices(notify=("slack",))), {"webhook"}),
    ],
)
def test_an_effect_is_loaded_where_it_may_be_asked_for(settings: Settings, names: set[str]) -> None:
    assert asked(settings) == names


def test_each_has_a_name_of_its_own() -> None:
    names = [load_effect(place).name for place in EFFECTS]
    assert len(set(names)) == len(EFFECTS)
