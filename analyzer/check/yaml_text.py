"""A YAML text as the values of its documents, with the line of each place in them."""

from collections import deque
from typing import Any

from analyzer.common.short import cut
from analyzer.common.yaml_events import TooDeep, events, loader, trouble
from analyzer.errors import UsageError

MOST_PLACES = 200_000  # places in a document
DEEPEST_DOCUMENT = 64  # levels
RENDER = "render it first: helm template, or kubectl kustomize"

Steps = tuple[str | int, ...]  # the keys and indexes that lead to a place


class YamlError(UsageError):
    """A text that is no YAML. `line` is where (from 1)."""

    def __init__(self, message: str, *, advice: str, line: int) -> None:
        super().__init__(message, advice=advice)
        self.line = line


def parse_yaml(name: str, text: str) -> list[tuple[Any, dict[Steps, int]]]:
    """Return the value of each document of a YAML text, and the lines of its places. Raise UsageError, with
    the line, for a text that is no YAML, is nested too deeply, or grows too much by its aliases.
    """
    import yaml

    try:
        deque(events(text, DEEPEST_DOCUMENT), maxlen=0)
        reader = loader()(text)
        documents = []
        while reader.check_node():
            node = reader.get_node()
            lines: dict[Steps, int] = {}
            if _count_places(node, {}) > MOST_PLACES or not _note_lines(node, (), lines):
                raise UsageError(f"{name}: its aliases expand to too much", advice="write them out")
            documents.append((reader.construct_document(node), lines))
    except TooDeep as error:
        what = f"{name}, line {error.line + 1}: {error}"
        raise YamlError(what, advice="is it the right file?", line=error.line + 1) from error
    except yaml.MarkedYAMLError as error:
        line, what = trouble(error)
        what = f"{name}, line {line + 1}: this is no YAML: {what}"
        raise YamlError(what, advice=_advise(text), line=line + 1) from error
    except RecursionError as error:
        raise UsageError(f"{name}: its aliases expand to too much", advice="write them out") from error
    except (yaml.YAMLError, ValueError, TypeError) as error:  # a date that is none, a key that is a mapping
        raise UsageError(
            f"{name}: this is no YAML: {str(error).splitlines()[0]}", advice=_advise(text)
        ) from error
    return documents


def _advise(text: str) -> str:
    return RENDER if "{{" in text else "check its indentation and quotes"


def _count_places(node: Any, known: dict[int, int]) -> int:
    """Return the number of places in the node with each alias written out. Aliases of aliases grow without
    bound, and one may contain itself.
    """
    if id(node) not in known:
        known[id(node)] = MOST_PLACES + 1
        pairs = node.value if node.id == "mapping" else ()
        items = node.value if node.id == "sequence" else (value for _, value in pairs)
        known[id(node)] = 1 + sum(_count_places(child, known) for child in items)
    return known[id(node)]


def _note_lines(node: Any, steps: Steps, lines: dict[Steps, int]) -> bool:
    """Note the line of each place in `lines`. Return False if the places are nested too deeply."""
    lines.setdefault(steps, node.start_mark.line + 1)
    children: list[tuple[str | int, Any]] = []
    if node.id == "mapping":
        _refuse_duplicates(node)
        lines.update({(*steps, str(key.value)): key.start_mark.line + 1 for key, _ in node.value})
        children = [(str(key.value), value) for key, value in node.value]
    elif node.id == "sequence":
        children = list(enumerate(node.value))
    return len(steps) <= DEEPEST_DOCUMENT and all(
        _note_lines(child, (*steps, step), lines) for step, child in children
    )


def _refuse_duplicates(mapping: Any) -> None:
    """Raise MarkedYAMLError for a duplicate key, as kubectl and Argo CD do. One of the two values would be
    dropped silently.
    """
    import yaml

    keys: set[str] = set()
    for key, _ in mapping.value:
        text = str(key.value)
        if key.id == "scalar" and text in keys and text != "<<":
            raise yaml.MarkedYAMLError(
                problem=f"the key {cut(text, 80)!r} is there twice", problem_mark=key.start_mark
            )
        keys.add(text)
