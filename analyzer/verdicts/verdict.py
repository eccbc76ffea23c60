"""A model's reply, parsed and validated: a verdict, or an abstention with its reason, never a default.

`parse_verdict` is the only reader of model text. One text has one reading:

| the text                                                | is read as                                       |
| ------------------------------------------------------- | ------------------------------------------------ |
| one JSON object, bare, in a code fence or in prose      | that object                                      |
| one behind a closed <think>…</think>                    | that object: the thinking is a draft             |
| one within <think>, or followed by <thinking> or such   | unreadable: it is a draft, or was cut in one     |
| one with a comma before a closing bracket               | that object without it                           |
| the same object several times                           | that object                                      |
| two objects that differ, or none                        | unreadable                                       |
| an object after a brace that is not closed              | no answer; beside a different one, unreadable    |
| a key twice, NaN or Infinity, anywhere                  | unreadable: either value may be meant            |
| ROLLBACK, "90", 90.0, f1, "F1, F2", null for empty      | the schema's spelling: it has one meaning        |
| a confidence of 0.85 or 1.0                             | unreadable: 0.85 may be a share or a percentage  |
| JSON of more than 32 levels                             | unreadable: an answer takes three                |
| a field missing or of another type                      | unreadable; a field too many is ignored          |
| promote or rollback with a confidence of 0              | unreadable: the word for that is cannot_tell     |
| a text that opens with another verdict ("Promote:")     | unreadable: either verdict may be meant          |
| promote and "should be rolled back", or the reverse     | unreadable, anywhere but in a quote              |
| one object, and "verdict: rollback" before or behind it | unreadable, in any notation, if they differ      |
| words in markup, look-alike or invisible letters        | the words that a reader sees                     |
| a finding that does not exist                           | unreadable: it may answer something else         |
| the id of a log template, or of lines of a log (T1, L1) | a quote of its last line                         |
| a quote that is not in the evidence that was sent       | dropped and counted; instructions do not count   |
| a cause with a word that nothing cited has              | a hypothesis, with what would settle it          |
| a cause that nothing in the evidence bears out          | dropped and counted                              |
| rollback with neither a cited finding nor a valid quote | unreadable: it has no basis in the evidence      |
| rollback on a heading of the prompt, or a few letters   | unreadable: any evidence has those (< 8 letters) |
| rollback on nothing but text that addresses the judge   | unreadable: it says nothing of the canary        |
| the same, from an agent that can neither cite nor quote | a verdict: the agent read evidence itself        |
| promote, with a blocking finding                        | unreadable, not asked again: it was clear        |
| promote, by a prompt that had no room for every warning | unreadable, not asked again: it covers a part    |

The model is told once why its reply is unreadable (`dialogue`). After that it abstains.
"""

from collections.abc import Sequence

import msgspec

from analyzer.answer import Answer, normalize_fields
from analyzer.common.value import Value
from analyzer.models.interface import Question, Reply
from analyzer.verdicts.causes import weigh_cause
from analyzer.verdicts.checks import (
    BEFORE,
    BEHIND,
    Words,
    check_agreement,
    check_citations,
    check_rollback_basis,
    find_valid_quotes,
    resolve_blocks,
)
from analyzer.verdicts.contradiction import normalize
from analyzer.verdicts.extraction import extract_object


class Spent(Value):
    """The cost of asking a model: seconds, the server's token counts (None if it gives none), and USD, over
    all turns.

    `cost` is an estimate by list prices (`models/prices.py`), None if no price is known.
    """

    latency: float = 0.0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None


class Verdict(Value, tag="verdict"):
    """An answer that is valid by the schema and the evidence. `dropped_quotes` counts the quotes that are not
    in the evidence that was sent, `dropped_causes` the causes that nothing in it bears out. The answer's
    cause is one that a finding or quote bears out which it cites; `hypothesis` is any other, with what would
    settle it.

    `weight` is what the verdict counts beside those of other models (`decision`). An abstention or failure
    keeps the weight of its model.
    """

    model: str
    answer: Answer
    spent: Spent = Spent()
    dropped_quotes: int = 0
    dropped_causes: int = 0
    hypothesis: str = ""
    weight: float = 1.0


