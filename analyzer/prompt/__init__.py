"""The prompt: what every model is asked, rendered from a Jinja template.

The template's variables are `target`, `window`, `nonce`, `mismatch`, `findings`, `retold` (of a finding's id,
that of the one which counts its lines), `repeated` (ids of findings whose sentence has their figures),
`without_start` (whether a finding leaves out the lines of a start), `samples` (of the findings), `gaps`,
`unseen` (beside the gaps), `sides`, `routes`, `templates`, `equal` (templates that are only counted), `named`
(how many templates stand in findings alone), `excerpts`, `shared_pods` (templates of their logs), `left_out`,
`schema` (JSON text), `extra`, `earlier` (answers about this canary) and `investigate` (whether models may
call tools). Text from elsewhere goes through the `untrusted` filter and stands between delimiters with the
nonce.
"""

import json
import re
from datetime import UTC, datetime

from analyzer.answer import answer_schema
from analyzer.common.templates import TemplateKind
from analyzer.common.value import Value
from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.findings.interface import Graded
from analyzer.prompt.findings import find_retold, fold_samples, leaves_out_start, repeats_figures
from analyzer.prompt.items import find_items
from analyzer.prompt.marking import mark_untrusted
from analyzer.prompt.sections import Sections, choose, estimate
from analyzer.prompt.sides import describe_side, find_unseen
from analyzer.settings import Ask
from analyzer.target import ROLES, Target

EPOCH = datetime.fromtimestamp(0, UTC)
FOR_EVIDENCE = 1000  # tokens: a few findings, and what could not be seen

# empty evidence: no prompt takes fewer tokens than its prompt
NOTHING = Evidence(
    target=Target(namespace="", stable=None, canary=None, how="", resolved_at=EPOCH),
    window=Window(start=EPOCH, end=EPOCH),
    nonce="0" * 16,
)

TEMPLATE = TemplateKind(
    shipped="prompt.md.j2",
    option="--template",
    start_from="begin with the one that ships, templates/prompt.md.j2; rollout-analyzer prompt"
    " shows what comes of it",
    filters={"untrusted": mark_untrusted},
)

_ID = re.compile(r"\bF[0-9]+\b")


class Prompt(Value):
    """The rendered text, its estimated size in tokens, and what was left out, one phrase for each kind.

    `unshown` are the ids of findings of warning or higher that are not in the text. A model that judges by
    this text alone cannot promote then.
    """

    text: str
    tokens: int
    left_out: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()


def render(evidence: Evidence, findings: tuple[Graded, ...], ask: Ask) -> Prompt:
    """Return the prompt for one case. The same arguments give the same bytes.

    Its estimated size stays within `ask.prompt_tokens`, unless the template's own words and the lines about
    the sides are longer. Raise UsageError for a template that cannot be used.
    """
    source, everything = TEMPLATE.read(ask.template), find_items(evidence, findings)
    room = ask.prompt_tokens - estimate(TEMPLATE.fill(source, _template_values(evidence, Sections(), ask)))
    while True:
        sections = choose(everything, room)
        text = TEMPLATE.fill(source, _template_values(evidence, sections, ask))
        over = estimate(text) - ask.prompt_tokens
        if over <= 0 or room <= 0:
            return Prompt(
                text=text,
                tokens=estimate(text),
                left_out=sections.left_out,
                unshown=_find_unshown(text, sections, findings),
            )
        room -= over


def check_room(ask: Ask) -> None:
    """Raise UsageError if `ask.prompt_tokens` cannot hold the template's own words, or if the template cannot
    be used.
    """
    least = estimate(TEMPLATE.fill(TEMPLATE.read(ask.template), _template_values(NOTHING, Sections(), ask)))
    if least > ask.prompt_tokens:
        raise UsageError(
            (
                f"--prompt-tokens {ask.prompt_tokens} cannot hold the prompt: its own words take {least},"
                " by the same estimate"
            ),
            advice=f"give it {least + FOR_EVIDENCE} or more, so that there is room for what was seen;"
            f" the default is {Ask().prompt_tokens}",
        )


def _find_unshown(text: str, sections: Sections, findings: tuple[Graded, ...]) -> tuple[str, ...]:
    """Return the ids of findings of warning or higher that the text does not show. A finding is shown if it
    was chosen and its id is in the text, which a team's own template may leave out; without the id nobody
    could cite it.
    """
    named = set(_ID.findall(text))
    shown = {graded.id for graded in sections.findings if graded.id in named}
    return tuple(graded.id for graded in findings if graded.severity != "info" and graded.id not in shown)


def _template_values(evidence: Evidence, sections: Sections, ask: Ask) -> dict[str, object]:
    """Return the template's variables."""
    return {
        "target": evidence.target,
        "window": evidence.window,
        "nonce": evidence.nonce,
        "mismatch": evidence.mismatch,
        "sides": [describe_side(evidence, role) for role in ROLES],
        "routes": sections.routes,
        "unseen": find_unseen(evidence),
        "findings": sections.findings,
        "retold": find_retold(sections.findings),
        "repeated": [graded.id for graded in sections.findings if repeats_figures(graded.finding)],
        "without_start": leaves_out_start(sections.findings, evidence),
        "samples": fold_samples(sections.findings),
        "gaps": sections.gaps,
        "templates": sections.templates,
        "equal": sections.equal,
        "excerpts": sections.excerpts,
        "shared_pods": sections.shared_pods,
        "named": sections.named,
        "earlier": sections.earlier,
        "left_out": sections.left_out,
        "schema": json.dumps(answer_schema()),
        "extra": ask.extra_prompt,
        "investigate": ask.investigate,
    }


def extract_evidence(text: str, nonce: str) -> str:
    """Return the part of a prompt that is evidence: the lines between its two delimiters. It is empty for a
    template without them, and then no quote is valid.
    """
    lines = text.split("\n")
    starts, ends = (
        [number for number, line in enumerate(lines) if line.rstrip() == f"<<<{delimiter} {nonce}>>>"]
        for delimiter in ("evidence", "end of evidence")
    )
    return "\n".join(lines[starts[0] + 1 : ends[-1]]) if starts and ends else ""
