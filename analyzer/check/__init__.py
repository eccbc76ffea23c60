"""The preflight: what a run would meet, reported beforehand. It judges nothing and changes nothing.

A new check is one file beside this one and its line in `CHECKS`. A new trap of a manifest: see `traps/`. A
permission: see `needs.py`.
"""

import dataclasses
from collections.abc import Iterable
from functools import partial

from msgspec.structs import replace

from analyzer.check.cluster import check_cluster
from analyzer.check.files import check_files
from analyzer.check.github import check_github
from analyzer.check.interface import Check, CheckRequest, CheckResult
from analyzer.check.models import check_models
from analyzer.check.prometheus import check_prometheus
from analyzer.check.prompt import check_template
from analyzer.check.settings import check_settings
from analyzer.check.webhooks import check_webhooks
from analyzer.common.deadline import Done, in_parallel
from analyzer.exits import ExitCode
from analyzer.records import retention

CHECKS: dict[str, Check] = {
    "settings": check_settings,
    "template": check_template,
    "cluster": check_cluster,
    "prometheus": check_prometheus,
    "model": check_models,
    "github": check_github,
    "webhook": check_webhooks,
    "manifest": check_files,
}

AGAIN = "try again, or allow more time with --deadline"
SHARE = 0.9  # of the time there is, so that a check that waits can say for what


def run_checks(request: CheckRequest) -> tuple[CheckResult, ...]:
    """Run every check at the same time, and return their masked results in the order of `CHECKS`, by the
    deadline at the latest.
    """
    early = dataclasses.replace(request, deadline=request.deadline.share(SHARE))
    outcomes = in_parallel([partial(_run_check, check, early) for check in CHECKS.values()], request.deadline)
    results: list[CheckResult] = []
    for name, outcome in zip(CHECKS, outcomes, strict=True):
        results += outcome.value if isinstance(outcome, Done) else (_late_result(name),)
    advised = tuple(
        replace(result, advice=result.advice or AGAIN) if result.state == "unreachable" else result
        for result in results
    )
    return retention.mask_texts(advised, retention.make_mask(request.settings.hide))


def exit_code_of(results: Iterable[CheckResult]) -> ExitCode:
    """Return 0 if everything holds, 2 if a result is wrong, and 5 if all that fails may pass by itself."""
    states = {result.state for result in results}
    if "wrong" in states:
        return ExitCode.USAGE
    return ExitCode.INFRASTRUCTURE if "unreachable" in states else ExitCode.PROMOTE


def _run_check(check: Check, request: CheckRequest) -> tuple[CheckResult, ...]:
    return tuple(check(request))


def _late_result(name: str) -> CheckResult:
    what = "did not end by the deadline: what it waits for does not answer"
    return CheckResult(check=name, state="unreachable", about=name, what=what)
