"""Which commits of a change may be to blame, and why. Pure: the same clues and change give the same suspects.

A commit gets points for each clue that meets what it changed. Points say which comes first, and no more: they are
no probability.

| clue                                                             | points                              |
| ---------------------------------------------------------------- | ----------------------------------- |
| it wrote the line of a stack frame                               | 10, less for a frame further out    |
| it changed lines near that line, in the same function or not     | 7 to 2, less further out            |
| it changed the file elsewhere                                    | 1.2, less further out               |
| an error's text holds a literal that it wrote, or removed        | 8, 4                                |
| an error names what stands on a line that it changed             | 5                                   |
| the trace goes through a package whose version it changed        | 6                                   |
| a key of the canary's template that changed is on such a line    | 2                                   |

Points of a text, a name, a package and a key are shared by the commits that it meets: what many commits touch says
little of each. A frame's line is followed through the patches back to the commit that wrote it (`patch`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from analyzer.common.short import cut
from analyzer.common.value import Value
from analyzer.github.change import Change, ChangedFile, Commit
from analyzer.github.clues import Clues
from analyzer.github.frames import Frame
from analyzer.github.patch import Patch, read_patch, trace_line

MOST = 5
LEAST = 1.0  # points, below which a commit is not named
BESIDE_THE_FIRST = 0.25  # of the first one's points, below which a commit is not named beside it
OUTWARD = 0.85  # what each frame further out is worth of the one before
NEAR = ((2, 7.0), (5, 5.0), (10, 3.5), (20, 2.0))  # lines, and the points within them
NAMES = 300  # of the errors that are looked for
SHARED = 4  # a name that more commits meet is no clue

_LITERAL = re.compile(r"\"([^\"\n]{0,200})\"|'([^'\n]{0,200})'|`([^`\n]{0,200})`")
_PLACEHOLDER = re.compile(r"%[-+#0-9.]{0,6}[a-zA-Z]|[$#]?\{[^{}]{0,100}\}|\\[nt\"']")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_NAME = re.compile(r"[A-Za-z_][\w.-]{2,120}\w")
_QUOTED = re.compile(r"[\"'`]([A-Za-z_][\w.-]{2,80})[\"'`]")
_TOKEN = re.compile(r"\w+")
_TELLING = re.compile(r"[a-z0-9]_[a-z0-9]|[A-Z0-9]_[A-Z0-9]|[a-z][A-Z]")
_THROWN = re.compile(r"(?:Error|Exception)$")
_DEPENDENCIES = re.compile(
    r"(?:^|/)(?:go\.(?:mod|sum)|package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|requirements[\w.-]{0,40}\.txt|pyproject\.toml"
    r"|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml|gradle\.lockfile|Gemfile(?:\.lock)?"
    r"|[\w.-]{1,80}\.(?:gemspec|csproj|fsproj)|Directory\.Packages\.props|packages\.lock\.json|Cargo\.(?:toml|lock)|composer\.(?:json|lock))$"
)


_VERSION_APART = re.compile(r"(?:pom\.xml|(?<!Gemfile)\.lock|lock\.json|lock\.yaml)$")


class Suspect(Value):
    """A commit, and why it may be to blame: one sentence, of the clue that weighs most."""

    commit: Commit
    reason: str
    points: float


class _Hit(Value):
    """What one clue is worth for one commit, and the words for it."""

    commit: int
    points: float
    reason: str


class _Read:
    """A changed file of a commit, its patch read once."""

    def __init__(self, commit: int, file: ChangedFile) -> None:
        self.commit, self.file, self.patch = commit, file, read_patch(file.patch)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Return the words of the lines that it changed."""
        return frozenset(token for line in self.patch.lines for token in _TOKEN.findall(line.text))


def rank_suspects(clues: Clues, change: Change) -> tuple[Suspect, ...]:
    """Return the commits that a clue meets, the likeliest first; none where no clue meets one."""
    files = [_Read(number, file) for number, commit in enumerate(change.commits) for file in commit.files]
    hits = [
        *_meet_frames(clues.frames, files, change.commits),
        *_meet_packages(clues.frames, files, change.commits),
        *_meet_texts(clues.texts, files, change.commits),
        *_meet_keys(clues.keys, files, change.commits),
    ]
    points: dict[int, float] = {}
    for hit in hits:
        points[hit.commit] = points.get(hit.commit, 0.0) + hit.points
    most = max(points.values(), default=0.0)
    least = max(LEAST, most * BESIDE_THE_FIRST)
    named = [number for number, own in points.items() if own >= least]
    ranked = sorted(named, key=lambda number: (-points[number], number))[:MOST]
    best = {
        number: max((hit for hit in hits if hit.commit == number), key=lambda hit: hit.points)
        for number in ranked
    }
    return tuple(
        Suspect(commit=change.commits[number], reason=best[number].reason, points=round(points[number], 2))
        for number in ranked
    )


