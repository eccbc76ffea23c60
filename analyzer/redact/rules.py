"""Rules: what a secret looks like, by which cheap cues it may be there, and tables of them applied until nothing changes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Rule:
    """`cues`: lower-case strings, one of which must be there before the pattern is tried; or a pattern that says so, of lower-case text.

    Its pattern's groups head and tail stay. It is compiled when it is first tried: most runs try none.
    """

    kind: str
    cues: tuple[str, ...] | re.Pattern[str]
    pattern: str

    @cached_property
    def _found(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def apply(self, text: str) -> str:
        """The text with a marker for what the pattern finds in it."""
        return self._found.sub(self._marked, text)

    def _marked(self, match: re.Match[str]) -> str:
        groups = match.groupdict()
        return f"{groups.get('head') or ''}[masked {self.kind}]{groups.get('tail') or ''}"


class Group:
    """Rules that are tried in their order, each where it has a cue in the text. What several share is looked for once."""

    def __init__(self, *rules: Rule) -> None:
        self._rules = rules
        literals = dict.fromkeys(cue for rule in rules if isinstance(rule.cues, tuple) for cue in rule.cues)
        self._literal = tuple(
            (cue, tuple(index for index, rule in enumerate(rules) if isinstance(rule.cues, tuple) and cue in rule.cues)) for cue in literals
        )
        patterns = dict.fromkeys(rule.cues for rule in rules if isinstance(rule.cues, re.Pattern))
        self._pattern = tuple((cue.search, tuple(index for index, rule in enumerate(rules) if rule.cues is cue)) for cue in patterns)

    def applied(self, text: str) -> str:
        """The text after one round."""
        lower = text.lower()
        found = [index for cue, those in self._literal if cue in lower for index in those]
        found += [index for search, those in self._pattern if search(lower) for index in those]
        for index in sorted(set(found)) if found else ():
            text = self._rules[index].apply(text)
        return text


class Table:
    """Groups of rules, in their order. `may_hold` says of a text, at once, which of them may find something in it; of most texts, none."""

    def __init__(self, may_hold: Callable[[str], tuple[bool, ...]], *groups: Group) -> None:
        self._may_hold, self._groups = may_hold, groups

    def applied(self, text: str) -> str:
        """The text after rounds until nothing changes, which is idempotent. Each round takes characters away that no rule puts back."""
        while True:
            before = text
            for may, group in zip(self._may_hold(text), self._groups, strict=True):
                if may:
                    text = group.applied(text)
            if text == before:
                return text
