"""Text in the evidence that addresses the judge: a warning, for either side, that weighs nothing.

It never blocks and never holds by itself: otherwise a line in a log could force rollbacks. The built-in judge
does not count it, so that it moves no confidence up or down. It is not compared between the sides: on which
side such text is says nothing of the canary.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from analyzer.common.counted import counted
from analyzer.common.short import cut
from analyzer.common.value import TEXTLESS
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.directives import addresses_judge
from analyzer.findings.interface import Finding, Rule
from analyzer.settings import Rules
from analyzer.target import Role

KIND = "addresses-judge"
SHOWN_SAMPLES = 3  # samples, which are for people: no model may read them
LONGEST_SAMPLE = 200  # characters of a sample


def addressed(evidence: Evidence, _rules: Rules) -> Iterator[Finding]:
    """Yield one finding for each source with such text, and how many texts each side has."""
    texts: dict[str, dict[str, list[str]]] = {}
    for source, side, text in _all_texts(evidence):
        if addresses_judge(text):
            texts.setdefault(source, {}).setdefault(side, []).append(text)
    for source, sides in texts.items():
        distinct = list(dict.fromkeys(chain.from_iterable(sides.values())))
        yield Finding(
            kind=KIND,
            key=f"{KIND}/{source}",
            sentence=f"text in the {source} addresses whoever judges this canary; it is not shown to models,"
            " and counts for nothing",
            stable=_count(sides, "stable"),
            canary=_count(sides, "canary"),
            scope="uncompared",
            samples=tuple(cut(text, LONGEST_SAMPLE) for text in distinct[:SHOWN_SAMPLES]),
        )


def _count(sides: Mapping[str, Sequence[str]], role: Role) -> str:
    """Return in words how many different texts a side has, including those of both sides at once."""
    texts = {*sides.get(role, ()), *sides.get("", ())}
    return counted(len(texts), "such text") if texts else "no such text"


def _all_texts(evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """Yield (source, side or empty, text) of every text in the evidence, however deep, including names."""
    for part in evidence.parts:
        texts: dict[str, None] = {}
        _add_texts(part, texts)
        for text in texts:
            yield str(part.__struct_config__.tag), part.side or "", text
        for stream in part.streams if isinstance(part, Logs) else ():
            if not any(
                addresses_judge(line.text) for line in stream.excerpt
            ):  # an order may be spread over several
                yield "logs", part.side or "", "\n".join(line.text for line in stream.excerpt)
    for gap in evidence.gaps:
        yield gap.source, gap.side or "", gap.reason
    yield "target", "", f"{evidence.target.name()} {evidence.mismatch}"


def _add_texts(value: object, texts: dict[str, None]) -> None:
    """Add every text within a value, in the order in which they stand, each once."""
    if isinstance(value, str):
        texts[value] = None
        return
    if isinstance(value, msgspec.Struct):
        items = [getattr(value, name) for name in value.__struct_fields__]
    elif isinstance(value, dict):
        items = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple)):
        items = list(value)
    else:
        return
    for item in items:
        if type(item) not in TEXTLESS:
            _add_texts(item, texts)


RULES: tuple[Rule, ...] = (Rule(addressed, needs=()),)
