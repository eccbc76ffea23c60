"""What chats publish of the messages that their webhooks take, as far as ours use it; nothing else may be in
them.

- Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
  https://docs.slack.dev/reference/block-kit/blocks/section-block and …/composition-objects/text-object
- Teams: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
  and https://adaptivecards.io/explorer (AdaptiveCard, RichTextBlock, TextRun, Action.OpenUrl)
- Google Chat: https://developers.google.com/workspace/chat/api/reference/rest/v1/cards and …/spaces.messages
"""

from typing import Any

Json = dict[str, Any]
URL: Json = {"type": "string", "pattern": "^https?://", "maxLength": 2048}


def an_object(required: tuple[str, ...], **properties: Json) -> Json:
    return {
        "type": "object",
        "required": list(required),
        "properties": {name.replace("schema_", "$schema"): each for name, each in properties.items()},
        "additionalProperties": False,
    }


def some(items: Json, most: int = 1000) -> Json:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


def text(most: int) -> Json:
    return {"type": "string", "minLength": 1, "maxLength": most}


SLACK = an_object(
    ("text", "blocks"),
    text=text(40_000),
    blocks=some(
        an_object(
            ("type", "text"),
            type={"const": "section"},
            text=an_object(
                ("type", "text"), type={"const": "mrkdwn"}, text=text(3000), verbatim={"const": True}
            ),
        ),
        50,
    ),
    unfurl_links={"const": False},
    unfurl_media={"const": False},
)

TEXT_RUN = an_object(
    ("type", "text"),
    type={"const": "TextRun"},
    text=text(10_000),
    weight={"enum": ["Default", "Lighter", "Bolder"]},
)
CARD = an_object(
    ("type", "version", "body"),
    schema_={"const": "http://adaptivecards.io/schemas/adaptive-card.json"},
    type={"const": "AdaptiveCard"},
    version={"enum": ["1.2", "1.3", "1.4", "1.5"]},
    body=some(an_object(("type", "inlines"), type={"const": "RichTextBlock"}, inlines=some(TEXT_RUN))),
    actions=some(
        an_object(("type", "title", "url"), type={"const": "Action.OpenUrl"}, title=text(100), url=URL), 6
    ),
)
TEAMS = an_object(
    ("type", "attachments"),
    type={"const": "message"},
    attachments=some(
        an_object(
            ("contentType", "content"),
            contentType={"const": "application/vnd.microsoft.card.adaptive"},
            contentUrl={"type": "null"},
            content=CARD,
        ),
        1,
    ),
)

WIDGET: Json = {
    "oneOf": [
        an_object(("textParagraph",), textParagraph=an_object(("text",), text=text(10_000))),
        an_object(
            ("buttonList",),
            buttonList=an_object(
                ("buttons",),
                buttons=some(
                    an_object(
                        ("text", "onClick"),
                        text=text(100),
                        onClick=an_object(("openLink",), openLink=an_object(("url",), url=URL)),
                    )
                ),
            ),
        ),
    ]
}
GOOGLE_CHAT = an_object(
    ("cardsV2",),
    cardsV2=some(
        an_object(
            ("cardId", "card"),
            cardId=text(100),
            card=an_object(("sections",), sections=some(an_object(("widgets",), widgets=some(WIDGET, 100)))),
        )
    ),
)
SHAPES = {"slack": SLACK, "teams": TEAMS, "google-chat": GOOGLE_CHAT}
LARGEST = {"slack": 100_000, "teams": 28_000, "google-chat": 32_000}  # bytes
