"""Whether a line says in its words that something failed, in the languages that people log in.

A word of failure counts unless one before it ("no error") or behind it (エラーなし) undoes it. A count of
zero undoes any. What undoes is asked in every language, since they share words ("error"). Only `_NEAR`
characters around a word are looked at, so the cost grows with the line's length alone.
"""

# ruff: noqa: RUF001 - other alphabets are what it is about

import re
from collections.abc import Iterable
from functools import lru_cache

from analyzer.logs.languages import LANGUAGES

_NEAR = 24  # characters around a word that may undo it
# In any language: "0 failed", "0 of 5 checks failed", "0 件失敗"; but the worker 0 that failed is no count.
_ZERO_BEFORE = re.compile(
    r"(?:\b(attempt|worker|shard|node|partition|task|replica|thread|process|job|index|slot|stage|step|core"
    r"|disk|device|pod) #?"
    r"|(?<![\w.,:/-]))0+(?:[.,]0+)?\s?%?(?:\s?(?:/|of|out of|von|de|sur|di|van|z|из)\s?[0-9]+)?"
    r"(?:\s?(?:件|个|個|次|条|條|건|件の|건의))?(?:\s(?!and\b|und\b|but\b)[^\W\d]+){0,2}\s?$"
)
# … and "failed: 0", "error rate 0.0 %", "last error: none".
_ENDED = r"(?=\s?(?:[,;.)\]}|\"'\\]|$))"
_LACK = re.compile(
    r"(?:\s(?:count|rate|total|ratio|percentage|quote|anzahl|code)|件数|数|數|率|个数|수|건수|율|码|碼|コード"
    r"|코드)?\\?[\"']?\s?(?:[:=：]|->|is|was|ist|は)?\s?\\?[\"'(\[{<]?"
    r"(?:0+(?:[.,]0+)?\s?(?:%|/|件|个|個|次|条|條|건|개|times|mal)?"
    r"(?![\w.]|,[0-9]|\s?(?:bytes?|of|[kmg]i?b)\b)|(?:none|nil|null|nothing|false|undefined|n/a)(?!\w)"
    rf"|(?:no|keine?r?|aucune?|ninguno?|nenhuma?|nessun[oa]?|geen|brak|нет|yok|なし|無し|无|無|없음){_ENDED}"
    r"|(?<=\[)\]|(?<=\{)\}|(?<=[\"'])\\?[\"'])"
)
# What an error is named for, and none happened: "error handler". But "error handling order 7" is one.
_NOUNS = frozenset(("error", "errors", "exception", "exceptions", "fatal"))
_ABOUT = re.compile(
    r" (?:handlers?|log|logs|logger|logging|pages?|reports?|reporter|reporting|budgets?|levels?|listeners?"
    r"|boundary|boundaries"
    r"|tracker|tracking|recovery|correction|middleware|interceptors?|monitor(?:ing)?|notifications?"
    r"|thresholds?|tolerance|templates?"
    r"|filters?|resolver|mapper|handling (?:enabled|ready|active|is|set|configured|installed))\b"
)
_KEY = re.compile(r"\w*\\?[\"']\s?:")  # a field's name says nothing: its value does


def _any(words: Iterable[str]) -> str:
    return "|".join(filter(None, words))


_WORDS = LANGUAGES.values()
_FAILURE = re.compile(
    rf"(?<![\w/.=-])(?:{_any(words.failure for words in _WORDS if words.spaced)})(?![\w/=-])"
    rf"|(?:{_any(words.endings for words in _WORDS)})(?![\w/=-])"
    rf"|{_any(words.failure for words in _WORDS if not words.spaced)}"
)
_BEFORE = re.compile(
    rf"(?<!\w)(?:{_any(words.before for words in _WORDS if words.spaced)})\s?$"
    rf"|(?:{_any(words.before for words in _WORDS if not words.spaced)})$"
)
_BEHIND = re.compile(rf"[\s-]?(?:{_any(words.behind for words in _WORDS)})")
_LONGEST = 2000  # characters of a line in which a word may stand


