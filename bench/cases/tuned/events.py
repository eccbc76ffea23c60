"""Events that tell the reason: pulls, liveness, hooks, sandboxes, scheduling."""

from functools import partial

from cases.case import NOT_PROMOTE, NOT_ROLLBACK, PROMOTE, ROLLBACK, Case
from cases.pods import ready, restarted, scheduled_after, unscheduled, waiting
from cases.scene import Event, Scene

case = partial(Case, family="events", half="tuned")

WORK = "$sql INFO order $int[1000,99999] accepted in $ms[4,90] ms"
BACK_OFF = waiting("ImagePullBackOff", 'Back-off pulling image "$image"')
UNREACHABLE = (
    "0/6 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 4 Insufficient cpu."
    " preemption: 0/6 nodes are available: 2 Preemption is not helpful for scheduling, 4 No preemption victims found for incoming pod."
)
LIVENESS = (
    Event(
        "Warning",
        "Unhealthy",
        'Liveness probe failed: Get "http://10.42.3.17:8080/livez": context deadline exceeded'
        " (Client.Timeout exceeded while awaiting headers)",
        12,
        0.06,
        0.93,
    ),
    Event("Normal", "Killing", "Container app failed liveness probe, will be restarted", 4, 0.11, 0.94),
)
STARTED = (
    Event("Normal", "Scheduled", "Successfully assigned shop/$pod to $node"),
    Event("Normal", "Pulling", 'Pulling image "$image"', 1, 0.001),
    Event(
        "Normal",
        "Pulled",
        'Successfully pulled image "$image" in 2.311s (2.311s including waiting). Image size: 81234567 bytes.',
        1,
        0.002,
    ),
    Event("Normal", "Created", "Created container app", 1, 0.003),
    Event("Normal", "Started", "Started container app", 1, 0.003),
)


def pulled(message: str) -> tuple[Event, ...]:
    """Return the events of an image that cannot be pulled, with the runtime's message."""
    return (
        STARTED[0],
        Event("Normal", "Pulling", 'Pulling image "$image"', 5, 0.01, 0.8),
        Event("Warning", "Failed", f'Failed to pull image "$image": {message}', 5, 0.02, 0.8),
        Event("Warning", "Failed", "Error: ErrImagePull", 5, 0.02, 0.8),
        Event("Normal", "BackOff", 'Back-off pulling image "$image"', 18, 0.05, 0.99),
    )


