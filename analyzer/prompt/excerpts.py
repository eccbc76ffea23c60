"""Raw lines of both sides' logs, as few as tell most: those around failures, and the last requests.

Probes and the lines of a start that went well are counted and not shown. The lines of one event, such as a
stack trace, stay together, and those that differ by their time alone are shown once; of one template there
are a few, for its values stand beside the template (`distributions.py`). Containers that are injected beside
the application come after it. The log of a run that ended keeps its start and its probes: they may be why it
did.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from analyzer.common.counted import counted
from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.logs import ExcerptLine, Logs, Stream
from analyzer.evidence.pods import Pods
from analyzer.findings.own_containers import SIDECARS
from analyzer.findings.side_pods import find_ready_times, select_standing_pods
from analyzer.findings.start_spans import end_start
from analyzer.logs.digest import ERRORS
from analyzer.logs.failures import says_failure
from analyzer.logs.fields import mask
from analyzer.logs.levels import level_of
from analyzer.logs.requests import is_request, probes
from analyzer.logs.traces import kind_of, names_exception
from analyzer.target import Role

EVENTS = {"canary": 12, "stable": 6}  # of one log
# of the events, at most one in so many is a failure that is shown with those beside it: half is the end
SIXTH = 6
ALIKE = {"canary": 5, "stable": 3}  # events of one template …
TRACES = 2  # … and of several lines
FURTHER = 6  # events of a container's log in a further pod
FIRST_LINES, MAX_LINES = 5, 8  # lines of one event: its first, and its last

_TIME = re.compile(r"(?:\d{4}[-/]\d\d[-/]\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?")


class Excerpt(Value):
    """A few lines of one container's log. `excerpt` are the lines that are shown, `summary` is what is told
    of the others, in lines.
    """

    side: Role
    pod: str
    container: str
    previous: bool
    excerpt: tuple[ExcerptLine, ...]
    summary: tuple[str, ...] = ()


def find_excerpts(evidence: Evidence, role: Role) -> tuple[Excerpt, ...]:
    """Return an excerpt of each log of a side, those of runs that ended first, then the application's."""
    logs = evidence.part(Logs, role)
    streams = [stream for stream in logs.streams if stream.excerpt] if logs else []
    streams.sort(
        key=lambda stream: (
            not stream.previous,
            stream.container in SIDECARS,
            stream.container,
            stream.pod,
        )
    )
    starts = _find_starts(evidence, role)
    seen: set[tuple[str, bool]] = set()
    excerpts = []
    for stream in streams:
        most = FURTHER if (stream.container, stream.previous) in seen else EVENTS[role]
        excerpts.append(_cut(stream, role, starts.get((stream.pod, stream.container)), most))
        seen.add((stream.container, stream.previous))
    return tuple(excerpts)


def _cut(stream: Stream, role: Role, started: datetime | None, most: int) -> Excerpt:
    """Return the excerpt of one log, of at most `most` events. `started` is when its container's start was
    over, None if it is not.
    """
    lines = list(stream.excerpt)
    summary: list[str] = []
    if not stream.previous and started is not None:
        begun = [line for line in lines if _belongs_to_start(line, started)]
        if len(begun) > 1:
            lines = [line for line in lines if line not in begun]
            summary.append(f"start sequence, {counted(len(begun), 'line')}, ended with {begun[-1].text}")
    if not stream.previous:
        probed = sum(probes(line.text) for line in lines)
        lines = [line for line in lines if not probes(line.text)]
        summary += [f"{counted(probed, 'line')} of probes"] if probed else []
    return Excerpt(
        side=role,
        pod=stream.pod,
        container=stream.container,
        previous=stream.previous,
        excerpt=choose_events(fold_events(join_events(lines)), most, ALIKE[role]),
        summary=tuple(summary),
    )


