"""Traps of the container's command line: what it runs, whether that is valid, and what a shell around it
makes of the exit code.
"""

from collections.abc import Callable, Iterator, Mapping

from analyzer import target
from analyzer.check.container import UNKNOWN
from analyzer.check.shell.programs import program_name
from analyzer.check.traps.calls import COMMANDS, AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.reading import ContainerSettings, read_settings
from analyzer.common.short import cut
from analyzer.errors import UsageError
from analyzer.exits import ExitCode
from analyzer.run.preflight import checks

LIST = "write the command's words as a list: args: [analyze, --deadline=5m]"
TARGET = ("--rollout", "--stable-hash", "--canary-hash", "--stable-selector", "--canary-selector")
_OPTION_OF_CHECK = {
    "prometheus": "--prometheus",
    "shared pods": "--shared-pods",
    "observe": "--observe",
    "wait": "--wait",
    "save": "--save",
}


def check_commands(manifests: Manifests) -> Iterator[Trap]:
    """Check every container that runs this product."""
    for call in find_calls(manifests):
        if call.never:
            yield Trap(call.at, call.never, f"leave command out, and {LIST}")
        elif not call.command and not any(UNKNOWN in word for word in call.words[:1]):
            yield _trap_of_no_command(call, manifests)
        else:
            yield from check_refused_at_once(call, manifests)
        yield from _check_shell(call)


def check_refused_at_once(call: AnalyzerCall, manifests: Manifests) -> Iterator[Trap]:
    """Check for what a run would refuse with exit code 2 before it looks at anything."""
    if not call.command:
        return
    help_shows = f"see rollout-analyzer {call.command} --help"
    try:
        container_settings = read_settings(call, manifests.lines)
        for check in _preflight_checks(call, container_settings) if container_settings else ():
            check()
    except UsageError as error:
        yield Trap(call.at, f"the container would exit with code 2: {error}", error.advice or help_shows)


def _preflight_checks(
    call: AnalyzerCall, container_settings: ContainerSettings
) -> Iterator[Callable[[], object]]:
    """Yield what a run checks before it looks at anything, as far as that is known. The rest depends on a
    config file, or on what is filled in.
    """
    if call.command != "analyze" or not container_settings.clear():
        return
    for name, check in checks(container_settings.settings).items():
        figures = name == "prometheus" or name.startswith("gate ")
        if not (figures and container_settings.config) and container_settings.clear(
            _OPTION_OF_CHECK.get(name, "--require"), *(("--deadline",) if name in ("observe", "wait") else ())
        ):
            yield check
    if (
        target.names_target(container_settings.settings.where)
        and container_settings.clear(*TARGET)
        and not container_settings.config
    ):
        yield lambda: target.check_target(container_settings.settings.where)


def _trap_of_no_command(call: AnalyzerCall, manifests: Manifests) -> Trap:
    word = call.words[0] if call.words else ""
    if not word:
        return Trap(
            call.at,
            "the container names no command: it would print the help, and fail",
            "set args: [analyze]",
        )
    if word == "check":
        what = (
            "the container runs check, which judges nothing: the analysis is Successful where all that a"
            " run needs is there"
        )
        return Trap(call.at, what, "set args: [analyze] once it should decide", "note")
    if word in manifests.lines.commands:
        return Trap(
            call.at,
            f"the container runs {word}, which judges nothing, and whose exit code 0 promotes",
            "set args: [analyze]",
        )
    shown = cut(word, 60)
    advice = LIST if " " in word else f"there are {' and '.join(COMMANDS)} for an analysis"
    return Trap(call.at, f"the container would exit with code 2: there is no command {shown!r}", advice)


def _check_shell(call: AnalyzerCall) -> Iterator[Trap]:
    """Check what becomes of each exit code, and yield the worst trap alone."""
    if not call.codes:
        what = (
            "the shell script around the command is too complex to be checked: it has to exit with"
            " rollout-analyzer's code"
        )
        yield Trap(call.at, what, f"{LIST}; or begin with exec", "note")
        return
    written = call.container["command"].elements()
    if (
        written
        and program_name(written[0].text()) in ("sh", "dash")
        and any("pipefail" in text.value for text in call.container.texts())
    ):
        yield Trap(
            call.at,
            "Debian's sh knows no pipefail, and ends with code 2: the image has it by default",
            "run it by bash",
            "note",
        )
    changed = {code: exit_code for code, exit_code in call.codes.items() if exit_code != code}
    swallowed = sorted(code for code, exit_code in changed.items() if exit_code == 0)
    if any(code in (ExitCode.USAGE, ExitCode.ROLLBACK) for code in swallowed):
        what = (
            "the shell around the command swallows the exit code: 0, which promotes,"
            f" comes of {_name_codes(swallowed)}"
        )
        yield Trap(call.at, what, f"let the shell exit with it (exec rollout-analyzer …), or {LIST}")
    elif swallowed == sorted(changed) and swallowed:
        what = f"the shell around the command makes 0 of exit code {_name_codes(swallowed)}: that promotes"
        yield Trap(
            call.at,
            what,
            "say so by --on-inconclusive pass or --on-error pass, so that reports tell it",
            "note",
        )
    elif changed:
        what = f"the shell around the command changes the exit code: {_describe_changes(changed)}"
        yield Trap(call.at, what, f"let the shell exit with it (exec rollout-analyzer …), or {LIST}")
    elif call.wrapped:
        what = "a shell stands around the command: it may not pass on the signal that ends the pod"
        yield Trap(call.at, what, f"begin its script with exec, or {LIST}", "note")


def _name_codes(codes: list[int]) -> str:
    return ", ".join(f"{code} ({ExitCode(code).name.lower()})" for code in codes)


def _describe_changes(changed: Mapping[int, int]) -> str:
    return ", ".join(
        f"{_name_codes([code])} becomes {exit_code}" for code, exit_code in sorted(changed.items())
    )
