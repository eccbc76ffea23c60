"""Which log lines tell of a failure."""

import re

from analyzer.findings.log_pairs import LogPair
from analyzer.findings.logged_requests import is_refused_request
from analyzer.logs.compare import Compared
from analyzer.logs.denials import count_alike, denies
from analyzer.logs.digest import ERRORS
from analyzer.logs.failures import may_have_passed, says_failure, says_healed
from analyzer.logs.troubles import says_substitute, says_trouble

# Of a container's lines: what is tried again so often does not succeed, unless lines say that it did.
REPEATED = 0.05
WARNED = 0.1  # of a container's lines: new warnings so often are no remark, whatever they say
MIN_DONE_LINES = 20  # lines of stable's that tell that it was done
ALIKE = 5  # letters with which two lines of one operation begin
LESS = 0.8  # of the lines that are due by all lines: the canary has less
ENDS = 0.2  # of the canary's lines that tell of a failure at INFO: so many are no remark
MIN_TROUBLE_LINES = 5  # lines that speak of trouble: fewer are a remark
# How a template names an error: what says that there is none, or may be the number zero, is no name.
_FAULT = re.compile(
    r"(?:^|\s)err(?:or)?="
    r"(?!<num>|[\"']?(?:none|null|nil|<nil>|false|no|undefined|n/a|\[\]|\{\}|<str>)?[\"']?\s*"
    r"(?:[,;)]|$|[\w.]+=))"
)
_DEPRECATED = re.compile(r"deprecat", re.IGNORECASE)


def fails(row: Compared) -> bool:
    """Return whether a template tells of a failure: by its level, or, where it has none or warns, in its
    words or by an error that it names. One that is tried again, or comes of a start, may have passed.
    """
    return row.level in ERRORS or (_speaks_of_failure(row) and not may_have_passed(row.sample))


def repeats(row: Compared, pair: LogPair) -> bool:
    """Return whether a template tells of failures that the canary tries again and again, where its other
    lines do not say as often that it succeeded.
    """
    if row.canary <= REPEATED * pair.canary_lines or not _speaks_of_failure(row) or fails(row):
        return False
    return _is_left(row, pair)


def is_troubled(row: Compared, pair: LogPair) -> bool:
    """Return whether a template that tells of no failure by itself speaks of trouble, or at INFO of a
    failure, on many of the canary's lines, where its other lines do not say as often that it succeeded; or
    warns on still more, and not of what is deprecated.
    """
    if row.canary < MIN_TROUBLE_LINES or row.canary <= REPEATED * pair.canary_lines or fails(row):
        return False
    if row.level not in ("unknown", "warning", "info") or is_refused_request(row.sample):
        return False
    warns = (
        row.level == "warning"
        and row.canary > WARNED * pair.canary_lines
        and not _DEPRECATED.search(row.sample)
    )
    return (warns or (says_trouble(row.template) and says_trouble(row.sample))) and _is_left(row, pair)


def insists(row: Compared, pair: LogPair) -> bool:
    """Return whether a template tells of a failure at INFO, on many of the canary's lines."""
    often = row.canary >= MIN_TROUBLE_LINES and row.canary > REPEATED * pair.canary_lines
    return often and row.level == "info" and says_failure(row.template) and says_failure(row.sample)


def _is_left(row: Compared, pair: LogPair) -> bool:
    """Return whether the canary's lines tell less than half as often of a retry that succeeded."""
    return 2 * sum(other.canary for other in pair.comparison if says_healed(other.sample)) < row.canary


def denies_done(row: Compared, pair: LogPair) -> bool:
    """Return whether a template of the canary's alone says, often, that what stable's lines tell as done was
    not done: both begin alike, and the canary has less of the other.
    """
    if row.stable or row.canary < MIN_TROUBLE_LINES or row.canary <= REPEATED * pair.canary_lines:
        return False
    if row.level == "debug":
        return False
    share = pair.canary_lines / max(1, pair.stable_lines)
    return any(
        other.canary < LESS * share * other.stable
        and _begins_alike(row.template, other.template)
        and denies(row.template, other.template)
        for other in pair.comparison
        if other.stable >= MIN_DONE_LINES
    )


def _begins_alike(one: str, other: str) -> bool:
    """Return whether two templates begin with the same word, in whatever form of it."""
    ours, theirs = (text.split(maxsplit=1)[:1] for text in (one, other))
    return ours == theirs or count_alike(one, other) >= ALIKE


def ends_otherwise(row: Compared, pair: LogPair) -> bool:
    """Return whether a template of the canary's alone speaks of trouble, at INFO or without a level, and with
    others like it is a fifth of the canary's lines.
    """
    if not _is_bad_end(row, pair):
        return False
    alike = sum(other.canary for other in pair.comparison if _is_bad_end(other, pair))
    return alike >= ENDS * pair.canary_lines


def _is_bad_end(row: Compared, pair: LogPair) -> bool:
    return (
        not row.stable
        and row.level in ("info", "unknown")
        and (is_troubled(row, pair) or says_substitute(row.sample))
        and not may_have_passed(row.sample)
    )


def complains(row: Compared) -> bool:
    """Return whether a template tells of a failure, or warns."""
    return row.level == "warning" or fails(row)


def warns_anew(row: Compared, pair: LogPair) -> bool:
    """Return whether a template is a warning that is new of the version: no failure and nothing that is tried
    again, which `fails` and `repeats` weigh, no request that was refused, no line that stable logs at another
    level, and not of what is deprecated, which works.
    """
    if row.level != "warning" or _speaks_of_failure(row) or is_refused_request(row.sample):
        return False
    if may_have_passed(row.sample) or _DEPRECATED.search(row.sample):
        return False
    return not any(other.template == row.template and other.stable for other in pair.comparison)


def _speaks_of_failure(row: Compared) -> bool:
    """Return whether a template without a level, or of a warning, has words of a failure. Refused requests
    have none: they are any client's, and are compared by their rates.
    """
    if row.level not in ("unknown", "warning") or is_refused_request(row.sample):
        return False
    return says_failure(row.sample) or _FAULT.search(row.template) is not None
