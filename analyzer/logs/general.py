"""Templates that are cases of one event: what masking cannot know by its form (a name, a state of a machine) is told by how it varies.

All templates of one level and length are looked at together, and each counts as often as its lines. After Yu et al., "Brain: Log
Parsing with Bidirectional Parallel Tree" (IEEE TSC 2023): the words of a line that are as frequent as each other are what its
statement prints always; lines that share them stand together. Where such lines differ, a place is a parameter when it takes many
values and nothing else hangs on which, and a word of the event when it takes few. Pure, deterministic, and its cost grows with
the number of templates times their length.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log1p

ANY = "<*>"
MANY = 4  # values that make a place a parameter …
FEW = 3  # … behind a word that announces one ("user", "host")
FIRST = 8  # … at the beginning, where a statement's own verb or noun stands
THIN = 10  # … in a template with fewer than three words that stay
_ANNOUNCING = re.compile(  # words that a name follows
    r"[(\[\"']*(?:users?|username|account|login|logname|for|by|from|host|hostname|node|pod|client|customer|tenant|service|task|job|worker|session"
    r"|table|database|db|queue|topic|key|file|directory|dir|module|device|interface|process|program|command|container|image|volume|bucket"
    r"|region|zone|cluster|group|role|index|shard|partition|member|peer|package|domain|realm|channel|named|called|name|id|feature|flag"
    r"|plugin|component|resource|namespace|consumer|producer|item|sku|product|tag|label|attribute|property|field|column)[:(\[\"']*",
    re.I,
)
_ACTION = re.compile(
    r"(?:[a-z]{2,}(?:ed|ing)|(?i:on|off|up|down|ok|yes|no|not|none|true|false|null|start|stop|open|close|begin|end|success|fail|failure"
    r"|enabled?|disabled?|ready|hit|miss|left|lost|sent|read|write|get|set|put|in|out|to|of|is|was|are|and|or))[.,;:!?)\]]*"
)
_FAULT = re.compile(
    r"\w*(?:Error|Exception|Failure|Fault|Panic|Timeout)\b|\bSIG[A-Z]{2,}|\bE[A-Z]{4,}\b(?<!ED)|\dxx"
    r"|[A-Z_]*(?:ERR|FAIL|INVALID|DENIED|TIMEOUT|TIMED|REFUSED|UNAVAILABLE|EXHAUSTED|EXCEED|UNKNOWN|ABORT|MISSING|_E_|UNAUTH|FORBIDDEN|OOM|KILL)[A-Z_]*"
)
_TELLING = re.compile(r"(?:status|state|result|error|reason|code|level|type|method|action|phase|outcome|event|cause|op|operation)=", re.I)
_STATE = re.compile(r"\W*[A-Z][A-Z0-9_]+\W*")
_VALUE = re.compile(r"[^\w<]*<(?:\w+|\*)>[^\w<]*")
_METHODS = {"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"}
_FIELD = re.compile(r"(?<==)|(?<=\()(?=[\w/<])")
_ROUTE = re.compile(r"(?<==)|(?<=[^\s/<:])(?=/[\w<])")

Tokens = tuple[str, ...]
Row = tuple[Tokens, int]


def generalise(templates: Mapping[str, int]) -> dict[str, str]:
    """Each template's general form, given how often each was seen (over both sides, all of one level)."""
    shapes: dict[Tokens, list[str]] = defaultdict(list)
    lengths: dict[tuple[int, str], Counter[Tokens]] = defaultdict(Counter)
    for template in sorted(templates):
        tokens = tokenise(template)
        shapes[tokens].append(template)
        lengths[len(tokens), _skeleton(tokens)][tokens] += templates[template]
    general: dict[str, str] = {}
    for rows in lengths.values():
        for family in _families(sorted(rows.items())):
            form = "".join(_form([tokens for tokens, _ in family]))
            general.update((template, form) for tokens, _ in family for template in shapes[tokens])
    return general


def tokenise(template: str) -> Tokens:
    """Words with the blank that follows; a field's name apart from its value, a request's route in its segments."""
    found: list[str] = []
    words = [f"{word} " for word in template.split(" ")]
    words[-1] = words[-1][:-1]
    for number, word in enumerate(words):
        is_route = (number > 0 and words[number - 1].strip(" \"'[") in _METHODS) or "=/" in word or "://" in word
        found += _ROUTE.split(word) if is_route else _FIELD.split(word)
    return tuple(found)


def _skeleton(tokens: Tokens) -> str:
    """What must be equal besides the length: where words end."""
    return "".join(" " if token.endswith(" ") else "." for token in tokens)


