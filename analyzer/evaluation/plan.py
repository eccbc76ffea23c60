"""Which judgements an evaluation is made of, in which order, and which of them are a shard's."""

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from analyzer import __version__
from analyzer.common.nearest import did_you_mean
from analyzer.common.value import Value
from analyzer.errors import UsageError
from analyzer.evaluation.case import Case
from analyzer.settings import Settings
from analyzer.settings.evaluation import Evaluation

_SHARD = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")


class PlannedTrial(Value):
    """One judgement to be made: a case, and its turn from 1 on."""

    case: Case
    turn: int

    def key(self) -> tuple[str, int]:
        """Return what no other task has."""
        return self.case.name, self.turn


class Setup(Value):
    """What results must have in common to be put together: the version, the models, what else the answers
    depend on (`settings`, a digest), and the cases (`selection`, a digest, and how many judgements they are).
    """

    product: str
    models: tuple[str, ...]
    settings: str
    selection: str
    total: int


def select_cases(cases: Sequence[Case], wanted: Evaluation) -> tuple[Case, ...]:
    """Return the cases to judge: of the families and the split that were named, all families by turn, so many
    as the limit says. Raise UsageError for a name that no case has.
    """
    families = _named("--family", wanted.family, sorted({case.label.family for case in cases}))
    splits = _named(
        "--split", (wanted.split,) if wanted.split else (), sorted({case.label.split for case in cases})
    )
    chosen = [
        case
        for case in cases
        if (not families or case.label.family in families) and (not splits or case.label.split in splits)
    ]
    if not chosen:
        raise UsageError("no case is of that family and that split", advice="leave one of the two out")
    return tuple(_by_turn(chosen)[: wanted.limit or None])


def plan_tasks(cases: Sequence[Case], wanted: Evaluation) -> tuple[PlannedTrial, ...]:
    """Return every judgement, the first turn of all cases before the second."""
    return tuple(PlannedTrial(case=case, turn=turn) for turn in range(1, wanted.repeat + 1) for case in cases)


def shard_of(text: str) -> tuple[int, int]:
    """Return the number and the count of `I/N`, 1/1 for an empty text. Raise UsageError for anything else."""
    if not text:
        return 1, 1
    numbers = _SHARD.fullmatch(text)
    index, count = (int(number) for number in numbers.groups()) if numbers else (0, 0)
    if not 1 <= index <= count:
        raise UsageError(f"--shard {text!r} is no I/N", advice="such as 1/3, 2/3 and 3/3")
    return index, count


def select_shard(tasks: Sequence[PlannedTrial], shard: tuple[int, int]) -> tuple[PlannedTrial, ...]:
    """Return a shard's part of the tasks: each N-th."""
    index, count = shard
    return tuple(tasks[index - 1 :: count])


def describe_setup(settings: Settings, models: Sequence[str], tasks: Sequence[PlannedTrial]) -> Setup:
    """Return what the results of these tasks have in common. Raise UsageError where the template cannot be
    read.
    """
    deciding = (settings.ask, settings.rules, settings.hide)
    template = _template(settings.ask.template)
    return Setup(
        product=__version__,
        models=tuple(models),
        settings=_digest((msgspec.json.encode(deciding, order="deterministic"), template)),
        selection=_digest(f"{task.case.name} {task.turn}".encode() for task in tasks),
        total=len(tasks),
    )


def _template(path: str) -> bytes:
    try:
        return Path(path).read_bytes() if path else b""
    except OSError as error:
        what = f"cannot read the template {path}: {error.strerror}"
        raise UsageError(what, advice="--template names a file") from error


def _digest(texts: Iterable[bytes]) -> str:
    digest = blake2b(digest_size=16)
    for text in texts:
        digest.update(blake2b(text, digest_size=16).digest())
    return digest.hexdigest()


def _named(option: str, names: Sequence[str], known: Sequence[str]) -> frozenset[str]:
    """Return the names. Raise UsageError for one that is not known."""
    for name in names:
        if name not in known:
            advice = did_you_mean(name, known, f"there are: {', '.join(filter(None, known)) or 'none'}")
            raise UsageError(f"{option} {name!r}: no case is of that", advice=advice)
    return frozenset(names)


def _by_turn(cases: Sequence[Case]) -> list[Case]:
    """Return the cases in an order in which each family has one before any has its second."""
    counts: dict[str, int] = {}
    placed = []
    for case in cases:
        turn = counts[case.label.family] = counts.get(case.label.family, -1) + 1
        placed.append((turn, case.label.family, case.name, case))
    return [case for *_, case in sorted(placed, key=lambda entry: entry[:3])]
