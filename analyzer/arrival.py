"""Where a run begins: connected, with who asks and what is compared, before anything was looked at."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from analyzer import target
from analyzer.cluster import Cluster, kubeconfig
from analyzer.deadline import Deadline
from analyzer.effects import pause
from analyzer.errors import AnalyzerError
from analyzer.evidence.interface import Gap, Scene, Window
from analyzer.records import retention
from analyzer.settings import Settings, Where
from analyzer.target import argo
from analyzer.target.argo import Analysis

Say = Callable[[str], None]


@dataclass(frozen=True)
class Arrival:
    """Where we are before anything was looked at: the scene, what is not known of who asks, and when its window ended (monotonic)."""

    scene: Scene
    gaps: tuple[Gap, ...]
    begun: float

    def now(self) -> datetime:
        """The cluster's time now."""
        return self.scene.window.end + timedelta(seconds=time.monotonic() - self.begun)


def arrive(settings: Settings, deadline: Deadline, say: Say) -> Arrival:
    """Connects, and finds out who asks and what is compared. Raises UsageError or InfrastructureError."""
    say("resolving the target")
    if target.given(settings.where) or not kubeconfig.in_pod():
        target.check(settings.where)  # before anybody is asked: what was asked wrongly stays wrong, whether the API answers or not
    cluster = connected(settings.where, deadline)
    now, begun = cluster.now(), time.monotonic()
    analysis, unknown = caller(cluster, settings.where, deadline)
    found = target.resolve(cluster, settings.where, now, analysis)
    pause.check(settings.policy, found)
    window = Window(start=now - timedelta(seconds=settings.look.since), end=now)
    keep = retention.mask(settings.hide)
    scene = Scene(cluster=cluster, target=found, window=window, look=settings.look, deadline=deadline, redact=keep)
    return Arrival(scene, unknown, begun)


def connected(where: Where, deadline: Deadline) -> Cluster:
    """The workload's cluster. Raises UsageError or Unavailable."""
    return Cluster.connect(where.kubeconfig, where.context, deadline)


def caller(workload: Cluster, where: Where, deadline: Deadline) -> tuple[Analysis | None, tuple[Gap, ...]]:
    """The AnalysisRun whose Job this is. Where a target was given, not to find it is a gap: nobody but Argo is told less."""
    given = target.given(where)
    if not kubeconfig.in_pod() or (given and not argo.likely()):
        return None, ()
    try:
        return argo.caller(Cluster.own(deadline), workload), ()
    except AnalyzerError as error:
        if not given:
            raise
        reason = f"which AnalysisRun asks is not known: {error}"
        return None, (Gap(source="argo", side=None, reason=reason, advice=error.advice, minor=True),)
