"""How an option is declared: once, on the field of the settings that it sets.

The field's type says what the option takes, the field's default is the option's. `option(…)` says the rest.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_args

import msgspec

from analyzer.common.value import Value

PREFIX = "ROLLOUT_ANALYZER_"
Bound = int | None
OptionText = str | tuple[str, ...]  # what a layer says of an option, as it was written


class Section(StrEnum):
    """The sections of the help and of docs/options.md, in their order."""

    TARGET = "Target"
    EVIDENCE = "Evidence"
    ENOUGH = "Enough evidence"
    PROMPT = "Prompt"
    MODELS = "Models"
    DECISION = "Decision"
    CASES = "Cases"
    THRESHOLDS = "Thresholds"
    ANSWER = "Answer"
    ISSUE = "GitHub issue"
    NOTICE = "Webhooks"
    OTHER = ""


# The commands that have an option. `settings` and `check` have every one that is not `eval`'s or `check`'s
# alone.
ALL_COMMANDS = ("analyze", "guard", "collect", "prompt", "eval", "label")
LOOKING = ("analyze", "guard", "collect", "prompt")
REACHING = (*LOOKING, "label")
GATHERING = ("analyze", "collect", "prompt")
FAULTS = ("analyze", "guard", "prompt", "eval")
PROMPTING = ("analyze", "prompt", "eval")
REPLAYING = ("analyze", "prompt")
REPORTING = ("analyze", "guard")
DECIDING = ("analyze", "eval")
ANSWERING = ("analyze",)
EVALUATING = ("eval",)
CHECKING = ("check",)


class Option(Value):
    """What an option is beyond its field's type and default.

    `commands` have it. `kind` is needed where the type does not tell what the value is: `duration` and
    `bytes` are numbers that are written with a unit; `rollout`, `address`, `file`, `stream` (a file, or `-`),
    `path` and `line` (it may hold blanks) are texts; any other is a plain number's unit. `name` is needed
    where it is not the field's. `letter` is a short name. `default` says in words what a default such as `""`
    or 0 stands for. `seldom`: only `--help-all` shows it. `variable`: the environment and the config file can
    set it.
    """

    section: Section
    help: str
    commands: tuple[str, ...] = ALL_COMMANDS
    kind: str = ""
    name: str = ""
    letter: str = ""
    metavar: str = ""
    default: str = ""
    seldom: bool = False
    variable: bool = True


def option(
    section: Section,
    text: str,
    commands: tuple[str, ...] = ALL_COMMANDS,
    *,
    ge: Bound = None,
    le: Bound = None,
    **more: Any,
) -> msgspec.Meta:
    """Return what makes a field an option: its help `text`, its bounds, and what else `Option` has."""
    declaration = Option(section=section, help=text, commands=commands, **more)
    return msgspec.Meta(description=text, ge=ge, le=le, extra={"option": declaration})


def described(text: str, **bounds: Any) -> msgspec.Meta:
    """Return what describes a field that no option sets: `text`, and `msgspec.Meta`'s bounds."""
    return msgspec.Meta(description=text, **bounds)


class Group(Value):
    """A part of what is asked. A field is an option, a group, or a section of the config file."""


class Declared(Value):
    """An option with what its field says: its type, its default, and its bounds where it has any.

    `parameter` is the field's name; of a field within a section it has the section's before it
    (`prometheus_url`).
    """

    parameter: str
    option: Option
    type: Any
    default: Any
    low: Bound
    high: Bound

    @property
    def name(self) -> str:
        """Return the option as it is typed, such as `--min-fault-age`."""
        return self.option.name or f"--{self.parameter.replace('_', '-')}"


def declared(group: type[msgspec.Struct], prefix: str = "") -> Iterator[Declared]:
    """Yield the options of a group, of its groups, and of its sections, in the order of their fields."""
    for field in msgspec.structs.fields(group):
        meta = _meta(field.type)
        if meta is not None:
            yield Declared(
                parameter=prefix + field.name,
                option=(meta.extra or {})["option"],
                type=get_args(field.type)[0],
                default=field.default,
                low=None if meta.ge is None else int(meta.ge),
                high=None if meta.le is None else int(meta.le),
            )
        elif isinstance(field.default, Group):
            yield from declared(type(field.default))
        elif isinstance(field.default, Value):
            yield from declared(type(field.default), f"{field.name}_")


def sections(group: type[msgspec.Struct]) -> Iterator[tuple[str, Any]]:
    """Yield name and type of each field, of the groups within a group, that no option sets."""
    for outer in msgspec.structs.fields(group):
        if isinstance(outer.default, Group):
            for field in msgspec.structs.fields(type(outer.default)):
                if _meta(field.type) is None:
                    yield field.name, field.type


def variable_of(name: str) -> str:
    """Return the environment variable of an option such as `--min-fault-age`."""
    return PREFIX + name.removeprefix("--").replace("-", "_").upper()


def _meta(kind: Any) -> msgspec.Meta | None:
    """Return what `option` said of a field's type, if anything."""
    metas = (meta for meta in getattr(kind, "__metadata__", ()) if isinstance(meta, msgspec.Meta))
    return next((meta for meta in metas if "option" in (meta.extra or {})), None)
