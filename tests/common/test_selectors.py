"""Label selectors as text."""

from typing import Any

import pytest

from analyzer.common.selectors import from_label_selector, is_selector, same_requirements, selected_labels


@pytest.mark.parametrize(
    ("selector", "labels"),
    [
        ("role=canary", ("role",)),
        ("role in (a, b),app.kubernetes.io/name != x, !old", ("role", "app.kubernetes.io/name", "old")),
        ("track", ("track",)),
    ],
)
def test_the_labels_that_a_selector_names(selector: str, labels: tuple[str, ...]) -> None:
    assert selected_labels(selector) == labels


@pytest.mark.parametrize("selector", ["role=canary", "!example.com/role", "role notin (a),b=c", "track"])
def test_what_kubernetes_takes_is_a_selector(selector: str) -> None:
    assert is_selector(selector)


@pytest.mark.parametrize("selector", ["", " ", "=b", "a=b,", "a in (b", "a b"])
def test_what_it_does_not_take_is_none(selector: str) -> None:
    assert not is_selector(selector)


def test_order_and_spacing_make_no_other_selector() -> None:
    assert same_requirements("a=b,c=d", "c=d, a=b")
    assert not same_requirements("a=b", "a=c")


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ({"matchLabels": {"b": "2", "a": "1"}}, "a=1,b=2"),
        (
            {
                "matchExpressions": [
                    {"key": "a", "operator": "NotIn", "values": ["x", "y"]},
                    {"key": "b", "operator": "DoesNotExist"},
                ]
            },
            "a notin (x,y),!b",
        ),
        ({}, ""),
    ],
)
def test_an_object_as_text(selector: dict[str, Any], text: str) -> None:
    assert from_label_selector(selector) == text
