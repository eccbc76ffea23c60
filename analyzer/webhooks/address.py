"""Where webhooks are: the handoff's address is an option, a chat's is a credential and in the environment.

| variable                  | is                                                                            |
| ------------------------- | ----------------------------------------------------------------------------- |
| `HANDOFF_WEBHOOK_SECRET`  | the key that signs: `whsec_` and base64 of 24 to 64 bytes (Standard Webhooks)  |
| `SLACK_WEBHOOK_URL`       | the address of a Slack app's incoming webhook                                 |
| `TEAMS_WEBHOOK_URL`       | the address of a workflow in Teams that begins with a webhook                 |
| `GOOGLE_CHAT_WEBHOOK_URL` | the address of a webhook of a space in Google Chat                            |
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from analyzer.common.address import parse_address
from analyzer.common.keys import check_encrypted, read_key
from analyzer.common.short import cut
from analyzer.errors import UsageError
from analyzer.settings import Chat, Notices

HANDOFF = "handoff"
OPTION = "--handoff-webhook"
SECRET = "HANDOFF_WEBHOOK_SECRET"  # noqa: S105 - the variable's name
PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of a key: what the scheme recommends
VARIABLES: dict[Chat, str] = {
    "slack": "SLACK_WEBHOOK_URL",
    "teams": "TEAMS_WEBHOOK_URL",
    "google-chat": "GOOGLE_CHAT_WEBHOOK_URL",
}


@dataclass(frozen=True)
class Hook:
    """One webhook. `name` is the chat's, or `HANDOFF`; `key` signs what is sent, empty for no signature."""

    name: str
    url: str = field(repr=False)
    key: bytes = field(default=b"", repr=False)

    def host(self) -> str:
        """Return the host, which people may be shown."""
        return urlsplit(self.url).hostname or ""


def check_address(name: str, url: str) -> None:
    """Raise UsageError if what `name` (an option, a variable) holds is no address that can be posted to over
    an encrypted way. The address is not shown.
    """
    advice = f"set {name} to one that begins with https://"
    parts = parse_address(url)
    if parts is None:
        raise UsageError(f"{name} is no address", advice=advice)
    if "@" in parts.netloc:
        raise UsageError(
            f"{name} has a user or a password in it", advice="take it out: a proxy or a log would show it"
        )
    check_encrypted(name, url)


def check_handoff(notices: Notices) -> None:
    """Raise UsageError for an address of the handoff that cannot be used, or that holds what may be a
    credential: records keep the options.
    """
    if url := notices.handoff_webhook:
        check_address(OPTION, url)
        if urlsplit(url).query or urlsplit(url).fragment:
            raise UsageError(
                f"{OPTION} {cut(url.partition('?')[0].partition('#')[0], 80)} has more behind its path",
                advice="leave it out: records keep this address, and a token in it;"
                " the signature says who sends",
            )


def list_hooks(notices: Notices) -> tuple[str, ...]:
    """Return the names of the webhooks that are asked for."""
    handoff = (HANDOFF,) if notices.handoff_webhook else ()
    return (*handoff, *dict.fromkeys(notices.notify))


def read_hook(name: str, notices: Notices, environ: Mapping[str, str]) -> Hook:
    """Return the webhook of a name. Raise UsageError for an address or a key that is missing or cannot be."""
    if name == HANDOFF:
        check_handoff(notices)
        return Hook(name, notices.handoff_webhook, _read_secret(notices.handoff_webhook, environ))
    variable = next(variable for chat, variable in VARIABLES.items() if chat == name)
    url = environ.get(variable, "").strip()
    if not url:
        raise UsageError(
            f"there is no address for {name}", advice=f"set {variable} to the address of its webhook"
        )
    check_address(variable, url)
    return Hook(name, url)


def _read_secret(url: str, environ: Mapping[str, str]) -> bytes:
    """Return the key. Without its prefix, the characters themselves are the key."""
    advice = (
        f"set {SECRET} to {PREFIX} and base64 of {SHORTEST} random bytes: openssl rand -base64 {SHORTEST}"
    )
    text = read_key(SECRET, environ, url)
    if not text:
        raise UsageError("there is no key to sign the handoff with", advice=advice)
    try:
        key = (
            base64.b64decode(text.removeprefix(PREFIX), validate=True)
            if text.startswith(PREFIX)
            else text.encode()
        )
    except binascii.Error:
        raise UsageError(f"{SECRET} has no base64 behind {PREFIX}", advice=advice) from None
    if not SHORTEST <= len(key) <= LONGEST:
        raise UsageError(f"{SECRET} has {len(key)} bytes, not {SHORTEST} to {LONGEST}", advice=advice)
    return key
