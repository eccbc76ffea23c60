"""`--github-status`: the answer on the canary's commit, where GitHub shows it beside its checks."""

import os
from dataclasses import dataclass

from analyzer.cluster import Cluster
from analyzer.common.deadline import Deadline, within
from analyzer.effects.interface import EffectContext
from analyzer.github.client import Repository
from analyzer.github.credentials import read_credentials
from analyzer.github.status import (
    STATES,
    find_revision,
    set_commit_status,
    set_deployment_status,
    write_status,
)
from analyzer.records.record import ISSUE, Receipt, Record


class StatusEffect:
    """Sets the status of a commit, or of its deployment."""

    name = "status"

    def is_enabled(self, context: EffectContext) -> bool:
        """Return True if a status is wanted and Argo uses the answer."""
        issues = context.settings.issues
        return (
            issues.github_status != "none"
            and bool(issues.github_repo and context.record)
            and context.decision.outcome in STATES
            and not context.dry_run()
        )

    def apply(self, context: EffectContext, cluster: Cluster) -> Receipt:
        """Set it by the cluster's deadline, which is that of all effects."""
        assert context.record is not None
        task = _Setting(context.record, context.place(ISSUE), cluster.deadline)
        return within(task.set, cluster.deadline, "GitHub was not told the status")


@dataclass(frozen=True)
class _Setting:
    record: Record
    issue: str
    deadline: Deadline

    def set(self) -> Receipt:
        issues = self.record.settings.issues
        repository = Repository.connect(issues.github_repo, read_credentials(os.environ), self.deadline)
        sha = find_revision(repository, self.record, self.deadline)
        status = write_status(self.record, self.issue)
        setting = set_commit_status if issues.github_status == "commit" else set_deployment_status
        setting(repository, sha, status, self.deadline)
        return Receipt(
            effect="status",
            done=True,
            detail=f"{issues.github_status} status {status.state} on {issues.github_repo}@{sha[:8]}",
        )
