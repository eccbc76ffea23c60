"""Where a line starts that something else carried: a container runtime, a collector, a supervisor or a
process manager put its own words before it. What they say of the line is only where it went.
"""

import re

_NEAR = 160  # characters in which a carrier's words stand
_CARRIER = re.compile(
    # The kubelet's files (CRI): the time, the stream, F of a full line or P of a part.
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2}) )?std(?:out|err) [FP] (?=\S)"
    # Docker Compose's, and Foreman's with its clock: a name with a number.
    r"|(?:[0-9]{2}:[0-9]{2}:[0-9]{2} )?[A-Za-z](?=[\w.-]{0,80}[_.-][0-9]{1,4} )[\w.-]{0,86}+ {1,40}\| (?=\S)"
    # A supervisor's: the program and its stream.
    r"|(?:[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3} )?(?:[A-Z]{4} )?[\w.:-]{1,60} std"
    r"(?:out|err)(?: \||:) (?=\S)"
)


def find_carried(text: str) -> int:
    """Return where the line starts that a clean text carries; 0 where nothing carries it."""
    if text.find(" | ", 0, _NEAR) < 0 and text.find("std", 0, _NEAR) < 0:  # asked of every new line
        return 0
    match = _CARRIER.match(text)
    return match.end() if match else 0
