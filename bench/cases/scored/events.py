"""Events: a key of a ConfigMap, memory, a preStop hook, the sandbox's network."""

from functools import partial

from cases.case import NOT_PROMOTE, PROMOTE, ROLLBACK, Case
from cases.lines import Mix
from cases.pods import ready, restarted, restarted_early, scheduled_after, waiting
from cases.scene import Event, Scene

case = partial(Case, family="events", half="scored")

WORK: Mix = (
    (60, '[$sql] production.INFO: coupon $hex[6] redeemed {"cart":$int[1000,99999]} []'),
    (30, '[$sql] production.INFO: coupon list sent {"count":$int[3,40]} []'),
    (3, '[$sql] production.NOTICE: coupon $hex[6] has expired {"cart":$int[1000,99999]} []'),
)
SCHEDULED = Event("Normal", "Scheduled", "Successfully assigned storefront/$pod to $node")
PULLED = Event(
    "Normal",
    "Pulled",
    'Successfully pulled image "$image" in 1.9s (1.9s including waiting). Image size: 50210345 bytes.',
    1,
    0.002,
)
CREATED = Event("Normal", "Created", "Created container: app", 1, 0.003)
STARTED = Event("Normal", "Started", "Started container app", 1, 0.003)
BACK_OFF = Event("Warning", "BackOff", "Back-off restarting failed container app in pod $pod", 15, 0.15, 0.99)

CASES = (
    case(
        "configmap-key-missing",
        ROLLBACK,
        "The canary wants a key that its ConfigMap does not have, so its container is never made.",
        Scene(
            WORK,
            states=(
                waiting(
                    "CreateContainerConfigError",
                    "couldn't find key COUPON_SALT in ConfigMap storefront/coupons",
                ),
            ),
            events=(
                SCHEDULED,
                PULLED,
                Event(
                    "Warning",
                    "Failed",
                    "Error: couldn't find key COUPON_SALT in ConfigMap storefront/coupons",
                    41,
                    0.004,
                    0.99,
                ),
            ),
            rate=60,
            minutes=8,
        ),
    ),
    case(
        "configmap-made-a-moment-later",
        PROMOTE,
        (
            "The ConfigMap was applied ten seconds after the pod; the second try found it, and the canary"
            " has worked all along."
        ),
        Scene(
            WORK,
            states=(scheduled_after(12),),
            events=(
                SCHEDULED,
                Event("Warning", "Failed", 'Error: configmap "coupons" not found', 1, 0.004),
                Event("Normal", "Created", "Created container: app", 1, 0.02),
                Event("Normal", "Started", "Started container app", 1, 0.02),
            ),
        ),
    ),
    case(
        "memory-runs-out",
        ROLLBACK,
        (
            "The canary was killed four times since it used more memory than its limit, each time within a"
            " minute and a half."
        ),
        Scene(
            WORK,
            states=(restarted(4, "OOMKilled", 137, lasted=80),),
            events=(SCHEDULED, PULLED, CREATED, STARTED, BACK_OFF),
            previous=(
                '[$sql] production.INFO: catalogue of coupons loaded into memory {"rows":2400000} []',
                '[$sql] production.INFO: building index {"done":0.71} []',
            ),
            rate=200,
        ),
    ),
    case(
        "one-restart-in-the-first-seconds",
        PROMOTE,
        (
            "The canary ended once, four seconds after its start, before its database's proxy was up; it"
            " has worked ever since."
        ),
        Scene(
            WORK,
            states=(restarted_early,),
            events=(SCHEDULED, PULLED, CREATED, STARTED),
            previous=(
                '[$sql] production.ERROR: SQLSTATE[HY000] [2002] Connection refused {"host":"127.0.0.1"} []',
            ),
            minutes=12,
        ),
    ),
    case(
        "post-start-hook-fails",
        ROLLBACK,
        (
            "The canary's postStart hook calls a script that is not in the image, so that the kubelet"
            " kills each container it starts."
        ),
        Scene(
            WORK,
            states=(restarted(5, "Error", 137, back_off=True, lasted=3),),
            events=(
                SCHEDULED,
                PULLED,
                CREATED,
                STARTED,
                Event("Warning", "FailedPostStartHook", "PostStartHook failed", 5, 0.01, 0.9),
                Event("Normal", "Killing", "FailedPostStartHook", 5, 0.01, 0.9),
                BACK_OFF,
            ),
            previous=('[$sql] production.INFO: listening {"port":8080} []',),
            rate=90,
            minutes=12,
        ),
    ),
    case(
        "old-pod-leaves-slowly",
        PROMOTE,
        "A pod of stable was stopped and its probe failed while it drained; the canary's pods have none of that.",
        Scene(
            WORK,
            pods=(3, 2),
            weight=40,
            states=(ready,),
            events=(
                SCHEDULED,
                PULLED,
                CREATED,
                STARTED,
                Event("Normal", "Killing", "Stopping container app", 1, 0.98, side="stable"),
                Event(
                    "Warning",
                    "Unhealthy",
                    "Readiness probe failed: HTTP probe failed with statuscode: 503",
                    4,
                    0.982,
                    0.99,
                    side="stable",
                ),
            ),
        ),
    ),
    case(
        "sandbox-without-addresses",
        NOT_PROMOTE,
        "The canary's pod gets no network, as the node has no addresses left, so nothing of it was seen.",
        Scene(
            WORK,
            states=(waiting("ContainerCreating", ""),),
            events=(
                SCHEDULED,
                Event(
                    "Warning",
                    "FailedCreatePodSandBox",
                    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup"
                    " network for sandbox"
                    ' "91c7d0aa4be2": plugin type="aws-cni" name="aws-cni" failed (add): add cmd:'
                    " failed to assign an IP address to container",
                    29,
                    0.005,
                    0.98,
                ),
            ),
            minutes=7,
        ),
    ),
    case(
        "sandbox-changed-once",
        PROMOTE,
        (
            "The kubelet made the pod's sandbox anew before its container was started, once; the canary"
            " has run since."
        ),
        Scene(
            WORK,
            events=(
                SCHEDULED,
                Event(
                    "Normal",
                    "SandboxChanged",
                    "Pod sandbox changed, it will be killed and re-created.",
                    1,
                    0.001,
                ),
                PULLED,
                CREATED,
                STARTED,
            ),
            pods=(4, 2),
            weight=30,
        ),
    ),
)
