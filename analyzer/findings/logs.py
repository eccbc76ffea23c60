"""Logs: a share of errors above stable's beyond chance, and containers that there is nothing to compare with.

Only the same container of both sides is compared. A failure that several lines tell counts once
(`layers.py`), and errors of a start that stable's log does not cover count nowhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from analyzer.common.counted import counted
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings.chance import hypergeometric_tail, sure_excess
from analyzer.findings.due import RateBase
from analyzer.findings.failing import fails
from analyzer.findings.healing import describe_end, is_healed
from analyzer.findings.interface import Finding, Rule
from analyzer.findings.layers import count_retold
from analyzer.findings.log_pairs import LogPair, leaves_stable_unread, pair_logs_after_start
from analyzer.findings.quiet_stable import find_quiet_base
from analyzer.findings.recurrence import is_ongoing
from analyzer.findings.silence import find_silent_containers
from analyzer.findings.start import Start, find_beginning, find_start
from analyzer.findings.wording import format_percent, round_share
from analyzer.logs.compare import Compared, compare
from analyzer.logs.digest import ERRORS, Digest
from analyzer.settings import Rules

TEMPLATES_SHOWN = 10  # templates of one kind that are told one by one, errors first, then by count
SAMPLES = 3
ALPHA = 0.001  # lines come in bursts and are not independent, so a stricter bound than the usual 0.05 …
RATIO = 2.0  # … and a difference that matters
MIN_ERRORS = 5  # errors
FAILURE_SHARE = 0.2  # of a container's lines: told by words so often, failures are no stray remarks


@dataclass(frozen=True)
class FailureCount:
    """One side's failures. `lines` tell of them, in a log of `log_lines`; `repeats` of these lines tell of a
    failure that another line tells of, too.
    """

    lines: int
    log_lines: int
    repeats: int

    @property
    def failures(self) -> int:
        """Return the number of failures, each counted once."""
        return self.lines - self.repeats

    @property
    def base(self) -> int:
        """Return the number of lines that the failures are a share of."""
        return self.log_lines - self.repeats

    def describe(self, noun: str) -> str:
        """Return how many failures a log tells of, and by how many lines where that is more."""
        log_lines = counted(self.log_lines, "line")
        if not self.repeats:
            return f"{counted(self.lines, noun)} in {log_lines}"
        return f"{counted(self.failures, 'failure')}, told by {self.lines:,} of {log_lines}"


@dataclass(frozen=True)
class FailureShares:
    """Both sides' failures in one container. `rows` are the canary's, the most frequent first. `noun` is what
    they are: failures, where some of them are told by words alone, else errors.
    """

    pair: LogPair
    stable: FailureCount
    canary: FailureCount
    rows: Sequence[Compared]
    noun: str

    def is_larger(self) -> bool:
        """Return whether the canary's share is so much larger that it matters, and beyond chance."""
        stable, canary = self.stable, self.canary
        if (
            canary.failures < MIN_ERRORS
            or canary.failures / canary.base < RATIO * stable.failures / stable.base
        ):
            return False
        chance = hypergeometric_tail(canary.failures, canary.base, stable.failures, stable.base)
        return chance < ALPHA


