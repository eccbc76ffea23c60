"""Planted regressions: a Git repository of twenty commits on a base, one of which is to blame for what the
canary logs. A seed draws everything: language, kind of fault, files, and the nineteen commits beside it.

Kinds with a commit to blame: a trace whose line the commit wrote (`line`), a trace through the function that
it changed (`function`), an exception that is thrown below it (`callee`), a message that it added (`message`),
a variable that the code or the manifest renamed (`variable`), a key of the configuration (`key`), a migration
(`migration`), and a dependency (`dependency`). Without one: a trace through files that none of them touched
(`elsewhere`), and faults of the surroundings (`outside`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.github.languages import LANGUAGES
from tests.github.planted_tree import NOUNS, Repository, Tree

PEOPLE = ("Ann Ode", "Bo Lind", "Chi Wa", "Dee Ray")
KINDS = (
    *("line", "line", "line", "function", "function", "callee", "message", "message"),
    *("variable", "variable", "key", "key", "migration", "migration", "dependency", "dependency"),
)
INNOCENT = ("elsewhere", "outside")
OUTSIDE = (
    "dial tcp 10.79.0.14:5432: connect: connection refused",
    'Readiness probe failed: Get "http://10.79.0.9:8080/healthz": context deadline exceeded',
    'level=error msg="request failed" status=503 upstream=ratings took=5003ms',
    "OOMKilled: the container used more memory than its limit",
    "ERROR could not resolve host ratings.shop.svc.cluster.local: Temporary failure in name resolution",
    "java.net.SocketTimeoutException: Read timed out",
)


@dataclass(frozen=True)
class Commit:
    """What one commit leaves behind: the whole tree."""

    author: str
    subject: str
    tree: Tree


@dataclass(frozen=True)
class Case:
    """A run: what the canary logged, which keys of its template changed, and the commits from the base on.
    `guilty` is the number of the commit to blame, 0 for none.
    """

    seed: int
    kind: str
    language: str
    lines: tuple[str, ...]
    keys: tuple[str, ...]
    commits: tuple[Commit, ...]
    guilty: int


@dataclass
class Plot:
    """One case in the making. `kept` are the functions that nobody else may change, `paths` the files that
    others are drawn to, `closed` the files that nobody may touch.
    """

    repository: Repository
    kept: set[tuple[str, str]] = field(default_factory=set)
    drawn: list[str] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    guards: set[str] = field(default_factory=set)  # settings and packages that nobody else may change
    lines: list[str] = field(default_factory=list)
    deployed: bool = False  # the settings are those of the canary's template
    tell: Callable[[], list[str]] = list  # the lines, once the last commit is there


def make_case(seed: int, *, innocent: bool = False) -> Case:
    """The case of a seed."""
    random = Random(seed)
    language = LANGUAGES[seed % len(LANGUAGES)]
    kind = random.choice(INNOCENT if innocent else KINDS)
    repository = Repository(
        random, language, random.sample(["cart", "billing", "catalog", "shipping", "search"], 3)
    )
    repository.fill()
    plot, before = Plot(repository), dict(repository.settings)
    act = PREPARE[kind](plot)
    guilty = 0 if innocent else random.randint(1, 20)
    commits = [Commit("Ann Ode", "Begin", repository.tree())]
    for number in range(1, 21):
        subject = act() if number == guilty else _ordinary(plot)
        commits.append(Commit(random.choice(PEOPLE), subject, repository.tree()))
    lines = tuple(plot.tell()) or tuple(plot.lines)
    after = repository.settings
    keys = [key for key in sorted(before | after) if before.get(key) != after.get(key)]
    shown = plot.deployed or (not innocent and random.random() < 0.3)
    return Case(seed, kind, language.name, lines, tuple(keys if shown else ()), tuple(commits), guilty)


def _ordinary(plot: Plot) -> str:
    """A commit that has nothing to do with the fault, though often in its neighbourhood."""
    random = plot.repository.random
    (make,) = random.choices([make for make, _ in ORDINARY], [share for _, share in ORDINARY])
    return make(plot)


def _tidy(plot: Plot) -> str:
    path, name = _other(plot, [path for path in plot.drawn if path not in plot.closed] or _open(plot))
    plot.repository.edit(path, name)
    return f"Tidy up {name}"


def _edit(plot: Plot) -> str:
    path, name = _other(plot, _open(plot))
    plot.repository.edit(path, name)
    return f"Change {name}"


def _add(plot: Plot) -> str:
    repository, path = plot.repository, plot.repository.random.choice(_open(plot))
    name = repository.names(1)[0]
    functions = dict(repository.modules[path])
    if name not in functions:
        added = {name: [repository.statement() for _ in range(4)]}
        first = repository.random.random() < 0.5
        repository.modules[path] = {**added, **functions} if first else {**functions, **added}
    return f"Add {name}"


def _lint(plot: Plot) -> str:
    for path in plot.repository.random.sample(_open(plot), 4):
        plot.repository.edit(*_other(plot, [path]))
    return "Follow the linter"


def _adjust(plot: Plot) -> str:
    repository = plot.repository
    key = repository.random.choice([key for key in repository.settings if key not in plot.guards])
    repository.settings[key] = str(repository.random.randint(1, 900))
    return "Adjust settings"


def _bump(plot: Plot) -> str:
    versions = plot.repository.versions
    versions[plot.repository.random.choice([name for name in versions if name not in plot.guards])] += 1
    return "Bump a dependency"


def _migrate(plot: Plot) -> str:
    repository, random = plot.repository, plot.repository.random
    table, column = random.choice(NOUNS), f"{random.choice(NOUNS)}_note"
    repository.texts[f"migrations/{_next(repository)}_{column}.sql"] = (
        f"ALTER TABLE {table}s ADD COLUMN {column} text;\n"
    )
    return f"Add {column}"


def _write(plot: Plot) -> str:
    random = plot.repository.random
    path = random.choice(["README.md", "docs/operations.md", ".github/workflows/test.yaml", "Dockerfile"])
    words = " ".join(
        random.sample([*NOUNS, "request", "failed", "connection", "timeout", "error", "memory"], 6)
    )
    plot.repository.texts[path] += ("" if path.endswith(".md") else "# ") + words.capitalize() + "\n"
    return f"Write of {path}"


ORDINARY: tuple[tuple[Callable[[Plot], str], float], ...] = (
    (_tidy, 0.25),
    (_edit, 0.3),
    (_add, 0.1),
    (_lint, 0.08),
    (_adjust, 0.09),
    (_bump, 0.06),
    (_migrate, 0.04),
    (_write, 0.08),
)


def _open(plot: Plot) -> list[str]:
    return [path for path in plot.repository.modules if path not in plot.closed]


def _next(repository: Repository) -> str:
    return f"{2 + sum(path.startswith('migrations/') for path in repository.texts):04}"


def _other(plot: Plot, paths: list[str]) -> tuple[str, str]:
    free = [
        (path, name)
        for path in paths
        for name in plot.repository.modules[path]
        if (path, name) not in plot.kept
    ]
    return plot.repository.random.choice(free) if free else plot.repository.pick(plot.kept, None)


def _keep(plot: Plot, paths: list[str] | None = None) -> tuple[str, str]:
    place = plot.repository.pick(plot.kept, paths)
    plot.kept.add(place)
    return place


def _said(plot: Plot) -> str:
    noun, number = plot.repository.random.choice(NOUNS), plot.repository.random.randint(2, 99)
    return plot.repository.random.choice(
        [
            "invalid memory address or nil pointer dereference",
            f"index out of range [{number}] with length {number - 1}",
            f"{noun} is missing",
            "Cannot read properties of undefined",
            "unexpected end of input",
        ]
    )


def _traced(plot: Plot, kind: str) -> Callable[[], str]:
    repository, random = plot.repository, plot.repository.random
    guilty, caller, outer = _keep(plot), _keep(plot), _keep(plot)
    plot.drawn += [guilty[0], caller[0], outer[0]]
    below = [_keep(plot)] if kind == "callee" else []
    said, state = _said(plot), {"at": 0}

    def act() -> str:
        state["at"] = repository.edit(
            *guilty, random.randrange(len(repository.modules[guilty[0]][guilty[1]]))
        )
        return f"Change how {guilty[1]} works"

    def tell() -> list[str]:
        body = repository.modules[guilty[0]][guilty[1]]
        at = state["at"] if kind != "function" else random.randrange(len(body))
        places = [*((*place, 1) for place in below), (*guilty, at), (*caller, 0), (*outer, 2)]
        return repository.language.trace([repository.place(*place) for place in places], said)

    plot.tell = tell
    return act


def _message(plot: Plot) -> Callable[[], str]:
    repository, random = plot.repository, plot.repository.random
    path, name = _keep(plot)
    plot.drawn.append(path)
    noun, other = random.sample(NOUNS, 2)
    message = random.choice(
        [f"no {noun} for this {other}", f"unknown {noun} in {other}", f"{noun} does not match the {other}"]
    )

    def act() -> str:
        repository.modules[path][name].insert(
            1, repository.statement(repository.language.thrown, message=message)
        )
        return f"Be strict about the {noun}"

    plot.lines = [
        (
            f'time=2026-11-29T14:39:46Z level=ERROR msg="request failed" error="{message}:'
            f' c-{random.randint(100, 999)}"'
        )
    ]
    return act


def _variable(plot: Plot) -> Callable[[], str]:
    repository, random = plot.repository, plot.repository.random
    old = random.choice(list(repository.settings))
    new = f"{old}_{random.choice(('V2', 'NEW', 'PRIMARY'))}"
    plot.guards |= {old, new}
    path, name = _keep(plot)
    repository.modules[path][name].insert(0, repository.statement(repository.language.read_variable, key=old))
    in_code = random.random() < 0.5

    def act() -> str:
        if in_code:
            body = repository.modules[path][name]
            body[0] = body[0].replace(old, new)
        else:
            repository.settings[new] = repository.settings.pop(old)
        return "Name settings alike"

    missing = new if in_code else old
    plot.deployed = not in_code
    plot.lines = [
        random.choice(
            [
                f"FATAL {missing} is not set",
                f"KeyError: '{missing}'",
                f"panic: missing environment variable {missing}",
            ]
        )
    ]
    return act


def _key(plot: Plot) -> Callable[[], str]:
    """A value in the manifest. What fails names it, or does not."""
    repository, random = plot.repository, plot.repository.random
    key = random.choice(list(repository.settings))
    plot.guards.add(key)

    def act() -> str:
        repository.settings[key] = str(random.randint(1000, 9000))
        return "Tune it"

    plot.deployed = True
    plot.lines = [random.choice((f"invalid value for {key}: out of range", *OUTSIDE))]
    if random.random() < 0.5:
        plot.lines = [f'level=fatal msg="bad configuration" key={key}']
    return act


def _migration(plot: Plot) -> Callable[[], str]:
    repository, random = plot.repository, plot.repository.random
    table, column = (
        random.choice(NOUNS) + "s",
        f"{random.choice(NOUNS)}_{random.choice(('code', 'rank', 'state'))}",
    )

    def act() -> str:
        change = random.choice(
            [
                f"DROP COLUMN {column}",
                f"RENAME COLUMN {column} TO {column}_old",
                f"ALTER COLUMN {column} SET NOT NULL",
            ]
        )
        repository.texts[f"migrations/{_next(repository)}_{table}.sql"] = (
            f"ALTER TABLE {table}\n  {change};\n"
        )
        return f"Clean up {table}"

    plot.lines = [
        random.choice(
            [
                f'ERROR: column "{column}" does not exist (SQLSTATE 42703)',
                f'pq: null value in column "{column}" of relation "{table}" violates not-null constraint',
                f"SQLSTATE[42S22]: Unknown column '{table}.{column}' in 'field list'",
            ]
        )
    ]
    return act


def _dependency(plot: Plot) -> Callable[[], str]:
    repository, random = plot.repository, plot.repository.random
    package = random.choice(repository.language.packages)
    plot.guards.add(package)
    caller, outer = _keep(plot), _keep(plot)
    said = _said(plot)

    def act() -> str:
        repository.versions[package] += random.randint(1, 5)
        return "Bump a dependency"

    def tell() -> list[str]:
        frames = [repository.place(*caller, 0), repository.place(*outer, 1)]
        trace = repository.language.trace(frames, said)
        own = next(
            number for number, line in enumerate(trace) if any(_names(frame, line) for frame in frames)
        )
        foreign = repository.language.foreign(package)
        if repository.language.name == "python":
            return [*trace[:-1], *foreign, trace[-1]]
        if repository.language.name == "ruby":
            return [trace[0], *foreign, *trace[1:]]
        at = own - 1 if repository.language.name in ("go", "rust") else own
        return [*trace[:at], *foreign, *trace[at:]] if at > 0 else [trace[0], *foreign, *trace[1:]]

    plot.tell = tell
    return act


def _names(frame: tuple[str, str, int], line: str) -> bool:
    return frame[0].rpartition("/")[2].partition(".")[0] in line and not line.startswith("thread")


def _elsewhere(plot: Plot) -> Callable[[], str]:
    repository = plot.repository
    places = [_keep(plot) for _ in range(3)]
    plot.closed |= {path for path, _ in places}
    said = _said(plot)
    plot.tell = lambda: repository.language.trace([repository.place(*place, 1) for place in places], said)
    return str


def _outside(plot: Plot) -> Callable[[], str]:
    plot.lines = plot.repository.random.sample(OUTSIDE, 2)
    return str


PREPARE: dict[str, Callable[[Plot], Callable[[], str]]] = {
    "line": lambda plot: _traced(plot, "line"),
    "function": lambda plot: _traced(plot, "function"),
    "callee": lambda plot: _traced(plot, "callee"),
    "message": _message,
    "variable": _variable,
    "key": _key,
    "migration": _migration,
    "dependency": _dependency,
    "elsewhere": _elsewhere,
    "outside": _outside,
}
