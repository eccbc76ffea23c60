"""A receiver of webhooks that holds what it is sent against the published scheme of Standard Webhooks,
without any code of ours:
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

TOLERANCE = 300  # seconds between its clock and the sender's


def verify(secret: str, headers: dict[str, str], body: bytes, now: float) -> str:
    """Why a receiver refuses a message; empty for one that it takes."""
    identity, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not identity or not at.isdigit():
        return "no id or no time"
    if abs(now - int(at)) > TOLERANCE:
        return "too old or too new"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.digest(key, f"{identity}.{at}.".encode() + body, hashlib.sha256)).decode()
    given = [part.partition(",") for part in headers.get("webhook-signature", "").split(" ")]
    return (
        "" if any(v == "v1" and hmac.compare_digest(s, wanted) for v, _, s in given) else "no signature fits"
    )


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What was heard. `answers` are given first, one each (status, headers), then 204."""

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    def take(self, reply: Callable[..., None]) -> Callable[[BaseHTTPRequestHandler], None]:
        left = self._answers()

        def answer(request: BaseHTTPRequestHandler) -> None:
            body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
            lower = {name.lower(): value for name, value in request.headers.items()}
            self.heard.append(Heard(request.path, lower, body))
            status, headers = next(left)
            reply(request, status, b"", **headers)

        return answer

    def _answers(self) -> Iterator[tuple[int, dict[str, str]]]:
        while True:
            yield self.answers.pop(0) if self.answers else (204, {})
