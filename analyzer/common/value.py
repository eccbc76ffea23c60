"""The base of every value that moves through the pipeline."""

from datetime import UTC, datetime
from inspect import cleandoc
from typing import Annotated, Any, TypeVar, dataclass_transform

import msgspec

# What msgspec raises for what is no JSON of the type asked for, bytes that are no text and nesting without
# end included.
UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
Json = dict[str, Any]  # an object, decoded
Count = Annotated[int, msgspec.Meta(ge=0)]
# levels of JSON of others: an answer takes three, and walking deeper ones would end in a RecursionError
# somewhere
DEEPEST_JSON = 32
Moment = Annotated[datetime, msgspec.Meta(tz=True)]  # a time without its zone would compare with nothing
TEXTLESS = frozenset({int, float, bool, type(None)})  # types without text: most values of counts and sketches
LARGEST_NUMBER = 1e100  # of a number: the sum of many of them, and their product, is one still
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)

T = TypeVar("T")


def is_plausible(at: datetime) -> bool:
    """Return True if the time is between 1970 and 3000. Years 1 and 9999 mean "none", and arithmetic with
    them leaves the calendar.
    """
    return EARLIEST <= at < LATEST


def flat(value: T) -> T:
    """Return the JSON value unchanged if it is nested at most `DEEPEST_JSON` levels. Raise ValueError if it
    is nested deeper.
    """
    level: list[Any] = [value]
    for _ in range(DEEPEST_JSON + 1):
        inner = [
            item.values() if isinstance(item, dict) else item
            for item in level
            if isinstance(item, (dict, list))
        ]
        level = [item for items in inner for item in items]
        if not level:
            return value
    raise ValueError("it is nested too deeply")


class _KeywordOnly(msgspec.StructMeta):
    """Metaclass that makes every field of every subclass keyword-only, because msgspec does not pass
    `kw_only` on.
    """

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> "_KeywordOnly":
        return super().__new__(mcls, name, bases, namespace, **{"kw_only": True, **options})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Value(msgspec.Struct, metaclass=_KeywordOnly, frozen=True, forbid_unknown_fields=True):
    """Base of frozen, keyword-only, strict values: an unknown field in a file is an error."""


def json_schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a type, identical on every Python: docstrings keep their
    indentation before 3.13.
    """
    whole = msgspec.json.schema(kind)
    texts = {
        name: definition["description"]
        for name, definition in whole["$defs"].items()
        if "description" in definition
    }
    return whole | {
        "$defs": whole["$defs"]
        | {name: whole["$defs"][name] | {"description": cleandoc(texts[name])} for name in texts}
    }
