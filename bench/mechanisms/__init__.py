"""Cases that are generated from mechanisms: what goes wrong with a release, or only seems to.

A mechanism is a cause, not a finding of ours. Each makes any number of cases: the framework, the traffic, the
pods, their age and the extent of the fault are drawn from a seed. The families are in two splits, each with
mechanisms of every category:

    tuned    may be read and run while rules are written
    scored   is run only after the rules are written

A mechanism that was added once the scored half had shown a weakness is tuned, and changes no other's split.
"""

from collections.abc import Iterator

from mechanisms import (
    altered,
    apart,
    attack,
    comparison,
    dependencies,
    doubt,
    halts,
    harmless,
    release,
    resources,
    shared,
    start,
)
from mechanisms.build import Mechanism

MECHANISMS: tuple[Mechanism, ...] = (
    *start.MECHANISMS,
    *resources.MECHANISMS,
    *dependencies.MECHANISMS,
    *release.MECHANISMS,
    *harmless.MECHANISMS,
    *comparison.MECHANISMS,
    *doubt.MECHANISMS,
    *attack.MECHANISMS,
    *apart.MECHANISMS,
    *shared.MECHANISMS,
    *halts.MECHANISMS,
    *altered.MECHANISMS,
)


def splits() -> Iterator[tuple[Mechanism, str]]:
    """Yield each mechanism and its split: its own, else by turn within a category, in the order of the
    table.
    """
    turns: dict[str, int] = {}
    for mechanism in MECHANISMS:
        if mechanism.split:
            yield mechanism, mechanism.split
            continue
        turn = turns[mechanism.category] = turns.get(mechanism.category, -1) + 1
        yield mechanism, "scored" if turn % 2 else "tuned"


def of_split(split: str) -> tuple[Mechanism, ...]:
    """Return the mechanisms of a split, or of both (`all`)."""
    return tuple(mechanism for mechanism, own in splits() if split in ("all", own))
