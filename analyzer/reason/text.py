"""Text of a bounded length: one point, and the whole sentence."""

from collections.abc import Sequence

from analyzer.common.short import cut_bytes

LONGEST_SENTENCE = 720  # bytes: an Event holds 1,000, and says what the exit code means beside it
MOST_FINDINGS = 3  # findings
SENTENCE, FIGURE, CHANGE, QUOTE, SAID, NAME, ADVICE = 260, 60, 120, 160, 240, 60, 200  # bytes of one


def cut_sentence(text: str, longest: int) -> str:
    """Return `text` on one line of at most `longest` bytes, cut at a character."""
    return cut_bytes(" ".join(text.split()), longest)


def join_points(points: Sequence[str], since: str, *endings: str) -> str:
    """Return as many points as there is room for, and at least the first. What changed and what comes last
    keep their room.
    """
    end = f"{f', since {since}' if since else ''}{''.join(f'; {point}' for point in endings if point)}"
    room = LONGEST_SENTENCE - len(end.encode()) - len("; and 999 more")
    text = cut_sentence(points[0], room) if points else ""
    shown = 1
    for point in points[1:MOST_FINDINGS]:
        if len(f"{text}; {point}".encode()) > room:
            break
        text, shown = f"{text}; {point}", shown + 1
    whole = f"{text}{f'; and {len(points) - shown} more' if len(points) > shown else ''}{end}"
    return " ".join(whole.split())
