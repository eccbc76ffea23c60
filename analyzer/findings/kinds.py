"""The kinds of findings: the only table of them. docs/findings.md shows it."""

from analyzer.common.value import Value
from analyzer.findings.interface import Severity


class Kind(Value):
    """A kind's default severity, and what it means in one sentence."""

    severity: Severity
    meaning: str


KINDS: dict[str, Kind] = {
    "crash-loop": Kind(
        severity="blocking",
        meaning="A container exits again and again, and nothing shows that it has stopped.",
    ),
    "oom-kill": Kind(severity="blocking", meaning="A container was killed for lack of memory."),
    "image-pull": Kind(
        severity="blocking", meaning="A container's image cannot be pulled, or its name is invalid."
    ),
    "config-error": Kind(
        severity="blocking",
        meaning="A container cannot be created or started: a missing key, mount or command.",
    ),
    "failed-create": Kind(
        severity="blocking", meaning="A ReplicaSet cannot create its pods: a quota or a webhook refuses them."
    ),
    "unschedulable": Kind(severity="blocking", meaning="No node takes the pod."),
    "storage-limit": Kind(
        severity="blocking",
        meaning="A pod was evicted for using more local storage than its own limit allows.",
    ),
    "volume": Kind(
        severity="blocking", meaning="A pod's containers wait for a volume that cannot be mounted."
    ),
    "not-ready": Kind(
        severity="blocking", meaning="A pod is not Ready although its own probes allow it no more time."
    ),
    "no-endpoints": Kind(
        severity="blocking", meaning="The canary's Service leads to none of the canary's Ready pods."
    ),
    "service-port": Kind(
        severity="blocking",
        meaning="The canary's Service leads to a port that no container of the canary has, and stable's"
        " have.",
    ),
    "gate-failed": Kind(
        severity="blocking", meaning="A critical gate fails: what Prometheus measured is out of its bounds."
    ),
    "missing-work": Kind(
        severity="blocking",
        meaning="The canary, or some of its pods, do next to nothing of the work that they should, since"
        " their start or from a time on. It blocks where all pods did the work and then stopped.",
    ),
    "gate-no-data": Kind(
        severity="hold",
        meaning="A gate cannot be judged: its query is broken, or there is nothing to measure.",
    ),
    "no-traffic": Kind(
        severity="hold",
        meaning="Stable logs requests and the canary, which should have a share of them, none.",
    ),
    "silent": Kind(
        severity="hold",
        meaning="Stable logs much, and the canary, which has its share of the work, not a line.",
    ),
    "shared-outage": Kind(
        severity="hold",
        meaning="Most of what both sides do fails alike, up to the window's end: an outage that would hit any"
        " version.",
    ),
    "unread-log": Kind(
        severity="hold", meaning="A container's log was read of stable, and of no pod of the canary."
    ),
    "too-young": Kind(
        severity="hold", meaning="The canary has not been Ready for as long as `--min-ready-time` asks."
    ),
    "no-work-seen": Kind(
        severity="hold",
        meaning="The canary has shown no request, no line after its start, and no figure of work above 0"
        " (`--idle-ok`).",
    ),
    "too-little-traffic": Kind(
        severity="hold",
        meaning="The canary has logged fewer requests than `--min-requests` asks,"
        " or by default than 10, where its log tells of requests.",
    ),
    "gate-warning": Kind(severity="warning", meaning="A gate that is not critical fails."),
    "new-error-template": Kind(severity="warning", meaning="The canary logs an error that stable does not."),
    "new-failure-template": Kind(
        severity="warning",
        meaning="The canary logs a line that tells of a failure, without a level or as a warning, and"
        " stable does not.",
    ),
    "new-trouble-template": Kind(
        severity="warning",
        meaning="The canary often logs a line, at INFO or without a level, that speaks of work not done as it"
        " should be, and stable never does.",
    ),
    "new-warning-template": Kind(
        severity="warning",
        meaning="The canary logs a warning that stable never logs, on a tenth of its requests"
        " or lines or more.",
    ),
    "error-share": Kind(
        severity="warning", meaning="A larger share of the canary's log lines are errors than of stable's."
    ),
    "failing-status": Kind(
        severity="warning",
        meaning="More of the canary's requests, calls or jobs end with a failing status than of stable's,"
        " as the values in its log say.",
    ),
    "status-shift": Kind(
        severity="warning",
        meaning="More of the canary's requests are refused than of stable's, or fail by a number that may"
        " be a status.",
    ),
    "measure-worse": Kind(
        severity="warning",
        meaning="A measure in the canary's log, such as a duration or a queue's depth, is 10 times stable's;"
        " or values that stable has are 0 or none on most lines.",
    ),
    "measure-doubt": Kind(
        severity="warning",
        meaning="A number in the canary's log is 20 times stable's, and no name or unit says whether that"
        " is worse; or what it does in a time is a fifth of stable's, and its share of the work"
        " does not explain it; or a value or a word of its lines moved.",
    ),
    "unexplained-lines": Kind(
        severity="warning",
        meaning="Lines that stable never logs take the place of stable's lines, which the canary lacks.",
    ),
    "error-template-rate": Kind(
        severity="warning", meaning="An error or warning that both sides log is more frequent on the canary."
    ),
    "startup-error-template": Kind(
        severity="warning", meaning="A new error of the canary's start, which stable's log does not cover."
    ),
    "container-exit": Kind(
        severity="warning", meaning="A container exited once, and has not run for long since."
    ),
    "unmatched-container-errors": Kind(
        severity="warning",
        meaning="A container goes on logging errors, with no log of stable to compare them with.",
    ),
    "restarts": Kind(
        severity="warning", meaning="Containers were restarted, more than stable's, and run again."
    ),
    "probe-failure": Kind(severity="warning", meaning="A probe failed after the pod's start."),
    "flapping": Kind(
        severity="warning", meaning="A pod became Ready and un-Ready in turn while it was watched."
    ),
    "warning-event": Kind(
        severity="warning", meaning="A Warning event that adds to what the pods' state shows."
    ),
    "evicted": Kind(
        severity="warning",
        meaning="A node, or a pod of higher priority, took a pod: no fault of its version.",
    ),
    "missing-reference": Kind(
        severity="warning", meaning="A ConfigMap, or a key of one, that the canary's pods need is not there."
    ),
    "addresses-judge": Kind(
        severity="warning",
        meaning="Text in the evidence addresses the judge: an order, a verdict, a role.",
    ),
    "memory-near-limit": Kind(
        severity="warning", meaning="A container uses 90 % of its memory limit or more."
    ),
    "memory-climbing": Kind(
        severity="warning", meaning="A container's memory rises and is about to reach its limit."
    ),
    "cpu-at-limit": Kind(severity="warning", meaning="A container uses all the CPU that its limit allows."),
    "memory-above-stable": Kind(
        severity="warning", meaning="A container uses at least twice the memory it does in stable."
    ),
    "probe-timeout": Kind(
        severity="info", meaning="A probe timed out once or twice on one pod, which stayed Ready."
    ),
    "cpu-above-stable": Kind(
        severity="info", meaning="A container uses at least twice the CPU it does in stable."
    ),
    "memory-above-request": Kind(severity="info", meaning="A container uses more memory than it requests."),
    "spec-change": Kind(
        severity="info", meaning="The pod template, or a ConfigMap that it refers to, differs from stable's."
    ),
    "gate-passed": Kind(severity="info", meaning="A gate holds."),
    "gate-skipped": Kind(severity="info", meaning="A gate cannot be judged, and its policy lets that pass."),
    "metric": Kind(severity="info", meaning="The result of a query that no gate uses."),
    "idle": Kind(
        severity="info",
        meaning="The canary has shown no work because it is sent none, or because stable is idle,"
        " too (`--idle-ok`).",
    ),
    "traffic-weight": Kind(
        severity="info", meaning="The share of the requests that the Rollout sends the canary."
    ),
    "startup-log-templates": Kind(
        severity="info", meaning="Lines of the canary's start, which stable's log does not cover."
    ),
    "new-log-template": Kind(
        severity="info", meaning="The canary logs a line that stable does not, and it is no error."
    ),
    "added-lines": Kind(
        severity="info",
        meaning="A large share of the canary's lines is new, beside the lines that both sides log.",
    ),
    "rewritten-lines": Kind(
        severity="info",
        meaning="The canary writes lines in another form than stable, which say the same as often.",
    ),
    "more-log-templates": Kind(
        severity="info", meaning="More lines that only the canary logs than are shown one by one."
    ),
    "measure-changed": Kind(
        severity="info", meaning="A measure in the canary's log is 3 times stable's, and less than 10 times."
    ),
    "log-template-rate": Kind(
        severity="info", meaning="A line that both sides log is more, or less, frequent on the canary."
    ),
    "vanished-log-template": Kind(
        severity="info", meaning="Stable logs a line that the canary should have logged by now, and does not."
    ),
    "unmatched-container-logs": Kind(
        severity="info",
        meaning="A container has logs on the canary alone, so they are compared with nothing.",
    ),
    "ignored-log-templates": Kind(
        severity="info", meaning="Log templates that the settings ignore, counted and otherwise unread."
    ),
    "shared-pod-errors": Kind(
        severity="info",
        meaning="A pod that both sides share logs errors that it did not log before the canary was there.",
    ),
    "image-differs": Kind(severity="info", meaning="A container runs another image than stable's."),
}
