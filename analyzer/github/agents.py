"""Giving an issue to coding agents. What they are told beside the issue is the operator's words alone.

| agent   | starts by                                                                                    |
| ------- | -------------------------------------------------------------------------------------------- |
| jules   | the label `jules`                                                                            |
| claude  | the label `claude`, which its GitHub Action looks for by default (`label_trigger`)           |
| jules-api | a session of its REST API (`jules`), whose address goes into a comment                     |
| copilot-task | a task of GitHub's API (`agent_tasks`), by a user's token                          |
| copilot | being assigned as `copilot-swe-agent[bot]`, by a user's token                                |

GitHub answers 201 to an assignee that it ignores, so assignees are read back. `agent_assignment` is
documented
(https://docs.github.com/en/copilot/how-tos/use-copilot-agents/cloud-agent/use-cloud-agent-via-the-api) and in
neither GitHub's OpenAPI description nor PyGithub.
"""

import os
from dataclasses import dataclass
from functools import partial

from analyzer.common.deadline import Deadline
from analyzer.common.short import short_digest
from analyzer.common.value import Value
from analyzer.errors import AnalyzerError
from analyzer.github.agent_tasks import COPILOT_TASK, AgentTasks
from analyzer.github.client import Repository
from analyzer.github.errors import GitHubError
from analyzer.github.issue import Issue
from analyzer.github.jules import Jules
from analyzer.github.listing import retry
from analyzer.github.mark import Mark
from analyzer.github.task import AgentTask
from analyzer.github.tracking import comment_once
from analyzer.settings import Agent

LABELS: dict[Agent, str] = {"jules": "jules", "claude": "claude"}
JULES_API: Agent = "jules-api"
COPILOT = "copilot-swe-agent[bot]"
ASSIGNED = {COPILOT, "copilot-swe-agent", "copilot"}  # what its login reads as, in lower case
IGNORED = (
    "GitHub took the request and assigned nobody: it needs a user's token, and Copilot's agent switched on"
)
# GitHub's words for a confidence, below so many percent
LEVELS = (
    (50, "low"),
    (80, "medium"),
    (101, "high"),
)


class Handover(Value):
    """To whom the issue is given. `confidence`: in percent, of the models, None if a rule decided alone.

    Below `least` it is only suggested, for a person to accept. `instructions` and `branch` are Copilot's and
    those of Jules' API. `run` tells this run from others.
    """

    agents: tuple[Agent, ...]
    confidence: float | None
    least: float
    instructions: str = ""
    branch: str = ""
    run: str = ""
    approves: bool = True
    opens_pull: bool = False

    def is_sure(self) -> bool:
        """Return whether an agent may start by itself."""
        return self.confidence is None or self.confidence >= self.least


@dataclass(frozen=True)
class _Giver:
    repository: Repository
    issue: Issue
    handover: Handover
    deadline: Deadline

    def give(self, agent: Agent) -> str:
        """Give the issue to an agent, and return what was done; empty where it was before."""
        if agent in (JULES_API, COPILOT_TASK):
            return self._start(agent)
        return self._label(agent) if agent in LABELS else self._assign()

    def _label(self, agent: Agent) -> str:
        name = LABELS[agent]
        if name in self.issue.labels:
            return ""
        sure = self.handover.is_sure()
        self.repository.add_labels(
            self.issue.number, [name if sure else {"name": name, **self._suggestion()}]
        )
        return f"{'given' if sure else 'suggested'} to {agent}"

    def _assign(self) -> str:
        if self._is_assigned(self.issue):
            return ""
        if not self.handover.is_sure():
            self.repository.assign(self.issue.number, {"login": COPILOT, **self._suggestion()})
            return "suggested to copilot"
        wanted = {
            "target_repo": self.repository.name,
            "base_branch": self.handover.branch,
            "custom_instructions": self.handover.instructions,
        }
        wanted = {name: text for name, text in wanted.items() if text}
        self.repository.assign(self.issue.number, COPILOT, agent_assignment=wanted)
        if not self._is_assigned(self.repository.read_issue(self.issue.number)):
            raise GitHubError(IGNORED)
        return "given to copilot"

    def _start(self, agent: Agent) -> str:
        """Begin what works on the issue by an API of its own, which has no suggestions."""
        if not self.handover.is_sure():
            return f"not given to {agent}: {self._suggestion()['rationale']}"
        begin = self._start_session if agent == JULES_API else self._start_task
        address = begin(self._write_task())
        return f"given to {agent}{f' ({address})' if address else ''}"

    def _write_task(self) -> AgentTask:
        name = f"{self.repository.name}#{self.issue.number}"
        return AgentTask(
            title=f"Canary failure {name} ({self.handover.run})",
            issue=self.issue.url,
            evidence=self.issue.body,
            instructions=self.handover.instructions,
            branch=self.handover.branch,
            approves=self.handover.approves,
            opens_pull=self.handover.opens_pull,
        )

    def _start_task(self, task: AgentTask) -> str:
        return AgentTasks(self.repository, self.deadline).start(self.issue, task)

    def _start_session(self, task: AgentTask) -> str:
        address = Jules.connect(os.environ, self.deadline).start(self.repository.name, task)
        mark = self.issue.mark()
        if address and mark:
            own = Mark(
                subject=mark.subject,
                failure=short_digest(JULES_API, length=len(mark.failure)),
                run=short_digest(task.title),
            )
            text = f"Jules works on this: {address}\n\n{own.write()}\n"
            comment_once(self.repository, self.issue, own, lambda _: text, self.deadline)
        return address

    def _suggestion(self) -> dict[str, str | bool]:
        confidence = self.handover.confidence or 0.0
        level = next(word for bound, word in LEVELS if confidence < bound)
        why = f"the models are {confidence:.0f} % confident, less than {self.handover.least:.0f} %"
        return {"rationale": why, "suggest": True, "confidence": level}

    @staticmethod
    def _is_assigned(issue: Issue) -> bool:
        return any(login.lower() in ASSIGNED for login in issue.assignees)


def hand_over(repository: Repository, issue: Issue, handover: Handover, deadline: Deadline) -> list[str]:
    """Give an issue to each agent that has not been given it, the assigned one last, since it reads the issue
    as it is then. Return what was done, or why not, in words. Raises nothing that GitHub can cause.
    """
    giver, done = _Giver(repository, issue, handover, deadline), []
    for agent in sorted(handover.agents, key=lambda agent: agent not in LABELS):
        try:
            done.append(retry(partial(giver.give, agent), deadline))
        except AnalyzerError as error:
            done.append(f"NOT given to {agent}: {error}")
    return [words for words in done if words]
