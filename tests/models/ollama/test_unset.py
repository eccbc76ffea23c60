"""What a person reads who asks Ollama and has not said where it is."""

import pytest

from analyzer.models.ollama.faults import explain_ollama_error


@pytest.mark.parametrize(
    ("host", "reason", "advice"),
    [
        (
            "",
            "Ollama at 127.0.0.1:11434 (OLLAMA_HOST is not set) cannot be reached",
            "set OLLAMA_HOST to where Ollama is",
        ),
        ("http://gpu:11434", "Ollama at http://gpu:11434 cannot be reached", "that OLLAMA_HOST says where"),
    ],
)
def test_the_host_that_was_tried_is_told_and_how_to_name_another(host: str, reason: str, advice: str) -> None:
    failure = explain_ollama_error(ConnectionError("refused"), "gemma4", host)
    assert failure.reason.startswith(reason)
    assert advice in failure.advice
    assert failure.retryable
