"""Labelled cases of canaries and their logs, to measure the built-in judge with.

Each case is two versions of a service as real systems log them, and the outcomes that are right for them.
Half of all cases are harmless twins: the same places, words and figures with nothing wrong. The labels were
fixed before the rules that they measure.

The set is in two halves. Every family is in both, with other systems and frameworks in each:

    tuned    may be read and run while rules are written: `tuned/`; `earlier/`, `former/` and `recent/`, each of
             which was the scored half until its failures were read; `field/`, which was run once before its failures
             were read; and `learned/`, of the scored half's author
    scored   is run only after the rules are written, and never read for them: `scored/`

One author, who had read neither the judge nor its rules, wrote `learned/` and `scored/` together. Chance put each
system into one of the two.
"""

from collections.abc import Iterator

from cases import earlier, field, former, learned, recent, scored, tuned
from cases.case import Case

FAMILIES = (
    "status",  # status codes in access logs
    "codes",  # gRPC, exit codes, SQLSTATE, errno, counts of failures
    "measures",  # latency, queues, lag, retries
    "levels",  # levels in uncommon places
    "unlevelled",  # failures at WARN or without a level
    "languages",  # failures in other languages
    "stops",  # work that stops
    "healed",  # transients
    "formats",  # new formats of the log
    "share",  # how large a part of the work is touched
    "events",  # events with the reason
)


def every() -> Iterator[Case]:
    """Yield all cases of both halves, by family."""
    read = (*tuned.CASES, *earlier.CASES, *former.CASES, *recent.CASES, *learned.CASES, *field.CASES)
    whole = (*read, *scored.CASES)
    for family in FAMILIES:
        yield from (case for case in whole if case.family == family)