def _meet_frames(
    frames: Sequence[Frame], files: Sequence[_Read], commits: Sequence[Commit]
) -> Iterator[_Hit]:
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
                yield _Hit(
                    commit=read.commit, points=points * weight, reason=f"{where}, in the trace, {words} {sha}"
                )


def _judge_place(frame: Frame, patch: Patch, line: int) -> tuple[float, str]:
    """Return what a commit's patch of a frame's file is worth, and the words. `line` is where the frame's line
    stood as the commit left it, 0 where that is not known or it was written later.
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
        token == name for line in patch.text.splitlines() for token in _TOKEN.findall(line)
    )


def _is_of(frame: Frame, file: str) -> bool:
    """Return whether a frame's path may be a repository's file: one ends as the other does, with all its folders.
    A frame of .NET without symbols has a class in place of a path.
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


def _follow(path: str, files: Sequence[_Read]) -> list[_Read]:
    """Return what was changed of a file, newest first, under its former names as well."""
    touched = []
    for read in files:
        if read.file.path == path:
            touched.append(read)
            path = read.file.before or path
    return touched


def _meet_packages(
    frames: Sequence[Frame], files: Sequence[_Read], commits: Sequence[Commit]
) -> Iterator[_Hit]:
    lists = [read for read in files if _DEPENDENCIES.search(read.file.path)]
    known: set[str] = set()
    for frame in frames:
        for package in frame.packages:
            met = [read for read in lists if package not in known and _changes_package(package, read)]
            known.add(package)
            if met:
                words = f"the trace goes through {package}, whose version was changed by"
                yield from _share(met, commits, 6.0 * OUTWARD**frame.place, words)
                break


def _changes_package(package: str, read: _Read) -> bool:
    """Return whether a list of dependencies changed a line that names a package; in one that writes the version
    on a line of its own, a line beside it.
    """
    if package not in read.file.patch:
        return False
    name = re.compile(rf"(?<![\w/.-]){re.escape(package)}(?:/v\d+)?(?![\w-]|\.\w)")
    apart = _VERSION_APART.search(read.file.path) is not None
    lines = read.file.patch.splitlines() if apart else [line.text for line in read.patch.lines]
    return any(name.search(line) for line in lines)


def _meet_texts(texts: Sequence[str], files: Sequence[_Read], commits: Sequence[Commit]) -> Iterator[_Hit]:
    yield from _meet_literals(texts, files, commits)
    names = dict.fromkeys(name for text in texts for name in _names(text))
    for name in list(names)[:NAMES]:
        met = [read for read in files if _holds(name, read)]
        yield from _share(met, commits, 5.0, f"the error names {name}, which is on a line changed by")


def _meet_literals(texts: Sequence[str], files: Sequence[_Read], commits: Sequence[Commit]) -> Iterator[_Hit]:
    said = "\n".join(texts).lower()
    met: dict[tuple[str, bool], list[_Read]] = {}
    for read in files:
        for line in read.patch.lines:
            for literal in _literals(line.text):
                if literal.lower() in said:
                    met.setdefault((literal, line.added), []).append(read)
    for (literal, added), reads in met.items():
        words = f'the error says "{cut(literal, 80)}", which was {"written" if added else "removed"} by'
        yield from _share(reads, commits, 8.0 if added else 4.0, words)


def _literals(line: str) -> Iterator[str]:
    """Yield the fixed parts of a line's literals that are long enough to be recognised."""
    for groups in _LITERAL.findall(line):
        for part in _PLACEHOLDER.split(next(filter(None, groups), "")):
            short = part.strip(" \t:;,.-=()[]'\"")
            if len(short) >= 10 and len(_WORDS.findall(short)) >= 2:
                yield short


def _names(text: str) -> Iterator[str]:
    """Yield what in an error's text looks like a name of the code, the configuration or the database."""
    for name in _NAME.findall(text):
        for part in (name, *name.split(".")):
            if _TELLING.search(part) and not _THROWN.search(part):
                yield part
    for name in _QUOTED.findall(text):
        yield from (part for part in name.split(".") if len(part) > 3)


def _holds(name: str, read: _Read) -> bool:
    if _TOKEN.fullmatch(name):
        return name in read.tokens
    return any(name in line.text for line in read.patch.lines)


def _meet_keys(keys: Sequence[str], files: Sequence[_Read], commits: Sequence[Commit]) -> Iterator[_Hit]:
    for key in keys:
        met = [read for read in files if _holds(key, read)]
        words = f"{key} differs in the canary's template, and was changed by"
        yield from _share(met, commits, 2.0, words)


def _share(reads: Iterable[_Read], commits: Sequence[Commit], points: float, words: str) -> Iterator[_Hit]:
    """Yield what is worth less to each the more commits it meets, and nothing beyond `SHARED`."""
    met = {read.commit: read for read in reversed(list(reads))}
    if len(met) <= SHARED:
        for number, read in met.items():
            reason = f"{words} {commits[number].short()} in {read.file.path}"
            yield _Hit(commit=number, points=points / len(met), reason=reason)
