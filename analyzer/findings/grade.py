"""Grading: how much each finding weighs. The one table of kinds is here; docs/findings.md shows it."""

from collections.abc import Iterable, Mapping

from analyzer.findings.interface import Finding, Graded, Scope, Severity
from analyzer.value import Value


class Kind(Value):
    """A kind's default severity, and what it means in one sentence."""

    severity: Severity
    meaning: str


KINDS: dict[str, Kind] = {
    "crash-loop": Kind(severity="blocking", meaning="A container exits again and again, and nothing shows that it has stopped."),
    "oom-kill": Kind(severity="blocking", meaning="A container was killed for lack of memory."),
    "image-pull": Kind(severity="blocking", meaning="A container's image cannot be pulled, or its name is invalid."),
    "config-error": Kind(severity="blocking", meaning="A container cannot be created or started: a missing key, mount or command."),
    "failed-create": Kind(severity="blocking", meaning="A ReplicaSet cannot create its pods: a quota or a webhook refuses them."),
    "unschedulable": Kind(severity="blocking", meaning="No node takes the pod."),
    "storage-limit": Kind(severity="blocking", meaning="A pod was evicted for using more local storage than its own limit allows."),
    "volume": Kind(severity="blocking", meaning="A pod's containers wait for a volume that cannot be mounted."),
    "not-ready": Kind(severity="blocking", meaning="A pod is not Ready although its own probes allow it no more time."),
    "no-endpoints": Kind(severity="blocking", meaning="The canary's Service leads to none of the canary's Ready pods."),
    "gate-failed": Kind(severity="blocking", meaning="A critical gate fails: what Prometheus measured is out of its bounds."),
    "gate-no-data": Kind(severity="hold", meaning="A gate cannot be told: its query is broken, or there is nothing to measure."),
    "no-traffic": Kind(severity="hold", meaning="Stable logs requests and the canary, which should have a share of them, none."),
    "silent": Kind(severity="hold", meaning="Stable logs much, and the canary, which has its share of the work, not a line."),
    "unread-log": Kind(severity="hold", meaning="A container's log was read of stable, and of no pod of the canary."),
    "too-young": Kind(severity="hold", meaning="The canary has not been Ready for as long as `--min-canary-age` asks."),
    "too-little-traffic": Kind(severity="hold", meaning="The canary has logged fewer requests than `--min-requests` asks."),
    "gate-warning": Kind(severity="warning", meaning="A gate that is not critical fails."),
    "new-error-template": Kind(severity="warning", meaning="The canary logs an error that stable does not."),
    "new-failure-template": Kind(
        severity="warning", meaning="The canary logs a line without a level that tells of a failure, and stable does not."
    ),
    "error-share": Kind(severity="warning", meaning="A larger share of the canary's log lines are errors than of stable's."),
    "error-template-rate": Kind(severity="warning", meaning="An error or warning that both sides log is more frequent on the canary."),
    "startup-error-template": Kind(severity="warning", meaning="A new error of the canary's start, which stable's log does not cover."),
    "container-exit": Kind(severity="warning", meaning="A container exited once, and has not run for long since."),
    "unmatched-container-errors": Kind(
        severity="warning", meaning="A container goes on logging errors, with no log of stable to compare them with."
    ),
    "restarts": Kind(severity="warning", meaning="Containers were restarted, more than stable's, and run again."),
    "probe-failure": Kind(severity="warning", meaning="A probe failed after the pod's start."),
    "flapping": Kind(severity="warning", meaning="A pod became Ready and un-Ready in turn while it was watched."),
    "warning-event": Kind(severity="warning", meaning="A Warning event that the pods' state does not tell already."),
    "evicted": Kind(severity="warning", meaning="A pod was taken by its node or by one that outranks it, no fault of its version."),
    "missing-reference": Kind(severity="warning", meaning="A ConfigMap, or a key of one, that the canary's pods need is not there."),
    "addresses-judge": Kind(severity="warning", meaning="Text in the evidence speaks to whoever judges: an order, a verdict, a role."),
    "memory-near-limit": Kind(severity="warning", meaning="A container uses 90 % of its memory limit or more."),
    "memory-climbing": Kind(severity="warning", meaning="A container's memory rises and is about to reach its limit."),
    "cpu-at-limit": Kind(severity="warning", meaning="A container uses all the CPU that its limit allows."),
    "memory-above-stable": Kind(severity="warning", meaning="A container uses at least twice the memory it does in stable."),
    "cpu-above-stable": Kind(severity="info", meaning="A container uses at least twice the CPU it does in stable."),
    "memory-above-request": Kind(severity="info", meaning="A container uses more memory than it requests."),
    "spec-change": Kind(severity="info", meaning="The pod template, or a ConfigMap that it refers to, differs from stable's."),
    "gate-passed": Kind(severity="info", meaning="A gate holds."),
    "gate-skipped": Kind(severity="info", meaning="A gate cannot be told, and its policy lets that pass."),
    "metric": Kind(severity="info", meaning="What a query gave that no gate looks at."),
    "traffic-weight": Kind(severity="info", meaning="What share of the requests the Rollout sends the canary."),
    "new-log-template": Kind(severity="info", meaning="The canary logs a line that stable does not, and it is no error."),
    "more-log-templates": Kind(severity="info", meaning="More lines that stable does not log than are shown one by one."),
    "log-template-rate": Kind(severity="info", meaning="A line that both sides log is more, or less, frequent on the canary."),
    "vanished-log-template": Kind(severity="info", meaning="Stable logs a line that the canary should have logged by now, and does not."),
    "unmatched-container-logs": Kind(
        severity="info", meaning="A container has logs on the canary alone, so they are compared with nothing."
    ),
    "ignored-log-templates": Kind(severity="info", meaning="Log templates that the settings ignore, counted and otherwise unread."),
    "context-errors": Kind(severity="info", meaning="A context log shows errors that it did not show before the canary was there."),
    "image-differs": Kind(severity="info", meaning="A container runs another image than stable's."),
}

