"""Checks of the settings before anything is read."""

import os
from collections.abc import Callable
from functools import partial

from analyzer.evidence import check_required, context
from analyzer.evidence.queries import check_queries
from analyzer.findings.gates import check_gate
from analyzer.records import record_store
from analyzer.run.stages import check_time
from analyzer.settings import Issues, Notices, Settings
from analyzer.telemetry import check_telemetry


def checks(settings: Settings) -> dict[str, Callable[[], None]]:
    """Return the settings' checks by subject. Each may raise UsageError, and none asks a server."""
    look, gates = settings.look, settings.rules.gates
    return {
        "prometheus": lambda: check_queries(look.prometheus, gates),
        **{
            f"gate {number} ({gate.query})": partial(check_gate, gate) for number, gate in enumerate(gates, 1)
        },
        "shared pods": lambda: context.check_selectors(look.shared_pods),
        "observe": lambda: check_time("--observe", look.observe, settings.deadline),
        "wait": lambda: check_time("--wait", 0.0 if look.wait == "auto" else look.wait, settings.deadline),
        "save": lambda: record_store.check_place(settings.tell.save),
        "issue": lambda: _check_issues(settings.issues),
        "fix": lambda: _check_fix(settings.issues),
        "webhook": lambda: _check_notices(settings.notices),
        "telemetry": lambda: check_telemetry(settings.tell, os.environ),
        "require": lambda: check_required(settings.rules.require),
    }


# What is checked of effects is theirs, and they are heavy: nothing is loaded where nothing is asked.


def _check_issues(issues: Issues) -> None:
    if issues != Issues():
        from analyzer.effects.issue import check_issues

        check_issues(issues)


def _check_fix(issues: Issues) -> None:
    if issues != Issues():
        from analyzer.effects.fix import check_fix

        check_fix(issues)


def _check_notices(notices: Notices) -> None:
    if notices != Notices():
        from analyzer.effects.webhook import check_notices

        check_notices(notices)