def join_events(lines: Iterable[ExcerptLine]) -> list[ExcerptLine]:
    """Return the events of a log, those of several lines as one text, a long one without its middle."""
    events: list[list[ExcerptLine]] = []
    for line in lines:
        if events and _belongs_to_event(line.text, events[-1]):
            events[-1].append(line)
        else:
            events.append([line])
    return [ExcerptLine(at=event[0].at, text=_shorten_event(event)) for event in events]


def _belongs_to_event(text: str, event: Sequence[ExcerptLine]) -> bool:
    """Return whether a line goes on with the event before it, by its form (`logs/traces.py`)."""
    kind, kinds = kind_of(text), [kind_of(line.text) for line in event]
    if kind in ("frame", "chain", "blank"):
        return True
    if kinds == ["head"]:
        return text[:1].isspace()
    if kind == "opening":
        return len(event) == 1 and tells_failure(event[0].text)
    if kinds[-1] == "frame" and "opening" in kinds and names_exception(text):
        return True
    traced = "frame" in kinds
    return (kind == "cause" and (traced or "thrown" in kinds)) or (kind == "behind" and traced)


def _shorten_event(event: Sequence[ExcerptLine]) -> str:
    texts = [line.text for line in event if line.text.strip()] or [event[0].text]
    if len(texts) > MAX_LINES:
        texts = [*texts[:FIRST_LINES], f"[{counted(len(texts) - FIRST_LINES - 1, 'more line')}]", texts[-1]]
    return "\n".join(texts)


def fold_events(events: Iterable[ExcerptLine]) -> list[ExcerptLine]:
    """Return the events, those that differ by the time in them alone once, with how often they came."""
    same: dict[str, list[ExcerptLine]] = {}
    for event in events:
        same.setdefault(_TIME.sub("", event.text), []).append(event)
    return [
        ExcerptLine(at=group[0].at, text=f"{group[0].text} [{len(group)} lines alike]")
        if group[1:]
        else group[0]
        for group in same.values()
    ]


def choose_events(events: Sequence[ExcerptLine], most: int, alike: int) -> tuple[ExcerptLine, ...]:
    """Return at most `most` (6 or more) of the events, in order: those around the last failures, each of
    another template, and the last ones. Of one template there are no more than `alike`, or `TRACES`.
    """
    heads = [event.text.partition("\n") for event in events]
    templates = [mask(head).template for head, _, _ in heads]
    bounds = [min(alike, TRACES) if rest else alike for _, _, rest in heads]
    failed = {templates[at]: at for at, event in enumerate(events) if tells_failure(event.text)}
    latest = sorted(failed.values())[-(most // SIXTH) :]
    beside = [near for at in latest for near in (at, at - 1, at + 1) if 0 <= near < len(events)]
    chosen: list[int] = []
    counts: Counter[str] = Counter()
    for at in dict.fromkeys((*beside, *reversed(range(len(events))))):
        if len(chosen) < most and counts[templates[at]] < bounds[at]:
            chosen.append(at)
            counts[templates[at]] += 1
    return tuple(events[at] for at in sorted(chosen))


def tells_failure(text: str) -> bool:
    """Return whether a line is an error, or says that something failed."""
    return level_of(text) in ERRORS or says_failure(text)


def _belongs_to_start(line: ExcerptLine, started: datetime) -> bool:
    """Return whether a line is of the start, and neither a request nor a complaint."""
    if line.at is None or line.at >= started or is_request(line.text):
        return False
    return level_of(line.text) not in (*ERRORS, "warning") and not says_failure(line.text)


def _find_starts(evidence: Evidence, role: Role) -> dict[tuple[str, str], datetime]:
    """Return when the start of each container of a Ready pod was over."""
    ready = find_ready_times(evidence, role)
    starts = {}
    for pod in select_standing_pods(evidence.part(Pods, role)):
        for container in pod.containers:
            begun = container.state.started_at
            if pod.name in ready and begun is not None:
                starts[pod.name, container.name] = end_start(container, begun, ready[pod.name])
    return starts
