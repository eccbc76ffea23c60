"""What a new user meets, whatever the canary does, under each strategy and installation: the answer, and the
reason where people look.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.node.cluster import ROOT, get, kubectl
from tests.node.walk import (
    AFTER,
    CELLS,
    EXPERIMENT,
    GUARD,
    JUDGE,
    OUTCOMES,
    PLAIN,
    STARTS,
    Cell,
    Ended,
    Key,
    run_name,
    walk,
)

pytestmark = pytest.mark.node

COMMAND = Path(sys.executable).with_name("rollout-analyzer")
PROMOTE, ROLLBACK, INCONCLUSIVE = 0, 3, 4
EVENTS = {PROMOTE: "CanaryPromote", ROLLBACK: "CanaryRollback", INCONCLUSIVE: "CanaryInconclusive"}
STARTED = "CanaryStarted"  # a guard's
JUDGED = {
    "good": (PROMOTE, ""),
    "crash-3s": (ROLLBACK, "exits with code 2"),
    "crash-30s": (ROLLBACK, "exit(s|ed) with code 2"),
    "errors": (ROLLBACK, "checkout failed"),
    "silent": (INCONCLUSIVE, "neither side logged a line"),
    "idle": (INCONCLUSIVE, "no line since its start"),
    "no-image": (ROLLBACK, "cannot pull its image"),
}
UNSERVED = (
    PROMOTE,
    "sent no traffic",
)  # the same, of silent and idle canaries, where there are no requests to come
OF_EVERY_POD, OF_THE_ROLLOUT = (
    "app.kubernetes.io/name=rollout-analyzer",
    "describe rollout",
)  # what the commands in the README look at
SEE_WHY = re.findall(
    r"^kubectl (.+)$",
    (ROOT / "README.md").read_text().partition("## Where do I see why")[2].partition("\n## ")[0],
    re.MULTILINE,
)
SOON = 90.0  # seconds from Ready to the answer, of a good canary that has traffic


@pytest.fixture(scope="module")
def walked(with_image: dict[str, str]) -> Iterator[dict[Key, Ended]]:
    """The end of every analysis that there was. The environment leads to the node meanwhile."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in with_image.items():
            patched.setenv(name, value)
        yield walk()


def expected(cell: Cell, kind: str) -> tuple[int, str]:
    """The exit code, and what the reason has to tell."""
    name, strategy = cell.behaviour.name, cell.strategy.name
    if kind == GUARD and name == "good":
        return PROMOTE, "available"
    unserved = kind == JUDGE and strategy != "canary" and name in ("silent", "idle")
    return UNSERVED if unserved else JUDGED[name]


def kinds(cell: Cell) -> Iterator[str]:
    """The analyses that begin."""
    name, strategy = cell.behaviour.name, cell.strategy.name
    if strategy == "canary" and name in STARTS:
        yield GUARD
    if not cell.behaviour.image:
        yield JUDGE
        if strategy == "canary" and name in OUTCOMES:
            yield PLAIN
        if strategy == "blue-green" and expected(cell, JUDGE)[0] == PROMOTE:
            yield AFTER


KEYS = [(cell, kind) for cell in CELLS for kind in kinds(cell)]
each_analysis = pytest.mark.parametrize("key", KEYS, ids=[f"{cell.namespace}-{kind}" for cell, kind in KEYS])
each_announced = pytest.mark.parametrize(
    "key",
    [key for key in KEYS if key[1] != PLAIN],
    ids=[f"{cell.namespace}-{kind}" for cell, kind in KEYS if kind != PLAIN],
)


def test_every_analysis_is_one_that_is_expected(walked: dict[Key, Ended]) -> None:
    assert walked.keys() == set(KEYS)


@each_analysis
def test_the_answer_is_right_and_its_reason_stands_first(walked: dict[Key, Ended], key: Key) -> None:
    (code, tells), ended = expected(*key), walked[key]
    assert ended.code == code, ended.message
    assert re.search(tells, first_lines(ended.message)), ended.message


@each_announced
def test_the_rollout_tells_it(walked: dict[Key, Ended], key: Key) -> None:
    """With `announce`, by the README's first command."""
    (cell, kind), (code, tells) = key, expected(*key)
    assert key in walked
    (described,) = (see(each, cell) for each in SEE_WHY if each.startswith(OF_THE_ROLLOUT))
    reason = STARTED if (kind, code) == (GUARD, PROMOTE) else EVENTS[code]
    told = [line for line in described.splitlines() if f" {reason} " in line]
    assert any(re.search(tells, line) for line in told), described[described.index("Events:") :]


@pytest.mark.parametrize(
    "cell", [cell for cell in CELLS if set(kinds(cell))], ids=lambda cell: cell.namespace
)
def test_each_other_command_tells_it_with_every_installation(walked: dict[Key, Ended], cell: Cell) -> None:
    shown = [see(each, cell) for each in SEE_WHY if OF_EVERY_POD in each]
    assert len(shown) > 1
    for kind in kinds(cell):
        assert all(re.search(expected(cell, kind)[1], text) for text in shown)
    assert walked


def see(command: str, cell: Cell) -> str:
    """What a command says, in the cell's namespace in place of the README's."""
    return kubectl(*(cell.namespace if word == "shop" else word for word in shlex.split(command)))


def first_lines(text: str) -> str:
    return " ".join(text.splitlines()[:2])


def test_nothing_is_written_where_nothing_is_announced(walked: dict[Key, Ended]) -> None:
    plain = [run_name(key) for key in walked if key[1] == PLAIN]
    assert plain
    assert not [each for each in get("events", "-A")["items"] if each["involvedObject"]["name"] in plain]
    runs = [each for each in get("analysisruns", "-A")["items"] if each["metadata"]["name"] in plain]
    assert not [each for each in runs if each["metadata"].get("annotations")]


@pytest.mark.parametrize(
    "cell", [cell for cell in CELLS if cell.behaviour.name == "good"], ids=lambda cell: cell.namespace
)
def test_a_good_canary_that_has_traffic_is_soon_promoted(walked: dict[Key, Ended], cell: Cell) -> None:
    pods = get(
        "pods", "-n", cell.namespace, "-l", f"app=cart,rollouts-pod-template-hash={cell.hashes()['canary']}"
    )["items"]
    (since,) = (
        datetime.fromisoformat(each["lastTransitionTime"])
        for pod in pods
        for each in pod["status"]["conditions"]
        if each["type"] == "Ready"
    )
    assert (walked[cell, JUDGE].at - since).total_seconds() < SOON


@pytest.mark.usefixtures("walked")
@pytest.mark.parametrize(
    "cell",
    [cell for cell in CELLS if cell.behaviour.image and cell.strategy.name != "canary"],
    ids=lambda cell: cell.namespace,
)
def test_why_no_analysis_began_is_told_by_one_command(cell: Cell, with_image: dict[str, str]) -> None:
    """A blue-green rollout and an experiment have no analysis before their pods are available."""
    hashes = (
        [f"--{role}-hash={pod_hash}" for role, pod_hash in EXPERIMENT.items()]
        if cell.strategy.name == "experiment"
        else []
    )
    command = [
        str(COMMAND),
        "analyze",
        "-n",
        cell.namespace,
        *(hashes or ["--rollout", "cart"]),
        "--model",
        "builtin",
    ]
    done = subprocess.run(command, env=with_image, capture_output=True, text=True, check=False)
    code, tells = JUDGED["no-image"]
    assert done.returncode == code, done.stdout
    assert re.search(tells, first_lines(done.stdout)), done.stdout
