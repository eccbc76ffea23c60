from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.check.interface import CheckRequest
from analyzer.check.prompt import check_template
from analyzer.settings import Ask, Settings

SHIPPED = Path(__file__).parents[2] / "templates/prompt.md.j2"


def test_the_one_that_ships_renders_with_evidence_and_findings(ask: Callable[..., CheckRequest]) -> None:
    (found,) = check_template(ask())
    assert (found.state, found.about) == ("holds", "the one that ships")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{% for x in findings %}", "is broken at line 1"),
        ("{% for x in findings %}{{ x.finding.nothing }}{% endfor %}", "uses a name that is not there"),
        ("{% for side in sides %}{{ side.images.x.y }}{% endfor %}", "uses a name that is not there"),
        ("{{ schema }}", "no quote can be verified"),
    ],
)
def test_a_template_that_does_not_hold_is_told(
    ask: Callable[..., CheckRequest], tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "mine.md.j2"
    path.write_text(text)
    (found,) = (
        each for each in check_template(ask(Settings(ask=Ask(template=str(path))))) if each.state != "holds"
    )
    assert (found.state, found.about) == ("wrong", str(path))
    assert says in found.what


def test_a_template_that_is_not_there_is_told(ask: Callable[..., CheckRequest]) -> None:
    (found,) = check_template(ask(Settings(ask=Ask(template="/nowhere.j2"))))
    assert (found.state, found.what) == ("wrong", "there is no template /nowhere.j2")


def test_a_template_that_leaves_no_room_is_told(ask: Callable[..., CheckRequest], tmp_path: Path) -> None:
    path = tmp_path / "long.md.j2"
    path.write_text("word " * 4000 + SHIPPED.read_text())
    (found,) = check_template(ask(Settings(ask=Ask(template=str(path), prompt_tokens=1000))))
    assert (found.state, "cannot hold the prompt" in found.what) == ("wrong", True)


def test_a_budget_without_room_for_a_small_case_is_told(ask: Callable[..., CheckRequest]) -> None:
    found = list(check_template(ask(Settings(ask=Ask(prompt_tokens=1400)))))
    assert [each.state for each in found] == ["wrong", "holds"]
    assert "raise --prompt-tokens" in found[0].advice
