"""The settings of our container by its command line and environment, as far as a file tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from analyzer.check.container import UNKNOWN
from analyzer.check.interface import CommandLines
from analyzer.check.traps.calls import AnalyzerCall
from analyzer.errors import UsageError
from analyzer.settings import Settings
from analyzer.settings.option import PREFIX, variable_of

CONFIG = f"{PREFIX}CONFIG"
ANY_VALUE = "*"


@dataclass(frozen=True)
class ContainerSettings:
    """The settings of a container, as far as a file tells. `unclear` are the options that only a run knows,
    by their variables' names, or ALL. `config`: it reads a config file, which is in the pod alone.
    """

    settings: Settings
    unclear: frozenset[str]
    config: bool

    def clear(self, *options: str) -> bool:
        """Return True if these options, such as `--model`, are known. An option that no layer gives may still
        stand in the config file.
        """
        names = {variable_of(option) for option in options}
        return not names & self.unclear and ANY_VALUE not in self.unclear


def find_bad_variables(call: AnalyzerCall, lines: CommandLines) -> dict[str, UsageError]:
    """Return the variables of options whose value is invalid and not replaced by an option of the command
    line, with the error of each.
    """
    if not call.command:
        return {}
    known = _split_known_words(call)[0]
    words = [] if _parse_error(call, lines, known, {}) else known
    values = {
        name: value for name, value in call.environment.known(lines.variables).items() if name != CONFIG
    }
    return {
        name: error
        for name, value in values.items()
        if (error := _parse_error(call, lines, words, {name: value}))
    }


def read_settings(call: AnalyzerCall, lines: CommandLines) -> ContainerSettings | None:
    """Return the settings by the container's command line and environment; None without a command. Raise
    UsageError for invalid words.

    What Argo, Kubernetes or a shell fills in is left out, and so are variables with an invalid value.
    """
    if not call.command:
        return None
    words, unclear, config = _split_known_words(call)
    lines.parse(call.command, words, {})
    wrong = find_bad_variables(call, lines)
    environ = {
        name: value
        for name, value in call.environment.known(lines.variables).items()
        if name not in wrong and name != CONFIG
    }
    hidden = {name for name in lines.variables if UNKNOWN in call.environment.values.get(name, "")}
    return ContainerSettings(
        lines.parse(call.command, words, environ),
        frozenset(unclear | hidden),
        config or CONFIG in call.environment.values,
    )


def read_settings_with_deadline(call: AnalyzerCall, lines: CommandLines) -> Settings | None:
    """Return the settings if the deadline is known, else None. Raise UsageError for invalid words."""
    container_settings = read_settings(call, lines)
    return (
        container_settings.settings if container_settings and container_settings.clear("--deadline") else None
    )


def _parse_error(
    call: AnalyzerCall, lines: CommandLines, words: list[str], environ: Mapping[str, str]
) -> UsageError | None:
    try:
        lines.parse(call.command, words, environ)
    except UsageError as error:
        return error
    return None


def _split_known_words(call: AnalyzerCall) -> tuple[list[str], set[str], bool]:
    """Return the arguments that are known (without the config file), the options that are not, and whether
    there is a config file.
    """
    words = call.arguments()
    kept: list[str] = []
    unclear: set[str] = set()
    config = False
    while words:
        word = words.pop(0)
        name, _, value = word.partition("=")
        if name == "--config":
            config = True
            words = words if value or "=" in word else words[1:]
        elif (
            word.startswith("-")
            and "=" not in word
            and words
            and UNKNOWN in words[0]
            and not words[0].startswith("-")
        ):
            unclear.add(variable_of(name))
            words = words[1:]
        elif UNKNOWN in word:
            unclear.add(variable_of(name) if name.startswith("--") and UNKNOWN not in name else ANY_VALUE)
        else:
            kept.append(word)
    return kept, unclear, config
