"""What a saved record holds of the looks that models took: read for a replay, in which nothing can be looked at anew."""

import msgspec

from analyzer.errors import UsageError
from analyzer.investigate import Recorded, answered, is_evidence, unmarked
from analyzer.models.interface import Turn
from analyzer.tools import Desk
from analyzer.value import UNREADABLE, Value


class _Exchange(Value, forbid_unknown_fields=False):
    model: str
    turns: tuple[Turn, ...]


class _Judgement(Value, forbid_unknown_fields=False):
    exchanges: tuple[_Exchange, ...] = ()


class _Record(Value, forbid_unknown_fields=False):
    judgement: _Judgement = _Judgement()


def results(raw: bytes, path: str, desk: Desk) -> Recorded:
    """The results of a record's tool calls; none of a bundle's. UsageError for what is neither, naming its `path`."""
    try:
        told = msgspec.json.decode(raw, type=_Record)
    except UNREADABLE as error:
        raise UsageError(
            f"{path} is no record of this version: {error}", advice="leave out --investigate, or save the record anew"
        ) from error
    found: dict[tuple[str, str], str] = {}
    for exchange in told.judgement.exchanges:
        for call, result in answered(exchange.turns):
            if is_evidence(result):
                found.setdefault((exchange.model, desk.key(call.name, call.arguments)), unmarked(result))
    return found
