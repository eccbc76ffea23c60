"""JSONPath's strict subset: one path, one value."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.errors import UsageError
from analyzer.prometheus.json_path import NotThere, follow_path, parse_path

ANSWER = {"a": {"b": [{"c": 1.5}, {"c d": 2}]}, "0": "text", "": 3}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", ANSWER),
        ("$.a.b[0].c", 1.5),
        ("{$.a.b[0].c}", 1.5),
        ("$['a'].b[1][\"c d\"]", 2),
        ("$['0']", "text"),
        ("$['']", 3),
    ],
)
def test_a_path_leads_to_one_value(path: str, value: object) -> None:
    assert follow_path(parse_path(path), ANSWER) == value


@pytest.mark.parametrize(
    "path",
    ["", "a.b", "$.", "$..a", "$.a[*]", "$.a[-1]", "$.a[0:2]", "$.a[?(@.b)]", "$.a b", "$['a'", "$.a$.b"],
)
def test_what_could_lead_to_several_values_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="is no path to one value"):
        parse_path(path)


@pytest.mark.parametrize(
    ("path", "gone"),
    [("$.x", "$['x']"), ("$.a.b[2]", "$['a']['b'][2]"), ("$.a[0]", "$['a'][0]"), ("$['0'][0]", "$['0'][0]")],
)
def test_a_path_to_nothing_says_how_far_it_leads(path: str, gone: str) -> None:
    with pytest.raises(NotThere, match=re.escape(gone)):
        follow_path(parse_path(path), ANSWER)


@given(
    st.lists(
        st.one_of(st.integers(0, 9), st.text(st.characters(exclude_characters="'\\"), max_size=5)), max_size=6
    )
)
def test_a_written_path_leads_where_it_says(steps: list[int | str]) -> None:
    value: object = "here"
    for step in reversed(steps):
        value = [*[None] * step, value] if isinstance(step, int) else {step: value}
    path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f"['{step}']" for step in steps)
    assert follow_path(parse_path(path), json.loads(json.dumps(value))) == "here"
