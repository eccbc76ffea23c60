"""The tool calls of a saved record, for a replay, which cannot make them again."""

import msgspec

from analyzer.common.value import UNREADABLE
from analyzer.errors import UsageError
from analyzer.records.partial import ExchangedRecord
from analyzer.tools import ToolContext
from analyzer.verdicts.investigate import Recorded, is_evidence, pair_results, unmark


def read_tool_results(raw: bytes, path: str, context: ToolContext) -> Recorded:
    """Return the results of a record's tool calls by model and call; none for a bundle. Raise UsageError,
    which names `path`, for any other file.
    """
    try:
        record = msgspec.json.decode(raw, type=ExchangedRecord)
    except UNREADABLE as error:
        raise UsageError(
            f"{path} is no record of this version: {error}",
            advice="leave out --investigate, or save the record anew",
        ) from error
    results: dict[tuple[str, str], str] = {}
    for exchange in record.judgement.exchanges:
        for call, result in pair_results(exchange.turns):
            if is_evidence(result):
                results.setdefault((exchange.model, context.key(call.name, call.arguments)), unmark(result))
    return results
