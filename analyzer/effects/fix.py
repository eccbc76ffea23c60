"""`--suggest-fix MODEL`: a model is shown the suspects' files, and the edits that apply are a diff on the
issue; with `--fix-pull-request` a draft pull request as well.

It is the last effect, and has time of its own, because a model takes longer than GitHub does.
"""

import os
from dataclasses import dataclass

import msgspec

from analyzer import models
from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline, within
from analyzer.common.short import short_digest
from analyzer.effects.interface import EffectContext
from analyzer.errors import InfrastructureError, UsageError
from analyzer.github.change_text import Examined
from analyzer.github.client import Repository
from analyzer.github.credentials import read_credentials
from analyzer.github.examine import examine_change
from analyzer.github.fix_edits import SCHEMA, Fix, apply_fix, parse_fix, show_diff, write_prompt
from analyzer.github.fix_files import SourceFile, read_files
from analyzer.github.fix_pull import Proposal, open_pull
from analyzer.github.issue_text import write_fix
from analyzer.github.listing import retry
from analyzer.github.mark import Mark, mark_failure
from analyzer.github.tracking import comment_once
from analyzer.models.interface import Model, Question, Reply, Turn
from analyzer.records import retention
from analyzer.records.record import FIX, ISSUE, Receipt, Record
from analyzer.settings import Issues

NEW = ("opened", "reopened")
READING = 0.3  # of the time that is left, to read commits and files
ASKING = 0.7  # of what is left then, for the model


class FixEffect:
    """Suggests a fix on the issue that was opened."""

    name = FIX

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if a model is named, and a rollback is told of."""
        return bool(
            context.settings.issues.suggest_fix
            and context.record
            and context.decision.outcome == "rollback"
            and not context.dry_run()
        )

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Suggest it by the cluster's deadline, where an issue was opened or reopened."""
        filed = next((receipt for receipt in context.receipts if receipt.effect == ISSUE), None)
        number = filed.place.rpartition("/")[2] if filed else ""
        if context.record is None or filed is None or not number.isdigit():
            return _nothing("there is no issue to suggest it on")
        if filed.action not in NEW:
            return _nothing("the failure was told of before")
        fixing = _Fixing(context.record, int(number), cluster.deadline)
        return within(fixing.suggest, cluster.deadline, "no fix was suggested")


def check_fix(issues: Issues) -> None:
    """Raise UsageError for a model that cannot be asked for a fix, or options that need others."""
    if not issues.suggest_fix:
        if issues.fix_pull_request:
            raise UsageError(
                "--fix-pull-request opens what --suggest-fix suggests",
                advice="give --suggest-fix MODEL, or leave --fix-pull-request out",
            )
        return
    if not issues.github_repo:
        raise UsageError(
            "--suggest-fix suggests on an issue, and no repository is named for it",
            advice="give --github-repo OWNER/NAME, or leave --suggest-fix out",
        )
    if issues.suggest_fix.partition(":")[0] in ("builtin", "agent"):
        raise UsageError(
            f"--suggest-fix {issues.suggest_fix} writes no code",
            advice="name a model, such as --suggest-fix gemini",
        )
    models.choose((issues.suggest_fix,), {})


@dataclass(frozen=True)
class _Fixing:
    record: Record
    number: int
    deadline: Deadline

    def suggest(self) -> Receipt:
        issues = self.record.settings.issues
        (model,) = models.create((issues.suggest_fix,), os.environ)
        credentials = read_credentials(os.environ)
        repository = Repository.connect(issues.github_repo, credentials, self.deadline)
        until = self.deadline.share(READING)
        examined = examine_change(repository, self.record, credentials.url, until)
        if not examined.suspects:
            return _nothing("no commit is a suspect")
        revision = examined.change.canary
        files = read_files(repository, examined.suspects, revision, until)
        if not files:
            return _nothing("of the suspects' files none can be shown")
        fix = self._ask(model, examined, files)
        issue = retry(lambda: repository.read_issue(self.number), self.deadline)
        pull = ""
        if fix.files and issues.fix_pull_request:
            text = self._write_comment(model, fix, "")
            proposal = Proposal(
                issue=self.number, fix=fix, revision=revision, base=issues.assign_branch, body=text
            )
            pull = open_pull(repository, proposal, self.deadline)
        mark = mark_failure(self.record)
        own = Mark(
            subject=mark.subject,
            failure=short_digest("fix", length=len(mark.failure)),
            run=short_digest("fix", mark.run),
        )
        text = f"{self._write_comment(model, fix, pull)}\n\n{own.write()}\n"
        comment_once(repository, issue, own, lambda _: text, self.deadline)
        detail = f"suggested by {model.name} on {issues.github_repo}#{self.number}"
        if not fix.diff:
            return _nothing(f"{model.name} has no edit that applies")
        return Receipt(effect="fix", done=True, detail=detail, place=pull)

    def _ask(self, model: Model, examined: Examined, files: tuple[SourceFile, ...]) -> Fix:
        """Return the fix. Raise InfrastructureError if the model gives none."""
        hide = self.record.settings.hide
        keep, mask = retention.make_mask(hide), retention.make_code_mask(hide)
        shown = tuple(msgspec.structs.replace(file, text=mask(file.text)) for file in files)
        suspects = [
            f"{suspect.commit.short()} {suspect.commit.subject}: {suspect.reason}"
            for suspect in examined.suspects
        ]
        reason = self.record.judgement.decision.reason
        prompt = write_prompt(reason, list(map(keep, suspects)), shown, self.record.evidence.nonce)
        question = Question(prompt=prompt, schema=SCHEMA)
        answer = model.ask(question, (Turn(role="user", text=prompt),), self.deadline.share(ASKING))
        if not isinstance(answer, Reply):
            why = getattr(answer, "reason", "it called a tool")
            raise InfrastructureError(f"{model.name} suggested no fix: {why}")
        try:
            return apply_fix(parse_fix(answer.text), files)
        except ValueError as error:
            raise InfrastructureError(f"the fix of {model.name} cannot be used: {error}") from error

    def _write_comment(self, model: Model, fix: Fix, pull: str) -> str:
        hide = self.record.settings.hide
        keep, mask = retention.make_mask(hide), retention.make_code_mask(hide)
        return write_fix(model.name, keep(fix.summary), show_diff(fix.diff, mask), fix.dropped, pull)


def _nothing(why: str) -> Receipt:
    return Receipt(effect="fix", done=False, detail=f"no fix was suggested: {why}")
