"""Texts cut short, with a mark that says so, and short names for what is done once."""

import hashlib

MARK = " …"


def cut(text: str, longest: int) -> str:
    """Return the first `longest` characters of a text, and the mark where there are more."""
    return text if len(text) <= longest else text[:longest] + MARK


def cut_bytes(text: str, longest: int) -> str:
    """Return a text of at most `longest` bytes of UTF-8, the mark included. No character is cut."""
    encoded = text.encode()
    if len(encoded) <= longest:
        return text
    return encoded[: longest - len(MARK.encode())].decode(errors="ignore").rstrip() + MARK


def short_digest(*texts: str, length: int = 12) -> str:
    """Return a short name for what is done once, the same for the same texts."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:length]