_SEVERITIES: tuple[Severity, ...] = ("blocking", "hold", "warning", "info")
_SCOPES: tuple[Scope, ...] = ("canary", "uncompared", "both", "stable")


def severity(finding: Finding, kinds: Mapping[str, Kind] = KINDS) -> Severity:
    """How much a finding weighs. Stable's own faults are information: they do not speak against the canary.

    A blocking kind blocks when the canary alone has it, it goes on, and the pods are old enough to tell. It is a warning when
    it has stopped. Otherwise it holds: too early, also stable's, or nothing of stable to compare with. A team may have a kind
    hold: it weighs as a blocking one, and never blocks.
    """
    default = kinds[finding.kind].severity
    if finding.scope == "stable":
        return "info"
    if default not in ("blocking", "hold"):
        return "info" if finding.scope == "both" else default
    if not finding.ongoing:
        return "warning"
    return default if finding.scope == "canary" and finding.settled else "hold"


def overridden(severities: Mapping[str, Severity]) -> Mapping[str, Kind]:
    """The table with a team's severities in place of its own. Each kind must be one of the table's."""
    return KINDS | {name: Kind(severity=each, meaning=KINDS[name].meaning) for name, each in severities.items()}


def grade(findings: Iterable[Finding], kinds: Mapping[str, Kind] = KINDS) -> tuple[Graded, ...]:
    """Every finding with its severity, most severe first, then the canary's, then by kind, key and text: F1, F2 …"""
    weighed = [(severity(finding, kinds), finding) for finding in findings]
    weighed.sort(key=lambda pair: (_SEVERITIES.index(pair[0]), _SCOPES.index(pair[1].scope), pair[1].kind, pair[1].key, repr(pair[1])))
    return tuple(
        Graded(id=f"F{number}", severity=weight, finding=finding, default=default if (default := severity(finding)) != weight else None)
        for number, (weight, finding) in enumerate(weighed, start=1)
    )
