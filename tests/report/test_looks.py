"""The page as it looks, beside pictures that a person has looked at (`golden/`).

`GOLDEN=write .venv/bin/pytest tests/report/test_looks.py` takes them anew: look at each before you commit it.
A browser of another version draws letters a little differently, so pictures are compared at a quarter of their size,
and a few places may differ.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.report.chromium import Tab
from tests.report.test_browser import OPEN_ALL, SIZES
from tests.report.test_browser import page as page  # noqa: PLC0414 - the fixture
from tests.report.test_browser import tab as tab  # noqa: PLC0414 - the fixture

pytestmark = pytest.mark.browser
GOLDEN = Path(__file__).parent / "golden"
COLOURS = 64  # of a picture that is kept
SMALLER = 4
STEP = 24  # of 255: less is how letters are drawn
SHARE = 0.015  # of the places, which may differ by more …
TILE, OF_TILE = 12, 0.3  # … and of any square of so many, as a badge is
LARGEST = 400_000  # bytes of all pictures

# Record, size, scheme, and what is scrolled to (empty for the first screen). No words of the judge: they change more often.
SHOWN = (
    ("rollback", "desk", "light", ""),
    ("rollback", "phone", "dark", ""),
    ("gates", "desk", "dark", ".charts"),
    ("gates", "phone", "light", ".charts"),
    ("error", "desk", "dark", ""),
    ("error", "phone", "light", ""),
    ("oom-kill", "desk", "light", "#side-by-side"),
    ("oom-kill", "phone", "dark", "#side-by-side"),
    ("new-errors", "desk", "light", "#log-templates"),
    ("new-errors", "phone", "dark", "#log-templates"),
)


@pytest.mark.parametrize(("name", "size", "scheme", "place"), SHOWN)
def test_the_page_looks_as_it_was_looked_at(
    tab: Tab, page: Callable[[str], Path], tmp_path: Path, name: str, size: str, scheme: str, place: str
) -> None:
    tab.show(page(name), *SIZES[size], scheme)
    if place:
        tab.value(OPEN_ALL)
        tab.value(f"document.querySelector({place!r}).scrollIntoView()")
    taken = tmp_path / "taken.png"
    tab.photograph(taken)
    golden = GOLDEN / f"{name}-{size}-{scheme}.png"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        picture = Image.open(taken).convert("RGB")
        few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(golden, optimize=True)
    share, of_tile = differing(Image.open(golden), Image.open(taken))
    assert share <= SHARE, f"{share:.1%} of {golden.name} differs: {taken}"
    assert of_tile <= OF_TILE, f"{of_tile:.0%} of one place of {golden.name} differs: {taken}"


def differing(one: Image.Image, two: Image.Image) -> tuple[float, float]:
    """The share of places that differ, looked at from further away, of the whole and of the tile with the most; all
    where the sizes differ.
    """
    if one.size != two.size:
        return 1.0, 1.0
    smaller = [each.convert("RGB").reduce(SMALLER) for each in (one, two)]
    red, green, blue = ImageChops.difference(*smaller).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    width, height = most.size
    corners = ((x, y) for x in range(0, width, TILE) for y in range(0, height, TILE))
    tiles = (
        sum(most.crop((x, y, min(x + TILE, width), min(y + TILE, height))).histogram()[STEP:])
        for x, y in corners
    )
    return sum(most.histogram()[STEP:]) / (width * height), max(tiles) / TILE**2


def test_a_colour_or_a_line_that_is_elsewhere_is_noticed() -> None:
    """A badge that is green and not red, or stands a line below; not one that is a little paler."""
    plain = Image.new("RGB", (1280, 800), "white")
    badge, other = plain.copy(), plain.copy()
    badge.paste((179, 22, 31), (20, 20, 120, 60))
    other.paste((17, 99, 41), (20, 20, 120, 60))
    moved = plain.copy()
    moved.paste((179, 22, 31), (20, 60, 120, 100))
    assert differing(badge, badge) == (0, 0)
    assert differing(badge, other)[1] > OF_TILE
    assert differing(badge, moved)[1] > OF_TILE
    assert differing(badge, badge.point(lambda value: max(0, value - 8))) == (0, 0)


def test_the_pictures_are_small_and_each_is_of_a_page() -> None:
    pictures = list(GOLDEN.glob("*.png"))
    assert {picture.stem for picture in pictures} == {
        f"{name}-{size}-{scheme}" for name, size, scheme, _ in SHOWN
    }
    assert sum(picture.stat().st_size for picture in pictures) <= LARGEST
