"""What the container runs, whatever way it is written."""

from typing import Any

import pytest

from tests.check.traps.places import ANALYSIS, ARGS, CONTAINER, POD, Broken, assert_told, wrong

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["analyse"], "there is no command 'analyse'"),
        (["analyze --deadline=5m"], "there is no command 'analyze --deadline=5m'"),
        (["rollout-analyzer", "analyze"], "args repeats rollout-analyzer"),
        (["sh", "-c", "rollout-analyzer analyze"], "there is no command 'sh'"),
        (["--verbose", "analyze"], "there is no command '--verbose'"),
        (["collect", "--output=/tmp/x"], "the container runs collect, which judges nothing"),
        (["analyze", "--require=lgos"], "--require 'lgos': there is no such source"),
        (["analyze", "--observe=4m"], "--observe 240s is more than half of --deadline 300s"),
        (["analyze", "--stable-hash=abc"], "--stable-hash and --canary-hash belong together"),
        (["analyze", "--prometheus=http://prometheus:9090"], "--prometheus has nothing to ask"),
        (["guard", "--model=gemini"], "No such option '--model'"),
    ],
)
def test_words_that_end_with_code_2(broken: Broken, words: list[str], says: str) -> None:
    assert_told(broken({ARGS: words}), "wrong", says, "args:")


def test_a_script_that_ends_before_the_command(broken: Broken) -> None:
    found = broken(
        {f"{CONTAINER}/command": ["sh", "-c", "true || rollout-analyzer analyze --deadline=5m"], ARGS: None}
    )
    assert_told(found, "wrong", "rollout-analyzer is never run", "command:")


@pytest.mark.parametrize(
    "words",
    [
        ["analyze", "--prometheus=http://prometheus:9090", "--config=/config/c.yaml"],
        ["analyze", "--observe={{args.team}}", "--deadline=5m"],
        ["analyze", "--stable-hash=abc", "--canary-hash=$(HASH)"],
        ["analyze", "--extra-prompt=costs $$5 and $(NOTHING)"],
        ["analyze", "-n", "$(POD_NAMESPACE)"],
        ["analyze", "--log-pods", "$(PODS)"],
    ],
)
def test_what_only_a_run_knows_is_no_trap(broken: Broken, words: list[str]) -> None:
    names = ("POD_NAMESPACE", "HASH", "PODS")
    variables = [
        {"name": name, "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}} for name in names
    ]
    key = {"name": "GEMINI_API_KEY", "valueFrom": {"secretKeyRef": {"name": "x", "key": "k"}}}
    unknown = {"name": "team", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    changes: dict[str, Any] = {f"{CONTAINER}/env": [key, *variables], "AnalysisTemplate/spec/args/0": unknown}
    assert broken(changes | {ARGS: words}) == []


def test_a_variable_is_filled_in_as_the_kubelet_does(broken: Broken) -> None:
    variables = [{"name": "MINUTES", "value": "5"}, {"name": "TIME", "value": "$(MINUTES) minutes"}]
    found = broken(
        {
            f"{CONTAINER}/env/1": variables[0],
            f"{CONTAINER}/env/2": variables[1],
            ARGS: ["analyze", "--since=$(TIME)"],
        }
    )
    assert_told(found, "wrong", "'5 minutes' is no duration", "args:")


def test_check_in_the_pod_is_a_trial(broken: Broken) -> None:
    assert_told(broken({ARGS: ["check"]}), "note", "runs check, which judges nothing", "args:")


@pytest.mark.parametrize(
    ("command", "args"),
    [
        (["rollout-analyzer"], ["analyze", "--deadline=5m"]),
        (["/opt/rollout-analyzer/bin/rollout-analyzer", "analyze"], ["--deadline=5m"]),
        (["tini", "--", "rollout-analyzer"], ["analyze"]),
        (["sh", "-c"], ["exec rollout-analyzer analyze --deadline=5m"]),
        (["/bin/bash"], ["-ec", 'exec rollout-analyzer analyze "$@"', "--", "--deadline=5m"]),
    ],
)
def test_a_command_of_its_own_is_ours_all_the_same(
    broken: Broken, command: list[str], args: list[str]
) -> None:
    sound = {f"{CONTAINER}/command": command, f"{CONTAINER}/image": "mirror/judge:1", ARGS: args}
    assert broken(sound) == []
    refused = [word.replace("--deadline=5m", "--modle=x") for word in [*args, "--modle=x"]]
    if command[0] in ("sh", "/bin/bash"):
        refused = [word.replace("--deadline=5m", "--modle=x") for word in args]
    assert any("No such option '--modle'" in what for what in wrong(broken(sound | {ARGS: refused})))


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["analyze"], "there is no program 'analyze'"),
        (["cp", "/a", "/b"], "the container runs 'cp' in place of rollout-analyzer"),
        (["rollout-analyzer analyze"], "the container runs 'rollout-analyzer analyze' in place of"),
        (["sh", "-c", "echo hello"], "the container runs 'sh' in place of"),
    ],
)
def test_a_command_that_runs_something_else(broken: Broken, command: list[str], says: str) -> None:
    assert_told(broken({f"{CONTAINER}/command": command, ARGS: []}), "wrong", says, "command:")


