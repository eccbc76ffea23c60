"""The agent tasks of GitHub's that keeps what it is told (`server`), as GitHub's own description has them."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class AgentTasks:
    """`allowed`: whether this token may have any."""

    allowed: bool = True
    kept: list[Json] = field(default_factory=list)

    def answer(self, verb: str, path: str, query: dict[str, str], body: Any, now: str) -> tuple[int, Json]:
        """The status and the answer."""
        if not self.allowed:
            return 403, {"message": "Resource not accessible", "documentation_url": "https://docs.github.com"}
        name = path.partition("/tasks")[2].strip("/")
        if verb == "POST":
            return 201, self._create(body, now)
        if name:
            found = [task for task in self.kept if task["id"] == name]
            return (200, found[0]) if found else (404, {"message": "Not Found", "documentation_url": "x"})
        listed = [task for task in reversed(self.kept) if task["created_at"] >= query.get("since", "")]
        shown = [{name: value for name, value in task.items() if name != "sessions"} for task in listed]
        return 200, {"tasks": shown[: int(query.get("per_page", 30))]}

    def _create(self, body: Json, now: str) -> Json:
        name = f"a1b2c3d4-0000-0000-0000-{len(self.kept):012}"
        session = {"id": "s1", "state": "queued", "created_at": now, "prompt": body["prompt"]}
        made = {
            "id": name,
            "state": "queued",
            "created_at": now,
            "html_url": f"https://github.test/acme/shop/copilot/tasks/{name}",
            "artifacts": [],
            "sessions": [session],
        }
        self.kept.append(made)
        return made
