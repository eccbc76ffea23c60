"""Text of others in a message of ours: one line, bounded, and without a credential."""

from collections.abc import Iterable

LONGEST = 300  # characters


def quoted(text: object, secrets: Iterable[str] = ()) -> str:
    """`text` on one line, cut at `LONGEST`, each of `secrets` masked wherever it stands."""
    line = " ".join(str(text).split())
    for secret in filter(None, secrets):
        line = line.replace(secret, "***")
    return line if len(line) <= LONGEST else line[: LONGEST - 2] + " …"
