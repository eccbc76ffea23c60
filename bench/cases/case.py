"""A labelled case: a scene, the outcomes that are right for it, and why."""

from dataclasses import dataclass
from typing import Any, Literal

from cases.scene import Scene, bundle

Half = Literal["tuned", "scored"]
Outcome = Literal["promote", "rollback", "inconclusive"]

ROLLBACK: frozenset[Outcome] = frozenset({"rollback"})
NOT_PROMOTE: frozenset[Outcome] = frozenset({"rollback", "inconclusive"})
PROMOTE: frozenset[Outcome] = frozenset({"promote"})
NOT_ROLLBACK: frozenset[Outcome] = frozenset({"promote", "inconclusive"})
LABELS = (ROLLBACK, NOT_PROMOTE, PROMOTE, NOT_ROLLBACK)


@dataclass(frozen=True)
class Case:
    """One case. `right` are the outcomes that a careful engineer on call would accept; `why` says so in one
    sentence.
    """

    name: str
    right: frozenset[Outcome]
    why: str
    scene: Scene
    family: str
    half: Half

    @property
    def harmless(self) -> bool:
        """Whether nothing is wrong with the canary: a promote is right."""
        return "promote" in self.right

    def bundle(self) -> dict[str, Any]:
        """Return the case as an evidence bundle with raw logs: the same for the same name."""
        return bundle(self.scene, f"{self.family} {self.name}")
