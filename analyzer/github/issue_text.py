"""The words of an issue and of its comments, made of a finished record by a Jinja template.

Whatever a template shows is made inert (`neutral.prose`), unless a filter of ours made it Markdown: a team
that replaces templates/issue.md.j2 cannot forget it. The mark that finds the issue again is behind the
template's text and not part of it.

GitHub takes 65,536 characters. What is too long loses samples first, then findings and gaps, each time with a
line that says so. The reason, the causes and what to do always stay.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from analyzer import __version__
from analyzer.common.short import cut
from analyzer.common.templates import TemplateKind
from analyzer.errors import UsageError
from analyzer.findings.interface import Graded
from analyzer.github.change_text import Examined, write_change
from analyzer.github.mark import Mark
from analyzer.records.record import Record
from analyzer.report import neutral
from analyzer.report.cuts import count_cut_lines, describe_cuts
from analyzer.report.decisive import find_decisive
from analyzer.report.words import gap_line, opinion_line, voice_line
from analyzer.target import ROLES
from analyzer.verdicts.verdict import Opinion, Verdict

CommentOccasion = Literal["again", "returned", "promoted"]

MAX_BODY = 60_000  # characters: GitHub's 65,536, less what it may count otherwise
LONGEST_TITLE = 200  # characters: GitHub's are 256
SENTENCE = 400  # characters of a finding's sentence, a figure, a gap
PARAGRAPH = 1_000  # characters of any text
NAME = 80  # characters of a container's or a model's
MODELS = 12
IMAGE = "image-differs"
CHANGED = ("spec-change", IMAGE)
VERDICTS = {"rollback": "rolled back", "inconclusive": "not promoted: nothing could be decided"}


@dataclass(frozen=True)
class BodyRoom:
    """How much is shown: samples of a finding, lines of a sample, findings (and changes as well), gaps,
    characters of each thing that a model says, and commits.
    """

    samples: int
    lines: int
    findings: int
    gaps: int
    words: int
    commits: int = 0


ROOMS = (
    BodyRoom(8, 40, 60, 40, 1000, 30),
    BodyRoom(3, 20, 60, 40, 1000, 30),
    BodyRoom(1, 8, 40, 20, 1000, 20),
    BodyRoom(0, 0, 20, 10, 500, 10),
    BodyRoom(0, 0, 5, 3, 150, 3),
)
AGAIN = BodyRoom(2, 12, 3, 0, 0)

_FILTERS = {"code": neutral.code, "quoted": neutral.quoted}
_WRITE = partial(neutral.write_value, longest=PARAGRAPH)


ISSUE = TemplateKind(
    shipped="issue.md.j2",
    option="--issue-template",
    start_from="begin with the one that ships, templates/issue.md.j2",
    filters=_FILTERS,
    write=_WRITE,
)
COMMENT = TemplateKind(
    shipped="issue-comment.md.j2", option="--issue-template", start_from="", filters=_FILTERS, write=_WRITE
)


FIX = TemplateKind(
    shipped="fix-comment.md.j2", option="--suggest-fix", start_from="", filters=_FILTERS, write=_WRITE
)
PULL = re.compile(r"https?://[A-Za-z0-9.:-]{1,260}/[A-Za-z0-9_./-]{1,250}")


def write_title(record: Record) -> str:
    """Return the issue's title: whose canary, and the finding that decided."""
    decisive = find_decisive(record)
    what = decisive.finding.sentence if decisive else record.judgement.decision.reason
    verdict = VERDICTS.get(record.judgement.decision.outcome, "").partition(":")[0]
    line = f"Canary of {record.evidence.target.name()} {verdict}: {what}"
    return neutral.inert(cut(" ".join(line.split()), LONGEST_TITLE))


def write_body(
    record: Record, mark: Mark, template: str = "", *, earlier: int = 0, examined: Examined | None = None
) -> str:
    """Return the issue's text, its mark included.

    `template` is a file, empty for the one that ships; `earlier` the number of a closed issue of the same
    failure, 0 for none; `examined` the change under test, None where it was not looked for. Raise UsageError
    for a template that cannot be used, or whose own words are too long.
    """
    source = ISSUE.read(template)
    for room in ROOMS:
        values = {
            **_values(record, room),
            "fingerprint": mark.fingerprint(),
            "earlier": earlier,
            "change": write_change(examined, room.commits) if examined else None,
        }
        body = _with_mark(ISSUE.fill(source, values), mark)
        if len(body) <= MAX_BODY:
            return body
    raise UsageError(
        f"the template {source[0]} makes an issue of {len(body):,} characters, and GitHub takes 65,536",
        advice="shorten its own words",
    )


def write_comment(
    record: Record, mark: Mark, occasion: CommentOccasion, *, count: int = 0, closes: bool = False
) -> str:
    """Return a comment, its mark included: the failure happened again, or returned, for the `count`th time;
    or a later canary was promoted, which `closes` the issue.
    """
    values = {**_values(record, AGAIN), "occasion": occasion, "count": count, "closes": closes}
    return _with_mark(COMMENT.fill(COMMENT.read(), values), mark)


