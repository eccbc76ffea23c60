"""What is an address of http or https."""

from urllib.parse import SplitResult, urlsplit


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
