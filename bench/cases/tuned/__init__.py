"""The tuned half, one module a family."""

from cases.tuned import (
    codes,
    events,
    formats,
    healed,
    languages,
    levels,
    measures,
    prefixes,
    quiet,
    share,
    status,
    stops,
    unlevelled,
    wider,
    wider_words,
)

CASES = (
    *status.CASES,
    *codes.CASES,
    *measures.CASES,
    *levels.CASES,
    *unlevelled.CASES,
    *quiet.CASES,
    *languages.CASES,
    *stops.CASES,
    *healed.CASES,
    *formats.CASES,
    *prefixes.CASES,
    *share.CASES,
    *events.CASES,
    *wider.CASES,
    *wider_words.CASES,
)
