"""Events that tell the reason: pulls, startup probes, init containers, sandboxes, scheduling."""

from functools import partial

from cases.case import NOT_PROMOTE, NOT_ROLLBACK, PROMOTE, ROLLBACK, Case
from cases.pods import initializing, ready, restarted, scheduled_after, unscheduled, waiting
from cases.scene import Event, Scene

case = partial(Case, family="events", half="tuned")

WORK = '{"level":"info","ts":"$iso","msg":"ticket sold","ticket":"$hex[12]","ms":$int[4,80]}'
BACK_OFF = waiting("ImagePullBackOff", 'Back-off pulling image "$image"')
ASSIGNED = Event("Normal", "Scheduled", "Successfully assigned prod/$pod to $node")
RUNS = (
    Event("Normal", "Created", "Created container: app", 1, 0.003),
    Event("Normal", "Started", "Started container app", 1, 0.003),
)
UNREACHABLE = (
    "0/9 nodes are available: 5 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 1 node(s) were unschedulable,"
    " 3 Insufficient memory. preemption: not eligible due to preemptionPolicy=Never."
)


def pulled(message: str) -> tuple[Event, ...]:
    """Return the events of an image that cannot be pulled, with the runtime's message."""
    return (
        ASSIGNED,
        Event("Warning", "Failed", f'Failed to pull image "$image": {message}', 4, 0.02, 0.7),
        Event("Warning", "Failed", "Error: ErrImagePull", 4, 0.02, 0.7),
        Event("Warning", "Failed", "Error: ImagePullBackOff", 15, 0.03, 0.98),
        Event("Normal", "BackOff", 'Back-off pulling image "$image"', 15, 0.03, 0.98),
    )


