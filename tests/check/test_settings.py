from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.check.interface import CheckRequest
from analyzer.check.settings import check_settings
from analyzer.settings import Ask, Gate, Look, Prometheus, Query, Rules, Settings, Tell, Where

PROMETHEUS = Prometheus(url="http://prometheus.monitoring:9090", queries=(Query(name="up", query="sum(up)"),))


def test_defaults_hold(ask: Callable[..., CheckRequest]) -> None:
    (found,) = check_settings(ask())
    assert (found.state, found.what) == ("holds", "they are consistent")


def test_where_the_jobs_volume_is_mounted_is_no_matter_here(ask: Callable[..., CheckRequest]) -> None:
    (found,) = check_settings(ask(Settings(tell=Tell(save="/records/cart.json.gz"))))
    assert found.state == "holds"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Settings(where=Where(rollout="Cart!")), "'Cart!' is not valid in Kubernetes"),
        (
            Settings(where=Where(rollout="cart", stable_selector="a=b", canary_selector="a=c")),
            "--rollout and selectors exclude each other",
        ),
        (Settings(look=Look(observe=200.0)), "--observe 200s is more than half"),
        (Settings(look=Look(shared_pods=("gateway",))), "is not NAME=SELECTOR"),
        (
            Settings(look=Look(prometheus=Prometheus(url="prometheus:9090"))),
            "is not a valid address of Prometheus",
        ),
        (
            Settings(look=Look(prometheus=PROMETHEUS), rules=Rules(gates=(Gate(query="up"),))),
            "the gate for 'up' has no forms, and needs one",
        ),
        (Settings(rules=Rules(require=("log",))), "--require 'log': there is no such source"),
        (Settings(rules=Rules(require=("",))), "--require '': there is no such source"),
        (Settings(ask=Ask(previous=("/nowhere/record.json",))), "/nowhere/record.json"),
    ],
)
def test_what_a_run_would_stumble_over_is_told(
    ask: Callable[..., CheckRequest], asked: Settings, says: str
) -> None:
    (found,) = check_settings(ask(asked))
    assert found.state == "wrong"
    assert says in found.what


def test_each_of_two_gates_for_one_query_is_looked_at(ask: Callable[..., CheckRequest]) -> None:
    gates = (Gate(query="up"), Gate(query="up", at_least=1.0), Gate(query="up"))
    found = list(check_settings(ask(Settings(look=Look(prometheus=PROMETHEUS), rules=Rules(gates=gates)))))
    assert [(each.about, each.state) for each in found] == [
        ("gate 1 (up)", "wrong"),
        ("gate 3 (up)", "wrong"),
    ]


def test_two_faults_are_told_at_once(ask: Callable[..., CheckRequest], tmp_path: Path) -> None:
    found = list(check_settings(ask(Settings(look=Look(observe=200.0), rules=Rules(require=("log",))))))
    assert [each.about for each in found] == ["observe", "require"]
    assert found[1].advice == "did you mean logs?"
