from pathlib import Path
from typing import Any

import pytest

from analyzer.cli import run
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models import ADAPTERS, check_calls, check_quorum, choose, create, describe_recipients
from analyzer.run.runs import run_analysis
from analyzer.settings import Settings

BUNDLE = str(Path(__file__).parents[2] / "examples" / "evidence" / "healthy.json.gz")
LEAVES = "evidence from pods, events and logs, with secrets masked, is sent to "


def test_without_a_key_or_host_the_built_in_judge_is_asked_and_it_is_said_why() -> None:
    choice = choose((), {"GEMINI_API_KEY": " ", "OLLAMA_HOST": "", "GOOGLE_GENAI_USE_ENTERPRISE": "false"})
    assert choice.names == ("builtin",)
    assert choice.why == "asking builtin, the built-in judge: no --model, and no key or host of one is set"


@pytest.mark.parametrize(
    ("environ", "names", "named"),
    [
        ({"GOOGLE_API_KEY": "k"}, ("gemini",), "GOOGLE_API_KEY"),
        ({"GEMINI_API_KEY": "k"}, ("gemini",), "GEMINI_API_KEY"),
        ({"GOOGLE_GENAI_USE_ENTERPRISE": "True"}, ("gemini",), "GOOGLE_GENAI_USE_ENTERPRISE"),
        ({"OLLAMA_HOST": "gpu:11434"}, ("ollama",), "OLLAMA_HOST"),
        ({"GEMINI_API_KEY": "k", "OLLAMA_HOST": "gpu"}, ("gemini", "ollama"), "OLLAMA_HOST"),
        ({"GOOGLE_API_KEY": "k", "GEMINI_API_KEY": "l"}, ("gemini",), "GOOGLE_API_KEY"),
    ],
)
def test_each_model_with_a_key_or_host_is_asked_and_never_with_the_built_in_one(
    environ: dict[str, str], names: tuple[str, ...], named: str
) -> None:
    choice = choose((), environ)
    assert choice.names == names
    assert named in choice.why


def test_what_was_asked_for_wins_over_the_environment() -> None:
    assert choose(("builtin",), {"GEMINI_API_KEY": "k"}).names == ("builtin",)


def test_an_unknown_model_is_a_usage_error_with_the_nearest_name_and_all_of_them() -> None:
    with pytest.raises(UsageError, match="did you mean gemini") as raised:
        choose(("gemin:flash",), {})
    assert raised.value.advice == "there are: agent, builtin, gemini, ollama, openai, scripted"


def test_a_name_that_is_near_to_none_gets_the_list_alone() -> None:
    with pytest.raises(UsageError, match=r"no model 'xyzzy'$"):
        choose(("xyzzy",), {})


def test_each_adapter_can_be_made(tmp_path_factory: pytest.TempPathFactory) -> None:
    script = tmp_path_factory.mktemp("script") / "s.json"
    script.write_text('{"text": "x"}')
    names = (
        "agent:http://sre:8080",
        "builtin",
        "gemini",
        "ollama",
        "openai:gemma@http://vllm:8000",
        f"scripted:{script}",
    )
    assert {name.partition(":")[0] for name in names} == set(ADAPTERS)
    models = create(names, {"GEMINI_API_KEY": "k"})
    ours = [
        "agent:sre:8080",
        "builtin",
        "gemini:gemini-3.8-flash",
        "ollama:gemma4",
        "openai:gemma@vllm:8000",
        f"scripted:{script}",
    ]
    assert [model.name for model in models] == ours


def test_a_model_s_name_may_hold_colons() -> None:
    assert create(("ollama:gemma4:12b",), {})[0].name == "ollama:gemma4:12b"


def test_two_models_of_one_adapter_are_two_voices() -> None:
    assert len(create(("ollama:gemma4", "ollama:gemma4:12b"), {})) == 2


@pytest.mark.parametrize(
    "names", [("builtin", "builtin"), ("gemini", "gemini:gemini-3.8-flash"), ("ollama:gemma4", "ollama")]
)
def test_one_model_named_twice_is_a_usage_error(names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="asked twice"):
        create(names, {"GEMINI_API_KEY": "k"})


