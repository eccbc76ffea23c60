"""Pods as the API reports them: ready, or in the states in which starts get stuck. JSON of the bundle's pods
part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Seat:
    """What every pod has: name, ReplicaSet, hash, node, image, when it was created, and the end of the
    window.
    """

    name: str
    owner: str
    hash: str
    node: str
    image: str
    created: datetime
    end: datetime


State = Callable[[Seat], Json]


def stamp(at: datetime) -> str:
    """Return the time as a bundle has it."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


def ready(seat: Seat) -> Json:
    """Return a pod that has been ready since ten seconds after its creation."""
    return _pod(seat, phase="Running", state=_running(seat.created, 2), is_ready=True)


def scheduled_after(seconds: float) -> State:
    """Return a pod that got its node so many seconds after its creation, and has been ready since ten seconds
    after that.
    """

    def state(seat: Seat) -> Json:
        late = replace(seat, created=seat.created + timedelta(seconds=seconds))
        return {**ready(late), "created_at": stamp(seat.created)}

    return state


def waiting(reason: str, message: str) -> State:
    """Return a pod whose container was never started, with the kubelet's reason."""
    return lambda seat: _pod(
        seat,
        phase="Pending",
        state={"kind": "waiting", "reason": reason, "message": message.replace("$image", seat.image)},
    )


def restarted(restarts: int, reason: str, code: int, *, back_off: bool = False, lasted: float = 90) -> State:
    """Return a pod whose container ended so often, the last time after `lasted` seconds; it runs again, or
    waits to.
    """

    def state(seat: Seat) -> Json:
        ended = seat.end - timedelta(seconds=40)
        last = {
            "kind": "terminated",
            "reason": reason,
            "exit_code": code,
            "started_at": stamp(ended - timedelta(seconds=lasted)),
            "finished_at": stamp(ended),
        }
        waits = {
            "kind": "waiting",
            "reason": "CrashLoopBackOff",
            "message": f"back-off 1m20s restarting failed container=app pod={seat.name}",
        }
        now = waits if back_off else _running(ended, 2)
        return _pod(seat, phase="Running", state=now, last_state=last, restarts=restarts)

    return state


def restarted_early(seat: Seat) -> Json:
    """Return a pod whose container ended once, four seconds after its first start, and has run since."""
    ended = seat.created + timedelta(seconds=6)
    last = {
        "kind": "terminated",
        "reason": "Error",
        "exit_code": 1,
        "started_at": stamp(seat.created + timedelta(seconds=2)),
        "finished_at": stamp(ended),
    }
    more = {"last_state": last, "restarts": 1}
    return _pod(seat, phase="Running", state=_running(ended, 2), is_ready=True, **more)


def unready(seat: Seat) -> Json:
    """Return a pod that runs and was never ready."""
    return _pod(seat, phase="Running", state=_running(seat.created, 2))


def unscheduled(message: str) -> State:
    """Return a pod without a node, with the scheduler's words."""

    def state(seat: Seat) -> Json:
        condition = {"type": "PodScheduled", "status": "False", "since": stamp(seat.created)}
        told = {**condition, "reason": "Unschedulable", "message": message}
        return {**_bare(seat), "node": "", "phase": "Pending", "started_at": None, "conditions": [told]}

    return state


def initializing(name: str, image: str) -> State:
    """Return a pod whose init container runs and does not end."""

    def state(seat: Seat) -> Json:
        waits = {"kind": "waiting", "reason": "PodInitializing", "message": ""}
        pod = _pod(seat, phase="Pending", state=waits)
        init = {**_container(name, image, _running(seat.created, 3)), "type": "init", "startup_seconds": 0}
        missing = {
            "reason": "ContainersNotInitialized",
            "message": f"containers with incomplete status: [{name}]",
        }
        conditions = [
            {**condition, "status": "False", **missing} if condition["type"] == "Initialized" else condition
            for condition in pod["conditions"]
        ]
        return {**pod, "containers": [init, *pod["containers"]], "conditions": conditions}

    return state


def _bare(seat: Seat) -> Json:
    created = stamp(seat.created)
    pod = {
        "name": seat.name,
        "owner": seat.owner,
        "hash": seat.hash,
        "node": seat.node,
        "created_at": created,
        "started_at": created,
    }
    return {**pod, "containers": [_container("app", seat.image, {"kind": "unknown"})]}


def _pod(seat: Seat, *, phase: str, state: Json, is_ready: bool = False, **more: Any) -> Json:
    container = {**_container("app", seat.image, state), "ready": is_ready, **more}
    status = "True" if is_ready else "False"
    reason = "" if is_ready else "ContainersNotReady"
    since = {"PodScheduled": 0, "Initialized": 1, "ContainersReady": 10, "Ready": 10}
    conditions = [
        {
            "type": name,
            "status": status if name.endswith("Ready") else "True",
            "reason": reason if name.endswith("Ready") else "",
            "since": stamp(seat.created + timedelta(seconds=seconds)),
        }
        for name, seconds in since.items()
    ]
    return {**_bare(seat), "phase": phase, "conditions": conditions, "containers": [container]}


def _container(name: str, image: str, state: Mapping[str, Any]) -> Json:
    container = {
        "name": name,
        "type": "main",
        "image": image,
        "ready": False,
        "restarts": 0,
        "state": dict(state),
    }
    return {**container, "last_state": None, "startup_seconds": 30, "requests": {}, "limits": {}}


def _running(since: datetime, seconds: float) -> Json:
    return {"kind": "running", "started_at": stamp(since + timedelta(seconds=seconds))}
