"""The events of YAML: how deep it is, and on which line it is none, is known before anything recurses."""

import pytest
import yaml

from analyzer.common.yaml_events import TooDeep, events, trouble


def test_what_is_as_deep_as_it_may_be_is_read_to_its_end() -> None:
    assert [line for _, line in events("a:\n  b: 1\n", 2)][-1] == 2


@pytest.mark.parametrize(("text", "line"), [("a: 1\nb:\n  - - 1\n", 2), ("a: 1\nb: {c: {d: 1}}\n", 1)])
def test_what_is_deeper_is_refused_on_its_line(text: str, line: int) -> None:
    with pytest.raises(TooDeep, match="nested more than 2 levels deep") as error:
        list(events(text, 2))
    assert error.value.line == line


def test_a_text_without_end_is_refused_at_once() -> None:
    with pytest.raises(TooDeep):
        list(events("[" * 1_000_000, 32))


def test_what_is_no_yaml_is_told_with_its_line() -> None:
    with pytest.raises(yaml.MarkedYAMLError) as error:
        list(events("a: 1\nb: [\n", 9))
    line, what = trouble(error.value)
    assert (line, "expected" in what) == (2, True)
