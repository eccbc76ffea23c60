"""The golden prompt of each example bundle: a reviewed file. When one changes on purpose, `make golden`, and
read the difference.
"""

from pathlib import Path

import pytest

from analyzer.cli import run

ROOT = Path(__file__).parent.parent
BUNDLES = sorted((ROOT / "examples" / "evidence").glob("*.json.gz"))


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.name.partition(".")[0])
def test_the_prompt_is_the_one_that_was_reviewed(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["prompt", "--evidence", str(bundle)]) == 0
    golden = ROOT / "tests" / "golden" / f"{bundle.name.partition('.')[0]}.md"
    assert capsys.readouterr().out == golden.read_text()


def test_the_promised_examples_ship() -> None:
    assert {"healthy", "crash-loop", "new-errors"} <= {path.name.partition(".")[0] for path in BUNDLES}
