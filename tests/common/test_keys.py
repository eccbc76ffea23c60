"""Where a key goes: over https, or to this machine; OpenAI's own to OpenAI alone."""

from pathlib import Path

import pytest

from analyzer.cli import run
from analyzer.common.keys import read_key
from analyzer.errors import UsageError
from analyzer.models import create
from analyzer.models.openai import create as openai

SECRET = "sk-this-is-a-secret"
HERE = (
    "http://127.0.0.1:8000",
    "http://127.8.9.1",
    "http://localhost:8000",
    "http://[::1]:8000",
    "http://0.0.0.0:11434",
)
CLEAR = (
    "http://vllm.models:8000/v1",
    "http://10.0.0.7",
    "http://localhost.example",
    "HTTP://[2001:db8::1]",
    "http://127.0.0.1.example",
)
BUNDLE = Path(__file__).parents[2] / "examples" / "evidence" / "healthy.json.gz"


@pytest.mark.parametrize("value", ["two words", "a\nb", "ключ", "a\x00b"])
def test_a_key_that_no_header_can_carry_is_a_usage_error_without_it(value: str) -> None:
    with pytest.raises(UsageError, match="A2A_TOKEN holds characters") as raised:
        read_key("A2A_TOKEN", {"A2A_TOKEN": value}, "https://h")
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    "url", [*HERE, "https://vllm.models", "https://10.0.0.7/v1", "", "http://[::1", "no address"]
)
def test_over_https_or_to_this_machine_a_key_goes(url: str) -> None:
    assert read_key("A2A_TOKEN", {"A2A_TOKEN": f" {SECRET} "}, url) == SECRET


@pytest.mark.parametrize("url", CLEAR)
def test_over_http_to_another_machine_none_goes_and_none_is_needed(url: str) -> None:
    with pytest.raises(UsageError, match=r"A2A_TOKEN would go to \S+ over http, unencrypted") as raised:
        read_key("A2A_TOKEN", {"A2A_TOKEN": SECRET}, url)
    assert SECRET not in str(raised.value) + raised.value.advice
    assert read_key("A2A_TOKEN", {"A2A_TOKEN": " "}, url) == read_key("A2A_TOKEN", {}, url) == ""


@pytest.mark.parametrize(
    ("name", "environ", "variable"),
    [
        (
            "openai:m@http://vllm.models:8000/v1",
            {"OPENAI_API_KEY_VLLM_MODELS": SECRET},
            "OPENAI_API_KEY_VLLM_MODELS",
        ),
        ("openai:m@http://api.openai.com/v1", {"OPENAI_API_KEY": SECRET}, "OPENAI_API_KEY"),
        ("agent:http://sre.argo:8080", {"A2A_TOKEN": SECRET}, "A2A_TOKEN"),
        ("ollama", {"OLLAMA_API_KEY": SECRET, "OLLAMA_HOST": "ollama.models:11434"}, "OLLAMA_API_KEY"),
        ("ollama", {"OLLAMA_API_KEY": SECRET, "OLLAMA_HOST": "http://ollama.models"}, "OLLAMA_API_KEY"),
        ("gemini", {"GOOGLE_API_KEY": SECRET, "GOOGLE_GEMINI_BASE_URL": "http://gateway"}, "GOOGLE_API_KEY"),
        ("gemini", {"GEMINI_API_KEY": SECRET, "GOOGLE_GEMINI_BASE_URL": "http://gateway"}, "GEMINI_API_KEY"),
        (
            "gemini",
            {"GOOGLE_GENAI_USE_ENTERPRISE": "true", "GOOGLE_VERTEX_BASE_URL": "http://gateway"},
            "a credential of Vertex AI",
        ),
    ],
)
def test_no_adapter_sends_one_in_clear(
    name: str,
    environ: dict[str, str],
    variable: str,
    bare_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for each, value in environ.items():
        monkeypatch.setenv(each, value)
    assert run(["analyze", "--evidence", str(BUNDLE), "--model", name]) == 2
    said = "".join(capsys.readouterr())
    assert f"error: {variable} would go to " in said
    assert SECRET not in said


@pytest.mark.parametrize(
    ("name", "environ"),
    [
        ("openai:m@http://vllm.models:8000/v1", {"OPENAI_API_KEY": SECRET}),
        ("openai:m@http://vllm.models:8000/v1", {}),
        ("openai:m@https://gateway.example", {"OPENAI_API_KEY_GATEWAY_EXAMPLE": SECRET}),
        ("agent:http://sre.argo:8080", {}),
        ("agent:https://sre.example", {"A2A_TOKEN": SECRET}),
        ("ollama", {"OLLAMA_HOST": "ollama.models:11434"}),
        ("ollama", {"OLLAMA_API_KEY": SECRET}),
        ("ollama", {"OLLAMA_API_KEY": SECRET, "OLLAMA_HOST": "https://ollama.com"}),
        ("gemini", {"GEMINI_API_KEY": SECRET}),
        ("gemini", {"GEMINI_API_KEY": SECRET, "GOOGLE_GEMINI_BASE_URL": "https://gateway"}),
    ],
)
def test_what_is_safe_goes_on_working(name: str, environ: dict[str, str]) -> None:
    assert SECRET not in repr(create((name,), environ))


@pytest.mark.parametrize(
    ("url", "environ", "sent", "named"),
    [
        ("https://api.openai.com/v1", {"OPENAI_API_KEY": SECRET}, SECRET, "OPENAI_API_KEY"),
        ("https://API.openai.com", {"OPENAI_API_KEY": SECRET}, SECRET, "OPENAI_API_KEY"),
        (
            "https://api.openai.com",
            {"OPENAI_API_KEY": SECRET, "OPENAI_API_KEY_API_OPENAI_COM": "sk-other"},
            "sk-other",
            "OPENAI_API_KEY_API_OPENAI_COM",
        ),
        (
            "https://api.openai.com",
            {"OPENAI_API_KEY": SECRET, "OPENAI_API_KEY_API_OPENAI_COM": ""},
            "",
            "OPENAI_API_KEY_API_OPENAI_COM",
        ),
        (
            "https://api.openai.com.evil.example",
            {"OPENAI_API_KEY": SECRET},
            "",
            "OPENAI_API_KEY_API_OPENAI_COM_EVIL_EXAMPLE",
        ),
        ("https://eu.api.openai.com", {"OPENAI_API_KEY": SECRET}, "", "OPENAI_API_KEY_EU_API_OPENAI_COM"),
        ("http://127.0.0.1:8000", {"OPENAI_API_KEY": SECRET}, "", "OPENAI_API_KEY_127_0_0_1"),
        (
            "https://gateway.example",
            {"OPENAI_API_KEY": SECRET, "OPENAI_API_KEY_GATEWAY_EXAMPLE": "sk-g"},
            "sk-g",
            "OPENAI_API_KEY_GATEWAY_EXAMPLE",
        ),
    ],
)
def test_openai_s_own_key_goes_to_openai_alone(
    url: str, environ: dict[str, str], sent: str, named: str
) -> None:
    model = openai(f"m@{url}", environ)
    assert (model.endpoint.key, model.variable) == (sent, named)
