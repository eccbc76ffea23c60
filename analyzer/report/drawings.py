"""What of a record is drawn: figures of Prometheus, shares of errors, usage, and what happened when."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.events import Events
from analyzer.evidence.fields import parse_quantity
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.logs import Logs
from analyzer.evidence.observed import Observed
from analyzer.evidence.pods import Pods, first_created_at
from analyzer.evidence.traffic import Traffic
from analyzer.evidence.usage import ContainerUsage, Usage
from analyzer.findings.figures import figures_of
from analyzer.logs.timeline import Timeline
from analyzer.records.record import Record
from analyzer.report.charts import Chart, ChartFrame, ChartMark, Curve, Points, draw_chart
from analyzer.report.gate_lines import find_bands, find_levels
from analyzer.report.time_line import TimeLine, draw_time_line
from analyzer.settings import Gate
from analyzer.target import ROLES, Role

MIB = 1024**2
PODS = 12  # of a side, whose usage is drawn
CHARTS = 24
WEIGHTS = 8  # the latest ones


def draw_charts(record: Record) -> tuple[Chart, ...]:
    """Return a chart for each thing that was measured over time, the metrics of gates first."""
    every = (*_draw_metrics(record), *_draw_errors(record.evidence), *_draw_ready(record.evidence))
    return (*every, *_draw_usage(record.evidence))[:CHARTS]


def draw_happenings(evidence: Evidence) -> TimeLine | None:
    """Return restarts, events, changes of readiness and steps of the weight on one line of time."""
    lanes: list[tuple[str, Role, list[datetime]]] = []
    for role in ROLES:
        pods, events = evidence.part(Pods, role), evidence.part(Events, role)
        containers = [container for pod in pods.pods for container in pod.containers] if pods else []
        ended = [
            state.finished_at
            for container in containers
            for state in (container.state, container.last_state)
            if state and state.finished_at and container.type != "init"
        ]
        ready = [
            (condition.status, condition.since)
            for pod in (pods.pods if pods else ())
            for condition in pod.conditions
            if condition.type == "Ready" and condition.since
        ]
        seen = [(event.type, event.last or event.first) for event in (events.events if events else ())]
        lanes += [
            (f"{role}: container ended", role, ended),
            (f"{role}: became Ready", role, [at for status, at in ready if status == "True"]),
            (f"{role}: not Ready since", role, [at for status, at in ready if status != "True"]),
            (f"{role}: warnings", role, [at for kind, at in seen if at and kind == "Warning"]),
            (f"{role}: other events", role, [at for kind, at in seen if at and kind != "Warning"]),
        ]
    traffic = evidence.part(Traffic, "canary")
    weights = traffic.weights if traffic else ()
    lanes.append(("canary: weight set", "canary", [weight.at for weight in weights]))
    line = draw_time_line(lanes, _window(evidence), _canary_start(evidence))
    return replace(line, words=tuple(_describe_steps(traffic))) if line and traffic else line


def _describe_steps(traffic: Traffic) -> Iterator[str]:
    """Yield the latest weights of the canary, and how far the Rollout is in its steps, in words."""
    if latest := traffic.weights[-WEIGHTS:]:
        told = (f"{each.weight} % from {each.at.astimezone(UTC):%H:%M:%S}" for each in latest)
        yield f"the canary's weight: {', '.join(told)}"
    if traffic.step is not None and traffic.steps:
        yield f"{traffic.step} of {counted(traffic.steps, 'step')} of the Rollout done"


def _draw_metrics(record: Record) -> Iterator[Chart]:
    evidence, gates = record.evidence, record.settings.rules.gates
    parts = {role: evidence.part(Metrics, role) for role in ROLES}
    names = dict.fromkeys(figures.query for part in parts.values() if part for figures in part.figures)
    gated = [gate.query for gate in gates]
    for name in sorted(names, key=lambda name: name not in gated):
        figures = {role: part.of_query(name) for role, part in parts.items() if part}
        curves = [
            Curve(role, _points_of(measured, evidence)) for role, measured in figures.items() if measured
        ]
        asked = [gate for gate in gates if gate.query == name]
        stable, canary = (figures_of(evidence, name, role) for role in ROLES)
        frame = ChartFrame(
            _window(evidence),
            bounds=[level for gate in asked for level in find_levels(gate, stable)],
            marks=_canary_start(evidence),
            bands=[band for gate in asked for band in find_bands(gate, stable, canary)],
        )
        chart = draw_chart(name, "", curves, frame)
        if chart:
            yield replace(chart, about=tuple(_find_about(record, name, asked)))


def _find_about(record: Record, query: str, gates: Iterable[Gate]) -> Iterator[tuple[str, str]]:
    """Yield the findings on a query, or on its gates: number and sentence."""
    names = {query, *(gate.name or gate.query for gate in gates)}
    for graded in record.judgement.findings:
        kind, _, name = graded.finding.key.partition("/")
        if name in names and (kind == "metric" or kind.startswith("gate-")):
            yield graded.id, graded.finding.sentence


def _points_of(figures: QueryFigures, evidence: Evidence) -> Points:
    """Return a range's points, or the one figure of an instant query at the window's end."""
    if figures.start is None:
        return [] if figures.value is None else [(evidence.window.end, figures.value)]
    return [
        (figures.start + timedelta(seconds=number * figures.step), value)
        for number, value in enumerate(figures.points)
    ]


def _draw_errors(evidence: Evidence) -> Iterator[Chart]:
    """Yield the share of errors over time of each container that logs any."""
    logs = {role: evidence.part(Logs, role) for role in ROLES}
    names = dict.fromkeys(kept.container for part in logs.values() if part for kept in part.containers)
    for name in names:
        curves = [
            Curve(role, _shares(kept.digest.timeline))
            for role, part in logs.items()
            if part
            for kept in part.containers
            if kept.container == name and kept.digest.timeline
        ]
        chart = draw_chart(
            f"Log lines of container {name} that are errors",
            "%",
            curves,
            ChartFrame(_window(evidence), marks=_canary_start(evidence)),
        )
        if chart:
            yield chart


def _shares(timeline: Timeline) -> Points:
    """Return the share of errors in each span, in percent, at the span's middle."""
    if timeline.start is None:
        return []
    return [
        (
            timeline.start + timedelta(seconds=(number + 0.5) * timeline.span),
            100 * errors / events if events else None,
        )
        for number, (events, errors) in enumerate(zip(timeline.events, timeline.errors, strict=True))
    ]


