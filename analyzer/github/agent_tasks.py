"""Copilot by GitHub's agent tasks, which are in public preview:
https://docs.github.com/rest/agent-tasks/agent-tasks.

A user's token alone may start one. A task has no title of ours: the title stands first in its prompt, by
which a run that is tried again finds it. The task is named in a comment on the issue. It takes minutes, so
each later run that tells of the issue reads it again, until its pull request is known and is told in another
comment.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.short import short_digest
from analyzer.errors import AnalyzerError
from analyzer.github.client import Repository
from analyzer.github.errors import Refused
from analyzer.github.issue import Issue
from analyzer.github.listing import list_comments, retry
from analyzer.github.mark import Mark
from analyzer.github.task import AgentTask
from analyzer.github.tracking import comment_once
from analyzer.settings import Agent

T = TypeVar("T")

COPILOT_TASK: Agent = "copilot-task"
NEEDS = "a user's token with Agent tasks: read and write, and Copilot Business or Enterprise"
NEWEST = 30  # tasks since the issue was opened, of which each is read to find ours
PULLS = (
    100  # newest pull requests, among which a task's is looked for: a task tells its id and not its number
)
OVER = ("failed", "timed_out", "cancelled")  # states in which none comes any more
_TOLD = re.compile(r"^Copilot works on this: .{0,300}task `([A-Za-z0-9_-]{1,64})`", re.MULTILINE)
_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]{1,100}/[A-Za-z0-9/_.-]{1,200}")


class _ArtifactData(msgspec.Struct):
    id: int = 0


class _Artifact(msgspec.Struct):
    type: str
    data: _ArtifactData


class _TaskSession(msgspec.Struct):
    prompt: str = ""


class _Task(msgspec.Struct):
    id: str
    state: str
    html_url: str = ""
    artifacts: list[_Artifact] = []
    sessions: list[_TaskSession] = []


class _Tasks(msgspec.Struct):
    tasks: list[_Task]


class _Pull(msgspec.Struct):
    id: int
    html_url: str


@dataclass(frozen=True)
class AgentTasks:
    """The tasks of one repository."""

    repository: Repository
    deadline: Deadline

    def check(self) -> None:
        """Raise GitHubError if this token may not list tasks."""
        self._list(1)

    def start(self, issue: Issue, task: AgentTask) -> str:
        """Return the address of the task that works on an issue, empty where GitHub gives none. Create it
        unless it is there, and tell it on the issue. Raise GitHubError.
        """
        made = self._find_told(issue, task) or retry(
            lambda: self._find(issue, task) or self._create(task), self.deadline
        )
        address = made.html_url if _ADDRESS.fullmatch(made.html_url) else ""
        text = f"Copilot works on this: {f'{address} ' if address else ''}(task `{made.id}`)"
        self._tell(issue, task.title, text)
        return address

    def follow(self, issue: Issue) -> str:
        """Return what became of the newest task of an issue, in words; empty while it is at work, or without
        one. Its pull request is told on the issue, once. Raises nothing that GitHub can cause.
        """
        try:
            comments = list_comments(self.repository, issue, self.deadline)
            told = [found[-1] for each in comments if each.mark() and (found := _TOLD.findall(each.body))]
            return self._follow(issue, told[-1]) if told else ""
        except AnalyzerError as error:
            return f"what became of {COPILOT_TASK} could not be read: {error}"

    def _follow(self, issue: Issue, name: str) -> str:
        task = retry(lambda: self._read(name), self.deadline)
        if pull := retry(lambda: self._find_pull(task), self.deadline):
            self._tell(issue, f"pull request of {name}", f"Copilot's pull request for this is {pull}")
            return f"the pull request of {COPILOT_TASK} is {pull}"
        return f"{COPILOT_TASK} ended without a pull request: {task.state}" if task.state in OVER else ""

    def _create(self, task: AgentTask) -> _Task:
        body = {"prompt": f"{task.title}\n\n{task.prompt()}", "create_pull_request": True}
        wanted = body | ({"base_ref": task.branch} if task.branch else {})
        return _ask(partial(self._tasks.post, "/tasks", "start a task", _Task, wanted))

    def _find_told(self, issue: Issue, task: AgentTask) -> _Task | None:
        """Return the task that this run has named: a queued one may have no session, and so no prompt."""
        run = short_digest(task.title)
        for comment in list_comments(self.repository, issue, self.deadline):
            mark, told = comment.mark(), _TOLD.search(comment.body)
            if mark and mark.run == run and told:
                return retry(partial(self._read, told[1]), self.deadline)
        return None

    def _find(self, issue: Issue, task: AgentTask) -> _Task | None:
        since = f"{issue.created_at:%Y-%m-%dT%H:%M:%SZ}"
        return next((each for each in self._list(NEWEST, since=since) if self._is(each.id, task)), None)

    def _is(self, name: str, task: AgentTask) -> bool:
        return any(session.prompt.startswith(task.title) for session in self._read(name).sessions)

    def _list(self, size: int, **more: str) -> list[_Task]:
        wanted: dict[str, int | str] = {"per_page": size, "sort": "created_at", "direction": "desc", **more}
        return _ask(partial(self._tasks.get, "/tasks", "list tasks", _Tasks, **wanted)).tasks

    def _read(self, name: str) -> _Task:
        return _ask(partial(self._tasks.get, f"/tasks/{name}", "read a task", _Task))

    @property
    def _tasks(self) -> Repository:
        return replace(self.repository, root="/agents")

    def _find_pull(self, task: _Task) -> str:
        ids = {artifact.data.id for artifact in task.artifacts if artifact.type == "pull"}
        if not ids:
            return ""
        newest: dict[str, int | str] = {
            "state": "all",
            "sort": "created",
            "direction": "desc",
            "per_page": PULLS,
        }
        listed = self.repository.get("/pulls", "list pull requests", list[_Pull], **newest)
        return next((pull.html_url for pull in listed if pull.id in ids), "")

    def _tell(self, issue: Issue, what: str, text: str) -> None:
        mark = issue.mark()
        if mark:
            failure = short_digest(COPILOT_TASK, length=len(mark.failure))
            own = Mark(subject=mark.subject, failure=failure, run=short_digest(what))
            comment_once(self.repository, issue, own, lambda _: f"{text}\n\n{own.write()}\n", self.deadline)


def _ask(call: Callable[[], T]) -> T:
    """Return `call()`. Raise a refusal with what tasks need."""
    try:
        return call()
    except Refused as error:
        message = str(error)
        if error.status == 404:
            message = "GitHub has no agent tasks for this repository and token (404)"
        raise Refused(message, advice=f"it needs {NEEDS}", status=error.status) from error
