"""The template of the prompt: whether it renders, holds evidence that can be quoted, and leaves room for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from analyzer import pipeline
from analyzer.check.interface import Asked, Result, failed
from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap, Window
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.prompt import check_room
from analyzer.target import Role, Side, Target

CHECK = "template"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def template(asked: Asked) -> Iterator[Result]:
    """Rendered with a made-up crash loop, so that every part of a template that shows findings is tried."""
    about = asked.settings.ask.template or "the one that ships"
    try:
        check_room(asked.settings.ask)
        rendered, question = pipeline.question(sample(), asked.settings)
    except UsageError as error:
        yield failed(CHECK, about, error)
        return
    if not question.evidence:
        what = "it has no lines <<<evidence {{ nonce }}>>> and <<<end of evidence {{ nonce }}>>> around its evidence: no quote can hold"
        yield Result(check=CHECK, state="wrong", about=about, what=what, advice="see templates/prompt.md.j2")
    if rendered.left_out:
        what = (
            f"--prompt-tokens {asked.settings.ask.prompt_tokens} has no room for a small case: it leaves out {', '.join(rendered.left_out)}"
        )
        yield Result(check=CHECK, state="wrong", about=about, what=what, advice="raise --prompt-tokens, or shorten it")
    yield Result(check=CHECK, state="holds", about=about, what=f"renders, about {rendered.tokens} tokens for a small case")


def sample() -> Evidence:
    """A canary in a crash loop beside a healthy stable side, and one gap."""
    target = Target(namespace="shop", rollout="cart", stable=_side("stable"), canary=_side("canary"), how="made up", resolved_at=NOW)
    return Evidence(
        target=target,
        window=Window(start=NOW - timedelta(minutes=10), end=NOW),
        nonce="0123456789abcdef",
        parts=(_pods("stable", ready=True), _pods("canary", ready=False)),
        gaps=(Gap(source="usage", side=None, reason="made up"),),
    )


def _side(role: Role) -> Side:
    return Side(role=role, selector=f"made={role}", hash=role)


def _pods(role: Role, *, ready: bool) -> Pods:
    since = NOW - timedelta(minutes=5)
    ended = State(kind="terminated", reason="Error", exit_code=1, started_at=since, finished_at=since)
    container = Container(
        name="app",
        type="main",
        image=f"cart:{role}",
        ready=ready,
        restarts=0 if ready else 5,
        state=State(kind="running", started_at=since) if ready else State(kind="waiting", reason="CrashLoopBackOff"),
        last_state=None if ready else ended,
    )
    pod = Pod(
        name=f"cart-{role}",
        owner="ReplicaSet/cart",
        phase="Running",
        created_at=since,
        started_at=since,
        conditions=(Condition(type="Ready", status=str(ready), since=since),),
        containers=(container,),
    )
    return Pods(side=role, pods=(pod,))
