"""The half that was the scored one after `former`; it is of the tuned half since."""

from cases.recent import (
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
