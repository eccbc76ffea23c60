"""What the README shows is what the command prints."""

import re
import shlex
from pathlib import Path

import pytest

from analyzer.cli import run

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SHOWN = re.findall(r"^\$ (rollout-analyzer .+)\n((?:(?!```).*\n)*)```", README, re.MULTILINE)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_run_shown_is_a_run_made(
    command: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    run(shlex.split(command)[1:])
    assert re.sub(r"\[\d+\.\d s\]", "[0.0 s]", capsys.readouterr().out) == output


def test_there_is_a_run_to_compare() -> None:
    assert SHOWN


@pytest.mark.parametrize(
    ("evidence", "told"), re.findall(r"^make run(?: EVIDENCE=(\S+))? +# (.+)$", README, re.MULTILINE)
)
def test_what_a_recorded_canary_comes_to_is_what_is_told(
    evidence: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    code = run(
        [
            "analyze",
            "--evidence",
            f"examples/evidence/{evidence or 'crash-loop'}.json.gz",
            "--model",
            "builtin",
        ]
    )
    assert (
        code
        == {"promoted": 0, "rolled back by a rule": 3, "rolled back by the built-in judge": 3}[
            told.rpartition(": ")[2]
        ]
    )


def test_the_exit_codes_shown_are_the_published_ones() -> None:
    from analyzer.exits import ExitCode

    shown = {
        int(code) for row in re.findall(r"^\| ([\d, ]+) \|", README, re.MULTILINE) for code in row.split(",")
    }
    assert shown == {code.value for code in ExitCode}


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_a_link_into_the_project_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_rollout_shown_is_the_examples() -> None:
    head = re.findall(r"^#   (.*)$", (ROOT / "examples/analysistemplate.yaml").read_text(), re.MULTILINE)
    assert "\n".join(head) in README
