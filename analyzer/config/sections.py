"""Sections: what the file says of fields that no option sets, read as their types ask.

What the type asks for decides how a scalar is read, so that none of YAML's own guesses (`off`, `1:30`, `1e5`)
can change a value; a number of seconds or bytes may carry its unit.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from analyzer.common.nearest import did_you_mean
from analyzer.common.patterns import pattern
from analyzer.common.units import seconds, size
from analyzer.config.nodes import WHERE, Wrong, check_known, is_mapping, is_null, line_of, pairs_of
from analyzer.errors import UsageError
from analyzer.settings import Settings
from analyzer.settings.option import sections

_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_WHOLE, _NUMBER = re.compile(r"-?\d+"), re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)?")


def section_type() -> type[msgspec.Struct]:
    """Return a struct of every field of the settings, in any group, that no option sets."""
    fields = [(name, kind, msgspec.field(default=None)) for name, kind in sections(Settings)]
    return msgspec.defstruct("Sections", fields, kw_only=True, forbid_unknown_fields=True)


def sections_of(root: Any, keys: list[str], kinds: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the values of these keys of the document, by `kinds`. Wrong for one that does not hold."""
    if not keys:
        return {}
    struct: Any = msgspec.inspect.type_info(kinds)
    types = {field.encode_name: field.type for field in struct.fields}
    built = {key: _built(key, pairs_of(root)[key][1], types[key]) for key in keys}
    try:
        values = msgspec.convert(built, kinds)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        steps = [name or int(index or 0) for name, index in _STEP.findall(where)]
        raise Wrong(line_of(root, steps), f"{where.strip('.`') or 'the file'}: {message}", WHERE) from error
    for steps, check in _checks(built):
        try:
            check()
        except UsageError as error:
            path = ".".join(map(str, steps))
            raise Wrong(line_of(root, steps), f"{path}: {error}", error.advice) from error
    return {key: getattr(values, key) for key in keys}


def _built(path: str, node: Any, kind: Any) -> Any:
    """Return a node as its type asks for it. Bounds and missing fields are checked when it is converted."""
    info = msgspec.inspect
    while isinstance(kind, info.Metadata | info.UnionType):
        if isinstance(kind, info.Metadata):
            kind = kind.type
        elif is_null(node):
            return None
        else:
            kind = next((member for member in kind.types if _fits(node, member)), kind.types[0])
    if isinstance(kind, info.StructType | info.DictType) and is_mapping(node):
        return {key: _built(f"{path}.{key}", value, of) for key, value, of in _members(path, node, kind)}
    if isinstance(kind, info.VarTupleType | info.ListType) and node.id == "sequence":
        return [_built(f"{path}[{index}]", item, kind.item_type) for index, item in enumerate(node.value)]
    if node.id == "scalar" and not is_null(node):
        return _scalar(path, node, kind)
    raise Wrong(node.start_mark.line, f"{path} takes {_wanted(kind)}", WHERE)


def _members(path: str, node: Any, kind: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield (key, node, type) of each value in a mapping. Wrong for a key that a struct does not have."""
    info, pairs = msgspec.inspect, pairs_of(node)
    if isinstance(kind, info.DictType):
        yield from ((key, value, kind.value_type) for key, (_, value) in pairs.items())
        return
    tag = {kind.tag_field: info.StrType()} if kind.tag_field else {}
    types = {field.encode_name: field.type for field in kind.fields} | tag
    for key, (name, value) in pairs.items():
        check_known(name.start_mark.line, key, types, path)
        yield key, value, types[key]


def _fits(node: Any, kind: Any) -> bool:
    """Return whether a member of a union may be what is meant, by its shape, or by its tag."""
    info = msgspec.inspect
    if isinstance(kind, info.StructType):
        tag = kind.tag_field
        pairs = node.value if is_mapping(node) else []
        tagged = any(key.value == tag and value.value == kind.tag for key, value in pairs)
        return tagged or (is_mapping(node) and tag is None)
    if isinstance(kind, info.DictType):
        return is_mapping(node)
    is_list = isinstance(kind, info.VarTupleType | info.ListType)
    return (node.id == "sequence") == is_list and not isinstance(kind, info.NoneType)


def _scalar(path: str, node: Any, kind: Any) -> Any:
    info, text, line = msgspec.inspect, node.value, node.start_mark.line
    try:
        match kind:
            case info.BoolType():
                return {"true": True, "false": False}[text.lower()]
            case info.IntType():
                return int(text) if _WHOLE.fullmatch(text) else size(text)
            case info.FloatType():
                return float(text) if _NUMBER.fullmatch(text) else seconds(text)
            case info.LiteralType() if text not in kind.values:
                known = [str(value) for value in kind.values]
                advice = did_you_mean(text, known)
                raise Wrong(line, f"{path}: {text!r} is none of {', '.join(known)}", advice)
            case info.StrType() | info.LiteralType():
                return text
    except KeyError as error:
        raise Wrong(line, f"{path}: {text!r} is neither true nor false") from error
    except ValueError as error:
        raise Wrong(line, f"{path}: {error}") from error
    raise Wrong(line, f"{path} takes {_wanted(kind)}", WHERE)


def _wanted(kind: Any) -> str:
    info = msgspec.inspect
    if isinstance(kind, info.StructType | info.DictType):
        return "a mapping"
    return "a list" if isinstance(kind, info.VarTupleType | info.ListType) else "one value"


# ---- what no type says


def _checks(built: Mapping[str, Any]) -> Iterator[tuple[list[str | int], Any]]:
    """Yield each check that a value calls for, with the way to the value."""
    for kind in built.get("severity", ()):
        yield ["severity", kind], partial(_check_kind, kind)
    for index, regex in enumerate(built.get("ignore", ())):
        yield ["ignore", index], partial(pattern, regex)
    for index, secret in enumerate(built.get("redact", ())):
        yield ["redact", index, "regex"], partial(pattern, secret["regex"])


def _check_kind(name: str) -> None:
    from analyzer.findings.kinds import KINDS

    if name not in KINDS:
        advice = did_you_mean(name, KINDS, "docs/findings.md lists them")
        raise UsageError(f"there is no kind of finding {name[:80]!r}", advice=advice)
