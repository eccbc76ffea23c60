"""Sections as the file has them: what `settings` shows, and can be read again."""

from typing import Any

import msgspec
from msgspec import NODEFAULT

from analyzer.common.value import Value


def dump_section(section: Any) -> str:
    """Return a section's value as YAML, without what is the default anyway."""
    import yaml

    plain = _plain(section)
    return yaml.safe_dump(plain, default_flow_style=False, sort_keys=False, allow_unicode=True, width=10**6)


def _plain(value: Any) -> Any:
    """Return the same as YAML has it: mappings, lists and scalars."""
    if isinstance(value, Value):
        fields = msgspec.structs.fields(type(value))
        said = [field.name for field in fields if getattr(value, field.name) != _default(field)]
        return {name: _plain(getattr(value, name)) for name in said}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is NODEFAULT else field.default_factory()
