"""Events that tell the reason, of yet other clusters: volumes, quotas, webhooks, secrets, probes, evictions."""

from functools import partial

from cases.case import NOT_PROMOTE, NOT_ROLLBACK, PROMOTE, ROLLBACK, Case
from cases.pods import ready, restarted, unready, unscheduled, waiting
from cases.scene import Event, Scene

case = partial(Case, family="events", half="tuned")

WORK = "$iso INFO parcel $int[1000,99999] weighed in $ms[4,60] ms"
SCHEDULED = Event("Normal", "Scheduled", "Successfully assigned prod/$pod to $node")
STARTED = (
    SCHEDULED,
    Event("Normal", "Pulled", 'Container image "$image" already present on machine', 1, 0.001),
    Event("Normal", "Created", "Created container: app", 1, 0.002),
    Event("Normal", "Started", "Started container app", 1, 0.002),
)
TAINTED = (
    "0/4 nodes are available: 4 node(s) had untolerated taint {node.kubernetes.io/not-ready: }."
    " preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."
)
NO_SECRET = 'secret "weigher-tls" not found'

CASES = (
    case(
        "create-config-error-secret",
        ROLLBACK,
        "The canary's container is not created: a key of its secret is not there.",
        Scene(
            WORK,
            states=(
                waiting("CreateContainerConfigError", "couldn't find key API_TOKEN in Secret prod/weigher"),
            ),
            events=(
                SCHEDULED,
                Event(
                    "Warning",
                    "Failed",
                    "Error: couldn't find key API_TOKEN in Secret prod/weigher",
                    20,
                    0.01,
                    0.98,
                ),
            ),
        ),
    ),
    case(
        "volume-secret-not-found",
        NOT_PROMOTE,
        "The canary's volume is not set up: the secret that it mounts is not there.",
        Scene(
            WORK,
            states=(waiting("ContainerCreating", ""),),
            events=(
                SCHEDULED,
                Event(
                    "Warning",
                    "FailedMount",
                    f'MountVolume.SetUp failed for volume "tls" : {NO_SECRET}',
                    12,
                    0.01,
                    0.97,
                ),
            ),
        ),
    ),
    case(
        "pull-denied",
        ROLLBACK,
        "The registry denies the canary's image.",
        Scene(
            WORK,
            states=(waiting("ImagePullBackOff", 'Back-off pulling image "$image"'),),
            events=(
                SCHEDULED,
                Event("Normal", "Pulling", 'Pulling image "$image"', 5, 0.01, 0.8),
                Event(
                    "Warning",
                    "Failed",
                    'Failed to pull image "$image": failed to pull and unpack image "$image": failed to resolve reference "$image":'
                    " pull access denied, repository does not exist or may require authorization: server message: insufficient_scope:"
                    " authorization failed",
                    5,
                    0.02,
                    0.8,
                ),
                Event("Warning", "Failed", "Error: ErrImagePull", 5, 0.02, 0.8),
            ),
        ),
    ),
    case(
        "run-container-error",
        ROLLBACK,
        "The canary's command is not in its image.",
        Scene(
            WORK,
            states=(
                waiting(
                    "CrashLoopBackOff",
                    "back-off 5m0s restarting failed container=app pod=weigher",
                ),
            ),
            events=(
                SCHEDULED,
                Event(
                    "Warning",
                    "Failed",
                    "Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed:"
                    ' unable to start container process: exec: "/app/weigher": stat /app/weigher: no such file or directory: unknown',
                    6,
                    0.02,
                    0.9,
                ),
                Event(
                    "Warning",
                    "BackOff",
                    "Back-off restarting failed container app in pod $pod",
                    20,
                    0.05,
                    0.99,
                ),
            ),
        ),
    ),
    case(
        "oom-again-and-again",
        ROLLBACK,
        "The canary is killed for its memory four times.",
        Scene(
            WORK,
            states=(restarted(4, "OOMKilled", 137),),
            events=STARTED,
            previous=("$iso INFO loading tariff tables",),
        ),
    ),
    case(
        "readiness-refused-all-along",
        ROLLBACK,
        "The canary never becomes ready: its port is refused to the probe for all of the window.",
        Scene(
            WORK,
            states=(unready,),
            events=(
                *STARTED,
                Event(
                    "Warning",
                    "Unhealthy",
                    'Readiness probe failed: Get "http://10.42.5.6:8081/ready": dial tcp 10.42.5.6:8081: connect: connection refused',
                    110,
                    0.02,
                    0.99,
                ),
            ),
        ),
    ),
    case(
        "quota-exceeded",
        NOT_PROMOTE,
        "The canary's pod is never ready, and a further one may not be made: the quota is used up.",
        Scene(
            WORK,
            states=(unready,),
            events=(
                Event(
                    "Warning",
                    "FailedCreate",
                    'Error creating: pods "weigher" is forbidden: exceeded quota: compute, requested: limits.memory=2Gi,'
                    " used: limits.memory=31Gi, limited: limits.memory=32Gi",
                    14,
                    0.01,
                    0.98,
                    of="ReplicaSet",
                ),
            ),
        ),
    ),
    case(
        "ordinary-start", PROMOTE, "The usual events of a start, and then work.", Scene(WORK, events=STARTED)
    ),
    case(
        "startup-probe-twice",
        PROMOTE,
        "The startup probe failed twice while the application started, as startup probes may.",
        Scene(
            WORK,
            events=(
                *STARTED,
                Event(
                    "Warning",
                    "Unhealthy",
                    "Startup probe failed: HTTP probe failed with statuscode: 503",
                    2,
                    0.004,
                    0.009,
                ),
            ),
        ),
    ),
    case(
        "volume-late",
        PROMOTE,
        "The volume was attached at the second try, within seconds; the pod has worked since.",
        Scene(
            WORK,
            events=(
                SCHEDULED,
                Event(
                    "Warning",
                    "FailedMount",
                    'MountVolume.SetUp failed for volume "config" : failed to sync configmap cache: timed out waiting for the condition',
                    1,
                    0.001,
                ),
                *STARTED[1:],
            ),
        ),
    ),
    case(
        "nodes-not-ready",
        NOT_ROLLBACK,
        "The canary's second pod has no node since nodes are not ready, which is not its fault; the first works.",
        Scene(
            WORK,
            states=(ready, unscheduled(TAINTED)),
            pods=(3, 2),
            weight=30,
            events=(Event("Warning", "FailedScheduling", TAINTED, 5, 0.001, 0.9),),
        ),
    ),
    case(
        "stable-evicted-one",
        PROMOTE,
        "One of stable's pods was moved by a node's drain, as is usual; the canary has none of it.",
        Scene(
            WORK,
            events=(
                *STARTED,
                Event("Normal", "Killing", "Stopping container app", 1, 0.5, side="stable"),
                Event(
                    "Normal", "SuccessfulCreate", "Created pod: $pod", 1, 0.51, of="ReplicaSet", side="stable"
                ),
            ),
        ),
    ),
    case(
        "dns-config-warning",
        PROMOTE,
        "The kubelet warns of too many search domains, on every pod of the cluster, and all works.",
        Scene(
            WORK,
            events=(
                *STARTED,
                Event(
                    "Warning",
                    "DNSConfigForming",
                    "Search Line limits were exceeded, some search paths have been omitted",
                    9,
                    0.01,
                    0.95,
                ),
                Event(
                    "Warning",
                    "DNSConfigForming",
                    "Search Line limits were exceeded, some search paths have been omitted",
                    9,
                    0.01,
                    0.95,
                    side="stable",
                ),
            ),
        ),
    ),
)
