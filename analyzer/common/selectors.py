"""Names and label selectors as text:
https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors.
"""

import re
from typing import Any

NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")  # of an object: what may become part of a path
LABEL = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_KEY = rf"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?{LABEL}"
_TERM = re.compile(
    rf"\s*+(!\s*+{_KEY}|{_KEY}(\s*+(==|=|!=)\s*+({LABEL})?|\s++(in|notin)\s++\(\s*+({LABEL})?"
    rf"(\s*+,\s*+({LABEL})?)*\s*+\))?)\s*"
)
_NAMED = re.compile(rf"\s*+(?:!\s*+)?({_KEY})")
_REQUIREMENT = re.compile(r"(?:^|,)((?:[^,()]|\([^()]*+\)|[()])*+)")  # the values of one stand in brackets


def selected_labels(selector: str) -> tuple[str, ...]:
    """Return the labels that a selector names."""
    return tuple(match[1] for term in split_requirements(selector) if (match := _NAMED.match(term)))


def is_selector(text: str) -> bool:
    """Return True if the text is a label selector that is not empty."""
    return bool(text.strip()) and all(map(_TERM.fullmatch, split_requirements(text)))


def split_requirements(selector: str) -> list[str]:
    """Return the requirements of a selector, as they are written."""
    return _REQUIREMENT.findall(selector)


def same_requirements(one: str, other: str) -> bool:
    """Return True if two selectors have the same requirements, in any order and spacing."""
    first, second = (
        frozenset("".join(term.split()) for term in split_requirements(selector)) for selector in (one, other)
    )
    return first == second


def from_label_selector(selector: dict[str, Any]) -> str:
    """Return a LabelSelector object as text."""
    equal = [f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items())]
    return ",".join(
        equal + [_format_requirement(expression) for expression in selector.get("matchExpressions") or ()]
    )


def _format_requirement(expression: dict[str, Any]) -> str:
    key, operator = expression["key"], str(expression["operator"])
    if operator == "Exists":
        return str(key)
    if operator == "DoesNotExist":
        return f"!{key}"
    return f"{key} {operator.lower()} ({','.join(expression.get('values') or ())})"
