"""What a shell around our command makes of its exit code. `test_against_real_shells` asks the shells of this
machine the same.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from analyzer.check.container import UNKNOWN
from analyzer.check.shell import ANSWERS, find_invocations

KEPT = {int(code): int(code) for code in ANSWERS}
SWALLOWED = dict.fromkeys(KEPT, 0)

SCRIPTS: dict[str, dict[int, int]] = {
    # kept
    "rollout-analyzer analyze": KEPT,
    "exec rollout-analyzer analyze": KEPT,
    "echo begin; rollout-analyzer analyze": KEPT,
    "mkdir -p /tmp/x && rollout-analyzer analyze": KEPT,
    "rollout-analyzer analyze && echo promoted": KEPT,
    "rollout-analyzer analyze 2>&1 > /tmp/log": KEPT,
    "(rollout-analyzer analyze)": KEPT,
    "{ rollout-analyzer analyze; }": KEPT,
    "set -e\nrollout-analyzer analyze\necho done": KEPT,
    "set -o errexit; rollout-analyzer analyze; echo done": KEPT,
    'rollout-analyzer analyze; code=$?; echo "$code"; exit $code': KEPT,
    "rollout-analyzer analyze || exit $?": KEPT,
    "rollout-analyzer analyze & wait $!": KEPT,
    'rollout-analyzer analyze & pid=$!; wait "$pid"': KEPT,
    "if rollout-analyzer analyze; then echo yes; else exit $?; fi": KEPT,
    "rollout-analyzer analyze \\\n  --since=5m # the end": KEPT,
    "timeout 300 rollout-analyzer analyze": KEPT,
    "NO_COLOR=1 env X=1 rollout-analyzer analyze": KEPT,
    "trap 'echo bye' EXIT; rollout-analyzer analyze": KEPT,
    "trap 'exit 0' EXIT; exec rollout-analyzer analyze": KEPT,
    "(set -e; true); rollout-analyzer analyze; exit $?": KEPT,
    "sh -c 'exit 0'; sh -c \"rollout-analyzer analyze\"": KEPT,
    "out=$(rollout-analyzer analyze)": KEPT,
    (
        "rollout-analyzer analyze; case $? in 0) exit 0;; 1) exit 1;; 2) exit 2;; 3) exit 3;;"
        " 4) exit 4;; *) exit 5;; esac"
    ): KEPT,
    "trap 'rm -f /tmp/there-is-none; exit' EXIT; rollout-analyzer analyze": KEPT,
    "trap 'false; exit' EXIT; rollout-analyzer analyze": KEPT,
    "rollout-analyzer analyze <<EOF\n|| true\nEOF\n": KEPT,
    "cat <<END | rollout-analyzer analyze\nx\nEND\n": KEPT,
    "rollout-analyzer analyze <<-'A B'\n$(exit 0)\n\tA B\n": KEPT,
    "eval 'rollout-analyzer analyze'": KEPT,
    "set -e; eval rollout-analyzer analyze; echo done": KEPT,
    "eval 'code=3; rollout-analyzer analyze'; exit $?": KEPT,
    # swallowed
    "rollout-analyzer analyze || true": SWALLOWED,
    "rollout-analyzer analyze || :": SWALLOWED,
    "rollout-analyzer analyze || exit 0": SWALLOWED,
    "rollout-analyzer analyze || echo failed": SWALLOWED,
    "rollout-analyzer analyze; exit 0": SWALLOWED,
    "rollout-analyzer analyze\nexit 0\n": SWALLOWED,
    "rollout-analyzer analyze; true": SWALLOWED,
    "rollout-analyzer analyze; echo done": SWALLOWED,
    "set +e; rollout-analyzer analyze; sleep 0": SWALLOWED,
    "set -e; rollout-analyzer analyze || true": SWALLOWED,
    "rollout-analyzer analyze | cat": SWALLOWED,
    "rollout-analyzer analyze 2>&1 | tee /dev/null": SWALLOWED,
    "rollout-analyzer analyze &": SWALLOWED,
    "rollout-analyzer analyze & wait": SWALLOWED,
    "(rollout-analyzer analyze || true)": SWALLOWED,
    "{ rollout-analyzer analyze; } || true": SWALLOWED,
    "if rollout-analyzer analyze; then echo yes; else echo no; fi": SWALLOWED,
    "if ! rollout-analyzer analyze; then exit 0; fi": SWALLOWED,
    'echo "$(rollout-analyzer analyze)"': SWALLOWED,
    "trap 'exit 0' EXIT; rollout-analyzer analyze": SWALLOWED,
    "(trap 'exit 0' EXIT; rollout-analyzer analyze)": SWALLOWED,
    'out=$(rollout-analyzer analyze); echo "$out"': SWALLOWED,
    "sh -c 'rollout-analyzer analyze' || true": SWALLOWED,
    "rollout-analyzer analyze; code=$?; if [ $code -ne 0 ]; then echo $code; fi": SWALLOWED,
    "rollout-analyzer analyze <<EOF || true\nx\nEOF\n": SWALLOWED,
    "cat <<A <<B; rollout-analyzer analyze || :\nx\nA\nrollout-analyzer analyze\nB\n": SWALLOWED,
    "eval 'rollout-analyzer analyze || :'": SWALLOWED,
    "set -e; eval 'rollout-analyzer analyze; echo done' || exit 1": SWALLOWED,
    "eval rollout-analyzer analyze; eval": SWALLOWED,
    # changed
    "! rollout-analyzer analyze": {code: int(code == 0) for code in KEPT},
    "rollout-analyzer analyze || exit 1": {code: int(code != 0) for code in KEPT},
    "rollout-analyzer analyze || [ $? -eq 4 ]": {0: 0, 1: 1, 2: 1, 3: 1, 4: 0, 5: 1},
    'rollout-analyzer analyze; code=$?; [ "$code" = 4 ] && exit 0; exit $code': KEPT | {4: 0},
    "rollout-analyzer analyze; case $? in 3) exit 3;; *) exit 0;; esac": SWALLOWED | {3: 3},
}

UNREAD = (
    "while true; do rollout-analyzer analyze && exit 0; sleep 1; done",
    "for i in 1 2 3; do rollout-analyzer analyze && exit 0; done; exit 1",
    "go() { rollout-analyzer analyze; }; go",
    "cat <<END\n$(rollout-analyzer analyze)\nEND\n",
    "cat <<END\nrollout-analyzer analyze\n",
    "sh <<END\nrollout-analyzer analyze\nEND\n",
    'X="eval \\"\\$X\\""; eval "$X"; rollout-analyzer analyze',
    'eval "$COMMAND rollout-analyzer analyze"',
    "cat /x && exit 0; rollout-analyzer analyze",
    ". /x; exit 0; rollout-analyzer analyze",
    "cat /x || rollout-analyzer analyze",
    '[ -n "$X" ] && exit 0; rollout-analyzer analyze',
    "if cat /x; then exit 0; fi; rollout-analyzer analyze",
    "exit 0; echo rollout-analyzer",
    'out=$(rollout-analyzer analyze); [ "$out" = yes ] || exit 3',
    ": | ! rollout-analyzer analyze",
    "rollout-analyzer analyze; exit $((1+2))",
    'rollout-analyzer analyze; exit "',
    "rollout-analyzer analyze; ((1))",
    "rollout-analyzer analyze )",
    "[[ -n $X && -n $Y ]] && rollout-analyzer analyze",
    "rollout-analyzer analyze; " + "(" * 40 + "true" + ")" * 40,
    "rollout-analyzer analyze; " + "echo x;" * 5000,
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_becomes_of_each_exit_code(script: str) -> None:
    called = find_invocations(["/bin/sh", "-c", script], {})
    assert called is not None
    assert dict(called.codes[0]) == SCRIPTS[script]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program by our name that exits with $CODE."""
    path = tmp_path_factory.mktemp("bin") / "rollout-analyzer"
    path.write_text('#!/bin/sh\nexit "$CODE"\n')
    path.chmod(0o755)
    return path.parent


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["dash", "bash"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_against_real_shells(shell: str, script: str, program: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    environ = os.environ | {"PATH": f"{program}:{os.environ['PATH']}"}
    found = {
        code: subprocess.run(
            [shell, "-c", script], env=environ | {"CODE": str(code)}, capture_output=True, check=False
        ).returncode
        for code in (0, 3, 4)
    }
    assert found == {code: SCRIPTS[script][code] for code in found}


@pytest.mark.parametrize("script", UNREAD)
def test_what_is_more_than_is_read_is_never_guessed(script: str) -> None:
    called = find_invocations(["bash", "-c", script], {})
    assert called is not None
    assert called.codes == ()


@pytest.mark.parametrize(
    "script",
    [
        "exit 0; rollout-analyzer analyze",
        "exit; rollout-analyzer analyze",
        "true || rollout-analyzer analyze",
        "false && rollout-analyzer analyze",
        "echo begin; exit 3; exec rollout-analyzer analyze",
        "cat /x; exit 0; rollout-analyzer analyze",
    ],
)
def test_a_call_that_is_never_reached(script: str) -> None:
    called = find_invocations(["sh", "-c", script], {})
    assert called is not None
    assert called.never


def test_a_pipe_that_takes_errors_too_swallows_as_any_pipe() -> None:
    called = find_invocations(["bash", "-c", "rollout-analyzer analyze |& cat"], {})
    assert called is not None
    assert dict(called.codes[0]) == SWALLOWED
    assert not called.never


@pytest.mark.parametrize(
    "words",
    [
        ["bash", "-o", "pipefail", "-c", "rollout-analyzer analyze | cat"],
        ["bash", "-euo", "pipefail", "-c", "rollout-analyzer analyze | cat"],
        ["/usr/bin/env", "bash", "-c", "set -o pipefail; rollout-analyzer analyze | cat"],
        ["bash", "-c", "rollout-analyzer analyze | cat; exit ${PIPESTATUS[0]}"],
        ["bash", "-c", "exec -a judge rollout-analyzer analyze"],
        ["sh", "-ec", "rollout-analyzer analyze; echo done"],
        ["tini", "--", "sh", "-c", "rollout-analyzer analyze"],
        ["busybox", "sh", "-c", "rollout-analyzer analyze"],
        ["/opt/rollout-analyzer/bin/rollout-analyzer", "analyze"],
        ["python3", "-m", "analyzer", "analyze"],
        ["nice", "-n", "5", "rollout-analyzer", "analyze"],
    ],
)
def test_a_command_line_that_keeps_the_code(words: list[str]) -> None:
    called = find_invocations(words, {})
    assert called is not None
    assert [dict(each) for each in called.codes] == [KEPT]


@pytest.mark.parametrize(
    "words",
    [["sh", "-c", "curl http://x"], ["sh", "/scripts/run.sh"], ["curl"], [], ["sh", "-c"], ["sh"], ["env"]],
)
def test_what_does_not_call_us(words: list[str]) -> None:
    assert find_invocations(words, {}) is None


def test_the_words_and_the_environment_that_we_would_find() -> None:
    script = (
        'export A=1; B=$A; C="$(cat /secret)" rollout-analyzer analyze "--since=$B m"'
        " '--x=$A' $NOWHERE \"$@\""
    )
    called = find_invocations(["sh", "-c", script, "sh", "--model=gemini"], {"D": "4"})
    assert called is not None
    (found,) = called.invocations
    assert found.words == ("analyze", "--since=1 m", "--x=$A", UNKNOWN, "--model=gemini")
    assert found.environ == {"A": "1", "B": "1", "C": UNKNOWN, "D": "4"}
    assert called.wrapped


def test_each_call_of_ours_is_seen_by_itself() -> None:
    called = find_invocations(["sh", "-c", "rollout-analyzer guard; exec rollout-analyzer analyze"], {})
    assert called is not None
    assert [each.words for each in called.invocations] == [("guard",), ("analyze",)]
    assert [dict(each) for each in called.codes] == [SWALLOWED, KEPT]


def test_a_file_that_is_read_first_may_set_anything() -> None:
    called = find_invocations(["sh", "-c", ". /vault/secrets/env && exec rollout-analyzer analyze"], {})
    assert called is not None
    assert called.invocations[0].sourced
    assert not called.wrapped
