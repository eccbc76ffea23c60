"""A source tree that commits change. Source files are kept as functions, so that a line's place is known."""

from dataclasses import dataclass, field
from random import Random

from tests.github.languages import Language

Tree = dict[str, str]
NOUNS = (
    *("price", "cart", "order", "stock", "coupon", "invoice", "refund", "basket"),
    *("tariff", "customer", "address", "payment", "ledger", "parcel", "voucher", "currency"),
    *("session", "catalog", "shipment", "discount", "receipt", "warehouse", "supplier", "quote"),
)
VERBS = (
    *("load", "apply", "check", "store", "merge", "fetch", "build", "parse"),
    *("verify", "resolve", "publish", "expire", "convert", "reserve", "release", "sync"),
)


@dataclass
class Repository:
    """The tree of one repository, as it is now."""

    random: Random
    language: Language
    packages: list[str]
    modules: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # path: function: statements
    where: dict[str, tuple[str, str]] = field(default_factory=dict)  # path: package and module
    texts: Tree = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def fill(self) -> None:
        for package in self.packages:
            for module in self.random.sample(NOUNS, 4):
                path = self.language.path(package, module)
                self.where[path] = package, module
                self.modules[path] = {
                    name: [self.statement() for _ in range(self.random.randint(4, 9))]
                    for name in self.names(self.random.randint(3, 6))
                }
        for key in self.random.sample(
            [f"{noun}_{verb}" for noun in NOUNS for verb in ("url", "limit", "timeout", "mode")], 10
        ):
            self.settings[key.upper()] = str(self.random.randint(1, 900))
        self.versions = {package: self.random.randint(1, 9) for package in self.language.packages}
        self.texts |= {
            "README.md": "# shop\n\nThe shop: its cart, its prices and its orders.\n",
            "Dockerfile": 'FROM scratch\nCOPY . /app\nCMD ["/app/run"]\n',
            ".github/workflows/test.yaml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n",
            "docs/operations.md": "# Operations\n\nConnections are refused while the database restarts.\n",
            "migrations/0001_base.sql": (
                "CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz);\n"
            ),
        }

    def names(self, number: int) -> list[str]:
        pairs = [f"{verb}_{noun}" for verb in VERBS for noun in NOUNS]
        return self.random.sample(pairs, number)

    def statement(self, form: str = "", **more: str) -> str:
        noun, verb = self.random.choice(NOUNS), self.random.choice(VERBS)
        return (form or self.random.choice(self.language.statements)).format(
            noun=noun,
            verb=verb,
            Noun=noun.capitalize(),
            Verb=verb.capitalize(),
            n=self.random.randint(2, 990),
            **more,
        )

    def tree(self) -> Tree:
        made = dict(self.texts)
        for path in self.modules:
            made[path] = self.render(path)[0]
        made["deploy/values.yaml"] = "env:\n" + "".join(
            f'  {key}: "{value}"\n' for key, value in self.settings.items()
        )
        lines = [
            self.language.dependency.format(package=package, n=n) for package, n in self.versions.items()
        ]
        made[self.language.dependencies] = "\n".join(["", *lines, ""])
        return made

    def render(self, path: str) -> tuple[str, dict[str, int]]:
        """The file, and the line at which each function's first statement is."""
        text, lines = self.language.opening(*self.where[path]), {}
        for name, body in self.modules[path].items():
            lines[name] = (
                text.count("\n") + self.language.function(name, body).split(body[0])[0].count("\n") + 1
            )
            text += self.language.function(name, body)
        return text + self.language.closing, lines

    def place(self, path: str, name: str, number: int) -> tuple[str, str, int]:
        """A frame of a trace."""
        return path, name, self.render(path)[1][name] + number

    def pick(self, avoid: set[tuple[str, str]], paths: list[str] | None = None) -> tuple[str, str]:
        free = [
            (path, name)
            for path, functions in self.modules.items()
            if paths is None or path in paths
            for name in functions
            if (path, name) not in avoid
        ]
        return self.random.choice(free)

    def edit(self, path: str, name: str, number: int | None = None) -> int:
        """Change one statement of a function; return which."""
        body = self.modules[path][name]
        at = self.random.randrange(len(body)) if number is None else number
        body[at] = self.statement()
        if number is None and self.random.random() < 0.4:
            body.append(self.statement())
        return at
