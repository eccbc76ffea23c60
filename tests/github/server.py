"""A GitHub that keeps what it is told: one repository's issues, comments, labels and assignees.

Each request, and each answer, is held against GitHub's own description (`contract`); what is wrong is in
`broken`. It is reached over HTTP (`serve`), or within the process below PyGithub's requester (`simulation`).
"""

import json
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.github import contract
from tests.github.agent_tasks import AgentTasks
from tests.github.contract import fill
from tests.github.history import History

Json = dict[str, Any]
NAME = "acme/shop"
TOKEN = "ghp_tHisTokenMustNotBeSeenAnywhere0123456"
INSTALLED = "ghs_tHisTokenMustNotBeSeenAnywhere0123456"
VERSION = "2026-03-10"
SERVER = "/api/v3"  # GitHub Enterprise Server's paths begin so
LONGEST = 65_536


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    verb: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]

    def is_a(self, verb: str, end: str) -> bool:
        """Whether it is of a verb, and of a path that ends so; `*` stands for a number."""
        path = "/".join("*" if part.isdigit() else part for part in self.path.split("/"))
        return self.verb == verb and path.endswith(end)


def error(status: int, message: str, **headers: str) -> Answer:
    body = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def invalid(where: str, message: str) -> Answer:
    detail = {"resource": "Issue", "code": "custom", "field": where, "message": message}
    body = {
        "message": "Validation Failed",
        "errors": [detail],
        "documentation_url": "https://docs.github.com/rest",
    }
    return Answer(422, body)


Fault = Callable[[Request], Answer | None]


