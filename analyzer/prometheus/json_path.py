"""A strict subset of JSONPath (RFC 9535): the names and the numbers that lead to one value.

`$.a.b`, `$['a b']`, `$["a"]` and `$.a[0]`, also between braces as Argo writes it (`{$.a}`). Without
wildcards, filters, slices and descents there is at most one value, and the work is bounded by the path.
"""

import re
from typing import Any

from analyzer.errors import UsageError

MAX_PATH = 500  # characters of a path
_STEP = re.compile(
    r"""\.(?P<plain>[A-Za-z_][\w-]*)|\[(?P<index>\d{1,9})\]"""
    r"""|\['(?P<single>[^'\\]*)'\]|\["(?P<double>[^"\\]*)"\]"""
)
Path = tuple[str | int, ...]


class NotThere(Exception):  # noqa: N818 - told as what the answer lacks
    """A path that leads to nothing. `str()` is the part of it that does."""


def parse_path(text: str) -> Path:
    """Return the steps of a path. Raise UsageError for a path outside the subset."""
    path = text.strip()
    if path.startswith("{") and path.endswith("}"):
        path = path[1:-1].strip()
    steps, at = list[str | int](), 1
    while path.startswith("$") and len(path) <= MAX_PATH and at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            break
        name = next((found for found in step.group("plain", "single", "double") if found is not None), None)
        steps.append(int(step["index"]) if name is None else name)
        at = step.end()
    if not path.startswith("$") or at < len(path):
        raise UsageError(
            f"{text[:100]!r} is no path to one value",
            advice="write names and numbers alone, as in $.data.results[0]['p 99']",
        )
    return tuple(steps)


def follow_path(path: Path, value: Any) -> Any:
    """Return the value that a path leads to. Raise NotThere."""
    gone = "$"
    for step in path:
        gone += f"[{step}]" if isinstance(step, int) else f"[{step!r}]"
        fits = isinstance(value, list) if isinstance(step, int) else isinstance(value, dict)
        if not fits or (step >= len(value) if isinstance(step, int) else step not in value):
            raise NotThere(gone)
        value = value[step]
    return value
