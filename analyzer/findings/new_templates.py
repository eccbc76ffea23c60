"""Logs: templates that only the canary has. A side whose logs were not read is a gap, and nothing can be
called new against it.

Errors that tell no more than one of them does are told together: several layers report one fault, and large
logs have strays. What the canary logs at its start is new only where stable's log covers a start: what of it
is harmless is told together otherwise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import Logs
from analyzer.findings.chance import chance_of_one_rate, sure_excess
from analyzer.findings.compare import CHANCE
from analyzer.findings.due import Due, find_base, find_due
from analyzer.findings.failing import denies_done, ends_otherwise, fails, is_troubled, repeats, warns_anew
from analyzer.findings.healing import describe_end, is_episode_over
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.layers import is_one_fault
from analyzer.findings.log_pairs import LogPair, pair_logs
from analyzer.findings.logs import SAMPLES, TEMPLATES_SHOWN
from analyzer.findings.operations import describe_part, find_operation
from analyzer.findings.quiet_stable import find_quiet_base
from analyzer.findings.recurrence import is_ongoing
from analyzer.findings.rewritten import find_rewritten
from analyzer.findings.start import Start, find_shared_start, find_start
from analyzer.findings.wording import describe_doubt, describe_line, make_slug, round_share
from analyzer.logs.compare import Compared
from analyzer.logs.digest import ERRORS, LEVELS
from analyzer.settings import Rules

QUIET = ("new-log-template", "new-trouble-template")  # of what is no failure
BESIDE = 0.5  # of lines that tell of a failure: so many more lines than are due may stand beside the work
MANY_WARN = 0.1  # of the requests or lines, beyond chance: an edge case that is met now and then has fewer


@dataclass(frozen=True)
class NewTemplate:
    """A template that the canary alone has, in the logs of one container.

    `fails`: it tells of a failure; `troubled`: it often speaks of trouble. `stray`: it was logged once, as
    stable logs others once. `start`: what is known of its container's starts; `uncovered`: it was logged at
    the canary's alone, and stable's log does not reach as far into its own; `started`: stable logged it at
    its own.
    """

    pair: LogPair
    row: Compared
    fails: bool
    troubled: bool
    stray: bool
    start: Start
    uncovered: bool
    started: bool

    def is_harmless_start(self) -> bool:
        """Return whether it says no more than that a container started."""
        return self.uncovered and not self.fails and self.row.level not in (*ERRORS, "warning")

    def came_with(self, other: "NewTemplate") -> bool:
        """Return whether it is the other one, or they tell no more than one of them does: layers that report
        one fault, or strays.
        """
        if self is other:
            return True
        strays = self.stray and other.stray
        return self.pair.container == other.pair.container and (strays or self.is_one_fault_with(other))

    def is_one_fault_with(self, other: "NewTemplate") -> bool:
        """Return whether both are errors, and of one fault that several layers report."""
        return self.fails and other.fails and is_one_fault(self.row, other.row)

    def is_ongoing(self, window: Window) -> bool:
        """Return whether the canary may be expected to log it again."""
        return is_ongoing([self.row], self.pair.canary, window, self.start)


def new_templates(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield the templates that the canary has and stable does not, at most `TEMPLATES_SHOWN` times those that
    came together, and how many more there are.
    """
    templates = [
        template for pair in pair_logs(evidence) for template in _find_new_templates(pair, evidence, rules)
    ]
    harmless = [template for template in templates if template.is_harmless_start()]
    for container in dict.fromkeys(template.pair.container for template in harmless):
        yield _make_start_finding([new for new in harmless if new.pair.container == container])
    left = sorted((new for new in templates if not new.is_harmless_start()), key=_make_sort_key)
    for _ in range(TEMPLATES_SHOWN):
        if left:
            group = [template for template in left if template.came_with(left[0])]
            left = [template for template in left if template not in group]
            yield _make_finding(group, evidence)
    if left:
        errors = sum(template.fails for template in left)
        lines = sum(template.row.canary for template in left)
        more = counted(len(left), "more log template is", "more log templates are")
        yield Finding(
            kind="more-log-templates",
            key="more-log-templates",
            sentence=f"{more} on the canary alone, {errors} of them errors;"
            f" the {TEMPLATES_SHOWN} shown are the gravest",
            stable="none of them",
            canary=f"{counted(len(left), 'template')}, {counted(lines, 'line')}",
        )


