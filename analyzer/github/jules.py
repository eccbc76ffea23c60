"""Jules by its REST API, which is alpha: https://jules.google/docs/api/reference. The key is `JULES_API_KEY`.

Its sources are listed and matched with the repository; a session is created in that source. Its title names
the issue and the run, so a session is found again, and created once. Jules asks a person to approve its plan,
and opens no pull request by itself, unless the options say otherwise.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from analyzer.common.deadline import Deadline
from analyzer.common.http import HttpClient, HttpFault, Response
from analyzer.common.keys import read_key
from analyzer.common.retry import parse_retry_after, retrying
from analyzer.common.short import cut
from analyzer.common.value import UNREADABLE
from analyzer.errors import InfrastructureError, UsageError
from analyzer.github.task import AgentTask

T = TypeVar("T")

KEY = "JULES_API_KEY"
ADDRESS = "JULES_API_URL"  # another server than Google's, such as a proxy
PUBLIC = "https://jules.googleapis.com"
PAGE_SIZE = 100
PAGES = 10  # of sources, and of sessions one
ONE_REQUEST = 10.0  # seconds
SAID = 200  # characters of the API's own words
CONNECT = "install the Jules app for it, at https://jules.google.com"
_SESSION = re.compile(r"https://jules\.google(?:\.com)?/[A-Za-z0-9/_.-]{1,200}")


class JulesError(InfrastructureError):
    """Jules did not do what was asked. `may_pass`: it may, after `retry_after` seconds."""

    def __init__(
        self, message: str, *, advice: str = "", may_pass: bool = False, retry_after: float = 0.0
    ) -> None:
        super().__init__(message, advice=advice)
        self.may_pass, self.retry_after = may_pass, retry_after


class _Branch(msgspec.Struct):
    displayName: str = ""  # noqa: N815 - the API's


class _GithubRepo(msgspec.Struct):
    owner: str = ""
    repo: str = ""
    defaultBranch: _Branch | None = None  # noqa: N815 - the API's


class _Source(msgspec.Struct):
    name: str
    githubRepo: _GithubRepo | None = None  # noqa: N815 - the API's


class _Sources(msgspec.Struct):
    sources: list[_Source] = []
    nextPageToken: str = ""  # noqa: N815 - the API's


class _JulesSession(msgspec.Struct):
    name: str
    title: str = ""
    url: str = ""


class _JulesSessions(msgspec.Struct):
    sessions: list[_JulesSession] = []


@dataclass(frozen=True)
class Jules:
    """The API, for one key."""

    url: str
    key: str = field(repr=False)
    deadline: Deadline

    @classmethod
    def connect(cls, environ: Mapping[str, str], deadline: Deadline) -> "Jules":
        """Return the API for the key of the environment. Raise UsageError without a key."""
        url = (environ.get(ADDRESS) or PUBLIC).rstrip("/")
        key = read_key(KEY, environ, url)
        if not key:
            raise UsageError(
                "there is no key for Jules' API",
                advice=f"set {KEY}, which jules.google.com/settings#api makes, or give --assign"
                " jules for its label",
            )
        return cls(url, key, deadline)

    def find_source(self, repository: str) -> _Source:
        """Return the source that is a repository (OWNER/NAME). Raise JulesError."""
        for source in self._list_sources():
            repo = source.githubRepo
            if repo and f"{repo.owner}/{repo.repo}".lower() == repository.lower():
                return source
        raise JulesError(f"Jules has no source {repository}", advice=CONNECT)

    def start(self, repository: str, task: AgentTask) -> str:
        """Return the address of the session that works on a task, empty where the API gives none. Create it
        unless it is there. Raise JulesError.
        """
        return retrying(
            lambda: self._start(repository, task), pause_after=_pause_after, deadline=self.deadline
        )

    def _start(self, repository: str, task: AgentTask) -> str:
        source = self.find_source(repository)
        listed = self._ask(
            "GET", f"/v1alpha/sessions?{urlencode({'pageSize': PAGE_SIZE})}", _JulesSessions
        ).sessions
        session = next((session for session in listed if session.title == task.title), None)
        if session is None:
            session = self._ask("POST", "/v1alpha/sessions", _JulesSession, _write_session(source, task))
        return session.url if _SESSION.fullmatch(session.url) else ""

    def _list_sources(self) -> Iterator[_Source]:
        token = ""
        for _ in range(PAGES):
            query = urlencode({"pageSize": PAGE_SIZE, **({"pageToken": token} if token else {})})
            page = self._ask("GET", f"/v1alpha/sources?{query}", _Sources)
            yield from page.sources
            token = page.nextPageToken
            if not token:
                return

    def _ask(self, verb: str, path: str, kind: type[T], body: object = None) -> T:
        until = Deadline.after(min(ONE_REQUEST, self.deadline.remaining()))
        try:
            answer = HttpClient(self.url, {"X-Goog-Api-Key": self.key}).exchange(verb, path, until, json=body)
        except HttpFault as fault:
            raise JulesError(
                f"no answer from Jules' API ({fault.kind})",
                advice="does a policy let it through?",
                may_pass=fault.kind not in ("unusable", "untrusted", "no tls"),
            ) from None
        if answer.status >= 300:
            raise _error_of(answer)
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except UNREADABLE as error:
            raise JulesError(f"Jules' answer cannot be used: {cut(str(error), SAID)}") from None


def _write_session(source: _Source, task: AgentTask) -> dict[str, object]:
    repo = source.githubRepo
    branch = task.branch or (repo.defaultBranch.displayName if repo and repo.defaultBranch else "")
    context: dict[str, object] = {"source": source.name}
    if branch:
        context["githubRepoContext"] = {"startingBranch": branch}
    return {
        "title": task.title,
        "prompt": task.prompt(),
        "sourceContext": context,
        "requirePlanApproval": task.approves,
        **({"automationMode": "AUTO_CREATE_PR"} if task.opens_pull else {}),
    }


class _Said(msgspec.Struct):
    message: str = ""


class _Wrong(msgspec.Struct):
    error: _Said = msgspec.field(default_factory=_Said)


def _error_of(answer: Response) -> JulesError:
    """Return the error for an answer, in Google's form (https://google.aip.dev/193)."""
    try:
        said = msgspec.json.decode(answer.body, type=_Wrong).error.message
    except UNREADABLE:
        said = ""
    words = f"Jules' API answered {answer.status}{f': {cut(said, SAID)}' if said else ''}"
    if answer.status == 429 or answer.status >= 500:
        return JulesError(words, may_pass=True, retry_after=parse_retry_after(answer.headers))
    advice = (
        f"{KEY} is wrong or was switched off: make another" if answer.status in (400, 401, 403) else CONNECT
    )
    return JulesError(words, advice=advice)


def _pause_after(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, JulesError) and error.may_pass else None
