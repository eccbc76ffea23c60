"""`--github-repo OWNER/NAME`: a failing canary as an issue on GitHub, which a coding agent can be given.

A run that is inconclusive opens one only if `--issue-inconclusive` says so, and a dry run never does. A later
promotion of the same Rollout is told to its open issues. The work is done on a thread that the deadline
leaves behind, because a client's timeout is for each read; `github.tracking` holds wherever it was broken
off.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property

import msgspec

from analyzer.cluster import Cluster
from analyzer.common.counted import counted
from analyzer.common.deadline import Deadline, within
from analyzer.common.short import cut
from analyzer.effects.interface import EffectContext
from analyzer.errors import UsageError
from analyzer.github import issue_text
from analyzer.github.agent_tasks import COPILOT_TASK, AgentTasks
from analyzer.github.agents import Handover, hand_over
from analyzer.github.change_text import Examined
from analyzer.github.client import Repository, check_name
from analyzer.github.credentials import Credentials, read_credentials
from analyzer.github.examine import examine_change
from analyzer.github.issue import Issue
from analyzer.github.mark import mark_failure, mark_promotion
from analyzer.github.tracking import Filed, Filing, Promotion, TrackedFailure, file_failure, tell_promotion
from analyzer.records.record import ISSUE, Receipt, Record
from analyzer.settings import Issues

ACTIONS = {
    "opened": "opened",
    "reopened": "reopened",
    "commented": "commented on, for the failure has happened before",
    "kept": "told already",
}
LONGEST_LABEL = 50  # characters: GitHub's
READING = 0.5  # of the time that is left, to read the commits
RIGHT = "give the token the right to set labels, or the same failure may open another issue"


class IssueEffect:
    """Tells GitHub of a failure, or of the promotion that ends it."""

    name = ISSUE

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if a repository is named and the outcome is one that it is told of."""
        issues, outcome = context.settings.issues, context.decision.outcome
        outcomes = {
            "rollback": True,
            "inconclusive": issues.issue_inconclusive,
            "promote": issues.issue_on_promote != "none",
        }
        return (
            bool(issues.github_repo and context.record)
            and outcomes.get(outcome, False)
            and not context.dry_run()
        )

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Tell it, by the cluster's deadline, which is that of all effects."""
        assert context.record is not None
        record = msgspec.structs.replace(
            context.record, receipts=context.receipts, exit_code=context.exit_code()
        )
        telling = _Telling(record, cluster.deadline)
        promoted = context.decision.outcome == "promote"
        task = telling.tell_promotion if promoted else telling.file_failure
        return within(task, cluster.deadline, "GitHub was not told of it")


def check_issues(issues: Issues) -> None:
    """Raise UsageError for a repository, a label or a template that cannot be. Sends nothing."""
    if not issues.github_repo:
        if issues.github_status != "none":
            raise UsageError(
                "--github-status sets a status on a commit, and no repository is named for it",
                advice="give --github-repo OWNER/NAME, or leave --github-status out",
            )
        if issues.assign:
            raise UsageError(
                "--assign gives an issue to an agent, and no repository is named for it",
                advice="give --github-repo OWNER/NAME, or leave --assign out",
            )
        return
    check_name(issues.github_repo)
    for label in issues.issue_label:
        if "," in label or not 0 < len(label.strip()) <= LONGEST_LABEL:
            raise UsageError(
                f"--issue-label {cut(label, 80)!r} is no label of GitHub",
                advice=f"a label has 1 to {LONGEST_LABEL} characters and no comma",
            )
    issue_text.ISSUE.read(issues.issue_template)


@dataclass(frozen=True)
class _Telling:
    """What is told of one finished run."""

    record: Record
    deadline: Deadline

    def file_failure(self) -> Receipt:
        issues, record = self.record.settings.issues, self.record
        mark = mark_failure(record)
        # a template that is broken is told of before anything is sent
        issue_text.write_body(record, mark, issues.issue_template)
        repository = self._connect()
        examined = self._examined(repository)
        failure = TrackedFailure(
            mark=mark,
            title=issue_text.write_title(record),
            body=lambda earlier: issue_text.write_body(
                record, mark, issues.issue_template, earlier=earlier, examined=examined()
            ),
            comment=lambda occasion, count: issue_text.write_comment(record, mark, occasion, count=count),
        )
        filing = Filing(issues.issue_label, issues.issue_returning == "reopen", issues.issue_limit)
        filed = file_failure(repository, failure, filing, self.deadline, datetime.now(UTC))
        if filed.action == "limited" or filed.issue is None:
            return Receipt(
                effect=ISSUE,
                done=False,
                detail=f"no issue was opened: {counted(issues.issue_limit, 'issue')} within 24"
                " hours is the most",
                advice="see why the same canary comes again and again, or raise --issue-limit",
                action=filed.action,
            )
        done = [f"{issues.github_repo}#{filed.issue.number} was {ACTIONS[filed.action]}"]
        if filed.action in ("opened", "reopened") and issues.assign:
            done += hand_over(repository, filed.issue, self._handover(), self.deadline)
        return Receipt(
            effect=ISSUE,
            done=True,
            detail="; ".join((*done, *self._follow(repository, [filed.issue]), *_unlabelled(filed))),
            advice=RIGHT if filed.unlabelled else "",
            place=filed.issue.url,
            action=filed.action,
        )

    def tell_promotion(self) -> Receipt:
        issues = self.record.settings.issues
        mark, closes = mark_promotion(self.record), issues.issue_on_promote == "close"
        comment = issue_text.write_comment(self.record, mark, "promoted", closes=closes)
        promotion = Promotion(mark, comment, issues.issue_label[0], closes)
        repository = self._connect()
        commented = tell_promotion(repository, promotion, self.deadline)
        numbers = ", ".join(f"{issues.github_repo}#{issue.number}" for issue in commented)
        what = "closed" if closes else "told of the promotion"
        told = "; ".join((f"{what}: {numbers}", *self._follow(repository, commented)))
        return Receipt(
            effect=ISSUE,
            done=True,
            detail=told if commented else "no issue of this Rollout is open",
            place=commented[0].url if commented else "",
        )

    def _follow(self, repository: Repository, issues: list[Issue]) -> list[str]:
        """Return what became of the tasks that work on issues, in words."""
        if COPILOT_TASK not in self.record.settings.issues.assign:
            return []
        tasks = AgentTasks(repository, self.deadline)
        return [words for words in map(tasks.follow, issues) if words]

    def _connect(self) -> Repository:
        return Repository.connect(self.record.settings.issues.github_repo, self._credentials, self.deadline)

    @cached_property
    def _credentials(self) -> Credentials:
        return read_credentials(os.environ)

    def _examined(self, repository: Repository) -> Callable[[], Examined]:
        """Return what examines the change under test: once, and only for an issue that is opened."""

        @cache
        def examine() -> Examined:
            return examine_change(
                repository, self.record, self._credentials.url, self.deadline.share(READING)
            )

        return examine

    def _handover(self) -> Handover:
        issues = self.record.settings.issues
        return Handover(
            agents=issues.assign,
            confidence=self.record.judgement.decision.confidence,
            least=issues.assign_min_confidence,
            instructions=issues.assign_instructions,
            branch=issues.assign_branch,
            run=mark_failure(self.record).run,
            approves=not issues.jules_skip_approval,
            opens_pull=issues.jules_pull_request,
        )


def _unlabelled(filed: Filed) -> tuple[str, ...]:
    return ("GitHub did not set its labels",) if filed.unlabelled else ()
