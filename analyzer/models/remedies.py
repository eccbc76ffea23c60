"""What to do about a finding, by its kind: the built-in judge's advice."""

REMEDIES = {
    "crash-loop": (
        "Read the end of the previous container's log, fix what makes it exit, and build a new version."
    ),
    "oom-kill": "Raise the memory limit, or undo what made the new version take more memory.",
    "image-pull": "Correct the image's name or tag, or the pull secret.",
    "config-error": (
        "Create the ConfigMap, Secret or key that the pod template names, or correct the command."
    ),
    "failed-create": "Make room in the quota, or correct what the admission webhook refuses.",
    "unschedulable": "Lower the requests, correct the node selector or tolerations, or add nodes.",
    "storage-limit": (
        "Raise the limit of local storage, or undo what made the new version write more to disk."
    ),
    "volume": "Check the volume, its claim and its class.",
    "gate-failed": (
        "Find what the new version changed in what the gate measures; what Prometheus shows since"
        " its start says when."
    ),
    "not-ready": "Check the readiness probe against what the new version serves.",
    "no-endpoints": "Check the canary Service's selector against the labels of the new version's pods.",
    "no-traffic": (
        "Check that the traffic router sends requests to the canary, or wait until it has had some."
    ),
    "no-work-seen": "Send the canary work, or name a Prometheus query of it, and judge again.",
    "too-young": "Judge again when it has been Ready for as long, or let the run wait for it (--wait).",
    "missing-work": (
        "Find what the pods wait for, such as a lock, a connection or a partition,"
        " and whether work reaches them."
    ),
    "shared-outage": "Look for what both versions depend on, and judge again once the outage is over.",
    "unread-log": "See why the log could not be read, under what was not seen, and judge again.",
    "missing-reference": "Create the ConfigMap or key that the pod template names.",
    "memory-near-limit": "Raise the memory limit, or undo what made the new version take more memory.",
    "memory-climbing": "Look for what the new version keeps and never frees.",
    "probe-failure": "Check the probe's path, port and timing against the new version.",
    "new-error-template": "Find what the new version changed where the error is logged.",
    "new-failure-template": "Find what the new version changed where the failure is logged.",
    "new-trouble-template": "See what the new version does where it logs this, and whether it was meant to.",
    "new-warning-template": (
        "See what the warning says of the answers, and find what the new version changed there."
    ),
    "failing-status": "Find what the new version changed in what fails with this status.",
    "status-shift": "Find what the new version changed in what ends with this status.",
    "measure-worse": "Find what the new version changed in what takes so long, or piles up.",
    "measure-doubt": "See what the number measures, and whether the new version was meant to change it.",
    "error-share": "Find what the new version changed where the errors are logged.",
    "unexplained-lines": (
        "See what these lines say, and whether the new version was meant to do that in place of the"
        " work that is missing."
    ),
}
