"""Templates that are cases of one event: those of one length first (`families.py`), then those that differ in
length.

Two lines of one statement differ in length where a parameter has several words: in brackets, in a list, in a
text in the place of a number. Pure and deterministic.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from analyzer.logs.families import Tokens, families
from analyzer.logs.mask import LONGEST_EVENT
from analyzer.logs.methods import METHODS
from analyzer.logs.text_slots import ANY, by_ends, by_gaps, by_objects

# A field's name with its "=", and an opening bracket of a call or an index. A "=" inside of a value is a
# letter of it.
_FIELD = re.compile(
    r"(?:^|(?<=[,;&?(\[{\"'|]))[^\s,;&?(\[{\"'|=/]+=|\((?=[\w/<])|^[\w.:-]+\[(?=[\w/<][^\[\]]*\][^\[\]]*$)"
)
_ROUTE = re.compile(r"(?<==)|(?<=[^\s/<:])(?=/[\w<])")
_LIST = re.compile(r"<\*>(?:(?:, ?|; ?| )<\*>)+")
_REPEATED = re.compile(r"(?<![\w>])(?=[^,<]{0,60}<[^,])([^,]{2,121}+)(?:,\s?\1)+(?![\w<])")
_MARKS = re.compile(r"[^\w<>]*")
_BRACKETS = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}


def generalise(templates: Mapping[str, int]) -> dict[str, str]:
    """Return each template's general form, given how often each was seen (over both sides, all of one level).

    One that is longer than any that masking makes, as a bundle may hold, is its own: what this takes grows
    with the pairs of its places.
    """
    general = {template: template for template in templates if len(template) <= LONGEST_EVENT}
    for step in (_by_words, _by_brackets, _texts):
        seen: Counter[str] = Counter()
        for template, form in general.items():
            seen[form] += templates[template]
        forms = step(seen)
        general = {template: forms[form] for template, form in general.items()}
    return {template: general.get(template, template) for template in templates}


def _by_words(templates: Mapping[str, int]) -> dict[str, str]:
    return _by_families(templates, tokenise)


def _by_brackets(templates: Mapping[str, int]) -> dict[str, str]:
    return _by_families(templates, _enclosed)


def _texts(templates: Mapping[str, int]) -> dict[str, str]:
    """Return words in the place of a value, and texts that several verbs have."""
    gaps = by_gaps({template: tokenise(template) for template in sorted(templates)})
    ends = by_ends(set(gaps.values()))
    whole = {template: ends.get(form, form) for template, form in gaps.items()}
    objects = by_objects(set(whole.values()))
    return {template: objects.get(form, form) for template, form in whole.items()}


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
    """Return words with the blank that follows; a field's name apart from its value, a request's route in its
    segments.
    """
    tokens: list[str] = []
    words = [f"{word} " for word in template.split(" ")]
    words[-1] = words[-1][:-1]
    for number, word in enumerate(words):
        if "/" in word and (
            (number > 0 and words[number - 1].strip(" \"'[") in METHODS) or "=/" in word or "://" in word
        ):
            tokens += _ROUTE.split(word)
        elif "=" in word or "(" in word or "[" in word:
            tokens += _fields(word)
        else:
            tokens.append(word)
    return tuple(tokens)


@lru_cache(maxsize=16384)
def _fields(word: str) -> Tokens:
    ends = [0, *(match.end() for match in _FIELD.finditer(word)), len(word)]
    return tuple(word[start:end] for start, end in pairwise(ends))


def _enclosed(template: str) -> Tokens:
    """Return the same, but what stands between brackets is one token; where they do not match, `tokenise`."""
    tokens = tokenise(template)
    enclosed: list[str] = []
    depth = 0
    for token in tokens:
        enclosed[len(enclosed) - bool(depth) :] = [enclosed[-1] + token if depth else token]
        for character in token:
            depth += _BRACKETS.get(character, 0)
            if depth < 0:
                return tokens
    return tokens if depth else tuple(enclosed)


def _skeleton(tokens: Tokens) -> str:
    """Return what must be equal besides the length: where words end."""
    return "".join(" " if token.endswith(" ") else "." for token in tokens)


# ---- the form


def _form(family: Sequence[Tokens]) -> Iterable[str]:
    """Yield the tokens that stay, and for a parameter what its values have in common around it."""
    for column in zip(*family, strict=True):
        yield column[0] if len(set(column)) == 1 else _hole(sorted(set(column)))


def _hole(values: Sequence[str]) -> str:
    start, end = _shared(values), _shared([value[::-1] for value in values])[::-1]
    return f"{start}{ANY}{end}"


def _shared(values: Sequence[str]) -> str:
    """Return what all begin with, as long as it is punctuation: a common first letter says nothing."""
    first, last = values[0], values[-1]
    shared = next(
        (first[:index] for index, (one, two) in enumerate(zip(first, last, strict=False)) if one != two),
        first,
    )
    match = _MARKS.match(shared)
    return match[0] if match else ""


def _listed(form: str) -> str:
    """Merge parameters in a row, and what repeats between commas: how many a line has is its
    list's length.
    """
    return _REPEATED.sub(r"\1", _LIST.sub(ANY, form)) if ANY in form or ", " in form or "," in form else form