@lru_cache(maxsize=16384)  # pure, and asked of the same lines by several rules
def says_failure(text: str) -> bool:
    """Return whether a line's words say that something failed, and nothing around them that it did not."""
    return find_standing(_FAILURE, text)


def find_standing(words: re.Pattern[str], text: str) -> bool:
    """Return whether one of the words, which are in small letters, stands in a line with nothing around it
    that undoes it.
    """
    small = text[:_LONGEST].lower().replace("’", "'")
    return any(_stands(small, match) for match in words.finditer(small))


def _stands(text: str, match: re.Match[str]) -> bool:
    """Return whether nothing around a word of failure undoes it."""
    before = text[max(0, match.start() - _NEAR) : match.start()]
    behind = text[match.end() : match.end() + _NEAR]
    zero = _ZERO_BEFORE.search(before)
    return not (
        (zero and not zero[1])
        or "deprecat" in text[: match.start()]  # of what is deprecated the rest of a line tells what will be
        or (match[0] in _NOUNS and _ABOUT.match(behind))
        or _KEY.match(behind)
        or _LACK.match(behind)
        or _BEFORE.search(before)
        or _BEHIND.match(behind)
    )


# Failures that may have passed: tried again, or what a start has of itself.
_PASSING = re.compile(
    r"\b(?:retrying|will (?:be )?retr(?:y|ied)|will try again|trying again|tr(?:y|ies) again in"
    r"|retry(?:[_ ]?(?:in|after|ing)\b| #?[0-9])"
    r"|next (?:retry|attempt)|retry attempt|attempt\\?[\"']?\s?[:=#]?\s?#?[0-9]+|backing off|backoff"
    r"|reconnecting|re-?connect attempt"
    r"|warm(?:ing)?[ -]?up|not (?:yet )?ready yet|not yet ready|still starting|slow start|starting up"
    r"|wiederhol\w{1,8}|neuer versuch|erneuter? versuch|nouvelle tentative|nouvel essai|reintent\w{1,8}"
    r"|nuevo intento|tentando novamente|nova tentativa|nuovo tentativo|riprov\w{1,6}|opnieuw|ponawiam\w{0,3}"
    r"|ponowna próba|повтор\w{1,10}|tekrar den\w{1,8})\b|リトライ|再試行|重试|重試|재시도"
)
_FINAL = re.compile(
    r"\b(?:giv(?:ing|es|en|e) up|gave up|no (?:more )?(?:retries|attempts)|(?:retries|attempts|budget) "
    r"(?:exhausted|exceeded|left: 0)"
    r"|exhausted|after (?:[0-9]+|all|several|multiple|too many|max\w*|the last) (?:\w+ )?(?:retries|attempts"
    r"|tries|times)"
    r"|(?:will )?not (?:be )?retr(?:y|ied|ying)|max(?:imum)?[ _](?:\w+ )?(?:retries|attempts|number)"
    r"|last attempt|permanent(?:ly)?"
    r"|dropped|dropping|lost|discard(?:ed|ing)|abort(?:ed|ing)|aufgegeben|abandon\w{0,3}|放棄|放弃|포기)\b"
)
_HEALED = re.compile(
    r"\b(?:succeed(?:ed|s)|succeeded|success(?:ful(?:ly)?)?|ok|done|completed|connected"
    r"|delivered)\b[^.;]{0,60}\b(?:retr(?:y|ies)|attempts?|tries)\b"
    r"|\b(?:retr(?:y|ies)|attempt)\b[^.;]{0,60}\b(?:succeed(?:ed|s)|success(?:ful(?:ly)?)?|ok)\b"
    r"|\b(?:reconnected|re-established|recovered|connection restored)\b"
)


@lru_cache(maxsize=16384)
def may_have_passed(text: str) -> bool:
    """Return whether a line that tells of a failure says as well that it is tried again, or only ends some
    day: and not that this was the last try.
    """
    small = text[:_LONGEST].lower()
    return _PASSING.search(small) is not None and _FINAL.search(small) is None


@lru_cache(maxsize=16384)
def says_healed(text: str) -> bool:
    """Return whether a line says that what had failed worked when it was tried again."""
    return _HEALED.search(text[:_LONGEST].lower()) is not None
