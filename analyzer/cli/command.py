"""What all commands have in common: help in sections, and every error of a command line at once."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import IO, Any

import click

from analyzer.cli.failure import FailedInvocation
from analyzer.cli.terminal import remark, writing
from analyzer.errors import UsageError
from analyzer.exits import ExitCode
from analyzer.options.layers import invocation_of
from analyzer.options.option import ENVIRON, REFUSED, DeclaredOption, section_of, seldom
from analyzer.options.variables import check_variables
from analyzer.settings.option import PREFIX

OptionError = click.NoSuchOption | click.BadOptionUsage

EVIDENCE = "--evidence"
SHOW_ALL = "analyzer.help"  # a context's, where every option is shown


class Several(click.UsageError):
    """More than one error of a command line: of an option, of a variable, or of the config file."""

    def __init__(self, errors: Sequence[click.UsageError | UsageError], ctx: click.Context) -> None:
        self.messages = tuple(map(_message, errors))
        super().__init__("; ".join(self.messages), ctx)

    def show(self, file: "IO[Any] | None" = None) -> None:
        """Print them as click prints one, with a line for each."""
        first, *others = self.messages
        click.UsageError(first, self.ctx).show(file)
        for message in others:
            click.echo(f"Error: {message}", file=file, err=file is None)


def _message(error: click.UsageError | UsageError) -> str:
    """Return what is wrong, and what to do about it, in one line."""
    if isinstance(error, click.UsageError):
        return error.format_message()
    return f"{error}{f' ({error.advice})' if error.advice else ''}"


class Command(click.Command):
    """A command that takes options and no words. Its function gets the invocation, and its own options.

    Its help is text like any other: who reads it may leave in the middle of it. `words` is what to say to who
    gives it a word. `reports`: its answer is a report, and so is an error.
    """

    words = ""
    reports = False

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read a command line. That writes nothing but the help and the version."""
        with contextlib.suppress(BrokenPipeError), writing():
            return super().make_context(info_name, args, parent, **extra)
        raise click.exceptions.Exit(ExitCode.PROMOTE)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options. Raise FailedInvocation with each that does not hold, and with what is wrong with
        the config file and with the variables.
        """
        errors, rest = self._read_arguments(ctx, args)
        all_errors = [*_no_text(args), *_given_twice(args), *errors]
        if not all_errors:
            return rest
        error = _one([*all_errors, *_misspelt(ctx)], ctx)
        raise FailedInvocation(error, invocation_of(ctx), reports=self.reports) from error

    def _read_arguments(self, ctx: click.Context, args: list[str]) -> tuple[list[Exception], list[str]]:
        """Return all that is wrong with the arguments, and what is left of them."""
        wrong: list[Exception] = []
        left = args
        while True:
            values: list[Exception] = []
            ctx.meta[REFUSED] = values
            try:
                rest = super().parse_args(ctx, [*left])
            except (click.NoSuchOption, click.BadOptionUsage) as error:
                wrong.append(_of_another(error, ctx.parent))
                shorter = _without(left, error.option_name)
                if len(shorter) == len(left) or ctx.resilient_parsing:
                    return wrong, []
                left = shorter
            except click.UsageError as error:
                return [*wrong, *values, self._with_words(error, ctx)], []
            else:
                return [*wrong, *values], rest

    def _with_words(self, error: click.UsageError, ctx: click.Context) -> click.UsageError:
        unexpected = type(error) is click.UsageError and "unexpected extra argument" in error.message
        return click.UsageError(f"{error.message}. {self.words}", ctx) if unexpected and self.words else error

    def invoke(self, ctx: click.Context) -> Any:
        """Return the exit code. Raise FailedInvocation for whatever goes wrong."""
        invocation = invocation_of(ctx)
        own = [str(parameter.name) for parameter in self.params if not isinstance(parameter, DeclaredOption)]
        assert self.callback is not None
        try:
            for line in check_variables(ctx):
                remark(line)
            return ctx.invoke(self.callback, invocation, **{name: ctx.params[name] for name in own})
        except (click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            raise FailedInvocation(error, invocation, reports=self.reports) from error

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options, with `--help-all` where some option is left out of the help."""
        params = super().get_params(ctx)
        return [*params[:-1], HELP_ALL, *params[-1:]] if any(map(seldom, params)) else params

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in sections, the nameless one last. Some are shown by `--help-all` alone."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            if seldom(parameter) and not ctx.meta.get(SHOW_ALL):
                continue
            record = parameter.get_help_record(ctx)
            sections.setdefault(section_of(parameter), []).extend([record] if record else [])
        for title in sorted(sections, key=bool, reverse=True):
            with formatter.section(title or "Options"):
                formatter.write_dl(sections[title])


