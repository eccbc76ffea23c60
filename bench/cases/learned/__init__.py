"""The half of the scored one's author that may be read: as `scored`, of other systems; it is of the tuned half."""

from cases.learned import (
    codes,
    events,
    formats,
    healed,
    languages,
    levels,
    measures,
    share,
    status,
    stops,
    unlevelled,
)

CASES = (
    *status.CASES,
    *codes.CASES,
    *measures.CASES,
    *levels.CASES,
    *unlevelled.CASES,
    *languages.CASES,
    *stops.CASES,
    *healed.CASES,
    *formats.CASES,
    *share.CASES,
    *events.CASES,
)
