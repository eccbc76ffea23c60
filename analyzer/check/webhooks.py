"""Webhooks: their addresses and the key, the chats' template, and whether each answers. Nothing is posted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from analyzer.check.interface import CheckRequest, CheckResult, result_of_attempt, result_of_error
from analyzer.check.prompt import sample_evidence
from analyzer.common.deadline import Deadline
from analyzer.decision import Decision
from analyzer.errors import AnalyzerError, UsageError
from analyzer.exits import ExitCode
from analyzer.settings import Settings
from analyzer.webhooks.address import Hook, list_hooks, read_hook
from analyzer.webhooks.delivery import probe
from analyzer.webhooks.finished import Finished
from analyzer.webhooks.message import write_message

CHECK = "webhook"


def check_webhooks(request: CheckRequest) -> Iterator[CheckResult]:
    """Yield the results; nothing if no webhook is asked for."""
    notices = request.settings.notices
    if notices.notify:
        try:
            count = len(write_message(_sample(request.settings)).lines)
        except UsageError as error:
            yield result_of_error(CHECK, "template", error)
        else:
            yield CheckResult(
                check=CHECK, state="holds", about="template", what=f"renders, {count} lines for a small case"
            )
    for name in list_hooks(notices):
        try:
            hook = read_hook(name, notices, request.environ)
        except AnalyzerError as error:
            yield result_of_error(CHECK, name, error)
            continue
        if not request.offline:
            yield result_of_attempt(CHECK, name, partial(_ask, hook, request.deadline))


def _ask(hook: Hook, deadline: Deadline) -> str:
    probe(hook, deadline)
    return f"{hook.host()} answers; whether it takes what is sent shows in a run"


def _sample(settings: Settings) -> Finished:
    target = sample_evidence().target
    decision = Decision(outcome="rollback", rule="blocking finding", reason="made up")
    return Finished(
        settings, decision, target, target.analysis, None, ExitCode.ROLLBACK, "", datetime.now(UTC)
    )
