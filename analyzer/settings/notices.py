"""The settings that say who else is told of an answer, by a webhook.

The address of a chat's webhook is a credential, so it is in the environment (`webhooks/address.py`).
"""

from typing import Annotated, Literal

from analyzer.settings.option import REPORTING, Group, Section, option

Chat = Literal["slack", "teams", "google-chat"]
NoticeOutcome = Literal["rollback", "inconclusive", "promote", "error"]


class Notices(Group):
    """Who is told. `handoff_webhook` is empty for nobody."""

    handoff_webhook: Annotated[
        str,
        option(
            Section.NOTICE,
            (
                "Send the decision as signed JSON, such as to an agent of your own."
                " The key is in HANDOFF_WEBHOOK_SECRET."
            ),
            REPORTING,
            metavar="URL",
            seldom=True,
        ),
    ] = ""
    notify: Annotated[
        tuple[Chat, ...],
        option(
            Section.NOTICE,
            "Chat that is told: slack, teams or google-chat. Its address is in SLACK_WEBHOOK_URL and so on.",
            REPORTING,
            default="none",
            seldom=True,
        ),
    ] = ()
    notify_on: Annotated[
        tuple[NoticeOutcome, ...],
        option(
            Section.NOTICE,
            "Outcome that webhooks are told of.",
            REPORTING,
            seldom=True,
        ),
    ] = ("rollback",)
    notify_template: Annotated[
        str,
        option(Section.NOTICE, "Jinja template of a chat's message.", REPORTING, kind="file", seldom=True),
    ] = ""
