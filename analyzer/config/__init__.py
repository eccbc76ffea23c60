"""The config file: one YAML mapping that says what options say, and what no option can.

A key is an option's name with `_` for each inner dash (`min_share: 0.7`), its value written as on the command
line; or a *section*: a field of the settings that no option sets (`gates:`), decoded by its type
(`sections.py`). Plain YAML: no tags, no aliases, no key twice (`nodes.py`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.config.nodes import Wrong, check_known, composed, is_mapping, is_null, pairs_of, text_of
from analyzer.config.sections import section_type, sections_of
from analyzer.errors import UsageError
from analyzer.settings.option import OptionText


@dataclass(frozen=True)
class Config:
    """What a file says: options as text by key, sections as values of their types by field.

    `places` is where each key stands, in words.
    """

    options: Mapping[str, OptionText]
    sections: Mapping[str, Any]
    places: Mapping[str, str]


def read_config(path: Path, options: Collection[str]) -> Config:
    """Return what the file says. `options` are the keys that options have.

    UsageError, with the line, for a file that cannot be read, is no mapping, or has a key or a value that
    does not hold.
    """
    text = text_of(path)
    try:
        root = composed(text)
        pairs = pairs_of(root) if root is not None else {}
        kinds = section_type()
        known = {*options, *kinds.__struct_fields__}
        for key, (name, _) in pairs.items():
            check_known(name.start_mark.line, key, known)
        nodes = {key: node for key, (_, node) in pairs.items()}
        both = {key for key in kinds.__struct_fields__ if key in nodes and is_mapping(nodes[key])}
        texts = {
            key: _option_text(key, node) for key, node in nodes.items() if key in options and key not in both
        }
        sections = sections_of(root, [key for key in nodes if key not in texts], kinds)
    except Wrong as wrong:
        raise UsageError(f"{path}, line {wrong.line + 1}: {wrong}", advice=wrong.advice) from wrong.__cause__
    places = {key: f"{path}, line {name.start_mark.line + 1}" for key, (name, _) in pairs.items()}
    return Config(options=texts, sections=sections, places=places)


def _option_text(key: str, node: Any) -> OptionText:
    """Return an option's value as it would be typed: a scalar, or a list of them."""
    if node.id == "sequence":
        return tuple(_scalar_text(f"{key}[{index}]", item) for index, item in enumerate(node.value))
    return _scalar_text(key, node)


def _scalar_text(key: str, node: Any) -> str:
    if node.id != "scalar":
        raise Wrong(node.start_mark.line, f"{key} takes one value, as the option does")
    if is_null(node):
        raise Wrong(node.start_mark.line, f"{key} has no value", "give it one, or leave the key out")
    text: str = node.value
    return text
