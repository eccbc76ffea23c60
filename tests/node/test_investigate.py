"""A model that looks closer at real pods: each tool used, bounded, recorded, and replayed without the cluster
to the same conversation.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.node
COMMAND = Path(sys.executable).with_name("rollout-analyzer")
SIDES = ("--stable-selector", "role=stable", "--canary-selector", "role=canary")
STEP_BYTES, ALL_BYTES = 4_400, 21_000  # of one result and of all, their delimiters with them

Record = dict[str, Any]
Analyzed = Callable[..., Record]


@pytest.fixture
def canary(node: dict[str, str]) -> Callable[[str], str]:
    """The name of a namespace's canary pod."""

    def name(namespace: str) -> str:
        command = [
            node["KUBEBUILDER_ASSETS"] + "/kubectl",
            "get",
            "pods",
            "-n",
            namespace,
            "-l",
            "role=canary",
            "-o",
            "name",
        ]
        return (
            subprocess.run(command, env=node, stdout=subprocess.PIPE, text=True, check=True)
            .stdout.strip()
            .removeprefix("pod/")
        )

    return name


@pytest.fixture
def analyzed(node: dict[str, str], tmp_path: Path) -> Analyzed:
    """`analyzed(steps, *options)`: the record of a run with a model that says these steps. With `--evidence`
    no cluster can be reached.
    """
    bare = {name: value for name, value in os.environ.items() if not name.startswith("KUBE")}
    cut_off = {**bare, "KUBECONFIG": str(tmp_path / "none"), "HOME": str(tmp_path)}

    def analyze(steps: list[dict[str, Any]], *options: str) -> Record:
        (tmp_path / "script.json").write_text(json.dumps(steps))
        script = ("--model", f"scripted:{tmp_path / 'script.json'}", "--investigate", "--min-fault-age", "5s")
        command = [str(COMMAND), "analyze", *options, *script, "--save", str(tmp_path / "saved.json")]
        environment = cut_off if "--evidence" in options else node
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 3, 4), done.stderr
        record: Record = json.loads((tmp_path / "saved.json").read_bytes())
        (tmp_path / "saved.json").rename(tmp_path / "record.json")
        return record

    return analyze


def calls(*made: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"calls": [{"name": name, "arguments": arguments} for name, arguments in made]}


def results(record: Record) -> list[str]:
    return [
        result["text"] for turn in record["judgement"]["exchanges"][0]["turns"] for result in turn["results"]
    ]


def test_each_tool_is_used_and_a_replay_has_the_same_conversation(
    canary: Callable[[str], str], analyzed: Analyzed, prometheus_of: Callable[[str], str], tmp_path: Path
) -> None:
    pod = canary("new-errors")
    (tmp_path / "config.yaml").write_text("prometheus:\n  queries:\n    - {name: ones, query: 'vector(1)'}\n")
    prometheus = (
        "--config",
        str(tmp_path / "config.yaml"),
        "--prometheus",
        prometheus_of("one 1 1735732800"),
    )
    steps = [
        calls(("pods", {}), ("describe", {"pod": pod}), ("events", {"pod": pod}), ("usage", {})),
        calls(
            ("logs", {"pod": pod, "text": "checkout failed", "context": 1}),
            ("query", {"name": "ones", "minutes": 5}),
        ),
        calls(("logs", {"pod": "kube-apiserver"}), ("query", {"name": "sum(up)"}), ("exec", {"pod": pod})),
        {
            "answer": {
                "verdict": "rollback",
                "confidence": 80,
                "summary": "Checkout fails.",
                "quotes": ["checkout failed"],
            }
        },
    ]
    live = analyzed(steps, "--namespace", "new-errors", *SIDES, *prometheus)
    pods, described, events, usage, logs, course, nowhere, unnamed, unknown = results(live)
    assert f"| {pod}: Running, ready, 0 restarts" in pods
    assert "| container cart (main): image localhost/cart:1.5.0, ready" in described
    assert " Normal Started Pod/" in events
    assert "usage could not be read" in usage  # this node has no metrics API
    assert 'level=ERROR msg="checkout failed"' in logs
    assert "lines match, the last of them:" in logs
    assert "every 15 s: 1 1 1 " in course
    assert "neither side has a pod of that name" in nowhere
    assert "there is no query of that name; there are:\n| ones" in unnamed
    assert unknown.startswith("There is no tool of that name")
    assert all(len(result.encode()) <= STEP_BYTES for result in results(live))
    (opinion,) = live["judgement"]["opinions"]
    assert opinion["answer"]["quotes"] == ["checkout failed"]
    replayed = analyzed(steps, "--evidence", str(tmp_path / "record.json"))
    assert replayed["judgement"]["prompt"] == live["judgement"]["prompt"]
    assert replayed["judgement"]["exchanges"] == live["judgement"]["exchanges"]


def test_the_log_of_the_container_that_died_may_be_read(
    canary: Callable[[str], str], analyzed: Analyzed
) -> None:
    steps = [
        calls(("logs", {"pod": canary("crash-loop"), "previous": True, "text": "panic"})),
        {"answer": {}},
    ]
    (panic,) = results(analyzed(steps, "--namespace", "crash-loop", *SIDES))
    assert "| previous log of " in panic
    assert " panic: " in panic


def test_a_model_that_never_stops_looking_is_stopped(
    canary: Callable[[str], str], analyzed: Analyzed
) -> None:
    pod = canary("new-errors")
    steps = [
        calls(*(("logs", {"pod": pod, "context": context}) for context in range(first, first + 4)))
        for first in range(10, 30, 4)
    ]
    record = analyzed(steps, "--namespace", "new-errors", *SIDES)
    turns = record["judgement"]["exchanges"][0]["turns"]
    assert turns[-1]["text"].startswith("That was the last look. Answer now.")
    assert sum(len(result.encode()) for result in results(record)) < ALL_BYTES
    (opinion,) = record["judgement"]["opinions"]
    assert opinion["reason"] == "it called more tools instead of answering"


def test_steps_are_bounded(analyzed: Analyzed) -> None:
    steps = [calls(("describe", {"pod": f"no-{number}"})) for number in range(5)]
    record = analyzed(steps, "--namespace", "healthy", *SIDES, "--investigate-steps", "2")
    assert len(results(record)) == 2
