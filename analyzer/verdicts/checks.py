"""What is checked of an answer. Each check raises ValueError, with a reason for a person and for the model,
if the answer is invalid.
"""

import re

from msgspec.structs import replace

from analyzer.answer import Answer
from analyzer.findings.injection import KIND
from analyzer.findings.interface import Graded
from analyzer.models.interface import Question
from analyzer.prompt.marking import WITHHELD
from analyzer.verdicts.contradiction import find_contradiction, find_stated_verdicts

SHORTEST = (
    8  # characters of a quote that is a basis for a rollback: "exit 137"; any evidence has shorter ones
)

Words = list[tuple[str, str]]  # the place and the text of each
BEFORE, BEHIND = "the text before it", "the text after it"  # places


def check_agreement(answer: Answer, words: Words) -> None:
    """Raise ValueError if the verdict contradicts the confidence or the words."""
    if answer.verdict != "cannot_tell" and answer.confidence == 0:
        raise ValueError(f"it says {answer.verdict} with a confidence of 0: cannot_tell is the word for that")
    for place, text in words:
        opening = _OPENING.match(text)
        if opening and _GAP.sub("", opening[1]).lower() != answer.verdict.replace("_", ""):
            raise ValueError(f"its verdict is {answer.verdict}, and {place} opens with {opening[1]!r}")
        others = find_stated_verdicts(text) - {answer.verdict} if place in (BEFORE, BEHIND) else ()
        if others:
            raise ValueError(f"its verdict is {answer.verdict}, and {place} states {min(others)!r}")
    against = find_contradiction(answer.verdict, "\n\n".join(text for _, text in words))
    if against:
        raise ValueError(f"its verdict is {answer.verdict}, and it says {against!r}")


def resolve_blocks(answer: Answer, question: Question) -> Answer:
    """Return the answer with a quote in the place of each id of a log template or of a log's lines (T1, L1)
    that the prompt has. The quote is the last line of what has the id, so that it is checked as any other.
    """
    blocks = {match["id"]: match["last"] for match in _BLOCK.finditer(question.evidence)}
    cited = [blocks[name] for name in answer.findings if name in blocks]
    own = [blocks.get(quote.strip().upper(), quote) for quote in answer.quotes]
    return replace(
        answer,
        findings=tuple(name for name in answer.findings if name not in blocks),
        quotes=tuple(dict.fromkeys((*own, *cited))) if cited else tuple(own),
    )


def check_citations(answer: Answer, question: Question) -> None:
    """Raise ValueError if the answer cites a finding that does not exist."""
    known = [graded.id for graded in question.findings]
    unknown = [cited for cited in answer.findings if cited not in known]
    if unknown:
        there_are = ", ".join(known) or "none at all"
        raise ValueError(
            f"it cites findings that are not there: {', '.join(unknown)[:100]} (there are: {there_are})"
        )


def find_valid_quotes(answer: Answer, question: Question) -> tuple[str, ...]:
    """Return the quotes that occur in the evidence."""
    sent = _normalize(question.evidence)
    return tuple(quote for quote in answer.quotes if _normalize(quote) and _normalize(quote) in sent)


def check_rollback_basis(answer: Answer, quotes: tuple[str, ...], question: Question, cites: bool) -> None:
    """Raise ValueError if a rollback has no basis: neither a finding nor a quote of the evidence.

    Text that addresses the judge is no basis, since it says nothing about the canary. `cites` is False for an
    agent, whose answers have no place for findings and quotes.
    """
    if answer.verdict != "rollback" or not (answer.quotes or cites):
        return
    injections = [graded for graded in question.findings if graded.finding.kind == KIND]
    to_judge = _normalize(" ".join((*map(_format_finding, injections), *_NOTE.findall(question.evidence))))
    evidence = _normalize(_HEADING.sub("", _NOTE.sub("", question.evidence)))
    normalized = [_normalize(quote) for quote in quotes]
    findings = set(answer.findings) - {graded.id for graded in injections}
    if findings or any(
        len(quote) >= SHORTEST and quote in evidence and quote not in to_judge for quote in normalized
    ):
        return
    if answer.findings or any(quote in to_judge for quote in normalized):
        raise ValueError(
            "it says rollback on nothing but text that addresses the judge,"
            " which says nothing about the canary"
        )
    raise ValueError(
        f"it says rollback without a basis in the evidence: it cites no finding, and {_lack(answer, quotes)}"
    )


def _lack(answer: Answer, quotes: tuple[str, ...]) -> str:
    """Return in words why the quotes of an answer are no basis. `quotes` are those in the evidence."""
    if quotes:
        return "its quotes say nothing about the canary"
    if answer.quotes:
        return f"none of its quotes is in the evidence ({len(answer.quotes)} dropped)"
    return "it quotes nothing"


def _format_finding(graded: Graded) -> str:
    """Return a finding as the prompt has it, without its samples."""
    finding = graded.finding
    return (
        f"{graded.id} [{graded.severity}] {finding.kind} {finding.sentence} stable: {finding.stable}"
        f" canary: {finding.canary}"
    )


def _normalize(text: str) -> str:
    """Return `text` for comparison: white space as one space, without the marks before untrusted lines."""
    return " ".join(_MARK.sub("", text).split())


_MARK = re.compile(r"(?m)^\s*+\| ?")  # before an untrusted line
# A line with an id, which only the prompt writes, and the marked lines below it.
_BLOCK = re.compile(r"(?m)^(?P<id>[TL][0-9]{1,9}) [^\n]*(?:\n\| (?P<last>[^\n]*))+")
_HEADING = re.compile(r"(?m)^# .*$")  # of the prompt: untrusted text is on marked lines
_NOTE = re.compile(re.escape(WITHHELD) + r"[^\[\]\n]*+\]")
_GAP = re.compile("[ _-]")
_OPENING = re.compile(
    r"\W*(?:(?:the|my|final|overall)\W+)*(?:(?:verdict|decision|conclusion|recommendation|correction)\W+"
    r"(?:is\W+)?)?(promote|roll[ -]?back|cannot[ _]tell)(?=[*_]*(?:[:.;,!]|\s+[-\u2013\u2014]|\s*$))",
    re.IGNORECASE,
)
