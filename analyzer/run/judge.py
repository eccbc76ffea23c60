"""Judging: from the evidence to a decision. It asks the models and nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import msgspec

from analyzer.answer import answer_schema
from analyzer.common.counted import counted
from analyzer.common.deadline import Deadline, in_background, within
from analyzer.decision import DecisionInput, decide, nothing_to_judge
from analyzer.evidence import Evidence
from analyzer.evidence.interface import SourceContext
from analyzer.findings import find
from analyzer.findings.ignore import drop_ignored
from analyzer.models.interface import Model, Question, Warm
from analyzer.models.prices import cost
from analyzer.prompt import Prompt, extract_evidence, render
from analyzer.records import exchanges, record_store, retention
from analyzer.records.record import Judgement
from analyzer.run.context import Say, connect
from analyzer.settings import Settings
from analyzer.tools import ToolContext
from analyzer.verdicts.dialogue import ask_all
from analyzer.verdicts.investigate import Investigation
from analyzer.verdicts.verdict import Opinion

LOOKING = 0.5  # of the models' time, with --investigate: answering needs the rest
NO_PROMPT = Prompt(text="", tokens=0)


def build_question(
    evidence: Evidence, settings: Settings, *, prompted: bool = True
) -> tuple[Prompt, Question]:
    """Return the prompt and the question of every model. Pure: a replay asks the same. Not `prompted`: no
    model reads a prompt, and nobody wants to see it, so it is left empty.
    """
    findings = find(evidence, settings.rules)
    prompt = NO_PROMPT
    if prompted:
        kept = drop_ignored(evidence, settings.rules.ignore)
        prompt = retention.mask_prompt(render(kept, findings, settings.ask))
    gaps = sum(not gap.minor for gap in evidence.gaps)
    sent_evidence = extract_evidence(prompt.text, evidence.nonce)
    question = Question(
        prompt=prompt.text,
        schema=answer_schema(),
        evidence=sent_evidence,
        findings=findings,
        unshown=prompt.unshown,
        gaps=gaps,
    )
    return prompt, question


def build_question_within(
    evidence: Evidence, settings: Settings, deadline: Deadline, *, prompted: bool = True
) -> tuple[Prompt, Question]:
    """Return `build_question`, by the deadline. Raise InfrastructureError if the evidence makes it take
    longer.
    """
    task = partial(build_question, evidence, settings, prompted=prompted)
    return within(task, deadline, "the evidence was not judged")


def warm(models: tuple[Model, ...], deadline: Deadline) -> None:
    """Start loading the models that take long to load, while evidence is gathered. Nobody waits for them, and
    none can fail the run.
    """
    for model in models:
        if isinstance(model, Warm):
            in_background(partial(model.warm, deadline))


def build_investigation(
    evidence: Evidence, settings: Settings, deadline: Deadline, replayed: record_store.StoredRecord | None
) -> Investigation | None:
    """Return what models may read before they answer, with --investigate; else None. `replayed` is the record
    that a replay has read.
    """
    if not settings.ask.investigate:
        return None
    keep, where = retention.make_mask(settings.hide), settings.where

    def connect_until(until: Deadline) -> SourceContext:
        return SourceContext(
            cluster=connect(where, until),
            target=evidence.target,
            window=evidence.window,
            look=settings.look,
            deadline=until,
            redact=keep,
            parts=evidence.parts,
        )

    context = ToolContext(
        evidence=evidence, keep=keep, deadline=deadline, connect=None if replayed else connect_until
    )
    late_reason = "the recorded results of tools were not read"
    recorded_results = (
        within(
            lambda: exchanges.read_tool_results(replayed.raw, replayed.place, context), deadline, late_reason
        )
        if replayed
        else {}
    )
    return Investigation(
        context=context,
        steps=settings.ask.investigate_steps,
        until=deadline.share(LOOKING),
        recorded=recorded_results,
    )


@dataclass(frozen=True)
class Jury:
    """The models to ask, what they may read before they answer, and their weights by name; a missing weight
    is 1. `prompted` is false where none of them reads a prompt, and the record of it is not kept.
    """

    models: tuple[Model, ...]
    investigation: Investigation | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    prompted: bool = True


def judge(evidence: Evidence, settings: Settings, jury: Jury, deadline: Deadline, say: Say) -> Judgement:
    """Return the judgement of the evidence. A model without an answer by the deadline has failed, and the
    rules decide over that.

    No model is asked if no answer could matter: the sides are not two that can be compared, or one has no
    pods and there are no findings. Raise InfrastructureError if there are no findings by the deadline.
    """
    prompt, question = build_question_within(evidence, settings, deadline, prompted=jury.prompted)
    case = DecisionInput(evidence=evidence, findings=question.findings, opinions=(), rules=settings.rules)
    models = () if nothing_to_judge(case) else jury.models
    names = ", ".join(model.name for model in models)
    say(
        f"{counted(len(question.findings), 'finding')};"
        f" asking {names or 'no model: there is nothing to judge'}"
    )
    conversations = ask_all(models, question, deadline, jury.investigation) if models else ()
    opinions = tuple(_add_weight_and_cost(opinion, jury.weights, settings) for _, opinion in conversations)
    decision = decide(msgspec.structs.replace(case, opinions=opinions))
    exchanges = tuple(exchange for exchange, _ in conversations)
    return Judgement(
        findings=question.findings, prompt=prompt, exchanges=exchanges, opinions=opinions, decision=decision
    )


def _add_weight_and_cost(opinion: Opinion, weights: Mapping[str, float], settings: Settings) -> Opinion:
    """Return an opinion with its weight and the cost of its tokens."""
    spent = opinion.spent
    price = cost(
        opinion.model, spent.tokens_in, spent.tokens_out, datetime.now(UTC).date(), settings.ask.prices
    )
    return msgspec.structs.replace(
        opinion, weight=weights.get(opinion.model, 1.0), spent=msgspec.structs.replace(spent, cost=price)
    )