# ---- the shell around it


def shell(script: str, *, split: bool = False) -> dict[str, Any]:
    words = ["sh", "-c", script]
    return {f"{CONTAINER}/command": words[:1] if split else words, ARGS: words[1:] if split else []}


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize(
    "script",
    [
        "rollout-analyzer analyze --deadline=5m || true",
        "rollout-analyzer analyze --deadline=5m || exit 0",
        "rollout-analyzer analyze --deadline=5m; exit 0",
        "rollout-analyzer analyze --deadline=5m | tee /tmp/log",
        "rollout-analyzer analyze --deadline=5m\necho done\n",
        "if rollout-analyzer analyze; then echo yes; else echo no; fi",
    ],
)
def test_a_shell_that_swallows_the_exit_code(broken: Broken, script: str, split: bool) -> None:
    found = broken(shell(script, split=split))
    assert_told(
        found,
        "wrong",
        "swallows the exit code: 0, which promotes, comes of 1 (bug), 2 (usage), 3 (rollback)",
        "args:" if split else "command:",
    )


def test_a_shell_that_changes_the_exit_code(broken: Broken) -> None:
    found = broken(shell("rollout-analyzer analyze || exit 1"))
    assert_told(
        found, "wrong", "changes the exit code: 2 (usage) becomes 1, 3 (rollback) becomes 1", "command:"
    )


def test_an_inconclusive_answer_that_is_let_pass_by_a_shell_may_be_meant(broken: Broken) -> None:
    found = broken(shell("rollout-analyzer analyze; code=$?; [ $code -eq 4 ] && exit 0; exit $code"))
    assert_told(found, "note", "makes 0 of exit code 4 (inconclusive)", "command:")
    assert "--on-inconclusive pass" in found[0].advice


def test_a_shell_that_only_stands_around_is_worth_a_note_and_with_exec_nothing(broken: Broken) -> None:
    assert_told(
        broken(shell("rollout-analyzer analyze")), "note", "a shell stands around the command", "command:"
    )
    assert broken(shell("exec rollout-analyzer analyze")) == []


@pytest.mark.parametrize(
    "script",
    ["while true; do rollout-analyzer analyze && exit 0; done", "rollout-analyzer analyze; exit $((0))"],
)
def test_a_script_that_is_more_than_is_read_is_said_to_be(broken: Broken, script: str) -> None:
    assert_told(broken(shell(script)), "note", "too complex to be checked", "command:")