# ---- families


def _families(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    """Templates of one length, cut into events."""
    if len(rows) == 1:
        return [rows]
    seen: Counter[tuple[int, str]] = Counter()
    for tokens, count in rows:
        seen.update(dict.fromkeys(enumerate(tokens), count))
    roots: dict[tuple[tuple[int, str], ...], list[Row]] = defaultdict(list)
    for row in rows:
        roots[_root(row[0], seen)].append(row)
    return [family for same in roots.values() for family in _cut(same)]


def _root(tokens: Tokens, seen: Mapping[tuple[int, str], int]) -> tuple[tuple[int, str], ...]:
    """The words of a template that are as frequent as each other: most of them, weighed by how frequent."""
    words: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for place, token in enumerate(tokens):
        if _is_word(token):
            words[seen[place, token]].append((place, token))
    if not words:
        return ()
    best = max(words, key=lambda count: (len(words[count]) * log1p(count), count))
    return tuple(words[best])


def _is_word(token: str) -> bool:
    return "<" not in token and any(map(str.isalpha, token))


def _cut(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """One family when every place that varies is a parameter; else cut at the words of the place with the fewest, and again."""
    left: list[tuple[Sequence[Row], frozenset[int]]] = [(rows, frozenset())]  # no recursion: a log decides how deep it goes
    while left:
        part, opened = left.pop()
        values = [Counter(column) for column in zip(*(tokens for tokens, _ in part), strict=True)]
        varying = [place for place, each in enumerate(values) if len(each) > 1]
        opened = _opened(part, values, varying, opened) if varying else opened
        words = [place for place in varying if place not in opened]
        if not words:
            yield part
            continue
        _, place = min((len(values[place]), place) for place in words)
        parts: dict[str, list[Row]] = defaultdict(list)
        for row in part:
            parts[row[0][place]].append(row)
        left += ((each, opened) for each in parts.values())


def _opened(rows: Sequence[Row], values: Sequence[Counter[str]], varying: Sequence[int], opened: frozenset[int]) -> frozenset[int]:
    """The places that are parameters: enough values of the right kind, in lines that are otherwise the same."""
    tokens = rows[0][0]
    stays = sum(1 for place, each in enumerate(values) if len(each) == 1 and _is_word(tokens[place]))
    needed = {place: _needed(place, tokens[place - 1] if place else "", values[place], stays) for place in varying}
    found = {place for place in varying if place in opened or 0 < needed[place] <= len(values[place])}
    while True:
        alike: dict[Tokens, list[Tokens]] = defaultdict(list)
        for each, _ in rows:
            alike["", *(token for place, token in enumerate(each) if place not in found)].append(each)
        most = {place: max(len({each[place] for each in same}) for same in alike.values()) for place in found}
        weak = {place for place in found - opened if most[place] < needed[place]} | _dependent(rows, found - opened, needed)
        if not weak:
            return frozenset(found)
        found -= weak


def _needed(place: int, before: str, values: Counter[str], stays: int) -> int:
    """How many values make the place a parameter; 0 when none do."""
    if not stays or any(map(_FAULT.search, values)):
        return 0
    if any(map(_VALUE.fullmatch, values)) or all("<" in value for value in values):
        return 2
    if before.endswith("="):
        return MANY if _TELLING.search(before) else 2
    if sum(1 for value in values if _ACTION.fullmatch(value.strip())) * 4 > len(values):
        return 0
    return _needed_words(place, before, values, stays)


def _needed_words(place: int, before: str, values: Counter[str], stays: int) -> int:
    """The same for bare words: it hangs on what stands before them."""
    starts = not place or before.startswith("/") or not before.endswith((" ", "("))
    if not starts and _ANNOUNCING.fullmatch(before.strip()):
        return FEW
    if starts and all(value.endswith("(") for value in values):
        return MANY
    if stays < FEW:
        return THIN
    if all(map(_STATE.fullmatch, values)):
        return FEW
    return FIRST if starts else MANY


def _dependent(rows: Sequence[Row], places: Iterable[int], needed: Mapping[int, int]) -> set[int]:
    """Places of words whose value fixes another's and is fixed by it: a verb and its object are no parameters of one statement."""
    loose = sorted(place for place in places if needed[place] >= MANY)
    found: set[int] = set()
    for index, one in enumerate(loose):
        for two in loose[index + 1 :]:
            pairs = {(tokens[one], tokens[two]) for tokens, _ in rows}
            if len(pairs) == len({first for first, _ in pairs}) == len({second for _, second in pairs}) and len(rows) > 1:
                found |= {one, two}
    return found


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
