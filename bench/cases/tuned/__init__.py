"""The tuned half, one module a family."""

from cases.tuned import (
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
