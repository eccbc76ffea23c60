"""Words that a log has newly before each of its lines: a supervisor's, a service's or a pod's name, a trace's
id. They are a part of the log's form, and no event.
"""

import re
from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from analyzer.logs.compare import Compared
from analyzer.logs.troubles import says_mild_trouble

WORDS = 8  # of a prefix, at most
EACH = 0.9  # of a side's lines, at least, that begin with it
# Before a line, these change what it says.
_CHANGING = re.compile(
    r"(?i)\b(?:not|no|never|dry|would|will|simulat\w{0,5}|fake|mock\w{0,2}|noop|skip\w{0,4}|pretend\w{0,3}"
    r"|queued?|pending|plann?(?:ed|ing)?"
    r"|preview|shadow|retry\w{0,3}|duplicate|attempt\w{0,3}|before|after|start\w{0,3}"
    r"|begin\w{0,4}|cannot|could)\b"
)


def strip_prefix(new: Sequence[Compared], gone: Sequence[Compared], lines: int) -> list[Compared]:
    """Return the new templates of one side, of so many lines, without what stands before each of its lines:
    what is before a template that the other side lost. As they are where nothing does, or where it may change
    what they say.
    """
    prefix = _find_prefix(new, gone)
    if not prefix or sum(row.canary for row in new if row.template.startswith(prefix)) < EACH * lines:
        return list(new)
    return [
        replace(row, template=row.template[len(prefix) :]) if row.template.startswith(prefix) else row
        for row in new
    ]


def _find_prefix(new: Sequence[Compared], gone: Sequence[Compared]) -> str:
    """Return what precedes most lines of templates that end as one of the other side's, or empty."""
    templates = {row.template for row in gone}
    counts = Counter[str]()
    for row in new:
        cut = _cut(row.template, templates)
        if cut:
            counts[row.template[:cut]] += row.canary
    prefix = max(counts, key=lambda text: (counts[text], text), default="")
    changes = len(prefix.split()) > WORDS or _CHANGING.search(prefix) or says_mild_trouble(prefix)
    return "" if changes else prefix


def _cut(template: str, endings: set[str]) -> int:
    """Return where one of the endings starts in a template, behind a few words; 0 where none does."""
    place = 0
    for _ in range(WORDS):
        place = template.find(" ", place) + 1
        if not place:
            return 0
        if template[place:] in endings:
            return place
    return 0
