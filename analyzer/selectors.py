"""Names and label selectors as text: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors."""

import re
from typing import Any

NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")  # of an object: what may become part of a path
LABEL = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_KEY = rf"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?{LABEL}"
_TERM = re.compile(
    rf"\s*+(!\s*+{_KEY}|{_KEY}(\s*+(==|=|!=)\s*+({LABEL})?|\s++(in|notin)\s++\(\s*+({LABEL})?(\s*+,\s*+({LABEL})?)*\s*+\))?)\s*"
)
_NAMED = re.compile(rf"\s*+(?:!\s*+)?({_KEY})")
_REQUIREMENT = re.compile(r"(?:^|,)((?:[^,()]|\([^()]*+\)|[()])*+)")  # the values of one stand in brackets


def selected_labels(selector: str) -> tuple[str, ...]:
    """The labels that a selector names."""
    return tuple(match[1] for term in split(selector) if (match := _NAMED.match(term)))


def is_selector(text: str) -> bool:
    """Whether it is a label selector, and says something."""
    return bool(text.strip()) and all(map(_TERM.fullmatch, split(text)))


def split(selector: str) -> list[str]:
    """Its requirements, as they are written."""
    return _REQUIREMENT.findall(selector)


def same(one: str, other: str) -> bool:
    """Whether two selectors have the same requirements, in whatever order and spacing."""
    first, second = (frozenset("".join(term.split()) for term in split(selector)) for selector in (one, other))
    return first == second


def of(selector: dict[str, Any]) -> str:
    """A LabelSelector object as text."""
    equal = [f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items())]
    return ",".join(equal + [_requirement(each) for each in selector.get("matchExpressions") or ()])


def _requirement(expression: dict[str, Any]) -> str:
    key, operator = expression["key"], str(expression["operator"])
    if operator == "Exists":
        return str(key)
    if operator == "DoesNotExist":
        return f"!{key}"
    return f"{key} {operator.lower()} ({','.join(expression.get('values') or ())})"
