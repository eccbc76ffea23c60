"""Whether enough was seen of the canary to judge it: time Ready, requests where a team asks for them, and
work of any kind.

Too little holds: it is a reason for inconclusive. What is missing may come with time
(`analyzer/run/waiting.py`).
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from math import ceil

from analyzer.common.counted import counted
from analyzer.common.units import duration_in_words
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.evidence.pods import Pods
from analyzer.findings.grade import weigh_finding
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.kinds import Kind
from analyzer.findings.lacking_work import LACKED
from analyzer.findings.side_pods import find_ready_times, select_standing_pods
from analyzer.findings.work import (
    ScarceLines,
    Work,
    count_side_requests,
    explain_no_work,
    find_scarce_lines,
    measure_work,
)
from analyzer.settings import Rules
from analyzer.target import ROLES, Role

KINDS = ("too-young", "no-work-seen", "too-little-traffic")
UNREADY = "too-young/not-ready"
TOO_FEW_KEY = "too-little-traffic/few"  # by default, where no team says how many are enough
QUERY = "name a Prometheus query of its work (`work: true`, docs/prometheus.md)"
TOLD_BY = {  # findings by their key, and the kinds (of ours, the keys) that say why
    "no-work-seen": ("silent", "missing-work", "unread-log", "no-traffic", "too-little-traffic"),
    TOO_FEW_KEY: ("no-traffic", "silent", "missing-work", "no-work-seen"),
}


def drop_better_said(findings: Iterable[Finding], kinds: Mapping[str, Kind]) -> Iterator[Finding]:
    """Yield the findings without those that others say better: a broken canary need not be seen for longer, a
    canary without a Ready pod has its reason in what holds, and missing work is not reported if its cause is
    known.
    """
    every = tuple(findings)
    severities = {weigh_finding(finding, kinds) for finding in every if finding.kind not in KINDS}
    told = {finding.key if finding.kind in KINDS else finding.kind for finding in every}
    keys = {finding.key for finding in every}
    for finding in every:
        if finding.kind in KINDS and (
            "blocking" in severities
            or ("hold" in severities and finding.key == UNREADY)
            or not told.isdisjoint(TOLD_BY.get(finding.key, ()))
        ):
            continue
        if not _is_part_of_more(finding.key, keys):
            yield finding


def _is_part_of_more(key: str, keys: Container[str]) -> bool:
    """Return whether a finding of some missing work of a container is part of what another one says: of all
    its work, or of most of it.
    """
    kind, _, rest = key.partition("/")
    container, _, part = rest.partition("/")
    if kind != "missing-work" or not part:
        return False
    wider = [f"{other}/{container}" for other in ("no-traffic", "silent", "missing-work")]
    wider += [] if part == LACKED else [f"missing-work/{container}/{LACKED}"]
    return any(other in keys for other in wider)


def age(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield a canary that is too young: the time since its first pod that is Ready became so, of several the
    one that has been for longest.
    """
    if not rules.min_ready_time or not _has_both_sides(evidence):
        return
    since, end = _find_first_ready(evidence, "canary"), evidence.window.end
    seconds = _count_seconds(since, end)
    if since and seconds >= rules.min_ready_time:
        return
    stable = _find_first_ready(evidence, "stable")
    if since:
        left = rules.min_ready_time - seconds
        lasted = duration_in_words(seconds)
        key, state, ready = "too-young", f"has been Ready for {lasted}", f"Ready for {lasted}"
        enough = f"at {end + timedelta(seconds=left):%H:%M:%S} UTC, in {ceil(left)} s"
    else:
        key, state, ready = UNREADY, "has no Ready pod yet", "not Ready"
        enough = "once a pod has been Ready for as long"
    yield Finding(
        kind="too-young",
        key=key,
        sentence=f"the canary {state}, and it is judged after {rules.min_ready_time:.0f} s",
        stable=f"Ready for {duration_in_words(_count_seconds(stable, end))}"
        if stable
        else "not Ready, or not seen",
        canary=ready,
        advice=f"that is enough {enough}: judge again then, or let the run wait for it (--wait)",
    )


