import pytest

from analyzer.common.counted import counted


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        (0, ("pod",), "0 pods"),
        (1, ("pod",), "1 pod"),
        (2134, ("line",), "2,134 lines"),
        (1, ("pod is", "pods are"), "1 pod is"),
        (2, ("pod is", "pods are"), "2 pods are"),
    ],
)
def test_one_of_a_thing_is_not_several(number: int, words: tuple[str, ...], told: str) -> None:
    assert counted(number, *words) == told
