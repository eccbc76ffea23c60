"""A preflight: what a run would meet, told before there is one. Nothing is judged, and nothing is changed.

A new check is one file beside this one and its line in `CHECKS`; a new trap of a manifest, see `traps/`; a permission, see `needs.py`.
"""

import dataclasses
from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from analyzer.check.cluster import cluster
from analyzer.check.files import files
from analyzer.check.interface import Asked, Check, Result
from analyzer.check.models import asking
from analyzer.check.prometheus import prometheus
from analyzer.check.prompt import template
from analyzer.check.settings import settings
from analyzer.deadline import Done, in_parallel
from analyzer.exits import Exit
from analyzer.records import retention

CHECKS: dict[str, Check] = {
    "settings": settings,
    "template": template,
    "cluster": cluster,
    "prometheus": prometheus,
    "model": asking,
    "manifest": files,
}

AGAIN = "try again, or allow more time with --deadline"
SHARE = 0.9  # of the time there is, so that a check that waits can say for what


def look(asked: Asked) -> tuple[Result, ...]:
    """What every check found, in their order, masked; all at the same time, by the deadline at the latest."""
    early = dataclasses.replace(asked, deadline=asked.deadline.share(SHARE))
    outcomes = in_parallel([partial(_all, check, early) for check in CHECKS.values()], asked.deadline)
    found: list[Result] = []
    for name, outcome in zip(CHECKS, outcomes, strict=True):
        found += outcome.value if isinstance(outcome, Done) else (_late(name),)
    advised = tuple(replace(each, advice=each.advice or AGAIN) if each.state == "unreachable" else each for each in found)
    return retention.swept(advised, retention.mask(asked.settings.hide))


def code(results: Iterable[Result]) -> Exit:
    """0 when all holds, 2 when something is wrong, 5 when something that may pass is all that does not hold."""
    states = {result.state for result in results}
    if "wrong" in states:
        return Exit.USAGE
    return Exit.INFRASTRUCTURE if "unreachable" in states else Exit.PROMOTE


def _all(check: Check, asked: Asked) -> tuple[Result, ...]:
    return tuple(check(asked))


def _late(name: str) -> Result:
    what = "did not end by the deadline: what it waits for does not answer"
    return Result(check=name, state="unreachable", about=name, what=what)
