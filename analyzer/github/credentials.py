"""Who we are to GitHub: a token, or the installation of a GitHub App, from the environment alone.

| variables                                                    | give                                    |
| ------------------------------------------------------------ | --------------------------------------- |
| `GITHUB_TOKEN`, else `GH_TOKEN`                              | that token                              |
| `GITHUB_APP_ID`, `GITHUB_APP_INSTALLATION_ID`, and           | a token of the installation, for an hour |
| `GITHUB_APP_PRIVATE_KEY` or `GITHUB_APP_PRIVATE_KEY_FILE`    |                                         |
| `GITHUB_API_URL`                                             | another server than GitHub's own        |

A token's first letters say its kind:
https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.common.address import parse_address
from analyzer.common.keys import check_encrypted, read_key
from analyzer.errors import UsageError
from analyzer.github.errors import SIGN_IN

PUBLIC = "https://api.github.com"
APP = ("GITHUB_APP_ID", "GITHUB_APP_INSTALLATION_ID", "GITHUB_APP_PRIVATE_KEY")
KINDS = {
    "github_pat_": "a fine-grained token of a user",
    "ghp_": "a classic token of a user",
    "gho_": "an OAuth token of a user",
    "ghu_": "a token of a user, by a GitHub App",
    "ghs_": "a token of a GitHub App's installation",
}
INSTALLATION = KINDS["ghs_"]


@dataclass(frozen=True)
class Credentials:
    """What the client signs in with: a `token`, or an app's number, its installation's and its key. `url` is
    the API's address.
    """

    url: str
    token: str = field(default="", repr=False)
    app: int = 0
    installation: int = 0
    private_key: str = field(default="", repr=False)

    def kind(self) -> str:
        """Return what kind of token it is, in words."""
        if self.app:
            return INSTALLATION
        return next(
            (words for start, words in KINDS.items() if self.token.startswith(start)),
            "a token of no kind that GitHub gives out today",
        )

    def is_of_user(self) -> bool | None:
        """Return whether a user acts, who alone can assign Copilot; None where the token does not tell."""
        kind = self.kind()
        return None if kind not in KINDS.values() else kind != INSTALLATION


def read_credentials(environ: Mapping[str, str]) -> Credentials:
    """Return the credentials of the environment. Raise UsageError where there are none, or not all of an
    app's, and for an address over which they would go unencrypted.
    """
    url = (environ.get("GITHUB_API_URL") or PUBLIC).rstrip("/")
    if not parse_address(url):
        raise UsageError(
            f"GITHUB_API_URL is no address: {url[:80]}",
            advice="write it with https://, as in https://github.example.com/api/v3",
        )
    for variable in ("GITHUB_TOKEN", "GH_TOKEN"):
        if token := read_key(variable, environ, url):
            return Credentials(url=url, token=token)
    key = _read_private_key(environ)
    given = {name: environ.get(name, "").strip() for name in APP[:2]}
    missing = [name for name in APP[:2] if not given[name]] + ([] if key else [APP[2]])
    if len(missing) == len(APP):
        raise UsageError("there is no token for GitHub", advice=SIGN_IN)
    if missing:
        raise UsageError(
            f"{' and '.join(missing)} of the GitHub App {'is' if len(missing) == 1 else 'are'} not set",
            advice=f"all of {', '.join(APP)} are needed; the key may be in a file, {APP[2]}_FILE",
        )
    check_encrypted(APP[2], url)
    app, installation = (_number(name, given[name]) for name in APP[:2])
    return Credentials(url=url, app=app, installation=installation, private_key=key)


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise UsageError(f"{name} is no number", advice="the app's settings page on GitHub shows it")
    return int(text)


def _read_private_key(environ: Mapping[str, str]) -> str:
    """Return the key in PEM, empty for none. Some secret stores make it one line with `\\n` in it."""
    path = environ.get(f"{APP[2]}_FILE", "").strip()
    try:
        text = (
            Path(path).read_text(encoding="utf-8") if path else environ.get(APP[2], "").replace("\\n", "\n")
        )
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the key of the GitHub App in {path} cannot be read",
            advice=f"name a PEM file with {APP[2]}_FILE",
        ) from error
    if text.strip() and "PRIVATE KEY-----" not in text:
        raise UsageError(
            "the key of the GitHub App is no private key in PEM",
            advice="it begins with -----BEGIN RSA PRIVATE KEY-----; the app's settings page makes one",
        )
    return text.strip()
