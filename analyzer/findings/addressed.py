"""Text in the evidence that addresses the judge: told as a warning, on either side, that weighs nothing.

It never blocks and never holds of itself, or a line in a log would be a weapon for forcing rollbacks; and the built-in judge counts
it for nothing, so that it moves no confidence up or down. It is compared with nothing: whose text it is says nothing of the canary.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.directives import addresses
from analyzer.findings.interface import Finding, Rule
from analyzer.settings import Rules
from analyzer.target import Role

KIND = "addresses-judge"
SHOWN = 3  # samples, which are for people: no model is to read them
LONGEST = 200  # characters of a sample


def addressed(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """One finding for each source whose texts do, with how many on each side."""
    found: dict[str, dict[str, list[str]]] = {}
    for source, side, text in _texts(evidence):
        if addresses(text):
            found.setdefault(source, {}).setdefault(side, []).append(text)
    for source, sides in found.items():
        told = list(dict.fromkeys(chain.from_iterable(sides.values())))
        yield Finding(
            kind=KIND,
            key=f"{KIND}/{source}",
            sentence=f"text in the {source} addresses whoever judges this canary; it is not shown to models, and counts for nothing",
            stable=_count(sides, "stable"),
            canary=_count(sides, "canary"),
            scope="uncompared",
            samples=tuple(text if len(text) <= LONGEST else f"{text[:LONGEST]} …" for text in told[:SHOWN]),
        )


def _count(sides: Mapping[str, Sequence[str]], role: Role) -> str:
    """How many different texts of one side, those that both sides share among them."""
    texts = {*sides.get(role, ()), *sides.get("", ())}
    return f"{len(texts)} such text{'' if len(texts) == 1 else 's'}" if texts else "no such text"


def _texts(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """(source, side or empty, text) of every text of the evidence, however deep, names of things included."""
    for part in evidence.parts:
        for text in _deep(part):
            yield str(part.__struct_config__.tag), part.side or "", text
        for stream in part.streams if isinstance(part, Logs) else ():
            if not any(addresses(line.text) for line in stream.excerpt):  # an order may be spread over several
                yield "logs", part.side or "", "\n".join(line.text for line in stream.excerpt)
    for gap in evidence.gaps:
        yield gap.source, gap.side or "", gap.reason
    yield "target", "", f"{evidence.target.name()} {evidence.mismatch}"


def _deep(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from chain.from_iterable(_deep(getattr(value, name)) for name in value.__struct_fields__)
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(_deep, (*value.keys(), *value.values())))
    elif isinstance(value, (list, tuple)):
        yield from chain.from_iterable(map(_deep, value))


RULES: tuple[Rule, ...] = (Rule(addressed, needs=()),)
