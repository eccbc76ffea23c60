"""1,000 seeded plays of runs at once, broken off anywhere and begun again, on lists that are behind: nothing
twice, nothing lost.
"""

from collections import Counter
from random import Random

import pytest

from analyzer.common import retry
from analyzer.common.deadline import Deadline
from analyzer.github.client import Repository
from analyzer.github.credentials import Credentials
from analyzer.github.errors import Unreachable
from analyzer.github.mark import read_mark
from analyzer.github.tracking import Filing, file_failure
from tests.github.server import NAME, TOKEN, GitHub
from tests.github.simulation import Play, Wire, wired
from tests.github.test_tracking import a_failure


def perform(seed: int) -> tuple[GitHub, dict[str, set[str]]]:
    """What is there after the play of a seed, and which runs told of each failure."""
    random = Random(seed)
    github = GitHub(
        lag=random.choice((0, 0, 1, 2, 5)), may_label=random.choice(("all", "all", "none")), checked=False
    )
    play = Play(github, random, faults=random.randint(0, 6))
    filing = Filing(("canary-rollback",), random.random() < 0.5, 100)
    failures = ["crash"] if random.random() < 0.7 else ["crash", "oom"]
    if random.random() < 0.3:
        earlier = a_failure("run before", failures[0])
        made = github.make_issue(earlier.title, earlier.body(0), ["canary-rollback"])
        made |= {"state": "closed", "state_reason": "completed"}
    told: dict[str, set[str]] = {failure: set() for failure in failures}
    for number in range(random.randint(1, 4)):
        failure, run = random.choice(failures), f"run {number}"
        told[failure].add(run)
        for _ in range(random.choice((1, 1, 2))):  # a Job that Argo made anew beside the old one
            play.add(lambda run=run, failure=failure: file_once(github, run, failure, filing))  # type: ignore[misc]
    Wire.play = play
    play.perform(Unreachable)
    return github, told


def file_once(github: GitHub, run: str, failure: str, filing: Filing) -> object:
    credentials = Credentials(url="https://api.github.test", token=TOKEN)
    repository = Repository.connect(NAME, credentials, Deadline.after(60))
    return file_failure(repository, a_failure(run, failure), filing, Deadline.after(60), github.now)


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(10))
def test_nothing_is_twice_and_nothing_is_lost(hundred: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.0)
    wrong = []
    with wired():
        for seed in range(100 * hundred, 100 * hundred + 100):
            github, told = perform(seed)
            wrong += [f"seed {seed}: {what}" for what in complaints(github, told)]
    assert wrong == []


def complaints(github: GitHub, told: dict[str, set[str]]) -> list[str]:
    found = []
    for failure, runs in told.items():
        fingerprint = a_failure("", failure).mark.fingerprint()
        same = [issue for issue in github.open_issues() if marked(issue["body"]) == fingerprint]
        if len(same) != bool(runs):
            found.append(f"{len(same)} open issues of {failure}")
        for issue in same:
            comments = [
                comment for comment in github.comments if comment["issue_url"].endswith(f"/{issue['number']}")
            ]
            seen = Counter(run_of(text["body"]) for text in (issue, *comments))
            found += [f"{run} is lost" for run in runs if not seen[a_failure(run, failure).mark.run]]
            found += [f"{run} is there {count} times" for run, count in seen.items() if count > 1]
    return found


def marked(body: str) -> str:
    mark = read_mark(body)
    return mark.fingerprint() if mark else ""


def run_of(body: str) -> str:
    mark = read_mark(body)
    return mark.run if mark else ""
