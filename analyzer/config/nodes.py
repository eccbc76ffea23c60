"""A file as YAML nodes, which know their line.

It is one mapping of bounded size and depth, without tags and aliases, and with no key twice.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from analyzer.common.files import COMPRESSED, GZIP
from analyzer.common.nearest import did_you_mean
from analyzer.common.yaml_events import TooDeep, events, loader, trouble
from analyzer.errors import UsageError

LARGEST_FILE = 1024 * 1024  # bytes: what a ConfigMap holds
DEEPEST_FILE = 32  # levels
CONFIG = "config file"  # what errors call it
WHERE = "docs/config.md lists the keys"


class Wrong(Exception):  # noqa: N818 - becomes a UsageError where the file's name is known
    """What does not hold, and on which line (from 0)."""

    def __init__(self, line: int, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.line, self.advice = line, advice


def text_of(path: Path, what: str = CONFIG, advice: str = "--config names a YAML file") -> str:
    """Return the whole file. UsageError for one that cannot be read, is too large, or is not UTF-8.

    `what` is what errors call it, and `advice` what to do where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if content.startswith(GZIP):
            raise UsageError(f"the {what} {path} is compressed", advice=COMPRESSED)
        if len(content) > LARGEST_FILE:
            error = f"the {what} {path} holds more than {LARGEST_FILE // 1024} KiB"
            raise UsageError(error, advice="is it the right file?")
        return content.decode()
    except OSError as error:
        raise UsageError(f"cannot read the {what} {path}: {error.strerror}", advice=advice) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"the {what} {path} is not UTF-8", advice="save it as UTF-8 text") from error


def composed(text: str, what: str = CONFIG) -> Any:
    """Return the document's mapping, or None for an empty one. Wrong for what is no plain YAML."""
    import yaml

    try:
        for event, line in events(text, DEEPEST_FILE):
            _check_plain(event, line)
        node = yaml.compose(text, Loader=loader())
    except TooDeep as error:
        raise Wrong(error.line, str(error)) from error
    except yaml.MarkedYAMLError as error:
        line, what = trouble(error)
        raise Wrong(line, f"this is no YAML: {what}", "check its indentation and quotes") from error
    except yaml.YAMLError as error:
        raise Wrong(0, f"this is no YAML: {str(error).splitlines()[0]}") from error
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return None
    if not isinstance(node, yaml.MappingNode):
        advice = "write lines such as 'min_fault_age: 2m'"
        raise Wrong(node.start_mark.line, f"a {what} is one mapping of keys to values", advice)
    return node


def _check_plain(event: Any, line: int) -> None:
    import yaml

    if isinstance(event, yaml.AliasEvent):
        raise Wrong(line, "there is an alias (*), and aliases are not read", "write the value out")
    if getattr(event, "tag", None):
        raise Wrong(line, f"there is a tag ({event.tag}), and tags are not read", "write the value alone")


def pairs_of(node: Any) -> dict[str, tuple[Any, Any]]:
    """Return a mapping's nodes by key: (key's node, value's node). Wrong for a key that is there twice."""
    pairs: dict[str, tuple[Any, Any]] = {}
    for key, value in node.value:
        if not isinstance(key.value, str):
            raise Wrong(key.start_mark.line, "a key is one word")
        if key.value in pairs:
            first = pairs[key.value][0].start_mark.line + 1
            raise Wrong(key.start_mark.line, f"the key {key.value!r} is there twice, first on line {first}")
        pairs[key.value] = (key, value)
    return pairs


def is_mapping(node: Any) -> bool:
    """Return whether a node holds keys and values."""
    return bool(node.id == "mapping")


def is_null(node: Any) -> bool:
    """Return whether a node says that there is no value."""
    return bool(node.id == "scalar" and node.tag == "tag:yaml.org,2002:null")


def check_known(line: int, key: str, known: Collection[str], within: str = "") -> None:
    """Raise Wrong for a key that is not in `known`. It names the nearest known key."""
    if key in known:
        return
    others = f"there are: {', '.join(sorted(known))}" if within else WHERE
    place = f" in {within}" if within else ""
    advice = did_you_mean(key.replace("-", "_").lower(), sorted(known), others)
    raise Wrong(line, f"there is no key {key[:80]!r}{place}", advice)


def line_of(node: Any, steps: list[str | int]) -> int:
    """Return the line of what `steps` lead to, as far as they lead."""
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
