"""What each model says, once read and checked: a verdict, or an abstention with its reason, never a default.

`read` is the only reader of model text. One text has one reading:

| the text                                                 | is read as                                                        |
| -------------------------------------------------------- | ----------------------------------------------------------------- |
| one JSON object, bare, in a code fence or in prose       | that object                                                       |
| one behind a closed <think>…</think>                     | that object: what was thought is a draft                          |
| one within <think>, or with <thinking> or such behind it | unreadable: it is a draft, or it was cut in one                   |
| one with a comma before a closing bracket                | that object without it                                            |
| the same object several times                            | that object                                                       |
| two objects that differ, or none                         | unreadable                                                        |
| an object after a brace that is not closed               | not an answer; beside another that differs, unreadable            |
| a key twice, NaN or Infinity, anywhere                   | unreadable: which of the values was meant, nobody can tell        |
| ROLLBACK, "90", 90.0, f1, "F1, F2", null for empty       | as it was asked for: it has one reading                           |
| a confidence of 0.85 or 1.0                              | unreadable: 0.85 is 85 % to one model and 0.85 % to another       |
| JSON of more than 32 levels                              | unreadable: an answer takes three                                 |
| a field missing or of another type                       | unreadable; a field we did not ask for is ignored                 |
| promote or rollback with a confidence of 0               | unreadable: the word for that is cannot_tell                      |
| a text that opens with another verdict ("Promote:")      | unreadable: which of the two was meant, nobody can tell           |
| promote and "should be rolled back", or the reverse      | unreadable too: in any text but quotes, before or behind as well  |
| one object, and "verdict: rollback" before or behind it  | unreadable, in any notation, where it is another verdict          |
| words in markup, look-alike letters, with unseen ones    | what they show                                                    |
| a finding that there is none of                          | unreadable: it may be an answer about something else              |
| a quote that is not in the evidence that was sent        | dropped and counted; the instructions are no evidence             |
| rollback that cites no finding, and no quote of it holds | unreadable: it rests on nothing that was seen                     |
| rollback on a heading of the prompt, or a few letters    | unreadable: those are in any evidence (less than 8 characters)    |
| rollback on nothing but text that addresses the judge    | unreadable: that says nothing of the canary                       |
| the same, from an agent that can neither cite nor quote  | a verdict: it rests on what the agent looked at itself            |
| promote, with a blocking finding                         | unreadable, and not asked again: the answer was clear             |
| promote, by a prompt that had no room for every warning  | unreadable, and not asked again: it says nothing of the whole     |

Unreadable is answered with the reason, once (`dialogue`), and is an abstention after that.
"""

import re
from collections.abc import Sequence

import msgspec

from analyzer.answer import Answer, as_asked
from analyzer.contradiction import contradicted, legible, stated
from analyzer.extraction import extracted
from analyzer.findings.addressed import KIND
from analyzer.findings.interface import Graded
from analyzer.models.interface import Question, Reply
from analyzer.prompt import WITHHELD
from analyzer.value import Value

SHORTEST = 8  # characters of a quote that a rollback may rest on: "exit 137"; fewer are found in any evidence


class Spent(Value):
    """What asking cost: seconds, the server's own token counts (None where it gives none), and USD by list prices, over all turns.

    `cost` is an estimate (`models/prices.py`), None where no price is known.
    """

    latency: float = 0.0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None


class Verdict(Value, tag="verdict"):
    """An answer that held against the schema and the evidence. `dropped_quotes` were not found in what was sent.

    `weight` is what it counts beside the others' (`decision`), and what it would have counted where the model stayed silent.
    """

    model: str
    answer: Answer
    spent: Spent = Spent()
    dropped_quotes: int = 0
    weight: float = 1.0


class Abstention(Value, tag="abstention"):
    """The model answered, and what it said does not hold."""

    model: str
    reason: str
    spent: Spent = Spent()
    weight: float = 1.0


class Failed(Value, tag="failed"):
    """The model gave no answer. `retryable`: another run may fare better."""

    model: str
    reason: str
    advice: str = ""
    retryable: bool = False
    spent: Spent = Spent()
    weight: float = 1.0


Opinion = Verdict | Abstention | Failed


class Unreadable(Value):
    """Why a reply does not hold, as a person and the model are told. `repairable`: it may be asked again."""

    reason: str
    repairable: bool = True


def read(model: str, reply: Reply, question: Question) -> Verdict | Unreadable:
    """The verdict that a reply amounts to, checked against the schema and the evidence, or why it amounts to none."""
    try:
        answer, words = _said(reply.text)
        _agreeing(answer, words)
        _citing(answer, question)
        held = _held(answer, question)
        _resting(answer, held, question, reply.cites)
    except msgspec.ValidationError as error:
        return Unreadable(reason=f"the JSON object does not follow the schema: {error}")
    except UnicodeEncodeError:
        return Unreadable(reason="the JSON object holds half a surrogate pair, which is no text")
    except ValueError as error:
        return Unreadable(reason=str(error))
    blocking = [graded.id for graded in question.findings if graded.severity == "blocking"]
    if answer.verdict == "promote" and blocking:
        return Unreadable(reason=f"it says promote over a blocking finding ({', '.join(blocking)})", repairable=False)
    if answer.verdict == "promote" and question.unshown and reply.prompted:
        return Unreadable(reason=blind(question.unshown), repairable=False)
    checked = msgspec.structs.replace(answer, quotes=held)
    spent = Spent(latency=reply.latency, tokens_in=reply.tokens_in, tokens_out=reply.tokens_out)
    return Verdict(model=model, answer=checked, spent=spent, dropped_quotes=len(answer.quotes) - len(held))


