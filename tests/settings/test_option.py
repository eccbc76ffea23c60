"""A declaration: what one field of the settings makes of the command line, the environment and the help."""

from collections import Counter
from typing import Annotated, Literal

import click
import pytest
from click.testing import CliRunner

from analyzer.common.value import Value
from analyzer.options.invocation import Invocation
from analyzer.options.option import DeclaredOption
from analyzer.settings import Settings
from analyzer.settings.option import Group, Section, declared, option, sections


class Server(Value):
    url: Annotated[str, option(Section.EVIDENCE, "Address.", name="--server", metavar="URL")] = ""
    ca: Annotated[str, option(Section.EVIDENCE, "Certificate.", kind="file")] = ""


class Bounds(Group):
    min_pause: Annotated[float, option(Section.ENOUGH, "A pause.", kind="duration", ge=1)] = 90.0
    room: Annotated[int, option(Section.ENOUGH, "Room.", kind="bytes")] = 1024
    most: Annotated[int, option(Section.ENOUGH, "A number.", kind="pods", ge=1, le=9, seldom=True)] = 3
    colours: Annotated[
        tuple[Literal["red", "blue"], ...], option(Section.ENOUGH, "Colours.", name="--colour")
    ] = ("red",)
    loud: Annotated[bool, option(Section.OTHER, "Noise.", variable=False)] = False
    server: Server = Server()
    named: tuple[str, ...] = ()


class Whole(Group):
    bounds: Bounds = Bounds()


MADE = {each.name: each for each in declared(Whole)}


def read(*arguments: str, **environ: str) -> dict[str, object]:
    """What a command with these options reads."""
    seen: dict[str, object] = {}
    command = click.Command(
        "try",
        params=[DeclaredOption(each) for each in MADE.values()],
        callback=lambda **values: seen.update(values),
    )
    result = CliRunner().invoke(command, arguments, env=environ)
    return seen or {"error": result.output}


def test_an_option_is_called_as_its_field_or_as_it_says() -> None:
    assert list(MADE) == ["--min-pause", "--room", "--most", "--colour", "--loud", "--server", "--server-ca"]
    assert [made.parameter for made in MADE.values()][3:] == ["colours", "loud", "server_url", "server_ca"]


def test_a_field_without_an_option_is_a_section() -> None:
    assert [name for name, _ in sections(Whole)] == ["server", "named"]


def test_the_fields_default_is_the_options() -> None:
    assert read() == {
        "min_pause": 90.0,
        "room": 1024,
        "most": 3,
        "colours": ("red",),
        "loud": False,
        "server_url": "",
        "server_ca": "",
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--min-pause", "0s"), "1s is the least"),
        (("--most", "10"), "1<=x<=9"),
        (("--most", "0"), "1<=x<=9"),
        (("--room", "0"), "no size"),
        (("--colour", "green"), "'red', 'blue'"),
    ],
)
def test_the_fields_type_and_bounds_are_the_options(arguments: tuple[str, ...], says: str) -> None:
    assert says in str(read(*arguments)["error"])


def test_the_environment_sets_what_it_may() -> None:
    values = read(
        ROLLOUT_ANALYZER_MIN_PAUSE="2m", ROLLOUT_ANALYZER_COLOUR="blue red", ROLLOUT_ANALYZER_LOUD="true"
    )
    assert (values["min_pause"], values["colours"], values["loud"]) == (120.0, ("blue", "red"), False)


def test_the_help_has_the_default_as_it_is_typed() -> None:
    context = click.Context(click.Command("try"))
    shown = dict(filter(None, (DeclaredOption(each).get_help_record(context) for each in MADE.values())))
    assert shown["--min-pause DURATION"] == "A pause.  [default: 1m30s]"
    assert shown["--room SIZE"] == "Room.  [default: 1KiB]"
    assert shown["--loud"] == "Noise."


def test_no_two_options_of_a_command_have_one_name() -> None:
    options = list(declared(Invocation))
    names = Counter((command, option.name) for option in options for command in option.option.commands)
    assert [name for name, count in names.items() if count > 1] == []
    assert len({option.parameter for option in options}) == len(options)


def test_no_option_has_the_name_of_a_section() -> None:
    """The layers give values by these names; the exception is a section with options for its own fields."""
    parameters = {option.parameter for option in declared(Invocation)}
    assert not parameters & {name for name, _ in sections(Settings)}
