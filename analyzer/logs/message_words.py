"""What a template says: the words of its message, whatever the form it is written in.

The same event as text, as JSON, in another order of words or with another component's name has the same
words. Values are no words, and the names of fields are words that a form may lack.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from analyzer.logs.slot_names import split_words, word_set

_HOLE = re.compile(r"<[^<>]{0,80}>|\[masked [^\[\]]{0,80}\]")
_PATH = re.compile(r"(?<!\S)/\S*")
_STATUS = re.compile(r"\b[1-5]xx\b")
# A logger's name at the beginning: within brackets, or of several parts and before a colon.
_COMPONENT = re.compile(
    r"[\w.$/-]{0,80}(?:\[[^\[\]]{1,80}\]|\([^()]{1,80}\)|\{[^{}]{1,80}\}):?\s+"
    r"|(?=\w{1,80}[.$/-]|[a-z0-9]{1,80}[A-Z])[\w.$/-]{1,80}:\s+"
)
_FIELD = re.compile(r"(?<![\w.-])([^\W\d][\w.-]{0,60})(?:=|\"?:\s?(?=[\"<{\[]))")
# a value and its name, in a list behind the message
_NAMED = re.compile(r"[,;]\s?([^\W\d_]{2,40}) (?=<[^<>]{0,80}>)")
_WORD = re.compile(r"[^\W\d_]{2,40}")
_WELL = word_set("ok okay done success successful successfully succeeded complete completed finished passed")
_SUFFIX = re.compile(r"(?:ing|ed|es|s|e)$")
_SHORT = 4  # letters: a word of so few is its own stem
_PLAIN = word_set(  # words that a sentence has and an event's name has not
    "the an is are was were be been being has have had of in on at to for from by with and or"
    " as it its this that"
)


class MessageWords(NamedTuple):
    """The words of a message (`prose`), of it with its component and its fields (`words`), and of the path
    that it names (`route`); as stems, in small letters.
    """

    prose: frozenset[str]
    words: frozenset[str]
    route: frozenset[str]


@lru_cache(maxsize=16384)  # several rules ask of the same templates
def find_words(template: str, fields: tuple[str, ...] = ()) -> MessageWords:
    """Return what a template says. `fields` are the names of its slots."""
    text = _STATUS.sub(" ", _HOLE.sub(" ", template))
    route = _stems(" ".join(_PATH.findall(template)))
    component = _COMPONENT.match(template)
    message = template[component.end() if component else 0 :]
    prose = _stems(_FIELD.sub(" ", _STATUS.sub(" ", _HOLE.sub(" ", _NAMED.sub(" ", message)))))
    named = frozenset[str]().union(*map(_stems, fields)) if fields else frozenset[str]()
    return MessageWords(prose, prose | _stems(text) | named, route)


def is_contained(one: MessageWords, other: MessageWords) -> bool:
    """Return whether a line says all that a message says, and at most as much again."""
    common = len(one.prose & other.prose)
    return bool(one.prose) and one.prose <= other.words and 2 * common >= len(other.prose)


def _stems(text: str) -> frozenset[str]:
    return frozenset(
        stem(word) for name in _WORD.findall(text) for word in split_words(name) if word not in _PLAIN
    )


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return a word without the ending of its form, and one stem for all that say that something ended well:
    `accepted` and `accepts` are `accept` (after step 1 of M. F. Porter, "An algorithm for suffix stripping",
    Program 14, 1980, 130).
    """
    if word in _WELL:
        return "ok"
    if len(word) <= _SHORT:
        return word
    short = _SUFFIX.sub("", word)
    return short[:-1] if short[-1:] == short[-2:-1] and len(short) > _SHORT else short
