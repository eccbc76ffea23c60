"""Options: units, the environment's names, and where a value came from."""

import click
import pytest
from click.testing import CliRunner

from analyzer.options import Duration, Size, judge_options, replay_options, settings_of, target_options
from analyzer.settings import Settings


@click.command()
@target_options
@replay_options
@judge_options
@click.pass_context
def command(ctx: click.Context, /, **_options: object) -> None:
    ctx.obj.append(settings_of(ctx))


def settings(*arguments: str, environment: dict[str, str] | None = None) -> Settings:
    seen: list[Settings] = []
    result = CliRunner().invoke(command, arguments, obj=seen, env=environment, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return seen[0]


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5m", 90), ("250ms", 0.25), ("0s", 0)]
)
def test_a_duration_is_read_as_kubectl_writes_it(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5s", "5 minutes", "m", "1d", "inf", "nan"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no duration"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "size"), [("65536", 65536), ("64KiB", 65536), ("64k", 65536), ("4MiB", 4194304), ("4M", 4194304), ("1GiB", 1073741824)]
)
def test_a_size_is_read_in_binary_units(text: str, size: int) -> None:
    assert Size().convert(text, None, None) == size


@pytest.mark.parametrize("text", ["", "0", "big", "-1", "1.5MiB", "4TiB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no size"):
        Size().convert(text, None, None)


def test_without_options_every_value_is_the_settings_own_default() -> None:
    given = settings()
    assert (given.where, given.look, given.ask, given.rules, given.deadline) == (
        Settings().where,
        Settings().look,
        Settings().ask,
        Settings().rules,
        Settings().deadline,
    )
    assert set(given.origins.values()) == {"default"}


def test_an_option_beats_the_environment_and_each_says_where_it_came_from() -> None:
    given = settings("--min-age", "5s", environment={"ROLLOUT_ANALYZER_MIN_AGE": "2m", "ROLLOUT_ANALYZER_ROLLOUT": "cart"})
    assert (given.rules.min_age, given.where.rollout) == (5, "cart")
    assert (given.origins["min_age"], given.origins["rollout"], given.origins["since"]) == ("option", "environment", "default")


def test_an_option_that_repeats_keeps_its_order() -> None:
    given = settings("--model", "gemini", "--model", "ollama:gemma4:12b")
    assert given.ask.models == ("gemini", "ollama:gemma4:12b")


def test_a_list_in_the_environment_is_split_at_spaces() -> None:
    assert settings(environment={"ROLLOUT_ANALYZER_MODEL": "gemini builtin"}).ask.models == ("gemini", "builtin")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--consensus", "loudest"), "confidence"),
        (("--min-share", "60"), "0<=x<=1"),
        (("--min-confidence", "101"), "0<=x<=100"),
        (("--quorum", "-1"), "x>=0"),
        (("--min-agee", "5s"), "--min-age"),
    ],
)
def test_a_value_or_name_that_does_not_hold_is_refused_and_the_right_one_named(arguments: tuple[str, ...], says: str) -> None:
    result = CliRunner().invoke(command, arguments, obj=[])
    assert result.exit_code == 2
    assert says in result.output
