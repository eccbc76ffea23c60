"""`--handoff-webhook` and `--notify`: a finished run as signed JSON, and as a message of chats.

An agent is not handed the same failure twice: where an issue was only commented on, the handoff is not sent.
The chats are told of each run.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline, Late, in_parallel
from analyzer.effects.interface import EffectContext
from analyzer.errors import AnalyzerError
from analyzer.records.record import ISSUE, Receipt
from analyzer.settings import Notices
from analyzer.webhooks.address import HANDOFF, check_handoff, list_hooks, read_hook
from analyzer.webhooks.chats import write_chat
from analyzer.webhooks.delivery import deliver
from analyzer.webhooks.errors import Unknown, WebhookUnreachable
from analyzer.webhooks.finished import Finished
from analyzer.webhooks.handoff import write_handoff
from analyzer.webhooks.message import NOTIFICATION, write_message

NEW = ("opened", "reopened", "")  # what was done with the issue, where an agent is handed it
SHARE_OF_TIME = 0.95  # of the time: what does not answer by then is said


class WebhookEffect:
    """Tells webhooks, all at once."""

    name = "webhook"

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if a webhook is asked for, and the outcome is one that it is told of."""
        notices = context.settings.notices
        return (
            context.decision.outcome in notices.notify_on
            and not context.dry_run()
            and bool(_list_due(context))
        )

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Tell them by the cluster's deadline, which is that of all effects."""
        run = _finish(context)
        names = _list_due(context)
        if not names:
            return Receipt(effect=self.name, done=True, detail="handoff: the failure was told of before")
        deadline = cluster.deadline.share(SHARE_OF_TIME)
        tasks: list[Callable[[], AnalyzerError | None]] = [
            partial(_tell, name, run, deadline) for name in names
        ]
        outcomes = in_parallel(tasks, cluster.deadline)
        late = Unknown("it did not answer in time; it may have been told", advice="look there")
        errors = {
            name: late if isinstance(outcome, Late) else outcome.value
            for name, outcome in zip(names, outcomes, strict=True)
        }
        failed = [error for error in errors.values() if error]
        return Receipt(
            effect=self.name,
            done=not failed,
            detail="; ".join(
                f"{name}: NOT told: {error}" if error else f"{name}: told" for name, error in errors.items()
            ),
            advice="; ".join(dict.fromkeys(error.advice for error in failed if error.advice)),
            may_pass=any(isinstance(error, WebhookUnreachable) for error in failed),
        )


def check_notices(notices: Notices) -> None:
    """Raise UsageError for an address or a template that cannot be. Sends nothing."""
    check_handoff(notices)
    if notices.notify:
        NOTIFICATION.read(notices.notify_template)


def _list_due(context: EffectContext) -> tuple[str, ...]:
    issue = next((receipt for receipt in context.receipts if receipt.effect == ISSUE), None)
    action = issue.action if issue else ""
    return tuple(name for name in list_hooks(context.settings.notices) if name != HANDOFF or action in NEW)


def _finish(context: EffectContext) -> Finished:
    record = context.record
    return Finished(
        settings=context.settings,
        decision=context.decision,
        target=context.target,
        analysis=context.analysis,
        record=record,
        exit_code=context.exit_code(),
        issue=context.place(ISSUE),
        at=record.finished_at if record else datetime.now(UTC),
    )


def _tell(name: str, run: Finished, deadline: Deadline) -> AnalyzerError | None:
    """Tell one webhook, and return why it could not be told; None if it was."""
    try:
        hook = read_hook(name, run.settings.notices, os.environ)
        body = write_handoff(run) if name == HANDOFF else write_chat(name, write_message(run))
        deliver(hook, run.identify(), body, deadline)
    except AnalyzerError as error:
        return error
    return None
