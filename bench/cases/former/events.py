"""Events that tell the reason, of other clusters."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.pods import restarted, waiting
from cases.scene import Event, Scene

case = partial(Case, family="events", half="tuned")

WORK = "$iso badge $int[1000,99999] printed in $ms[4,90] ms"
RUNS = (
    Event("Normal", "Scheduled", "Successfully assigned shop/$pod to $node"),
    Event("Normal", "Created", "Created container app", 1, 0.003),
    Event("Normal", "Started", "Started container app", 1, 0.003),
)

CASES = (
    case(
        "pull-unauthorised",
        ROLLBACK,
        "The registry refuses the canary's image: no basic auth credentials.",
        Scene(
            WORK,
            states=(waiting("ImagePullBackOff", 'Back-off pulling image "$image"'),),
            events=(
                RUNS[0],
                Event(
                    "Warning",
                    "Failed",
                    'Failed to pull image "$image": failed to pull and unpack image "$image": failed to resolve reference "$image":'
                    " pulling from host registry.corp.example failed with status code [manifests 1.2.0]: 401 Unauthorized",
                    5,
                    0.02,
                    0.8,
                ),
                Event("Warning", "Failed", "Error: ErrImagePull", 5, 0.02, 0.8),
                Event("Normal", "BackOff", 'Back-off pulling image "$image"', 18, 0.05, 0.99),
            ),
        ),
    ),
    case(
        "volume-not-attached",
        NOT_PROMOTE,
        "The canary's volume is attached to another node, so it never starts.",
        Scene(
            WORK,
            states=(waiting("ContainerCreating", ""),),
            events=(
                RUNS[0],
                Event(
                    "Warning",
                    "FailedAttachVolume",
                    (
                        'Multi-Attach error for volume "pvc-0c1d2e3f" Volume is already exclusively attached to one node and can\'t be attached'
                        " to another"
                    ),
                    9,
                    0.01,
                    0.98,
                ),
            ),
        ),
    ),
    case(
        "started-well",
        PROMOTE,
        "The usual events of a start.",
        Scene(WORK, events=RUNS, weight=40),
    ),
    case(
        "readiness-early",
        PROMOTE,
        "Two readiness probes were refused in the first seconds.",
        Scene(
            WORK,
            events=(
                *RUNS,
                Event(
                    "Warning",
                    "Unhealthy",
                    "Readiness probe failed: dial tcp 10.42.9.4:9000: connect: connection refused",
                    2,
                    0.006,
                    0.01,
                ),
            ),
        ),
    ),
    case(
        "exits-2",
        ROLLBACK,
        "The canary's container exits with 2 again and again.",
        Scene(
            WORK,
            states=(restarted(5, "Error", 2, back_off=True, lasted=20),),
            events=(
                *RUNS,
                Event(
                    "Warning",
                    "BackOff",
                    "Back-off restarting failed container app in pod $pod",
                    11,
                    0.2,
                    0.99,
                ),
            ),
            previous=("$iso flag provided but not defined: -paper",),
        ),
    ),
)
