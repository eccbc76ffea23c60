import pytest

from analyzer.common.nearest import did_you_mean, nearest, several_nearest


@pytest.mark.parametrize(
    ("word", "meant"), [("lgos", "logs"), ("event", "events"), ("x", ""), ("", ""), ("l" * 100_000, "")]
)
def test_the_word_that_is_most_like_it_is_meant(word: str, meant: str) -> None:
    assert nearest(word, ("logs", "events", "pods")) == meant
    assert did_you_mean(word, ("logs", "events", "pods"), "there is no such") == (
        f"did you mean {meant}?" if meant else "there is no such"
    )


def test_several_come_in_order() -> None:
    assert several_nearest("gemma4", ("llama3", "gemma4:12b", "gemma3"), 2) == ["gemma3", "gemma4:12b"]
