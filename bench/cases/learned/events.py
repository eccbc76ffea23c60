"""Events: liveness, quota and room, volumes, an image of another platform."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Mix
from cases.pods import ready, restarted, scheduled_after, unscheduled, waiting
from cases.scene import Event, Scene

case = partial(Case, family="events", half="tuned")

WORK: Mix = (
    (60, '{"ts":"$iso","lvl":"info","msg":"shipment $int[10000,99999] labelled","ms":$ms[4,80]}'),
    (30, '{"ts":"$iso","lvl":"info","msg":"rate card read","carrier":"$pick[dhl|ups|gls]"}'),
    (3, '{"ts":"$iso","lvl":"warn","msg":"address of $int[10000,99999] has no house number"}'),
)
SCHEDULED = Event("Normal", "Scheduled", "Successfully assigned prod/$pod to $node")
RUN = (
    Event("Normal", "Pulled", 'Container image "$image" already present on machine', 1, 0.002),
    Event("Normal", "Created", "Created container: app", 1, 0.003),
    Event("Normal", "Started", "Started container app", 1, 0.003),
)
NO_ROOM = (
    "0/9 nodes are available: 3 node(s) had volume node affinity conflict, 6 Insufficient memory."
    " preemption: 0/9 nodes are available: 9 No preemption victims found for incoming pod."
)

CASES = (
    case(
        "liveness-deadline",
        ROLLBACK,
        (
            "The canary's liveness probe gets 500 time and again; the kubelet killed it six times and"
            " waits to start it anew."
        ),
        Scene(
            WORK,
            states=(restarted(6, "Error", 143, back_off=True, lasted=55),),
            events=(
                SCHEDULED,
                *RUN,
                Event(
                    "Warning",
                    "Unhealthy",
                    "Liveness probe failed: HTTP probe failed with statuscode: 500",
                    18,
                    0.05,
                    0.96,
                ),
                Event(
                    "Normal",
                    "Killing",
                    "Container app failed liveness probe, will be restarted",
                    6,
                    0.08,
                    0.97,
                ),
                Event(
                    "Warning",
                    "BackOff",
                    "Back-off restarting failed container app in pod $pod_prod(7a1c)",
                    11,
                    0.3,
                    0.99,
                ),
            ),
            previous=(
                '{"ts":"$iso","lvl":"info","msg":"listening","port":8080}',
                '{"ts":"$iso","lvl":"info","msg":"SIGTERM, closing"}',
            ),
            minutes=12,
        ),
    ),
    case(
        "startup-probe-while-warming",
        PROMOTE,
        (
            "The start-up probe failed three times while the canary warmed up, as its threshold of 30"
            " allows; it has been ready since."
        ),
        Scene(
            WORK,
            events=(
                SCHEDULED,
                *RUN,
                Event(
                    "Warning",
                    "Unhealthy",
                    'Startup probe failed: Get "http://10.42.5.8:8080/startup": connect: connection refused',
                    3,
                    0.004,
                    0.012,
                ),
            ),
        ),
    ),
    case(
        "no-room-and-volume-elsewhere",
        NOT_PROMOTE,
        "The canary's pod asks for more memory than a node with its volume's zone has; it never got a node.",
        Scene(
            WORK,
            states=(unscheduled(NO_ROOM),),
            events=(Event("Warning", "FailedScheduling", NO_ROOM, 9, 0.001, 0.95),),
            minutes=9,
        ),
    ),
    case(
        "quota-then-created",
        PROMOTE,
        (
            "The quota was used up for a moment while an old pod went; the pod was made half a minute"
            " later and works."
        ),
        Scene(
            WORK,
            states=(scheduled_after(30),),
            events=(
                Event(
                    "Warning",
                    "FailedCreate",
                    'Error creating: pods "$pod" is forbidden: exceeded quota: team, requested:'
                    " limits.memory=1Gi, used: limits.memory=16Gi,"
                    " limited: limits.memory=16Gi",
                    3,
                    0.0,
                    0.03,
                    of="ReplicaSet",
                ),
                Event("Normal", "SuccessfulCreate", "Created pod: $pod", 1, 0.04, of="ReplicaSet"),
                Event("Normal", "Scheduled", "Successfully assigned prod/$pod to $node", 1, 0.05),
                Event("Normal", "Started", "Started container app", 1, 0.06),
            ),
        ),
    ),
    case(
        "mount-secret-missing",
        ROLLBACK,
        "The canary mounts a secret that does not exist, so its container is not started in ten minutes.",
        Scene(
            WORK,
            states=(waiting("ContainerCreating", ""),),
            events=(
                SCHEDULED,
                Event(
                    "Warning",
                    "FailedMount",
                    'MountVolume.SetUp failed for volume "carrier-keys" : secret "carrier-keys-v2" not found',
                    13,
                    0.001,
                    0.97,
                ),
            ),
            rate=50,
        ),
    ),
    case(
        "mount-once-cache-timeout",
        PROMOTE,
        (
            "One mount failed since the kubelet's cache was not synced yet, and the next one a second"
            " later did not; the pod works."
        ),
        Scene(
            WORK,
            pods=(3, 2),
            weight=40,
            states=(ready,),
            events=(
                SCHEDULED,
                Event(
                    "Warning",
                    "FailedMount",
                    (
                        'MountVolume.SetUp failed for volume "kube-api-access-7x2lq" : failed to sync'
                        " configmap cache: timed out waiting for the condition"
                    ),
                    1,
                    0.001,
                ),
                *RUN,
            ),
        ),
    ),
    case(
        "image-of-another-platform",
        ROLLBACK,
        (
            "The canary's image was built for arm64 alone; its program cannot be run on the node and ends"
            " with 255 each time."
        ),
        Scene(
            WORK,
            states=(restarted(5, "Error", 255, back_off=True, lasted=1),),
            events=(
                SCHEDULED,
                *RUN,
                Event(
                    "Warning",
                    "BackOff",
                    "Back-off restarting failed container app in pod $pod",
                    24,
                    0.02,
                    0.99,
                ),
            ),
            previous=("exec /usr/local/bin/labeller: exec format error",),
            rate=230,
            minutes=7,
        ),
    ),
    case(
        "pulled-at-the-second-try",
        PROMOTE,
        (
            "The first pull met a reset connection, the second one got the image; the canary has worked"
            " for the whole window."
        ),
        Scene(
            WORK,
            events=(
                SCHEDULED,
                Event("Normal", "Pulling", 'Pulling image "$image"', 2, 0.001, 0.02),
                Event(
                    "Warning",
                    "Failed",
                    'Failed to pull image "$image": failed to pull and unpack image "$image": read tcp'
                    " 10.0.3.9:51234->10.0.9.2:443:"
                    " read: connection reset by peer",
                    1,
                    0.01,
                ),
                Event("Warning", "Failed", "Error: ErrImagePull", 1, 0.01),
                Event("Normal", "BackOff", 'Back-off pulling image "$image"', 1, 0.015),
                Event(
                    "Normal",
                    "Pulled",
                    (
                        'Successfully pulled image "$image" in 3.4s (3.4s including waiting). Image size:'
                        " 71200345 bytes."
                    ),
                    1,
                    0.028,
                ),
                Event("Normal", "Started", "Started container app", 1, 0.03),
            ),
            states=(scheduled_after(15),),
        ),
    ),
)
