"""How often the statistical gates are right on series whose answer is known.

    metric_cases.py [--points N]... [--noise KIND]... [--seeds N] [--first SEED] [--looks N] [--why]
                    [--direction WAY] [--method NAME] [--least POINTS] [--family NAME]... [--planned N]

The series are made by bench/metric_families.py, or by bench/metric_shapes.py where the noise is one of its shapes.
For each noise it prints a row for each family: cases, right answers, rollbacks, neither (no data, or a failure that
is over), and milliseconds a metric. With --looks N a case is judged N times, on its first points up to all of them, and is
rolled back where one look rolls back. --planned N tells the gates of so many, instead of 30. --why prints the sentence of each wrong answer.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import process_time
from typing import Literal, cast, get_args

import msgspec
from healthy import TARGET
from metric_families import FAMILIES, MORE, NOISES, Case, Noise, make_case
from metric_shapes import SHAPED, SHAPES, Shape, make_shaped

from analyzer.evidence import Evidence
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Window
from analyzer.evidence.pods import Pod, Pods
from analyzer.findings.gates import gates
from analyzer.settings import Direction, Gate, Rules, Statistical
from analyzer.target import Role

STEP = 15.0  # seconds
START = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
NEITHER, ROLLBACK, PROMOTE = "neither", "rollback", "promote"


@dataclass(frozen=True)
class Row:
    """What came of a family's cases."""

    family: str
    faulty: bool
    outcomes: Counter[str]
    milliseconds: float  # a metric and look
    wrong: tuple[str, ...] = ()  # the sentences

    @property
    def cases(self) -> int:
        return self.outcomes.total()

    @property
    def right(self) -> int:
        return self.outcomes[ROLLBACK if self.faulty else PROMOTE]


def judge(case: Case, points: int, gate: Gate) -> tuple[str, str]:
    """Return what the gates of a case say to its first points, and in which words."""
    end = START + timedelta(seconds=STEP * (points - 1))
    sides: tuple[Role, ...] = ("stable", "canary")
    parts = [
        Metrics(
            side=side,
            figures=tuple(
                _figures(str(number), getattr(metric, side)[:points])
                for number, metric in enumerate(case.metrics)
            ),
        )
        for side in sides
    ]
    pods = [
        Pods(
            side=side, pods=(Pod(name=side, owner="", phase="Running", created_at=START - timedelta(days=1)),)
        )
        for side in sides
    ]
    evidence = Evidence(target=TARGET, window=Window(start=START, end=end), nonce="n", parts=(*pods, *parts))
    rules = Rules(
        gates=tuple(msgspec.structs.replace(gate, query=str(number)) for number in range(len(case.metrics)))
    )
    findings = tuple(gates(evidence, rules))
    words = "; ".join(finding.sentence for finding in findings)
    if any(
        finding.kind == "gate-failed" and finding.ongoing and finding.scope == "canary"
        for finding in findings
    ):
        return ROLLBACK, words
    kinds = {finding.kind for finding in findings}
    return PROMOTE if kinds <= {"gate-passed"} else NEITHER, words


def _figures(query: str, points: Sequence[float | None]) -> QueryFigures:
    state: Literal["values", "nan"] = "values" if any(point is not None for point in points) else "nan"
    return QueryFigures(query=query, promql="", state=state, points=tuple(points), start=START, step=STEP)


@dataclass(frozen=True)
class Series:
    """What is judged of each family: which noise, how many points, which seeds, and how often."""

    noise: Noise | Shape
    points: int
    seeds: range
    looks: int

    def make(self, family: str, seed: int) -> Case:
        """Return a case by the generator that has the family."""
        if self.noise in get_args(Shape):
            return make_shaped(family, cast("Shape", self.noise), self.points, seed)
        return make_case(family, cast("Noise", self.noise), self.points, seed)


def score(family: str, series: Series, gate: Gate) -> Row:
    """Judge a family's cases."""
    outcomes: Counter[str] = Counter()
    spent, metrics, wrong = 0.0, 0, list[str]()
    faulty = (FAMILIES | MORE | SHAPED)[family].faulty
    at = [round(series.points * look / series.looks) for look in range(1, series.looks + 1)]
    for seed in series.seeds:
        case = series.make(family, seed)
        begun = process_time()
        answers = [judge(case, number, gate) for number in at if number]
        spent += process_time() - begun
        metrics += len(answers) * len(case.metrics)
        answer, words = next((answer for answer in answers if answer[0] == ROLLBACK), answers[-1])
        outcomes[answer] += 1
        if answer != (ROLLBACK if faulty else PROMOTE):
            wrong.append(f"{seed}: {words}")
    return Row(family, faulty, outcomes, 1000 * spent / metrics, tuple(wrong))


def print_rows(title: str, rows: Sequence[Row], *, why: bool) -> None:
    """Print a row for each family, and the figures of all together but those beyond the eleven."""
    print(f"\n{title}\n{'family':26}{'cases':>6}{'right':>8}{'rollback':>10}{'neither':>13}{'ms':>7}")
    for row in rows:
        shares = [
            row.right / row.cases,
            row.outcomes[ROLLBACK] / row.cases,
            row.outcomes[NEITHER] / row.cases,
        ]
        print(
            f"{row.family:26}{row.cases:6}{shares[0]:8.3f}{shares[1]:10.3f}{shares[2]:13.3f}{row.milliseconds:7.2f}"
        )
        for sentence in row.wrong if why else ():
            print(f"    {sentence}")
    eleven = [row for row in rows if row.family not in MORE]
    healthy, faulty = [row for row in eleven if not row.faulty], [row for row in eleven if row.faulty]
    for name, count, total in (
        ("accuracy", sum(row.right for row in eleven), sum(row.cases for row in eleven)),
        ("recall", sum(row.right for row in faulty), sum(row.cases for row in faulty)),
        (
            "false rollbacks",
            sum(row.outcomes[ROLLBACK] for row in healthy),
            sum(row.cases for row in healthy),
        ),
    ):
        if total:
            print(f"{name:26}{total:6}{count / total:8.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, action="append")
    parser.add_argument("--noise", action="append", choices=NOISES + SHAPES)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--looks", type=int, default=1)
    parser.add_argument("--direction", default="increase", choices=get_args(Direction))
    parser.add_argument("--method", default="series", choices=("series", "kayenta"))
    parser.add_argument("--least", type=int, help="min_points, where not the default")
    parser.add_argument("--planned", type=int)
    parser.add_argument("--family", action="append", choices=list(FAMILIES | MORE | SHAPED))
    parser.add_argument("--healthy", action="store_true", help="the healthy families alone")
    parser.add_argument("--why", action="store_true")
    options = parser.parse_args()
    test = Statistical(direction=options.direction, method=options.method, looks=options.planned)
    if options.least:
        test = msgspec.structs.replace(test, min_points=options.least)
    seeds = range(options.first, options.first + options.seeds)
    with ProcessPoolExecutor(2) as pool:
        for noise in options.noise or ["white"]:
            known = SHAPED if noise in SHAPES else FAMILIES | MORE
            families = options.family or [
                name for name, family in known.items() if not (options.healthy and family.faulty)
            ]
            for points in options.points or [31, 121]:
                series = Series(noise, points, seeds, options.looks)
                work = partial(score, series=series, gate=Gate(query="", statistical=test))
                rows = list(pool.map(work, families))
                print_rows(f"{noise}, {points} points, {options.looks} looks", rows, why=options.why)


if __name__ == "__main__":
    main()
