"""What can go wrong with GitHub, each in one line that says what to do.

GitHubError(InfrastructureError)   never raised itself
├── Refused       401, 403, 404, 410, 422 …: a retry changes nothing; `status` is GitHub's, 0 for none
└── Unreachable   no connection, a rate limit, 5xx: may pass, after `retry_after` seconds

https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

import time
from collections.abc import Mapping
from typing import Any

from analyzer.common.retry import parse_retry_after
from analyzer.common.short import cut
from analyzer.errors import InfrastructureError

SIGN_IN = "set GITHUB_TOKEN, GH_TOKEN, or GITHUB_APP_ID with its installation and key"
RENEW = "it is wrong, or has expired or been revoked: make another, and set GITHUB_TOKEN"
GRANT = "a fine-grained token and a GitHub App need Issues: read and write; a classic token the scope repo"
LIMITED = ("rate limit", "abuse detection")


class GitHubError(InfrastructureError):
    """GitHub did not do what was asked."""


class Refused(GitHubError):  # noqa: N818 - what a person reads
    """An answer that stays the same on every retry."""

    def __init__(self, message: str, *, advice: str = "", status: int = 0) -> None:
        super().__init__(message, advice=advice)
        self.status = status


class Unreachable(GitHubError):  # noqa: N818 - as above
    """No answer, or one that asks to come back later."""

    def __init__(self, message: str, *, advice: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message, advice=advice)
        self.retry_after = retry_after


def error_of_status(status: int, headers: Mapping[str, str], body: Any, doing: str, repo: str) -> GitHubError:
    """Return the error for an answer of 400 or more, with header names in lower case. `doing` says what was
    asked ("open an issue"), of the repository `repo`.
    """
    said = _message(body)
    if status >= 500 or status == 429 or (status == 403 and _is_limited(headers, said)):
        asked = " and asks to come back later" if status < 500 else ""
        return Unreachable(f"GitHub answered {status}{asked}: {said}", retry_after=_pause(headers))
    needed = headers.get("x-accepted-github-permissions", "")
    grant = f"GitHub says that it needs {needed}" if needed else GRANT
    known = {
        401: (f"GitHub does not know this token (401): {said}", RENEW),
        403: (f"this token may not {doing} in {repo} (403): {said}", grant),
        404: (
            f"there is no repository {repo} for this token (404), or what was to be changed is gone: {said}",
            "check --github-repo, and that the token was given access to it",
        ),
        410: (
            f"{repo} has no issues (410): {said}",
            "switch Issues on in the repository's settings, or name another with --github-repo",
        ),
        422: (f"GitHub cannot {doing} in {repo} (422): {said}", ""),
    }
    message, advice = known.get(status, (f"GitHub answered {status}: {said}", ""))
    return Refused(message, advice=advice, status=status)


def _message(body: Any) -> str:
    """Return GitHub's own words, with the fields that it minds."""
    if not isinstance(body, dict):
        return cut(" ".join(str(body or "no message").split()), 200)
    errors = body.get("errors") or ()
    fields = [
        " ".join(str(error.get(name) or "") for name in ("field", "code", "message"))
        if isinstance(error, dict)
        else str(error)
        for error in (errors if isinstance(errors, list) else [errors])
    ]
    words = "; ".join((str(body.get("message") or "no message"), *fields))
    return cut(" ".join(words.split()), 200)


def _is_limited(headers: Mapping[str, str], said: str) -> bool:
    """Return whether a 403 is a rate limit: primary (none left) or secondary (Retry-After, or words)."""
    return (
        "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or any(words in said.lower() for words in LIMITED)
    )


def _pause(headers: Mapping[str, str]) -> float:
    """Return the seconds that GitHub asks to wait; 0 where it does not say."""
    asked = parse_retry_after({"Retry-After": headers.get("retry-after", "")})
    reset = headers.get("x-ratelimit-reset", "")
    if asked or headers.get("x-ratelimit-remaining") != "0" or not (reset.isascii() and reset.isdigit()):
        return asked
    return max(0.0, float(reset[:12]) - time.time())
