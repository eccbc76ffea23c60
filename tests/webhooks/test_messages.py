"""What chats and a handoff are told: of the published shape, and nothing in it that a text of others does."""

import html
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from analyzer.decision import Decision
from analyzer.errors import UsageError
from analyzer.exits import ExitCode
from analyzer.settings import Notices, Settings, Tell
from analyzer.webhooks.chats import FORMS, write_chat
from analyzer.webhooks.finished import Finished
from analyzer.webhooks.handoff import write_handoff
from analyzer.webhooks.message import MAX_CHAT_MESSAGE, write_message
from tests.github.conftest import FINISHED, finished
from tests.github.hostile import TEXTS
from tests.webhooks.shapes import LARGEST as LARGEST_OF
from tests.webhooks.shapes import SHAPES

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "handoff.json"
ISSUE = "https://github.example.com/acme/shop/issues/7"
WAYS = (
    *TEXTS,
    "<!channel> <!here> <@U123> <#C123> <!subteam^S1> <https://evil.example|click>",
    "<users/all> <at>Everyone</at> <a href='https://evil.example'>x</a> [x](https://evil.example)",
    "evil.example/x EVIL.COM mailto:x@evil.example tel:+1 //evil.example",
)
each_chat = pytest.mark.parametrize("chat", FORMS)


def a_run(reason: str = "", *, name: str = "crash-loop", **notices: Any) -> Finished:
    record = finished(
        name, None, notices=Notices(**notices), tell=Tell(link="https://logs.example.com/?a=1&b=2")
    )
    decision = record.judgement.decision
    if reason:
        decision = msgspec.structs.replace(decision, reason=reason)
    judgement = msgspec.structs.replace(record.judgement, decision=decision)
    record = msgspec.structs.replace(record, judgement=judgement)
    target = record.evidence.target
    return Finished(
        record.settings, decision, target, target.analysis, record, ExitCode.ROLLBACK, ISSUE, FINISHED
    )


def shown(chat: str, payload: Any) -> str:
    """What a chat would read of the texts of a message, our own links left out."""
    if chat == "slack":
        text: str = payload["blocks"][0]["text"]["text"]
        return text.replace(f"<{ISSUE}|Issue>", "").replace(
            "<https://logs.example.com/?a=1&amp;b=2|More of this run>", ""
        )
    if chat == "teams":
        blocks = payload["attachments"][0]["content"]["body"]
        return "\n".join(run["text"] for block in blocks for run in block["inlines"])
    widgets = payload["cardsV2"][0]["card"]["sections"][0]["widgets"]
    return "\n".join(widget["textParagraph"]["text"] for widget in widgets if "textParagraph" in widget)


@each_chat
@pytest.mark.parametrize("name", ["crash-loop", "oom-kill", "healthy"])
def test_a_message_has_the_published_shape(chat: str, name: str) -> None:
    sent = write_chat(chat, write_message(a_run(name=name)))
    Draft202012Validator(SHAPES[chat]).validate(json.loads(sent))
    assert len(sent) < LARGEST_OF[chat]


@each_chat
def test_it_says_who_and_why_and_leads_to_the_issue(chat: str) -> None:
    payload = json.loads(write_chat(chat, write_message(a_run())))
    text = html.unescape(shown(chat, payload))
    assert text.startswith("Canary rolled back: shop/cart")
    assert "container cart exits with code 2 again and again" in text
    assert "Image of cart: stable localhost/cart:1.4.2, canary localhost/cart:1.5.1" in text
    assert ISSUE in json.dumps(payload)


@pytest.mark.slow
@each_chat
def test_no_text_of_others_mentions_links_or_calls(chat: str) -> None:
    acting = re.compile(r"@|[<>]|https?://|www\.|[a-z0-9]\.[a-z]{2}|(?m:^/)|:[a-z]+:|#[0-9]", re.IGNORECASE)
    for text in WAYS:
        payload = json.loads(write_chat(chat, write_message(a_run(text))))
        Draft202012Validator(SHAPES[chat]).validate(payload)
        found = shown(chat, payload)
        if chat == "teams":  # runs of plain text have no markup
            found = found.replace("<", "(").replace(">", ")")
        assert not acting.search(found), (text, found)


@each_chat
def test_a_long_one_is_cut_and_fits(chat: str) -> None:
    message = write_message(a_run("it fails & <again> " * 500))
    assert sum(map(len, message.lines)) <= MAX_CHAT_MESSAGE
    payload = json.loads(write_chat(chat, message))
    Draft202012Validator(SHAPES[chat]).validate(payload)


@each_chat
def test_a_template_of_a_team_replaces_the_words_and_escapes_all_the_same(chat: str, tmp_path: Path) -> None:
    own = tmp_path / "own.j2"
    own.write_text("<b>{{ target }}</b> says {{ reason }}")
    message = write_message(a_run("<!channel> @here", notify_template=str(own)))
    text = shown(chat, json.loads(write_chat(chat, message)))
    assert html.unescape(text).startswith("<b>shop/cart</b> says <!channel> \N{FULLWIDTH COMMERCIAL AT}here")
    assert ("<" in text) == (chat == "teams")


def test_a_template_that_is_broken_is_said(tmp_path: Path) -> None:
    (tmp_path / "own.j2").write_text("{{ nothing }}")
    with pytest.raises(UsageError, match="uses a name that is not there"):
        write_message(a_run(notify_template=str(tmp_path / "own.j2")))


def test_a_link_that_could_end_its_markup_is_left_out() -> None:
    run = a_run()
    settings = msgspec.structs.replace(run.settings, tell=Tell(link="https://x.example/|<!channel>"))
    message = write_message(Finished(settings, *[getattr(run, name) for name in list(run.__dict__)[1:]]))
    assert [link.words for link in message.links] == ["Issue"]


def test_a_handoff_holds_against_its_published_schema_and_names_the_failure() -> None:
    sent = json.loads(write_handoff(a_run()))
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(sent)
    data = sent["data"]
    assert (sent["type"], sent["timestamp"], data["issue"]) == (
        "canary.rollback",
        FINISHED.isoformat().replace("+00:00", "Z"),
        ISSUE,
    )
    assert (data["namespace"], data["rollout"], data["exit_code"]) == ("shop", "cart", 3)
    assert data["fingerprint"] == "5f34a271-7b0c1c03"
    assert data["findings"][0]["kind"] == "crash-loop"
    assert data["title"].startswith("Canary of shop/cart rolled back")


def test_a_handoff_of_a_run_without_an_answer_says_why() -> None:
    decision = Decision(outcome="error", rule="error", reason="no pods")
    run = Finished(Settings(), decision, None, None, None, ExitCode.USAGE, "", FINISHED)
    sent = json.loads(write_handoff(run))
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(sent)
    assert (sent["type"], sent["data"]["reason"]) == ("canary.error", "no pods")


@pytest.mark.slow
def test_a_handoff_calls_no_agent() -> None:
    for text in TEXTS:
        sent = json.loads(write_handoff(a_run(text)))["data"]
        assert not re.search(r"@|#[0-9]", f"{sent['reason']}{sent['title']}{sent['body']}"), text
