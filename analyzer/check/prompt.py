"""The template of the prompt: whether it renders, holds evidence that can be quoted, and leaves room for
it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from analyzer.check.interface import CheckRequest, CheckResult, result_of_error
from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap, Window
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.prompt import check_room
from analyzer.run.judge import build_question
from analyzer.target import Role, Side, Target

CHECK = "template"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def check_template(request: CheckRequest) -> Iterator[CheckResult]:
    """Yield the results of rendering the template with a made-up crash loop, which uses every part of it that
    shows findings.
    """
    about = request.settings.ask.template or "the one that ships"
    try:
        check_room(request.settings.ask)
        rendered, question = build_question(sample_evidence(), request.settings)
    except UsageError as error:
        yield result_of_error(CHECK, about, error)
        return
    if not question.evidence:
        what = (
            "it has no lines <<<evidence {{ nonce }}>>> and <<<end of evidence {{ nonce }}>>> around its"
            " evidence: no quote can be verified"
        )
        yield CheckResult(
            check=CHECK, state="wrong", about=about, what=what, advice="see templates/prompt.md.j2"
        )
    if rendered.left_out:
        left_out = ", ".join(rendered.left_out)
        what = (
            f"--prompt-tokens {request.settings.ask.prompt_tokens} has no room for a small case:"
            f" it leaves out {left_out}"
        )
        yield CheckResult(
            check=CHECK, state="wrong", about=about, what=what, advice="raise --prompt-tokens, or shorten it"
        )
    yield CheckResult(
        check=CHECK,
        state="holds",
        about=about,
        what=f"renders, about {rendered.tokens} tokens for a small case",
    )


def sample_evidence() -> Evidence:
    """Return made-up evidence: a canary in a crash loop, a healthy stable side, and one gap."""
    target = Target(
        namespace="shop",
        rollout="cart",
        stable=_side("stable"),
        canary=_side("canary"),
        how="made up",
        resolved_at=NOW,
    )
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
        state=State(kind="running", started_at=since)
        if ready
        else State(kind="waiting", reason="CrashLoopBackOff"),
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
