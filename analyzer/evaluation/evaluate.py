"""An evaluation as a whole: what is to be judged, less what is done; judged, and kept as it comes."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import msgspec

from analyzer.common.counted import counted
from analyzer.errors import AnalyzerError, UsageError
from analyzer.evaluation.case import Case
from analyzer.evaluation.folder import read_cases
from analyzer.evaluation.journal import (
    Appender,
    appending,
    find_journals,
    journal_name,
    read_earlier,
    read_journals,
)
from analyzer.evaluation.plan import (
    PlannedTrial,
    Setup,
    describe_setup,
    plan_tasks,
    select_cases,
    select_shard,
    shard_of,
)
from analyzer.evaluation.result import Result
from analyzer.evaluation.spending import Spending, check_prices
from analyzer.evaluation.trial import digest_of
from analyzer.evaluation.workers import judge_all
from analyzer.evidence import check_required
from analyzer.evidence.bundle import read_content
from analyzer.prompt import check_room
from analyzer.run.context import Say
from analyzer.run.runs import create_jury
from analyzer.settings import Settings
from analyzer.settings.evaluation import Evaluation

Step = Callable[[int, int, Result | None], None]
"""Told how many of how many judgements are done, and the last one's result."""


@dataclass(frozen=True)
class Evaluated:
    """The results of an evaluation. `left` counts judgements that were asked for and not made, `why` says
    why. `notes` are what a person has to know beside the figures.
    """

    setup: Setup
    results: tuple[Result, ...]
    left: int = 0
    why: str = ""
    notes: tuple[str, ...] = ()


def evaluate(folder: Path, settings: Settings, wanted: Evaluation, remark: Say, step: Step) -> Evaluated:
    """Judge the cases of a folder and return the results, those of an earlier run of the same evaluation
    included. Raise UsageError or InfrastructureError.
    """
    check_room(settings.ask)
    check_required(settings.rules.require)
    shard = shard_of(wanted.shard)
    if wanted.shard and not wanted.output:
        raise UsageError("--shard needs --output", advice="name a folder that all shards share")
    jury, _ = create_jury(settings, remark, remark)
    check_prices(jury.models, settings, wanted.max_cost)
    cases = read_cases(folder)
    chosen = select_cases(cases.cases, wanted)
    every = plan_tasks(chosen, wanted)
    tasks = select_shard(every, shard)
    setup = describe_setup(settings, [model.name for model in jury.models], every)
    path = Path(wanted.output) / journal_name(shard) if wanted.output else None
    earlier = read_earlier(path, setup).results if path else ()
    done = _still_valid(earlier, tasks)
    pending = [task for task in tasks if task.key() not in done]
    spending = Spending(wanted.max_cost)
    for result in done.values():
        spending.add(result)
    step(len(done), len(tasks), None)
    results = dict(done)
    with appending(path, setup) if path else nullcontext(None) as appender:
        for result in _judge(pending, settings, wanted, spending, appender):
            results[result.case.name, result.turn] = result
            step(len(results), len(tasks), result)
    notes = [f"{counted(len(done), 'result')} of an earlier run taken up"] if done else []
    if cases.unlabelled:
        names = ", ".join(cases.unlabelled[:3])
        notes.append(f"{counted(len(cases.unlabelled), 'bundle')} without a label, not judged: {names}")
    left = len(tasks) - len(results)
    why = _why(spending) if left else ""
    return Evaluated(setup, tuple(results.values()), left, why, tuple(notes))


def merge(folder: Path) -> Evaluated:
    """Return the results of a folder's shards, none twice. Raise UsageError if they do not fit."""
    paths = find_journals(folder)
    kept = read_journals(paths)
    notes = [f"{counted(len(paths), 'file')} of results put together"]
    if kept.double:
        notes.append(f"{counted(kept.double, 'result')} there twice, counted once")
    if kept.broken:
        notes.append(f"{counted(kept.broken, 'line')} cut short, left out")
    left = kept.setup.total - len(kept.results)
    why = "no shard has judged them yet: run the shard that is missing or was ended" if left else ""
    return Evaluated(kept.setup, kept.results, left, why, tuple(notes))


def processes(wanted: Evaluation) -> int:
    """Return how many cases are judged at the same time."""
    return wanted.parallel or len(os.sched_getaffinity(0))


def _judge(
    pending: Sequence[PlannedTrial],
    settings: Settings,
    wanted: Evaluation,
    spending: Spending,
    appender: Appender | None,
) -> Iterator[Result]:
    """Yield each result once it is kept."""
    tasks = (task for task in _while_affordable(pending, spending))
    for result in judge_all(tasks, settings, min(processes(wanted), max(1, len(pending)))):
        spending.end(result)
        if appender is not None:
            appender.add(result)
        yield result


def _while_affordable(tasks: Sequence[PlannedTrial], spending: Spending) -> Iterator[PlannedTrial]:
    for task in tasks:
        if not spending.begin():
            return
        yield task


def _still_valid(results: Sequence[Result], tasks: Sequence[PlannedTrial]) -> dict[tuple[str, int], Result]:
    """Return the results that hold for these tasks: with an answer, and of the same bundle. They get the
    label of now.
    """
    earlier = {(result.case.name, result.turn): result for result in results}
    digests: dict[str, str] = {}
    valid = {}
    for task in tasks:
        result = earlier.get(task.key())
        if result is None or not result.is_answer() or result.case.label.finding != task.case.label.finding:
            continue
        digest = digests.setdefault(task.case.name, _digest_now(task.case))
        if digest == result.digest:
            valid[task.key()] = msgspec.structs.replace(result, case=task.case)
    return valid


def _digest_now(case: Case) -> str:
    try:
        return digest_of(read_content(Path(case.path)))
    except AnalyzerError:
        return "unread"  # no result has this digest: the case is judged again, and says why


def _why(spending: Spending) -> str:
    if spending.unknown:
        return f"--max-cost: what {spending.unknown} cost is not known, so no more was asked"
    return (
        f"--max-cost {spending.bound:g}: {spending.spent:.4f} USD are spent, and one more case"
        " may cost too much"
    )
