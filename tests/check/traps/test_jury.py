"""Who is asked in the container, and whether they can be."""

from typing import Any

import pytest

from tests.check.traps.places import ARGS, CONTAINER, POD, Broken, assert_told, wrong

pytestmark = pytest.mark.slow

SECRET = {"secretKeyRef": {"name": "rollout-analyzer", "key": "gemini"}}
GEMINI = {"name": "GEMINI_API_KEY", "valueFrom": SECRET}
OLLAMA = {"name": "OLLAMA_HOST", "value": "http://ollama.models:11434"}
MORE = {f"{CONTAINER}/envFrom": [{"secretRef": {"name": "keys"}}]}


def asks(*words: str, env: tuple[dict[str, Any], ...] = (GEMINI,)) -> dict[str, Any]:
    return {ARGS: ["analyze", *words], f"{CONTAINER}/env": list(env)}


@pytest.mark.parametrize(
    ("words", "env", "says", "line"),
    [
        (["--model=gemini", "--quorum=2"], (), "--quorum 2 can never be reached: 1 asked (gemini)", "args:"),
        (
            ["--model", "gemini", "--model", "ollama", "--quorum", "3"],
            (OLLAMA,),
            "--quorum 3 can never be reached: 2 asked",
            "args:",
        ),
        (["--quorum=2"], (), "--quorum 2 can never be reached: 1 asked (gemini)", "args:"),
        (
            ["--model=gemini"],
            ({"name": "ROLLOUT_ANALYZER_QUORUM", "value": "2"},),
            "--quorum 2 can never be reached",
            "- name: ROLLOUT_ANALYZER_QUORUM",
        ),
        (
            ["--quorum=3"],
            (OLLAMA, {"name": "ROLLOUT_ANALYZER_MODEL", "value": "gemini ollama:gemma4:12b"}),
            "--quorum 3 can never be reached: 2 asked (gemini, ollama:gemma4:12b)",
            "- name: ROLLOUT_ANALYZER_MODEL",
        ),
    ],
)
def test_a_quorum_that_is_never_reached(
    broken: Broken, words: list[str], env: tuple[Any, ...], says: str, line: str
) -> None:
    assert_told(broken(asks(*words, env=(GEMINI, *env))), "wrong", says, line)


@pytest.mark.parametrize(
    ("words", "more"),
    [
        (["--quorum=2", "--config=/config/config.yaml"], {}),
        (
            ["--quorum=2", "--model={{args.team}}"],
            {"AnalysisTemplate/spec/args/0": {"name": "team", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}},
        ),
        (["--quorum=2"], MORE),
    ],
)
def test_a_quorum_of_models_that_only_a_run_knows_is_a_note(
    broken: Broken, words: list[str], more: dict[str, Any]
) -> None:
    assert_told(
        broken(asks(*words) | more),
        "note",
        "--quorum 2 needs as many models, and 1 can be told here (gemini)",
        "args:",
    )


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (["--model=gemini", "--model=ollama", "--quorum=2"], (GEMINI, OLLAMA)),
        (["--quorum=2"], (GEMINI, OLLAMA)),
        (
            ["--quorum=2"],
            (GEMINI, {"name": "OLLAMA_HOST", "valueFrom": {"configMapKeyRef": {"name": "x", "key": "host"}}}),
        ),
        (
            ["--model=gemini"],
            (
                {"name": "GOOGLE_GENAI_USE_VERTEXAI", "valueFrom": SECRET},
                *({"name": f"GOOGLE_CLOUD_{each}", "valueFrom": SECRET} for each in ("PROJECT", "LOCATION")),
            ),
        ),
        (["--model=openai:gemma@http://vllm.models:8000/v1"], ()),
        (["--model=scripted:/answers.json"], ()),
        (["--model=ollama"], ({"name": "OLLAMA_HOST", "value": "ollama.{{args.team}}:11434"},)),
        ([], ()),
    ],
)
def test_models_that_can_be_asked(broken: Broken, words: list[str], env: tuple[Any, ...]) -> None:
    assert broken(asks(*words, env=env)) == []


@pytest.mark.parametrize(
    ("words", "env", "says"),
    [
        (["--model=gemini"], (), "gemini needs a key, and neither GOOGLE_API_KEY nor GEMINI_API_KEY is set"),
        (["--model=gemini:gemini-3.8-pro"], (OLLAMA,), "gemini needs a key"),
        (["--model=gemini"], ({"name": "GEMINI_API_KEY", "value": ""},), "gemini needs a key"),
        (
            ["--model=gemini"],
            ({"name": "GOOGLE_GENAI_USE_VERTEXAI", "value": "true"},),
            "Vertex AI needs GOOGLE_CLOUD_PROJECT",
        ),
        (["--model=ollama"], (), "ollama would be asked in the pod itself, which has none"),
        (
            ["--model=ollama:gemma4"],
            ({"name": "OLLAMA_HOST", "value": "localhost:11434"},),
            "ollama would be asked in the pod itself",
        ),
        (["--model=openai:gpt@https://api.openai.com/v1"], (), "api.openai.com refuses"),
    ],
)
def test_a_model_without_its_key_or_host(
    broken: Broken, words: list[str], env: tuple[Any, ...], says: str
) -> None:
    assert_told(broken(asks(*words, env=env)), "wrong", says, "args:")
    (note,) = broken(asks(*words, env=env) | MORE)
    assert note.state == "note"
    assert note.what.startswith("unless envFrom brings it, ")


def test_a_key_that_a_script_sets_is_there(broken: Broken) -> None:
    for before in ("export GEMINI_API_KEY=$(cat /keys/gemini)", "GEMINI_API_KEY=$(cat /keys/gemini)"):
        end = " && exec" if before.startswith("export") else " exec"
        script = f"{before}{end} rollout-analyzer analyze --model=gemini"
        assert broken({f"{CONTAINER}/command": ["sh", "-c", script], ARGS: [], f"{CONTAINER}/env": []}) == []
    script = ". /vault/secrets/env && exec rollout-analyzer analyze --model=gemini"
    (note,) = broken({f"{CONTAINER}/command": ["sh", "-c", script], ARGS: [], f"{CONTAINER}/env": []})
    assert note.state == "note"


def test_an_ollama_beside_us_is_one(broken: Broken) -> None:
    beside = {
        f"{POD}/initContainers": [{"name": "ollama", "image": "ollama/ollama:1", "restartPolicy": "Always"}]
    }
    assert broken(asks("--model=ollama", env=()) | beside) == []
    assert not any(
        "ollama is asked" in what
        for what in wrong(broken(asks("--model=ollama", env=()) | {f"{POD}/hostNetwork": True}))
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--model=gemni"], "there is no model 'gemni', did you mean gemini?"),
        (["--model=gemini,ollama"], "there is no model 'gemini,ollama'"),
        (["--model=openai:gpt"], "openai needs a model and where it is served"),
        (["--model=gemini", "--model=gemini"], "is asked twice"),
        (["--model=gemini", "--weight=gemni=2"], "gemni is not asked, did you mean gemini?"),
        (["--model=builtin", "--investigate"], "--investigate needs a model that can use tools"),
    ],
)
def test_models_that_a_run_refuses(broken: Broken, words: list[str], says: str) -> None:
    assert_told(broken(asks(*words)), "wrong", says, "args:")


def test_a_guard_asks_nobody(broken: Broken) -> None:
    guard = {ARGS: ["guard"], f"{CONTAINER}/env": [{"name": "ROLLOUT_ANALYZER_MODEL", "value": "gemini"}]}
    assert wrong(broken(guard)) == []
