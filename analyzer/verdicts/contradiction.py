"""Advice in an answer that contradicts its own verdict, such as "should be rolled back" beside promote. Pure.

Only English is read, because answers are asked for in English. Only unconditional advice counts. No list of
phrases is complete: words that are not on it count neither for nor against the verdict.
"""

import re
import unicodedata
from functools import lru_cache

from analyzer.findings.directives import LATIN

LONGEST_FORM = (
    4  # plain letters for one character; one for a whole phrase stays, or a text would grow 18 times
)

_WHAT = r"(?:it|this|that|them|everything|(?:the|this|our|your)(?: [\w.-]{1,40}+){1,3}?)"
_ROLL = rf"(?:roll(?:ed|ing)?[ _-]?back|roll(?:ed|ing)? {_WHAT} back|revert(?:ed|ing)?)"
_PROMOTE = r"(?:promot(?:e|ed|ing|ion))"
_PLAINLY = r"^(?!.*(?:\b(?:no|not|nothing|never|neither|without)\b|n't)).*"  # a sentence that denies nothing
_NOT = r"(?<!not )(?<!n't )(?<!no )(?<!never )(?<!nothing )"
_SURELY = (
    r"(?:(?!only\b|hardly\b|scarcely\b|barely\b)(?:\w{2,20}+(?<=ly)|now|thus|hence|therefore|just|still"
    r"|at once|indeed) ){0,2}"
)
_MUST = rf"(?:should|must|ought to|needs? to|has to|have to) {_SURELY}(?:be )?{_SURELY}"
_ADVISE = (
    r"(?:recommend(?:ed|ing)?|advise[ds]?) (?:to |an? (?:immediate )?|the |(?:that )?(?:you|we) "
    r"|that (?:it|(?:the|this) \w{1,40}+) be )?"
)
_NEEDED = r"(?:recommended|advised|needed|required|necessary|warranted|called for|justified)\b"
_CALLED = rf"(?:is|are) (?:\w{{2,20}}+(?<=ly) )?{_NEEDED}"
_MUST_NOT = r"(?:(?:should|must) (?:not|never)|shouldn't|mustn't) (?:be )?"
_DO_NOT = r"(?:do not|don't|cannot|can't|never) (?:be )?"
_UNLESS_DENIED = r"(?!.{0,60}?\b(?:is|are|was)(?:n't| not| never| un))"
_RELEASE = r"(?:the|this) (?:[\w.-]{1,40}+ )?(?:canary|rollout|release|deployment|version|update|promotion)\b"
_SAY = (
    r"actually|wait|hmm|no(?=[,:])|sorry|correction|instead|rather|overall|therefore|thus|hence|so|please"
    r"|better|let's|immediately"
)
_LEAD = rf"(?:(?:{_SAY}|[\w ]{{1,40}}+:)\W{{1,3}}){{0,3}}"
_THINK = r"(?:meant?|say|choose|conclude|judge|answer|vote|decide|opt|go)(?: for| on| with)?"
_CHOOSE = rf"\b(?:i|we)(?:'d| would| {_THINK}) (?:now )?(?:say |to |an? |for )?"
_VERDICT_IS = (
    r"\b(?:verdict|decision|conclusion|recommendation|answer) (?:is|should be|must be|has to be)"
    r"(?: now)?\W{1,3}(?:to |an? )?"
)
_CLEARLY = r"(?:(?:clearly|much|far|significantly|considerably) )?"

