"""The examples' placeholder in place of a team's own image."""

from pathlib import Path

import pytest

from analyzer.cli import run
from tests.check.traps.places import CONTAINER, Broken

EXAMPLE = Path(__file__).parents[3] / "examples" / "analysistemplate.yaml"


@pytest.mark.slow
def test_the_placeholder_is_wrong_and_the_line_that_replaces_it_is_told(broken: Broken) -> None:
    image = "registry.example.com/tools/rollout-analyzer:0.2.0"
    (found,) = broken({f"{CONTAINER}/image": image})
    assert (found.state, found.about) == ("wrong", f"image: {image}")
    assert f"sed -i 's|{image}|YOUR-IMAGE|' " in found.advice
    assert broken({f"{CONTAINER}/image": "registry.example.org/rollout-analyzer:0.2.0"}) == []


@pytest.mark.slow
def test_an_example_is_right_once_its_sed_line_has_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(EXAMPLE.read_text())
    assert run(["check", "--offline", "--file", str(path)]) == 2
    line = "sed -i 's|registry.example.com/rollout-analyzer:0.2.0|YOUR-IMAGE|'"
    assert capsys.readouterr().out.count(line) == 2
    assert line.partition("|")[2].partition("|")[0] in (Path(__file__).parents[3] / "README.md").read_text()
    path.write_text(
        EXAMPLE.read_text().replace("registry.example.com/rollout-analyzer:0.2.0", "ours/rollout-analyzer:1")
    )
    assert run(["check", "--offline", "--file", str(path)]) == 0