def test_a_script_of_the_pod_may_call_us(broken: Broken) -> None:
    found = broken({f"{CONTAINER}/command": ["sh", "/scripts/judge.sh"], ARGS: []})
    assert_told(found, "note", "too complex to be checked", "command:")


def test_the_words_within_a_script_are_looked_at_as_any(broken: Broken) -> None:
    found = broken(shell("exec rollout-analyzer analyze --deadline=30m --quorum=2"))
    assert [
        part
        for part in ("activeDeadlineSeconds 1200 ends the Job before", "--quorum 2 can never")
        if not any(part in each for each in wrong(found))
    ] == []


def test_a_shell_that_knows_no_pipefail(broken: Broken) -> None:
    """Debian's, which the image has by default: https://manpages.debian.org/bookworm/dash/sh.1.en.html."""
    found = broken(shell("set -o pipefail; rollout-analyzer analyze | tee /tmp/log"))
    assert {each.state for each in found} == {"note"}
    assert any("Debian's sh knows no pipefail, and ends with code 2" in each.what for each in found)
    bash = {
        f"{CONTAINER}/command": ["bash", "-c", "set -o pipefail; rollout-analyzer analyze | tee /tmp/log"],
        ARGS: [],
    }
    assert not any("pipefail" in each.what for each in broken(bash))


# ---- other containers


def test_a_container_of_the_pod_that_runs_something_else_is_not_looked_at(broken: Broken) -> None:
    other = {"name": "wait", "image": "busybox", "command": ["sh", "-c", "sleep 1 || true"]}
    copy = {"name": "copy", "image": "rollout-analyzer:1", "command": ["cp", "/a", "/b"]}
    trial = {"name": "trial", "image": "rollout-analyzer:1", "args": ["check"]}
    assert broken({f"{POD}/initContainers": [other, copy, trial]}) == []


def test_each_container_that_judges_is_looked_at(broken: Broken) -> None:
    resources = {"requests": {"cpu": "1"}, "limits": {"memory": "256Mi"}}
    second = {
        "name": "second",
        "image": "rollout-analyzer:1",
        "args": ["guard", "--modle=x"],
        "resources": resources,
    }
    for place in (f"{POD}/containers/1", f"{POD}/initContainers"):
        found = broken({place: [second] if place.endswith("initContainers") else second})
        assert any("No such option '--modle'" in what for what in wrong(found))


# ---- what the Rollout gives


def test_what_an_argument_of_the_rollout_makes_of_the_command_line(broken: Broken) -> None:
    since = {f"{ARGS}/3": "--since={{args.team}}", "AnalysisTemplate/spec/args/0/value": "5m"}
    assert broken(since) == []
    found = broken(since | {f"{ANALYSIS}/args": [{"name": "team", "value": "5 minutes"}]})
    assert_told(found, "wrong", "with these arguments, the container would exit with code 2", "args:")
    model = {f"{ARGS}/3": "--model={{args.team}}", "AnalysisTemplate/spec/args/0/value": "builtin"}
    found = broken(model | {f"{ANALYSIS}/args": [{"name": "team", "value": "ollama"}]})
    assert_told(found, "wrong", "with these arguments, ollama would be asked in the pod itself", "args:")
    hash_of_stable = {"name": "team", "valueFrom": {"podTemplateHashValue": "Stable"}}
    hashes = {
        ARGS: ["analyze", "--stable-hash={{args.team}}", "--canary-hash=abc"],
        "AnalysisTemplate/spec/args/0": {"name": "team"},
    }
    assert broken(hashes | {f"{ANALYSIS}/args": [hash_of_stable]}) == []
    deadline = {ARGS: ["analyze", "--deadline={{args.team}}"], "AnalysisTemplate/spec/args/0/value": "5m"}
    found = broken(deadline | {f"{ANALYSIS}/args": [{"name": "team", "value": "30m"}]})
    assert_told(
        found, "wrong", "with these arguments, activeDeadlineSeconds 1200 ends the Job before", "args:"
    )
