"""The two sides of a rollout, and the target that they make."""

from typing import Literal

from analyzer.common.value import Moment, Value
from analyzer.target.argo import Analysis
from analyzer.target.rollout import Hashes

Role = Literal["stable", "canary"]
ROLES: tuple[Role, Role] = ("stable", "canary")


class Side(Value):
    """One side. `selector` is a Kubernetes label selector of its pods and ReplicaSets. `hash` is empty if it
    is unknown.
    """

    role: Role
    selector: str
    hash: str = ""


class Target(Value):
    """The namespace and the two sides. A side that does not exist (a first deploy has no stable) is None,
    never empty.

    `hashes` are the Rollout's two versions that the answer is about: those of the sides, except in an
    experiment, whose pods have other hashes. `dynamic_stable`: the stable side shrinks while the canary
    grows. `unserved`: the canary's pods belong to an experiment's template without a Service, so they get no
    traffic. `analysis` is the AnalysisRun that asked, or None.
    """

    namespace: str
    rollout: str = ""
    rollout_uid: str = ""
    hashes: Hashes | None = None
    dynamic_stable: bool = False
    unserved: bool = False
    stable: Side | None
    canary: Side | None
    how: str
    resolved_at: Moment
    analysis: Analysis | None = None

    def side(self, role: Role) -> Side | None:
        """Return the side in that role, or None."""
        return self.stable if role == "stable" else self.canary

    def name(self) -> str:
        """Return `namespace/rollout`, or `namespace NAME` if there is no rollout."""
        return f"{self.namespace}/{self.rollout}" if self.rollout else f"namespace {self.namespace}"
