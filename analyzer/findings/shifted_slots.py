"""Logs: what the masked values say of how things ended. Statuses that fail on the canary and not on stable,
and counts of failures that are no longer 0.

No log format is known here: `logs/outcomes.py` tells a status by its values and its name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import hypergeometric_tail, select_significant, sure_excess
from analyzer.findings.healing import describe_end
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.log_pairs import LogPair, count_lines, pair_logs_after_start
from analyzer.findings.logs import ALPHA, MIN_ERRORS, RATIO, TEMPLATES_SHOWN
from analyzer.findings.recurrence import is_ongoing
from analyzer.findings.tallies import MOST_LINES, SideTally, Tally, show_values, tally_slots
from analyzer.findings.wording import format_percent, make_slug, round_share
from analyzer.logs.compare import Compared, SlotPair
from analyzer.logs.digest import Digest
from analyzer.logs.failures import may_have_passed
from analyzer.logs.outcome_values import End, OutcomeKind
from analyzer.logs.outcomes import find_outcomes
from analyzer.logs.sketch import SlotValue, merge_slots
from analyzer.logs.slot_names import WELL, is_code_of_end
from analyzer.settings import Rules

FAILED = 0.03  # of the canary's requests, at least, that fail …
PART = 0.2  # … of one template, or that are refused: a scanner's requests are some
ALWAYS = 0.9  # of a slot's lines that fail: it is named with failures alone
# of the lines that count what was done: the canary's that count none, and stable's
NOTHING, SELDOM = 0.4, 0.01
LACKED, LACKED_ON_STABLE = 0.5, 0.2  # of the searches that find nothing
COMPARED: tuple[OutcomeKind, ...] = ("zero", "part")  # which say nothing without stable's beside them
ALWAYS_SHARE = 0.95  # of a slot's lines: a number that is never 0 any more was set so
DRIFTED, FEW_CODES, MIN_LINES = 0.3, 6, 40  # of a code's lines that have a new one; codes of stable's; lines
MOSTLY = 0.5  # of the lines that say whether it was done: so many that say no are beyond doubt
CERTAIN_SHARE = 0.25  # of the lines that count failures, at least, that count some, for a fault beyond doubt

_WELL = WELL | {"valid", "acked", "acknowledged", "verified", "confirmed", "matched"}
_WORD = re.compile(r"[a-z]+")
_WHAT = {
    "http": "answers {share} of its requests with a failure ({values})",
    "grpc": "ends {share} of its calls with a failure ({values})",
    "part": "says of {share} of its counts of some of all that they are not all",
    "zero": "has {values} on {share} of the lines in the place of a number that is 0 on stable's",
    "done": "counts nothing done on {share} of the lines that count what was done",
    "found": "finds nothing on {share} of the lines that count what was found",
    "reply": "has {share} of its replies say a failure ({values})",
    "count": "counts failures on {share} of the lines that count them",
}


@dataclass(frozen=True)
class _Shift:
    """A tally of one container."""

    container: str
    tally: Tally
    stable: Digest
    canary: Digest

    def moved(self, which: End, least: float) -> bool:
        """Return whether the canary's share is so much larger than stable's that it matters, and beyond
        chance.
        """
        tally = self.tally
        ours, theirs = tally.canary.share(which), tally.stable.share(which)
        return (
            tally.canary.hits(which)[0] >= MIN_ERRORS
            and tally.stable.hits(which)[1] >= MIN_ERRORS
            and ours >= max(least, RATIO * theirs)
            and tally.chance(which) < ALPHA
        )

    def named_alone(self) -> bool:
        """Return whether the canary names failures, in words that tell none, where stable has hardly a line
        like it: then they are compared per line.
        """
        tally = self.tally
        alone = tally.stable.hits("failed")[1] < MIN_ERRORS or tally.stable.share("failed") >= ALWAYS
        if not alone or tally.outcome.kind in COMPARED or not tally.plain or may_have_passed(tally.sample):
            return False
        (hits, of), (others, among) = self.per_line()
        return (
            hits >= MIN_ERRORS
            and among >= MIN_ERRORS
            and tally.canary.share("failed") >= PART
            and hits / of >= max(FAILED, RATIO * others / among)
            and hypergeometric_tail(hits, of, others, among) < ALPHA
        )

    def is_sure_alone(self) -> bool:
        """Return whether what the canary alone names is beyond doubt: a status of HTTP by name, which tells
        of other requests that they ended well.
        """
        tally = self.tally
        return tally.outcome == ("http", True) and bool(tally.canary.of("well"))

    def per_line(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return how many of how many lines tell of a failure, on both sides, as chance counts."""
        return (
            _lines_of(self.tally.canary, count_lines(self.canary)),
            _lines_of(self.tally.stable, count_lines(self.stable)),
        )


