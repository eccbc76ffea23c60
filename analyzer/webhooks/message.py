"""The words of a chat's message: lines of plain text by a Jinja template, and links of ours.

Each value that a template shows is made harmless: what a chat would make a mention, a link, an emoji or a
command of is another character that looks alike. `chats` then escapes whole lines for its chat. So a message
has no link but those of `Message.links`, and no markup.
"""

import re

from analyzer.common.short import cut
from analyzer.common.templates import TemplateKind
from analyzer.common.value import Value
from analyzer.github.issue_text import list_causes, list_images
from analyzer.report.neutral import SLASH, inert, squeeze_blanks
from analyzer.webhooks.finished import Finished

VERDICTS = {
    "promote": "Canary promoted",
    "rollback": "Canary rolled back",
    "inconclusive": "Canary not promoted",
    "error": "Canary not judged",
}
MAX_VALUE = 700  # characters of a value
MAX_CHAT_MESSAGE = 2800  # characters of a message: Slack takes 3,000 of a text
IMAGES, CAUSES = 5, 3
DOT = "\N{ONE DOT LEADER}"
_SCHEME = re.compile(r"(?<=[A-Za-z0-9+.-]):(?=//)")
_NAME = re.compile(r"(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2})")  # example.com, which a chat links
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]{1,260}(?:/[A-Za-z0-9._~:/?#@!$&'*+,;=%-]{0,1700})?")


class Link(Value):
    """A link, by its words and its address, which has no character that a chat's markup has."""

    words: str
    url: str


class Message(Value):
    """The lines of a message, and the links below them."""

    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()


def make_harmless(text: object) -> str:
    """Return the text on one line as it reads, without anything that a chat acts on by itself."""
    line = _NAME.sub(DOT, _SCHEME.sub("[:]", inert(cut(" ".join(str(text).split()), MAX_VALUE))))
    return f"{SLASH}{line[1:]}" if line.startswith("/") else line


NOTIFICATION = TemplateKind(
    shipped="notification.txt.j2",
    option="--notify-template",
    start_from="begin with the one that ships, templates/notification.txt.j2",
    filters={},
    write=lambda value: str(value) if isinstance(value, int) else make_harmless(value),
)


def write_message(run: Finished) -> Message:
    """Return the message of a run. Raise UsageError for a template that cannot be used."""
    template = NOTIFICATION.read(run.settings.notices.notify_template)
    text = squeeze_blanks(NOTIFICATION.fill(template, _values(run)))
    shown = (("Issue", run.issue), ("More of this run", run.settings.tell.link))
    return Message(
        lines=tuple(cut(text, MAX_CHAT_MESSAGE).splitlines()),
        links=tuple(Link(words=words, url=url) for words, url in shown if _ADDRESS.fullmatch(url)),
    )


def _values(run: Finished) -> dict[str, object]:
    """Return what a template can show; docs/webhooks.md lists it."""
    decision, record = run.decision, run.record
    return {
        "outcome": decision.outcome,
        "verdict": VERDICTS.get(decision.outcome, decision.outcome),
        "target": run.target.name() if run.target else "",
        "reason": decision.reason,
        "rule": decision.rule,
        "confidence": None if decision.confidence is None else round(decision.confidence),
        "exit_code": int(run.exit_code),
        "analysis": run.analysis,
        "images": list_images(record)[:IMAGES] if record else [],
        "causes": list_causes(record, MAX_VALUE)[:CAUSES] if record else [],
        "replay": record.replay() if record else "",
    }
