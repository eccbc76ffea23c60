"""JSON that has one reading: a duplicate key, NaN and Infinity are errors."""

import json
from collections import Counter
from typing import Any

from analyzer.common.short import cut


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {cut(twice, 100)!r} is there twice")
    return whole


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


STRICT = json.JSONDecoder(object_pairs_hook=_refuse_duplicates, parse_constant=_refuse_constant)


def decode(raw: bytes) -> Any:
    """Return the value of a whole JSON text. Raise ValueError or RecursionError if it is not JSON of one
    reading.
    """
    return STRICT.decode(raw.decode(json.detect_encoding(raw), "surrogatepass"))
