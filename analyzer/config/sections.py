"""Sections: what the file says of fields that no option sets, read as their types ask.

What the type asks for decides how a scalar is read, so that none of YAML's own guesses (`off`, `1:30`, `1e5`) can change a value; a
number of seconds or bytes may carry its unit.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import msgspec

from analyzer.config.nodes import WHERE, Wrong, check_known, is_mapping, is_null, line_of, pairs_of
from analyzer.errors import UsageError
from analyzer.patterns import pattern
from analyzer.settings import Settings
from analyzer.units import seconds, size
from analyzer.value import Value

_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_WHOLE, _NUMBER = re.compile(r"-?\d+"), re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)?")


def section_type(parameters: Collection[str]) -> type[msgspec.Struct]:
    """A struct of every field of the settings, at any group, that none of `parameters` sets."""
    groups = [field for field in msgspec.structs.fields(Settings) if isinstance(field.default, Value)]
    fields = [field for group in groups for field in msgspec.structs.fields(type(group.default))]
    found = [(field.name, field.type, msgspec.field(default=None)) for field in fields if field.name not in parameters]
    return msgspec.defstruct("Sections", found, kw_only=True, forbid_unknown_fields=True)


def sections_of(root: Any, keys: list[str], kinds: type[msgspec.Struct]) -> dict[str, Any]:
    """The values of these keys of the document, as `kinds` has them. `Wrong` for one that does not hold."""
    if not keys:
        return {}
    types = {field.encode_name: field.type for field in msgspec.inspect.type_info(kinds).fields}  # type: ignore[attr-defined]  # of a struct
    built = {key: _built(key, pairs_of(root)[key][1], types[key]) for key in keys}
    try:
        sections = msgspec.convert(built, kinds)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        steps = [name or int(index or 0) for name, index in _STEP.findall(where)]
        raise Wrong(line_of(root, steps), f"{where.strip('.`') or 'the file'}: {message}", WHERE) from error
    for steps, check in _checks(built):
        try:
            check()
        except UsageError as error:
            raise Wrong(line_of(root, steps), f"{'.'.join(map(str, steps))}: {error}", error.advice) from error
    return {key: getattr(sections, key) for key in keys}


def _built(path: str, node: Any, kind: Any) -> Any:
    """A node as its type asks for it; what the type says beyond that (bounds, missing fields) is checked when it is converted."""
    info = msgspec.inspect
    while isinstance(kind, info.Metadata | info.UnionType):
        if isinstance(kind, info.UnionType) and is_null(node):
            return None
        kind = kind.type if isinstance(kind, info.Metadata) else next((each for each in kind.types if _fits(node, each)), kind.types[0])
    if isinstance(kind, info.StructType | info.DictType) and is_mapping(node):
        return {key: _built(f"{path}.{key}", value, of) for key, value, of in _members(path, node, kind)}
    if isinstance(kind, info.VarTupleType | info.ListType) and node.id == "sequence":
        return [_built(f"{path}[{index}]", each, kind.item_type) for index, each in enumerate(node.value)]
    if node.id == "scalar" and not is_null(node):
        return _scalar(path, node, kind)
    raise Wrong(node.start_mark.line, f"{path} takes {_wanted(kind)}", WHERE)


def _members(path: str, node: Any, kind: Any) -> Iterator[tuple[str, Any, Any]]:
    """(key, node, type) of each value in a mapping. A struct's unknown key is refused, with the nearest."""
    info, pairs = msgspec.inspect, pairs_of(node)
    if isinstance(kind, info.DictType):
        yield from ((key, value, kind.value_type) for key, (_, value) in pairs.items())
        return
    types = {field.encode_name: field.type for field in kind.fields} | ({kind.tag_field: info.StrType()} if kind.tag_field else {})
    for key, (name, value) in pairs.items():
        check_known(name.start_mark.line, key, types, path)
        yield key, value, types[key]


def _fits(node: Any, kind: Any) -> bool:
    """Whether a member of a union may be what is meant, by its shape, or by its tag."""
    info = msgspec.inspect
    if isinstance(kind, info.StructType):
        tag = kind.tag_field
        return is_mapping(node) and (tag is None or any(key.value == tag and value.value == kind.tag for key, value in node.value))
    if isinstance(kind, info.DictType):
        return is_mapping(node)
    return (node.id == "sequence") == isinstance(kind, info.VarTupleType | info.ListType) and not isinstance(kind, info.NoneType)


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
                near = get_close_matches(text, [str(each) for each in kind.values], n=1)
                raise Wrong(
                    line, f"{path}: {text!r} is none of {', '.join(map(str, kind.values))}", f"did you mean {near[0]}?" if near else ""
                )
            case info.StrType() | info.LiteralType():
                return text
    except (ValueError, KeyError) as error:
        raise Wrong(line, f"{path}: {error if isinstance(error, ValueError) else f'{text!r} is neither true nor false'}") from error
    raise Wrong(line, f"{path} takes {_wanted(kind)}", WHERE)


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