CASES = (
    case(
        "pull-rate-limit",
        ROLLBACK,
        "The canary's image is not pulled: the registry's limit is reached, again and again.",
        Scene(
            WORK,
            states=(BACK_OFF,),
            events=pulled(
                'failed to pull and unpack image "$image": failed to copy: httpReadSeeker: failed open: unexpected status code:'
                " 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit."
            ),
        ),
    ),
    case(
        "pull-not-found",
        ROLLBACK,
        "The canary's tag does not exist.",
        Scene(
            WORK,
            states=(BACK_OFF,),
            events=pulled(
                'rpc error: code = NotFound desc = failed to pull and unpack image "$image": failed to resolve reference'
                ' "$image": $image: not found'
            ),
            minutes=8,
        ),
    ),
    case(
        "pull-no-space",
        NOT_PROMOTE,
        "The canary never starts: its layers find no room on the node.",
        Scene(
            WORK,
            states=(BACK_OFF,),
            events=pulled(
                'failed to pull and unpack image "$image": failed to extract layer'
                " sha256:6f0a5b2c9d71: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/412/fs/usr/lib/libc.so:"
                " no space left on device"
            ),
        ),
    ),
    case(
        "liveness-137",
        ROLLBACK,
        "The canary is killed by its liveness probe four times, exit code 137.",
        Scene(
            WORK,
            states=(restarted(4, "Error", 137),),
            events=LIVENESS,
            previous=("$sql INFO warming the price table", "$sql INFO warming the price table, 40 % done"),
        ),
    ),
    case(
        "prestop-and-liveness",
        ROLLBACK,
        "The canary is killed by its liveness probe, and its preStop command is not in the image.",
        Scene(
            WORK,
            states=(restarted(5, "Error", 137, back_off=True, lasted=60),),
            events=(
                *LIVENESS,
                Event("Warning", "FailedPreStopHook", "PreStopHook failed", 4, 0.11, 0.94),
                Event(
                    "Warning", "BackOff", "Back-off restarting failed container app in pod $pod", 9, 0.3, 0.99
                ),
            ),
            minutes=12,
            previous=("$sql INFO listening on :8080",),
        ),
    ),
    case(
        "sandbox-not-created",
        NOT_PROMOTE,
        "No sandbox can be made for the canary's pod, so nothing was seen of it.",
        Scene(
            WORK,
            states=(waiting("ContainerCreating", ""),),
            events=(
                STARTED[0],
                Event(
                    "Warning",
                    "FailedCreatePodSandBox",
                    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "4b1e09d2":'
                    ' plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
                    38,
                    0.01,
                    0.98,
                ),
            ),
        ),
    ),
    case(
        "pull-and-start", PROMOTE, "The usual events of a start, and then work.", Scene(WORK, events=STARTED)
    ),
    case(
        "readiness-once",
        PROMOTE,
        "One readiness probe came before the port was open; the pod has been ready ever since.",
        Scene(
            WORK,
            events=(
                *STARTED,
                Event(
                    "Warning",
                    "Unhealthy",
                    'Readiness probe failed: Get "http://10.42.7.9:8080/readyz": dial tcp 10.42.7.9:8080: connect: connection refused',
                    1,
                    0.008,
                ),
            ),
        ),
    ),
    case(
        "scaled-up-for-it",
        PROMOTE,
        "The canary waited 70 seconds for a new node, and has worked well for nine minutes since.",
        Scene(
            WORK,
            states=(scheduled_after(70),),
            minutes=11,
            events=(
                Event(
                    "Warning", "FailedScheduling", "0/6 nodes are available: 6 Insufficient cpu.", 1, 0.001
                ),
                Event(
                    "Normal",
                    "TriggeredScaleUp",
                    "pod triggered scale-up: [{workers-a 6->7 (max: 12)}]",
                    1,
                    0.01,
                ),
                Event("Normal", "Scheduled", "Successfully assigned shop/$pod to $node", 1, 0.11),
                *STARTED[3:],
            ),
        ),
    ),
    case(
        "nodes-unreachable",
        NOT_ROLLBACK,
        "The canary's second pod has no node since nodes are unreachable, which is not its fault; the first works.",
        Scene(
            WORK,
            states=(ready, unscheduled(UNREACHABLE)),
            pods=(3, 2),
            weight=30,
            events=(Event("Warning", "FailedScheduling", UNREACHABLE, 6, 0.001, 0.9),),
        ),
    ),
    case(
        "prestop-of-stable",
        PROMOTE,
        "A pod of stable that was scaled down failed its preStop hook; the canary has none of it.",
        Scene(
            WORK,
            events=(
                *STARTED,
                Event("Normal", "Killing", "Stopping container app", 1, 0.99, side="stable"),
                Event("Warning", "FailedPreStopHook", "PreStopHook failed", 1, 0.995, side="stable"),
            ),
        ),
    ),
    case(
        "image-already-present",
        PROMOTE,
        "The image is on the node already; both pods start and work.",
        Scene(
            WORK,
            pods=(3, 2),
            weight=40,
            events=(
                STARTED[0],
                Event("Normal", "Pulled", 'Container image "$image" already present on machine', 1, 0.001),
                *STARTED[3:],
                Event("Normal", "SuccessfulCreate", "Created pod: $pod", 1, 0.0, of="ReplicaSet"),
            ),
        ),
    ),
)
