"""Traps of an analysis as a whole: Argo makes one AnalysisRun of all its templates, and refuses what does not go together.

As FlattenTemplates and MergeArgs in argo-rollouts' utils/analysis/helpers.go do it, and the AnalysisRun's controller with the rules
for a dry run: https://github.com/argoproj/argo-rollouts/blob/master/utils/analysis/helpers.go
"""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from analyzer.check.documents import Document, Node
from analyzer.check.traps.interface import Manifests, State, Trap
from analyzer.check.traps.uses import Analysis, analyses
from analyzer.patterns import found

RULES = {"dryRun": "dry-run", "measurementRetention": "retention"}


def merged(manifests: Manifests) -> Iterator[Trap]:
    """Of each analysis of a Rollout or an Experiment."""
    for each in analyses(manifests):
        if each.gathered.templates:
            yield from _namespaces(each)
            yield from _metrics(each)
            yield from _arguments(each)
            yield from _unknown(each)
            yield from _rules(each)


def template(manifests: Manifests) -> Iterator[Trap]:
    """The same of one template alone, which whoever uses it would meet."""
    document = manifests.document
    spec = document.root["spec"]
    names: set[str] = set()
    for name, _, metric in _names((document,)):
        if name in names:
            yield Trap(metric, f"two metrics have the same name, {name}: Argo refuses the analysis", "give each metric a name of its own")
        names.add(name)
    for each in _conflicts(spec["args"].each()):
        yield Trap(each, f"the argument {each['name'].text()} is given twice, with different values: Argo refuses that", "leave one out")
    for argument in spec["args"].each():
        if argument["value"] and argument["valueFrom"]:
            what = f"the argument {argument['name'].text()} has both a value and a valueFrom: Argo refuses that"
            yield Trap(argument, what, "leave one of the two out")
        elif document.kind == "AnalysisRun" and not argument["value"] and not argument["valueFrom"]:
            what = f"the argument {argument['name'].text()} has no value: Argo fails the analysis"
            yield Trap(argument, what, "give it a value")
    for key, kind in RULES.items():
        yield from _twice(spec[key].each(), kind)
        if not spec["templates"].each():
            yield from _matchless(spec[key].each(), (document,), kind)


def _names(templates: Sequence[Document]) -> Iterator[tuple[str, Document, Node]]:
    """Each metric's, as it is written."""
    for document in templates:
        for metric in document.root["spec"]["metrics"].each():
            if name := metric["name"].text():
                yield name, document, metric


def _namespaces(analysis: Analysis) -> Iterator[Trap]:
    """Where the Rollout itself names none."""
    names = sorted({each.namespace for each in analysis.gathered.templates if each.kind == "AnalysisTemplate"} - {""})
    if len(names) > 1:
        what = f"the templates of one analysis are in {' and '.join(names)}: Argo looks for all of them where the Rollout is"
        yield Trap(analysis.node, what, "put them into one namespace, or make them ClusterAnalysisTemplates")


def _metrics(analysis: Analysis) -> Iterator[Trap]:
    first: dict[str, Document] = {}
    for name, document, _ in _names(analysis.gathered.templates):
        if first.setdefault(name, document) is not document:
            what = f"{first[name].name} and {document.name} have a metric of the same name, {name}: Argo refuses the analysis"
            yield Trap(analysis.node, what, "give each metric a name of its own")


def _conflicts(arguments: Iterable[Node]) -> Iterator[Node]:
    values: dict[str, str] = {}
    for each in arguments:
        name, value = each["name"].text(), each["value"].text()
        if each["value"] and values.setdefault(name, value) != value:
            yield each


def _arguments(analysis: Analysis) -> Iterator[Trap]:
    """What of them is not given anywhere, and what two templates say differently, whatever the analysis itself says."""
    templates = analysis.gathered.templates
    every = [each for document in templates for each in document.root["spec"]["args"].each()]
    for name in dict.fromkeys(each["name"].text() for each in _conflicts(every)):
        having = [document for document in templates if any(each["name"].text() == name and each["value"] for each in _args(document))]
        said = ", ".join(f"{document.name}" for document in having)
        what = f"the argument {name} has different values in {said}: Argo refuses the analysis, whatever it is given here"
        if len(having) > 1:
            yield Trap(analysis.node, what, f"give {name} one value in all of them, or leave its value out and give it under args here")
    given = {each["name"].text() for each in analysis.args.each() if analysis.where != "experiment" or each["value"] or each["valueFrom"]}
    for name, names in _unresolved(templates).items():
        if name not in given:
            state: State = "note" if analysis.gathered.missing else "wrong"
            what = f"{names[0]} needs the argument {name}, and is not given one: Argo fails the analysis"
            yield Trap(_at(analysis), what, f"add it to args: {{name: {name}, value: …}}", state)


def _unresolved(templates: Sequence[Document]) -> dict[str, list[str]]:
    """The arguments without a value, as Argo puts templates together, and which templates have them.

    The first value counts; of arguments without one the last, so that one without a valueFrom replaces one that has it.
    """
    kept: dict[str, Node] = {}
    names: dict[str, list[str]] = {}
    for document in templates:
        for each in _args(document):
            name = each["name"].text()
            names.setdefault(name, []).append(document.name)
            if name not in kept or not kept[name]["value"]:
                kept[name] = each
    return {name: names[name] for name, each in kept.items() if not each["value"] and not each["valueFrom"]}


def _unknown(analysis: Analysis) -> Iterator[Trap]:
    """Arguments that no template has: Argo drops them."""
    declared = list(dict.fromkeys(each["name"].text() for document in analysis.gathered.templates for each in _args(document)))
    for each in analysis.args.each() if not analysis.gathered.missing else ():
        name = each["name"].text()
        if name and name not in declared:
            near = get_close_matches(name[:80], declared, n=1)
            advice = f"did you mean {near[0]}?" if near else "leave it out, or declare it in the template"
            yield Trap(each, f"no template here has an argument {name}: Argo drops it", advice, "note")


def _rules(analysis: Analysis) -> Iterator[Trap]:
    """A rule for metrics must be there once, and must find one."""
    templates = analysis.gathered.templates
    for key, kind in RULES.items():
        own = analysis.rules[key].each()
        others = [each for document in templates for each in document.root["spec"][key].each()]
        yield from _twice((*others, *own), kind, at=analysis.node, among=templates if len(templates) > 1 or own else ())
        if not analysis.gathered.missing:
            yield from _matchless(own, templates, kind)


def _twice(rules: Sequence[Node], kind: str, at: Node | None = None, among: Sequence[Document] | None = None) -> Iterator[Trap]:
    names = [each["metricName"].text() for each in rules]
    for number, each in enumerate(rules):
        if names[number] in names[:number] and among != ():
            what = f"two {kind} rules for {names[number]}: Argo refuses the analysis"
            yield Trap(at or each, what, "leave one out; the templates' own count, too")


def _matchless(rules: Sequence[Node], templates: Sequence[Document], kind: str) -> Iterator[Trap]:
    names = [name for name, _, _ in _names(templates)]
    for each in rules:
        rule = each["metricName"].text()
        if names and not any(found(rule, name) for name in names) and "{{" not in rule:
            what = f"the {kind} rule {rule!r} finds no metric: Argo ends the analysis as Error"
            yield Trap(each, what, f"metricName is a regular expression; there are: {', '.join(names)}")


def _args(document: Document) -> tuple[Node, ...]:
    return document.root["spec"]["args"].each()


def _at(analysis: Analysis) -> Node:
    return analysis.references[0] if len(analysis.references) == 1 else analysis.node
