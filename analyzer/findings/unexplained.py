"""Lines of kinds that stable never logs, taken together: in the place of work that is missing, or beside the
same work.

One new line says little, and a large share of them says that the canary does something else. Where the lines
that both sides log are as many as are due, the new ones stand beside them: a new logger, a more verbose
level. Where those are missing, nothing explains what stands in their place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import chance_of_one_rate
from analyzer.findings.due import Due, RateBase, find_base, find_due
from analyzer.findings.failing import complains, denies_done, fails, is_troubled, repeats
from analyzer.findings.healing import describe_end
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, pair_logs_after_start
from analyzer.findings.logged_requests import is_request_template
from analyzer.findings.logs import SAMPLES
from analyzer.findings.rates import BURST
from analyzer.findings.recurrence import is_ongoing
from analyzer.findings.rewritten import Rewritten, find_rewritten
from analyzer.findings.silence import find_silent_containers
from analyzer.findings.start import Start, find_start
from analyzer.findings.wording import format_percent, round_share
from analyzer.logs.compare import Compared
from analyzer.logs.requests import probes
from analyzer.logs.troubles import says_mild_trouble
from analyzer.settings import Rules

# Of a template on stable: three bursts of five, of which none is seen by chance in 5 % of cases (exp(-3)).
EXPECTED = 15.0
CHANCE = 0.01  # of rare kinds of lines, which come five at a time …
LACK = 0.001  # … and of lines of the work, which do not
AS_BEFORE = 0.75  # of the lines that are due: as many are the same work …
# … where only the number of pods tells how many are due: a canary may be sent less than its pods' share
GUESSED = 0.6
TROUBLED = (
    0.3  # the least that lines in the place of work count as, if they speak of it as left out or put off …
)
TROUBLED_SHARE = 0.05  # … on so many of the canary's lines
# of the canary's lines: more may stand in the place of others, where nothing but pods tells what is due
HALF = 0.5
OFTEN = 4.0  # times as often as is due, of a template that stable logs seldom
INSTEAD, BESIDE = 0.05, 0.2  # shares of the lines or requests from which on each is told


@dataclass(frozen=True)
class NewLines:
    """What one container of the canary logs that stable never does, the most frequent template first, and how
    many lines it lacks of those that are due.
    """

    pair: LogPair
    rows: tuple[Compared, ...]
    missing: float
    due: Due
    base: RateBase

    @property
    def count(self) -> int:
        """Return the number of the canary's lines of these kinds."""
        return sum(row.canary for row in self.rows)

    @property
    def share(self) -> float:
        """Return what the new lines come to, of the canary's requests or lines (0 to 1)."""
        return round_share(self.count, self.base.canary)

    @property
    def instead(self) -> float:
        """Return what stands where lines are missing, of the canary's requests or lines (0 to 1)."""
        due = self.due.ratio * self.base.stable
        return min(self.share, round(min(1.0, self.missing / due), 4)) if due else 0.0

    @property
    def undecided(self) -> bool:
        """Return whether they are more than half of the log, or many that say how stable's work ended
        otherwise, and nothing but the number of pods tells whether the work is less: they may stand beside
        it, or in its place.
        """
        guessed = self.due.ratio > 0 and not self.due.sure and self.base.unit == "line"
        return guessed and (self.share > HALF or (self.share >= BESIDE and self.troubled and self.alternates))

    @property
    def replaces(self) -> bool:
        """Return whether they stand in the place of missing lines, or may."""
        return self.instead >= INSTEAD or self.undecided

    @property
    def alternates(self) -> bool:
        """Return whether the most frequent of the new lines begins as one of stable's frequent ones does, so
        that it may be another end of the same work.
        """
        frequent = (row for row in self.pair.comparison if row.stable >= BESIDE * self.pair.stable_lines)
        return any(_share_beginning(self.rows[0].template, row.template) for row in frequent)

    @property
    def weight(self) -> float:
        """Return what share they count as (0 to 1)."""
        if self.instead < INSTEAD:
            return self.share
        otherwise = self.due.sure and self.instead >= BESIDE and self.alternates
        return max(self.instead, TROUBLED) if self.troubled or otherwise else self.instead

    @property
    def troubled(self) -> bool:
        """Return whether many of the new lines say that something was left out, or put off."""
        often = [row for row in self.rows if row.canary > TROUBLED_SHARE * self.pair.canary_lines]
        return any(says_mild_trouble(row.template) and says_mild_trouble(row.sample) for row in often)


