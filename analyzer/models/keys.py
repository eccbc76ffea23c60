"""Keys of models: from the environment alone, and never over http beyond this machine, where whoever stands between would read them."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from analyzer.errors import UsageError


def key(variable: str, environ: Mapping[str, str], url: str) -> str:
    """The key that a variable holds for that URL, or empty. UsageError for what no header can carry, or would carry in clear."""
    value = environ.get(variable, "").strip()
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise UsageError(f"{variable} holds characters that no key has", advice="set it again, without quotes or line breaks")
    if value:
        check_way(variable, url)
    return value


def check_way(what: str, url: str) -> None:
    """UsageError where a credential, named `what`, would go over http to another machine. A URL that is none is another's matter."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return
    if parts.scheme == "http" and host and not _here(host):
        raise UsageError(
            f"{what} would go to {host} over http, in clear", advice=f"give an https:// address, or unset {what} if none is needed"
        )


def _here(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
