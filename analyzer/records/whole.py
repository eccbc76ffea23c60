"""A whole record, read to be shown: `rollout-analyzer report`."""

import msgspec
from msgspec.structs import replace

from analyzer.common.deadline import Deadline
from analyzer.common.value import UNREADABLE, Value
from analyzer.errors import UsageError
from analyzer.evidence.bundle import RECORD, parse_evidence
from analyzer.records.earlier import rename_options
from analyzer.records.record import Record
from analyzer.records.record_store import StoredRecord, read_record
from analyzer.records.retention import make_mask, mask_evidence, mask_prompt, mask_receipts, mask_record
from analyzer.settings import Hide, Where

SAVE = "write one with 'rollout-analyzer analyze --save FILE'"


class _Schema(Value, forbid_unknown_fields=False):
    schema: str


def read_whole(place: str, where: Where, hide: Hide, deadline: Deadline) -> Record:
    """Return the record that is kept at a place, masked again, since somebody else may have made it.

    Raise UsageError for what is no record of this version or an earlier one, or InfrastructureError if it
    cannot be read.
    """
    return parse_record(read_record(place, where, deadline, SAVE), hide)


def parse_record(kept: StoredRecord, hide: Hide) -> Record:
    """Return the record of a JSON text, masked. Raise UsageError for anything else."""
    keep = make_mask(hide)
    evidence = parse_evidence(kept.raw, kept.place, keep)
    advice = f"judge its evidence anew: rollout-analyzer analyze --evidence {kept.place} --report page.html"
    if msgspec.json.decode(kept.raw, type=_Schema).schema != RECORD:
        raise UsageError(f"{kept.place} is a bundle, which nobody has judged", advice=advice)
    try:
        document = msgspec.json.decode(kept.raw)
        rename_options(document.get("settings"))
        record = msgspec.convert(document, Record)
    except UNREADABLE as error:
        raise UsageError(f"{kept.place} is no record of this version: {error}", advice=advice) from error
    masked = mask_record(replace(record, evidence=mask_evidence(evidence, keep)), keep)
    judgement = replace(masked.judgement, prompt=mask_prompt(masked.judgement.prompt))
    return replace(masked, judgement=judgement, receipts=mask_receipts(masked.receipts, keep))
