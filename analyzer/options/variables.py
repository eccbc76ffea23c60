"""The environment's variables: those of options, and those that only look like one's."""

import os
import re
from collections.abc import Sequence

import click

from analyzer.common.nearest import nearest
from analyzer.errors import UsageError
from analyzer.options.option import options_of
from analyzer.settings.option import PREFIX, variable_of

NEAR_OPTION = 0.95  # of difflib's ratio, the common beginning included: a letter or two
LIKE = 0.7  # for what follows the beginning that is ours
LONGEST_VARIABLE = 80  # characters of a name that is compared, or shown
# https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
_NAME = re.compile(r"[A-Z0-9_]*")
_SERVICE_LINK = re.compile(
    r"_(?:SERVICE_HOST$|SERVICE_PORT(?:_[A-Z0-9_]|$)"
    r"|PORT(?:$|_[0-9]{1,5}_(?:TCP|UDP|SCTP)(?:$|_(?:PROTO|PORT|ADDR)$)))"
)


def variables(command: click.Command) -> tuple[str, ...]:
    """Return the environment's names of a command's options, or all commands' of a group."""
    return tuple(variable_of(key) for key in (*options_of(command), "config"))


def check_variables(context: click.Context) -> tuple[str, ...]:
    """Return the messages about variables with our prefix that set no option: a team's own, or misspelt ones.

    Raise UsageError for a name close to an option's variable: as with a key of the config file, a typo must
    not mean the default in silence. Variables that Kubernetes sets for a Service with such a name are left
    alone.
    """
    known = variables(context.find_root().command)
    messages = []
    near = {}
    ours = (name for name in os.environ if variable_like(name).startswith(PREFIX))
    for name in sorted(name for name in ours if name not in known):
        if _NAME.fullmatch(name) and _SERVICE_LINK.search(name, len(PREFIX) - 1):
            continue
        likely = nearest(variable_like(name), known, NEAR_OPTION)
        if likely:
            near[name[:LONGEST_VARIABLE]] = likely
            continue
        meant = nearest_variable(name, known)
        hint = f": did you mean {meant}?" if meant else ""
        messages.append(f"the environment variable {name[:LONGEST_VARIABLE]} sets no option{hint}")
    if near:
        named = f"variable {next(iter(near))}" if len(near) == 1 else f"variables {', '.join(near)}"
        advice = f"did you mean {', '.join(near.values())}?"
        raise UsageError(f"there is no option for the environment {named}", advice=advice)
    return tuple(messages)


def variable_like(name: str) -> str:
    """Return a variable's name as an option's would be written."""
    return name[:LONGEST_VARIABLE].upper().replace("-", "_")


def nearest_variable(name: str, known: Sequence[str]) -> str:
    """Return the option's variable that is most like a name with our beginning; empty without one."""
    ends = {variable.removeprefix(PREFIX): variable for variable in known}
    near = nearest(variable_like(name)[len(PREFIX) :], ends, LIKE)
    return ends[near] if near else ""
