"""The prompt: what is asked of every model, rendered from a Jinja template.

The template sees: `target`, `window`, `nonce`, `findings`, `gaps`, `sides`, `templates`, `excerpts`, `context`, `left_out`, `schema`
(JSON text), `extra`, `earlier` (answers about this canary) and `investigate` (whether models may look closer). What came from
elsewhere goes through the `untrusted` filter and stands between delimiters that carry the nonce.
"""

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from analyzer.answer import answer_schema
from analyzer.errors import UsageError
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs
from analyzer.evidence.observed import Observed
from analyzer.evidence.pods import Pods
from analyzer.findings.directives import addresses
from analyzer.findings.interface import Graded
from analyzer.logs.lines import safe
from analyzer.prompt.sections import LONGEST_LINE, Sections, choose, estimate, items
from analyzer.settings import Ask
from analyzer.target import ROLES, Role, Target
from analyzer.value import Value

EPOCH = datetime.fromtimestamp(0, UTC)
SHIPS = "--template names a Jinja file; leave it out for the one that ships"
START_FROM = "begin with the one that ships, templates/prompt.md.j2; rollout-analyzer prompt shows what comes of it"
WITHHELD = "[withheld:"  # what stands for lines that address the judge
SHIPPED = (Path(__file__).parents[1] / "templates", Path(__file__).parents[2] / "templates")  # in the wheel, in a checkout

FOR_EVIDENCE = 1000  # tokens: a few findings, and what could not be seen

NOTHING = Evidence(
    target=Target(namespace="", stable=None, canary=None, how="", resolved_at=EPOCH), window=Window(start=EPOCH, end=EPOCH), nonce="0" * 16
)  # evidence with nothing in it: what a prompt of it takes, every prompt takes

_ID = re.compile(r"\bF[0-9]+\b")
_TRIPLES = str.maketrans({"⋘": "<<<", "⋙": ">>>"})
_RUNS = re.compile(r"[<＜﹤‹〈〈⟨❮❬«《⟪≪]{2,}|[>＞﹥›〉〉⟩❯❭»》⟫≫]{2,}")  # noqa: RUF001 - look-alikes are what it is about
_TOKENS = re.compile(r"[<＜](?=[|｜]|/?(?:start_of_turn|end_of_turn|bos|eos|s)>|turn\|)|\[(?=/?INST\])")  # noqa: RUF001


class Prompt(Value):
    """The rendered text, its estimated size in tokens, and what was left out of it, one phrase each.

    `unshown` are the ids of findings that weigh a warning or more and are not in it: who judges by it alone cannot promote.
    """

    text: str
    tokens: int
    left_out: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()


class SideView(Value):
    """One side in a few lines, as the template shows it."""

    role: Role
    hash: str
    pods: str
    images: tuple[str, ...]
    lines: int | None
    sample: str = ""
    observed: str = ""


def render(evidence: Evidence, findings: tuple[Graded, ...], ask: Ask) -> Prompt:
    """The prompt for one case: the same arguments give the same bytes. UsageError for a template that does not hold.

    It stays within `ask.prompt_tokens`, by the estimate, unless the template and what it says of the sides are longer.
    """
    source, everything = _source(ask.template), items(evidence, findings)
    room = ask.prompt_tokens - estimate(_fill(source, _values(evidence, Sections(), ask)))
    while True:
        sections = choose(everything, room)
        text = _fill(source, _values(evidence, sections, ask))
        over = estimate(text) - ask.prompt_tokens
        if over <= 0 or room <= 0:
            return Prompt(text=text, tokens=estimate(text), left_out=sections.left_out, unshown=_unshown(text, sections, findings))
        room -= over


def check_room(ask: Ask) -> None:
    """UsageError where `ask.prompt_tokens` cannot hold the words of the template itself, or the template does not hold."""
    least = estimate(_fill(_source(ask.template), _values(NOTHING, Sections(), ask)))
    if least > ask.prompt_tokens:
        raise UsageError(
            f"--prompt-tokens {ask.prompt_tokens} cannot hold the prompt: its own words take {least}, by the same estimate",
            advice=f"give it {least + FOR_EVIDENCE} or more, so that there is room for what was seen; the default is {Ask().prompt_tokens}",
        )


def _unshown(text: str, sections: Sections, findings: tuple[Graded, ...]) -> tuple[str, ...]:
    """A finding is shown where it was chosen, and a template (which may be a team's own) has its id: else nobody could cite it."""
    named = set(_ID.findall(text))
    shown = {graded.id for graded in sections.findings if graded.id in named}
    return tuple(graded.id for graded in findings if graded.severity != "info" and graded.id not in shown)


