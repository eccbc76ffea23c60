"""The base of every value that moves through the pipeline."""

from datetime import UTC, datetime
from inspect import cleandoc
from typing import Annotated, Any, TypeVar, dataclass_transform

import msgspec

# What msgspec raises for what is no JSON of the type asked for, bytes that are no text and nesting without end included.
UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
Count = Annotated[int, msgspec.Meta(ge=0)]
DEEPEST = 32  # levels of JSON of others: an answer takes three, and walking deeper ones would end in a RecursionError somewhere
Moment = Annotated[datetime, msgspec.Meta(tz=True)]  # a time without its zone would compare with nothing
LARGEST = 1e100  # of a number: the sum of many of them, and their product, is one still
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)

T = TypeVar("T")


def plausible(at: datetime) -> bool:
    """Whether it is a time of now: years 1 and 9999 stand for none, and reckoning with them leaves the calendar."""
    return EARLIEST <= at < LATEST


def flat(value: T) -> T:
    """The same JSON value, once it is known to be nested no deeper than `DEEPEST`. ValueError when it is."""
    level: list[Any] = [value]
    for _ in range(DEEPEST + 1):
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, (dict, list))]
        level = [each for items in inner for each in items]
        if not level:
            return value
    raise ValueError("it is nested too deeply")


class _KeywordOnly(msgspec.StructMeta):
    """msgspec does not pass `kw_only` on to subclasses; here it holds for all of them."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> "_KeywordOnly":
        return super().__new__(mcls, name, bases, namespace, **{"kw_only": True, **options})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Value(msgspec.Struct, metaclass=_KeywordOnly, frozen=True, forbid_unknown_fields=True):
    """Frozen, keyword-only, and strict: a field it does not know is refused when it is read from a file."""


def json_schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a type, one and the same of every Python: before 3.13 docstrings keep their indentation."""
    whole = msgspec.json.schema(kind)
    texts = {name: each["description"] for name, each in whole["$defs"].items() if "description" in each}
    return whole | {"$defs": whole["$defs"] | {name: whole["$defs"][name] | {"description": cleandoc(texts[name])} for name in texts}}
