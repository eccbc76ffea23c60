"""Sends one message to a webhook, signed as Standard Webhooks has it
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).

`webhook-id` is the same for each attempt, so that a receiver takes one message once. `webhook-timestamp` is
of the attempt. `webhook-signature` is `v1,` and base64 of HMAC-SHA256 of `ID.TIMESTAMP.BODY`.

No redirect is followed, to the same host neither: what is sent would go where nobody meant it to. A chat has
no ids, so what may have reached it is not sent again.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from analyzer import __version__
from analyzer.common.deadline import Deadline
from analyzer.common.http import FaultKind, HttpClient, HttpFault, Response
from analyzer.common.retry import parse_retry_after, retrying
from analyzer.webhooks.address import HANDOFF, Hook
from analyzer.webhooks.errors import Unknown, WebhookRefused, WebhookUnreachable

AGENT = f"rollout-analyzer/{__version__}"
ONE_ATTEMPT = 10.0  # seconds
MAX_ANSWER = 64 * 1024  # bytes of an answer, which nobody reads
UNSENT: dict[FaultKind, str] = {
    "no connection": "there is no connection to {host}",
    "no connection in time": "there was no connection to {host} in time",
}
UNUSABLE: dict[FaultKind, tuple[str, str]] = {
    "untrusted": (
        "the certificate of {host} is not trusted",
        "name the authority's certificate in SSL_CERT_FILE",
    ),
    "no tls": ("{host} does not speak TLS", "is the port of its address right?"),
    "unusable": (
        "{host} cannot be asked: its address, a proxy or a certificate file cannot be used",
        "look at the address, HTTPS_PROXY and SSL_CERT_FILE",
    ),
}


def sign(key: bytes, identity: str, at: int, body: bytes) -> dict[str, str]:
    """Return a message's headers: its id, the time (seconds since 1970), and the signature of all."""
    signed = b".".join((identity.encode(), str(at).encode(), body))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": identity, "webhook-timestamp": str(at), "webhook-signature": f"v1,{digest}"}


def deliver(hook: Hook, identity: str, body: bytes, deadline: Deadline) -> None:
    """Send a message of JSON, again while nothing was taken, by the deadline. Raise WebhookError."""
    retrying(
        lambda: _attempt(hook, identity, body, deadline),
        pause_after=lambda error: _pause_after(error, again=hook.name == HANDOFF),
        deadline=deadline,
    )


def probe(hook: Hook, deadline: Deadline) -> None:
    """Ask for the address's head, which posts nothing. Raise WebhookError if it redirects or fails."""
    until = Deadline.after(min(ONE_ATTEMPT, deadline.remaining()))
    answer = _send(hook, "HEAD", {"User-Agent": AGENT}, None, until)
    if answer and (answer.status >= 500 or 300 <= answer.status < 400):
        _read(hook, answer)


def _attempt(hook: Hook, identity: str, body: bytes, deadline: Deadline) -> None:
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        **(sign(hook.key, identity, int(time.time()), body) if hook.key else {}),
    }
    _read(hook, _send(hook, "POST", headers, body, Deadline.after(min(ONE_ATTEMPT, deadline.remaining()))))


def _send(
    hook: Hook, verb: str, headers: Mapping[str, str], body: bytes | None, deadline: Deadline
) -> Response | None:
    """Return the answer; None for one that is too large to be read."""
    try:
        return HttpClient(hook.url, headers, largest=MAX_ANSWER).exchange(verb, "", deadline, json=body)
    except HttpFault as fault:
        kind = fault.kind
    if kind in UNSENT:
        raise WebhookUnreachable(
            UNSENT[kind].format(host=hook.host()), advice="does a policy let it through?"
        )
    if kind in UNUSABLE:
        what, advice = UNUSABLE[kind]
        raise WebhookRefused(what.format(host=hook.host()), advice=advice)
    if kind in ("timeout", "broken"):
        raise Unknown(f"{hook.host()} did not answer; it may have been told", advice="look there")
    return None


def _read(hook: Hook, answer: Response | None) -> None:
    if answer is None or 200 <= answer.status < 300:
        return
    host, status = hook.host(), answer.status
    if answer.location or 300 <= status < 400:
        raise WebhookRefused(
            f"{host} answered {status}, which leads elsewhere, and is not followed",
            advice="give the address that it leads to",
        )
    if status in (408, 425, 429) or status >= 500:
        raise WebhookUnreachable(f"{host} answered {status}", retry_after=parse_retry_after(answer.headers))
    raise WebhookRefused(
        f"{host} answered {status}", advice="is the address right, and the webhook there still?"
    )


def _pause_after(error: Exception, *, again: bool) -> float | None:
    if isinstance(error, WebhookUnreachable):
        return error.retry_after
    return 0.0 if again and isinstance(error, Unknown) else None
