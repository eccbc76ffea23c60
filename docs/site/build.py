"""Builds the documentation as a site, strictly: a dead link, a missing heading or a page outside the menu
ends it.

    .venv-docs/bin/python docs/site/build.py FOLDER

The pages lie in the site as they do in the repository, with the files that they link to, so that one link
serves both. `llms.txt` lists them for machines, each as Markdown.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)")
FOLDER = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)/\)")
PAGE = re.compile(r"^ +- (\S+[.]md)$", re.MULTILINE)
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
SUMMARY = (
    "Judges a canary for Argo Rollouts: evidence from both sides, rules no model can override,"
    " and an exit code."
)


def build(folder: Path) -> int:
    """Write the site into a folder. Return MkDocs' exit code, which is not 0 where it finds fault."""
    config = ROOT / "docs/site/mkdocs.yml"
    names = PAGE.findall(config.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as staged:
        pages = Path(staged, "pages")
        for name in names:
            _stage(ROOT / name, pages)
        for page in (ROOT / "docs").glob("*.md"):  # one that the menu lacks is to be noticed
            _copy(page, pages)
        shutil.copy(config, staged)
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder.resolve())]
        code = subprocess.run([*command, "--config-file", f"{staged}/mkdocs.yml"], check=False).returncode
    for name in names:
        _copy(ROOT / name, folder)
    (folder / "llms.txt").write_text(list_pages(names), encoding="utf-8")
    return code


def _stage(page: Path, pages: Path) -> None:
    """Copy a page and what it links to. A folder gets a page that lists its files."""
    _copy(page, pages)
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        there = page.parent / target
        _copy(there, pages)
        if there.is_dir():
            files = sorted(file for file in there.iterdir() if file.is_file())
            listed = "\n".join(f"- [{file.name}]({file.name})" for file in files)
            for file in files:
                _copy(file, pages)
            place = pages / there.resolve().relative_to(ROOT) / "index.md"
            place.write_text(f"# {there.name}\n\n{listed}\n", encoding="utf-8")


def list_pages(names: list[str]) -> str:
    """Return the text of llms.txt (llmstxt.org): each page's title and place."""
    titles = {name: TITLE.search((ROOT / name).read_text(encoding="utf-8")) for name in names}
    lines = [f"- [{title[1] if title else name}]({name})" for name, title in titles.items()]
    return "\n".join(["# rollout-analyzer", "", f"> {SUMMARY}", "", "## Docs", "", *lines, ""])


def _copy(path: Path, folder: Path) -> None:
    """Copy a file of the repository to the same place below a folder. In a page a link to a folder leads to
    the page that lists it.
    """
    source = path.resolve()
    if not source.is_file() or not source.is_relative_to(ROOT):
        return
    target = folder / source.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".md":
        text = FOLDER.sub(r"](\1/index.md)", source.read_text(encoding="utf-8"))
        target.write_text(text, encoding="utf-8")
    else:
        shutil.copy(source, target)


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1])))
