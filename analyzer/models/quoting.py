"""Text from others in our messages: one line, bounded, without a credential."""

from collections.abc import Iterable

LONGEST_QUOTE = 300  # characters


def quote(text: object, secrets: Iterable[str] = ()) -> str:
    """Return `text` on one line of at most `LONGEST_QUOTE` characters, with each of `secrets` masked."""
    line = " ".join(str(text).split())
    for secret in filter(None, secrets):
        line = line.replace(secret, "***")
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 2] + " …"
