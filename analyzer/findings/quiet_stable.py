"""A service that logs nothing but what goes wrong: stable's log was read and has no line, and the canary's
has failures.

Lines are no base then, so time is: had stable failed as the canary does, its pods would have told so in the
same window.
"""

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs
from analyzer.findings.canary_share import measure_ready_times
from analyzer.findings.due import RateBase
from analyzer.findings.failing import fails
from analyzer.findings.log_pairs import leaves_stable_unread
from analyzer.findings.start import Start
from analyzer.logs.compare import compare
from analyzer.logs.digest import Digest
from analyzer.target import ROLES

ALMOST_ALL = 0.9  # of the canary's lines since its start are failures: other lines show that it logs more …
MIN_FAILURES = 20  # … and so many of them: fewer may be one episode


def find_quiet_base(container: str, canary: Digest, evidence: Evidence, start: Start) -> RateBase | None:
    """Return how many lines the canary has logged since its start, and how many stable would have, failing as
    the canary does. None where stable logged a line or its log was not read, where its pods are not Ready, or
    where the canary logs much else.
    """
    logs = evidence.part(Logs, "stable")
    digests = [entry.digest for entry in (logs.containers if logs else ()) if entry.container == container]
    if leaves_stable_unread(evidence) or not digests or any(digest.lines for digest in digests):
        return None
    rows = [row for row in compare(Digest(), canary) if row.level != "debug" and not start.has_only(row)]
    lines, failures = sum(row.canary for row in rows), sum(row.canary for row in rows if fails(row))
    if failures < max(MIN_FAILURES, ALMOST_ALL * lines):
        return None
    stable, watched = (sum(measure_ready_times(evidence, role)) for role in ROLES)
    expected = round(lines * min(1.0, stable / watched)) if watched else 0
    return RateBase("line", expected, lines) if expected >= MIN_FAILURES else None
