"""The permissions that a configuration needs: the one table for `check`, the documentation and the tests.

A new permission is a row. `must`: without it a run ends with an error, or does not do what its options say.
Without any other permission something is a stated gap, or is not reported.
"""

from collections.abc import Callable
from typing import Literal

from analyzer.common.value import Value
from analyzer.records import record_store
from analyzer.settings import Settings
from analyzer.target import names_target


class Need(Value):
    """A verb on a resource (`pods/log` is a subresource). `place` is the Rollout's namespace, or that of our
    own pod and its Job.

    `guard`: the command of that name needs it, too.
    """

    verb: str
    resource: str
    group: str
    why: str
    must: bool = False
    place: Literal["rollout", "job"] = "rollout"
    guard: bool = True

    def name(self) -> str:
        """Return the permission as people say it: `list pods.metrics.k8s.io`."""
        return f"{self.verb} {self.resource}{f'.{self.group}' if self.group else ''}"

    def rule(self) -> str:
        """Return the permission as a rule of a Role."""
        return f'{{apiGroups: ["{self.group}"], resources: [{self.resource}], verbs: [{self.verb}]}}'


When = Callable[[Settings], bool]


def _always(_settings: Settings) -> bool:
    return True


def _by_analysis(settings: Settings) -> bool:
    """Return True if the AnalysisRun says what is compared."""
    return not names_target(settings.where)


def _by_rollout(settings: Settings) -> bool:
    return _by_analysis(settings) or bool(settings.where.rollout)


def _writes_annotations(settings: Settings) -> bool:
    return "annotations" in settings.tell.effects


def _writes_events(settings: Settings) -> bool:
    return "event" in settings.tell.effects


def _pauses_rollout(settings: Settings) -> bool:
    return "pause" in (settings.policy.on_inconclusive, settings.policy.on_error)


def _saves_configmap(settings: Settings) -> bool:
    return record_store.is_configmap(settings.tell.save)


ARGO = "argoproj.io"

NEEDS: tuple[tuple[When, Need], ...] = (
    # who asks, and what is compared
    (_by_analysis, Need(verb="list", resource="pods", group="", why="our own pod", must=True, place="job")),
    (
        _by_analysis,
        Need(
            verb="get",
            resource="jobs",
            group="batch",
            why="our own: which AnalysisRun asks",
            must=True,
            place="job",
        ),
    ),
    (
        _by_analysis,
        Need(
            verb="get",
            resource="analysisruns",
            group=ARGO,
            why="which Rollout, which version, dry run",
            must=True,
        ),
    ),
    (
        _by_rollout,
        Need(verb="get", resource="rollouts", group=ARGO, why="which version is stable", must=True),
    ),
    (
        _by_analysis,
        Need(verb="get", resource="experiments", group=ARGO, why="only for the analyses of an Experiment"),
    ),
    (
        _by_analysis,
        Need(verb="list", resource="rollouts", group=ARGO, why="only for an AnalysisRun made by hand"),
    ),
    # what is seen of both sides
    (_always, Need(verb="list", resource="pods", group="", why="the two sides'", must=True)),
    (_always, Need(verb="get", resource="pods/log", group="", why="their logs", must=True, guard=False)),
    (_always, Need(verb="list", resource="events", group="", why="what happened to them", must=True)),
    (
        _always,
        Need(
            verb="list",
            resource="replicasets",
            group="apps",
            why="pods that could not be created, and what changed",
            must=True,
        ),
    ),
    (
        _by_rollout,
        Need(
            verb="list",
            resource="endpointslices",
            group="discovery.k8s.io",
            why="only where the Rollout names Services",
            guard=False,
        ),
    ),
    (
        _by_rollout,
        Need(
            verb="get",
            resource="services",
            group="",
            why="which ports they lead to; only where the Rollout names Services",
            guard=False,
        ),
    ),
    (_always, Need(verb="list", resource="pods", group="metrics.k8s.io", why="CPU and memory", guard=False)),
    (
        _always,
        Need(
            verb="get", resource="configmaps", group="", why="which keys differ, never a value", guard=False
        ),
    ),
    # what is told: each by its option
    (
        _writes_events,
        Need(verb="create", resource="events", group="", why="the Event on the Rollout and the AnalysisRun"),
    ),
    (_writes_events, Need(verb="patch", resource="events", group="", why="the same Event, over retries")),
    (
        _writes_annotations,
        Need(verb="patch", resource="analysisruns", group=ARGO, why="the answer, as annotations"),
    ),
    (
        _pauses_rollout,
        Need(
            verb="patch",
            resource="rollouts",
            group=ARGO,
            why="--on-inconclusive pause, --on-error pause",
            must=True,
        ),
    ),
    (
        _saves_configmap,
        Need(verb="create", resource="configmaps", group="", why="--save configmap:NAME", must=True),
    ),
    (
        _saves_configmap,
        Need(
            verb="patch",
            resource="configmaps",
            group="",
            why="--save configmap:NAME, over retries",
            must=True,
        ),
    ),
)


def find_needs(settings: Settings, *, guard: bool = False) -> tuple[Need, ...]:
    """Return the permissions that `analyze`, or `guard`, needs with these settings."""
    return tuple(need for when, need in NEEDS if when(settings) and (need.guard or not guard))
