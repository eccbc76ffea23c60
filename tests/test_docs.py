"""The pages of docs/ and the README: every link between them leads to a page and to a heading of it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives the headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?![a-z]+:)([^)#]*)#?([^)]*)\)", page.read_text()):
        there = page.parent / target if target else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


def test_each_name_that_the_recipe_gives_is_where_it_says() -> None:
    recipe = (ROOT / "docs" / "architecture.md").read_text().partition("## Adding to it")[2]
    named = re.findall(r"`([A-Za-z_]+)`(?: and `([A-Za-z_]+)`)? in\s+`([a-z_/]+\.py)`", recipe)
    assert len(named) > 15
    missing = [
        f"{name} in {path}"
        for *names, path in named
        for name in filter(None, names)
        if not re.search(rf"^(def |class )?{name}\b", read_source(path), re.MULTILINE)
    ]
    assert missing == []


def read_source(path: str) -> str:
    """The source that a path of the recipe names: from the repository's root, or from `analyzer/`."""
    place = next((place for place in (ROOT / path, ROOT / "analyzer" / path) if place.exists()), None)
    return place.read_text() if place else ""


def test_every_page_is_named_in_the_readme() -> None:
    readme = PAGES[0].read_text()
    assert [page.name for page in PAGES[1:] if f"{page.name})" not in readme] == []


def test_the_readme_is_read_in_one_go() -> None:
    assert len(PAGES[0].read_text().splitlines()) <= 150
