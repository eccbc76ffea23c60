"""The whole of a check: what is looked at, at the same time and by the deadline, and the exit code that it
comes to.
"""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from analyzer.check import exit_code_of, run_checks
from analyzer.check.interface import CheckRequest, CheckResult, CheckState
from analyzer.cli import run
from analyzer.exits import ExitCode
from analyzer.settings import Ask, Hide, Rules, SecretPattern, Settings, Where

pytestmark = pytest.mark.slow  # a server, or a whole run, each time

SOUND = str(Path(__file__).parent / "sound.yaml")
Ask_ = Callable[..., CheckRequest]
Web = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


def states(results: tuple[CheckResult, ...], check: str) -> set[CheckState]:
    return {each.state for each in results if each.check == check}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], ExitCode.PROMOTE),
        (["holds", "note"], ExitCode.PROMOTE),
        (["holds", "unreachable"], ExitCode.INFRASTRUCTURE),
        (["unreachable", "wrong", "holds"], ExitCode.USAGE),
    ],
)
def test_what_stays_wrong_counts_before_what_may_pass(found: list[CheckState], expected: ExitCode) -> None:
    assert (
        exit_code_of(CheckResult(check="x", state=state, about="x", what="x") for state in found) == expected
    )


@pytest.mark.slow
def test_offline_nobody_is_asked(ask: Ask_, web: Web) -> None:
    def asked(_: BaseHTTPRequestHandler) -> None:
        heard.append("a request")

    heard: list[str] = []
    settings = Settings(where=Where(kubeconfig="/nowhere"), ask=Ask(models=(f"openai:x@{web(asked)}",)))
    results = run_checks(ask(settings, SOUND, offline=True))
    assert exit_code_of(results) == ExitCode.PROMOTE
    assert {each.check for each in results} == {"settings", "template", "model", "manifest"}
    assert not heard


@pytest.mark.slow
def test_a_server_that_hangs_is_reported_and_the_rest_is_told(
    ask: Ask_, web: Web, kubeconfig: Callable[..., Path], request: pytest.FixtureRequest
) -> None:
    over = threading.Event()
    request.addfinalizer(over.set)

    def hang(_: BaseHTTPRequestHandler) -> None:
        over.wait()

    where = Where(kubeconfig=str(kubeconfig(web(hang))))
    results = run_checks(ask(Settings(where=where, ask=Ask(models=("builtin",))), SOUND, seconds=5))
    assert states(results, "cluster") == {"unreachable"}
    assert {each.advice for each in results if each.check == "cluster"} == {
        "try again, or allow more time with --deadline"
    }
    assert states(results, "manifest") == {"holds"}
    assert exit_code_of(results) == ExitCode.INFRASTRUCTURE


def test_a_check_that_does_not_end_is_said_to_be_late(
    ask: Ask_, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    from analyzer import check

    over = threading.Event()
    request.addfinalizer(over.set)
    monkeypatch.setattr(check, "CHECKS", {"hangs": lambda _: over.wait() and ()})
    (late,) = run_checks(ask(seconds=0.2))
    assert (late.check, late.state) == ("hangs", "unreachable")
    assert "did not end by the deadline" in late.what


def test_what_a_team_calls_secret_is_masked_in_what_is_told(ask: Ask_) -> None:
    settings = Settings(
        rules=Rules(require=("C-123456",)),
        hide=Hide(redact=(SecretPattern(kind="customer", regex=r"C-\d+"),)),
    )
    (wrong,) = (each for each in run_checks(ask(settings, offline=True)) if each.state == "wrong")
    assert wrong.what == "--require '[masked customer]': there is no such source, so nothing would be decided"


# ---- the command


@pytest.fixture
def no_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)


@pytest.mark.slow
@pytest.mark.usefixtures("no_cluster")
def test_without_a_cluster_the_command_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--model", "builtin", "--file", SOUND]) == 2
    shown = capsys.readouterr().out
    assert (
        "wrong       cluster    Kubernetes API: no kubeconfig, and this is no pod with a service account"
        in shown
    )
    assert "→ give --kubeconfig FILE or set KUBECONFIG" in shown
    assert shown.endswith("1 wrong, exit code 2\n")


def test_an_address_where_nobody_listens_may_pass(
    capsys: pytest.CaptureFixture[str], kubeconfig: Callable[..., Path]
) -> None:
    assert run(["check", "--model", "builtin", "--deadline", "5s", "--kubeconfig", str(kubeconfig())]) == 5
    assert "1 out of reach, exit code 5" in capsys.readouterr().out


@pytest.mark.slow
def test_a_machine_reads_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(Path(SOUND).read_text().replace("failureLimit: 0", "failureLimit: 1", 1))
    assert run(["check", "--offline", "--model", "builtin", "--file", str(path), "--format", "json"]) == 2
    told = json.loads(capsys.readouterr().out)
    (wrong,) = (each for each in told["results"] if each["state"] == "wrong")
    assert told["exit_code"] == 2
    assert (wrong["check"], wrong["about"], wrong["advice"]) == (
        "manifest",
        f"{path}:11",
        "set failureLimit: 0",
    )


def test_a_recording_needs_nothing_that_could_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--evidence", "x.json"]) == 2
    assert "--evidence needs nothing of that" in capsys.readouterr().err


def test_the_help_shows_examples_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "rollout-analyzer check --namespace shop --rollout cart" in shown
    assert "0 all holds, 2 something is wrong, 5 something is out of reach" in shown
