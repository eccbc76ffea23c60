"""Compiles what a start loads, once: a container whose root is read-only would compile it at each start.

What is installed for the interpreter that runs it, in place. Of the standard library what our imports load,
where the base image has its source alone, below the folder that is given, each at its own path. The same
source gives the same bytes, and no time of a file counts, so that two builds make the same layers.
"""

import ast
import py_compile
import sys
import sysconfig
from collections.abc import Iterator
from compileall import compile_dir
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH


def imported(package: Path) -> Iterator[str]:
    """The name of each module that a package imports, at a module's head or later."""
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module


def compile_library(package: Path, to: Path) -> None:
    """Compiles the standard library's modules that importing these loads and that are not compiled."""
    for name in sorted(set(imported(package))):
        with suppress(ImportError):  # what another system or a newer Python has
            import_module(name)
    to.mkdir(parents=True, exist_ok=True)
    library = sysconfig.get_path("stdlib")
    for module in list(sys.modules.values()):
        spec = getattr(module, "__spec__", None)
        if spec and spec.cached and str(spec.origin).startswith(library) and not Path(spec.cached).exists():
            compiled = to / Path(spec.cached).relative_to("/")
            py_compile.compile(str(spec.origin), str(compiled), doraise=True, invalidation_mode=UNCHECKED)


if __name__ == "__main__":
    found = find_spec("analyzer")
    assert found
    assert found.origin
    if not compile_dir(sysconfig.get_path("purelib"), quiet=1, force=True, invalidation_mode=UNCHECKED):
        sys.exit("what is installed does not compile")
    compile_library(Path(found.origin).parent, Path(sys.argv[1]))
