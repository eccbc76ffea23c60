"""What a pod of each side does in a minute stands side by side, and templates with their share of the
lines.
"""

from datetime import datetime, timedelta

from healthy import NOW, TARGET

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.prompt import render
from analyzer.settings import Ask
from analyzer.target import Role

BEGUN = NOW - timedelta(hours=1)


def side(role: Role, pods: int, *lines: tuple[str, int]) -> tuple[Pods, Logs]:
    """So many pods, each of which logs each line every so many seconds."""
    begun: datetime = BEGUN
    container = Container(
        name="app", type="main", image="app:1", ready=True, state=State(kind="running", started_at=begun)
    )
    ready = (Condition(type="Ready", status="True", since=begun),)
    names = [f"{role}-{number}" for number in range(pods)]
    text = "".join(
        f"{(NOW - timedelta(seconds=before)).isoformat()} {line}\n"
        for before in range(600, 0, -1)
        for line, every in lines
        if before % every == 0
    )
    return (
        Pods(
            side=role,
            pods=tuple(
                Pod(
                    name=name,
                    owner="",
                    phase="Running",
                    created_at=begun,
                    conditions=ready,
                    containers=(container,),
                )
                for name in names
            ),
        ),
        assemble(role, [mined_stream(name, "app", False, (text.encode(),), str) for name in names]),
    )


def shown(*parts: Pods | Logs) -> str:
    window = Window(start=NOW - timedelta(minutes=10), end=NOW)
    return render(Evidence(target=TARGET, window=window, nonce="0" * 16, parts=parts), (), Ask()).text


def test_a_canary_that_does_half_as_much_by_the_pod() -> None:
    text = shown(*side("stable", 3, ("INFO order sent", 2)), *side("canary", 1, ("INFO order sent", 4)))
    assert text.count("lines per Ready pod and minute: ") == 2
    stable, canary = text.partition("canary: ")[0], text.partition("canary: ")[2]
    assert "lines per Ready pod and minute: 30\n" in stable
    assert "lines per Ready pod and minute: 15\n" in canary


def test_a_difference_of_shares_within_chance_is_told_from_one_beyond() -> None:
    rare = ("WARN cache is cold", 60)
    stable = side("stable", 3, ("INFO order sent", 2), rare)
    within = shown(*stable, *side("canary", 1, ("INFO order sent", 2), ("WARN cache is cold", 50)))
    assert "stable 30 (3.2 %), canary 12 (3.8 %), within chance [warning]\n" in within
    beyond = shown(*stable, *side("canary", 1, ("INFO order sent", 2), ("WARN cache is cold", 10)))
    assert "stable 30 (3.2 %), canary 60 (17 %) [warning]\n" in beyond
