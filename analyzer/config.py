"""The config file: one YAML mapping that says what options say, and what no option can.

A key is an option's name with `_` for each inner dash (`min_age: 2m`), its value written as on the command line; or a *section*: a
field of the settings that no option sets (`gates:`), decoded by its type. What the type asks for decides how a scalar is read, so
that none of YAML's own guesses (`off`, `1:30`, `1e5`) can change a value; a number of seconds or bytes may carry its unit. Plain
YAML: no tags, no aliases, no key twice.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from analyzer.errors import UsageError
from analyzer.patterns import pattern
from analyzer.settings import Settings
from analyzer.units import seconds, size
from analyzer.value import Value

LARGEST = 1024 * 1024  # bytes: what a ConfigMap holds
DEEPEST = 32  # levels; a C parser's stack has an end
WHERE = "docs/config.md lists the keys"

Text = str | tuple[str, ...]


@dataclass(frozen=True)
class Config:
    """What a file says: options as text by key, sections as values of their types by field; `place` is where a key stands."""

    options: Mapping[str, Text]
    sections: Mapping[str, Any]
    places: Mapping[str, str]


class _Wrong(Exception):  # noqa: N818 - becomes a UsageError where the file's name is known
    """What does not hold, and on which line (from 0)."""

    def __init__(self, line: int, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.line, self.advice = line, advice


def read(path: Path, options: Collection[str], parameters: Collection[str]) -> Config:
    """What the file says. `options` are the keys that options have; `parameters` the fields of the settings that they set.

    UsageError, with the line, for a file that cannot be read, is no mapping, or has a key or a value that does not hold.
    """
    content = _content(path)
    try:
        root = _composed(content)
        pairs = _pairs(root) if root is not None else {}
        kinds = section_type(parameters)
        known = {*options, *kinds.__struct_fields__}
        for key, (name, _) in pairs.items():
            _known(name.start_mark.line, key, known)
        as_options = {
            key: node for key, (_, node) in pairs.items() if key in options and not (key in kinds.__struct_fields__ and _nested(node))
        }
        texts = {key: _text(key, node) for key, node in as_options.items()}
        sections = _sections(root, [key for key in pairs if key not in as_options], kinds)
    except _Wrong as wrong:
        raise UsageError(f"{path}, line {wrong.line + 1}: {wrong}", advice=wrong.advice) from wrong.__cause__
    places = {key: f"{path}, line {name.start_mark.line + 1}" for key, (name, _) in pairs.items()}
    return Config(options=texts, sections=sections, places=places)


def section_type(parameters: Collection[str]) -> type[msgspec.Struct]:
    """A struct of every field of the settings, at any group, that none of `parameters` sets."""
    groups = [field for field in msgspec.structs.fields(Settings) if isinstance(field.default, Value)]
    fields = [field for group in groups for field in msgspec.structs.fields(type(group.default))]
    found = [(field.name, field.type, msgspec.field(default=None)) for field in fields if field.name not in parameters]
    return msgspec.defstruct("Sections", found, kw_only=True, forbid_unknown_fields=True)


# ---- from text to nodes


def _content(path: Path) -> str:
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


def _composed(content: str) -> Any:
    """The document's mapping, or None for an empty one. Its events are looked at first: composing recurses."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        depth = 0
        for event in yaml.parse(content, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            _plain(event, depth)
        node = yaml.compose(content, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(filter(None, (error.context, error.problem)))
        raise _Wrong(mark.line if mark else 0, f"this is no YAML: {what}", "check its indentation and quotes") from error
    except yaml.YAMLError as error:
        raise _Wrong(0, f"this is no YAML: {str(error).splitlines()[0]}") from error
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return None
    if not isinstance(node, yaml.MappingNode):
        raise _Wrong(node.start_mark.line, "a config file is one mapping of keys to values", "write lines such as 'min_age: 2m'")
    return node


def _plain(event: Any, depth: int) -> None:
    import yaml

    line = event.start_mark.line if event.start_mark else 0
    if isinstance(event, yaml.AliasEvent):
        raise _Wrong(line, "there is an alias (*), and aliases are not read", "write the value out")
    if getattr(event, "tag", None):
        raise _Wrong(line, f"there is a tag ({event.tag}), and tags are not read", "write the value alone")
    if depth > DEEPEST:
        raise _Wrong(line, f"it is nested more than {DEEPEST} levels deep")


def _pairs(node: Any) -> dict[str, tuple[Any, Any]]:
    """A mapping's nodes by key: (key's node, value's node)."""
    found: dict[str, tuple[Any, Any]] = {}
    for key, value in node.value:
        if not isinstance(key.value, str):
            raise _Wrong(key.start_mark.line, "a key is one word")
        if key.value in found:
            raise _Wrong(
                key.start_mark.line, f"the key {key.value!r} is there twice, first on line {found[key.value][0].start_mark.line + 1}"
            )
        found[key.value] = (key, value)
    return found


def _nested(node: Any) -> bool:
    return bool(node.id == "mapping")


def _known(line: int, key: str, known: Collection[str], within: str = "") -> None:
    if key in known:
        return
    near = get_close_matches(key.replace("-", "_").lower(), sorted(known), n=1)
    advice = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(known))}" if within else WHERE
    raise _Wrong(line, f"there is no key {key[:80]!r}{f' in {within}' if within else ''}", advice)


