import pytest

from analyzer.models.ollama.sizing import contexts_for

pytestmark = pytest.mark.models


def test_the_context_follows_the_prompt_and_never_exceeds_the_model_s() -> None:
    assert contexts_for(300, 131072) == (4096,)
    assert contexts_for(24_000, 131072) == (
        12288,
        28672,
    )  # 8,000 tokens and room for the answer; at a token a byte, more
    assert contexts_for(24_000, 8192) == (8192,)
    assert contexts_for(24_000, None) == (12288, 28672)
