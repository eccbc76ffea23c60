"""Keys and tokens: only from the environment, and never over http to another machine, where others could read
them on the way.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from analyzer.errors import UsageError


def read_key(variable: str, environ: Mapping[str, str], url: str) -> str:
    """Return the key in a variable, for that URL, or an empty string.

    Raise UsageError for characters that no header can carry, and for a key that would be sent unencrypted.
    """
    value = environ.get(variable, "").strip()
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise UsageError(
            f"{variable} holds characters that no key has",
            advice="set it again, without quotes or line breaks",
        )
    if value:
        check_encrypted(variable, url)
    return value


def check_encrypted(name: str, url: str) -> None:
    """Raise UsageError if a credential, called `name`, would go over http to another machine. A text that is
    no URL is not checked here.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return
    if parts.scheme == "http" and host and not _is_local(host):
        raise UsageError(
            f"{name} would go to {host} over http, unencrypted",
            advice=f"give an https:// address, or unset {name} if none is needed",
        )


def _is_local(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
