"""`--handoff-webhook` and `--notify`: when they are told, of what, and what is said if they are not."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from msgspec.structs import replace as struct_replace

from analyzer.cluster import Cluster
from analyzer.common import retry
from analyzer.common.deadline import Deadline
from analyzer.decision import Decision, Outcome
from analyzer.effects import carry_out
from analyzer.effects.interface import EffectContext
from analyzer.effects.webhook import check_notices
from analyzer.errors import InfrastructureError, UsageError
from analyzer.evidence.bundle import encode
from analyzer.records.record import Receipt
from analyzer.settings import Notices
from analyzer.target.argo import Analysis
from tests.effects.test_issue import RUN, NoCluster, a_context
from tests.effects.test_issue import github as github  # noqa: PLC0414 - the fixture
from tests.github.server import GitHub
from tests.webhooks.receiver import Receiver, verify

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URLS = ("SLACK_WEBHOOK_URL", "TEAMS_WEBHOOK_URL", "GOOGLE_CHAT_WEBHOOK_URL")


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def url(
    receiver: Receiver, web: Callable[..., str], answer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> str:
    """Where the handoff goes; the chats' addresses are below it."""
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.0)
    address = web(receiver.take(answer))
    monkeypatch.setenv("HANDOFF_WEBHOOK_SECRET", KEY)
    for name in URLS:
        monkeypatch.setenv(name, f"{address}/{name.lower()}/hunter2secret")
    return address


def context_of(notices: Notices, outcome: Outcome | None = None, **more: Any) -> EffectContext:
    made = a_context(outcome=outcome, **{"github_repo": "", **more})
    settings = struct_replace(made.settings, notices=notices)
    assert made.record is not None
    return replace(made, settings=settings, record=struct_replace(made.record, settings=settings))


def told(context: EffectContext) -> Receipt | None:
    done = carry_out(context, lambda deadline: cast("Cluster", NoCluster(deadline)), Deadline.after(30))
    return next((receipt for receipt in done.receipts if receipt.effect == "webhook"), None)


def test_a_rollback_is_told_to_each(receiver: Receiver, url: str) -> None:
    receipt = told(context_of(Notices(handoff_webhook=url, notify=("slack", "teams", "google-chat"))))
    assert receipt is not None
    assert (receipt.done, receipt.detail) == (
        True,
        "handoff: told; slack: told; teams: told; google-chat: told",
    )
    signed = [heard for heard in receiver.heard if "webhook-signature" in heard.headers]
    assert [verify(KEY, heard.headers, heard.body, time.time()) for heard in signed] == [""]
    assert json.loads(signed[0].body)["data"]["outcome"] == "rollback"
    assert len(receiver.heard) == 4


def test_another_attempt_of_the_job_has_the_same_id(receiver: Receiver, url: str) -> None:
    for analysis in (RUN, RUN, struct_replace(RUN, uid="another")):
        told(context_of(Notices(handoff_webhook=url), analysis=analysis))
    first, again, other = (heard.headers["webhook-id"] for heard in receiver.heard)
    assert first == again != other


@pytest.mark.parametrize(
    ("outcome", "on", "analysis", "is_told"),
    [
        ("rollback", None, RUN, True),
        ("inconclusive", None, RUN, False),
        ("promote", None, RUN, False),
        ("inconclusive", ("inconclusive", "promote"), RUN, True),
        ("promote", ("inconclusive", "promote"), RUN, True),
        ("started", ("promote", "error"), RUN, False),
        ("rollback", None, struct_replace(RUN, dry_run=True), False),
    ],
)
def test_when_they_are_told(
    receiver: Receiver, url: str, outcome: Outcome, on: Any, analysis: Analysis, is_told: bool
) -> None:
    notices = Notices(handoff_webhook=url, **({"notify_on": on} if on else {}))
    assert (told(context_of(notices, outcome, analysis=analysis)) is not None) == is_told
    assert len(receiver.heard) == is_told


