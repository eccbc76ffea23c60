"""Records that are hard to show: each by its name, and how to make it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import sin

from msgspec.structs import replace

from analyzer.decision import Decision
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Window
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.findings.gates import gates
from analyzer.findings.interface import Finding, Graded
from analyzer.records.record import Receipt, Record
from analyzer.settings import Gate, Policy, Relative, Rules, Settings, Statistical
from analyzer.target import ROLES, Role
from tests.report.test_page import HOSTILE, hostile

LONG = 10 * 1024 * 1024  # characters
COUNT = 20  # points of a series
ASKED = (
    Gate(query="p99 latency", at_most=0.5),
    Gate(query="error share", relative=Relative(percent=10, slack=0.002, direction="increase")),
    Gate(query="queue length", statistical=Statistical(percent=5, slack=0.5)),
    Gate(query="orders", critical=False, statistical=Statistical(method="kayenta", percent=20, min_points=5)),
)
FIGURES: dict[str, tuple[Callable[[int], float], Callable[[int], float]]] = {
    "p99 latency": (lambda at: 0.2 + 0.02 * sin(at), lambda at: 0.25 + 0.02 * at),
    "error share": (lambda at: 0.01, lambda at: 0.012 + 0.001 * sin(at)),
    "queue length": (lambda at: 10 + at + sin(3 * at), lambda at: 14 + at + sin(5 * at)),
    "orders": (lambda at: 100 + 3 * sin(at), lambda at: 97 + 3 * sin(2 * at)),
    "not gated": (lambda at: 1e9, lambda at: 1.1e9 if at % 5 else float("nan")),
}


def measure(record: Record) -> Record:
    """With figures of Prometheus for gates of each form, and what the gates make of them."""
    start = record.evidence.window.start
    window = Window(start=start, end=start + timedelta(minutes=COUNT))
    metrics = tuple(Metrics(side=role, figures=_figures(role, record)) for role in ROLES)
    pods = Pods(side="canary", pods=(_run_pod(start + timedelta(minutes=1)),))
    evidence = replace(record.evidence, window=window, parts=(*metrics, pods))
    rules = Rules(gates=ASKED)
    findings = tuple(
        Graded(
            id=f"F{number}",
            finding=finding,
            severity="blocking" if finding.kind == "gate-failed" else "info",
        )
        for number, finding in enumerate(gates(evidence, rules), start=1)
    )
    judgement = replace(record.judgement, findings=findings)
    return replace(record, evidence=evidence, settings=Settings(rules=rules), judgement=judgement)


def _figures(role: Role, record: Record) -> tuple[QueryFigures, ...]:
    start = record.evidence.window.start
    values = {name: pair[ROLES.index(role)] for name, pair in FIGURES.items()}
    return tuple(
        QueryFigures(
            query=name,
            promql=name,
            state="values",
            points=tuple(None if value(at) != value(at) else value(at) for at in range(COUNT)),
            start=start,
            step=60.0,
        )
        for name, value in values.items()
    )


def _run_pod(start: datetime) -> Pod:
    container = Container(name="app", type="main", image="registry/app:2", state=State(kind="running"))
    ready = Condition(type="Ready", status="True", since=start)
    return Pod(
        name="app-2",
        owner="",
        phase="Running",
        created_at=start,
        containers=(container,),
        conditions=(ready,),
    )


def fail(record: Record) -> Record:
    """A run that came to nothing, which a policy lets pass."""
    judgement = replace(
        record.judgement,
        findings=(),
        decision=Decision(
            outcome="error", rule="quorum", reason="no model answered: no answer by the deadline"
        ),
    )
    receipts = (
        Receipt(effect="configmap", done=False, detail="denied", advice="grant create on configmaps"),
    )
    settings = Settings(policy=Policy(on_error="pass"))
    return replace(record, judgement=judgement, settings=settings, receipts=receipts, exit_code=0)


def empty(record: Record) -> Record:
    """A side that is not there."""
    target = replace(record.evidence.target, canary=None)
    return replace(record, evidence=replace(record.evidence, target=target))


def attack(record: Record, text: str = "\n".join(HOSTILE)) -> Record:
    """Texts of others that would be markup, scripts and addresses, and one line of 10 MB."""
    made = hostile(record, text)
    [graded] = made.judgement.findings
    finding: Finding = replace(graded.finding, samples=(text, "<b>x" * (LONG // 4)))
    return replace(made, judgement=replace(made.judgement, findings=(replace(graded, finding=finding),)))