# the phrases that contradict a verdict
_AGAINST = {
    "promote": (
        rf"{_NOT}\b{_MUST}{_ROLL}\b",
        rf"{_NOT}\b{_ADVISE}{_ROLL}\b",
        rf"{_PLAINLY}\b{_ROLL} {_CALLED}",
        rf"(?:, |: |\band )(?:an? |the )?(?:immediate )?{_ROLL} {_CALLED}",
        rf"\b(?:{_MUST_NOT}|{_DO_NOT}){_PROMOTE}\b",
        r"(?:\bnot|n't) (?:be )?(?:safe|ready|fit) (?:to (?:be )?promot|for promotion)",
        rf"^\W*{_LEAD}roll {_WHAT} back\b",
        rf"^\W*{_LEAD}roll back\b(?! on (?:oom|fail|error|any|regress|crash|alert)){_UNLESS_DENIED}",
        (
            rf"^\W*{_LEAD}(?:rollback|roll-back|revert) (?:to|it|this|now|immediately|at once"
            rf"|{_RELEASE}){_UNLESS_DENIED}"
        ),
        rf"^\W*{_LEAD}(?:immediate )?(?:rollback|roll-back|revert)(?: {_NEEDED}|\W*$)",
        rf"^\W*{_LEAD}(?:abort|stop|halt|cancel|undo) {_RELEASE}",
        rf"{_VERDICT_IS}{_ROLL}\b",
        rf"{_CHOOSE}{_ROLL}\b{_UNLESS_DENIED}",
        rf"\bcanary (?:is|performs|does|behaves) {_CLEARLY}worse than (?:the )?stable(?: \w+)?\W*$",
        (
            rf"\b(?:canary|rollout|release|version|it|this) {_MUST_NOT}(?:go (?:on|(?:in)?to production)"
            r"|proceed|continue|ship|released)\b"
        ),
    ),
    "rollback": (
        rf"{_NOT}\b{_MUST}{_PROMOTE}\b",
        rf"{_NOT}\b{_ADVISE}{_PROMOTE}\b",
        rf"{_PLAINLY}\b(?:safe|ready|fit) (?:to (?:be )?promot|for promotion)",
        rf"\b{_MUST_NOT}{_ROLL}\b",
        rf"\bno (?:(?:need|reason) (?:to|for an?) )?{_ROLL} {_CALLED}",
        rf"{_VERDICT_IS}{_PROMOTE}\b",
    ),
}

_SHAPES = {verdict: re.compile("|".join(shapes), re.IGNORECASE) for verdict, shapes in _AGAINST.items()}
_SENTENCE = re.compile(
    r"(?:[;!?]|(?<![0-9])\.|\.(?![0-9]))++|\n[ \t]*+\n|(?<!:)\n(?=[ \t]{0,20}+[-\u2022])"
    r"|,\s(?:and\s)?(?:so|thus|hence|therefore)\s(?!that\b|far\b)",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:since|because|given that|now that|as (?=it\b|the\b|they\b|errors\b))\s?[^,]{1,300}+(?:,|$)",
    re.IGNORECASE,
)
_TIME = r"(?:when|(?<!at )once|after(?! (?:the |its )?(?:deploy|release|roll|start|up)))\b"
# a word of time is a condition if it begins a clause or follows the advice
_CONDITION = re.compile(
    r"(?<!even )(?<!as )\bif\b|\bwhether\b(?! or not)|\bas soon as\b(?! possible)"
    r"|\b(?:unless|in case|in the event|as long as|provided that)\b"
    r"|\b(?:otherwise|so that)\b(?=.{0,200}?(?:roll|revert|promot))"
    r"|(?:^\W*+|\b(?:and|but|then|only) |(?:back|revert|reverted|promot\w{1,3}) "
    rf"(?:[^,: ]{{1,30}}+ ){{0,4}}?){_TIME}"
    r"|^\W*+(?:(?:before|until)\b|had (?:it|they|the)\b|should (?!be\b|roll|revert|not\b|\w{1,20}ly\b))"
    r"|\bshould (?:it|they|there|errors?|any\w*|more|problems?|the \w{1,40}+)\b"
    r"|\b(?:would|could) (?:mean|imply|suggest|show|call|justify|warrant|require)\b",
    re.IGNORECASE,
)
# advice within this is denied
_DENIED = re.compile(
    r"(?:\b(?:no|any) (?:sign|evidence|indication|proof|reason|hint)s?|\bunlikely"
    r"|(?:\b(?:nothing|cannot|not)|n't) (?:say|shows?|suggests?|mean))\b"
    r"(?=(?:(?! and | so )[^,:()-]){0,80}?(?:roll|revert|promot|worse))",
    re.IGNORECASE,
)
# a database rolls its transactions back on its own
_DATA = re.compile(
    rf"\btransactions? (?:that |which )?{_MUST}{_ROLL}\b"
    rf"|\b{_ROLL} (?:(?:the|a|all|any|its|their|open|failed) ){{0,2}}transactions?\b"
    r"|\broll(?:ed|ing)? (?:the |a |its )?transactions? back\b",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"(?<![a-z])(?:verdict|decision|recommendation|answer|outcome)[\"'\\\s]{0,6}+"
    r"(?:[:=|>]|->|=>)[\"'\\\s]{0,6}+(?:an? )?"
    r"(promote|roll[ _-]?back|cannot[ _]tell)\b(?![\"'\\\s]{0,6}+[|/][\"'\\\s]{0,6}+(?:promote|roll|cannot))",
    re.IGNORECASE,
)
_BY_INITIAL = {"p": "promote", "r": "rollback", "c": "cannot_tell"}  # of what _STATED captures
_MARKUP = re.compile(r"[*`]|\b_{1,3}|_{1,3}\b|</?(?:b|i|u|em|strong|code|mark)>", re.IGNORECASE)
_BULLET = re.compile(r"(?m)^[ \t]{0,20}[*+][ \t]")
_LOWERCASE = {chr(code): chr(latin) for code, latin in LATIN.items()}
_LOOKALIKES = (
    {other.upper(): latin.upper() for other, latin in _LOWERCASE.items()}
    | _LOWERCASE
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
)
_HIDDEN = ("Cc", "Cf", "Me", "Mn")  # categories of Unicode: controls, format characters, marks