def blind(unshown: Sequence[str]) -> str:
    """Why a promote by a prompt that does not show these findings does not count."""
    some = f"{', '.join(unshown[:5])}{f' and {len(unshown) - 5} more' if len(unshown) > 5 else ''}"
    return f"it says promote, and the prompt does not show what weighs a warning or more ({some}): raise --prompt-tokens"


def answer_of(text: str) -> Answer:
    """The one answer in a text, by the schema alone. ValueError, in words or as msgspec's or a codec's own, where there is none."""
    return _said(text)[0]


Words = list[tuple[str, str]]  # where something is said, and what


def _said(text: str) -> tuple[Answer, Words]:
    """The answer in a text, and all that is said in and around it, as it stands and as it reads, but its quotes: others wrote those."""
    said, around = extracted(text)
    answer = msgspec.convert(as_asked(said), Answer)
    msgspec.json.encode(answer)
    before, *behind = around
    own = [(f"its {name[:40]}", value) for name, value in said.items() if isinstance(value, str) and name not in _UNSAID]
    words = [*own, (_BEFORE, before), *((_BEHIND, each) for each in behind)]
    return answer, [(place, form) for place, text in words for form in dict.fromkeys((text, legible(text)))]


# ---- what is checked of an answer: each raises ValueError, in words, for what does not hold


def _agreeing(answer: Answer, words: Words) -> None:
    """The verdict, the confidence and the words agree."""
    if answer.verdict != "cannot_tell" and answer.confidence == 0:
        raise ValueError(f"it says {answer.verdict} with a confidence of 0: cannot_tell is the word for that")
    for place, text in words:
        opening = _OPENING.match(text)
        if opening and _GAP.sub("", opening[1]).lower() != answer.verdict.replace("_", ""):
            raise ValueError(f"its verdict is {answer.verdict}, and {place} opens with {opening[1]!r}")
        others = stated(text) - {answer.verdict} if place in (_BEFORE, _BEHIND) else ()
        if others:
            raise ValueError(f"its verdict is {answer.verdict}, and {place} states {min(others)!r}")
    against = contradicted(answer.verdict, "\n\n".join(text for _, text in words))
    if against:
        raise ValueError(f"its verdict is {answer.verdict}, and it says {against!r}")


def _citing(answer: Answer, question: Question) -> None:
    """The findings it cites are there."""
    known = [graded.id for graded in question.findings]
    unknown = [cited for cited in answer.findings if cited not in known]
    if unknown:
        there_are = ", ".join(known) or "none at all"
        raise ValueError(f"it cites findings that are not there: {', '.join(unknown)[:100]} (there are: {there_are})")


def _held(answer: Answer, question: Question) -> tuple[str, ...]:
    """The quotes that are in the evidence."""
    sent = _plain(question.evidence)
    return tuple(quote for quote in answer.quotes if _plain(quote) and _plain(quote) in sent)


def _resting(answer: Answer, held: tuple[str, ...], question: Question, cites: bool) -> None:
    """A rollback rests on a finding or on a quote that holds; that somebody addresses the judge says nothing of the canary."""
    if answer.verdict != "rollback" or not (answer.quotes or cites):
        return
    to_us = [graded for graded in question.findings if graded.finding.kind == KIND]
    to_judge = _plain(" ".join((*map(_shown, to_us), *_NOTE.findall(question.evidence))))
    told = _plain(_HEADING.sub("", _NOTE.sub("", question.evidence)))
    quotes = [_plain(quote) for quote in held]
    findings = set(answer.findings) - {graded.id for graded in to_us}
    if findings or any(len(quote) >= SHORTEST and quote in told and quote not in to_judge for quote in quotes):
        return
    if answer.findings or any(quote in to_judge for quote in quotes):
        raise ValueError("it says rollback and rests on nothing but text that addresses the judge, which says nothing of the canary")
    none = f"none of its quotes is in the evidence ({len(answer.quotes)} dropped)" if answer.quotes else "it quotes nothing"
    what = "what it quotes tells nothing" if held else none
    raise ValueError(f"it says rollback and rests on nothing that was seen: it cites no finding, and {what}")


def _shown(graded: Graded) -> str:
    """A finding as the prompt has it, less its samples."""
    finding = graded.finding
    return f"{graded.id} [{graded.severity}] {finding.kind} {finding.sentence} stable: {finding.stable} canary: {finding.canary}"


def _plain(text: str) -> str:
    """Text for comparing: white space as one space, without the marks that the prompt puts before untrusted lines."""
    return " ".join(_MARK.sub("", text).split())


_BEFORE, _BEHIND = "what stands before it", "what follows it"
_UNSAID = ("verdict", "confidence", "findings", "quotes")
_MARK = re.compile(r"(?m)^\s*+\| ?")  # before a line of others
_HEADING = re.compile(r"(?m)^# .*$")  # of the prompt: what others wrote stands on marked lines
_NOTE = re.compile(re.escape(WITHHELD) + r"[^\[\]\n]*+\]")
_GAP = re.compile("[ _-]")
_OPENING = re.compile(
    r"\W*(?:(?:the|my|final|overall)\W+)*(?:(?:verdict|decision|conclusion|recommendation|correction)\W+(?:is\W+)?)?"
    r"(promote|roll[ -]?back|cannot[ _]tell)(?=[*_]*(?:[:.;,!]|\s+[-\u2013\u2014]|\s*$))",
    re.IGNORECASE,
)
