"""How well, and how fast, the miner groups lines: `python bench/miner.py [FILE.csv …]`.

Grouping accuracy: the share of lines whose group is exactly right, that is, whose lines of one predicted
template are the lines of one true event (Zhu et al., "Tools and Benchmarks for Automated Log Parsing",
ICSE-SEIP 2019). Six corpora: `generated` is what the miner is built on; the others read as other systems do,
and each was written before the miner was run on it. The first runs are what it is worth on logs unseen: 0.87
(heldout), 0.78 (fresh), 0.55 (unseen: states and texts in the place of parameters, by intent; drain3 on the
messages 0.59), 0.89 (later; drain3 0.61), 0.65 (foreign: 26 systems' own log statements, where a state, a
reason and a text are parameters; on the messages 0.67, drain3 0.54). Each has corrected the miner since, so
what is printed here is more. A CSV with columns Content and EventId is measured in their place.

Lines per second of CPU time stand against drain3's with equivalent masks, in turn; redaction is on our side
only.
"""

import csv
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path

from corpora import Event, Style, events, styles
from pinned import interpreter

from analyzer.logs.compare import general_forms
from analyzer.logs.mine import mine
from analyzer.redact import redact

LINES = 2000
SPEED_EVENTS = 20_000
ACCURACY, RATIO = 0.95, 4.0
CORPORA = ("generated", "heldout", "fresh", "unseen", "later", "foreign")
HERE = Path(__file__).parent


def accuracy(predicted: Sequence[Hashable], true: Sequence[Hashable], weights: Sequence[int]) -> float:
    of_group, of_event = defaultdict(set), defaultdict(set)
    for index, (group, event) in enumerate(zip(predicted, true, strict=True)):
        of_group[group].add(index)
        of_event[event].add(index)
    right = [index for index, group in enumerate(predicted) if of_group[group] == of_event[true[index]]]
    return sum(weights[index] for index in right) / sum(weights)


def grouped(lines: Iterable[str]) -> list[Hashable]:
    """The template of each event as `compare` would tell it. Events are mined one by one, which gives the
    digest of them all.
    """
    groups = [mine([line.encode()], redact, timestamps=False).digest.groups for line in lines]
    forms = general_forms(group for each in groups for group in each)
    return [
        tuple(sorted((group.level, forms[group.level, group.template]) for group in each)) for each in groups
    ]


def measure(found: Sequence[Event]) -> float:
    texts = ["\n".join(event.lines) for event in found]
    return accuracy(grouped(texts), [event.truth for event in found], [len(event.lines) for event in found])


def bare(style: Style) -> Style:
    """The same without a header: what a parser that is told the header would see. A line of JSON has none."""
    return style if style.header.startswith('{"') else style._replace(header="{}")


def table(corpus: str, python: Path) -> float:
    print(f"\n{corpus:16} whole line  message  drain3 on the message")
    found = []
    for style in styles(corpus):
        messages = list(events(bare(style), LINES))
        flat = [" ".join(" ".join(event.lines).split()) for event in messages]
        _, clusters = drain3(python, flat)
        theirs = accuracy(clusters, [event.truth for event in messages], [1] * len(messages))
        found.append((measure(list(events(style, LINES))), measure(messages), theirs))
        print(f"{style.name:16} {found[-1][0]:10.3f} {found[-1][1]:8.3f} {found[-1][2]:10.3f}", flush=True)
    means = [statistics.fmean(column) for column in zip(*found, strict=True)]
    print(f"{'mean':16} {means[0]:10.3f} {means[1]:8.3f} {means[2]:10.3f}")
    return means[0]


def drain3(python: Path, lines: Sequence[str]) -> tuple[float, list[int]]:
    run = subprocess.run(
        [python, "-W", "ignore", HERE / "drain3_run.py"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, clusters = json.loads(run.stdout)
    return float(seconds), list(clusters)


def ours(lines: Sequence[str]) -> float:
    text = "".join(
        f"2026-11-03T12:{number // 60 % 60:02}:{number % 60:02}.{number % 10**9:09}Z {line}\n"
        for number, line in enumerate(lines)
    )
    data = text.encode()
    chunks = [data[start : start + 65536] for start in range(0, len(data), 65536)]
    start = time.process_time()
    mine(chunks, redact)
    return time.process_time() - start


def speed(python: Path) -> float:
    """The generated corpus's ratio, the others' shown beside it: all styles' lines, each style a stream of
    its own.
    """
    ratios = []
    print(f"\n{'lines per second':16} {'miner':>10} {'drain3':>8} {'ratio':>6}")
    for corpus in CORPORA:
        mined = theirs = lines = 0.0
        for style in styles(corpus):
            text = [line for event in events(style, SPEED_EVENTS) for line in event.lines]
            lines += len(text)
            mined += ours(text)
            theirs += drain3(python, text)[0]
        ratios.append(theirs / mined)
        print(f"{corpus:16} {lines / mined:10,.0f} {lines / theirs:8,.0f} {ratios[-1]:6.1f}", flush=True)
    return ratios[0]


def of_file(path: Path) -> None:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
    print(
        f"{path.name:40} {accuracy(grouped(row['Content'] for row in rows), [row['EventId'] for row in rows], [1] * len(rows)):.3f}"
    )


def main(files: Sequence[str]) -> int:
    if files:
        for file in files:
            of_file(Path(file))
        return 0
    python = interpreter("drain3")
    generated = table(CORPORA[0], python)
    for corpus in CORPORA[1:]:
        table(corpus, python)
    ratio = speed(python)
    print(
        f"\ngrouping accuracy {generated:.3f} (at least {ACCURACY}), {ratio:.1f} times drain3 (at least {RATIO:g})"
    )
    return 0 if generated >= ACCURACY and ratio >= RATIO else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