CASES = (
    case(
        "pull-dns",
        ROLLBACK,
        "The canary's registry has a name that does not resolve.",
        Scene(
            WORK,
            states=(BACK_OFF,),
            events=pulled(
                'failed to pull and unpack image "$image": failed to resolve reference "$image": failed to do request: Head'
                ' "https://registry.corp.example/v2/app/manifests/1": dial tcp: lookup registry.corp.example on 10.96.0.10:53: no such host'
            ),
        ),
    ),
    case(
        "pull-wrong-platform",
        ROLLBACK,
        "The canary's image was not built for the nodes' platform.",
        Scene(
            WORK,
            states=(BACK_OFF,),
            events=pulled(
                'rpc error: code = NotFound desc = failed to pull and unpack image "$image": no match for platform in manifest: not found'
            ),
            weight=50,
        ),
    ),
    case(
        "pull-certificate",
        ROLLBACK,
        "The node does not trust the certificate of the registry that holds the canary's image.",
        Scene(
            WORK,
            states=(BACK_OFF,),
            events=pulled(
                'failed to pull and unpack image "$image": failed to resolve reference "$image": failed to do request: Head'
                ' "https://registry.corp.example/v2/app/manifests/1": tls: failed to verify certificate: x509: certificate signed by'
                " unknown authority"
            ),
            minutes=7,
        ),
    ),
    case(
        "startup-probe",
        ROLLBACK,
        "The canary's startup probe is answered 503 until the kubelet kills it, time after time.",
        Scene(
            WORK,
            states=(restarted(3, "Error", 143, back_off=True, lasted=100),),
            events=(
                ASSIGNED,
                *RUNS,
                Event(
                    "Warning",
                    "Unhealthy",
                    "Startup probe failed: HTTP probe failed with statuscode: 503",
                    40,
                    0.03,
                    0.93,
                ),
                Event(
                    "Normal", "Killing", "Container app failed startup probe, will be restarted", 3, 0.2, 0.94
                ),
            ),
            previous=(
                '{"level":"info","ts":"$iso","msg":"listening","port":8080}',
                '{"level":"info","ts":"$iso","msg":"SIGTERM received"}',
            ),
            minutes=12,
        ),
    ),
    case(
        "init-waits",
        NOT_PROMOTE,
        "The canary's init container waits for a host that does not resolve, for the whole window.",
        Scene(
            WORK,
            states=(initializing("wait-for-broker", "busybox:1.36"),),
            init=(
                "wait-for-broker",
                ((1, "nslookup: can't resolve 'broker-v2.prod.svc'\nwaiting for broker-v2"),),
            ),
            events=(ASSIGNED, Event("Normal", "Started", "Started container wait-for-broker", 1, 0.003)),
        ),
    ),
    case(
        "sandbox-no-address",
        NOT_PROMOTE,
        "The canary's pod gets no address, so nothing was seen of it.",
        Scene(
            WORK,
            states=(waiting("ContainerCreating", ""),),
            events=(
                ASSIGNED,
                Event(
                    "Warning",
                    "FailedCreatePodSandBox",
                    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox"
                    ' "9f3a7c11": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
                    29,
                    0.01,
                    0.97,
                ),
            ),
        ),
    ),
    case(
        "start-with-init",
        PROMOTE,
        "Pulls and starts as always, an init container's among them, and then work.",
        Scene(
            WORK,
            events=(
                ASSIGNED,
                Event(
                    "Normal", "Pulled", 'Container image "busybox:1.36" already present on machine', 1, 0.001
                ),
                Event("Normal", "Started", "Started container migrate", 1, 0.002),
                Event("Normal", "Pulling", 'Pulling image "$image"', 1, 0.003),
                Event(
                    "Normal",
                    "Pulled",
                    'Successfully pulled image "$image" in 11.804s (11.804s including waiting)',
                    1,
                    0.004,
                ),
                *RUNS,
            ),
        ),
    ),
    case(
        "startup-probe-twice-then-ready",
        PROMOTE,
        "Two startup probes were too early, which is what a startup probe is for; the pod has been ready since.",
        Scene(
            WORK,
            events=(
                ASSIGNED,
                *RUNS,
                Event(
                    "Warning",
                    "Unhealthy",
                    "Startup probe failed: HTTP probe failed with statuscode: 503",
                    2,
                    0.004,
                    0.012,
                ),
            ),
            weight=40,
        ),
    ),
    case(
        "late-node",
        PROMOTE,
        "The canary waited a minute and a half for a node that Karpenter made, and has worked since.",
        Scene(
            WORK,
            states=(scheduled_after(95),),
            minutes=14,
            events=(
                Event(
                    "Warning",
                    "FailedScheduling",
                    "0/4 nodes are available: 4 Insufficient memory.",
                    2,
                    0.001,
                    0.05,
                ),
                Event(
                    "Normal",
                    "Nominated",
                    "Pod should schedule on: nodeclaim/default-x7k2p, node/$node",
                    1,
                    0.01,
                ),
                Event("Normal", "Scheduled", "Successfully assigned prod/$pod to $node", 1, 0.12),
                *RUNS,
            ),
        ),
    ),
    case(
        "nodes-unreachable-memory",
        NOT_ROLLBACK,
        "Five nodes are unreachable, so the canary's third pod finds no room; the two others work.",
        Scene(
            WORK,
            states=(ready, ready, unscheduled(UNREACHABLE)),
            pods=(3, 3),
            weight=50,
            events=(Event("Warning", "FailedScheduling", UNREACHABLE, 8, 0.001, 0.95),),
        ),
    ),
    case(
        "node-of-stable-not-ready",
        PROMOTE,
        "A node of stable was not ready for a while; the canary is untouched.",
        Scene(
            WORK,
            events=(
                ASSIGNED,
                *RUNS,
                Event("Warning", "NodeNotReady", "Node is not ready", 1, 0.996, side="stable"),
            ),
        ),
    ),
    case(
        "readiness-blip-at-start",
        PROMOTE,
        "Three readiness probes failed while the canary filled its cache, in its first ten seconds.",
        Scene(
            WORK,
            events=(
                ASSIGNED,
                *RUNS,
                Event(
                    "Warning",
                    "Unhealthy",
                    "Readiness probe failed: HTTP probe failed with statuscode: 503",
                    3,
                    0.004,
                    0.014,
                ),
            ),
            pods=(2, 1),
        ),
    ),
)
