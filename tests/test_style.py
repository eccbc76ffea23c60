"""What a reader would have to decode stands nowhere in the package, and a search for a class finds one."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "analyzer"


def find_riddles(tree: ast.AST) -> Iterator[str]:
    """Yield the line of each riddle, and which one it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp):
            parts = (node.test, node.body, node.orelse)
            if any(isinstance(inner, ast.IfExp) for part in parts for inner in ast.walk(part)):
                yield f"{node.lineno}: a conditional expression inside another"
        if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.iter, (ast.Tuple, ast.List)):
            elements = node.iter.elts
            if len(elements) == 1 and not isinstance(elements[0], ast.Starred):
                yield f"{node.iter.lineno}: a loop that binds a name"
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)) and _assigns(node.elt):
            yield f"{node.lineno}: an assignment inside what a comprehension makes"
        if isinstance(node, ast.DictComp) and (_assigns(node.key) or _assigns(node.value)):
            yield f"{node.lineno}: an assignment inside what a comprehension makes"


def _assigns(node: ast.AST) -> bool:
    """Whether an expression assigns, a comprehension within it apart: that is looked at by itself."""
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return False
    return isinstance(node, ast.NamedExpr) or any(map(_assigns, ast.iter_child_nodes(node)))


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    files = sorted(PACKAGE.rglob("*.py"))
    return {str(file.relative_to(PACKAGE)): ast.parse(file.read_text()) for file in files}


def test_no_expression_is_a_riddle(trees: dict[str, ast.Module]) -> None:
    assert [f"{name}:{riddle}" for name, tree in trees.items() for riddle in find_riddles(tree)] == []


def test_a_class_has_a_name_of_its_own(trees: dict[str, ast.Module]) -> None:
    names = Counter(
        node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    "code",
    [
        "a if b else c if d else e",
        "f(a if (b if c else d) else e)",
        "[x + y for x in xs for y in (f(x),)]",
        "for x in [y]: print(x)",
        "[f(a=(b := x), c=b) for x in xs]",
        "{x: (y := f(x)) for x in xs}",
    ],
)
def test_a_riddle_is_found(code: str) -> None:
    assert len(list(find_riddles(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "a if b else c",
        "[y for x in xs if (y := f(x))]",
        "{x: {z for y in x if (z := f(y))} for x in xs}",
        "for x in (*xs,): print(x)",
    ],
)
def test_what_reads_well_is_none(code: str) -> None:
    assert list(find_riddles(ast.parse(code))) == []
