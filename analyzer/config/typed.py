"""Another YAML file than the config file, read with the same care: plain YAML, no key twice, each value as
its field's type asks.
"""

from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

from analyzer.common.value import Value
from analyzer.config.nodes import WHERE, Wrong, check_known, composed, pairs_of, text_of
from analyzer.config.sections import sections_of
from analyzer.errors import UsageError

V = TypeVar("V", bound=Value)


def read_typed(path: Path, kind: type[V], what: str, where: str) -> V:
    """Return the file as a value of a type. `what` is what errors call the file, `where` what lists its keys.

    Raise UsageError, with the line, for a file that cannot be read or does not hold.
    """
    text = text_of(path, what, where)
    try:
        root = composed(text, what)
        pairs = pairs_of(root) if root is not None else {}
        for key, (name, _) in pairs.items():
            check_known(name.start_mark.line, key, kind.__struct_fields__)
        _check_complete(kind, pairs)
        return kind(**sections_of(root, list(pairs), kind))
    except Wrong as wrong:
        advice = where if wrong.advice in ("", WHERE) else wrong.advice
        raise UsageError(f"{path}, line {wrong.line + 1}: {wrong}", advice=advice) from wrong.__cause__


def _check_complete(kind: type[Value], known: Collection[str]) -> None:
    """Raise Wrong where a field that has no default is not among the known keys."""
    fields = kind.__struct_fields__
    missing = [name for name in fields[: len(fields) - len(kind.__struct_defaults__)] if name not in known]
    if missing:
        raise Wrong(0, f"it does not say {' and '.join(missing)}")
