"""What a prompt could show, in order of worth, and what of it fits a budget of tokens.

The decisive stays longest: findings that block or hold, then what could not be seen, then warnings, the errors only the canary
logs, the ends of logs of containers that died, and at last what both sides have in common.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from analyzer.evidence import Evidence
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.earlier import Earlier
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import Logs, Stream
from analyzer.findings.addressed import KIND
from analyzer.findings.interface import Graded, Severity
from analyzer.findings.logs import complains
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import LEVELS, Digest, Group
from analyzer.value import Value

CHARACTERS_PER_TOKEN = 3.0  # logs and JSON; English prose is nearer to 4, so this errs on the large side
CONTEXT = 5  # templates of one context log, the gravest
COMMON = 20  # templates of both sides, as context: more would only bury the rest
EXCERPTS = 4
EXCERPT_LINES = 12
LONGEST_LINE = 300  # characters
BYTES_PER_TOKEN = 2.0  # … and of a character in UTF-8, the bytes beyond its first: 0.8 tokens in Cyrillic, 1.3 in Chinese, 1.8 an emoji
OVERHEAD = 40  # characters a template's own words take for an item

_DIGIT = re.compile("[0-9]")
_FINDINGS: dict[Severity, int] = {"blocking": 0, "hold": 0, "warning": 2, "info": 5}


class TemplateView(Value):
    """One log template of one container, with both sides' counts."""

    container: str
    compared: Compared


class ContextView(Value):
    """One log template of pods that both sides share."""

    name: str
    container: str
    group: Group


Shown = Graded | Gap | TemplateView | Stream | ContextView | Earlier


class Item(Value):
    """One thing to show: `worth` is lower for what matters more, then by place. `spare`: one too many of its kind, whatever the room."""

    worth: int
    name: str
    shown: Shown
    spare: bool = False


