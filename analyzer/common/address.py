"""What is an address of http or https."""

from urllib.parse import SplitResult, urlsplit


def parse_address(text: str) -> SplitResult | None:
    """Return the parts of an http or https URL, or None if a text is none: it has no host, a port that cannot
    be, or characters that belong into no URL.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    printable = text.isascii() and text.isprintable() and " " not in text
    return parts if printable and parts.scheme in ("http", "https") and parts.hostname and port != 0 else None
