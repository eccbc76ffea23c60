"""Jules' API of a test's own: what it is asked is held against what Google publishes of it.

https://developers.google.com/jules/api/reference/rest/v1alpha/sources and …/sessions
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator

Json = dict[str, Any]
KEY = "AQ.hunter2-jules-key-that-nobody-may-see"
SESSION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["prompt", "sourceContext"],
    "properties": {
        "prompt": {"type": "string", "minLength": 1},
        "title": {"type": "string"},
        "sourceContext": {
            "type": "object",
            "additionalProperties": False,
            "required": ["source"],
            "properties": {
                "source": {"type": "string", "pattern": "^sources/"},
                "githubRepoContext": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["startingBranch"],
                    "properties": {"startingBranch": {"type": "string", "minLength": 1}},
                },
            },
        },
        "requirePlanApproval": {"type": "boolean"},
        "automationMode": {"enum": ["AUTOMATION_MODE_UNSPECIFIED", "AUTO_CREATE_PR"]},
    },
}


@dataclass
class JulesServer:
    """`faults`: statuses that are answered first, after which what was asked is done if they are negative."""

    repositories: tuple[str, ...] = ("acme/other", "Acme/Shop")
    size: int = 1  # of a page
    sessions: list[Json] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def take(self, reply: Callable[..., None]) -> Callable[[BaseHTTPRequestHandler], None]:
        def answer(request: BaseHTTPRequestHandler) -> None:
            raw = request.rfile.read(int(request.headers.get("Content-Length") or 0))
            status, body = self._answer(request.command, request.path, request.headers["X-Goog-Api-Key"], raw)
            if self.faults:
                fault = self.faults.pop(0)
                status, body = abs(fault), {"error": {"code": abs(fault), "message": "try again"}}
            reply(request, status, json.dumps(body).encode())

        return answer

    def _answer(self, verb: str, target: str, key: str, raw: bytes) -> tuple[int, Json]:
        if self.faults and self.faults[0] > 0:
            return 500, {}
        if key != KEY:
            return 401, {"error": {"code": 401, "message": "API key not valid", "status": "UNAUTHENTICATED"}}
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        if not 1 <= int(query.get("pageSize", 30)) <= 100:
            self.broken.append("pageSize")
        if (verb, parts.path) == ("GET", "/v1alpha/sources"):
            return 200, self._list(int(query.get("pageToken", 0)))
        if (verb, parts.path) == ("GET", "/v1alpha/sessions"):
            return 200, {"sessions": list(reversed(self.sessions))} if self.sessions else {}
        if (verb, parts.path) == ("POST", "/v1alpha/sessions"):
            return 200, self._create(json.loads(raw))
        return 404, {"error": {"code": 404, "message": "Not Found"}}

    def _list(self, start: int) -> Json:
        shown = self.repositories[start : start + self.size]
        sources = [
            {
                "name": f"sources/github/{name}",
                "id": f"github/{name}",
                "githubRepo": {
                    "owner": name.partition("/")[0],
                    "repo": name.partition("/")[2],
                    "isPrivate": True,
                    "defaultBranch": {"displayName": "trunk"},
                },
            }
            for name in shown
        ]
        more = start + self.size < len(self.repositories)
        return {"sources": sources} | ({"nextPageToken": str(start + self.size)} if more else {})

    def _create(self, body: Json) -> Json:
        self.broken += [error.message for error in Draft202012Validator(SESSION).iter_errors(body)]
        number = str(31 + len(self.sessions))
        made = {"name": f"sessions/{number}", "id": number, "state": "QUEUED", **body}
        made["url"] = f"https://jules.google.com/session/{number}"
        self.sessions.append(made)
        return made
