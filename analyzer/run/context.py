"""The start of a run: the connection, the AnalysisRun that asks, and the sides to compare, before anything is
read.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from analyzer import target
from analyzer.cluster import Cluster, kubeconfig
from analyzer.common.deadline import Deadline
from analyzer.effects import pause
from analyzer.errors import AnalyzerError
from analyzer.evidence.interface import Gap, SourceContext, Window
from analyzer.records import retention
from analyzer.settings import Settings, Where
from analyzer.target import argo
from analyzer.target.argo import Analysis

Say = Callable[[str], None]


@dataclass(frozen=True)
class RunContext:
    """What is known before anything is read: the scene, gaps in what is known of who asks, and when the
    scene's window ended (monotonic).
    """

    scene: SourceContext
    gaps: tuple[Gap, ...]
    begun: float

    def now(self) -> datetime:
        """Return the cluster's present time."""
        return self.scene.window.end + timedelta(seconds=time.monotonic() - self.begun)


def prepare(settings: Settings, deadline: Deadline, say: Say) -> RunContext:
    """Connect to the cluster, and find out who asks and what is compared. Raise UsageError or
    InfrastructureError.
    """
    say("resolving the target")
    if target.names_target(settings.where) or not kubeconfig.in_pod():
        # before any request: a usage error must not depend on whether the API answers
        target.check_target(settings.where)
    cluster = connect(settings.where, deadline)
    now, begun = cluster.now(), time.monotonic()
    analysis, unknown = find_caller(cluster, settings.where, deadline)
    resolved = target.resolve(cluster, settings.where, now, analysis)
    pause.check_policy(settings.policy, resolved)
    window = Window(start=now - timedelta(seconds=settings.look.since), end=now)
    keep = retention.make_mask(settings.hide)
    scene = SourceContext(
        cluster=cluster, target=resolved, window=window, look=settings.look, deadline=deadline, redact=keep
    )
    return RunContext(scene, unknown, begun)


def connect(where: Where, deadline: Deadline) -> Cluster:
    """Return a connection to the workload's cluster. Raise UsageError or Unavailable."""
    return Cluster.connect(where.kubeconfig, where.context, deadline)


def find_caller(
    workload: Cluster, where: Where, deadline: Deadline
) -> tuple[Analysis | None, tuple[Gap, ...]]:
    """Return the AnalysisRun whose Job this is, None if there is none.

    If a target was given, an unknown AnalysisRun is a gap, since only Argo is told less then. If not, raise
    the error.
    """
    has_target = target.names_target(where)
    if not kubeconfig.in_pod() or (has_target and not argo.looks_like_argo_job()):
        return None, ()
    try:
        return argo.find_analysis(Cluster.connect_own(deadline), workload), ()
    except AnalyzerError as error:
        if not has_target:
            raise
        reason = f"which AnalysisRun asks is not known: {error}"
        return None, (Gap(source="argo", side=None, reason=reason, advice=error.advice, minor=True),)
