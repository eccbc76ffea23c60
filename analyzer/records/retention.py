"""What may be kept, sent or shown: every text of a cluster or a model is masked here before it is retained.

There are three gates: evidence when it has been gathered or read from a file, the prompt before it is sent,
and the record before an effect or a report sees it. A source that cuts or counts text (logs) gets the same
mask, because masking must come before the cut.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields, replace

from analyzer.common.value import TEXTLESS
from analyzer.evidence import Evidence
from analyzer.logs.lines import bounded, safe
from analyzer.prompt import Prompt
from analyzer.records.record import Receipt, Record
from analyzer.redact import count_masked, make_redactor, redact
from analyzer.settings import Hide, Settings
from analyzer.verdicts.dialogue import Exchange

T = TypeVar("T")
Mask = Callable[[str], str]
TEXTS = 4096  # that masking remembers
SPARE = 4096  # characters behind the cut: longer than nearly every credential


def make_mask(hide: Hide) -> Mask:
    """Return the function that masks a text: it removes control and hidden characters and secrets, and bounds
    the length to what any pattern may meet.

    The text is cut before it is masked, because masking uses patterns. It is cut a little later than the
    bound, and again afterwards, because half a secret might not be recognised.
    """
    hidden = _make_hider(hide)

    def keep(text: str) -> str:
        # or each pass would take one newline more
        shown = "\n".join(map(safe, bounded(text, SPARE).splitlines())).rstrip("\n")
        return bounded(hidden(shown))

    return keep


def make_code_mask(hide: Hide) -> Mask:
    """Return the function that masks the secrets of source code of bounded length, and leaves its blanks as
    they are: an edit has to fit to the character.
    """
    return _make_hider(hide)


def _make_hider(hide: Hide) -> Mask:
    patterns = tuple((pattern.kind, pattern.regex) for pattern in hide.redact)
    return make_redactor(emails=hide.redact_emails, patterns=patterns)


def mask_evidence(gathered: Evidence, keep: Mask) -> Evidence:
    """Return evidence that may be kept, with the counts of what was masked in `masked`. Clean text stays the
    same, byte for byte.
    """
    keep = lru_cache(maxsize=TEXTS)(keep)  # many are there several times: names, templates and their samples
    clean = replace(
        gathered,
        parts=mask_texts(gathered.parts, keep),
        gaps=mask_texts(gathered.gaps, keep),
        mismatch=keep(gathered.mismatch),
        earlier=mask_texts(gathered.earlier, keep),
    )
    return replace(
        clean,
        masked=count_masked(
            msgspec.json.encode((clean.parts, clean.gaps, clean.mismatch, clean.earlier)).decode()
        ),
    )


def mask_prompt(rendered: Prompt) -> Prompt:
    """Return a prompt that may be sent. The evidence in it was masked before, so this masks what a template
    or a team adds.

    It works line by line, because a line of the evidence must not swallow the next. It uses the shapes of
    credentials alone, because a team's own pattern might match the nonce.
    """
    return replace(rendered, text="\n".join(map(redact, rendered.text.split("\n"))))


def mask_record(whole: Record, keep: Mask) -> Record:
    """Return a record that may be saved and shown. A model's words are trusted as little as a workload's."""
    judgement = replace(
        whole.judgement,
        findings=mask_texts(whole.judgement.findings, keep),
        exchanges=tuple(_mask_exchange(exchange, keep) for exchange in whole.judgement.exchanges),
        opinions=mask_texts(whole.judgement.opinions, keep),
        decision=mask_texts(whole.judgement.decision, keep),
    )
    return replace(
        whole, judgement=judgement, judges=keep(whole.judges), settings=mask_settings(whole.settings, keep)
    )


def mask_settings(whole: Settings, keep: Mask) -> Settings:
    """Return settings that may be saved and shown, with their free texts masked."""
    return replace(
        whole,
        ask=replace(whole.ask, extra_prompt=keep(whole.ask.extra_prompt)),
        look=replace(whole.look, prometheus=mask_texts(whole.look.prometheus, keep)),
        tell=replace(
            whole.tell, link=keep(whole.tell.link), otlp_labels=mask_texts(whole.tell.otlp_labels, keep)
        ),
        issues=replace(whole.issues, assign_instructions=keep(whole.issues.assign_instructions)),
    )


def mask_receipts(effects: Iterable[Receipt], keep: Mask) -> tuple[Receipt, ...]:
    """Return receipts that may be shown. An API server and its admission webhooks answer in words of their
    own.
    """
    return tuple(
        replace(receipt, detail=keep(receipt.detail), advice=keep(receipt.advice)) for receipt in effects
    )


def _mask_exchange(exchange: Exchange, keep: Mask) -> Exchange:
    """Mask an exchange. The first turn is the prompt, which is kept as it was sent. The results of tools were
    masked before.
    """
    turns = tuple(turn if turn.role == "tool" else mask_texts(turn, keep) for turn in exchange.turns[1:])
    return replace(
        exchange,
        model=keep(exchange.model),
        turns=(*exchange.turns[:1], *turns),
        last=mask_texts(exchange.last, keep),
    )


def mask_texts(value: T, keep: Mask) -> T:
    """Return the value with every text in it, however deep, replaced by `keep(text)`. Return the same object
    if nothing changes.

    Keys of a mapping stay, and so do fields whose type lists every value, because both are ours.
    """
    clean: Any = _mask_value(value, keep)
    same: T = clean
    return same


def _mask_value(value: Any, keep: Mask) -> Any:
    if isinstance(value, str):
        kept = keep(value)
        return value if kept == value else kept
    if isinstance(value, msgspec.Struct):
        changed = {}
        for name in _text_fields(type(value)):
            item = getattr(value, name)
            if type(item) not in TEXTLESS and (new := _mask_value(item, keep)) is not item:
                changed[name] = new
        return replace(value, **changed) if changed else value
    if isinstance(value, dict):
        pairs = dict(_mask_changed(value.items(), keep))
        return {**value, **pairs} if pairs else value
    if isinstance(value, (list, tuple)):
        items = dict(_mask_changed(enumerate(value), keep))
        return type(value)(items.get(index, item) for index, item in enumerate(value)) if items else value
    return value


def _mask_changed(items: Iterable[tuple[Any, Any]], keep: Mask) -> Iterator[tuple[Any, Any]]:
    """Yield the items that change, by their key."""
    for key, item in items:
        if type(item) not in TEXTLESS and (new := _mask_value(item, keep)) is not item:
            yield key, new


@cache
def _text_fields(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the fields of a struct that may hold text of others."""
    return tuple(field.name for field in fields(kind) if not _is_closed_type(field.type))


def _is_closed_type(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _is_closed_type(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return all(_is_closed_type(argument) for argument in get_args(annotation))
    return get_origin(annotation) is Literal or annotation in (int, float, bool, type(None))
