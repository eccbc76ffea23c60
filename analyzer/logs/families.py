"""Templates of one length, cut into events: what masking cannot know by its form (a name, a state of a
machine) is told by how it varies.

All templates of one level and length are looked at together, and each counts as often as its lines. After Yu
et al., "Brain: Log Parsing with Bidirectional Parallel Tree" (IEEE TSC 2023): the words of a line that are as
frequent as each other are what its statement prints always; lines that share them stand together. Where such
lines differ, a place is a parameter when it takes many values and nothing else hangs on which, and a word of
the event when it takes few. The cost grows with the number of templates times their length.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from math import log1p

from analyzer.logs.slots import FEW_ANNOUNCED, MANY, count_needed, is_fault, is_word

Tokens = tuple[str, ...]
TokenRow = tuple[Tokens, int]
_SEPARATORS = (", ", "; ")


def families(rows: Sequence[TokenRow]) -> Iterable[Sequence[TokenRow]]:
    """Return templates of one length, cut into events."""
    if len(rows) == 1:
        return [rows]
    seen: Counter[tuple[int, str]] = Counter()
    for tokens, count in rows:
        seen.update(dict.fromkeys(enumerate(tokens), count))
    roots: dict[tuple[tuple[int, str], ...], list[TokenRow]] = defaultdict(list)
    for row in rows:
        roots[_root(row[0], seen)].append(row)
    return [family for same in roots.values() for family in _cut(same)]


def _root(tokens: Tokens, seen: Mapping[tuple[int, str], int]) -> tuple[tuple[int, str], ...]:
    """Return the words of a template that are as frequent as each other: most of them, weighed by how
    frequent.
    """
    words: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for place, token in enumerate(tokens):
        if is_word(token):
            words[seen[place, token]].append((place, token))
    if not words:
        return ()
    best = max(words, key=lambda count: (len(words[count]) * log1p(count), count))
    return tuple(words[best])


def _cut(rows: Sequence[TokenRow]) -> Iterator[Sequence[TokenRow]]:
    """Yield one family when every place that varies is a parameter; else cut at the words of the place with
    the fewest, and again.
    """
    # no recursion: a log decides how deep it goes
    left: list[tuple[Sequence[TokenRow], frozenset[int]]] = [(rows, frozenset())]
    while left:
        part, opened = left.pop()
        values = [Counter(column) for column in zip(*(tokens for tokens, _ in part), strict=True)]
        varying = [place for place, words in enumerate(values) if len(words) > 1]
        opened = _opened(part, values, varying, opened) if varying else opened
        words = [place for place in varying if place not in opened]
        if not words:
            yield part
            continue
        _, place = min((len(values[place]), place) for place in words)
        # states, one of which is a fault
        mixed = sum(1 for value in values[place] if not is_fault(value)) >= FEW_ANNOUNCED
        parts: dict[str, list[TokenRow]] = defaultdict(list)
        for row in part:
            value = row[0][place]
            parts["" if mixed and not is_fault(value) else value].append(row)
        left += ((smaller, opened) for smaller in (parts.values() if len(parts) > 1 else _apart(part, place)))


def _apart(rows: Sequence[TokenRow], place: int) -> Iterable[list[TokenRow]]:
    parts: dict[str, list[TokenRow]] = defaultdict(list)
    for row in rows:
        parts[row[0][place]].append(row)
    return parts.values()


def _opened(
    rows: Sequence[TokenRow], values: Sequence[Counter[str]], varying: Sequence[int], opened: frozenset[int]
) -> frozenset[int]:
    """Return the places that are parameters: enough values of the right kind, in lines that are otherwise the
    same.
    """
    tokens = rows[0][0]
    stays = sum(1 for place, words in enumerate(values) if len(words) == 1 and is_word(tokens[place]))
    kin = _kin(values, varying)
    need = {
        place: count_needed(place, _before(tokens, place), values[place], stays, kin=place in kin)
        for place in varying
    }
    candidates = {
        place for place in varying if need[place] and (place in opened or need[place] <= len(values[place]))
    }
    while True:
        alike: dict[Tokens, list[Tokens]] = defaultdict(list)
        for row, _ in rows:
            alike["", *(token for place, token in enumerate(row) if place not in candidates)].append(row)
        most = {
            place: max(len({row[place] for row in same}) for same in alike.values()) for place in candidates
        }
        weak = {place for place in candidates - opened if most[place] < need[place]} | _dependent(
            rows, candidates - opened, need
        )
        if not weak:
            return frozenset(candidates)
        candidates -= weak


def _before(tokens: Tokens, place: int) -> str:
    """Return what stands before a place; of a field in a sentence ("user = bob", or in a list "pid: 7; task:
    none") as "user=".
    """
    before = tokens[place - 1] if place else ""
    if before == "= " and place > 1:
        return f"{tokens[place - 2].strip()}="
    if before.endswith(": ") and sum(map(_is_listed, tokens, tokens[1:])) > 1:
        starts = place < 2 or tokens[place - 2].endswith((*_SEPARATORS, ". ", ": "))
        return f"{before[:-2]}=" if starts else before
    return before


def _is_listed(token: str, behind: str) -> bool:
    return token.endswith(_SEPARATORS) and behind.endswith(": ")


def _kin(values: Sequence[Counter[str]], varying: Sequence[int]) -> set[int]:
    """Return places that take the same words as another: "from RUNNING to DONE" is of one kind twice, where
    no two verbs would be.
    """
    said = {
        place: {word for value in values[place] if len(word := value.strip(" .,;:!?()[]\"'")) > 1}
        for place in varying
    }
    places = Counter(chain.from_iterable(said.values()))
    bits = {
        word: 1 << number for number, word in enumerate(word for word, count in places.items() if count > 1)
    }
    shared = [
        (place, len(words), sum(bits.get(word, 0) for word in words))
        for place, words in said.items()
        if len(words) > 1
    ]
    kin: set[int] = set()
    for (one, few, mine), (two, many, theirs) in combinations(shared, 2):
        if (mine & theirs).bit_count() * 2 > min(few, many):
            kin |= {one, two}
    return kin


def _dependent(rows: Sequence[TokenRow], places: Iterable[int], need: Mapping[int, int]) -> set[int]:
    """Return places of words whose value fixes another's and is fixed by it: a verb and its object are no
    parameters of one statement.
    """
    if len(rows) < 2:
        return set()
    # by which rows have one value: the same where one place fixes the other
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place in places:
        if need[place] >= MANY:
            firsts: dict[str, int] = {}
            alike[
                tuple(firsts.setdefault(tokens[place], row) for row, (tokens, _) in enumerate(rows))
            ].append(place)
    return {place for same in alike.values() if len(same) > 1 for place in same}