def error_share(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield each container with failures per line above stable's: Fisher's exact test, one-sided (R. A.
    Fisher, Statistical Methods for Research Workers, §21.02).

    Failures that only words tell of count where they are `FAILURE_SHARE` of the canary's lines. A silent
    container has no share: the canary's other lines are missing.
    """
    silent = find_silent_containers(evidence)
    for pair in pair_logs_after_start(evidence, rules):
        if pair.stable_lines and pair.canary_lines and pair.container not in silent:
            shares = _count_failures(pair)
            if shares is not None and shares.is_larger():
                start = find_start(pair.container, evidence, rules)
                yield _make_error_share(shares, evidence.window, start)


def _count_failures(pair: LogPair) -> FailureShares | None:
    """Return both sides' failures; None where too few lines of the canary tell of one."""
    errors = [row for row in pair.comparison if row.level in ERRORS]
    worded = _find_worded_failures(pair)
    canary_lines = pair.canary.errors + sum(row.canary for row in worded)
    if canary_lines < MIN_ERRORS:
        return None
    stable_lines = pair.stable.errors + sum(row.stable for row in worded)
    stable_repeats, canary_repeats = count_retold([*errors, *worded])
    return FailureShares(
        pair=pair,
        stable=FailureCount(stable_lines, pair.stable_lines, stable_repeats),
        canary=FailureCount(canary_lines, pair.canary_lines, canary_repeats),
        rows=_sort_by_count([*errors, *worded]),
        noun="failure" if worded else "error",
    )


def _find_worded_failures(pair: LogPair) -> list[Compared]:
    """Return the failures that only words tell of, where the canary's are `FAILURE_SHARE`; else none."""
    worded = [row for row in pair.comparison if row.level not in ERRORS and fails(row)]
    return worded if sum(row.canary for row in worded) >= FAILURE_SHARE * pair.canary_lines else []


def _make_error_share(shares: FailureShares, window: Window, start: Start) -> Finding:
    pair, stable, canary, noun, rows = shares.pair, shares.stable, shares.canary, shares.noun, shares.rows
    ongoing = is_ongoing(rows, pair.canary, window, start)
    healed = not ongoing and is_healed(rows, pair.canary, window.end)
    share = format_percent(canary.failures / canary.base)
    usual = format_percent(stable.failures / stable.base)
    once = ", each failure counted once" if canary.repeats else ""
    end = "" if ongoing else describe_end(rows, pair.canary, healed=healed)
    return Finding(
        kind="error-share",
        key=f"error-share/{pair.container}",
        sentence=f"container {pair.container} logs {noun}s on {share} of its lines{end}, stable on {usual}"
        f"{once}",
        stable=stable.describe(noun),
        canary=canary.describe(noun),
        ongoing=ongoing,
        healed=healed,
        share=round_share(canary.failures, canary.base),
        excess=sure_excess(canary.failures, canary.base, stable.failures, stable.base),
        samples=tuple(row.sample for row in rows[:SAMPLES]),
    )


def unmatched_container(evidence: Evidence, rules: Rules) -> Iterator[Finding]:
    """Yield each container whose logs cannot be compared with stable's, once: calling each of its lines new
    would say no more.

    It is a warning if the container goes on logging errors: a container of another name may be the service
    itself, and one that stable has as well logs nothing there, not even one error. If stable's log was not
    read, only that is reported, and the gap says the rest. If the beginning of stable's log was read, the
    lines are compared with that.
    """
    stable, canary = evidence.part(Logs, "stable"), evidence.part(Logs, "canary")
    if canary is None:
        return
    unread = leaves_stable_unread(evidence)
    stable_lines = {logs.container: logs.digest.lines for logs in (stable.containers if stable else ())}
    for logs in canary.containers:
        name = logs.container
        if stable_lines.get(name) or not logs.digest.lines or find_beginning(name, evidence).lines:
            continue
        silent = name in stable_lines  # in stable
        errors = _sort_by_count(row for row in compare(Digest(), logs.digest) if row.level in ERRORS)
        start = find_start(name, evidence, rules)
        quiet = find_quiet_base(name, logs.digest, evidence, start)
        enough = logs.digest.errors >= (1 if silent else MIN_ERRORS)
        failing = enough and _is_any_ongoing(errors, logs.digest, evidence.window, start)
        if failing or not unread:
            finding = _make_unmatched(logs, errors, failing=failing, unread=unread, silent=silent)
            yield _compare_with_quiet(finding, logs, quiet) if quiet and failing else finding


def _is_any_ongoing(errors: Sequence[Compared], digest: Digest, window: Window, start: Start) -> bool:
    """Return whether the errors of a start, or the other errors, are ongoing. True without any template: the
    errors are among those that the digest does not keep.
    """
    at_start = [row for row in errors if start.has_within(row)]
    later = [row for row in errors if row not in at_start]
    groups = [group for group in (at_start, later) if group] or [[]]
    return any(is_ongoing(group, digest, window, start) for group in groups)


def _make_unmatched(
    logs: ContainerLogs, errors: Sequence[Compared], *, failing: bool, unread: bool, silent: bool
) -> Finding:
    """Return the finding. `unread`: stable's log was not read; `silent`: stable has the container, and no
    line of it.
    """
    kind = "unmatched-container-errors" if failing else "unmatched-container-logs"
    where = "logs on the canary alone"
    if unread:
        where = "logs that were not read of stable"
    elif silent:
        where = "logs, and stable's has none in this time"
    events = logs.digest.events()
    return Finding(
        kind=kind,
        key=f"{kind}/{logs.container}",
        sentence=f"container {logs.container} has {where}, so they are compared with nothing"
        + ("; it logs errors" if failing else ""),
        stable="not seen" if unread else "no log lines",
        canary=f"{counted(logs.digest.errors, 'error')} in {counted(events, 'line')}",
        scope="uncompared",
        share=round_share(logs.digest.errors, events),
        samples=tuple(row.sample for row in errors[:SAMPLES]),
    )


def _compare_with_quiet(finding: Finding, logs: ContainerLogs, quiet: RateBase) -> Finding:
    """Return the finding about errors that stable, which logs nothing, would have logged as well."""
    return msgspec.structs.replace(
        finding,
        sentence=f"container {logs.container} goes on logging errors and hardly anything else, and stable,"
        " whose pods are Ready and whose log was read, has no line",
        scope="canary",
        excess=sure_excess(min(logs.digest.errors, quiet.canary), quiet.canary, 0, quiet.stable),
    )


def _sort_by_count(rows: Iterable[Compared]) -> list[Compared]:
    """Return the templates that the canary has, the most frequent first."""
    return sorted((row for row in rows if row.canary), key=lambda row: (-row.canary, row.template))


RULES: tuple[Rule, ...] = (
    Rule(error_share, needs=(Logs,)),
    Rule(unmatched_container, needs=(Logs,)),
)
