"""Is the built-in judge's answer the same where nothing that matters differs?

    same_answer.py [COUNT [SEED]]      default 64 cases from bench/mechanisms, of the tuned split

Each case is judged as it is, with its pods and logs in another order, with its pods renamed, and with lines
of the same second in another order (in all four, times are cut to seconds; a statement of several lines
stays together). It is judged as it is by a process of one PYTHONHASHSEED, and in the other ways by one of
another. The last line is a digest of all answers.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from functools import partial
from hashlib import blake2b
from itertools import groupby
from multiprocessing import get_context
from random import Random

from cases.scene import LETTERS
from mechanisms import of_split
from mechanisms.build import Json, make

from analyzer.common.deadline import Deadline
from analyzer.evidence import add_missing_gaps
from analyzer.evidence.bundle import parse_evidence
from analyzer.models.builtin import Builtin
from analyzer.run.judge import Jury, judge
from analyzer.settings import Settings

_TIME = re.compile(r"^(\S{19})\.\d+Z ")
Answer = tuple[str, str, float | None, tuple[tuple[str, str], ...]]


def in_seconds(bundle: Json) -> Json:
    """Return the bundle with the time before each line cut to seconds."""
    whole = deepcopy(bundle)
    for log in whole["raw_logs"]:
        log["lines"] = [_TIME.sub(r"\1Z ", line) for line in log["lines"]]
    return whole


def in_another_order(bundle: Json, random: Random) -> Json:
    """Return the bundle with its pods, parts and logs in another order."""
    whole = deepcopy(bundle)
    for part in whole["evidence"]["parts"]:
        random.shuffle(part.get("pods", []))
        random.shuffle(part.get("events", []))
    random.shuffle(whole["evidence"]["parts"])
    random.shuffle(whole["raw_logs"])
    return whole


def with_other_names(bundle: Json, random: Random) -> Json:
    """Return the bundle with other names for its pods, wherever they stand."""
    text = json.dumps(bundle)
    for part in bundle["evidence"]["parts"]:
        for pod in part.get("pods", []) if part["part"] == "pods" else ():
            name = pod["name"]
            other = name[:-5] + "".join(random.choices(LETTERS, k=5))
            text = text.replace(name, other)
    renamed: Json = json.loads(text)
    return renamed


def shuffled(bundle: Json, random: Random) -> Json:
    """Return the bundle with the statements of each second in another order. A line that is indented, or
    follows a statement in the second that it began in without a level, may belong to it: those logs stay.
    """
    whole = deepcopy(bundle)
    for log in whole["raw_logs"]:
        if any(line[21:22].isspace() or "Traceback" in line or "Exception" in line for line in log["lines"]):
            continue
        seconds = [list(lines) for _, lines in groupby(log["lines"], key=lambda line: line[:20])]
        for lines in seconds:
            random.shuffle(lines)
        log["lines"] = [line for lines in seconds for line in lines]
    return whole


CHANGES: dict[str, Callable[[Json, Random], Json]] = {
    "order": in_another_order,
    "names": with_other_names,
    "lines": shuffled,
}


def answer(bundle: Json) -> Answer:
    """Return the outcome, the rule, the confidence, and each finding's key and severity."""
    evidence = add_missing_gaps(parse_evidence(json.dumps(bundle).encode(), "the bundle"))
    jury = Jury((Builtin(),), prompted=False)
    judgement = judge(evidence, Settings(), jury, Deadline.after(300), lambda _: None)
    findings = tuple((graded.finding.key, graded.severity) for graded in judgement.findings)
    decision = judgement.decision
    return decision.outcome, decision.rule, decision.confidence, findings


def answers(names: Sequence[str], seed: str, index: int) -> tuple[str, list[Answer]]:
    """Return a case's name, and its answers with these changes; of the empty name, as it is."""
    mechanisms = of_split("tuned")
    made = make(mechanisms[index % len(mechanisms)], index // len(mechanisms), seed)
    bundle = in_seconds(made.bundle)
    changed = (CHANGES[name](bundle, Random(f"{seed} {made.name}")) if name else bundle for name in names)
    return f"{made.name} ({made.voice})", [answer(each) for each in changed]


def start(width: int, hash_seed: str) -> ProcessPoolExecutor:
    """Start processes of that PYTHONHASHSEED."""
    os.environ["PYTHONHASHSEED"] = hash_seed
    pool = ProcessPoolExecutor(width, get_context("spawn"))
    list(pool.map(abs, range(width)))  # or they would start with the next one's
    return pool


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    width = max(1, len(os.sched_getaffinity(0)) // 2)
    digest, differ = blake2b(digest_size=8), dict.fromkeys(CHANGES, 0)
    with start(width, "1") as plain, start(width, "2") as changed:
        firsts = plain.map(partial(answers, [""], seed), range(count))
        others = changed.map(partial(answers, list(CHANGES), seed), range(count))
        for (case, (first,)), (_, rest) in zip(firsts, others, strict=True):
            digest.update(repr(first).encode())
            for name, other in zip(CHANGES, rest, strict=True):
                if other != first:
                    differ[name] += 1
                    print(f"{case}, {name}: {set(map(str, first)) ^ set(map(str, other))}")
    print(f"{count} cases: " + ", ".join(f"{name} {differ[name]} differ" for name in CHANGES))
    print(digest.hexdigest())
    return int(any(differ.values()))


if __name__ == "__main__":
    sys.exit(main())