def _draw_ready(evidence: Evidence) -> Iterator[Chart]:
    """Yield how many pods were Ready while the sides were watched."""
    watched = {role: evidence.part(Observed, role) for role in ROLES}
    curves = [
        Curve(role, [(look.at, float(look.ready)) for look in part.looks])
        for role, part in watched.items()
        if part
    ]
    chart = draw_chart("Pods that are Ready, while watched", "pods", curves, ChartFrame(_window(evidence)))
    if chart:
        yield chart


def _draw_usage(evidence: Evidence) -> Iterator[Chart]:
    """Yield CPU and memory of each container, a line for each pod, with its limit."""
    usage = {role: evidence.part(Usage, role) for role in ROLES}
    used = [(role, container) for role, part in usage.items() if part for container in part.containers]
    for name in dict.fromkeys(container.container for _, container in used):
        by_role = {
            role: [container for side, container in used if side == role and container.container == name]
            for role in ROLES
        }
        more = f", {PODS} pods of each side" if max(map(len, by_role.values())) > PODS else ""
        for resource, unit, factor in (("memory", "MiB", MIB), ("cpu", "cores", 1)):
            curves = [
                Curve(role, _usage_points(container, resource, factor))
                for role, containers in by_role.items()
                for container in containers[:PODS]
            ]
            title = f"{'CPU' if resource == 'cpu' else resource} of container {name}{more}"
            bounds = _limits(evidence, name, resource, factor)
            chart = draw_chart(title, unit, curves, ChartFrame(_window(evidence), bounds))
            if chart:
                yield chart


def _usage_points(usage: ContainerUsage, resource: str, factor: int) -> Points:
    return [
        (sample.at, (sample.memory if resource == "memory" else sample.cpu) / factor)
        for sample in usage.samples
    ]


def _limits(evidence: Evidence, name: str, resource: str, factor: int) -> list[tuple[float, str]]:
    """Return each side's limits of a container, those of both sides together where they are equal."""
    limits: dict[float, list[str]] = {}
    for role in ROLES:
        pods = evidence.part(Pods, role)
        containers = [container for pod in pods.pods for container in pod.containers] if pods else []
        quantities = {
            parse_quantity(container.limits.get(resource))
            for container in containers
            if container.name == name
        }
        for quantity in quantities - {None}:
            assert quantity is not None
            limits.setdefault(quantity / factor, []).append(role)
    return [(limit, f"limit ({' and '.join(roles)})") for limit, roles in sorted(limits.items())]


def _canary_start(evidence: Evidence) -> list[ChartMark]:
    start = first_created_at(evidence.part(Pods, "canary"))
    return [(start, "canary starts")] if start else []


def _window(evidence: Evidence) -> tuple[datetime, datetime]:
    return evidence.window.start, evidence.window.end
