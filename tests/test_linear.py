"""No text can hold the interpreter: each pattern of the package takes time linear in a text, up to the length
at which texts are cut.
"""

import re
import time

import pytest
from regexes import Attack, Attacks, Used, inside_functions, used

from analyzer.logs.lines import MAX_LINE

ATTACKS = 300  # of one pattern
CLOSER = 12  # of them, those that take longest, are looked at closer
# slowly at first: what is exponential must not be met at a length where it never ends
STEPS = (
    16,
    20,
    24,
    28,
    36,
    64,
    256,
    1024,
    2048,
)
# seconds: at `MAX_LINE` a linear pattern takes 0.001, or 0.05 where each character is looked at 250 times
SLOW = 0.008
# where what is quadratic takes long on a quick machine as well, even if little for each character
FAR = 3 * MAX_LINE
GROWTH = 9  # times longer on 4 times the text: linear is 4, quadratic 16
TRIES = 4


@pytest.mark.slow
@pytest.mark.timed
def test_no_text_takes_a_pattern_longer_than_in_proportion() -> None:
    attacks = {f"{each.name} {each.pattern.pattern!a:.40}": _explosive(each) for each in used()}
    assert {name: attack for name, attack in attacks.items() if attack is not None} == {}


# Each was in the package, or is what a reader would write in its place.
BAD = {
    r"(?:[\w./*()-]+\.)[\w.*()\[\]{}-]+\(.*\)$": "match",
    r"(?:[\w$/@#-]*(?:\.|::|\$|/)[\w$./@#:*-]*|\w[\w./-]*\[[^\[\]]*\])\s*:(?=\s)": "match",
    r"<\s*[|/]?\s*(?:system|user)\s*[|/]?\s*>": "search",
    r"<{2,}\s*(?:/|end\b)": "search",
    r"\[withheld:[^\]\n]*\]": "sub",
    r"[A-Za-z]*0+[A-Za-z]+0[A-Za-z0]*": "sub",
    r"([\[(\"]*)(.*?)([\])\",.]*)": "fullmatch",
    r"(?:/[^\s:]*)+": "fullmatch",
    r"-(?i:[a-z-]*?(?:secret|token))\s{1,3}\\*[\"']?(?!(?:\W*(?:true|false))\b)[^\s\"'\\]+": "search",
    r"(?P<word>\w+) (?P=word)": "search",
    r"\s+$": "search",
    r"(?:a+)+b": "match",
}


@pytest.mark.slow
@pytest.mark.timed
@pytest.mark.parametrize("regex", BAD, ids=lambda regex: f"{regex!a:.40}")
def test_a_pattern_that_is_not_linear_is_found(regex: str) -> None:
    assert _explosive(Used("bad", re.compile(regex), frozenset({BAD[regex]})))


@pytest.mark.slow
def test_every_pattern_stands_where_it_is_found() -> None:
    # what these make, `used` finds
    assert inside_functions() == [
        "analyzer.github.frame_hits._changes_package",  # a name between look-arounds of one character
        "analyzer.logs.statuses._compiled",
        "analyzer.redact.rules._compiled",
    ]
    assert len(used()) > 200


def _explosive(each: Used) -> Attack | None:
    """A text that takes a pattern long, or None. Those that take longest on a short text are tried on a long
    one.
    """
    tried: list[tuple[float, int, Attack]] = []
    for number, attack in enumerate(Attacks(each.pattern, ATTACKS).all()):
        length, taken = _climbed(each, attack, STEPS)
        if taken > SLOW and _explodes(each, attack, length):
            return attack
        tried.append((taken, number, attack))
    for _, _, attack in sorted(tried, reverse=True)[:CLOSER]:
        length, taken = _climbed(each, attack, (*STEPS, MAX_LINE // 4, MAX_LINE, FAR))
        if taken > SLOW and _explodes(each, attack, length):
            return attack
    return None


def _climbed(each: Used, attack: Attack, steps: tuple[int, ...]) -> tuple[int, float]:
    """The first of these lengths at which a text takes long, or the last one; and the seconds."""
    for length in steps:
        taken = _seconds(each, attack.text(length))
        if taken > SLOW:
            break
    return length, taken


def _explodes(each: Used, attack: Attack, length: int) -> bool:
    """Whether a text of this length takes long, and longer than in proportion. On a busy machine a figure may
    be wrong, but hardly all.
    """
    for _ in range(TRIES):
        whole, part = (
            min(_seconds(each, attack.text(size)) for _ in range(TRIES)) for size in (length, length // 4)
        )
        if whole <= SLOW or (length >= STEPS[-1] // 8 and whole <= GROWTH * part):
            return False
    return True


def _seconds(each: Used, text: str) -> float:
    given = text.encode("utf-8", "replace") if isinstance(each.pattern.pattern, bytes) else text
    begun = time.thread_time()
    if not each.anchored:
        for _ in each.pattern.finditer(given):
            pass
    for method in each.methods & {"match", "fullmatch"}:
        getattr(each.pattern, method)(given)
    return time.thread_time() - begun
