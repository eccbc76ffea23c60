"""What may be kept, sent or shown: every text of a cluster or a model passes here before it is retained.

Three gates: evidence when it has been gathered or read from a file, the prompt before it is sent, the record before an effect or a
report sees it. A source that cuts or counts text (logs) is given the same mask, for it can be asked only before the cut.
"""

from collections.abc import Callable, Iterable
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields, replace

from analyzer.dialogue import Exchange
from analyzer.evidence import Evidence
from analyzer.logs.lines import bounded, safe
from analyzer.prompt import Prompt
from analyzer.records.record import Receipt, Record
from analyzer.redact import masked, redact, redactor
from analyzer.settings import Hide, Settings

T = TypeVar("T")
Mask = Callable[[str], str]
SPARE = 4096  # characters behind the cut: longer than nearly every credential


def mask(hide: Hide) -> Mask:
    """What may be kept of a text: nothing that drives a terminal or hides, no secret, and no more of it than any pattern is to meet.

    It is cut before it is masked, for masking is patterns; but a little further behind, and again afterwards, or a secret that is
    cut in two might not be known for one.
    """
    hidden = redactor(emails=hide.redact_emails, patterns=tuple((each.kind, each.regex) for each in hide.redact))

    def keep(text: str) -> str:
        shown = "\n".join(map(safe, bounded(text, SPARE).splitlines())).rstrip("\n")  # or each pass would take one newline more
        return bounded(hidden(shown))

    return keep


def evidence(seen: Evidence, keep: Mask) -> Evidence:
    """Evidence that may be kept, and in `masked` what it was that may not. What is clean stays as it is, byte for byte."""
    clean = replace(
        seen,
        parts=swept(seen.parts, keep),
        gaps=swept(seen.gaps, keep),
        mismatch=keep(seen.mismatch),
        earlier=swept(seen.earlier, keep),
    )
    return replace(clean, masked=masked(msgspec.json.encode((clean.parts, clean.gaps, clean.mismatch, clean.earlier)).decode()))


def prompt(rendered: Prompt) -> Prompt:
    """A prompt that may be sent: the evidence in it was masked before, so this is for what a template or a team adds.

    Line by line, for a line of the evidence must not swallow the next; and by the credentials' shapes alone, for a team's own
    pattern might find the nonce.
    """
    return replace(rendered, text="\n".join(map(redact, rendered.text.split("\n"))))


def record(whole: Record, keep: Mask) -> Record:
    """A record that may be saved and shown: a model's words are as little trusted as a workload's."""
    judgement = replace(
        whole.judgement,
        findings=swept(whole.judgement.findings, keep),
        exchanges=tuple(_exchange(each, keep) for each in whole.judgement.exchanges),
        opinions=swept(whole.judgement.opinions, keep),
        decision=swept(whole.judgement.decision, keep),
    )
    return replace(whole, judgement=judgement, judges=keep(whole.judges), settings=settings(whole.settings, keep))


def settings(asked: Settings, keep: Mask) -> Settings:
    """Settings that may be saved and shown: what in them is a text of its own."""
    return replace(
        asked,
        ask=replace(asked.ask, extra_prompt=keep(asked.ask.extra_prompt)),
        look=replace(asked.look, prometheus=swept(asked.look.prometheus, keep)),
        tell=replace(asked.tell, link=keep(asked.tell.link)),
    )


def receipts(told: Iterable[Receipt], keep: Mask) -> tuple[Receipt, ...]:
    """Receipts that may be shown: an API server, and what admits objects to it, answers in words of its own."""
    return tuple(replace(each, detail=keep(each.detail), advice=keep(each.advice)) for each in told)


def _exchange(told: Exchange, keep: Mask) -> Exchange:
    """The first turn is the prompt, which is kept as it was sent; so are the results of tools, which were masked before."""
    said = tuple(turn if turn.role == "tool" else swept(turn, keep) for turn in told.turns[1:])
    return replace(told, model=keep(told.model), turns=(*told.turns[:1], *said), last=swept(told.last, keep))


def swept(value: T, keep: Mask) -> T:
    """The value with every text in it, however deep, as `keep` returns it; the same object where nothing changes.

    Keys of a mapping stay, and so do fields of which the type names every value: they are ours.
    """
    found: Any = _swept(value, keep)
    same: T = found
    return same


def _swept(value: Any, keep: Mask) -> Any:
    if isinstance(value, str):
        kept = keep(value)
        return value if kept == value else kept
    if isinstance(value, msgspec.Struct):
        changed = {name: new for name in _open(type(value)) if (new := _swept(old := getattr(value, name), keep)) is not old}
        return replace(value, **changed) if changed else value
    if isinstance(value, dict):
        pairs = {key: _swept(each, keep) for key, each in value.items()}
        return pairs if any(pairs[key] is not each for key, each in value.items()) else value
    if isinstance(value, (list, tuple)):
        items = [_swept(each, keep) for each in value]
        return type(value)(items) if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


@cache
def _open(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of a struct that may hold text of others."""
    return tuple(field.name for field in fields(kind) if not _closed(field.type))


def _closed(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _closed(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return all(_closed(each) for each in get_args(annotation))
    return get_origin(annotation) is Literal or annotation in (int, float, bool, type(None))
