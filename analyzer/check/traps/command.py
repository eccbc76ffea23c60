"""Traps of the container's command line: what it runs, whether that holds, and what a shell around it makes of the exit code."""

from collections.abc import Callable, Iterator, Mapping

from analyzer import pipeline, target
from analyzer.check.container import UNKNOWN
from analyzer.check.shell.programs import named
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.check.traps.ours import COMMANDS, Ours, ours
from analyzer.check.traps.reading import Reading, reading
from analyzer.errors import UsageError
from analyzer.exits import Exit

LIST = "write the command's words as a list: args: [analyze, --deadline=5m]"
TARGET = ("--rollout", "--stable-hash", "--canary-hash", "--stable-selector", "--canary-selector")
_ASKED = {"prometheus": "--prometheus", "context selectors": "--context-selector", "observe": "--observe", "save": "--save"}


def commands(manifests: Manifests) -> Iterator[Trap]:
    """Of every container that runs this product."""
    for each in ours(manifests):
        if each.never:
            yield Trap(each.at, each.never, f"leave command out, and {LIST}")
        elif not each.command and not any(UNKNOWN in word for word in each.words[:1]):
            yield _none(each, manifests)
        else:
            yield from refused_at_once(each, manifests)
        yield from _shell(each)


def refused_at_once(each: Ours, manifests: Manifests) -> Iterator[Trap]:
    """What a run would end with code 2 for before it looks."""
    if not each.command:
        return
    help_shows = f"see rollout-analyzer {each.command} --help"
    try:
        found = reading(each, manifests.lines)
        for check in _checks(each, found) if found else ():
            check()
    except UsageError as error:
        yield Trap(each.at, f"the container would exit with code 2: {error}", error.advice or help_shows)


def _checks(each: Ours, known: Reading) -> Iterator[Callable[[], object]]:
    """What a run checks before it looks, as far as that is known: the rest hangs on a config file, or on what is filled in."""
    if each.command != "analyze" or not known.clear():
        return
    for name, check in pipeline.checks(known.settings).items():
        figures = name == "prometheus" or name.startswith("gate ")
        if not (figures and known.config) and known.clear(_ASKED.get(name, "--require"), *(("--deadline",) if name == "observe" else ())):
            yield check
    if target.given(known.settings.where) and known.clear(*TARGET) and not known.config:
        yield lambda: target.check(known.settings.where)


def _none(each: Ours, manifests: Manifests) -> Trap:
    word = each.words[0] if each.words else ""
    if not word:
        return Trap(each.at, "the container names no command: it would print the help, and fail", "set args: [analyze]")
    if word == "check":
        what = "the container runs check, which judges nothing: the analysis is Successful where all that a run needs is there"
        return Trap(each.at, what, "set args: [analyze] once it should decide", "note")
    if word in manifests.lines.commands:
        return Trap(each.at, f"the container runs {word}, which judges nothing, and whose exit code 0 promotes", "set args: [analyze]")
    shown = word[:60]
    advice = LIST if " " in word else f"there are {' and '.join(COMMANDS)} for an analysis"
    return Trap(each.at, f"the container would exit with code 2: there is no command {shown!r}", advice)


def _shell(each: Ours) -> Iterator[Trap]:
    """What becomes of each exit code, one worst thing said."""
    if not each.codes:
        what = "a shell script is around the command, and more of one than can be read here: it has to exit with rollout-analyzer's code"
        yield Trap(each.at, what, f"{LIST}; or begin with exec", "note")
        return
    written = each.container["command"].each()
    if written and named(written[0].text()) in ("sh", "dash") and any("pipefail" in text.value for text in each.container.texts()):
        yield Trap(each.at, "Debian's sh knows no pipefail, and ends with code 2: the image has it by default", "run it by bash", "note")
    changed = {code: told for code, told in each.codes.items() if told != code}
    swallowed = sorted(code for code, told in changed.items() if told == 0)
    if any(code in (Exit.USAGE, Exit.ROLLBACK) for code in swallowed):
        what = f"the shell around the command swallows the exit code: 0, which promotes, comes of {_named(swallowed)}"
        yield Trap(each.at, what, f"let the shell exit with it (exec rollout-analyzer …), or {LIST}")
    elif swallowed == sorted(changed) and swallowed:
        what = f"the shell around the command makes 0 of exit code {_named(swallowed)}: that promotes"
        yield Trap(each.at, what, "say so by --on-inconclusive pass or --on-error pass, so that reports tell it", "note")
    elif changed:
        what = f"the shell around the command changes the exit code: {_becomes(changed)}"
        yield Trap(each.at, what, f"let the shell exit with it (exec rollout-analyzer …), or {LIST}")
    elif each.wrapped:
        what = "a shell stands around the command: it may keep to itself the signal that ends a pod in order"
        yield Trap(each.at, what, f"begin its script with exec, or {LIST}", "note")


def _named(codes: list[int]) -> str:
    return ", ".join(f"{code} ({Exit(code).name.lower()})" for code in codes)


def _becomes(changed: Mapping[int, int]) -> str:
    return ", ".join(f"{_named([code])} becomes {told}" for code, told in sorted(changed.items()))
