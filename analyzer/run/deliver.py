"""What is done after a decision, or after a run without one: the effects, and the exit code they lead to."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import msgspec

from analyzer import target
from analyzer.cluster import kubeconfig
from analyzer.common.deadline import Deadline
from analyzer.decision import Decision
from analyzer.effects import carry_out, pause
from analyzer.effects.interface import EffectContext
from analyzer.errors import AnalyzerError
from analyzer.records import retention
from analyzer.records.record import Record
from analyzer.run.context import connect, find_caller
from analyzer.settings import Settings

ANSWERING = 0.9  # of the time that is left after gathering: effects need the rest


def answer_deadline(deadline: Deadline, *, live: bool) -> Deadline:
    """Return the deadline for the models' answers. On a cluster (`live`) it leaves time for the effects."""
    return deadline.share(ANSWERING) if live else deadline


def deliver(record: Record, deadline: Deadline, *, live: bool) -> Record:
    """Carry out the effects, and return the record as it may be stored and shown, with their receipts and the
    exit code they lead to.

    No effect can change the decision. A replay (not `live`) has no effects; a pause it was asked for is
    refused.
    """
    keep, started = retention.make_mask(record.settings.hide), time.monotonic()
    clean = retention.mask_record(record, keep)
    target, decision = clean.evidence.target, clean.judgement.decision
    context = EffectContext(
        settings=clean.settings, decision=decision, target=target, analysis=target.analysis, record=clean
    )
    if live:
        context = carry_out(context, partial(connect, clean.settings.where), deadline)
    elif pause.wants_pause(context):
        context = replace(context, receipts=(pause.refuse_pause("a replay changes nothing"),))
    timings = clean.timings | ({"effects": round(time.monotonic() - started, 3)} if context.receipts else {})
    receipts = retention.mask_receipts(context.receipts, keep)
    return msgspec.structs.replace(clean, receipts=receipts, exit_code=context.exit_code(), timings=timings)


def deliver_error(
    error: AnalyzerError, settings: Settings, deadline: Deadline, *, live: bool
) -> EffectContext:
    """Carry out the effects of a run without a decision, and return them. They report the error where people
    look, as far as the target and the AnalysisRun are known.
    """
    keep = retention.make_mask(settings.hide)
    clean = retention.mask_settings(settings, keep)
    decision = Decision(
        outcome="error", rule="error", reason=keep(f"{error}{f' ({error.advice})' if error.advice else ''}")
    )
    context = EffectContext(settings=clean, decision=decision, target=None, analysis=None, error=error)
    if not live or not (kubeconfig.in_pod() or pause.wants_pause(context)):
        return context  # nobody else waits for a report
    try:
        cluster = connect(settings.where, deadline)
        analysis, _ = find_caller(cluster, settings.where, deadline)
        context = replace(context, analysis=analysis)
        context = replace(
            context, target=target.resolve(cluster, settings.where, datetime.now(UTC), analysis)
        )
    except AnalyzerError:
        pass  # most likely the very error that is to be reported
    delivered = carry_out(context, partial(connect, settings.where), deadline)
    return replace(delivered, receipts=retention.mask_receipts(delivered.receipts, keep))
