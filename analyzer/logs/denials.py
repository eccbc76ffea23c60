"""Whether one line says that it was not done what another one tells as done, in many languages.

"paczka 7 nie nadano" beside "paczka 7 nadana": a word that says no, and right behind it a word of the other
line in any of its forms.
"""

import re
from functools import lru_cache
from itertools import pairwise

from analyzer.logs.slot_names import word_set

_NO = word_set(
    "not never no non cannot nicht kein keine keinen pas jamais sin nunca não nao nem niet geen nie ne не ні"
    " ani inte ej ikke"
    " ikkje ei nem nu neav δεν μη tidak belum không chưa nahi hindi nuk ez не нема нямa לא لم لا ليس"
)
_RUN_ON = re.compile(r"(?:未|没有|沒有|没|沒|不)([\u4e00-\u9fff]{2})")  # Chinese
_ENDINGS = ("ませんでした", "なかった", "지 않", "지 못")  # Japanese and Korean, behind any verb
_PREFIXES = ("ne", "nie", "un", "in", "im", "dis", "non", "не")
_WORD = re.compile(r"[^\W\d_]{2,40}")
SHORTEST = 4  # letters of a word that two lines share: of fewer many are alike
ALIKE = 0.7  # of the longer word's letters, with which both begin


@lru_cache(maxsize=16384)
def denies(text: str, other: str) -> bool:
    """Return whether a text says no to a word of another one, which does not."""
    ours, theirs = _words(text), _words(other)
    if _denies_in_one(text.lower(), other.lower()) or _has_prefix(ours, theirs):
        return True
    denied = {word for no, word in pairwise(ours) if no in _NO and len(word) >= SHORTEST}
    said = {word for no, word in pairwise(("", *theirs)) if no not in _NO}
    return any(_is_form(word, one) for word in denied for one in said)


def _denies_in_one(text: str, other: str) -> bool:
    """Return whether a text in a language that does not part its words says no to what the other one says."""
    return any(
        match[1] in other and match[0] not in other for match in _RUN_ON.finditer(text[:2000]) if match[1]
    ) or any(ending in text and ending not in other for ending in _ENDINGS)


def _has_prefix(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Return whether a word is one of the other text's behind a syllable that says no."""
    said = {word for word in theirs if len(word) > SHORTEST}
    return any(
        word[len(no) :] in said
        for word in ours
        if word not in said
        for no in _PREFIXES
        if word.startswith(no)
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()[:2000]))


def count_alike(one: str, other: str) -> int:
    """Return with how many letters two texts begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))


def _is_form(one: str, other: str) -> bool:
    common = count_alike(one, other)
    return common >= max(SHORTEST, ALIKE * max(len(one), len(other)))
