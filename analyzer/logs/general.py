"""Templates that are cases of one event: those of one length first (`families.py`), then those that differ in length.

Two lines of one statement differ in length where a parameter has several words: in brackets, in a list, in a text in the place of a
number. Pure and deterministic.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from analyzer.logs.families import Tokens, families
from analyzer.logs.methods import METHODS
from analyzer.logs.places import FEW, is_fault, is_value, is_word

ANY = "<*>"
_GAP = range(2, 5)  # words that may stand in the place of one value
_FIELD = re.compile(r"(?<==)|(?<=\()(?=[\w/<])")
_ROUTE = re.compile(r"(?<==)|(?<=[^\s/<:])(?=/[\w<])")
_LIST = re.compile(r"<\*>(?:(?:, ?|; ?| )<\*>)+")
_REPEATED = re.compile(r"((?<![\w>])[^,]{0,60}<[^,]{1,60}?)(?:,\s?\1)+(?![\w<])")
_BRACKETS = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}
_PUNCTUATION = re.compile(r"^([^\w<]*).*?([^\w>]*)$")


def generalise(templates: Mapping[str, int]) -> dict[str, str]:
    """Each template's general form, given how often each was seen (over both sides, all of one level)."""
    general = {template: template for template in templates}
    for step in (_by_words, _by_brackets, _by_gaps):
        seen: Counter[str] = Counter()
        for template, form in general.items():
            seen[form] += templates[template]
        found = step(seen)
        general = {template: found[form] for template, form in general.items()}
    return general


def _by_words(templates: Mapping[str, int]) -> dict[str, str]:
    return _by_families(templates, tokenise)


def _by_brackets(templates: Mapping[str, int]) -> dict[str, str]:
    return _by_families(templates, _enclosed)


def _by_families(templates: Mapping[str, int], cut: Callable[[str], Tokens]) -> dict[str, str]:
    shapes: dict[Tokens, list[str]] = defaultdict(list)
    lengths: dict[tuple[int, str], Counter[Tokens]] = defaultdict(Counter)
    for template in sorted(templates):
        tokens = cut(template)
        shapes[tokens].append(template)
        lengths[len(tokens), _skeleton(tokens)][tokens] += templates[template]
    general: dict[str, str] = {}
    for rows in lengths.values():
        for family in families(sorted(rows.items())):
            form = _listed("".join(_form([tokens for tokens, _ in family])))
            general.update((template, form) for tokens, _ in family for template in shapes[tokens])
    return general


# ---- cut into tokens


def tokenise(template: str) -> Tokens:
    """Words with the blank that follows; a field's name apart from its value, a request's route in its segments."""
    found: list[str] = []
    words = [f"{word} " for word in template.split(" ")]
    words[-1] = words[-1][:-1]
    for number, word in enumerate(words):
        is_route = (number > 0 and words[number - 1].strip(" \"'[") in METHODS) or "=/" in word or "://" in word
        found += _ROUTE.split(word) if is_route else _FIELD.split(word)
    return tuple(found)


def _enclosed(template: str) -> Tokens:
    """The same, but what stands between brackets is one token; where they do not match, `tokenise`."""
    tokens = tokenise(template)
    found: list[str] = []
    depth = 0
    for token in tokens:
        found[len(found) - bool(depth) :] = [found[-1] + token if depth else token]
        for character in token:
            depth += _BRACKETS.get(character, 0)
            if depth < 0:
                return tokens
    return tokens if depth else tuple(found)


def _skeleton(tokens: Tokens) -> str:
    """What must be equal besides the length: where words end."""
    return "".join(" " if token.endswith(" ") else "." for token in tokens)


# ---- words in the place of a value


def _by_gaps(templates: Mapping[str, int]) -> dict[str, str]:
    """Where one template has a value, another that is the same before and behind it has two to four words: they are a value, too."""
    cut = {template: tokenise(template) for template in sorted(templates)}
    hosts: dict[tuple[int, int], tuple[str, int]] = {}
    for template, tokens in cut.items():
        before, behind = _ends(tokens)
        for place, token in enumerate(tokens):
            if is_value(token):
                hosts.setdefault((before[place], behind[place + 1]), (template, place))
    return {template: next(_hosts(tokens, cut, hosts), template) for template, tokens in cut.items()}


def _ends(tokens: Tokens) -> tuple[list[int], list[int]]:
    """Hashes of what stands before, and from, each place."""
    before, behind = [0], [0]
    for token in tokens:
        before.append(hash((before[-1], token)))
    for token in reversed(tokens):
        behind.append(hash((behind[-1], token)))
    return before, behind[::-1]


def _hosts(tokens: Tokens, cut: Mapping[str, Tokens], hosts: Mapping[tuple[int, int], tuple[str, int]]) -> Iterator[str]:
    before, behind = _ends(tokens)
    for width in _GAP:
        for place in range(len(tokens) - width + 1):
            gap = tokens[place : place + width]
            host, hole = hosts.get((before[place], behind[place + width]), ("", 0))
            if not host or cut[host] != (*tokens[:place], cut[host][hole], *tokens[place + width :]):
                continue
            if _is_gap(gap, cut[host][hole]) and sum(map(is_word, cut[host])) >= FEW:
                yield host


def _is_gap(gap: Tokens, value: str) -> bool:
    """Whether words may stand for the value: they end as it does, and name no fault."""
    if not all(map(is_word, gap)) or any(map(is_fault, gap)):
        return False
    one, two = _PUNCTUATION.match("".join(gap)), _PUNCTUATION.match(value)
    return one is not None and two is not None and one.groups() == two.groups()


# ---- the form


def _form(family: Sequence[Tokens]) -> Iterable[str]:
    """The tokens that stay, and for a parameter what its values have in common around it."""
    for column in zip(*family, strict=True):
        yield column[0] if len(set(column)) == 1 else _hole(sorted(set(column)))


def _hole(values: Sequence[str]) -> str:
    start, end = _shared(values), _shared([value[::-1] for value in values])[::-1]
    return f"{start}{ANY}{end}"


def _shared(values: Sequence[str]) -> str:
    """What all begin with, as long as it is punctuation: a common first letter says nothing."""
    first, last = values[0], values[-1]
    shared = next((first[:index] for index, (one, two) in enumerate(zip(first, last, strict=False)) if one != two), first)
    match = re.match(r"[^\w<>]*", shared)
    return match[0] if match else ""


def _listed(form: str) -> str:
    """Parameters in a row are one, and so is what repeats between commas: how many a line has is its list's length."""
    return _REPEATED.sub(r"\1", _LIST.sub(ANY, form)) if ANY in form or ", " in form or "," in form else form