class ReportingCommand(Command):
    """A command whose answer is a report (`--format`, `--termination-log`), an error included."""

    reports = True


class CommandGroup(Command, click.Group):
    """The command that has the others: only its help is as theirs."""

    format_options = click.Group.format_options
    parse_args = click.Group.parse_args
    invoke = click.Group.invoke


def _show_all(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        ctx.meta[SHOW_ALL] = True
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


HELP_ALL = click.Option(
    ["--help-all"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_all,
    help="Show every option and exit.",
)


def _no_text(arguments: Sequence[str]) -> Iterator[UsageError]:
    """Yield an error for what is no text: everything that is asked may be kept, and told, as UTF-8."""
    variables = ((name, value) for name, value in os.environ.items() if name.startswith(PREFIX))
    for what, text in (*(("an argument", argument) for argument in arguments), *variables):
        try:
            text.encode()
        except UnicodeEncodeError:
            yield UsageError(f"{what} is not UTF-8: {text!a}", advice="is the terminal's encoding UTF-8?")


def _given_twice(arguments: Sequence[str]) -> Iterator[UsageError]:
    """Yield an error for a second --evidence: click would take the last one, and say nothing of the first."""
    given = [each for each in arguments if each == EVIDENCE or each.startswith(f"{EVIDENCE}=")]
    if len(given) > 1:
        yield UsageError(
            f"{EVIDENCE} is given twice", advice="judge one file at a time; 'eval' judges a folder"
        )


def _without(args: list[str], name: str) -> list[str]:
    """Return the arguments less an option that does not hold, and less what seems to be its value.

    A letter may stand before others behind one dash.
    """
    letter = len(name) == 2
    fits = [arg == name or arg.startswith(f"{name}=") or (letter and arg.startswith(name)) for arg in args]
    at = fits.index(True) if True in fits else len(args)
    valued = args[at : at + 1] == [name] and args[at + 1 : at + 2] and not args[at + 1].startswith("-")
    return args[:at] + args[at + (2 if valued else 1) :]


def _one(errors: Sequence[Exception], ctx: click.Context) -> Exception:
    """Return the error to tell: the first that is no misuse, such as a bug, else all of them as one."""
    misuses = [error for error in errors if isinstance(error, click.UsageError | UsageError)]
    others = [error for error in errors if not isinstance(error, click.UsageError | UsageError)]
    if others:
        return others[0]
    return misuses[0] if len(misuses) == 1 else Several(misuses, ctx)


def _misspelt(ctx: click.Context) -> Iterator[UsageError]:
    """Yield what is wrong with this process's variables, unless the command line is run elsewhere."""
    if ENVIRON not in ctx.meta:
        try:
            check_variables(ctx)
        except UsageError as error:
            yield error


def _names(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


def _of_another(error: OptionError, parent: click.Context | None) -> OptionError:
    """Return the error; where other commands have the option, it names them: it is no misspelling, then."""
    if not isinstance(error, click.NoSuchOption):
        return error
    commands = parent.command.commands if parent and isinstance(parent.command, click.Group) else {}
    having = [name for name, command in commands.items() if error.option_name in _names(command)]
    message = f"{error.message} It is one of {', '.join(having)}."
    return click.NoSuchOption(error.option_name, message, ctx=error.ctx) if having else error
