"""One version: the package's, the changelog's, and that of each image and chart that a manifest or a page
names.
"""

import re
from datetime import date
from pathlib import Path

from analyzer import __version__

ROOT = Path(__file__).parents[1]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
HEADINGS = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
RELEASES = [heading for heading in HEADINGS if heading != "Unreleased"]


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_each_release_has_a_version_and_a_date_and_the_newest_comes_first() -> None:
    told = [heading.split(" - ") for heading in RELEASES]
    assert [numbers(version) for version, _ in told] == sorted(
        (numbers(version) for version, _ in told), reverse=True
    )
    assert [date.fromisoformat(day) for _, day in told] == sorted(
        (date.fromisoformat(day) for _, day in told), reverse=True
    )
    assert HEADINGS in (RELEASES, ["Unreleased", *RELEASES])


def test_the_package_is_the_newest_release_or_what_comes_after_it() -> None:
    newest = numbers(RELEASES[0].split(" - ")[0])
    assert numbers(__version__) > newest if "Unreleased" in HEADINGS else numbers(__version__) == newest


def test_the_changelog_is_kept_as_it_says() -> None:
    """https://keepachangelog.com/en/1.1.0/"""
    kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
    for entry in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        release, *sections = re.split(r"^### ", entry, flags=re.MULTILINE)
        titles = [section.partition("\n")[0] for section in sections]
        assert titles == sorted(set(titles), key=kinds.index), release
        assert all(re.search(r"^- \S", section, re.MULTILINE) for section in sections), release


def test_the_page_of_what_is_promised_names_each_schema_that_is_published() -> None:
    page = (ROOT / "docs/versions.md").read_text()
    assert {f"schema/{file.name}" for file in (ROOT / "docs/schema").glob("*.json")} == set(
        re.findall(r"\((schema/\w+\.json)\)", page)
    )


def test_whatever_names_the_image_names_this_version() -> None:
    pattern = re.compile(r"rollout-analyzer(?::|, .*newTag: )(\d[\w.+-]*)")
    files = [
        ROOT / "README.md",
        *(file for folder in ("docs", "examples", "deploy") for file in (ROOT / folder).rglob("*.[my]*")),
    ]
    named = {
        (str(file.relative_to(ROOT)), version)
        for file in files
        for version in pattern.findall(file.read_text())
    }
    assert {file for file, _ in named} >= {"README.md", "docs/install.md", "examples/analysistemplate.yaml"}
    assert {(file, version) for file, version in named if version != __version__} == set()


def test_the_image_that_is_built_says_this_version() -> None:
    assert f"ARG VERSION={__version__}\n" in (ROOT / "Dockerfile").read_text()