def write_fix(model: str, summary: str, diff: str, dropped: Sequence[str], pull: str) -> str:
    """Return a comment with a suggested fix: an inert `diff`, and the pull request's address or empty."""
    values = {
        "model": model,
        "summary": summary,
        "diff": neutral.patch(diff),
        "dropped": dropped,
        "pull": neutral.Markdown(pull if PULL.fullmatch(pull) else ""),
    }
    return neutral.squeeze_blanks(FIX.fill(FIX.read(), values))


def _with_mark(text: str, mark: Mark) -> str:
    """Return a text with its mark behind it, and at most one blank line after another."""
    return f"{neutral.squeeze_blanks(text)}\n\n{mark.write()}\n"


def _values(record: Record, room: BodyRoom) -> dict[str, object]:
    """Return what a template can show; docs/issues.md lists it."""
    target, judgement = record.evidence.target, record.judgement
    changes = [graded for graded in judgement.findings if graded.finding.kind in CHANGED]
    findings = [graded for graded in judgement.findings if graded not in changes]
    decision, alone = judgement.decision, len(judgement.opinions) == 1
    sides = {role: target.side(role) for role in ROLES}
    return {
        "target": target.name(),
        "verdict": neutral.Markdown(VERDICTS.get(decision.outcome, decision.outcome)),
        "reason": decision.reason,
        "rule": decision.rule,
        "confidence": None if decision.confidence is None else round(decision.confidence),
        "finished_at": neutral.Markdown(f"{record.finished_at:%Y-%m-%d %H:%M:%S} UTC"),
        "analysis": target.analysis,
        "causes": list_causes(record, room.words),
        "hypotheses": _list_advice(record, lambda verdict: verdict.hypothesis, room.words),
        "remedies": _list_advice(record, lambda verdict: verdict.answer.remediation, room.words),
        **{role: side.hash if side and side.hash else "not known" for role, side in sides.items()},
        "images": list_images(record)[: room.findings],
        "changes": [
            cut(graded.finding.sentence, SENTENCE) for graded in changes if graded.finding.kind != IMAGE
        ][: room.findings],
        "findings": [_finding(graded, room) for graded in findings[: room.findings]],
        "models": [cut(_voice(opinion, alone=alone), room.words) for opinion in judgement.opinions[:MODELS]],
        "unseen": [cut(gap_line(gap), SENTENCE) for gap in record.evidence.gaps[: room.gaps]],
        "replay": neutral.command(record.replay()),
        "link": record.settings.tell.link,
        "left_out": tuple(_left_out(record, findings, room)),
        "product": neutral.Markdown(__version__),
    }


def _voice(opinion: Opinion, *, alone: bool) -> str:
    """Return a model's verdict with its summary, or why it gave none. What would help it is no matter of the
    issue.
    """
    return (
        opinion_line(opinion, alone=alone)
        if isinstance(opinion, Verdict)
        else voice_line(opinion, alone=alone)
    )


def list_causes(record: Record, longest: int) -> list[dict[str, str]]:
    """Return the root causes that models name, each with the models (`text`, `model`), of at most so many
    characters.
    """
    return _list_advice(record, lambda verdict: verdict.answer.root_cause, longest)


def list_images(record: Record) -> list[dict[str, str]]:
    """Return each container whose image differs, with both (`container`, `stable`, `canary`)."""
    return [
        {"container": cut(graded.finding.key.partition("/")[2], NAME), **_figures(graded)}
        for graded in record.judgement.findings
        if graded.finding.kind == IMAGE
    ]


def _list_advice(record: Record, read: Callable[[Verdict], str], longest: int) -> list[dict[str, str]]:
    """Return what models say, as `read` gives it of each. What several say alike is there once."""
    voices: dict[str, list[str]] = {}
    for opinion in record.judgement.opinions[:MODELS]:
        if isinstance(opinion, Verdict) and (text := read(opinion)):
            voices.setdefault(cut(text, longest), []).append(cut(opinion.model, NAME))
    return [{"text": text, "model": ", ".join(models)} for text, models in voices.items()]


def _finding(graded: Graded, room: BodyRoom) -> dict[str, object]:
    finding = graded.finding
    samples = ["\n".join(sample.splitlines()[: room.lines]) for sample in finding.samples[: room.samples]]
    return {
        "id": graded.id,
        "severity": graded.severity,
        "kind": finding.kind,
        "sentence": cut(finding.sentence, SENTENCE),
        "because": cut(finding.because, SENTENCE),
        "remedy": cut(finding.remedy or finding.advice, SENTENCE),
        "samples": samples,
        **_figures(graded),
    }


def _figures(graded: Graded) -> dict[str, str]:
    return {"stable": cut(graded.finding.stable, SENTENCE), "canary": cut(graded.finding.canary, SENTENCE)}


def _left_out(record: Record, findings: Sequence[Graded], room: BodyRoom) -> Iterator[str]:
    """Yield what there is no room for, in words."""
    samples = [graded.finding.samples for graded in findings[: room.findings]]
    missing = (
        count_cut_lines(samples, room.samples, room.lines),
        (len(findings) - room.findings, "finding", "findings"),
        (len(record.evidence.gaps) - room.gaps, "thing that was not seen", "things that were not seen"),
        (len(record.judgement.findings) - len(findings) - room.findings, "change", "changes"),
        (len(record.judgement.opinions) - MODELS, "model", "models"),
    )
    yield from describe_cuts(missing)
