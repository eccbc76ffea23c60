"""Stack frames of the languages whose traces `analyzer.logs.traces` knows: file, line, function, package.
Pure.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from analyzer.common.value import Value
from analyzer.logs.traces import kind_of

MAX_FRAME_LINE = 1_000  # characters of a line that are looked at
MAX_FRAMES = 200  # frames

_SOURCES = "go|py|js|mjs|cjs|ts|tsx|jsx|rb|rs|php|cs|fs|vb|java|kt|scala|groovy"
_PYTHON = re.compile(r'\s*File "([^"]{1,400})", line (\d{1,7})(?:, in (\S{1,200}))?')
_JVM = re.compile(
    r"\s*at (?:[\w.@-]{1,100}/)?([\w.$]{1,300})\.([\w$<>]{1,100})\(([\w.$-]{1,200}):(\d{1,7})\)"
)
_DOTNET = re.compile(r"\s*at ([\w.`+]{1,300})\.([\w<>`|]{1,100})\(")
_DOTNET_FILE = re.compile(r" in ([^:]{1,400}|[A-Za-z]:[^:]{1,400}):line (\d{1,7})$")
_PLACE = re.compile(
    rf"(?<![\w./\\@+~-])([\w./\\@+~-]{{1,400}}\.(?:{_SOURCES}))(?::(\d{{1,7}})|\((\d{{1,7}})\))"
)
_OWN = re.compile(r"\bat (?:async )?(?:new )?([\w$.<>]{1,200}) \(|:in [`'](?:[\w:]{1,100}[#.])?(\w{1,100})")
_FUNCTION = re.compile(r"(?<!\w)([A-Za-z_]\w{2,99})(?=\(|$)")
_FOREIGN = (
    re.compile(r"(?:site|dist)-packages/(\w[\w.-]{0,99})"),
    re.compile(r"(?<=node_modules/)((?:@[\w.-]{1,99}/)?[\w.-]{1,99})"),
    re.compile(r"/pkg/mod/([^@\s]{1,200})@"),
    re.compile(r"/gems/([\w.-]{1,99}?)-\d"),
    re.compile(r"/registry/src/[^/]{1,100}/([\w-]{1,99}?)-\d"),
    re.compile(r"/vendor/([\w.-]{1,99}/[\w.-]{1,99}(?:/[\w.-]{1,99})?)/"),
)
_JAR = re.compile(r"\[([\w.-]{1,99}?)-\d[\w.-]{0,50}\.jar")
_RUNTIME = re.compile(r"^(?:node:|/rustc/|/usr/local/go/src/|/usr/(?:local/)?lib/|<)")
_ROOT = re.compile(
    r"^/{1,3}(?:app|src|usr/src/app|usr/src|workspace|code|srv|opt/app|var/www/html|build|go/src|var/task"
    r"|home/[^/]{1,50})/"
)


class StackFrame(Value):
    """A frame. `place` is how far it is from where the exception was thrown, 0 for nearest. `path` is empty
    for a frame in a package of others; `package` then is what may name it. `line` is 0 where it is not known.
    """

    path: str = ""
    line: int = 0
    function: str = ""
    packages: tuple[str, ...] = ()
    place: int = 0

    def where(self) -> str:
        """Return the file and the line, as people write them."""
        return f"{self.path}:{self.line}" if self.line else self.path


def read_frames(lines: Iterable[str]) -> tuple[StackFrame, ...]:
    """Return the frames of the traces in log lines, each once, nearest to the exception first."""
    seen: dict[tuple[str, int, tuple[str, ...]], StackFrame] = {}
    for trace in _traces(lines):
        for place, frame in enumerate(trace):
            key = frame.path, frame.line, frame.packages
            if key not in seen or seen[key].place > place:
                seen[key] = replace(frame, place=place)
    return tuple(sorted(seen.values(), key=lambda frame: frame.place))[:MAX_FRAMES]


def _traces(lines: Iterable[str]) -> Iterator[list[StackFrame]]:
    """Yield the frames of one trace after the other. Python writes the nearest last."""
    trace: list[StackFrame] = []
    python, before = False, ""
    for text in lines:
        for line in text.splitlines():
            short = line[:MAX_FRAME_LINE].rstrip()
            frame = _read(short, before)
            python = python or short.lstrip().startswith('File "')
            if frame is None and kind_of(short) in ("plain", "thrown", "opening", "cause", "head") and trace:
                yield trace[::-1] if python and short[:1] != " " else trace
                trace, python = [], False
            elif frame is not None:
                trace.append(frame)
            before = short
    if trace:
        yield trace[::-1] if python else trace


def _read(line: str, before: str) -> StackFrame | None:
    """Return the frame that a line is, with the line before it, on which some runtimes write the function."""
    if match := _PYTHON.match(line):
        return _frame(match[1], int(match[2]), match[3] or "")
    if match := _JVM.match(line):
        return _jvm(line, match)
    if match := _DOTNET.match(line):
        place = _DOTNET_FILE.search(line)
        if place:
            return _frame(place[1].replace("\\", "/"), int(place[2]), match[2])
        if "/" not in line and "." in match[1]:
            return StackFrame(path=match[1], function=match[2], packages=_prefixes(match[1]))
    if match := _PLACE.search(line):
        return _frame(match[1].replace("\\", "/"), int(match[2] or match[3]), _function(line, before))
    return None


def _frame(path: str, line: int, function: str) -> StackFrame | None:
    for pattern in _FOREIGN:
        if packages := pattern.findall(path):
            return StackFrame(packages=(packages[-1],))
    if _RUNTIME.match(path):
        return None
    return StackFrame(path=_ROOT.sub("", path, count=1).removeprefix("./"), line=line, function=function)


def _jvm(line: str, match: re.Match[str]) -> StackFrame:
    package = match[1].rpartition(".")[0].replace(".", "/")
    if jar := _JAR.search(line):
        return StackFrame(packages=(jar[1],))
    path = f"{package}/{match[3]}" if package else match[3]
    prefixes = _prefixes(match[1])[:-1]  # "com" names nothing
    return StackFrame(path=path, line=int(match[4]), function=match[2], packages=prefixes)


def _prefixes(name: str) -> tuple[str, ...]:
    """Return what a package of a class may be called: its namespaces, the longest first."""
    parts = name.split(".")[:-1]
    return tuple(".".join(parts[:number]) for number in range(len(parts), 0, -1))


def _function(line: str, before: str) -> str:
    """Return the function's name: on the line itself (Node, Ruby), or on the one before (Go, Rust)."""
    own = _OWN.search(line)
    if own:
        return (own[1] or own[2]).rpartition(".")[2]
    named = [] if ":in " in line else _FUNCTION.findall(before)
    return named[-1] if named else ""
