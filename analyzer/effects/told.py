"""What the answer is in few words, for an object of the cluster: bounded, on one line."""

import hashlib

from analyzer.effects.interface import Occasion
from analyzer.exits import standing
from analyzer.logs.lines import safe

LONGEST = 1000  # bytes: the most that the newer Events API allows


def headline(occasion: Occasion) -> str:
    """The outcome, what is to be known beside it, and why. At most `LONGEST` bytes."""
    decision = occasion.decision
    stands = standing(occasion.exit_code(), occasion.passed_by(), occasion.analysis)
    return bounded(f"{decision.outcome}{decision.sure()}, {stands}: {reason(occasion)}")


def reason(occasion: Occasion) -> str:
    """The rule that decided, and its reason."""
    return bounded(f"{occasion.decision.rule}: {occasion.decision.reason}")


def bounded(text: str) -> str:
    """On one line, cut at a character."""
    raw = safe(" ".join(text.split())).encode()
    return raw.decode() if len(raw) <= LONGEST else raw[: LONGEST - 4].decode(errors="ignore") + " …"


def digest(*texts: str, length: int = 12) -> str:
    """A short name for what is done once: the same for the same texts."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:length]
