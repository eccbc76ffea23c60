"""What is an address of http or https."""

import re
from urllib.parse import SplitResult, urlsplit

_LINK = re.compile(r"[A-Za-z0-9._~:/?=&%+,-]{1,1000}")  # no character that Markdown or HTML reads as its own


def parse_address(text: str) -> SplitResult | None:
    """Return the parts of an http or https URL. Return None for a text without a host, with an invalid port,
    or with characters that no URL may have.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    printable = text.isascii() and text.isprintable() and " " not in text
    return parts if printable and parts.scheme in ("http", "https") and parts.hostname and port != 0 else None


def is_link(text: str) -> bool:
    """Return True for an http or https URL that can stand in Markdown and HTML as it is: without a user, a
    fragment, brackets or quotes.
    """
    return bool(_LINK.fullmatch(text)) and parse_address(text) is not None
