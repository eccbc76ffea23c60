"""What the command line and the environment of our container amount to, as far as a file tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.check.container import UNKNOWN
from analyzer.check.interface import CommandLines
from analyzer.check.traps.ours import Ours
from analyzer.errors import UsageError
from analyzer.options.kinds import PREFIX, variable_of
from analyzer.settings import Settings

CONFIG = f"{PREFIX}CONFIG"
ALL = "*"


@dataclass(frozen=True)
class Reading:
    """The settings of a container, as far as a file tells. `unclear` are the options that only a run knows, by their variables' names, or
    ALL; `config`: it reads a config file, which is in the pod alone.
    """

    settings: Settings
    unclear: frozenset[str]
    config: bool

    def clear(self, *options: str) -> bool:
        """Whether these are known, such as `--model`. What no layer gives may stand in the config file."""
        names = {variable_of(option) for option in options}
        return not names & self.unclear and ALL not in self.unclear


def refused(each: Ours, lines: CommandLines) -> dict[str, UsageError]:
    """The variables of options that hold no value which the option takes, and that no option of the command line stands in for."""
    if not each.command:
        return {}
    known = _known(each)[0]
    words = [] if _error(each, lines, known, {}) else known
    values = {name: value for name, value in each.environment.known(lines.variables).items() if name != CONFIG}
    return {name: error for name, value in values.items() if (error := _error(each, lines, words, {name: value}))}


def reading(each: Ours, lines: CommandLines) -> Reading | None:
    """What the container's command line and environment amount to; None without a command. UsageError where the words do not hold.

    What Argo, Kubernetes or a shell fills in is left out, as are variables whose value does not hold.
    """
    if not each.command:
        return None
    words, unclear, config = _known(each)
    lines.parse(each.command, words, {})
    wrong = refused(each, lines)
    environ = {name: value for name, value in each.environment.known(lines.variables).items() if name not in wrong and name != CONFIG}
    hidden = {name for name in lines.variables if UNKNOWN in each.environment.values.get(name, "")}
    return Reading(lines.parse(each.command, words, environ), frozenset(unclear | hidden), config or CONFIG in each.environment.values)


def settings(each: Ours, lines: CommandLines) -> Settings | None:
    """The same where the deadline can be told, else None."""
    found = reading(each, lines)
    return found.settings if found and found.clear("--deadline") else None


def _error(each: Ours, lines: CommandLines, words: list[str], environ: Mapping[str, str]) -> UsageError | None:
    try:
        lines.parse(each.command, words, environ)
    except UsageError as error:
        return error
    return None


def _known(each: Ours) -> tuple[list[str], set[str], bool]:
    """The arguments that are known, less the config file; the options that are not; and whether there is a config file."""
    words = each.arguments()
    kept: list[str] = []
    unclear: set[str] = set()
    config = False
    while words:
        word = words.pop(0)
        name, _, value = word.partition("=")
        if name == "--config":
            config = True
            words = words if value or "=" in word else words[1:]
        elif word.startswith("-") and "=" not in word and words and UNKNOWN in words[0] and not words[0].startswith("-"):
            unclear.add(variable_of(name))
            words = words[1:]
        elif UNKNOWN in word:
            unclear.add(variable_of(name) if name.startswith("--") and UNKNOWN not in name else ALL)
        else:
            kept.append(word)
    return kept, unclear, config