def normalize(text: str) -> str:
    """Return `text` as it reads to the eye: no invisible characters, no markup, compatibility forms and
    look-alikes as plain letters.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_normalize_character, text))
    return _MARKUP.sub("", _BULLET.sub("- ", text))


def find_contradiction(verdict: str, text: str) -> str:
    """Return the words of `text` that contradict `verdict`, or an empty string. `text` comes from
    `normalize`.
    """
    if verdict not in _SHAPES:
        return ""
    sentences = (" ".join(sentence.split()) for sentence in _SENTENCE.split(text))
    advice = (
        _DATA.sub("", sentence)
        for sentence in sentences
        if not _is_conditional(_CAUSE.sub("", sentence).strip())
    )
    match = next(filter(None, map(_SHAPES[verdict].search, advice)), None)
    return match[0].strip() if match else ""


def _is_conditional(sentence: str) -> bool:
    """Return whether the advice in a sentence depends on a condition or is denied. `sentence` has no clause
    that gives a cause, since a cause is no condition.
    """
    return bool(_CONDITION.search(sentence) or _DENIED.search(sentence))


def find_stated_verdicts(text: str) -> set[str]:
    """Return the verdicts that `text` states in any notation: `verdict: rollback`, `{'verdict': 'rollback'}`.
    `text` comes from `normalize`.
    """
    return {_BY_INITIAL[word[0].lower()] for word in _STATED.findall(text)}


@lru_cache(maxsize=4096)
def _normalize_character(letter: str) -> str:
    """Return the plain letters that a character shows, or the character itself if they are too many."""
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(map(_normalize_letter, parts)) if len(parts) <= LONGEST_FORM else letter


def _normalize_letter(letter: str) -> str:
    """Return the plain form of one letter, empty if it is invisible."""
    category = unicodedata.category(letter)
    if category == "Pd":
        return "-"
    return _LOOKALIKES.get(letter, letter) if category not in _HIDDEN or letter.isspace() else ""
