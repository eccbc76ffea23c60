"""Findings in words: with both sides' figures, and what changed."""

from collections.abc import Iterable, Sequence

from analyzer.common.counted import counted
from analyzer.findings.interface import Finding, Graded
from analyzer.reason.text import CHANGE, FIGURE, QUOTE, SENTENCE, cut_sentence
from analyzer.verdicts.verdict import Verdict

# kinds whose first sample says more than their sentence: a log's last error, a message of the cluster
SHOWING = {
    "crash-loop",
    "container-exit",
    "image-pull",
    "config-error",
    "failed-create",
    "unschedulable",
    "volume",
    "storage-limit",
    "not-ready",
    "probe-failure",
    "warning-event",
}


def find_cited(findings: Sequence[Graded], verdicts: Iterable[Verdict]) -> tuple[Graded, ...]:
    """Return the findings that the verdicts cite: the most severe first, then in the order in which they are
    cited.
    """
    order = list(dict.fromkeys(cited for verdict in verdicts for cited in verdict.answer.findings))
    severities = list(dict.fromkeys(graded.severity for graded in findings))  # findings are in that order
    matches = (graded for graded in findings if graded.id in order)
    return tuple(
        sorted(matches, key=lambda graded: (severities.index(graded.severity), order.index(graded.id)))
    )


def describe_finding(graded: Graded) -> str:
    """Return a finding with both sides' figures, except those that its sentence already has."""
    finding = graded.finding
    sides = (("stable", finding.stable), ("canary", finding.canary))
    unsaid = [(role, _drop_repeated(figure, role, finding.sentence)) for role, figure in sides]
    figures = [f"{role} {cut_sentence(figure, FIGURE)}" for role, figure in unsaid if figure]
    sample = cut_sentence(finding.samples[0], QUOTE) if finding.samples and finding.kind in SHOWING else ""
    quote = f': "{sample}"' if sample and sample not in finding.sentence else ""
    both = f" ({', '.join(figures)})" if figures else ""
    return f"{cut_sentence(finding.sentence, SENTENCE)}{quote}{both}"


def describe_changes(cited: Sequence[Graded], findings: Sequence[Graded]) -> str:
    """Return what explains the cited findings, else what changed: in the containers they are about, if
    anything changed there.
    """
    causes = list(dict.fromkeys(graded.finding.because for graded in cited if graded.finding.because))
    if causes:
        return "; ".join(cut_sentence(cause, 2 * CHANGE) for cause in causes[:2])
    changes = [
        graded.finding
        for graded in findings
        if graded.finding.kind in ("image-differs", "spec-change") and graded not in cited
    ]
    containers = {graded.finding.key.split("/")[1] for graded in cited if "/" in graded.finding.key}
    relevant = [change for change in changes if containers & set(change.key.split("/")[1:2])] or changes
    described = " and ".join(_describe_change(change) for change in relevant[:2])
    more = f" and {counted(len(relevant) - 2, 'more change')}" if len(relevant) > 2 else ""
    return f"{described}{more}"


def _describe_change(finding: Finding) -> str:
    """Return one change in words."""
    if finding.kind != "image-differs":
        return cut_sentence(finding.sentence, CHANGE)
    old, new = finding.stable, finding.canary
    registry, slash, _ = old.rpartition("/")
    if slash and ", " not in old + new and new.rpartition("/")[0] == registry:
        old, new = old[len(registry) + 1 :], new[len(registry) + 1 :]
    return f"image {_shorten_image(old)} became {_shorten_image(new)}"


def _shorten_image(image: str) -> str:
    """Return an image with as much of its digest as tells two images apart."""
    name, at, digest = image.partition("@sha256:")
    return cut_sentence(f"{name}{at}{digest[:12]}", CHANGE)


def _drop_repeated(figure: str, role: str, sentence: str) -> str:
    """Return the part of a figure ("1 of 1 pod, 4 restarts") that its sentence ("1 of 1 canary pod: …") does
    not say.
    """
    if _contains(sentence, figure):
        return ""
    first, _, rest = figure.partition(", ")
    number, _, noun = first.rpartition(" ")
    return rest if _contains(sentence, f"{number} {role} {noun}") else figure


def _contains(sentence: str, words: str) -> bool:
    """Return whether a sentence contains these words."""
    return f" {_strip_punctuation(words)} " in f" {_strip_punctuation(sentence)} "


def _strip_punctuation(text: str) -> str:
    """Return `text` without punctuation around its words."""
    return " ".join(word.strip(".,;:()") for word in text.split())
