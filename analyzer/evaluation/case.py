"""A labelled case: a bundle or record, and the answer that is right for it."""

from typing import Literal

from analyzer.common.value import Value

Answer = Literal["promote", "rollback", "inconclusive"]
ANSWERS: tuple[Answer, ...] = ("promote", "rollback", "inconclusive")


class Label(Value):
    """What is right for a case, and why.

    `outcome`: rollback where the canary has a fault of its own, promote where it has none, inconclusive where
    nobody knows. `decidable`: false where the evidence does not tell, whatever the truth is; inconclusive is
    right then. `also` are outcomes that are right as well. `family` is the mechanism that cases have in
    common. `finding` is the one that decides: its kind, its key, or words of its sentence or samples.
    `split` is the part of the set that the case is of, such as tuned or scored. `source` says what the label
    was made from.
    """

    outcome: Answer
    decidable: bool = True
    also: tuple[Answer, ...] = ()
    family: str = ""
    finding: str = ""
    why: str = ""
    split: str = ""
    source: str = ""

    def is_decidable(self) -> bool:
        """Return whether the evidence is enough for an answer."""
        return self.decidable and self.outcome != "inconclusive"

    def right(self) -> frozenset[str]:
        """Return the outcomes that are right."""
        first: Answer = self.outcome if self.is_decidable() else "inconclusive"
        return frozenset((first, *self.also))


class Case(Value):
    """A case of a folder. `name` is the place of its file in that folder, without what follows the first dot
    of the file's name.
    """

    name: str
    path: str
    label: Label

    def family(self) -> str:
        """Return the label's family, or that it has none."""
        return self.label.family or "(no family)"
