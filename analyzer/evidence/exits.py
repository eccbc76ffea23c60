"""How the first runs of each container ended. A pod's state has only its last end, and seldom the one before,
so this is collected over several looks.
"""

from collections.abc import Iterator

from analyzer.common.value import Moment, Value
from analyzer.evidence.interface import Part
from analyzer.evidence.pods import Container, Pods, State
from analyzer.target import Role

RUNS_KEPT = 3  # runs of a container that are remembered


class ContainerExit(Value):
    """The end of one run of a container. `run` is 0 for its first start.

    `alone` means that another container of the pod was not ready when this end was first seen.
    """

    pod: str
    container: str
    run: int
    code: int | None
    reason: str = ""
    started_at: Moment | None = None
    finished_at: Moment | None = None
    alone: bool = False


class Exits(Part, tag="exits"):
    """The exits of one side's pods that existed at the last look, by pod, container and run."""

    side: Role
    exits: tuple[ContainerExit, ...]

    def of_container(self, pod: str, container: str) -> tuple[ContainerExit, ...]:
        """Return one container's exits, the first run first."""
        return tuple(ended for ended in self.exits if (ended.pod, ended.container) == (pod, container))


def add_ended_runs(before: Exits | None, pods: Pods) -> Exits:
    """Return the exits known before, of pods that still exist, and those that one more look at the pods
    shows.
    """
    assert pods.side is not None
    names = {pod.name for pod in pods.pods}
    known = {
        (ended.pod, ended.container, ended.run): ended
        for ended in (before.exits if before else ())
        if ended.pod in names
    }
    for pod in pods.pods:
        for container in pod.containers:
            if container.type == "ephemeral":
                continue
            alone = not all(
                other.ready
                for other in pod.containers
                if other.name != container.name and other.type in ("main", "sidecar")
            )
            for run, state in _ended_runs(container):
                known.setdefault(
                    (pod.name, container.name, run), _exit(pod.name, container.name, run, state, alone=alone)
                )
    return Exits(side=pods.side, exits=tuple(known[key] for key in sorted(known)))


def _ended_runs(container: Container) -> Iterator[tuple[int, State]]:
    """Return the number and the end of each of the first runs whose end the container's state has.

    The number of restarts is the number of the present run, and in back-off that of the run that ended last.
    """
    now, last = container.state, container.last_state
    ended = [(container.restarts, now)] if now.kind == "terminated" else []
    if last is not None and last.kind == "terminated":
        ended.append((container.restarts - (now.kind in ("running", "terminated")), last))
    return ((run, state) for run, state in ended if 0 <= run < RUNS_KEPT)


def _exit(pod: str, container: str, run: int, state: State, *, alone: bool) -> ContainerExit:
    return ContainerExit(
        pod=pod,
        container=container,
        run=run,
        code=state.exit_code,
        reason=state.reason,
        started_at=state.started_at,
        finished_at=state.finished_at,
        alone=alone,
    )
