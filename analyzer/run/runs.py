"""Whole runs: from the settings to a record, on a cluster or from a recording. Progress goes to `say`;
nothing is printed.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from analyzer import models
from analyzer.common.deadline import Deadline, within
from analyzer.errors import UsageError
from analyzer.evidence import Evidence, add_missing_gaps, check_required
from analyzer.evidence.bundle import parse_evidence
from analyzer.evidence.queries import check_answered
from analyzer.exits import for_outcome
from analyzer.models.weights import parse_weights
from analyzer.prompt import check_room
from analyzer.records import previous, record_store, retention
from analyzer.records.previous import Recorded
from analyzer.records.record import Record
from analyzer.run import waiting
from analyzer.run.context import Say
from analyzer.run.deliver import answer_deadline, deliver
from analyzer.run.gather import add_previous_answers, gather
from analyzer.run.guard import guard
from analyzer.run.judge import Jury, build_investigation, judge, warm
from analyzer.run.waiting import Waited
from analyzer.settings import Issues, Look, Notices, Settings, Tell
from analyzer.settings.option import declared

_LOOKING = {option.parameter: option.name for option in declared(Look)}
# each turns an effect on
_TELLING = {
    option.parameter: option.name
    for group in (Tell, Issues, Notices)
    for option in declared(group)
    if option.parameter in ("otlp", "github_repo", "handoff_webhook", "notify")
}


def run_analysis(settings: Settings, evidence: str, deadline: Deadline, say: Say, remark: Say) -> Record:
    """Run a judgement, from the target to the receipts. `evidence` names the recording of a replay, empty on
    a cluster.

    `remark` gets what a person has to see: what is sent where, before anything is sent.
    """
    begun = time.monotonic()
    jury, why = create_jury(settings, say, remark)
    if not evidence:
        warm(jury.models, deadline)
    gathered_evidence, replayed, waited = _read_evidence(evidence, settings, deadline, say, waits=True)
    gathered_at, until = time.monotonic(), answer_deadline(deadline, live=not evidence)
    investigation = build_investigation(gathered_evidence, settings, until, replayed)
    judgement = judge(gathered_evidence, settings, replace(jury, investigation=investigation), until, say)
    timings = {"gather": gathered_at - begun - waited, "judge": time.monotonic() - gathered_at}
    timings = {"wait": waited, **timings} if round(waited, 3) else timings
    return deliver(
        Record(
            settings=settings,
            evidence=gathered_evidence,
            judges=why,
            judgement=judgement,
            timings={stage: round(seconds, 3) for stage, seconds in timings.items()},
            exit_code=for_outcome(judgement.decision.outcome, settings.policy),
            finished_at=datetime.now(UTC),
        ),
        deadline,
        live=not evidence,
    )


def create_jury(settings: Settings, say: Say, remark: Say) -> tuple[Jury, str]:
    """Return the models to ask with their weights, and the reason for them. Raise UsageError for a wrong one.

    `remark` gets what is sent where.
    """
    choice = models.choose(settings.ask.models, os.environ)
    without_tools = models.check_calls(choice.names) if settings.ask.investigate else ()
    chosen = models.create(choice.names, os.environ)
    weights_by_model = parse_weights(settings.rules.weights, choice.names, chosen)
    models.check_quorum(settings.rules.quorum, chosen)
    notice = models.describe_recipients(chosen, settings.ask.models)
    if notice:
        remark(notice)
    if without_tools:
        say(f"{' and '.join(without_tools)} cannot use tools: asked without them")
    if settings.ask.ollama_pull:
        chosen = models.enable_pulling(chosen, say)
    return Jury(chosen, weights=weights_by_model), choice.why


def run_guard(settings: Settings, deadline: Deadline, say: Say) -> Record:
    """Run a guard, from the target to the receipts."""
    begun = time.monotonic()
    gathered, judgement = guard(settings, deadline, say)
    return deliver(
        Record(
            settings=settings,
            evidence=gathered,
            judges="guard asks none",
            judgement=judgement,
            timings={"guard": round(time.monotonic() - begun, 3)},
            exit_code=for_outcome(judgement.decision.outcome, settings.policy),
            finished_at=datetime.now(UTC),
        ),
        deadline,
        live=True,
    )


def read_evidence(bundle: str, settings: Settings, deadline: Deadline, say: Say) -> Evidence:
    """Return the evidence of a recording, or if `bundle` is empty, of the cluster. Raise what `gather`
    raises.
    """
    return _read_evidence(bundle, settings, deadline, say)[0]


def _read_evidence(
    bundle: str, settings: Settings, deadline: Deadline, say: Say, *, waits: bool = False
) -> tuple[Evidence, record_store.StoredRecord | None, float]:
    """Return the evidence, the recording it was read from (None on a cluster), and how many seconds were
    spent waiting for what was missing (0 unless `waits`).
    """
    check_room(settings.ask)  # first of all: a wrong setting must not cost a whole look
    record_store.check_writable_place(settings.tell.save)
    read = partial(_read_previous, settings)
    records = within(read, deadline, "the files of --previous were not read") if settings.ask.previous else ()
    if not bundle:
        waited = (
            waiting.gather(settings, deadline, say) if waits else Waited(gather(settings, deadline, say), 0.0)
        )
        return add_previous_answers(waited.evidence, records, settings.hide), None, waited.seconds
    _check_replay(bundle, settings)
    say(f"reading {bundle}")
    ignored = _options_given(settings, _LOOKING)
    if ignored:
        say(f"a replay reads nothing from the cluster, so it ignores {', '.join(ignored)}")
    untold = _options_given(settings, _TELLING)
    if untold:
        say(f"a replay tells nobody, so it ignores {', '.join(untold)}")
    replay = partial(_replay_evidence, bundle, settings, records, deadline)
    evidence, replayed = within(replay, deadline, f"{bundle} was not read")
    check_answered(settings.look.prometheus, settings.rules.gates, evidence)
    return evidence, replayed, 0.0


def _check_replay(bundle: str, settings: Settings) -> None:
    """Raise UsageError for settings that a replay cannot have."""
    configmap = record_store.is_configmap(bundle)
    allowed = ("context", "kubeconfig") if configmap else ()
    if any(
        getattr(settings.where, name) and settings.origins.get(name) != "config file"
        for name in settings.where.__struct_fields__
        if name not in allowed
    ):
        hint = " (a ConfigMap's namespace is part of its name: configmap:NAMESPACE/NAME)" if configmap else ""
        raise UsageError(
            "--evidence replays a recorded target, so no other can be named",
            advice=f"leave out the target options, or --evidence{hint}",
        )
    if record_store.is_configmap(settings.tell.save) and settings.origins.get("save") != "config file":
        raise UsageError(
            "--save configmap: keeps what was seen on a cluster, and --evidence is a replay",
            advice="name a file to --save",
        )
    check_required(settings.rules.require)


def _read_previous(settings: Settings) -> tuple[Recorded, ...]:
    """Return the records that --previous names."""
    return tuple(previous.read_previous(Path(path)) for path in settings.ask.previous)


def _replay_evidence(
    bundle: str, settings: Settings, records: Sequence[Recorded], deadline: Deadline
) -> tuple[Evidence, record_store.StoredRecord]:
    """Return the evidence of a recording, masked again, and the file it was read from."""
    replayed = record_store.read_record(bundle, settings.where, deadline)
    evidence = parse_replay(replayed, settings)
    return add_previous_answers(evidence, records, settings.hide), replayed


def parse_replay(replayed: record_store.StoredRecord, settings: Settings) -> Evidence:
    """Return the evidence of a bundle or record, masked again. Raise UsageError for anything else."""
    keep = retention.make_mask(settings.hide)
    evidence = add_missing_gaps(parse_evidence(replayed.raw, replayed.place, keep))
    return retention.mask_evidence(evidence, keep)


def _options_given(settings: Settings, names: Mapping[str, str]) -> list[str]:
    """Return those of the options that this command line has, which a replay ignores. The config file and the
    environment are not meant: they serve live runs, too.
    """
    named = (name for name, origin in settings.origins.items() if origin == "option")
    return [names[name] for name in named if name in names]