class Abstention(Value, tag="abstention"):
    """The model replied, but its reply is invalid."""

    model: str
    reason: str
    spent: Spent = Spent()
    weight: float = 1.0


class Failed(Value, tag="failed"):
    """The model gave no reply. `retryable`: another run may get one."""

    model: str
    reason: str
    advice: str = ""
    retryable: bool = False
    spent: Spent = Spent()
    weight: float = 1.0


Opinion = Verdict | Abstention | Failed


class Unreadable(Value):
    """Why a reply is invalid, in words for a person and for the model. `repairable`: the model may be asked
    again.
    """

    reason: str
    repairable: bool = True


def parse_verdict(model: str, reply: Reply, question: Question) -> Verdict | Unreadable:
    """Return the verdict of a reply, validated against the schema and the evidence, or why the reply is
    invalid.
    """
    try:
        answer, words = _parse_reply(reply.text)
        check_agreement(answer, words)
        answer = resolve_blocks(answer, question)
        check_citations(answer, question)
        quotes = find_valid_quotes(answer, question)
        check_rollback_basis(answer, quotes, question, reply.cites)
    except msgspec.ValidationError as error:
        return Unreadable(reason=f"the JSON object does not follow the schema: {error}")
    except UnicodeEncodeError:
        return Unreadable(reason="the JSON object has half a surrogate pair, which is no valid text")
    except ValueError as error:
        return Unreadable(reason=str(error))
    blocking = [graded.id for graded in question.findings if graded.severity == "blocking"]
    if answer.verdict == "promote" and blocking:
        return Unreadable(
            reason=f"it says promote over a blocking finding ({', '.join(blocking)})", repairable=False
        )
    if answer.verdict == "promote" and question.unshown and reply.prompted:
        return Unreadable(reason=explain_unshown(question.unshown), repairable=False)
    cause = weigh_cause(answer, quotes, question, cites=reply.cites)
    checked = msgspec.structs.replace(answer, quotes=quotes, root_cause=cause.stated)
    spent = Spent(latency=reply.latency, tokens_in=reply.tokens_in, tokens_out=reply.tokens_out)
    return Verdict(
        model=model,
        answer=checked,
        spent=spent,
        dropped_quotes=len(answer.quotes) - len(quotes),
        dropped_causes=cause.dropped,
        hypothesis=cause.hypothesis,
    )


def explain_unshown(unshown: Sequence[str]) -> str:
    """Return why a promote is invalid whose prompt does not show the findings `unshown` (their ids)."""
    ids = f"{', '.join(unshown[:5])}{f' and {len(unshown) - 5} more' if len(unshown) > 5 else ''}"
    return (
        f"it says promote, but the prompt does not show these findings of warning or higher ({ids}):"
        " raise --prompt-tokens"
    )


def parse_answer(text: str) -> Answer:
    """Return the one answer in `text`, validated against the schema alone.

    Raise ValueError with a reason, or the error of msgspec or of a codec, if there is none.
    """
    return _parse_reply(text)[0]


def _parse_reply(text: str) -> tuple[Answer, Words]:
    """Return the answer in `text`, and everything that the model says in and around it, as written and as
    normalized. Quotes are left out: others wrote them.
    """
    fields, around = extract_object(text)
    answer = msgspec.convert(normalize_fields(fields), Answer)
    msgspec.json.encode(answer)
    before, *behind = around
    own = [
        (f"its {name[:40]}", value)
        for name, value in fields.items()
        if isinstance(value, str) and name not in _NO_PROSE
    ]
    written = [*own, (BEFORE, before), *((BEHIND, part) for part in behind)]
    return answer, [
        (place, form) for place, part in written for form in dict.fromkeys((part, normalize(part)))
    ]


_NO_PROSE = ("verdict", "confidence", "findings", "quotes")