def _values(evidence: Evidence, sections: Sections, ask: Ask) -> dict[str, object]:
    return {
        "target": evidence.target,
        "window": evidence.window,
        "nonce": evidence.nonce,
        "mismatch": evidence.mismatch,
        "sides": [_side(evidence, role) for role in ROLES],
        "findings": sections.findings,
        "gaps": sections.gaps,
        "templates": sections.templates,
        "excerpts": sections.excerpts,
        "context": sections.context,
        "earlier": sections.earlier,
        "left_out": sections.left_out,
        "schema": json.dumps(answer_schema()),
        "extra": ask.extra_prompt,
        "investigate": ask.investigate,
    }


def evidence_in(text: str, nonce: str) -> str:
    """What of a prompt is evidence: the lines between its two delimiters. Empty where a template has none: then no quote holds."""
    lines = text.split("\n")
    starts, ends = (
        [number for number, line in enumerate(lines) if line.rstrip() == f"<<<{what} {nonce}>>>"]
        for what in ("evidence", "end of evidence")
    )
    return "\n".join(lines[starts[0] + 1 : ends[-1]]) if starts and ends else ""


def untrusted(text: object) -> str:
    """Text from the cluster on lines of its own, each marked and cut, so that none can pass for an instruction's line.

    Whatever breaks a line anywhere breaks it here. What drives a terminal or hides is gone, what looks like a delimiter or a model's
    own control token is drawn apart, and what addresses the judge is withheld: a finding says so, and people are shown it.
    """
    lines = [safe(line) for line in str(text).splitlines()] or [""]
    return "\n".join(f"| {_cut(line)}" for line in map(_apart, _heard(lines)))


def _cut(line: str) -> str:
    """A long line without its middle: what went wrong at last often stands at its end."""
    end = LONGEST_LINE // 3
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - end]} … {line[-end:]}"


def _heard(lines: list[str]) -> list[str]:
    """The lines before the first that addresses the judge: what follows it may be what it announces. None where only all together do."""
    first = next((index for index, line in enumerate(lines) if addresses(line)), 0 if addresses("\n".join(lines)) else len(lines))
    lost = len(lines) - first
    return [*lines[:first], f"{WITHHELD} {lost} line{'' if lost == 1 else 's'}, for the text addresses the judge]"] if lost else lines


def _apart(line: str) -> str:
    """The line with a space within each run that looks like a delimiter's, and after what opens a control token."""
    return _TOKENS.sub(r"\g<0> ", _RUNS.sub(lambda run: " ".join(run[0]), line.translate(_TRIPLES)))


def _source(template: str) -> tuple[str, str]:
    """A name for messages, and the template's text."""
    candidates = [Path(template)] if template else [folder / "prompt.md.j2" for folder in SHIPPED]
    path = candidates[-1]
    try:
        path = next((each for each in candidates if each.is_file()), path)
        return path.name, path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"there is no template {path}", advice=SHIPS) from error
    except OSError as error:
        raise UsageError(f"cannot read the template {path}: {error.strerror}", advice=SHIPS) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read the template {path}: it is not UTF-8", advice="save it as UTF-8 text") from error


def _fill(source: tuple[str, str], values: dict[str, object]) -> str:
    name, text = source
    try:
        return _compiled(text).render(values)
    except TemplateSyntaxError as error:
        raise UsageError(f"the template {name} is broken at line {error.lineno}: {error.message}", advice=START_FROM) from error
    except UndefinedError as error:
        raise UsageError(
            f"the template {name} uses a name that is not there: {error.message}", advice=f"there are: {', '.join(sorted(values))}"
        ) from error
    except SecurityError as error:
        raise UsageError(f"the template {name} does what templates may not: {error.message}", advice=START_FROM) from error
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, RecursionError, AttributeError) as error:
        raise UsageError(f"the template {name} cannot be rendered: {type(error).__name__}: {error}", advice=START_FROM) from error


@lru_cache(maxsize=4)
def _compiled(text: str) -> Template:
    """Compiling takes longer than all the rest of a prompt, and one prompt is rendered twice and more to fit its budget."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters["untrusted"] = untrusted
    return environment.from_string(text)


def _side(evidence: Evidence, role: Role) -> SideView:
    side, pods, logs = evidence.target.side(role), evidence.part(Pods, role), evidence.part(Logs, role)
    observed = evidence.part(Observed, role)
    images = sorted({container.image for pod in pods.pods for container in pod.containers if container.type != "ephemeral"}) if pods else []
    return SideView(
        role=role,
        hash=side.hash or side.selector if side else "",
        pods="no such side" if side is None else _pods(pods),
        images=tuple(images),
        lines=sum(container.digest.lines for container in logs.containers) if logs else None,
        sample=f"({', '.join(logs.bounds())})" if logs and logs.bounds() else "",
        observed=observed.summary() if observed else "",
    )


def _pods(pods: Pods | None) -> str:
    if pods is None:
        return "could not be read"
    restarts = sum(container.restarts for pod in pods.pods for container in pod.containers)
    return f"{sum(pod.ready() for pod in pods.pods)} of {len(pods.pods)} pods ready, {restarts} restarts"
