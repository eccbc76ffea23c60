"""Whether what the answer cites bears out the cause that a model names. No model is believed in this.

| the cause's meaningful words                       | so the cause is                         |
| -------------------------------------------------- | --------------------------------------- |
| all stand in the cited findings and quotes         | stated                                  |
| some stand there, or elsewhere in the evidence     | a hypothesis, with what would settle it |
| none stands in any finding or line of the evidence | dropped, and counted                    |

Words are compared by their first letters, so that "refused" is "refuses". Words that any cause has
(`GENERIC`) say nothing. That is entailment by words, which errs on the safe side: a cause in words of its own
is a hypothesis, however right it is. It is no proof either: what is stated may be a symptom, never something
that the evidence does not name.
"""

import re
from collections.abc import Iterable, Iterator

from analyzer.answer import Answer
from analyzer.common.value import Value
from analyzer.findings.injection import KIND
from analyzer.findings.interface import Graded
from analyzer.models.interface import Question

LETTERS = 6  # of a word that are compared: they leave most endings out
WORDS_SHOWN = 6  # words that a hypothesis is said to rest on, and nothing cited has
_GENERIC = """
a about above after again all alone also although always an and any application are as at be because been
before below between bug build but by can canary cause caused causes causing change changed changes code
container containers could deployment did do does due each error errors every fail failed failing fails
failure failures fault faulty for from had has have how if in instead into introduced is issue it its itself
kind likely line lines log logged logs made makes may might more most must new no none not now of old on once
one only or other our out over pod pods possibly probably problem reason release released request requests
result results root same seems service should side since so some stable still such than that the their them
then there these they this those through time to too under up upon version versions very was were what when
where which while who whose why will with within without would
"""
GENERIC = frozenset(_GENERIC.split())  # words that any cause has
_WORD = re.compile(r"[^\W_]{2,}")


class Cause(Value):
    """What a model's cause is worth: `stated` is its text or empty, `hypothesis` is the text, with what would
    settle it. `dropped` counts causes that nothing bears out.
    """

    stated: str = ""
    hypothesis: str = ""
    dropped: int = 0


def weigh_cause(answer: Answer, quotes: Iterable[str], question: Question, *, cites: bool = True) -> Cause:
    """Return what an answer's cause is worth, by the findings that it cites and its `quotes` of the evidence.

    `cites` is False for an agent, whose answers have no place for either: any finding may bear it out.
    """
    text = answer.root_cause.strip()
    if not text:
        return Cause()
    sound = [graded for graded in question.findings if graded.finding.kind != KIND]
    cited = [graded for graded in sound if graded.id in answer.findings or not cites]
    own = list(dict.fromkeys(_find_words(text)))
    borne_out = {_cut(word) for word in _find_words(" ".join((*map(_tell, cited), *quotes)))}
    missing = [word for word in own if _cut(word) not in borne_out]
    if own and not missing:
        return Cause(stated=text)
    seen = {_cut(word) for word in _find_words(" ".join((*map(_tell, sound), question.evidence)))}
    if own and not any(_cut(word) in borne_out or _cut(word) in seen for word in own):
        return Cause(dropped=1)
    return Cause(hypothesis=f"{text} ({_describe_test(missing, cited)})")


def _describe_test(missing: list[str], cited: list[Graded]) -> str:
    """Return what would settle a hypothesis."""
    if not missing:
        return "to settle it: name what of the version does that, and look for it"
    words = ", ".join(missing[:WORDS_SHOWN]) + ("" if len(missing) <= WORDS_SHOWN else " …")
    names = ", ".join(graded.id for graded in cited[:WORDS_SHOWN]) or "no finding"
    return (
        f"to settle it: look for {words} in the canary's logs, events and change;"
        f" the answer rests on {names}, without these words"
    )


def _tell(graded: Graded) -> str:
    """Return all that a finding says."""
    finding = graded.finding
    return " ".join(
        (
            finding.kind,
            finding.sentence,
            finding.because,
            finding.remedy,
            finding.stable,
            finding.canary,
            *finding.samples,
        )
    )


def _find_words(text: str) -> Iterator[str]:
    """Yield the words of a text that say something, in small letters; numbers are words."""
    for word in _WORD.findall(text):
        small = word.casefold()
        if small not in GENERIC:
            yield small


def _cut(word: str) -> str:
    """Return the part of a word that is compared: all of it if it has a digit."""
    return word if any(map(str.isdigit, word)) else word[:LETTERS].removesuffix("s")
