"""Traps of an analysis as a whole: Argo merges all its templates into one AnalysisRun, and refuses what
conflicts.

FlattenTemplates and MergeArgs in argo-rollouts' utils/analysis/helpers.go do that, and the AnalysisRun's
controller applies the rules for a dry run:
https://github.com/argoproj/argo-rollouts/blob/master/utils/analysis/helpers.go
"""

from collections.abc import Iterable, Iterator, Sequence

from analyzer.check.documents import Document, Node
from analyzer.check.traps.interface import Manifests, Trap, TrapState
from analyzer.check.traps.uses import DeclaredAnalysis, find_analyses
from analyzer.common.nearest import did_you_mean
from analyzer.common.patterns import regex_finds

RULES = {"dryRun": "dry-run", "measurementRetention": "retention"}


def check_merged(manifests: Manifests) -> Iterator[Trap]:
    """Check each analysis of a Rollout or an Experiment."""
    for analysis in find_analyses(manifests):
        if analysis.gathered.templates:
            yield from _check_namespaces(analysis)
            yield from _check_metrics(analysis)
            yield from _check_arguments(analysis)
            yield from _check_unknown(analysis)
            yield from _check_rules(analysis)


def check_template(manifests: Manifests) -> Iterator[Trap]:
    """Check one template alone, for conflicts that every use of it would have."""
    document = manifests.document
    spec = document.root["spec"]
    names: set[str] = set()
    for name, _, metric in _named_metrics((document,)):
        if name in names:
            yield Trap(
                metric,
                f"two metrics have the same name, {name}: Argo refuses the analysis",
                "give each metric a name of its own",
            )
        names.add(name)
    for argument in _conflicting_arguments(spec["args"].elements()):
        yield Trap(
            argument,
            (
                f"the argument {argument['name'].text()} is given twice, with different values:"
                " Argo refuses that"
            ),
            "leave one out",
        )
    for argument in spec["args"].elements():
        if argument["value"] and argument["valueFrom"]:
            what = (
                f"the argument {argument['name'].text()} has both a value and a valueFrom: Argo refuses that"
            )
            yield Trap(argument, what, "leave one of the two out")
        elif document.kind == "AnalysisRun" and not argument["value"] and not argument["valueFrom"]:
            what = f"the argument {argument['name'].text()} has no value: Argo fails the analysis"
            yield Trap(argument, what, "give it a value")
    for key, kind in RULES.items():
        yield from _check_duplicates(spec[key].elements(), kind)
        if not spec["templates"].elements():
            yield from _check_matches(spec[key].elements(), (document,), kind)


def _named_metrics(templates: Sequence[Document]) -> Iterator[tuple[str, Document, Node]]:
    """Yield the name, the document and the node of each metric."""
    for document in templates:
        for metric in document.root["spec"]["metrics"].elements():
            if name := metric["name"].text():
                yield name, document, metric


def _check_namespaces(analysis: DeclaredAnalysis) -> Iterator[Trap]:
    """Check that the templates of an analysis are in one namespace, if the Rollout names none."""
    names = sorted(
        {
            document.namespace
            for document in analysis.gathered.templates
            if document.kind == "AnalysisTemplate"
        }
        - {""}
    )
    if len(names) > 1:
        what = (
            f"the templates of one analysis are in {' and '.join(names)}: Argo looks for all of them"
            " where the Rollout is"
        )
        yield Trap(analysis.node, what, "put them into one namespace, or make them ClusterAnalysisTemplates")


def _check_metrics(analysis: DeclaredAnalysis) -> Iterator[Trap]:
    first: dict[str, Document] = {}
    for name, document, _ in _named_metrics(analysis.gathered.templates):
        if first.setdefault(name, document) is not document:
            what = (
                f"{first[name].name} and {document.name} have a metric of the same name, {name}:"
                " Argo refuses the analysis"
            )
            yield Trap(analysis.node, what, "give each metric a name of its own")


def _conflicting_arguments(arguments: Iterable[Node]) -> Iterator[Node]:
    values: dict[str, str] = {}
    for argument in arguments:
        name, value = argument["name"].text(), argument["value"].text()
        if argument["value"] and values.setdefault(name, value) != value:
            yield argument