# ---- from nodes to values


def _text(key: str, node: Any) -> Text:
    """An option's value as it would be typed: scalars, or a list of them."""
    if node.id == "sequence":
        return tuple(_single(f"{key}[{index}]", each) for index, each in enumerate(node.value))
    return _single(key, node)


def _single(key: str, node: Any) -> str:
    if node.id != "scalar":
        raise _Wrong(node.start_mark.line, f"{key} takes one value, as the option does")
    if _is_null(node):
        raise _Wrong(node.start_mark.line, f"{key} has no value", "give it one, or leave the key out")
    text: str = node.value
    return text


def _is_null(node: Any) -> bool:
    return bool(node.id == "scalar" and node.tag == "tag:yaml.org,2002:null")


def _sections(root: Any, keys: list[str], kinds: type[msgspec.Struct]) -> dict[str, Any]:
    if not keys:
        return {}
    types = {field.encode_name: field.type for field in msgspec.inspect.type_info(kinds).fields}  # type: ignore[attr-defined]  # of a struct
    built = {key: _built(key, _pairs(root)[key][1], types[key]) for key in keys}
    try:
        sections = msgspec.convert(built, kinds)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        steps = [name or int(index or 0) for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", where)]
        raise _Wrong(_line(root, steps), f"{where.strip('.`') or 'the file'}: {message}", WHERE) from error
    for steps, check in _checks(built):
        try:
            check()
        except UsageError as error:
            raise _Wrong(_line(root, steps), f"{'.'.join(map(str, steps))}: {error}", error.advice) from error
    return {key: getattr(sections, key) for key in keys}


def _built(path: str, node: Any, kind: Any) -> Any:
    """A node as its type asks for it; what the type says beyond that (bounds, missing fields) is checked when it is converted."""
    info = msgspec.inspect
    while isinstance(kind, info.Metadata | info.UnionType):
        if isinstance(kind, info.UnionType) and _is_null(node):
            return None
        kind = kind.type if isinstance(kind, info.Metadata) else next((each for each in kind.types if _fits(node, each)), kind.types[0])
    if isinstance(kind, info.StructType | info.DictType) and _nested(node):
        return {key: _built(f"{path}.{key}", value, of) for key, value, of in _members(path, node, kind)}
    if isinstance(kind, info.VarTupleType | info.ListType) and node.id == "sequence":
        return [_built(f"{path}[{index}]", each, kind.item_type) for index, each in enumerate(node.value)]
    if node.id == "scalar" and not _is_null(node):
        return _scalar(path, node, kind)
    raise _Wrong(node.start_mark.line, f"{path} takes {_wanted(kind)}", WHERE)


def _members(path: str, node: Any, kind: Any) -> Iterator[tuple[str, Any, Any]]:
    """(key, node, type) of each value in a mapping. A struct's unknown key is refused, with the nearest."""
    info, pairs = msgspec.inspect, _pairs(node)
    if isinstance(kind, info.DictType):
        yield from ((key, value, kind.value_type) for key, (_, value) in pairs.items())
        return
    types = {field.encode_name: field.type for field in kind.fields} | ({kind.tag_field: info.StrType()} if kind.tag_field else {})
    for key, (name, value) in pairs.items():
        _known(name.start_mark.line, key, types, path)
        yield key, value, types[key]


def _fits(node: Any, kind: Any) -> bool:
    """Whether a member of a union may be what is meant, by its shape, or by its tag."""
    info = msgspec.inspect
    if isinstance(kind, info.StructType):
        tagged = kind.tag_field is None or (_nested(node) and any(k.value == kind.tag_field and v.value == kind.tag for k, v in node.value))
        return _nested(node) and tagged
    if isinstance(kind, info.DictType):
        return _nested(node)
    return (node.id == "sequence") == isinstance(kind, info.VarTupleType | info.ListType) and not isinstance(kind, info.NoneType)


def _scalar(path: str, node: Any, kind: Any) -> Any:
    info, text, line = msgspec.inspect, node.value, node.start_mark.line
    try:
        match kind:
            case info.BoolType():
                return {"true": True, "false": False}[text.lower()]
            case info.IntType():
                return int(text) if re.fullmatch(r"-?\d+", text) else size(text)
            case info.FloatType():
                return float(text) if re.fullmatch(r"-?\d+(\.\d+)?([eE]-?\d+)?", text) else seconds(text)
            case info.LiteralType() if text not in kind.values:
                near = get_close_matches(text, [str(each) for each in kind.values], n=1)
                raise _Wrong(
                    line, f"{path}: {text!r} is none of {', '.join(map(str, kind.values))}", f"did you mean {near[0]}?" if near else ""
                )
            case info.StrType() | info.LiteralType():
                return text
    except (ValueError, KeyError) as error:
        raise _Wrong(line, f"{path}: {error if isinstance(error, ValueError) else f'{text!r} is neither true nor false'}") from error
    raise _Wrong(line, f"{path} takes {_wanted(kind)}", WHERE)


def _wanted(kind: Any) -> str:
    info = msgspec.inspect
    if isinstance(kind, info.StructType | info.DictType):
        return "a mapping"
    return "a list" if isinstance(kind, info.VarTupleType | info.ListType) else "one value"


# ---- what no type says


def _checks(built: Mapping[str, Any]) -> Iterator[tuple[list[str | int], Any]]:
    """Each check that a value calls for, with the way to the value."""
    for kind in built.get("severity", ()):
        yield ["severity", kind], lambda kind=kind: _kind(kind)
    for index, each in enumerate(built.get("ignore", ())):
        yield ["ignore", index], lambda each=each: pattern(each)
    for index, each in enumerate(built.get("redact", ())):
        yield ["redact", index, "regex"], lambda each=each: pattern(each["regex"])


def _kind(name: str) -> None:
    from analyzer.findings.grade import KINDS

    if name not in KINDS:
        near = get_close_matches(name, KINDS, n=1)
        raise UsageError(
            f"there is no kind of finding {name[:80]!r}", advice=f"did you mean {near[0]}?" if near else "docs/findings.md lists them"
        )


def _line(node: Any, steps: list[str | int]) -> int:
    """The line of what `steps` lead to, as far as they lead."""
    line: int = node.start_mark.line
    for step in steps:
        if isinstance(step, int):
            node = node.value[step] if node.id == "sequence" and step < len(node.value) else node
        elif _nested(node) and step in (pairs := _pairs(node)):
            node = pairs[step][1]
            line = pairs[step][0].start_mark.line
            continue
        line = node.start_mark.line
    return line


def schema(options: Mapping[str, Mapping[str, Any]], parameters: Collection[str]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file: each option by what it takes, each section by its type. docs/schema/config.json."""
    kinds = msgspec.json.schema(section_type(parameters))
    defs = {name: _with_units(each) for name, each in kinds["$defs"].items() if name != "Sections"}
    sections = {
        name: {key: each for key, each in found.items() if key != "default"}
        for name, found in kinds["$defs"]["Sections"]["properties"].items()
    }
    both = {name: {"anyOf": [options[name], sections[name]]} for name in options.keys() & sections.keys()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Config file of rollout-analyzer",
        "type": "object",
        "properties": dict(sorted({**options, **sections, **both}.items())),
        "additionalProperties": False,
        "$defs": defs,
    }


def _with_units(part: Any) -> Any:
    """A schema in which a number may be a text with its unit, too."""
    if isinstance(part, dict):
        whole = {key: _with_units(each) for key, each in part.items()}
        return (
            {"anyOf": [whole, {"type": "string", "pattern": r"^[\d.]+[A-Za-z]+"}]} if part.get("type") in ("number", "integer") else whole
        )
    return [_with_units(each) for each in part] if isinstance(part, list) else part