@pytest.mark.parametrize(
    "name", ["gemini", "ollama:gemma4", "openai:gemma@http://vllm:8000/v1", "scripted:x"]
)
def test_a_model_that_can_use_tools_is_enough_to_investigate_and_the_others_are_named(name: str) -> None:
    assert check_calls((name, "builtin", "agent:http://a")) == ("builtin", "agent:http://a")
    assert check_calls((name,)) == ()


@pytest.mark.parametrize("names", [("builtin",), ("builtin", "agent:http://a")])
def test_without_one_there_is_nothing_to_investigate_with(names: tuple[str, ...]) -> None:
    with pytest.raises(
        UsageError, match="--investigate needs a model that can use tools, and builtin"
    ) as raised:
        check_calls(names)
    assert raised.value.advice == "such as gemini, ollama, openai"


def test_a_quorum_beyond_those_asked_is_a_usage_error_before_anything_is_looked_at(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bundle = Path(__file__).parents[2] / "examples" / "evidence" / "healthy.json.gz"
    assert run(["analyze", "--evidence", str(bundle), "--model", "builtin", "--quorum", "2"]) == 2
    said = "".join(capsys.readouterr())
    assert "--quorum 2 can never be reached: 1 asked" in said
    assert "reading" not in said
    check_quorum(1, create(("builtin",), {}))


@pytest.mark.parametrize(
    ("name", "environ", "place"),
    [
        ("gemini", {"GEMINI_API_KEY": "k"}, "Google's Gemini API (gemini:gemini-3.8-flash)"),
        (
            "gemini",
            {"GEMINI_API_KEY": "k", "GOOGLE_GEMINI_BASE_URL": "https://me:pw@gateway:8443/x"},
            "gateway (gemini:gemini-3.8-flash)",
        ),
        (
            "gemini:pro",
            {
                "GOOGLE_GENAI_USE_ENTERPRISE": "true",
                "GOOGLE_CLOUD_PROJECT": "shop",
                "GOOGLE_CLOUD_LOCATION": "europe-west1",
            },
            "Google's Vertex AI (project shop, europe-west1) (gemini:pro)",
        ),
        ("ollama", {"OLLAMA_HOST": "https://me:pw@gpu:11434"}, "Ollama at gpu:11434 (ollama:gemma4)"),
        ("openai:gemma@http://vllm:8000/v1", {}, "vllm:8000 (openai:gemma@vllm:8000)"),
        ("agent:http://sre:8080", {}, "sre:8080 (agent:sre:8080)"),
    ],
)
def test_what_leaves_for_whom_is_said_without_a_credential(
    name: str, environ: dict[str, str], place: str
) -> None:
    assert describe_recipients(create((name,), environ), (name,)) == LEAVES + place


def test_what_asks_nobody_sends_nothing(tmp_path: Path) -> None:
    script = tmp_path / "s.json"
    script.write_text('{"text": "x"}')
    assert describe_recipients(create(("builtin", f"scripted:{script}"), {}), ()) == ""


def test_where_nobody_named_a_model_it_is_said_how_to_choose() -> None:
    said = describe_recipients(
        create(("gemini", "ollama:gemma4", "ollama:tiny"), {"GEMINI_API_KEY": "k"}), ()
    )
    assert " and Ollama at 127.0.0.1:11434 (ollama:gemma4) and " in said
    assert said.endswith(
        "; no --model was given: --model builtin sends nothing, --model gemini --model ollama is the same"
        " without this notice"
    )


def test_it_is_said_before_anything_is_sent(
    serve: Any, answered: Any, bare_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(lambda heard: None, answered({}, 404))
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    said: list[tuple[str, int]] = []
    run_analysis(
        Settings(),
        BUNDLE,
        Deadline.after(20),
        lambda _: None,
        lambda line: said.append((line, len(server.heard))),
    )
    ((line, heard),) = said
    assert line.startswith(f"{LEAVES}Ollama at {server.url} (ollama:gemma4); no --model was given")
    assert heard == 0
    assert server.heard