def _make_sort_key(new: NewTemplate) -> tuple[bool, bool, int, int, str, str]:
    """Return the order in which templates are told: the gravest and most frequent first."""
    row = new.row
    return (
        not new.fails,
        not new.troubled,
        LEVELS.index(row.level),
        -row.canary,
        new.pair.container,
        row.template,
    )


def _find_new_templates(pair: LogPair, evidence: Evidence, rules: Rules) -> Iterator[NewTemplate]:
    """Yield the templates of one container that only the canary has. Left out are those of a start that
    stable logged at its own start, too, and those that stable writes in another form.

    An error of a start is left out only if the start is over, as stable's is.
    """
    start = find_start(pair.container, evidence, rules)
    if not pair.stable.lines and not start.stable.lines:
        return
    usual = _has_usual_strays(pair)
    shared = find_shared_start(start.stable, pair.stable, pair.canary)
    due = find_due(pair, evidence)
    rewritten = {(new.row.level, new.row.template) for new in find_rewritten(pair, due)}
    for row in pair.comparison:
        if row.stable or not row.canary or not row.certain or (row.level, row.template) in rewritten:
            continue
        starting, started = start.has_only(row), (row.level, row.template) in shared
        new = NewTemplate(
            pair=pair,
            row=row,
            fails=fails(row) or repeats(row, pair) or denies_done(row, pair) or _takes_place(row, pair, due),
            troubled=is_troubled(row, pair),
            stray=usual and row.canary == 1 and _is_ordinary_failure(row),
            start=start,
            uncovered=starting and not started and not start.would_show(row),
            started=started,
        )
        over = not new.fails or (start.over and not new.is_ongoing(evidence.window))
        if not (starting and started and over):
            yield new


def _takes_place(row: Compared, pair: LogPair, due: Due) -> bool:
    """Return whether a failure at INFO stands in the place of a good end: the canary has hardly more lines
    than are due.
    """
    if not due.ratio or not ends_otherwise(row, pair):
        return False
    return pair.canary_lines <= due.ratio * pair.stable_lines + row.canary * BESIDE


def _has_usual_strays(pair: LogPair) -> bool:
    """Return whether errors that were logged once are no more frequent than stable's that the canary has not.

    How many templates come once says how soon the next new one comes (I. J. Good, Biometrika 40, 1953, 237),
    without any fault.
    """
    strays = [row for row in pair.comparison if row.stable + row.canary == 1 and _is_ordinary_failure(row)]
    stable, canary = sum(row.stable for row in strays), sum(row.canary for row in strays)
    return bool(stable) and chance_of_one_rate(canary, pair.canary_lines, stable, pair.stable_lines) >= CHANCE


def _is_ordinary_failure(row: Compared) -> bool:
    return row.level != "fatal" and fails(row)


def _make_start_finding(templates: Sequence[NewTemplate]) -> Finding:
    """Return, as one finding, what a container logs at its start, and is no complaint: none of it is known to
    be new.
    """
    ordered = sorted(templates, key=lambda new: (new.row.first is None, new.row.first, new.row.template))
    pair, rows = ordered[0].pair, [new.row for new in ordered]
    count, more = sum(row.canary for row in rows), len(rows) - SAMPLES
    return Finding(
        kind="startup-log-templates",
        key=f"startup-log-templates/{pair.container}",
        sentence=f"container {pair.container} logs {counted(count, 'line')} at its start, which stable's log"
        f" does not cover: {'; '.join(row.template for row in rows[:SAMPLES])}"
        + (f"; and {counted(more, 'more template')}" if more > 0 else ""),
        stable=f"no start in {counted(pair.stable_lines, 'line')}",
        canary=f"{count:,} of {counted(pair.canary_lines, 'line')}",
        share=round_share(count, pair.canary_lines),
        samples=tuple(row.sample for row in rows[:SAMPLES]),
    )


