"""The results as SARIF 2.1.0, for code scanning.

What holds is left out: a viewer would show each as an alert. GitHub refuses a whole file for one result
without a place in a file (github/codeql-action#2459), so what has none is a notification of the run.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analyzer import __version__
from analyzer.check.interface import CheckResult, CheckState
from analyzer.check.reports.words import sentence
from analyzer.exits import ExitCode

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: dict[CheckState, str] = {"note": "note", "wrong": "error", "unreachable": "warning"}
RULES: dict[str, str] = {
    "settings": "The settings are consistent",
    "template": "The prompt's template renders and fits",
    "cluster": "The Kubernetes API answers, and knows Argo's kinds",
    "target": "The rollout or the sides that were named are there",
    "account": "The service account is there",
    "permission": "The permissions that the settings need are granted",
    "reference": "The templates that the Rollout names are in the cluster",
    "prometheus": "Prometheus answers each query",
    "model": "Each model answers in the required form",
    "github": "The GitHub repository takes the issues",
    "webhook": "The webhooks can be reached",
    "manifest": "The manifest does what it seems to",
}
NO_FILE = ("", "-")  # what no file holds, and what stands in standard input
HELP = "docs/check.md says what is looked at, and lists the traps"


def render(results: Sequence[CheckResult], code: ExitCode) -> str:
    """Return the log, indented."""
    told = [result for result in results if result.state != "holds"]
    invocation = {
        "executionSuccessful": not any(result.state == "unreachable" for result in results),
        "exitCode": int(code),
        "toolExecutionNotifications": [_notification(result) for result in told if result.file in NO_FILE],
    }
    driver = {"name": "rollout-analyzer", "semanticVersion": __version__, "rules": [*map(_rule, RULES)]}
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "results": [_result(result) for result in told if result.file not in NO_FILE],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(name: str) -> dict[str, Any]:
    text = {"text": RULES[name]}
    return {"id": name, "shortDescription": text, "fullDescription": text, "help": {"text": HELP}}


def _result(result: CheckResult) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": _uri(result.file)}, "region": {"startLine": max(result.line, 1)}}
    return {
        "ruleId": result.check,
        "level": LEVELS[result.state],
        "message": {"text": sentence(result)},
        "locations": [{"physicalLocation": place}],
    }


def _notification(result: CheckResult) -> dict[str, Any]:
    return {
        "associatedRule": {"id": result.check},
        "level": LEVELS[result.state],
        "message": {"text": f"{result.about}: {sentence(result)}"},
    }


def _uri(file: str) -> str:
    """Return a file's address, from the working directory where it is below that."""
    path = Path(os.path.normpath(file))
    if not path.is_absolute():
        return quote(path.as_posix())
    here = Path.cwd()
    return quote(path.relative_to(here).as_posix()) if path.is_relative_to(here) else path.as_uri()
