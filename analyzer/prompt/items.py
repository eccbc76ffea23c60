"""What a prompt could show, by worth.

The order is: findings that block or hold, what could not be seen, warnings, errors that only the canary logs
and values that differ, the ends of logs of containers that died, and last what both sides have in common.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.interface import Gap
from analyzer.evidence.previous_answers import Earlier
from analyzer.findings.injection import KIND
from analyzer.findings.interface import Graded, Severity
from analyzer.logs.digest import LEVELS, TemplateGroup
from analyzer.prompt.excerpts import Excerpt, find_excerpts
from analyzer.prompt.findings import tells_values
from analyzer.prompt.routes import RouteView, find_routes, read_route
from analyzer.prompt.templates import EqualTemplates, TemplateView, find_templates

SHARED = 5  # templates of one shared pod's log, the gravest
ROUTES = 6  # the most that are shown
ROUTES_NAME = "routes"
COMMON = 20  # templates of both sides that differ: more would only bury the rest
EQUAL = 5  # templates of both sides that have the same share of the lines; the rest are counted
EXCERPTS = 4
STABLE_EXCERPTS = 1

_FINDINGS: dict[Severity, int] = {"blocking": 0, "hold": 0, "warning": 2, "info": 5}


class SharedPodView(Value):
    """One log template of pods that both sides share."""

    name: str
    container: str
    group: TemplateGroup


Shown = Graded | Gap | TemplateView | EqualTemplates | Excerpt | SharedPodView | RouteView | Earlier


class Item(Value):
    """One thing to show. A lower `worth` matters more; equal ones keep their order. `spare`: there are enough
    of its kind, so it is never shown.
    """

    worth: int
    name: str
    shown: Shown
    spare: bool = False


def find_items(evidence: Evidence, findings: Sequence[Graded]) -> tuple[Item, ...]:
    """Return everything that could be shown, what matters most first."""
    templates = tuple(_template_items(evidence, findings))
    everything = [
        *(
            Item(worth=_FINDINGS[graded.severity], name="findings", shown=_without_injections(graded))
            for graded in findings
        ),
        *(Item(worth=1, name="gaps", shown=gap) for gap in evidence.gaps),
        *_route_items(evidence, templates),
        *templates,
        *_excerpt_items(evidence),
        *_shared_pod_items(evidence),
        *(Item(worth=7, name="earlier answers", shown=answer) for answer in evidence.earlier),
    ]
    return tuple(sorted(everything, key=lambda item: item.worth))


def _without_injections(graded: Graded) -> Graded:
    """Return a finding without samples that address the judge: a model would see there what is withheld
    everywhere else.
    """
    return (
        replace(graded, finding=replace(graded.finding, samples=()))
        if graded.finding.kind == KIND
        else graded
    )


def _route_items(evidence: Evidence, templates: Sequence[Item]) -> Iterator[Item]:
    """Yield the routes, unless the log templates have each of them in one place."""
    shown = [item.shown for item in templates if isinstance(item.shown, TemplateView) and not item.spare]
    places = [(view.container, read_route(view.compared.template)) for view in shown]
    routes = find_routes(evidence)
    if all(places.count((view.container, view.route)) == 1 for view in routes):
        return
    for number, view in enumerate(routes):
        yield Item(worth=3, name=ROUTES_NAME, shown=view, spare=number >= ROUTES)


def _template_items(evidence: Evidence, findings: Sequence[Graded]) -> Iterator[Item]:
    """Yield the log templates of the canary alone, of stable alone, the common ones that differ, and the most
    frequent ones that are equal. What tells most comes first.
    """
    views = [_without_known_values(view, findings) for view in find_templates(evidence)]
    common = [view for view in views if view.compared.canary and view.compared.stable]
    yield from (
        Item(worth=3 if view.is_urgent() else 6, name="log templates", shown=view)
        for view in views
        if view not in common
    )
    name = "log templates of both sides"
    differing, equal = ([view for view in common if view.equal == same] for same in (False, True))
    yield from (
        Item(worth=3 if view.is_urgent() else 8, name=name, shown=view, spare=number >= COMMON)
        for number, view in enumerate(differing)
    )
    yield from (Item(worth=8, name=name, shown=view) for view in equal[:EQUAL])
    if equal[EQUAL:]:
        shown = EqualTemplates(count=len(equal[EQUAL:]))
        yield Item(worth=8, name="counts of equal templates", shown=shown)


def _without_known_values(view: TemplateView, findings: Sequence[Graded]) -> TemplateView:
    """Return a view without the values that a finding has."""
    left = [
        values
        for values in view.distributions
        if not any(tells_values(graded.finding, view, values) for graded in findings)
    ]
    return replace(view, distributions=tuple(left))


def _excerpt_items(evidence: Evidence) -> Iterator[Item]:
    """Yield excerpts of the canary's logs, those of containers that died first, and then of stable's, to hold
    them against.
    """
    for number, excerpt in enumerate(find_excerpts(evidence, "canary")):
        worth = 4 if excerpt.previous else 7
        yield Item(worth=worth, name="log excerpts", shown=excerpt, spare=number >= EXCERPTS)
    for excerpt in find_excerpts(evidence, "stable")[:STABLE_EXCERPTS]:
        yield Item(worth=7, name="log excerpts of stable", shown=excerpt)


def _shared_pod_items(evidence: Evidence) -> Iterator[Item]:
    """Yield the worst templates of each shared pod's log, the most frequent first within a level."""
    for part in evidence.parts:
        if isinstance(part, ContextLogs):
            whose = f"{part.name} ({part.sample.words()})" if part.sample else part.name
            views = [
                SharedPodView(name=whose, container=container.container, group=group)
                for container in part.containers
                for group in container.digest.groups
            ]
            views.sort(
                key=lambda view: (
                    LEVELS.index(view.group.level),
                    -view.group.count,
                    view.container,
                    view.group.template,
                )
            )
            # the shipped template looks for "log templates", the sides' own
            name = "templates of shared pods' logs"
            yield from (
                Item(worth=7, name=name, shown=view, spare=number >= SHARED)
                for number, view in enumerate(views)
            )
