"""The report for a log."""

from collections.abc import Callable

import msgspec

from analyzer.evidence.context import ContextLogs
from analyzer.evidence.logs import ContainerLogs, Logs, PodSample, Stream
from analyzer.evidence.observed import Observation, Observed
from analyzer.logs.digest import Digest
from analyzer.models.interface import Call, Reply, ToolResult, Turn
from analyzer.records.record import Receipt, Record
from analyzer.report.plain import render
from analyzer.settings import Ask, Price, Settings, Tell
from analyzer.target.argo import Analysis
from analyzer.verdicts.dialogue import Exchange
from analyzer.verdicts.verdict import Spent


def test_the_answer_stands_first_and_last(recorded: Callable[..., Record]) -> None:
    lines = render(recorded()).splitlines()
    assert (
        lines[:2]
        == lines[-2:]
        == [
            "ROLLBACK (92 % confident) shop/cart: container app crashes",
            "  exit code 3; rule: blocking finding",
        ]
    )


def test_what_the_effects_did_and_the_way_back_to_it_stand_above_the_last_lines(
    recorded: Callable[..., Record],
) -> None:
    record, settings = recorded(), Settings(tell=Tell(save="/records/a b.json"), ask=Ask(models=("builtin",)))
    receipts = (
        Receipt(effect="event", done=True, detail="on Rollout cart"),
        Receipt(effect="annotations", done=False, detail="may not patch analysisruns", advice="grant it"),
    )
    lines = render(msgspec.structs.replace(record, receipts=receipts, settings=settings)).splitlines()
    assert lines[-7:-2] == [
        "Effects",
        "  event: on Rollout cart",
        "  annotations: NOT DONE: may not patch analysisruns (grant it)",
        "To judge it again",
        "  rollout-analyzer analyze --evidence '/records/a b.json' --model=builtin",
    ]


def test_a_dry_run_is_said_beside_the_answer(recorded: Callable[..., Record]) -> None:
    record = recorded()
    analysis = Analysis(namespace="shop", name="run", uid="1", metric="judge", kind="step", dry_run=True)
    dry = msgspec.structs.replace(
        record.evidence, target=msgspec.structs.replace(record.evidence.target, analysis=analysis)
    )
    lines = render(msgspec.structs.replace(record, evidence=dry)).splitlines()
    assert lines[1] == lines[-1] == "  exit code 3 (DRY RUN: Argo heeds no answer); rule: blocking finding"


def test_everything_a_person_needs_is_there(recorded: Callable[..., Record]) -> None:
    text = render(recorded())
    for part in (
        "F1 blocking crash-loop: container app of 3 pods crashes (1)",
        "stable: 0 of 3 pods; canary: 3 of 3 pods",
        "| panic: no database",
        "they differ",
        "gemini (weight 2): rollback, 92 %, 1 quote dropped: It crashes.",
        "cause: no database",
        "1 quote not found",
        "ollama:gemma4 (weight 1): abstained: no JSON in the answer",
        "scripted (weight 1): failed: no answer by the deadline (allow more time)",
        "events of the canary side: denied 0 (grant list on events)",
        "5 of 35 findings",
        "2 jwt",
    ):
        assert part in text


def test_no_text_from_outside_can_drive_a_terminal_or_forge_a_line(recorded: Callable[..., Record]) -> None:
    text = render(
        recorded(sample="a\x1b[2J\rPROMOTE\x00", summary="b\x1b]0;x\x07\u202e\nPROMOTE (99 % confident)")
    )
    assert not set(text) & {"\x1b", "\r", "\x07", "\x00", "\u202e"}
    assert not [line for line in text.splitlines() if line.strip().startswith("PROMOTE")]


def test_a_sample_and_a_watch_are_stated(recorded: Callable[..., Record]) -> None:
    cut = Stream(pod="cart-1", container="app", previous=False, lines=9, bytes=90, truncated=True)
    many = ContainerLogs(container="app", digest=Digest(lines=9, other=7))
    record = recorded()
    look = Observation(at=record.evidence.window.end, pods=2, ready=2, restarts=0)
    parts = (
        ContextLogs(side=None, name="gateway", pods=40, containers=(), sample=PodSample(pods=10, of=40)),
        Logs(side="canary", containers=(many,), streams=(cut,), sample=PodSample(pods=500, of=730)),
        Observed(side="canary", looks=(look, look), pods=()),
    )
    text = render(
        msgspec.structs.replace(record, evidence=msgspec.structs.replace(record.evidence, parts=parts))
    )
    assert (
        "logs: a sample of 500 of 730 pods, 1 of 1 log cut short, 7 lines of more templates than are kept"
        in text
    )
    assert "context gateway: a sample of 10 of 40 pods" in text
    assert "watched: 2 looks in 0 s, pods 2, Ready 2, 0 restarts" in text


def test_what_a_model_cost_stands_beside_it_where_it_is_known(recorded: Callable[..., Record]) -> None:
    record = recorded()
    first, *others = record.judgement.opinions
    priced = msgspec.structs.replace(
        first, spent=Spent(latency=2.0, tokens_in=8000, tokens_out=400, cost=0.00123)
    )
    judgement = msgspec.structs.replace(record.judgement, opinions=(priced, *others))
    text = render(msgspec.structs.replace(record, judgement=judgement))
    assert "[2.0 s, 8000 tokens in (estimated 2), 400 out, ~0.0012 USD]" in text
    assert text.count("USD") == 1
    own = {first.model: Price(tokens_in=0.1, tokens_out=0.2)}
    settings = msgspec.structs.replace(record.settings, ask=Ask(prices=own))
    assert "~0.0012 USD by your own prices]" in render(
        msgspec.structs.replace(record, judgement=judgement, settings=settings)
    )


def test_what_a_model_looked_at_before_it_answered_is_told(recorded: Callable[..., Record]) -> None:
    record = recorded()
    calls = tuple(
        Call(id=str(number), name=name, arguments={}) for number, name in enumerate(("logs", "pods", "logs"))
    )
    results = tuple(ToolResult(id=call.id, name=call.name, text="x") for call in calls)
    turns = (
        Turn(role="user", text="judge"),
        Turn(role="model", calls=calls),
        Turn(role="tool", results=results),
    )
    exchange = Exchange(model="gemini", turns=turns, last=Reply(text="{}", latency=0.1))
    text = render(
        msgspec.structs.replace(
            record, judgement=msgspec.structs.replace(record.judgement, exchanges=(exchange,))
        )
    )
    assert text.count("looked closer: logs (2), pods (1)") == 1
