"""A message in the form of each chat.

| chat          | form                                       |
| ------------- | ------------------------------------------ |
| `slack`       | a section of `mrkdwn` that is verbatim [1] |
| `teams`       | an Adaptive Card of runs of plain text [2] |
| `google-chat` | a card of paragraphs, escaped as HTML [3]  |

[1] https://docs.slack.dev/reference/block-kit/composition-objects/text-object
[2] https://adaptivecards.io/explorer/TextRun.html
[3] https://developers.google.com/workspace/chat/api/reference/rest/v1/cards
"""

import html
from collections.abc import Callable

import msgspec

from analyzer.common.value import Json
from analyzer.settings import Chat
from analyzer.webhooks.message import Message

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
CARD_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
CARD_VERSION = "1.2"  # the first with runs of plain text


def write_chat(chat: str, message: Message) -> bytes:
    """Return the message as a chat's webhook takes it."""
    form = next(form for name, form in FORMS.items() if name == chat)
    return msgspec.json.encode(form(message))


def _slack(message: Message) -> Json:
    lines = list(map(_escape, message.lines))
    links = [f"<{_escape(link.url)}|{_escape(link.words)}>" for link in message.links]
    text = "\n".join((*lines, *links))
    return {
        "text": lines[0] if lines else "rollout-analyzer",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _escape(text: str) -> str:
    """Escape what Slack has as control characters
    (https://docs.slack.dev/messaging/formatting-message-text).
    """
    return html.escape(text, quote=False)


def _teams(message: Message) -> Json:
    card: Json = {
        "$schema": CARD_SCHEMA,
        "type": "AdaptiveCard",
        "version": CARD_VERSION,
        "body": [_run_of(line, bold=number == 0) for number, line in enumerate(message.lines) if line],
    }
    if message.links:
        card["actions"] = [
            {"type": "Action.OpenUrl", "title": link.words, "url": link.url} for link in message.links
        ]
    return {
        "type": "message",
        "attachments": [{"contentType": ADAPTIVE, "contentUrl": None, "content": card}],
    }


def _run_of(line: str, *, bold: bool) -> Json:
    weight = {"weight": "Bolder"} if bold else {}
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line, **weight}]}


def _google_chat(message: Message) -> Json:
    widgets: list[Json] = [
        {"textParagraph": {"text": html.escape(line, quote=False)}} for line in message.lines if line
    ]
    if message.links:
        buttons = [{"text": link.words, "onClick": {"openLink": {"url": link.url}}} for link in message.links]
        widgets.append({"buttonList": {"buttons": buttons}})
    return {"cardsV2": [{"cardId": "rollout-analyzer", "card": {"sections": [{"widgets": widgets}]}}]}


FORMS: dict[Chat, Callable[[Message], Json]] = {
    "slack": _slack,
    "teams": _teams,
    "google-chat": _google_chat,
}
