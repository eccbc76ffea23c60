"""docs/troubleshooting.md: what it quotes is what the code says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.findings.kinds import KINDS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text()
OURS = re.sub(r"^## What Argo and Kubernetes say\n.*?(?=^## )", "", PAGE, flags=re.MULTILINE | re.DOTALL)
FIRST = re.findall(r"^\| (?!message|---)(.+?) \|", OURS, re.MULTILINE)
QUOTED = [quote for cell in FIRST for quote in re.findall(r"`([^`]+)`", cell) if quote not in KINDS]


def texts(tree: ast.AST) -> Iterator[str]:
    """Each text of a module but its docstrings, with an ellipsis where the code puts in a value."""
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "…" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


@pytest.mark.slow
def test_a_message_that_is_quoted_is_one_that_the_code_says() -> None:
    said = [
        re.sub("…+", "…", text)
        for file in (ROOT / "analyzer").rglob("*.py")
        for text in texts(ast.parse(file.read_text()))
    ]
    assert [quote for quote in QUOTED if not any(quote in text for text in said)] == []


def test_every_row_quotes_a_message() -> None:
    assert len(QUOTED) >= len(FIRST) > 50
