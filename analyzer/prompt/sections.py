"""What of the things a prompt could show fits a budget of tokens."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from analyzer.common.value import Value
from analyzer.evidence.interface import Gap
from analyzer.evidence.previous_answers import Earlier
from analyzer.findings.interface import Graded
from analyzer.prompt.excerpts import Excerpt
from analyzer.prompt.findings import names_template
from analyzer.prompt.items import ROUTES_NAME, Item, SharedPodView, Shown
from analyzer.prompt.marking import LONGEST_LINE
from analyzer.prompt.requests import RequestCount
from analyzer.prompt.routes import RouteView
from analyzer.prompt.templates import EqualTemplates, TemplateView

CHARACTERS_PER_TOKEN = 3.0  # logs and JSON; English prose is nearer to 4, so this errs on the large side
# … and of a character in UTF-8, the bytes beyond its first: 0.8 tokens in Cyrillic, 1.3 in Chinese, 1.8 an
# emoji
BYTES_PER_TOKEN = 2.0
OVERHEAD = 40  # characters a template's own words take for an item

_DIGIT = re.compile("[0-9]")


class Sections(Value):
    """What is shown, each kind in its own order, and what was left out, one phrase for each kind.

    `named` is how many log templates stand in findings alone, which have all of them.
    """

    findings: tuple[Graded, ...] = ()
    gaps: tuple[Gap, ...] = ()
    routes: tuple[RouteView, ...] = ()
    templates: tuple[TemplateView, ...] = ()
    equal: tuple[EqualTemplates, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    shared_pods: tuple[SharedPodView, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    named: int = 0
    left_out: tuple[str, ...] = ()


def estimate(text: str) -> int:
    """Return the approximate number of tokens of a text, rather too high than too low. A digit is a token of
    its own to Gemma, and a character beyond ASCII is nearly one to every model.
    """
    digits, beyond = len(_DIGIT.findall(text)), len(text.encode(errors="replace")) - len(text)
    return int((len(text) - digits) / CHARACTERS_PER_TOKEN + digits + beyond / BYTES_PER_TOKEN) + 1


def choose(everything: Sequence[Item], room: int) -> Sections:
    """Return what fits into `room` tokens, in order of worth. An item too large for the rest is skipped, and
    so is a log template that a finding before it has.
    """
    chosen: list[Item] = []
    named: list[Item] = []
    for item in everything:
        if item.spare:
            continue
        if _is_named(item, chosen):
            named.append(item)
            continue
        cost = estimate_item(item)
        if cost <= room:
            chosen.append(item)
            room -= cost
    available, shown_counts = (
        Counter(item.name for item in group) for group in (everything, [*chosen, *named])
    )
    return Sections(
        findings=tuple(item.shown for item in chosen if isinstance(item.shown, Graded)),
        gaps=tuple(item.shown for item in chosen if isinstance(item.shown, Gap)),
        routes=tuple(item.shown for item in chosen if isinstance(item.shown, RouteView)),
        templates=tuple(item.shown for item in chosen if isinstance(item.shown, TemplateView)),
        equal=tuple(item.shown for item in chosen if isinstance(item.shown, EqualTemplates)),
        excerpts=tuple(item.shown for item in chosen if isinstance(item.shown, Excerpt)),
        shared_pods=tuple(item.shown for item in chosen if isinstance(item.shown, SharedPodView)),
        earlier=tuple(item.shown for item in chosen if isinstance(item.shown, Earlier)),
        named=len(named),
        left_out=tuple(
            f"{available[name] - shown_counts[name]} of {available[name]} {name}"
            f"{_count_left_requests(everything, chosen) if name == ROUTES_NAME else ''}"
            for name in available
            if available[name] > shown_counts[name]
        ),
    )


def _count_left_requests(everything: Sequence[Item], chosen: Sequence[Item]) -> str:
    """Return, in words, how many requests the routes have that are left out."""
    left = [item.shown for item in everything if isinstance(item.shown, RouteView) and item not in chosen]
    stable = sum((view.stable for view in left), start=RequestCount())
    canary = sum((view.canary for view in left), start=RequestCount())
    return f" (requests: stable {stable.describe()}, canary {canary.describe()})"


def estimate_item(item: Item) -> int:
    """Return the tokens of one item in the shipped template, with marks and words."""
    lines = [line for text in _item_texts(item.shown) for line in text.splitlines()]
    return estimate("".join(line[:LONGEST_LINE] for line in lines) + " " * (OVERHEAD + 12 * len(lines)))


def _item_texts(thing: Shown) -> Iterator[str]:
    """Yield the texts of one thing to show."""
    if isinstance(thing, Graded):
        finding = thing.finding
        yield from (
            finding.kind,
            finding.sentence,
            finding.stable,
            finding.canary,
            finding.because,
            *finding.samples,
        )
    elif isinstance(thing, Gap):
        yield from (thing.source, thing.reason)
    elif isinstance(thing, TemplateView):
        yield f"{thing.container}: {thing.compared.template}"
        yield from (distribution.words() for distribution in thing.distributions)
    elif isinstance(thing, RouteView):
        yield f"{thing.container}: {thing.route}"
    elif isinstance(thing, EqualTemplates):
        yield str(thing.count)
    elif isinstance(thing, Earlier):
        yield thing.text()
    elif isinstance(thing, SharedPodView):
        yield f"{thing.name} {thing.container}: {thing.group.template}"
    else:
        yield from (
            f"{thing.pod} {thing.container}",
            *thing.summary,
            *(line.text for line in thing.excerpt),
        )


def _is_named(item: Item, chosen: Sequence[Item]) -> bool:
    """Return whether a log template stands in a finding that is shown."""
    view = item.shown
    return isinstance(view, TemplateView) and any(
        names_template(before.shown.finding, view) for before in chosen if isinstance(before.shown, Graded)
    )