def test_an_error_is_told_by_option(receiver: Receiver, url: str) -> None:
    made = context_of(Notices(handoff_webhook=url, notify=("slack",), notify_on=("error",)), "error")
    decision = Decision(outcome="error", rule="error", reason="the API server does not answer")
    error = InfrastructureError("the API server does not answer")
    receipt = told(EffectContext(made.settings, decision, None, RUN, error=error))
    assert receipt is not None
    assert receipt.done
    bodies = [heard.body.decode() for heard in receiver.heard]
    assert all("the API server does not answer" in body for body in bodies)


@pytest.mark.slow
def test_an_agent_is_handed_a_failure_once_and_a_chat_is_told_each_time(
    github: GitHub, receiver: Receiver, url: str
) -> None:
    notices = Notices(handoff_webhook=url, notify=("slack",))
    details = []
    for uid in ("a", "a", "b"):
        receipt = told(context_of(notices, github_repo="acme/shop", analysis=struct_replace(RUN, uid=uid)))
        assert receipt is not None
        details.append(receipt.detail)
    assert details == ["handoff: told; slack: told", "handoff: told; slack: told", "slack: told"]
    handed = [json.loads(heard.body) for heard in receiver.heard if heard.path == "/"]
    assert {each["data"]["issue"] for each in handed} == {github.issues[0]["html_url"]}
    alone = context_of(
        Notices(handoff_webhook=url), github_repo="acme/shop", analysis=struct_replace(RUN, uid="c")
    )
    again = told(alone)
    assert again is not None
    assert again.detail == "handoff: the failure was told of before"


def test_one_that_refuses_does_not_keep_the_others(
    receiver: Receiver, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEAMS_WEBHOOK_URL")
    monkeypatch.setenv("GOOGLE_CHAT_WEBHOOK_URL", "http://chat.example.com/hunter2secret")
    context = context_of(Notices(notify=("slack", "teams", "google-chat")))
    receipt = told(context)
    assert receipt is not None
    assert (receipt.done, len(receiver.heard)) == (False, 1)
    assert "slack: told; teams: NOT told: there is no address for teams" in receipt.detail
    assert "google-chat: NOT told: GOOGLE_CHAT_WEBHOOK_URL would go to chat.example.com" in receipt.detail
    assert "set TEAMS_WEBHOOK_URL" in receipt.advice
    assert context.record is not None
    kept = encode(struct_replace(context.record, receipts=(receipt,))).decode()
    assert "hunter2" not in kept
    assert KEY not in kept


@pytest.mark.slow
def test_what_is_down_may_pass_and_changes_no_exit_code(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "http://127.0.0.1:9/x")
    context = context_of(Notices(notify=("slack",)))
    receipt = told(context)
    assert receipt is not None
    assert (receipt.done, receipt.may_pass, context.exit_code()) == (False, True, 3)


@pytest.mark.slow
def test_one_that_hangs_is_left_by_the_deadline(url: str, web: Callable[..., str]) -> None:
    from threading import Event

    never = Event()
    hung = web(lambda _: never.wait(20) and None)
    context = context_of(Notices(handoff_webhook=hung))
    done = carry_out(context, lambda deadline: cast("Cluster", NoCluster(deadline)), Deadline.after(1))
    never.set()
    receipt = next(receipt for receipt in done.receipts if receipt.effect == "webhook")
    assert not receipt.done
    assert "may have been told" in receipt.detail


@pytest.mark.parametrize(
    ("notices", "said"),
    [
        ({"handoff_webhook": "http://agent.example.com"}, "over http"),
        ({"handoff_webhook": "agent"}, "is no address"),
        ({"notify": ("slack",), "notify_template": "/nowhere.j2"}, "there is no template"),
    ],
)
def test_what_cannot_be_is_a_usage_error_before_anything_is_sent(notices: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_notices(Notices(**notices))


def test_what_can_be_is_none() -> None:
    check_notices(Notices())
    check_notices(Notices(handoff_webhook="https://agent.example.com/hook", notify=("teams",)))
