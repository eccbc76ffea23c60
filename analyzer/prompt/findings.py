"""Findings as the prompt shows them: what one of them says already is not said again by the next."""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from analyzer.common.value import Value
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.interface import Finding, Graded
from analyzer.findings.log_pairs import count_lines
from analyzer.prompt.distributions import SlotDistribution
from analyzer.prompt.templates import TemplateView

_NAMES_ONE = ("new-error-template", "new-failure-template", "error-template-rate")  # of the lines of a share
_NAMES_ERROR = ("new-error-template", "error-template-rate")
_NAMES_TEMPLATE = (*_NAMES_ONE, "new-log-template", "vanished-log-template", "log-template-rate")
_TOTAL = re.compile(r"(?:of|in) ([0-9,]{1,20}) lines$")
_TELLS_VALUES = ("failing-status", "status-shift", "measure-doubt")
_TELLS_MEASURE = ("measure-worse", "measure-changed", "measure-doubt")


class SampleView(Value):
    """Raw lines, and the ids of the findings that they are samples of."""

    ids: str
    lines: tuple[str, ...]


def find_retold(findings: Sequence[Graded]) -> dict[str, str]:
    """Return the ids of findings that name lines which another one counts, each with that other's id: a fault
    that one figure tells is one fault. A share of errors counts every error line of its container, and one of
    failures those that only words tell of as well.
    """
    shares = {
        graded.finding.key.split("/")[1]: graded
        for graded in findings
        if graded.finding.kind == "error-share" and "/" in graded.finding.key
    }
    retold = {}
    for graded in findings:
        kind, _, rest = graded.finding.key.partition("/")
        share = shares.get(rest.partition("/")[0])
        if share and kind in _NAMES_ONE and (kind in _NAMES_ERROR or _counts_words(share.finding)):
            retold[graded.id] = share.id
    return retold


def _counts_words(share: Finding) -> bool:
    """Return whether a share counts failures that only words tell of."""
    return " failures on " in share.sentence


def leaves_out_start(findings: Sequence[Graded], evidence: Evidence) -> bool:
    """Return whether a finding counts fewer of the canary's lines than its container's log has: those of a
    start that stable's log does not cover are then left out.
    """
    logs = evidence.part(Logs, "canary")
    lines = (
        {container.container: count_lines(container.digest) for container in logs.containers} if logs else {}
    )
    for graded in findings:
        total, container = _TOTAL.search(graded.finding.canary), graded.finding.key.split("/")[1:2]
        if total and container and int(total[1].replace(",", "")) < lines.get(container[0], 0):
            return True
    return False


def repeats_figures(finding: Finding) -> bool:
    """Return whether the sentence already has both sides' figures, as that of an image has."""
    sentence = f" {finding.sentence} "
    return all(figure and f" {figure} " in sentence for figure in (finding.stable, finding.canary))


def fold_samples(findings: Sequence[Graded]) -> tuple[SampleView, ...]:
    """Return the samples of the findings, each line once, in order; lines of the same findings together."""
    ids: dict[str, list[str]] = {}
    for graded in findings:
        for line in dict.fromkeys(graded.finding.samples):
            ids.setdefault(line, []).append(graded.id)
    return tuple(
        SampleView(ids=", ".join(names), lines=tuple(line for line, _ in group))
        for names, group in groupby(ids.items(), key=itemgetter(1))
    )


def names_template(finding: Finding, view: TemplateView) -> bool:
    """Return whether a finding, with its raw line, has all that a view of a log template would show."""
    row = view.compared
    return (
        all(values.is_single() for values in view.distributions)
        and _is_of(finding, _NAMES_TEMPLATE, view.container)
        and f": {row.template}" in finding.sentence
        and finding.stable.startswith(f"{row.stable:,} ")
        and finding.canary.startswith(f"{row.canary:,} ")
    )


def tells_values(finding: Finding, view: TemplateView, values: SlotDistribution) -> bool:
    """Return whether a finding has the values of a view's slot."""
    if values.is_measure:
        named = f"{values.name!r} " in finding.sentence and f": {view.compared.template}" in finding.sentence
        return named and _is_of(finding, _TELLS_MEASURE, view.container)
    return (
        _is_of(finding, _TELLS_VALUES, view.container)
        and finding.stable.endswith(values.stable)
        and finding.canary.endswith(values.canary)
    )


def _is_of(finding: Finding, kinds: Sequence[str], container: str) -> bool:
    """Return whether a finding is of one of the kinds, and of a container."""
    return finding.kind in kinds and finding.key.split("/")[1:2] == [container]
