"""Events that the canary writes otherwise than stable does: lines that only one side has and that say the
same, as often. A new format of the log is no new event.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.due import Due, find_due
from analyzer.findings.failing import fails
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.logs import SAMPLES
from analyzer.findings.prefixes import strip_prefix
from analyzer.findings.renamed import find_renamed
from analyzer.findings.wording import round_share
from analyzer.logs.compare import Compared
from analyzer.logs.digest import Digest, Level
from analyzer.logs.message_words import MessageWords, find_words, is_contained
from analyzer.logs.requests import probes
from analyzer.settings import Rules

OFTENER = 2.0  # times as often as is due: more is another event
STRAYS = 5.0  # lines that may come beyond what is due: a burst
COMMON = 32  # templates that have a word: one of more tells little, and they are looked at up to here


@dataclass(frozen=True)
class Rewritten:
    """A template of the canary's alone, and those of stable's alone that say the same."""

    row: Compared
    stood_for: tuple[Compared, ...]


def rewritten_lines(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield each container that writes events of stable's in another form. Where the log as a whole has
    another form, that is every event of both sides.
    """
    for pair in pair_logs_after_start(evidence, rules):
        rewritten = find_rewritten(pair, find_due(pair, evidence))
        if _find_form(pair.stable) != _find_form(pair.canary):
            both = [row for row in pair.comparison if row.stable and row.canary]
            rewritten += tuple(Rewritten(row, (row,)) for row in both)
        if rewritten:
            yield _make_finding(pair, rewritten)


@lru_cache(maxsize=16)  # asked by several rules
def find_rewritten(pair: LogPair, due: Due) -> tuple[Rewritten, ...]:
    """Return the canary's templates that say what stable says in another form, and no oftener than is due.

    Several of stable's lines may have become one, and one several. Each word of the new message must be said
    by what it stands for: a word more ("not", "dry run", "queued") makes it another event. Requests are
    known by their level, which their status decides, and by their paths where both tell one.
    """
    rows = [row for row in pair.comparison if row.certain and row.level != "debug"]
    new = [row for row in rows if row.canary and not row.stable]
    gone = [row for row in rows if row.stable and not row.canary]
    if not new or not gone:
        return ()
    ratio = due.ratio if due.sure else max(due.ratio, pair.canary_lines / max(1, pair.stable_lines))
    bare = strip_prefix(new, gone, pair.canary_lines)
    found = (*_find_requests(new, gone, ratio), *_find_messages(new, bare, gone, ratio))
    told = {row.template for each in found for row in (each.row, *each.stood_for)}
    new, gone = ([row for row in side if row.template not in told] for side in (new, gone))
    return (*found, *(Rewritten(row, (other,)) for row, other in find_renamed(new, gone, due)))


def _find_messages(
    new: Sequence[Compared], bare: Sequence[Compared], gone: Sequence[Compared], ratio: float
) -> Iterator[Rewritten]:
    """Yield those of messages, `bare` without what stands before each line; a failure stands for failures
    alone. Linear: of each template no more than so many others are looked at, by the words that fewest
    have.
    """
    having = _index_words(row for row in gone if not is_request_template(row))
    for row, stripped in zip(new, bare, strict=True):
        said = _find_words(stripped)
        if is_request_template(row) or not said.prose:
            continue
        alike = tuple(
            other
            for other in _find_near(said.words, having)
            if fails(row) == fails(other)
            and (is_contained(said, _find_words(other)) or is_contained(_find_words(other), said))
            and row.canary <= OFTENER * ratio * other.stable + STRAYS
        )
        if alike and said.prose <= frozenset[str]().union(*(_find_words(other).words for other in alike)):
            yield Rewritten(row, alike)


def _find_requests(new: Sequence[Compared], gone: Sequence[Compared], ratio: float) -> Iterator[Rewritten]:
    """Yield those of requests, probes apart. One that tells no path stands for all that have its status."""
    known: dict[Level, list[Compared]] = defaultdict(list)
    for other in gone:
        if is_request_template(other) and not probes(other.sample):
            known[other.level].append(other)
    every = {level: tuple(others) for level, others in known.items()}
    having = {level: _index_words(others) for level, others in known.items()}
    pathless = {
        level: [other for other in others if not _find_words(other).route] for level, others in known.items()
    }
    for row in new:
        if row.level not in known or not is_request_template(row) or probes(row.sample):
            continue
        route = _find_words(row).route
        near = _find_near(route, having[row.level])
        paths = [other for other in near if _is_route_alike(route, _find_words(other).route)]
        alike = (*pathless[row.level], *paths) if route else every[row.level]
        if alike and row.canary <= OFTENER * ratio * sum(other.stable for other in alike) + STRAYS:
            yield Rewritten(row, alike)


def _is_route_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _find_words(row: Compared) -> MessageWords:
    return find_words(row.template, tuple(slot.name for slot in row.slots if not slot.name.startswith("#")))


def _index_words(rows: Iterable[Compared]) -> dict[str, list[Compared]]:
    """Return the templates that have each word, of a message or, of a request, of its path."""
    having: dict[str, list[Compared]] = defaultdict(list)
    for row in rows:
        said = _find_words(row)
        for word in said.route if is_request_template(row) else said.prose:
            having[word].append(row)
    return having


def _find_near(words: Iterable[str], having: Mapping[str, Sequence[Compared]]) -> list[Compared]:
    """Return the templates that share words, those of rare words first; of common words the rarest alone
    counts.
    """
    shared = sorted((word for word in words if word in having), key=lambda word: (len(having[word]), word))
    rare = [word for word in shared if len(having[word]) <= COMMON] or shared[:1]
    near = (other for word in rare for other in having[word][:COMMON])
    return list({(other.level, other.template): other for other in near}.values())


def _find_form(digest: Digest) -> str:
    """Return what most lines of a log are: JSON or text."""
    counts = Counter[str]()
    for group in digest.groups:
        counts["JSON" if group.sample.lstrip()[:1] == "{" else "text"] += group.count
    return max(counts, key=lambda form: (counts[form], form), default="text")


def _make_finding(pair: LogPair, rewritten: Sequence[Rewritten]) -> Finding:
    ordered = sorted(rewritten, key=lambda new: (-new.row.canary, new.row.level, new.row.template))
    rows = [new.row for new in ordered]
    before = {(row.level, row.template): row for new in ordered for row in new.stood_for}
    count, stood_for = sum(row.canary for row in rows), sum(row.stable for row in before.values())
    form, stable_form = _find_form(pair.canary), _find_form(pair.stable)
    how = (
        f"as {form}, where stable writes {stable_form}"
        if form != stable_form
        else "in another form than stable"
    )
    once = ordered[0].stood_for[0].template
    example = f"{rows[0].template} for {once}" if rows[0].template != once else once
    more = f"; and {counted(len(rows) - 1, 'more template')}" if len(rows) > 1 else ""
    return Finding(
        kind="rewritten-lines",
        key=f"rewritten-lines/{pair.container}",
        sentence=f"container {pair.container} writes {counted(count, 'line')} {how}, which say the same:"
        f" {example}{more}",
        stable=f"{stood_for:,} of {counted(pair.stable_lines, 'line')}, {counted(len(before), 'template')}",
        canary=f"{count:,} of {counted(pair.canary_lines, 'line')}, {counted(len(rows), 'template')}",
        share=round_share(count, pair.canary_lines),
        samples=tuple(row.sample for row in rows[:SAMPLES]),
    )


RULES: tuple[Rule, ...] = (Rule(rewritten_lines, needs=(Logs,)),)
