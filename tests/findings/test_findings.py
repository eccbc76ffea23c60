"""The table of rules as a whole."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from analyzer import findings
from analyzer.evidence import Evidence
from analyzer.evidence.events import Event
from analyzer.evidence.pods import Container, Pod
from analyzer.findings import find
from analyzer.findings.kinds import KINDS
from analyzer.settings import Rules


def test_the_same_evidence_in_any_order_gives_the_same_findings(
    *,
    evidence: Callable[..., Evidence],
    pod: Callable[..., Pod],
    container: Callable[..., Container],
    crashing: Callable[..., Container],
    waiting: Callable[..., Container],
    event: Callable[..., Event],
) -> None:
    pods = [
        pod(f"c{i}", crashing(code=i, message=f"m{i}"), waiting("ImagePullBackOff", f"w{i}", name="proxy"))
        for i in range(4)
    ]
    pods += [pod("c7"), pod("c8", container(ready=False)), pod("c9", phase="Failed", reason="Evicted")]
    events = [event(f"c{i}", "Unhealthy", f"Readiness probe failed: {i}", ago=i) for i in range(9)]
    expected = find(evidence(pods, canary_events=events), Rules())
    assert len(expected) == 5
    shuffled = random.Random(7)
    for _ in range(20):
        shuffled.shuffle(pods)
        shuffled.shuffle(events)
        assert msgspec.json.encode(
            find(evidence(pods, canary_events=events), Rules())
        ) == msgspec.json.encode(expected)


def test_every_kind_that_a_rule_names_is_in_the_table_and_no_other() -> None:
    """By the source, for no evidence shows every kind, and an unknown one would end a run at night."""
    folder = Path(findings.__file__).parent
    tables = {"grade.py", "kinds.py", "interface.py"}
    source = "".join(path.read_text() for path in folder.glob("*.py") if path.name not in tables)
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', source))
    assert KINDS.keys() <= named
    states = {"terminated"}
    assert set(re.findall(r'(?:kind=|Fault\()"([a-z-]+)"', source)) - states <= KINDS.keys()


def test_keys_carry_no_name_of_a_pod(
    evidence: Callable[..., Evidence], pod: Callable[..., Pod], crashing: Callable[..., Container]
) -> None:
    first = find(evidence([pod("cart-7f9c-abcde", crashing())]), Rules())
    second = find(
        evidence([pod("cart-5d77-zzzzz", crashing(restarts=9)), pod("cart-5d77-yyyyy", crashing(code=9))]),
        Rules(),
    )
    assert (
        [graded.finding.key for graded in first]
        == [graded.finding.key for graded in second]
        == ["crash-loop/app"]
    )
