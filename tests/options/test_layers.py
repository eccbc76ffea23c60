"""Options: the environment's names, and where a value came from."""

import pytest

from analyzer.cli import cli, run
from analyzer.cli.check import parsed
from analyzer.settings import Settings

pytestmark = pytest.mark.usefixtures("bare_environment")


def settings(*arguments: str) -> Settings:
    return parsed(cli, "analyze", [*arguments])


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


def test_an_option_beats_the_environment_and_each_says_where_it_came_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROLLOUT_ANALYZER_MIN_FAULT_AGE", "2m")
    monkeypatch.setenv("ROLLOUT_ANALYZER_ROLLOUT", "cart")
    given = settings("--min-fault-age", "5s")
    assert (given.rules.min_fault_age, given.where.rollout) == (5, "cart")
    assert (given.origins["min_fault_age"], given.origins["rollout"], given.origins["since"]) == (
        "option",
        "environment",
        "default",
    )


@pytest.mark.parametrize(
    ("command", "name", "meant"),
    [
        (["analyze"], "MIN_FAULT_AGEE", "MIN_FAULT_AGE"),
        (["analyze"], "min_fault_age", "MIN_FAULT_AGE"),
        (["analyze"], "Min-Fault-Age", "MIN_FAULT_AGE"),
        (["analyze"], "ON_INCONCLUSSIVE", "ON_INCONCLUSIVE"),
        (["settings"], "MODELS", "MODEL"),
        (["check", "--offline"], "REQUIRES", "REQUIRE"),
        (["guard"], "CONFIGS", "CONFIG"),
        (["prompt"], "TEMPLATES", "TEMPLATE"),
        (["collect", "--output", "x"], "NAMESPACES", "NAMESPACE"),
    ],
)
def test_a_variable_that_is_nearly_an_options_is_not_the_default_in_silence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    name: str,
    meant: str,
) -> None:
    monkeypatch.setenv(f"ROLLOUT_ANALYZER_{name}", "1")
    assert run(command) == 2
    told = capsys.readouterr().err
    assert f"no option for the environment variable ROLLOUT_ANALYZER_{name}" in told
    assert f"did you mean ROLLOUT_ANALYZER_{meant}?" in told


@pytest.mark.parametrize(
    "name",
    [
        "PORT",
        "PORT_8080_TCP",
        "PORT_8080_TCP_ADDR",
        "SERVICE_HOST",
        "SERVICE_PORT",
        "SERVICE_PORT_HTTP",
        "API_SERVICE_HOST",
        "API_PORT",
    ],
)
def test_a_variable_that_kubernetes_sets_for_a_service_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """For one that is called as this product is, or begins so."""
    monkeypatch.setenv(f"ROLLOUT_ANALYZER_{name}", "tcp://10.96.0.1:8080")
    assert run(["settings"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("VERBOSE", ""),
        ("FOO", ""),
        ("TAG", ""),
        ("MODEL_NAME", ""),
        ("MAX_FAULT_AGE", ": did you mean ROLLOUT_ANALYZER_MIN_FAULT_AGE?"),
    ],
)
def test_a_variable_of_others_is_theirs_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, meant: str
) -> None:
    monkeypatch.setenv(f"ROLLOUT_ANALYZER_{name}", "1")
    assert run(["settings"]) == 0
    assert (
        capsys.readouterr().err
        == f"rollout-analyzer: the environment variable ROLLOUT_ANALYZER_{name} sets no option{meant}\n"
    )


def test_the_help_needs_no_sound_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOUT_ANALYZER_MODELS", "builtin")
    assert run(["analyze", "--help"]) == 0


def test_an_option_that_repeats_keeps_its_order() -> None:
    given = settings("--model", "gemini", "--model", "ollama:gemma4:12b")
    assert given.ask.models == ("gemini", "ollama:gemma4:12b")


def test_a_list_in_the_environment_is_split_at_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOUT_ANALYZER_MODEL", "gemini builtin")
    assert settings().ask.models == ("gemini", "builtin")


@pytest.mark.parametrize("name", ["MODEL", "WEIGHT", "REQUIRE", "EFFECT"])
def test_on_several_lines_it_is_the_same(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    values = {
        "MODEL": ("gemini", "builtin"),
        "WEIGHT": ("gemini=2", "builtin=1"),
        "REQUIRE": ("logs", "events"),
    }.get(name, ("event", "annotations"))
    shown = []
    for between in (" ", "\n", "\n\n  "):
        monkeypatch.setenv(f"ROLLOUT_ANALYZER_{name}", between.join(values) + "\n")
        given = settings()
        shown.append((given.ask.models, given.rules.weights, given.rules.require, given.tell.effects))
    assert shown == [shown[0]] * 3
    assert values in shown[0]


def test_what_may_hold_blanks_is_one_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "ROLLOUT_ANALYZER_SHARED_PODS", "gw=app in (a, b)\n  db=app=postgres,tier notin (x)\n\n"
    )
    monkeypatch.setenv("ROLLOUT_ANALYZER_PREVIOUS", "/records/last week/10:40.json\n/records/b.json")
    given = settings()
    assert given.look.shared_pods == ("gw=app in (a, b)", "db=app=postgres,tier notin (x)")
    assert given.ask.previous == ("/records/last week/10:40.json", "/records/b.json")


@pytest.mark.parametrize("effects", ["none event", "annotations none", "none event annotations"])
def test_no_effect_and_one_at_once_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], effects: str
) -> None:
    arguments = [part for each in effects.split() for part in ("--effect", each)]
    for command in ("analyze", "guard", "check"):
        assert run([command, "--rollout", "cart", *arguments]) == 2
        assert "'none' is no effect at all" in capsys.readouterr().err
    monkeypatch.setenv("ROLLOUT_ANALYZER_EFFECT", effects)
    assert run(["settings"]) == 2
    assert settings("--effect", "none", "--effect", "none").tell.effects == ("none", "none")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--consensus", "loudest"), "confidence"),
        (("--min-share", "60"), "0<=x<=1"),
        (("--min-confidence", "101"), "0<=x<=100"),
        (("--quorum", "-1"), "x>=0"),
        (("--min-fault-agee", "5s"), "--min-fault-age"),
    ],
)
def test_a_value_or_name_that_does_not_hold_is_refused_and_the_right_one_named(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert run(["analyze", *arguments]) == 2
    assert says in capsys.readouterr().err
