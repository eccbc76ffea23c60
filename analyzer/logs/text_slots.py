"""Texts of several words in the place of a value: told by the other templates, which are the same around them
or have the same texts.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from analyzer.logs.families import Tokens
from analyzer.logs.slots import FEW_ANNOUNCED, is_fault, is_lack, is_value, is_word, tells_why

ANY = "<*>"
_WIDTHS = range(2, 13)  # words that may stand in the place of one value …
_FEW_WORDS = 4  # … without more to show for it
_HEAD, _TAIL = re.compile(r"[^\w<]*+"), re.compile(r"[^\w>]*+")  # the latter of a text that is turned round
_END = re.compile(r" (?:<[\w*]+>|\([^()<>]*<[\w*]+>\))$")
_NAMED = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}+(?![\w*]*+>)")
_SHARED = (
    5  # texts that two verbs must have in common: a program's own steps begin and end, too, but they are few
)
_VERB = re.compile(r"(?:\S+ )??[A-Za-z]{2,}(?:ed|ing) (?=\S)")
_MARKS = " .,:;!"
_MEASURED = re.compile(r"(?<![.,:;!])[.,:;!]++(?:\s*+<\w++>)+$")  # behind a sentence's end: how long it took


class _Gap(NamedTuple):
    """Words in the place of a value of `host`."""

    host: str
    text: str
    plain: bool


def by_gaps(cut: Mapping[str, Tokens]) -> dict[str, str]:
    """Return each template's host. Where one template has a value, another that is the same before and behind
    it has words: they are a value, too.

    Two to four words are; more, and such with marks in them, where the same text stands so in another
    template as well. `cut`: each template's tokens, the templates in order.
    """
    hosts: dict[tuple[int, int], tuple[str, int]] = {}
    for template, tokens in cut.items():
        before, behind = _ends(tokens)
        for place, token in enumerate(tokens):
            if is_value(token):
                hosts.setdefault((before[place], behind[place + 1]), (template, place))
    starts = {before for before, _ in hosts}
    gaps_by_template = {template: list(_gaps(tokens, cut, hosts, starts)) for template, tokens in cut.items()}
    stands: dict[str, set[str]] = defaultdict(set)
    for gaps in gaps_by_template.values():
        for gap in gaps:
            stands[gap.text].add(gap.host)
    return {
        template: next((gap.host for gap in gaps if gap.plain or len(stands[gap.text]) > 1), template)
        for template, gaps in gaps_by_template.items()
    }


def _ends(tokens: Tokens) -> tuple[list[int], list[int]]:
    """Return hashes of what stands before, and from, each place."""
    before, behind = [0], [0]
    for token in tokens:
        before.append(hash((before[-1], token)))
    for token in reversed(tokens):
        behind.append(hash((behind[-1], token)))
    return before, behind[::-1]


def _gaps(
    tokens: Tokens,
    cut: Mapping[str, Tokens],
    hosts: Mapping[tuple[int, int], tuple[str, int]],
    starts: Collection[int],
) -> Iterator[_Gap]:
    before, behind = _ends(tokens)
    places = [place for place in range(len(tokens) - 1) if before[place] in starts]
    for width in _WIDTHS:
        for place in places:
            host, hole = (
                hosts.get((before[place], behind[place + width]), ("", 0))
                if place + width <= len(tokens)
                else ("", 0)
            )
            if not host or cut[host] != (*tokens[:place], cut[host][hole], *tokens[place + width :]):
                continue
            if sum(map(is_word, cut[host])) >= FEW_ANNOUNCED:
                gap = _gap(
                    tokens[place : place + width], host, cut[host][hole], tokens[place - 1] if place else ""
                )
                if gap:
                    yield gap


def _gap(words: Tokens, host: str, value: str, before: str) -> _Gap | None:
    """Return whether words may stand for the value: they end as it does, and name no fault. For the lack of
    one anything may, but a reason.
    """
    if any(map(is_fault, words)) or not any(map(is_word, words)):
        return None
    text = "".join(words)
    (head, said, tail), (start, _, end) = _parts(text), _parts(value)
    if is_lack(value):
        allowed = not tells_why(before) and text.endswith(" ") == value.endswith(" ")
        return _Gap(host, said, plain=True) if allowed else None
    plain = len(words) <= _FEW_WORDS and all(map(is_word, words)) and (head, tail) == (start, end)
    return _Gap(host, said, plain) if plain or tail.strip(")]}>") == end.strip(")]}>") else None


def _parts(text: str) -> tuple[str, str, str]:
    """Return a text, and the punctuation before and behind it."""
    head, tail = _HEAD.match(text), _TAIL.match(text[::-1])
    start, end = (match.end() if match else 0 for match in (head, tail))
    return text[:start], text[start : max(start, len(text) - end)], text[max(start, len(text) - end) :]


def by_ends(templates: Collection[str]) -> dict[str, str]:
    """Return the host of each template that is another one less the value at its end, which is then one that
    may lack.
    """
    hosts: dict[str, str] = {}
    for template in sorted(templates):
        less = _END.sub("", template)
        if less != template and _NAMED.search(less):
            hosts.setdefault(less, template)
    return {template: hosts[template] for template in templates if template in hosts}


def by_objects(templates: Collection[str]) -> dict[str, str]:
    """Return the general form of each template that is a verb and its object ("Started Rotate log files."),
    where other verbs have the same objects: those are values.
    """
    cut = {template: parts for template in templates if (parts := _verb(template)) and not is_fault(template)}
    verbs: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, set[str]] = defaultdict(set)
    for verb, text, _ in cut.values():
        verbs[text].add(verb)
        texts[verb].add(text)
    shared = {text for text, users in verbs.items() if len(users) > 1}
    objects = {
        verb: objects & shared
        for verb, objects in texts.items()
        if len(objects & shared) >= max(_SHARED, len(objects) / 2)
    }
    return {
        template: f"{verb}{ANY}{end}"
        for template, (verb, text, end) in cut.items()
        if text in objects.get(verb, ())
    }


def _verb(template: str) -> tuple[str, str, str] | None:
    """Return a verb at the beginning, its object, and the end of the sentence with what was measured."""
    match = _VERB.match(template)
    if match is None:
        return None
    text = template[match.end() :].rstrip(_MARKS)
    measured = _MEASURED.search(text)
    text = (text[: measured.start()] if measured else text).rstrip(_MARKS)
    return match[0], text, template[match.end() + len(text) :]