def _check_arguments(analysis: DeclaredAnalysis) -> Iterator[Trap]:
    """Check for arguments without a value, and for values in which two templates differ, whatever the
    analysis itself gives.
    """
    templates = analysis.gathered.templates
    all_arguments = [
        argument for document in templates for argument in document.root["spec"]["args"].elements()
    ]
    for name in dict.fromkeys(argument["name"].text() for argument in _conflicting_arguments(all_arguments)):
        documents_with_value = [
            document
            for document in templates
            if any(
                argument["name"].text() == name and argument["value"] for argument in _arguments_of(document)
            )
        ]
        templates_with_value = ", ".join(document.name for document in documents_with_value)
        what = (
            f"the argument {name} has different values in {templates_with_value}: Argo refuses the analysis,"
            " whatever it is given here"
        )
        if len(documents_with_value) > 1:
            yield Trap(
                analysis.node,
                what,
                f"give {name} one value in all of them, or leave its value out and give it under args here",
            )
    given_names = {
        argument["name"].text()
        for argument in analysis.args.elements()
        if analysis.where != "experiment" or argument["value"] or argument["valueFrom"]
    }
    for name, names in _unresolved_arguments(templates).items():
        if name not in given_names:
            state: TrapState = "note" if analysis.gathered.missing else "wrong"
            what = f"{names[0]} needs the argument {name}, and is not given one: Argo fails the analysis"
            yield Trap(_place_of(analysis), what, f"add it to args: {{name: {name}, value: …}}", state)


def _unresolved_arguments(templates: Sequence[Document]) -> dict[str, list[str]]:
    """Return the arguments without a value, as Argo merges templates, and which templates have them.

    The first value counts. Of arguments without a value the last counts, so one without a valueFrom replaces
    one that has it.
    """
    arguments: dict[str, Node] = {}
    names: dict[str, list[str]] = {}
    for document in templates:
        for argument in _arguments_of(document):
            name = argument["name"].text()
            names.setdefault(name, []).append(document.name)
            if name not in arguments or not arguments[name]["value"]:
                arguments[name] = argument
    return {
        name: names[name]
        for name, argument in arguments.items()
        if not argument["value"] and not argument["valueFrom"]
    }


def _check_unknown(analysis: DeclaredAnalysis) -> Iterator[Trap]:
    """Check for arguments that no template has, which Argo drops."""
    declared = list(
        dict.fromkeys(
            argument["name"].text()
            for document in analysis.gathered.templates
            for argument in _arguments_of(document)
        )
    )
    for argument in analysis.args.elements() if not analysis.gathered.missing else ():
        name = argument["name"].text()
        if name and name not in declared:
            advice = did_you_mean(name, declared, "leave it out, or declare it in the template")
            yield Trap(argument, f"no template here has an argument {name}: Argo drops it", advice, "note")


def _check_rules(analysis: DeclaredAnalysis) -> Iterator[Trap]:
    """Check that each rule for metrics exists once, and matches a metric."""
    templates = analysis.gathered.templates
    for key, kind in RULES.items():
        own = analysis.rules[key].elements()
        others = [rule for document in templates for rule in document.root["spec"][key].elements()]
        yield from _check_duplicates(
            (*others, *own), kind, at=analysis.node, among=templates if len(templates) > 1 or own else ()
        )
        if not analysis.gathered.missing:
            yield from _check_matches(own, templates, kind)


def _check_duplicates(
    rules: Sequence[Node], kind: str, at: Node | None = None, among: Sequence[Document] | None = None
) -> Iterator[Trap]:
    names = [rule["metricName"].text() for rule in rules]
    for number, rule in enumerate(rules):
        if names[number] in names[:number] and among != ():
            what = f"two {kind} rules for {names[number]}: Argo refuses the analysis"
            yield Trap(at or rule, what, "leave one out; the templates' own count, too")


def _check_matches(rules: Sequence[Node], templates: Sequence[Document], kind: str) -> Iterator[Trap]:
    names = [name for name, _, _ in _named_metrics(templates)]
    for rule in rules:
        pattern = rule["metricName"].text()
        if names and not any(regex_finds(pattern, name) for name in names) and "{{" not in pattern:
            what = f"the {kind} rule {pattern!r} matches no metric: Argo ends the analysis as Error"
            yield Trap(rule, what, f"metricName is a regular expression; there are: {', '.join(names)}")


def _arguments_of(document: Document) -> tuple[Node, ...]:
    return document.root["spec"]["args"].elements()


def _place_of(analysis: DeclaredAnalysis) -> Node:
    return analysis.references[0] if len(analysis.references) == 1 else analysis.node
