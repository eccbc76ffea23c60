"""A file as YAML nodes, which know their line: one mapping of bounded size and depth, no tags, no aliases, no key twice."""

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analyzer.errors import UsageError

LARGEST = 1024 * 1024  # bytes: what a ConfigMap holds
DEEPEST = 32  # levels; a C parser's stack has an end
WHERE = "docs/config.md lists the keys"


class Wrong(Exception):  # noqa: N818 - becomes a UsageError where the file's name is known
    """What does not hold, and on which line (from 0)."""

    def __init__(self, line: int, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.line, self.advice = line, advice


def text_of(path: Path) -> str:
    """The whole file. UsageError for one that cannot be read, is too large, or is not UTF-8."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise UsageError(f"the config file {path} holds more than {LARGEST // 1024} KiB", advice="is it the right file?")
        return content.decode()
    except OSError as error:
        raise UsageError(f"cannot read the config file {path}: {error.strerror}", advice="--config names a YAML file") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"the config file {path} is not UTF-8", advice="save it as UTF-8 text") from error


def composed(text: str) -> Any:
    """The document's mapping, or None for an empty one. Its events are looked at first: composing recurses."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            _plain(event, depth)
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(filter(None, (error.context, error.problem)))
        raise Wrong(mark.line if mark else 0, f"this is no YAML: {what}", "check its indentation and quotes") from error
    except yaml.YAMLError as error:
        raise Wrong(0, f"this is no YAML: {str(error).splitlines()[0]}") from error
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return None
    if not isinstance(node, yaml.MappingNode):
        raise Wrong(node.start_mark.line, "a config file is one mapping of keys to values", "write lines such as 'min_age: 2m'")
    return node


def _plain(event: Any, depth: int) -> None:
    import yaml

    line = event.start_mark.line if event.start_mark else 0
    if isinstance(event, yaml.AliasEvent):
        raise Wrong(line, "there is an alias (*), and aliases are not read", "write the value out")
    if getattr(event, "tag", None):
        raise Wrong(line, f"there is a tag ({event.tag}), and tags are not read", "write the value alone")
    if depth > DEEPEST:
        raise Wrong(line, f"it is nested more than {DEEPEST} levels deep")


def pairs_of(node: Any) -> dict[str, tuple[Any, Any]]:
    """A mapping's nodes by key: (key's node, value's node). Refuses a key that is there twice."""
    found: dict[str, tuple[Any, Any]] = {}
    for key, value in node.value:
        if not isinstance(key.value, str):
            raise Wrong(key.start_mark.line, "a key is one word")
        if key.value in found:
            raise Wrong(
                key.start_mark.line, f"the key {key.value!r} is there twice, first on line {found[key.value][0].start_mark.line + 1}"
            )
        found[key.value] = (key, value)
    return found


def is_mapping(node: Any) -> bool:
    """Whether a node holds keys and values."""
    return bool(node.id == "mapping")


def is_null(node: Any) -> bool:
    """Whether a node says that there is no value."""
    return bool(node.id == "scalar" and node.tag == "tag:yaml.org,2002:null")


def check_known(line: int, key: str, known: Collection[str], within: str = "") -> None:
    """Refuses a key that is none of `known`, with the nearest that is."""
    if key in known:
        return
    near = get_close_matches(key.replace("-", "_").lower(), sorted(known), n=1)
    advice = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(known))}" if within else WHERE
    raise Wrong(line, f"there is no key {key[:80]!r}{f' in {within}' if within else ''}", advice)


def line_of(node: Any, steps: list[str | int]) -> int:
    """The line of what `steps` lead to, as far as they lead."""
    line: int = node.start_mark.line
    for step in steps:
        if isinstance(step, int):
            node = node.value[step] if node.id == "sequence" and step < len(node.value) else node
        elif is_mapping(node) and step in (pairs := pairs_of(node)):
            node = pairs[step][1]
            line = pairs[step][0].start_mark.line
            continue
        line = node.start_mark.line
    return line
