"""Rules: what a secret looks like, by which cheap cues it may be there, and a table of them applied until nothing changes."""

import re
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


class Table:
    """Rules in their order, and which of them a text may need: one look for each literal cue, as cheap as Python has it."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._literal = tuple((cue, index) for index, rule in enumerate(rules) if isinstance(rule.cues, tuple) for cue in rule.cues)
        self._pattern = tuple((rule.cues, index) for index, rule in enumerate(rules) if isinstance(rule.cues, re.Pattern))

    def applied(self, text: str) -> str:
        """The text after rounds until nothing changes, which is idempotent. Each round takes characters away that no rule puts back."""
        while True:
            before, lower = text, text.lower()
            found = [index for cue, index in self._literal if cue in lower]
            found += [index for cue, index in self._pattern if cue.search(lower)]
            for index in sorted(set(found)):
                text = self._rules[index].apply(text)
            if text == before:
                return text
