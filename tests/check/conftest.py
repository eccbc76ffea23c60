"""A sound manifest, changed in one place, and what `check` then says of it."""

import copy
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from analyzer.check.documents import Files
from analyzer.check.files import check_files
from analyzer.check.interface import CheckRequest, CheckResult, CommandLines
from analyzer.cli import cli
from analyzer.cli.check import parsed
from analyzer.common.deadline import Deadline
from analyzer.options.variables import variables
from analyzer.settings import Settings

SOUND = Path(__file__).parent / "sound.yaml"
METRIC = "AnalysisTemplate/spec/metrics/0"
JOB = f"{METRIC}/provider/job/spec"
POD = f"{JOB}/template/spec"
CONTAINER = f"{POD}/containers/0"
GONE = object()

Broken = Callable[..., list[CheckResult]]


@pytest.fixture
def ask() -> Callable[..., CheckRequest]:
    """What `check` is asked, as the command line would: `ask(settings, file, …, environ={…})`."""

    def make(
        settings: Settings | None = None,
        *names: str,
        environ: Mapping[str, str] | None = None,
        seconds: float = 30,
        offline: bool = False,
        account: str = "",
    ) -> CheckRequest:
        lines = CommandLines(partial(parsed, cli), tuple(cli.commands), variables(cli))
        return CheckRequest(
            settings or Settings(),
            environ or {},
            Files(names),
            Deadline.after(seconds),
            lines,
            offline,
            account,
        )

    return make


@pytest.fixture
def broken(tmp_path: Path, ask: Callable[..., CheckRequest]) -> Broken:
    """What does not simply hold in the sound manifests, once `changes` are made: a value by its place, `gone`
    for none.

    A second document of a kind is `KIND NAME`; `more` are added. Each result's `about` is the text of the
    line that it names.
    """

    def look(changes: Mapping[str, Any], *more: Any) -> list[CheckResult]:
        documents: dict[str, Any] = {}
        for document in yaml.safe_load_all(SOUND.read_text()):
            kind, name = document["kind"], document["metadata"]["name"]
            documents[f"{kind} {name}" if kind in documents else kind] = document
        for place, value in changes.items():
            _change(documents, place.split("/"), value)
        path = tmp_path / "broken.yaml"
        path.write_text(yaml.safe_dump_all([*documents.values(), *more], sort_keys=False))
        lines = path.read_text().splitlines()
        found = [result for result in check_files(ask(None, str(path))) if result.state != "holds"]
        return [_with_text(result, lines) for result in found]

    return look


def _with_text(result: CheckResult, lines: list[str]) -> CheckResult:
    number = int(result.about.rpartition(":")[2].split()[0])
    return CheckResult(
        check=result.check,
        state=result.state,
        about=lines[number - 1].strip(),
        what=result.what,
        advice=result.advice,
    )


def _change(node: Any, steps: list[str], value: Any) -> None:
    *way, last = steps
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    if value is GONE:
        del node[int(last) if isinstance(node, list) else last]
    elif isinstance(node, list):
        node.insert(int(last), copy.deepcopy(value)) if int(last) >= len(node) else node.__setitem__(
            int(last), copy.deepcopy(value)
        )
    else:
        node[last] = copy.deepcopy(value)
