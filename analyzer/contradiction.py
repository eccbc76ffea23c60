"""What an answer says in words against its own verdict: "should be rolled back" beside promote. Pure; English, as answers are asked for.

Read is what a sentence advises without a condition. A list of shapes is never whole: words that are not on it speak neither for the
verdict nor against it.
"""

import re

_ROLL = r"(?:roll(?:ed|ing)?[ -]?back|roll the \w+ back|revert(?:ed|ing)?)"
_PROMOTE = r"(?:promot(?:e|ed|ing|ion))"
_PLAINLY = r"^(?!.*(?:\b(?:no|not|nothing|never|neither|without)\b|n't)).*"  # a sentence that denies nothing
_NOT = r"(?<!not )(?<!n't )(?<!no )(?<!never )"
_MUST = r"(?:should|must|ought to|needs? to|has to) (?:now |immediately |therefore )?(?:be )?"
_ADVISE = r"(?:recommend(?:ed|ing)?|advise[ds]?) (?:to |an? (?:immediate )?|the )?"
_CALLED = r"is (?:recommended|advised|needed|required|necessary|warranted|called for|justified)\b"
_MUST_NOT = r"(?:(?:should|must) (?:not|never)|shouldn't|mustn't) (?:be )?"
_DO_NOT = r"(?:do not|don't|cannot|can't|never) (?:be )?"

_AGAINST = {
    "promote": (
        rf"{_NOT}\b{_MUST}{_ROLL}\b",
        rf"{_NOT}\b{_ADVISE}{_ROLL}\b",
        rf"{_PLAINLY}\b{_ROLL} {_CALLED}",
        rf"\b(?:{_MUST_NOT}|{_DO_NOT}){_PROMOTE}\b",
        r"(?:\bnot|n't) (?:be )?(?:safe|ready|fit) (?:to (?:be )?promot|for promotion)",
        r"^\W*(?:please |immediately )?roll (?:the \w+ )?back\b",
    ),
    "rollback": (
        rf"{_NOT}\b{_MUST}{_PROMOTE}\b",
        rf"{_NOT}\b{_ADVISE}{_PROMOTE}\b",
        rf"{_PLAINLY}\b(?:safe|ready|fit) (?:to (?:be )?promot|for promotion)",
        rf"\b{_MUST_NOT}{_ROLL}\b",
        rf"\bno (?:(?:need|reason) (?:to|for an?) )?{_ROLL} {_CALLED}",
    ),
}  # the shapes that speak against a verdict

_SHAPES = {verdict: re.compile("|".join(shapes), re.IGNORECASE) for verdict, shapes in _AGAINST.items()}
_SENTENCE = re.compile(r"[.;!?]+|\n\s*\n")
_CONDITION = re.compile(r"\b(?:if|when|unless|until|once|after|before|otherwise|would|could|so that|in case|whether)\b", re.IGNORECASE)


def contradicted(verdict: str, text: str) -> str:
    """The words of `text` that speak against `verdict`, or empty."""
    if verdict not in _SHAPES:
        return ""
    sentences = (" ".join(sentence.split()) for sentence in _SENTENCE.split(text) if not _CONDITION.search(sentence))
    found = next(filter(None, map(_SHAPES[verdict].search, sentences)), None)
    return found[0].strip() if found else ""