def _share_beginning(one: str, other: str) -> bool:
    """Return whether two templates begin with the same words, values among them, and then differ."""
    words = [first for first, second in zip(one.split(), other.split(), strict=False) if first == second]
    return one.split()[: len(words)] == words and any("<" in word for word in words)


def unexplained(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield each container whose new lines stand where others are missing, or are many beside them."""
    silent = find_silent_containers(evidence)
    for pair in pair_logs_after_start(evidence, rules):
        if pair.container in silent:
            continue
        start = find_start(pair.container, evidence, rules)
        new = _find_new_lines(pair, start, evidence)
        if new is not None and new.replaces:
            ongoing = is_ongoing(new.rows, pair.canary, evidence.window, start)
            yield _make_instead_finding(new, ongoing=ongoing)
        elif new is not None and new.share >= BESIDE:
            yield _make_beside_finding(new)


def _find_new_lines(pair: LogPair, start: Start, evidence: Evidence) -> NewLines | None:
    """Return what is new of a container; None where nothing is, or there is nothing to compare with. Where
    new lines replace nothing, what stable logs seldom counts as new if a good part of the work is missing.

    Probes, lines of level debug, of a start that stable's log does not cover, and failures are left out: of
    failures other rules tell.
    """
    base, due = find_base(pair), find_due(pair, evidence)
    if base is None:
        return None
    rewritten = find_rewritten(pair, due)
    known = {(new.row.level, new.row.template) for new in rewritten}
    rows = [row for row in pair.comparison if row.level != "debug" and not probes(row.sample)]
    left = [
        row
        for row in rows
        if row.certain and not _is_told(row, pair) and not start.has_only(row)
        if (row.level, row.template) not in known
    ]
    ratio = due.ratio or base.canary / base.stable
    new = NewLines(pair, _select_beyond_chance(left, ratio), _count_missing(rows, rewritten, due), due, base)
    if not new.replaces:
        more = replace(new, rows=(*new.rows, *_select_more_often(left, ratio)))
        new = more if more.instead >= BESIDE else new
    return new if new.rows else None


def _is_told(row: Compared, pair: LogPair) -> bool:
    """Return whether another rule tells of a template of the canary's alone."""
    return (
        fails(row)
        or repeats(row, pair)
        or denies_done(row, pair)
        or (not row.stable and is_troubled(row, pair))
    )


def _select_beyond_chance(rows: Sequence[Compared], ratio: float) -> tuple[Compared, ...]:
    """Return the templates of the canary's alone that stable would have as well, were both alike, the most
    frequent first.

    Rare ones count where they are more than stable's that the canary lacks: with many rare kinds of lines,
    each side has some of its own.
    """
    new = sorted((row for row in rows if not row.stable), key=lambda row: (-row.canary, row.template))
    rare = [row for row in new if row.canary < EXPECTED * ratio]
    canary = sum(row.canary for row in rare)
    stable = sum(row.stable for row in rows if not row.canary and row.stable < EXPECTED)
    usual = canary <= ratio * stable or chance_of_one_rate(canary, ratio, stable, 1.0, BURST) >= CHANCE
    return tuple(row for row in new if row.canary >= EXPECTED * ratio) if usual else tuple(new)


def _select_more_often(rows: Sequence[Compared], ratio: float) -> tuple[Compared, ...]:
    """Return the templates that stable has far more seldom, the most frequent first."""
    often = [
        row
        for row in rows
        if row.stable
        and row.canary >= max(OFTEN * ratio * row.stable, EXPECTED * ratio)
        and chance_of_one_rate(row.canary, ratio, row.stable, 1.0, BURST) < LACK
    ]
    return tuple(sorted(often, key=lambda row: (-row.canary, row.template)))


def _count_missing(rows: Sequence[Compared], rewritten: Iterable[Rewritten], due: Due) -> float:
    """Return how many lines of stable's the canary lacks of those that are due, in any form: of single
    templates, or of all together. Requests count as one; complaints that are missing are none the worse.
    """
    again = Counter[tuple[str, str]]()
    for new in rewritten:
        if not is_request_template(new.row):
            again.update({(row.level, row.template): new.row.canary for row in new.stood_for})
    requests = [row for row in rows if is_request_template(row)]
    counts = [(sum(row.stable for row in requests), sum(row.canary for row in requests))]
    counts += [
        (row.stable, row.canary + again[row.level, row.template])
        for row in rows
        if row.stable and row.certain and not is_request_template(row) and not complains(row)
    ]
    single = sum(_count_lacking(stable, canary, due) for stable, canary in counts)
    stable, canary = (sum(side) for side in zip(*counts, strict=True))
    return max(single, _count_lacking(stable, canary, due))


def _count_lacking(stable: int, canary: int, due: Due) -> float:
    """Return how many lines the canary has less than are due; 0 where it has about as many, or by chance."""
    lines, enough = stable * due.ratio, AS_BEFORE if due.sure else GUESSED
    if canary >= enough * lines or chance_of_one_rate(canary, due.ratio, stable, 1.0) >= LACK:
        return 0.0
    return lines - canary


def _make_instead_finding(new: NewLines, *, ongoing: bool) -> Finding:
    pair, base = new.pair, new.base
    guess = "" if new.due.sure else ", if its pods have as much work as stable's"
    stopped = "" if ongoing else describe_end(new.rows, pair.canary)
    where = f"and lines that stable logs are missing in their place{guess}"
    missing = f"about {new.missing:,.0f} lines that stable logs are missing"
    if new.instead < INSTEAD:
        where = missing = "and nothing tells whether they stand beside the work or in its place"
    return Finding(
        kind="unexplained-lines",
        key=f"unexplained-lines/{pair.container}",
        sentence=f"{_describe_kinds(new)}, {where}: {_describe_largest(new)}{stopped}",
        stable=f"{sum(row.stable for row in new.rows) or 'none'} of them in"
        f" {counted(base.stable, base.unit)}",
        canary=f"{_describe_count(new)}; {missing}",
        ongoing=ongoing,
        share=new.weight,
        samples=tuple(row.sample for row in new.rows[:SAMPLES]),
    )


def _make_beside_finding(new: NewLines) -> Finding:
    pair = new.pair
    return Finding(
        kind="added-lines",
        key=f"added-lines/{pair.container}",
        sentence=f"{_describe_kinds(new)}, beside the lines that stable logs: {_describe_largest(new)}",
        stable=f"none of them in {counted(new.base.stable, new.base.unit)}",
        canary=_describe_count(new),
        share=round_share(new.count, pair.canary_lines),
        samples=tuple(row.sample for row in new.rows[:SAMPLES]),
    )


def _describe_kinds(new: NewLines) -> str:
    share = format_percent(round_share(new.count, new.pair.canary_lines))
    seldom = "seldom" if any(row.stable for row in new.rows) else "never"
    return (
        f"container {new.pair.container}: {share} of the canary's lines are of kinds that stable {seldom}"
        " logs"
    )


def _describe_count(new: NewLines) -> str:
    lines = counted(new.pair.canary_lines, "line")
    return f"{new.count:,} of {lines}, {counted(len(new.rows), 'template')}"


def _describe_largest(new: NewLines) -> str:
    rest = len(new.rows) - SAMPLES
    more = f"; and {counted(rest, 'more template')}" if rest > 0 else ""
    return "; ".join(row.template for row in new.rows[:SAMPLES]) + more


RULES: tuple[Rule, ...] = (Rule(unexplained, needs=(Logs,)),)