def _make_finding(group: Sequence[NewTemplate], evidence: Evidence) -> Finding:
    """Return one finding for templates that came together. The gravest is first and tells for all of them."""
    first = group[0]
    row, pair, window = first.row, first.pair, evidence.window
    ongoing = any(new.is_ongoing(window) for new in group)
    healed = not ongoing and is_episode_over(
        [new.row for new in group], pair.comparison, pair.canary, window.end
    )
    starting = all(new.uncovered for new in group) and not (first.fails and ongoing)
    kind, base = _find_kind(first, starting=starting), find_base(pair)
    quiet = None if base else find_quiet_base(pair.container, pair.canary, evidence, first.start)
    base = base or quiet
    excess = None
    if base and (
        (first.fails and row.level != "fatal") or warns_anew(row, pair)
    ):  # a breakdown has none: one is enough
        excess = sure_excess(row.canary, base.canary, 0, base.stable)
    operation = find_operation(row, pair) if excess is not None and first.fails else None
    if operation is not None:
        excess = max(excess or 0.0, sure_excess(*operation.canary, *operation.stable))
    if kind in QUIET and excess is not None and excess >= MANY_WARN and not starting:
        kind = "new-warning-template"
    if starting:
        where, doubt, end = "at its start, which stable's log does not cover", "", ""
    else:
        where = "that stable logs at its start alone" if first.started else "that stable never logs"
        doubt = "" if quiet else describe_doubt(row, pair.stable_lines, pair.canary_lines)
        rows = [new.row for new in group]
        end = "" if ongoing else describe_end(rows, pair.canary, healed=healed)
    return Finding(
        kind=kind,
        key=f"{kind}/{pair.container}/{make_slug(row.template)}",
        sentence=f"container {pair.container} logs {describe_line(row)} {where}{doubt}{end}: {row.template}"
        f"{_describe_others(group)}",
        stable=f"0 of {counted(pair.stable_lines, 'line')}",
        canary=f"{row.canary:,} of {counted(pair.canary_lines, 'line')}"
        + (
            describe_part(_find_layers(group), pair)
            if first.fails or first.troubled or row.level == "warning"
            else ""
        ),
        ongoing=ongoing,
        healed=healed,
        share=round_share(row.canary, base.canary if base else 0),
        excess=excess,
        samples=tuple(new.row.sample for new in group[:SAMPLES]),
    )


def _find_layers(group: Sequence[NewTemplate]) -> list[Compared]:
    """Return the templates that tell of the first one's fault."""
    return [new.row for new in group if new is group[0] or new.is_one_fault_with(group[0])]


def _find_kind(new: NewTemplate, *, starting: bool) -> str:
    if starting and new.fails and new.start.over:
        return "startup-error-template"
    if new.row.level in ERRORS:
        return "new-error-template"
    if new.fails:
        return "new-failure-template"
    return "new-trouble-template" if new.troubled and not starting else "new-log-template"


def _describe_others(group: Sequence[NewTemplate]) -> str:
    """Return, in words, the templates that came with the first; empty without any."""
    others = "; ".join(new.row.template for new in group[1:SAMPLES])
    if not others:
        return ""
    if all(new.is_one_fault_with(group[0]) for new in group[1:]):
        return f", and each time with it: {others}"
    return f", and {len(group) - 1} more once each, as stable logs others once: {others}"


RULES: tuple[Rule, ...] = (Rule(new_templates, needs=(Logs,)),)