class Sections(Value):
    """What is shown, each in its own order, and what was left out, one phrase a kind."""

    findings: tuple[Graded, ...] = ()
    gaps: tuple[Gap, ...] = ()
    templates: tuple[TemplateView, ...] = ()
    excerpts: tuple[Stream, ...] = ()
    context: tuple[ContextView, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    left_out: tuple[str, ...] = ()


def estimate(text: str) -> int:
    """Tokens, roughly: rather too many than too few. Digits are tokens of their own to Gemma, and what is not ASCII nearly so to all."""
    digits, beyond = len(_DIGIT.findall(text)), len(text.encode(errors="replace")) - len(text)
    return int((len(text) - digits) / CHARACTERS_PER_TOKEN + digits + beyond / BYTES_PER_TOKEN) + 1


def items(evidence: Evidence, findings: Sequence[Graded]) -> tuple[Item, ...]:
    """Everything there is to show, most worth first."""
    everything = [
        *(Item(worth=_FINDINGS[graded.severity], name="findings", shown=_for_models(graded)) for graded in findings),
        *(Item(worth=1, name="gaps", shown=gap) for gap in evidence.gaps),
        *_templates(evidence),
        *_excerpts(evidence),
        *_context(evidence),
        *(Item(worth=7, name="earlier answers", shown=answer) for answer in evidence.earlier),
    ]
    return tuple(sorted(everything, key=lambda item: item.worth))


def choose(everything: Sequence[Item], room: int) -> Sections:
    """As much as fits `room` tokens: in order of worth, an item too large for what is left being passed over."""
    chosen: list[Item] = []
    for item in everything:
        if item.spare:
            continue
        cost = tokens(item)
        if cost <= room:
            chosen.append(item)
            room -= cost
    there, taken = (Counter(item.name for item in each) for each in (everything, chosen))
    return Sections(
        findings=tuple(item.shown for item in chosen if isinstance(item.shown, Graded)),
        gaps=tuple(item.shown for item in chosen if isinstance(item.shown, Gap)),
        templates=tuple(item.shown for item in chosen if isinstance(item.shown, TemplateView)),
        excerpts=tuple(item.shown for item in chosen if isinstance(item.shown, Stream)),
        context=tuple(item.shown for item in chosen if isinstance(item.shown, ContextView)),
        earlier=tuple(item.shown for item in chosen if isinstance(item.shown, Earlier)),
        left_out=tuple(f"{there[name] - taken[name]} of {there[name]} {name}" for name in there if there[name] > taken[name]),
    )


def tokens(item: Item) -> int:
    """What one item takes in the template that ships, marks and words included."""
    lines = [line for text in _texts(item.shown) for line in text.splitlines()]
    return estimate("".join(line[:LONGEST_LINE] for line in lines) + " " * (OVERHEAD + 12 * len(lines)))


def _texts(shown: Shown) -> Iterator[str]:
    if isinstance(shown, Graded):
        finding = shown.finding
        yield from (finding.kind, finding.sentence, finding.stable, finding.canary, finding.because, *finding.samples)
    elif isinstance(shown, Gap):
        yield from (shown.source, shown.reason)
    elif isinstance(shown, TemplateView):
        yield f"{shown.container}: {shown.compared.template}"
    elif isinstance(shown, Earlier):
        yield shown.text()
    elif isinstance(shown, ContextView):
        yield f"{shown.name} {shown.container}: {shown.group.template}"
    else:
        yield from (f"{shown.pod} {shown.container}", *(line.text for line in shown.excerpt[-EXCERPT_LINES:]))


def _for_models(graded: Graded) -> Graded:
    """Less the samples where they address the judge: they would put before it what is shown nowhere else."""
    return replace(graded, finding=replace(graded.finding, samples=())) if graded.finding.kind == KIND else graded


def _templates(evidence: Evidence) -> Iterator[Item]:
    """Those of the canary alone, those of stable alone, and the most frequent common ones. Worst levels first."""
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if stable is None or canary is None:
        return
    digests = [{container.container: container.digest for container in part.containers} for part in (stable, canary)]
    views = [
        TemplateView(container=name, compared=compared)
        for name in sorted(digests[0].keys() | digests[1].keys())
        for compared in compare(digests[0].get(name, Digest()), digests[1].get(name, Digest()))
    ]
    views.sort(key=lambda view: (LEVELS.index(view.compared.level), -view.compared.canary - view.compared.stable, view.container))
    common = [view for view in views if view.compared.canary and view.compared.stable]
    yield from (Item(worth=_worth(view.compared), name="log templates", shown=view) for view in views if view not in common)
    name = "log templates of both sides"
    yield from (Item(worth=8, name=name, shown=view, spare=number >= COMMON) for number, view in enumerate(common))


def _worth(compared: Compared) -> int:
    return 3 if compared.canary and complains(compared) else 6


def _excerpts(evidence: Evidence) -> Iterable[Item]:
    """The ends of canary streams, those of containers that died first."""
    logs = evidence.part(Logs, "canary")
    streams = [stream for stream in logs.streams if stream.excerpt] if logs else []
    streams.sort(key=lambda stream: (not stream.previous, stream.container, stream.pod))
    return [
        Item(worth=4 if stream.previous else 7, name="log excerpts", shown=stream, spare=number >= EXCERPTS)
        for number, stream in enumerate(streams)
    ]


def _context(evidence: Evidence) -> Iterator[Item]:
    """The gravest templates of each context log, then the most frequent."""
    for part in evidence.parts:
        if isinstance(part, ContextLogs):
            whose = f"{part.name} ({part.sample.words()})" if part.sample else part.name
            views = [
                ContextView(name=whose, container=each.container, group=group) for each in part.containers for group in each.digest.groups
            ]
            views.sort(key=lambda view: (LEVELS.index(view.group.level), -view.group.count, view.container, view.group.template))
            name = "templates of context logs"  # the shipped template looks for "log templates", the sides' own
            yield from (Item(worth=7, name=name, shown=view, spare=number >= CONTEXT) for number, view in enumerate(views))