@dataclass
class GitHub:
    """`may_label`: "all" labels, those "known" (a new one is 403), or "none" (they are dropped). `lag`: how
    many listings a new issue or comment is missing from.
    """

    labels: set[str] = field(default_factory=lambda: {"canary-rollback", "jules", "claude"})
    may_label: str = "all"
    member: bool = True
    has_issues: bool = True
    copilot: bool = True
    lag: int = 0
    checked: bool = True
    issues: list[Json] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    suggested: list[Json] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    now: datetime = datetime(2026, 11, 29, 12, tzinfo=UTC)
    version: str = VERSION
    lock: Any = field(default_factory=Lock)
    unseen: dict[int, int] = field(default_factory=dict)
    history: History | None = None
    deployments: dict[str, list[int]] = field(default_factory=dict)
    branches: dict[str, dict[str, str]] = field(default_factory=dict)
    pulls: list[Json] = field(default_factory=list)
    statuses: list[tuple[str, Json]] = field(default_factory=list)
    tasks: AgentTasks = field(default_factory=AgentTasks)

    def answer(self, verb: str, target: str, headers: dict[str, str], raw: str | None) -> Answer:
        """The answer to one request."""
        with self.lock:
            parts = urlsplit(target.removeprefix(SERVER))
            self.version = "2022-11-28" if target.startswith(SERVER) else VERSION
            lower = {name.lower(): value for name, value in headers.items()}
            body = json.loads(raw) if raw else None
            request = Request(verb, parts.path, dict(parse_qsl(parts.query)), body, lower)
            self.requests.append(request)
            made = self._answer(request)
            if self.checked:
                self._check(request, made)
            return made

    def _check(self, request: Request, made: Answer) -> None:
        wrong = contract.why_wrong_request(
            request.verb, request.path, request.query, request.body
        ) or contract.why_wrong_answer(request.verb, request.path, made.status, made.body)
        self.broken += [f"{request.verb} {request.path}: {wrong}"] if wrong else []
        if request.headers.get("x-github-api-version") != self.version:
            self.broken.append(f"API version {request.headers.get('x-github-api-version')}")
        if not request.headers.get("user-agent", "").startswith("rollout-analyzer/"):
            self.broken.append("no user agent of ours")

    def _answer(self, request: Request) -> Answer:
        if request.is_a("POST", "/access_tokens"):
            return self._install(request)
        if request.headers.get("authorization") not in (f"token {TOKEN}", f"token {INSTALLED}"):
            return error(401, "Bad credentials")
        for fault in self.faults:
            if made := fault(request):
                return made
        if not request.path.removeprefix("/agents").startswith(f"/repos/{NAME}"):
            return error(404, "Not Found")
        if "/issues" in request.path and not self.has_issues:
            return error(410, "Issues are disabled for this repo")
        return self._route(request)

    def _install(self, request: Request) -> Answer:
        if not request.headers.get("authorization", "").startswith("Bearer ey"):
            return error(401, "A JSON web token could not be decoded")
        return Answer(201, {"token": INSTALLED, "expires_at": "2126-01-01T00:00:00Z"})

    def _route(self, request: Request) -> Answer:
        if request.path.startswith("/agents"):
            asked = (request.verb, request.path, request.query, request.body)
            return Answer(*self.tasks.answer(*asked, now=f"{self.now:%Y-%m-%dT%H:%M:%SZ}"))
        parts = request.path.split("/")[4:]
        if parts[:1] in (["compare"], ["commits"]):
            return self._answer_of_history(parts, request)
        if parts[:1] in (["contents"], ["git"], ["pulls"]):
            return self._answer_of_code(parts, request)
        if parts[:1] in (["statuses"], ["deployments"]):
            return self._answer_of_status(parts, request)
        number = next((int(part) for part in parts if part.isdigit()), 0)
        issue = next((issue for issue in self.issues if issue["number"] == number), {})
        body = request.body or {}
        routes: dict[tuple[str, str], Callable[[], Answer]] = {
            ("GET", ""): lambda: Answer(200, self._repository()),
            ("GET", "labels"): lambda: self._page(
                [self._label(name) for name in sorted(self.labels)], request
            ),
            ("GET", "issues"): lambda: self._page(self._listed(request), request),
            ("POST", "issues"): lambda: self._create(body),
            ("GET", "issues/*"): lambda: Answer(200, {**issue, "comments": self._count_comments(number)}),
            ("PATCH", "issues/*"): lambda: self._edit(issue, body),
            ("POST", "issues/*/labels"): lambda: self._add_labels(issue, body["labels"]),
            ("POST", "issues/*/assignees"): lambda: self._assign(issue, request),
            ("GET", "issues/*/comments"): lambda: self._page(self._comments_of(number), request),
            ("POST", "issues/*/comments"): lambda: self._comment(issue, body["body"]),
            ("DELETE", "issues/comments/*"): lambda: self._delete(number),
        }
        path = "/".join("*" if part.isdigit() else part for part in parts)
        missing = path.startswith("issues/*") and not issue
        return error(404, "Not Found") if missing else routes[request.verb, path]()

    def _answer_of_history(self, parts: list[str], request: Request) -> Answer:
        named = [self.history.find(ref) if self.history else "" for ref in unquote(parts[1]).split("...")]
        if not self.history or not all(named):
            return error(404, "Not Found") if parts[0] == "compare" else invalid("sha", "No commit found")
        if parts[0] == "commits":
            whole = parts[2:] != ["pulls"]
            (sha,) = named
            return Answer(200, self.history.commit(sha) if whole else self.history.pulls_of(sha))
        page, size = int(request.query.get("page", 1)), int(request.query.get("per_page", 100))
        return Answer(200, self.history.compare(named[0], named[1], page, size))

    def _answer_of_code(self, parts: list[str], request: Request) -> Answer:
        path, body = unquote("/".join(parts[1:])), request.body or {}
        match (request.verb, parts[0]):
            case ("GET", "contents"):
                return self._read_file(path, request.query["ref"])
            case ("POST", "git"):
                if body["ref"] in self.branches:
                    return Answer(422, {"message": "Reference already exists", "documentation_url": "x"})
                self.branches[body["ref"]] = {"": body["sha"]}
                made = fill("git-ref", ref=body["ref"])
                made["object"]["sha"] = body["sha"]
                return Answer(201, made)
            case ("PUT", "contents"):
                self.branches[f"refs/heads/{body['branch']}"][path] = b64decode(body["content"]).decode()
                return Answer(200, fill("file-commit"))
            case ("GET", "pulls"):
                head = request.query.get("head", "")
                there = [each for each in self.pulls if not head or head.endswith(f":{each['head']}")]
                return Answer(200, [self._pull(each) for each in reversed(there)])
        return Answer(201, fill("pull-request", html_url=self.make_pull(body)["html_url"]))

    def make_pull(self, body: Json) -> Json:
        """A pull request that somebody opens."""
        number = 90 + len(self.pulls)
        made = {**body, "id": 70_000 + number, "html_url": f"https://github.test/{NAME}/pull/{number}"}
        self.pulls.append(made)
        return made

    @staticmethod
    def _pull(pull: Json) -> Json:
        return fill("pull-request-simple", id=pull["id"], html_url=pull["html_url"])

    def _read_file(self, path: str, ref: str) -> Answer:
        text = self.history.read(path, ref) if self.history else None
        if text is None:
            return error(404, "Not Found")
        content = b64encode(text.encode()).decode()
        return Answer(200, fill("content-file", path=path, type="file", encoding="base64", content=content))

    def _answer_of_status(self, parts: list[str], request: Request) -> Answer:
        if request.verb == "GET":
            known = self.deployments.get(request.query["sha"], [])
            return Answer(200, [fill("deployment", id=number) for number in reversed(known)][:1])
        if parts[0] == "statuses" and (not self.history or parts[1] not in self.history.commits):
            return invalid("sha", "No commit found for SHA")
        of = "deployment-status" if parts[0] == "deployments" else "status"
        self.statuses.append((parts[1], request.body))
        return Answer(201, fill(of, state=request.body["state"], description=request.body["description"]))

    def _delete(self, number: int) -> Answer:
        self.comments = [comment for comment in self.comments if comment["id"] != number]
        return Answer(204)

    def _repository(self) -> Json:
        user_may = {"admin": False, "push": self.may_label != "none", "pull": True}
        return fill("full-repository", full_name=NAME, has_issues=self.has_issues, permissions=user_may)

    def _label(self, name: str) -> Json:
        return fill("label", name=name)

    def _user(self, login: str) -> Json:
        return fill("simple-user", login=login, type="User")

    @staticmethod
    def _page(rows: list[Json], request: Request) -> Answer:
        size, page = int(request.query.get("per_page", 30)), int(request.query.get("page", 1))
        return Answer(200, rows[(page - 1) * size : page * size])

    def _listed(self, request: Request) -> list[Json]:
        wanted = set(filter(None, request.query.get("labels", "").split(",")))
        assert request.query["state"] == "all"
        return [
            issue
            for issue in reversed(self.issues)
            if self._is_seen(issue["id"]) and wanted <= {label["name"] for label in issue["labels"]}
        ]

    def _comments_of(self, number: int) -> list[Json]:
        end = f"/issues/{number}"
        return [
            comment
            for comment in self.comments
            if comment["issue_url"].endswith(end) and self._is_seen(comment["id"])
        ]

    def _count_comments(self, number: int) -> int:
        return sum(comment["issue_url"].endswith(f"/issues/{number}") for comment in self.comments)

    def _is_seen(self, identity: int) -> bool:
        left = self.unseen.get(identity, 0)
        self.unseen[identity] = max(0, left - 1)
        return left == 0

    def _create(self, body: Json) -> Answer:
        if len(body.get("body", "")) > LONGEST:
            return invalid("body", f"body is too long (maximum is {LONGEST} characters)")
        if len(body["title"]) > 256:
            return invalid("title", "title is too long (maximum is 256 characters)")
        labels = body.get("labels", [])
        if self.may_label == "known" and not set(labels) <= self.labels:
            return error(403, "You do not have permission to create labels on this repository.")
        kept = labels if self.may_label != "none" else []
        self.labels |= set(kept)
        issue = self.make_issue(body["title"], body.get("body", ""), kept)
        self.unseen[issue["id"]] = self.lag
        return Answer(201, issue)

    def make_issue(self, title: str, body: str, labels: list[str], *, member: bool = True) -> Json:
        """An issue that somebody opens."""
        number, at = len(self.issues) + 1, f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        issue = fill(
            "issue",
            number=number,
            id=1000 + number,
            title=title,
            body=body,
            state="open",
            state_reason=None,
            labels=[self._label(name) for name in labels],
            assignees=[],
            user=self._user("operator" if member else "stranger"),
            author_association="MEMBER" if self.member and member else "NONE",
            html_url=f"https://github.test/{NAME}/issues/{number}",
            created_at=at,
            updated_at=at,
        )
        self.issues.append(issue)
        return issue

    def _edit(self, issue: Json, body: Json) -> Answer:
        if body.get("state_reason") == "duplicate":
            older = next(other for other in self.issues if other["id"] == body["duplicate_issue_id"])
            assert older["number"] < issue["number"]
        issue.update({name: body[name] for name in ("state", "state_reason") if name in body})
        return Answer(200, issue)

    def _add_labels(self, issue: Json, labels: list[Json | str]) -> Answer:
        if self.may_label == "none":
            return error(403, "Resource not accessible by personal access token")
        for label in labels:
            if isinstance(label, dict):
                self.suggested.append(label)
            elif label not in {known["name"] for known in issue["labels"]}:
                issue["labels"].append(self._label(label))
        return Answer(200, issue["labels"])

    def _assign(self, issue: Json, request: Request) -> Answer:
        for assignee in request.body["assignees"]:
            if isinstance(assignee, dict):
                self.suggested.append(assignee)
            elif self.copilot and assignee == "copilot-swe-agent[bot]" and TOKEN in str(request.headers):
                issue["assignees"].append(self._user("Copilot"))
        return Answer(201, issue)

    def _comment(self, issue: Json, body: str) -> Answer:
        at = f"{self.now:%Y-%m-%dT%H:%M:%SZ}"
        comment = fill(
            "issue-comment",
            id=5000 + len(self.requests),
            body=body,
            created_at=at,
            updated_at=at,
            author_association="MEMBER",
            issue_url=f"https://api.github.test/repos/{NAME}/issues/{issue['number']}",
        )
        self.comments.append(comment)
        self.unseen[comment["id"]] = self.lag
        return Answer(201, comment)

    # what a test looks at

    def open_issues(self) -> list[Json]:
        return [issue for issue in self.issues if issue["state"] == "open"]

    def sent(self, verb: str, end: str) -> list[Request]:
        return [request for request in self.requests if request.is_a(verb, end)]


@contextmanager
def serve(github: GitHub, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> Iterator[str]:
    """The address at which it answers over HTTP, or with a context over HTTPS."""

    class Handler(BaseHTTPRequestHandler):
        def handle_request(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            made = github.answer(self.command, self.path, dict(self.headers.items()), raw)
            text = made.body if isinstance(made.body, str) else json.dumps(made.body)
            sent = b"" if made.body is None else text.encode()
            self.send_response(made.status)
            for name, value in {"Content-Type": "application/json", **made.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing: the test's own output is enough."""

    with ThreadingHTTPServer((host, 0), Handler) as server:
        server.daemon_threads = True
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"{'https' if context else 'http'}://{host}:{server.server_port}"
        server.shutdown()
