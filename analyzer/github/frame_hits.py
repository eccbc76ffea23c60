"""Commits that changed what a stack trace goes through: lines, functions, files and packages."""

import re
from collections.abc import Iterator, Sequence

from analyzer.github.change import Commit
from analyzer.github.frames import StackFrame
from analyzer.github.hits import TOKEN, Hit, ReadFile, share_points
from analyzer.github.patch import Patch, trace_line

OUTWARD = 0.85  # what each frame further out is worth of the one before
NEAR = ((2, 7.0), (5, 5.0), (10, 3.5), (20, 2.0))  # lines, and the points within them

_DEPENDENCIES = re.compile(
    r"(?:^|/)(?:go\.(?:mod|sum)|package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml"
    r"|requirements[\w.-]{0,40}\.txt|pyproject\.toml"
    r"|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml"
    r"|gradle\.lockfile|Gemfile(?:\.lock)?"
    r"|[\w.-]{1,80}\.(?:gemspec|csproj|fsproj)|Directory\.Packages\.props|packages\.lock\.json"
    r"|Cargo\.(?:toml|lock)|composer\.(?:json|lock))$"
)
_VERSION_APART = re.compile(r"(?:pom\.xml|(?<!Gemfile)\.lock|lock\.json|lock\.yaml)$")


def meet_frames(
    frames: Sequence[StackFrame], files: Sequence[ReadFile], commits: Sequence[Commit]
) -> Iterator[Hit]:
    """Yield what each frame is worth for each commit that changed its file."""
    for frame in frames:
        weight = OUTWARD**frame.place
        for path in sorted(
            {read.file.path for read in files if frame.path and _is_of(frame, read.file.path)}
        ):
            touched = _follow(path, files)
            places = list(trace_line([read.patch for read in touched], frame.line)) if frame.line else []
            for number, read in enumerate(touched):
                line = places[number] if number < len(places) else 0
                points, words = _judge_place(frame, read.patch, line)
                sha = commits[read.commit].short()
                where = f"{path}:{frame.line}" if frame.line and line else path
                yield Hit(
                    commit=read.commit, points=points * weight, reason=f"{where}, in the trace, {words} {sha}"
                )


def _judge_place(frame: StackFrame, patch: Patch, line: int) -> tuple[float, str]:
    """Return what a commit's patch of a frame's file is worth, and the words. `line` is where the frame's
    line stood as the commit left it, 0 where that is not known or it was written later.
    """
    if line and patch.writes(line):
        return 10.0, "was changed by"
    inside = _changes_function(frame.function, patch)
    far = patch.distance(line) if line else 10**9
    near = next((points for lines, points in NEAR if far <= lines), 0.0)
    if near and (inside or far <= NEAR[1][0]):
        return near + inside, "stands beside what was changed by"
    if inside:
        return 4.0, f"is in {frame.function}, which was changed by"
    if near:
        return near, "stands near what was changed by"
    return 1.2, "was changed elsewhere by"


def _changes_function(name: str, patch: Patch) -> bool:
    return len(name) > 2 and any(
        token == name for line in patch.text.splitlines() for token in TOKEN.findall(line)
    )


def _is_of(frame: StackFrame, file: str) -> bool:
    """Return whether a frame's path may be a repository's file: one ends as the other does, with all its
    folders. A frame of .NET without symbols has a class in place of a path.
    """
    if not frame.line:
        folder, _, name = frame.path.rpartition(".")
        place, _, base = file.rpartition("/")
        return base.partition(".")[0] == name and (
            not place or folder.rpartition(".")[2] in place.replace("/", ".").split(".")
        )
    own, other = frame.path.split("/"), file.split("/")
    shorter = min(len(own), len(other))
    return own[-shorter:] == other[-shorter:]


def _follow(path: str, files: Sequence[ReadFile]) -> list[ReadFile]:
    """Return what was changed of a file, newest first, under its former names as well."""
    touched = []
    for read in files:
        if read.file.path == path:
            touched.append(read)
            path = read.file.before or path
    return touched


def meet_packages(
    frames: Sequence[StackFrame], files: Sequence[ReadFile], commits: Sequence[Commit]
) -> Iterator[Hit]:
    """Yield what a frame's package is worth for commits that changed its version, by its nearest frame."""
    lists = [read for read in files if _DEPENDENCIES.search(read.file.path)]
    known: set[str] = set()
    for frame in frames:
        for package in frame.packages:
            met = [read for read in lists if package not in known and _changes_package(package, read)]
            known.add(package)
            if met:
                words = f"the trace goes through {package}, whose version was changed by"
                yield from share_points(met, commits, 6.0 * OUTWARD**frame.place, words)
                break


def _changes_package(package: str, read: ReadFile) -> bool:
    """Return whether a list of dependencies changed a line that names a package; in one that writes the
    version on a line of its own, a line beside it.
    """
    if package not in read.file.patch:
        return False
    name = re.compile(rf"(?<![\w/.-]){re.escape(package)}(?:/v\d+)?(?![\w-]|\.\w)")
    apart = _VERSION_APART.search(read.file.path) is not None
    lines = read.file.patch.splitlines() if apart else [line.text for line in read.patch.lines]
    return any(name.search(line) for line in lines)