def _lines_of(side: SideTally, lines: int) -> tuple[int, int]:
    """Return how many of a side's lines are failures, and how many lines there are, no more than were looked
    at.
    """
    part = min(1.0, side.sampled / side.lines, MOST_LINES / lines) if side.lines and lines else 1.0
    return round(side.share("failed") * side.lines * part), round(lines * part)


def failing_statuses(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield slots whose values say that more fails, or is refused, than on stable.

    A container's requests are told as one, whatever their templates; one template where the others hide it.
    """
    for pair in pair_logs_after_start(evidence, rules):
        shifts = [
            _Shift(pair.container, tally, pair.stable, pair.canary) for tally in tally_slots(pair.comparison)
        ]
        failed = list(_failed(shifts))
        yield from (_finding(shift, "failed", evidence) for shift in failed)
        for shift in shifts:
            if shift in failed or _is_part(shift) or shift.tally.classed:
                continue
            if shift.moved("refused", PART):
                yield _finding(shift, "refused", evidence)
        yield from _drifted(pair, evidence)
        yield from _alone([shift for shift in shifts if not _is_part(shift)], failed, evidence)


def _drifted(pair: LogPair, evidence: Evidence) -> Iterator[Finding]:
    """Yield codes by name that stable never has, on many of the canary's lines, where nothing tells what they
    mean: a doubt.
    """
    for row in pair.comparison:
        for slot in row.slots:
            new = _find_new_codes(slot) if row.level != "debug" and is_code_of_end(slot.name) else ()
            if not new or find_outcomes([merge_slots([[slot.stable, slot.canary]])[0]], row.sample):
                continue
            count, seen = sum(value.count for value in new), [_seen(new)]
            goes_on = is_ongoing(seen, pair.canary, evidence.window)
            yield Finding(
                kind="measure-doubt",
                key=f"measure-doubt/{pair.container}/{make_slug(f'{slot.name} {row.template}')}",
                sentence=f"container {pair.container} has {slot.name} {show_values(new)} on"
                f" {format_percent(count / slot.canary.total())} of the lines that have it, stable never"
                f"{'' if goes_on else describe_end(seen, pair.canary)}: {row.template}",
                stable=f"{slot.name} {show_values(slot.stable.values)}",
                canary=f"{slot.name} {show_values(slot.canary.values)}",
                ongoing=goes_on,
                share=round_share(count, pair.canary_lines),
                samples=(row.sample,),
            )


def _find_new_codes(slot: SlotPair) -> tuple[SlotValue, ...]:
    """Return the values of a code that the canary has on a good part of the lines, and stable has on none."""
    sides = (slot.stable, slot.canary)
    if any(side.many or side.buckets or side.total() < MIN_LINES for side in sides):
        return ()
    if any(not value.text.isdecimal() for side in sides for value in side.values):
        return ()
    known = {value.text for value in slot.stable.values}
    new = tuple(value for value in slot.canary.values if value.text not in known)
    enough = sum(value.count for value in new) >= DRIFTED * slot.canary.total()
    return new if enough and len(known) <= FEW_CODES else ()


def _failed(shifts: Sequence[_Shift]) -> Iterator[_Shift]:
    whole = [shift for shift in shifts if not _is_part(shift) and _failed_more(shift)]
    yield from whole
    kinds = {shift.tally.outcome.kind for shift in whole}
    parts = [shift for shift in shifts if _is_part(shift) and shift.tally.outcome.kind not in kinds]
    holding = select_significant(
        {index: shift.tally.chance("failed") for index, shift in enumerate(parts)}, ALPHA
    )
    yield from [parts[index] for index in sorted(holding) if parts[index].moved("failed", PART)][
        :TEMPLATES_SHOWN
    ]


def _failed_more(shift: _Shift) -> bool:
    tally = shift.tally
    kind, sure = tally.outcome
    if kind == "found":
        return tally.stable.share("failed") <= LACKED_ON_STABLE and shift.moved("failed", LACKED)
    if kind == "done":
        return tally.stable.share("failed") <= SELDOM and shift.moved("failed", NOTHING)
    if kind in COMPARED:
        if kind == "part" and _WELL.isdisjoint(_WORD.findall(tally.template.lower())):
            return False  # of a pool or a batch: how full it is hangs on the load
        mixed = (
            kind == "part"
            or tally.canary.share("failed") <= ALWAYS_SHARE
            or len(tally.canary.of("failed")) > 1
        )
        return mixed and tally.stable.share("failed") <= SELDOM and shift.moved("failed", PART)
    return shift.moved(
        "failed", PART if kind in ("count", "reply") or (kind == "return" and not sure) else FAILED
    )


def _alone(shifts: Sequence[_Shift], failed: Sequence[_Shift], evidence: Evidence) -> Iterator[Finding]:
    """Yield failures that the canary alone names, the most frequent first: a doubt, for stable has nothing
    like it.
    """
    alone = [shift for shift in shifts if shift not in failed and shift.named_alone()]
    alone.sort(key=lambda shift: (-shift.per_line()[0][0], shift.tally.name, shift.tally.template))
    for shift in alone[:TEMPLATES_SHOWN]:
        (hits, of), (others, among) = shift.per_line()
        values = shift.tally.canary.of("failed")
        seen = [_seen(values)]
        goes_on = is_ongoing(seen, shift.canary, evidence.window)
        end = "" if goes_on else describe_end(seen, shift.canary)
        name = shift.tally.name
        kind = "failing-status" if shift.is_sure_alone() else "status-shift"
        yield Finding(
            kind=kind,
            key=f"{kind}/{shift.container}/{make_slug(f'{name} {shift.tally.template}')}",
            sentence=f"container {shift.container} names {name} {show_values(values)} on"
            f" {format_percent(hits / of)} of its lines, stable on {format_percent(others / among)}"
            + end
            + (f": {shift.tally.template}" if shift.tally.template else ""),
            stable=shift.tally.stable.words(name),
            canary=shift.tally.canary.words(name),
            ongoing=goes_on,
            share=round_share(hits, of),
            excess=sure_excess(hits, of, others, among),
            samples=(shift.tally.sample,),
        )


def _is_part(shift: _Shift) -> bool:
    """Return whether it is one template of those whose requests are told as one."""
    return bool(shift.tally.template) and shift.tally.outcome.kind in ("http", "grpc")


def _finding(shift: _Shift, which: End, evidence: Evidence) -> Finding:
    tally, kind = shift.tally, shift.tally.outcome.kind
    share, usual = tally.canary.share(which), tally.stable.share(which)
    values = tally.canary.of(which)
    seen = [_seen(values)]
    goes_on = is_ongoing(seen, shift.canary, evidence.window)
    end = "" if goes_on else describe_end(seen, shift.canary)
    sure = tally.outcome.sure and which == "failed" and (kind != "count" or share >= CERTAIN_SHARE)
    sure = sure and kind not in ("found", "reply")
    guessed = kind in ("done", *COMPARED) or (
        kind in ("return", "flag", "found", "reply") and not tally.outcome.sure
    )
    guessed = guessed and not (kind == "flag" and share >= MOSTLY)
    doubt = "measure-doubt" if guessed else "status-shift"
    name = "failing-status" if sure else doubt
    what = _WHAT.get(kind, "has {name} {values} on {share} of the lines that have it")
    what = what.replace("with a failure", "with a refusal") if which == "refused" else what
    return Finding(
        kind=name,
        key=f"{name}/{shift.container}/{make_slug(f'{tally.name} {tally.template}')}",
        sentence=f"container {shift.container} "
        + what.format(name=tally.name, share=format_percent(share), values=show_values(values))
        + f", stable {format_percent(usual)}{end}"
        + (f": {tally.template}" if tally.template else ""),
        stable=tally.stable.words(tally.name),
        canary=tally.canary.words(tally.name),
        ongoing=goes_on,
        share=round(min(1.0, share), 4),
        excess=sure_excess(*tally.canary.hits(which), *tally.stable.hits(which)),
        samples=(tally.sample,) if any(value.text in tally.sample for value in values) else (),
    )


def _seen(values: Sequence[SlotValue]) -> Compared:
    """Return values as a row, whose times say whether it goes on."""
    firsts = [value.first for value in values if value.first]
    lasts = [value.last for value in values if value.last]
    count = sum(value.count for value in values)
    return Compared(
        template="",
        level="unknown",
        stable=0,
        canary=count,
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        sample="",
    )


RULES: tuple[Rule, ...] = (Rule(failing_statuses, needs=(Logs,)),)
