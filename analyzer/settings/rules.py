"""The settings that decide."""

from typing import Annotated, Literal

import msgspec

from analyzer.settings.option import (
    ANSWERING,
    DECIDING,
    FAULTS,
    PROMPTING,
    Group,
    Section,
    described,
    option,
)
from analyzer.settings.sections import Gate, Severity

Consensus = Literal["confidence", "majority", "unanimous", "any-rollback"]
OnDoubt = Literal["fail", "pass", "pause"]


class Rules(Group):
    """What decides.

    Ages are in seconds. `weights` are MODEL=NUMBER (`models/weights.py`).
    """

    min_fault_age: Annotated[
        float,
        option(
            Section.ENOUGH,
            "Minimum age of a fault before it counts.",
            FAULTS,
            kind="duration",
            seldom=True,
        ),
    ] = 60.0
    min_ready_time: Annotated[
        float,
        option(
            Section.ENOUGH,
            "Minimum time that the canary must be Ready before it is judged. 0s turns this off.",
            PROMPTING,
            kind="duration",
        ),
    ] = 60.0
    min_requests: Annotated[
        int,
        option(
            Section.ENOUGH,
            (
                "Minimum requests in the log of the canary. 0 is 10, and only where it logs"
                " requests and little else."
            ),
            PROMPTING,
            kind="requests",
            ge=0,
            seldom=True,
        ),
    ] = 0
    idle_ok: Annotated[
        bool,
        option(Section.ENOUGH, "Promote a canary without work if stable has no work either.", PROMPTING),
    ] = False
    consensus: Annotated[
        Consensus,
        option(Section.DECISION, "Rule that turns verdicts into one decision.", DECIDING, seldom=True),
    ] = "confidence"
    quorum: Annotated[
        int,
        option(
            Section.DECISION,
            "Minimum number of verdicts for a decision, and of promotes for a promote.",
            DECIDING,
            kind="verdicts",
            ge=0,
            default="a majority of those asked",
            seldom=True,
        ),
    ] = 0
    min_share: Annotated[
        float,
        option(
            Section.DECISION,
            "Minimum share of the votes for a promote.",
            DECIDING,
            kind="share",
            ge=0,
            le=1,
            seldom=True,
        ),
    ] = 0.6
    min_confidence: Annotated[
        float,
        option(
            Section.DECISION,
            "Minimum mean confidence for a promote, in percent.",
            DECIDING,
            kind="percent",
            ge=0,
            le=100,
            seldom=True,
        ),
    ] = 60.0
    weights: Annotated[
        tuple[str, ...],
        option(
            Section.MODELS,
            "Weight of the verdict of a model, such as gemini=2.",
            DECIDING,
            name="--weight",
            metavar="MODEL=NUMBER",
            default="1",
            seldom=True,
        ),
    ] = ()
    require: Annotated[
        tuple[str, ...],
        option(
            Section.DECISION,
            "Source that must be seen, such as logs or events. Else the run is inconclusive.",
            DECIDING,
            metavar="SOURCE",
            seldom=True,
        ),
    ] = ()
    gates: Annotated[tuple[Gate, ...], described("What the figures of the queries must hold to.")] = ()
    severity: Annotated[
        dict[str, Severity], described("Severity of a kind of finding, in place of its default.")
    ] = msgspec.field(default_factory=dict)
    ignore: Annotated[tuple[str, ...], described("Patterns (RE2) of log templates that tell nothing.")] = ()


class Policy(Group):
    """What an answer that is neither promote nor rollback does to the rollout.

    `on_error` never covers usage errors.
    """

    on_inconclusive: Annotated[
        OnDoubt,
        option(
            Section.DECISION,
            "Inconclusive: exit with 4 (fail) or 0 (pass), or pause the Rollout and exit with 0.",
            ANSWERING,
        ),
    ] = "fail"
    on_error: Annotated[OnDoubt, option(Section.DECISION, "The same for exit code 5.", ANSWERING)] = "fail"
