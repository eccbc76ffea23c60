"""What both readers of YAML, of the config file and of manifests, do first: look at its events, for composing
recurses.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yaml import MarkedYAMLError


class TooDeep(Exception):  # noqa: N818 - becomes a UsageError where the file's name is known
    """Nested more than `levels` deep, on a line (from 0)."""

    def __init__(self, line: int, levels: int) -> None:
        super().__init__(f"it is nested more than {levels} levels deep")
        self.line = line


def loader() -> Any:
    """Return PyYAML's safe loader, in C where it is there."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def events(text: str, levels: int) -> Iterator[tuple[Any, int]]:
    """Yield each event and its line (from 0). TooDeep beyond so many levels: a C parser's stack has an end.
    yaml.YAMLError.
    """
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader()):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line if event.start_mark else 0
        if depth > levels:
            raise TooDeep(line, levels)
        yield event, line


def may_be_mapping(text: str) -> bool:
    """Return False if the first document is a scalar, a list, or nothing. Only its beginning is read."""
    import yaml

    try:
        nodes = (event for event in yaml.parse(text, Loader=loader()) if isinstance(event, yaml.NodeEvent))
        return isinstance(next(nodes, None), yaml.MappingStartEvent)
    except yaml.YAMLError:
        return True


def trouble(error: "MarkedYAMLError") -> tuple[int, str]:
    """Return the line (from 0) of what is no YAML, and what PyYAML says of it."""
    mark = error.problem_mark or error.context_mark
    return mark.line if mark else 0, ", ".join(filter(None, (error.context, error.problem)))