def traffic(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield a canary that logged too few requests in the window, probes apart. What was not read, or not
    logged, counts as none.
    """
    if not rules.min_requests or not select_standing_pods(evidence.part(Pods, "canary")):
        return
    canary, stable = count_side_requests(evidence, "canary"), count_side_requests(evidence, "stable")
    if canary is not None and canary >= rules.min_requests:
        return
    if canary is None:
        state = "the canary's logs were not read, so how many requests it had is not known"
    elif not canary and not stable:
        state = "neither side logs requests, so how many the canary had is not known"
    else:
        state = f"the canary logged {counted(canary, 'request')}"
    yield Finding(
        kind="too-little-traffic",
        key="too-little-traffic",
        sentence=f"{state}, and it is judged after {rules.min_requests:,}",
        stable=_describe_requests(stable),
        canary=_describe_requests(canary),
    )


def no_work(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield a canary that has shown no request, no line after its start and no figure of work above 0. It is
    Ready, and nothing else is known of it.

    It holds, whatever stable shows. It is information for a canary that is sent no work, or that is as idle
    as stable if `idle_ok` lets that pass. It is left out if nobody looked for logs (a guard).
    """
    if not _has_both_sides(evidence) or not _has_looked_for_logs(evidence):
        return
    canary = measure_work(evidence, "canary")
    scarce = None if canary.requests or canary.above else find_scarce_lines(evidence)
    unready = rules.min_ready_time and not find_ready_times(evidence, "canary")
    if unready or (canary.shown and not scarce):
        return
    stable = measure_work(evidence, "stable")
    unsent = explain_no_work(evidence)
    if unsent:
        sentence = f"the canary is sent no traffic here, for {unsent}: how it serves was not seen"
        yield _make_idle(sentence, canary, stable)
    elif scarce:
        yield _make_scarce(scarce, canary, stable)
    else:
        yield _make_workless(evidence, rules, canary, stable)


def _make_workless(evidence: Evidence, rules: Rules, canary: Work, stable: Work) -> Finding:
    """Return a finding that a canary without work is as idle as stable, where that may be, or is not
    proven.
    """
    alike = canary.lines is not None and stable.lines is not None and not stable.shown
    nothing = _describe_nothing(canary, stable)
    if alike and rules.idle_ok:
        sentence = f"{nothing}: the canary is as idle as stable, and --idle-ok lets that pass"
        return _make_idle(sentence, canary, stable)
    advice = _advise(evidence, canary, alike=alike)
    return _make_unseen(f"{nothing}: nothing was seen of the canary's work", advice, canary, stable)


def _make_scarce(scarce: ScarceLines, canary: Work, stable: Work) -> Finding:
    lines = counted(scarce.written, "line")
    return _make_unseen(
        f"the canary logged {lines} since its start, probes apart, where about {scarce.expected:,.0f} were"
        " expected by stable's rate: it does not work as stable does, or logs it elsewhere",
        f"see whether work reaches the canary and where its log goes, or {QUERY}",
        canary,
        stable,
    )


def _make_unseen(sentence: str, advice: str, canary: Work, stable: Work) -> Finding:
    return Finding(
        kind="no-work-seen",
        key="no-work-seen",
        sentence=sentence,
        stable=stable.describe(),
        canary=canary.describe(),
        advice=advice,
    )


def _make_idle(sentence: str, canary: Work, stable: Work) -> Finding:
    return Finding(
        kind="idle", key="idle", sentence=sentence, stable=stable.describe(), canary=canary.describe()
    )


def _describe_nothing(canary: Work, stable: Work) -> str:
    """Return, in words, what was not shown."""
    if canary.figures is None:
        figures = "no query of it was asked"
    elif canary.figures == 0:
        figures = "no figure of it was given"
    else:
        figures = "no figure of it is above 0"
    if canary.lines is None:
        return f"the canary's logs were not read, and {figures}"
    if canary.lines:
        logged = "the canary has logged no line since its start"
    elif stable.lines == 0:
        return f"neither side logged a line in the window, and {figures}"
    else:
        logged = "the canary logged no line in the window"
    also = ", as stable" if stable.lines is not None and not stable.shown else ""
    works = f", where stable logged {stable.lines:,}" if stable.lines and stable.shown else ""
    return f"{logged}{also or works}, and {figures}"


def _advise(evidence: Evidence, canary: Work, *, alike: bool) -> str:
    """Return what would settle it. `alike`: stable is as idle."""
    if canary.lines is None:
        advice = [
            gap.advice
            for gap in evidence.gaps
            if gap.source == "logs" and gap.side in ("canary", None) and gap.advice
        ]
        return f"{advice[0] if advice else 'let the logs be read'}; or {QUERY}"
    idle = ", or, where idling is right, say --idle-ok" if alike else ""
    return f"send it work and judge again, or {QUERY}{idle}"


def _has_both_sides(evidence: Evidence) -> bool:
    """Return whether there are pods on both sides: where there are not, that is what is missing."""
    return all(select_standing_pods(evidence.part(Pods, role)) for role in ROLES)


def _has_looked_for_logs(evidence: Evidence) -> bool:
    """Return whether the canary's logs were read, or it is said why not."""
    if evidence.part(Logs, "canary") is not None:
        return True
    return any(gap.source == "logs" and gap.side in ("canary", None) for gap in evidence.gaps)


def _find_first_ready(evidence: Evidence, role: Role) -> datetime | None:
    return min(find_ready_times(evidence, role).values(), default=None)


def _count_seconds(since: datetime | None, end: datetime) -> float:
    """Return the seconds from a time on, and 0 without one or where it is later: a node's clock may be
    ahead.
    """
    return max(0.0, (end - since).total_seconds()) if since else 0.0


def _describe_requests(count: int | None) -> str:
    return "not seen" if count is None else f"{counted(count, 'request')} logged"


RULES: tuple[Rule, ...] = (
    Rule(age, needs=(Pods,)),
    Rule(traffic, needs=(Pods,)),
    Rule(no_work, needs=(Pods,)),
)
