"""What was asked: every option, and where its value came from.

Layers, weakest first: default < config file < environment < Argo's args < option. `origins` says which layer
gave each value, so that a person can be shown it. Credentials are never settings: adapters read them from the
environment, so that no record, log or prompt can carry one.

A field with an `option` is one: its name on the command line, its environment variable, its key in the config
file, its help, its JSON Schema and its row in docs/options.md all follow from it. A group's other field is a
section of the config file.
"""

from typing import Annotated, Literal

import msgspec

from analyzer.settings.answer import Hide, Tell, Telling
from analyzer.settings.evidence import Look
from analyzer.settings.issues import Agent, Issues
from analyzer.settings.models import Ask
from analyzer.settings.notices import Chat, Notices
from analyzer.settings.option import Group, Section, option
from analyzer.settings.rules import Consensus, OnDoubt, Policy, Rules
from analyzer.settings.sections import (
    Direction,
    Gate,
    NoData,
    Price,
    Prometheus,
    Query,
    Relative,
    SecretPattern,
    Severity,
    Statistical,
    confidence_of,
    fewest_points,
    most_looks,
)
from analyzer.settings.target import Where

__all__ = [
    "Agent",
    "Ask",
    "Chat",
    "Consensus",
    "Direction",
    "Gate",
    "Hide",
    "Issues",
    "Look",
    "NoData",
    "Notices",
    "OnDoubt",
    "Origin",
    "Policy",
    "Price",
    "Prometheus",
    "Query",
    "Relative",
    "Rules",
    "SecretPattern",
    "Settings",
    "Severity",
    "Statistical",
    "Tell",
    "Telling",
    "Where",
    "confidence_of",
    "fewest_points",
    "most_looks",
]

Origin = Literal["default", "config file", "environment", "argo", "option"]


class Settings(Group):
    """Everything that was asked. `deadline` is in seconds.

    The help has the options of a section in the order of these fields.
    """

    where: Where = Where()
    ask: Ask = Ask()
    rules: Rules = Rules()
    look: Look = Look()
    policy: Policy = Policy()
    deadline: Annotated[float, option(Section.OTHER, "Maximum run time.", kind="duration", ge=1)] = 300.0
    hide: Hide = Hide()
    tell: Tell = Tell()
    issues: Issues = Issues()
    notices: Notices = Notices()
    origins: dict[str, Origin] = msgspec.field(default_factory=dict)
