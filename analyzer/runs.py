"""Whole runs: from the settings to a record, on a cluster or from what was recorded. Says how far it is; prints nothing."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from analyzer import models, pipeline
from analyzer.arrival import Say
from analyzer.deadline import Deadline, within
from analyzer.errors import UsageError
from analyzer.evidence import Evidence, check_required, stated
from analyzer.evidence.bundle import parsed
from analyzer.exits import for_outcome
from analyzer.guard import guard
from analyzer.models.weights import weights
from analyzer.prompt import check_room
from analyzer.records import kept, previous, retention
from analyzer.records.previous import Recorded
from analyzer.records.record import Record
from analyzer.settings import Settings

SPELT = {
    "context_selectors": "context-selector",
    "prometheus_url": "prometheus",
    "prometheus_ca": "prometheus-ca",
    "prometheus_token_file": "prometheus-token-file",
}  # options that say how to look, where the settings have another name for it


def judged(settings: Settings, evidence: str, deadline: Deadline, say: Say, remark: Say) -> Record:
    """A judgement, from the target to the receipts. `evidence` names what is replayed, empty on a cluster.

    `remark` is told what has to stay before a person's eyes: what is sent where, before anything is.
    """
    begun = time.monotonic()
    choice = models.choose(settings.ask.models, os.environ)
    blind = models.check_calls(choice.names) if settings.ask.investigate else ()
    jury = models.create(choice.names, os.environ)
    weighed = weights(settings.rules.weights, choice.names, jury)
    models.check_quorum(settings.rules.quorum, jury)
    say(choice.why)
    if leaving := models.sent(jury, settings.ask.models):
        remark(leaving)
    if blind:
        say(f"{' and '.join(blind)} cannot look closer: asked without tools")
    if settings.ask.ollama_pull:
        jury = models.pulling(jury, say)
    if not evidence:
        pipeline.warm(jury, deadline)
    seen, replayed = _seen(evidence, settings, deadline, say)
    gathered, until = time.monotonic(), pipeline.answering(deadline, live=not evidence)
    looking = pipeline.investigation(seen, settings, until, replayed)
    judgement = pipeline.judge(seen, settings, pipeline.Jury(jury, looking, weighed), until, say)
    timings = {"gather": gathered - begun, "judge": time.monotonic() - gathered}
    return pipeline.deliver(
        Record(
            settings=settings,
            evidence=seen,
            judges=choice.why,
            judgement=judgement,
            timings={stage: round(seconds, 3) for stage, seconds in timings.items()},
            exit_code=for_outcome(judgement.decision.outcome, settings.policy),
            finished_at=datetime.now(UTC),
        ),
        deadline,
        live=not evidence,
    )


def guarded(settings: Settings, deadline: Deadline, say: Say) -> Record:
    """A guard, from the target to the receipts."""
    begun = time.monotonic()
    seen, judgement = guard(settings, deadline, say)
    return pipeline.deliver(
        Record(
            settings=settings,
            evidence=seen,
            judges="guard asks none",
            judgement=judgement,
            timings={"guard": round(time.monotonic() - begun, 3)},
            exit_code=for_outcome(judgement.decision.outcome, settings.policy),
            finished_at=datetime.now(UTC),
        ),
        deadline,
        live=True,
    )


def evidence_of(bundle: str, settings: Settings, deadline: Deadline, say: Say) -> Evidence:
    """Recorded evidence where a file is named, else what a cluster shows now."""
    return _seen(bundle, settings, deadline, say)[0]


def _seen(bundle: str, settings: Settings, deadline: Deadline, say: Say) -> tuple[Evidence, kept.Kept | None]:
    """The same, and what it was read from."""
    check_room(settings.ask)  # first of all: neither a budget nor a file that is none must cost a whole look
    kept.check_here(settings.tell.save)
    read = partial(_previous, settings)
    records = within(read, deadline, "what --previous names was not read") if settings.ask.previous else ()
    if not bundle:
        return pipeline.remembered(pipeline.gather(settings, deadline, say), records, settings.hide), None

    where = settings.where
    way = ("context", "kubeconfig") if kept.is_configmap(bundle) else ()
    if any(getattr(where, name) and settings.origins.get(name) != "config file" for name in where.__struct_fields__ if name not in way):
        where_it_is = " (a ConfigMap's namespace is part of its name: configmap:NAMESPACE/NAME)" if way else ""
        raise UsageError(
            "--evidence replays a recorded target, so no other can be named",
            advice=f"leave out the target options, or --evidence{where_it_is}",
        )
    if kept.is_configmap(settings.tell.save) and settings.origins.get("save") != "config file":
        raise UsageError("--save configmap: keeps what was seen on a cluster, and --evidence is a replay", advice="name a file to --save")
    check_required(settings.rules.require)
    say(f"reading {bundle}")
    if idle := _idle(settings):
        say(f"a replay looks at nothing anew, so no heed is paid to {', '.join(idle)}")
    return within(partial(_recorded, bundle, settings, records, deadline), deadline, f"{bundle} was not read")


def _previous(settings: Settings) -> tuple[Recorded, ...]:
    return tuple(previous.read(Path(each)) for each in settings.ask.previous)


def _recorded(bundle: str, settings: Settings, records: Sequence[Recorded], deadline: Deadline) -> tuple[Evidence, kept.Kept]:
    keep = retention.mask(settings.hide)
    replayed = kept.read(bundle, settings.where, deadline)
    seen = stated(parsed(replayed.raw, replayed.place, keep))
    return pipeline.remembered(retention.evidence(seen, keep), records, settings.hide), replayed


def _idle(settings: Settings) -> list[str]:
    """Options of this command line that say how to look: a file and the environment serve live runs, too."""
    said = (name for name, origin in settings.origins.items() if origin == "option")
    return [f"--{SPELT.get(name) or name.replace('_', '-')}" for name in said if hasattr(settings.look, name) or name in SPELT]
