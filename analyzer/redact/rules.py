"""Redaction rules: what a secret looks like, by which cheap cues it may be there, and tables of rules applied
until nothing changes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class RedactionRule:
    """A pattern of a secret. `cues` are lower-case strings, one of which must be in the text before the
    pattern is tried; or a pattern of lower-case text that says so.

    The pattern's groups head and tail stay. It is compiled when it is first tried, because most runs try
    none.
    """

    kind: str
    cues: tuple[str, ...] | re.Pattern[str]
    pattern: str

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def apply(self, text: str) -> str:
        """Return the text with a marker for each match."""
        return self._compiled.sub(self._marker, text)

    def _marker(self, match: re.Match[str]) -> str:
        groups = match.groupdict()
        return f"{groups.get('head') or ''}[masked {self.kind}]{groups.get('tail') or ''}"


class RuleGroup:
    """Rules that are tried in their order, each if one of its cues is in the text. A shared cue is searched
    once.
    """

    def __init__(self, *rules: RedactionRule) -> None:
        self._rules = rules
        literals = dict.fromkeys(cue for rule in rules if isinstance(rule.cues, tuple) for cue in rule.cues)
        self._literal = tuple(
            (
                cue,
                tuple(
                    index
                    for index, rule in enumerate(rules)
                    if isinstance(rule.cues, tuple) and cue in rule.cues
                ),
            )
            for cue in literals
        )
        patterns = dict.fromkeys(rule.cues for rule in rules if isinstance(rule.cues, re.Pattern))
        self._pattern = tuple(
            (cue.search, tuple(index for index, rule in enumerate(rules) if rule.cues is cue))
            for cue in patterns
        )

    def apply(self, text: str) -> str:
        """Return the text after one round."""
        lower = text.lower()
        candidates = [index for cue, those in self._literal if cue in lower for index in those]
        candidates += [index for search, those in self._pattern if search(lower) for index in those]
        for index in sorted(set(candidates)) if candidates else ():
            text = self._rules[index].apply(text)
        return text


class Table:
    """Groups of rules, in their order. `may_hold` tells quickly which groups may find something in a text;
    for most texts, none.
    """

    def __init__(self, may_hold: Callable[[str], tuple[bool, ...]], *groups: RuleGroup) -> None:
        self._may_hold, self._groups = may_hold, groups

    def apply(self, text: str) -> str:
        """Return the text after rounds until nothing changes, so it is idempotent. Each round removes
        characters that no rule puts back.
        """
        while True:
            before = text
            for may, group in zip(self._may_hold(text), self._groups, strict=True):
                if may:
                    text = group.apply(text)
            if text == before:
                return text
