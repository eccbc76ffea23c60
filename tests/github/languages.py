"""Seven languages, as far as a planted regression needs them: how each writes a file, and how its runtime
tells of a fault in it.
"""

from collections.abc import Callable
from dataclasses import dataclass

Frames = list[tuple[str, str, int]]


@dataclass(frozen=True)
class Language:
    """How a language writes a file, and how its runtime tells of a fault in it."""

    name: str
    path: Callable[[str, str], str]  # of a package and a module
    opening: Callable[[str, str], str]  # what a file begins with
    function: Callable[[str, list[str]], str]  # of a name and its statements
    statements: tuple[str, ...]
    closing: str
    trace: Callable[[Frames, str], list[str]]  # of frames (path, function, line), innermost first
    dependencies: str  # the file
    dependency: str  # a line of it
    packages: tuple[str, ...]
    foreign: Callable[[str], list[str]]  # a trace's frames in a package
    read_variable: str
    thrown: str


def camel(text: str) -> str:
    return "".join(word.capitalize() for word in text.split("_"))


def lower_camel(text: str) -> str:
    return text.split("_", maxsplit=1)[0] + camel("_".join(text.split("_")[1:]))


def _go_trace(frames: Frames, said: str) -> list[str]:
    lines = ["panic: runtime error: " + said, "", "goroutine 1 [running]:"]
    for path, function, line in frames:
        lines += [
            f"github.com/acme/shop/{path.rpartition('/')[0]}.{function}(0xc000112000)",
            f"\t/src/{path}:{line} +0x6ef",
        ]
    return [*lines, "exit status 2"]


def _python_trace(frames: Frames, said: str) -> list[str]:
    lines = ["Traceback (most recent call last):"]
    for path, function, line in reversed(frames):
        lines += [f'  File "/app/{path}", line {line}, in {function}', "    return " + function + "(value)"]
    return [*lines, "ValueError: " + said]


def _node_trace(frames: Frames, said: str) -> list[str]:
    return [
        "TypeError: " + said,
        *(
            f"    at {lower_camel(function)} (/usr/src/app/{path}:{line}:17)"
            for path, function, line in frames
        ),
        "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    ]


def _java_trace(frames: Frames, said: str) -> list[str]:
    lines = ['Exception in thread "main" java.lang.IllegalStateException: ' + said]
    for path, function, line in frames:
        name = path.removeprefix("src/main/java/").removesuffix(".java").replace("/", ".")
        lines.append(f"\tat {name}.{lower_camel(function)}({name.rpartition('.')[2]}.java:{line})")
    return [*lines, "\tat java.base/java.lang.Thread.run(Thread.java:1583)"]


def _ruby_trace(frames: Frames, said: str) -> list[str]:
    (path, function, line), *others = frames
    return [
        f"/app/{path}:{line}:in `{function}': {said} (RuntimeError)",
        *(f"\tfrom /app/{path}:{line}:in `{function}'" for path, function, line in others),
    ]


def _dotnet_trace(frames: Frames, said: str) -> list[str]:
    lines = ["Unhandled exception. System.InvalidOperationException: " + said]
    for number, (path, function, line) in enumerate(frames):
        name = path.removeprefix("src/").removesuffix(".cs").replace("/", ".")
        place = f" in /src/{path}:line {line}" if (number + line) % 3 else ""  # without symbols there is none
        lines.append(f"   at {name}.{camel(function)}(String value){place}")
    return lines


def _rust_trace(frames: Frames, said: str) -> list[str]:
    lines = [f"thread 'main' panicked at {frames[0][0]}:{frames[0][2]}:13:", said, "stack backtrace:"]
    lines += [
        "   0: rust_begin_unwind",
        "             at /rustc/90b35a623/library/std/src/panicking.rs:665:5",
    ]
    for number, (path, function, line) in enumerate(frames, 1):
        module = path.removeprefix("src/").removesuffix(".rs").replace("/", "::")
        lines += [f"   {number}: shop::{module}::{function}", f"             at ./{path}:{line}:13"]
    return lines


LANGUAGES = (
    Language(
        "go",
        lambda package, module: f"{package}/{module}.go",
        lambda package, module: f'package {package}\n\nimport (\n\t"fmt"\n\t"os"\n)\n\n',
        lambda name, body: "\n".join(
            [f"func {name}(value string) (string, error) {{", *("\t" + line for line in body), "}\n\n"]
        ),
        (
            "{noun}, err := {verb}{Noun}(value, {n})",
            'fmt.Printf("{verb} {noun} took %d of {n}\\n", len(value))',
            "if len(value) > {n} {{ value = value[:{n}] }}",
            "total += {noun}.Amount * {n}",
            "{noun}s[{n}] = value",
        ),
        "",
        _go_trace,
        "go.mod",
        "\tgithub.com/{package} v1.{n}.0",
        ("lib/pq", "jackc/pgx", "redis/go-redis", "segmentio/kafka-go"),
        lambda package: [
            f"github.com/{package}.(*Conn).query(0xc0001)",
            f"\t/go/pkg/mod/github.com/{package}@v1.9.0/conn.go:214 +0x1a",
        ],
        '{noun}Setting := os.Getenv("{key}")',
        'return "", fmt.Errorf("{message}: %s", value)',
    ),
    Language(
        "python",
        lambda package, module: f"{package}/{module}.py",
        lambda package, module: f'"""The {module} of the {package}."""\n\nimport logging\nimport os\n\n\n',
        lambda name, body: "\n".join([f"def {name}(value):", *("    " + line for line in body), "\n\n"]),
        (
            "{noun} = {verb}_{noun}(value, limit={n})",
            'logging.info("{verb} {noun} took %s of {n}", len(value))',
            "total += {noun}.amount * {n}",
            "{noun}s = [item for item in value if item.{noun}_id > {n}]",
            '{noun} = value["{noun}_{n}"]',
        ),
        "",
        _python_trace,
        "requirements.txt",
        "{package}==2.{n}.0",
        ("sqlalchemy", "pydantic", "requests", "redis"),
        lambda package: [
            f'  File "/usr/local/lib/python3.12/site-packages/{package}/engine.py", line 88, in execute',
            "    raise error",
        ],
        '{noun}_setting = os.environ["{key}"]',
        'raise ValueError(f"{message}: {{value}}")',
    ),
    Language(
        "node",
        lambda package, module: f"src/{package}/{module}.js",
        lambda package, module: "'use strict';\n\nconst { log } = require('../log');\n\n",
        lambda name, body: "\n".join(
            [f"function {lower_camel(name)}(value) {{", *("  " + line for line in body), "}\n\n"]
        ),
        (
            "const {noun} = {verb}{Noun}(value, {n});",
            "log.info(`{verb} {noun} took ${{value.length}} of {n}`);",
            "total += {noun}.amount * {n};",
            "const {noun}Id = value.{noun}.id;",
            "if (value.length > {n}) {{ value = value.slice(0, {n}); }}",
        ),
        "module.exports = {};\n",
        _node_trace,
        "package.json",
        '    "{package}": "^4.{n}.0",',
        ("express", "ioredis", "knex", "fastify"),
        lambda package: [f"    at Client.query (/usr/src/app/node_modules/{package}/lib/client.js:77:11)"],
        "const {noun}Setting = process.env.{key};",
        "throw new Error(`{message}: ${{value}}`);",
    ),
    Language(
        "java",
        lambda package, module: f"src/main/java/com/acme/{package}/{camel(module)}.java",
        lambda package, module: (
            f"package com.acme.{package};\n\nimport java.util.List;\n\npublic class {camel(module)} {{\n\n"
        ),
        lambda name, body: "\n".join(
            [
                f"    String {lower_camel(name)}(String value) {{",
                *("        " + line for line in body),
                "    }\n\n",
            ]
        ),
        (
            "var {noun} = {verb}{Noun}(value, {n});",
            'log.info("{verb} {noun} took {{}} of {n}", value.length());',
            "total += {noun}.getAmount() * {n};",
            "var {noun}Id = value.get{Noun}().getId();",
            "if (value.length() > {n}) {{ value = value.substring(0, {n}); }}",
        ),
        "}\n",
        _java_trace,
        "pom.xml",
        "    <dependency><artifactId>{package}</artifactId><version>3.{n}.0</version></dependency>",
        ("hibernate-core", "jackson-databind", "kafka-clients", "lettuce-core"),
        lambda package: [
            (
                f"\tat org.{package.split('-')[0]}.internal.Session.execute(Session.java:412)"
                f" ~[{package}-3.9.0.jar:3.9.0]"
            )
        ],
        'var {noun}Setting = System.getenv("{key}");',
        'throw new IllegalStateException("{message}: " + value);',
    ),
    Language(
        "ruby",
        lambda package, module: f"app/{package}/{module}.rb",
        lambda package, module: f"# frozen_string_literal: true\n\nclass {camel(module)}\n",
        lambda name, body: "\n".join(
            [f"  def {name}(value)", *("    " + line for line in body), "  end\n\n"]
        ),
        (
            "{noun} = {verb}_{noun}(value, {n})",
            'logger.info("{verb} {noun} took #{{value.size}} of {n}")',
            "total += {noun}.amount * {n}",
            "{noun}_id = value.fetch(:{noun}).id",
            "value = value[0, {n}] if value.size > {n}",
        ),
        "end\n",
        _ruby_trace,
        "Gemfile.lock",
        "    {package} (5.{n}.0)",
        ("pg", "sidekiq", "faraday", "activerecord"),
        lambda package: [
            f"\tfrom /usr/local/bundle/gems/{package}-5.9.0/lib/{package}/connection.rb:58:in `exec'"
        ],
        '{noun}_setting = ENV.fetch("{key}")',
        'raise "{message}: #{{value}}"',
    ),
    Language(
        "dotnet",
        lambda package, module: f"src/Acme.{camel(package)}/{camel(module)}.cs",
        lambda package, module: f"namespace Acme.{camel(package)};\n\npublic class {camel(module)}\n{{\n",
        lambda name, body: "\n".join(
            [
                f"    public string {camel(name)}(string value)",
                "    {",
                *("        " + line for line in body),
                "    }\n\n",
            ]
        ),
        (
            "var {noun} = {Verb}{Noun}(value, {n});",
            '_log.LogInformation("{verb} {noun} took {{Size}} of {n}", value.Length);',
            "total += {noun}.Amount * {n};",
            "var {noun}Id = value.{Noun}.Id;",
            "if (value.Length > {n}) value = value[..{n}];",
        ),
        "}\n",
        _dotnet_trace,
        "Directory.Packages.props",
        '    <PackageVersion Include="{package}" Version="8.{n}.0" />',
        ("Npgsql", "Dapper", "StackExchange.Redis", "Polly"),
        lambda package: [
            f"   at {package}.Internal.Connector.Open(TimeSpan timeout, CancellationToken token)"
        ],
        'var {noun}Setting = Environment.GetEnvironmentVariable("{key}");',
        'throw new InvalidOperationException($"{message}: {{value}}");',
    ),
    Language(
        "rust",
        lambda package, module: f"src/{package}/{module}.rs",
        lambda package, module: "use std::env;\n\nuse crate::error::Error;\n\n",
        lambda name, body: "\n".join(
            [
                f"pub fn {name}(value: &str) -> Result<String, Error> {{",
                *("    " + line for line in body),
                "}\n\n",
            ]
        ),
        (
            "let {noun} = {verb}_{noun}(value, {n})?;",
            'tracing::info!("{verb} {noun} took {{}} of {n}", value.len());',
            "total += {noun}.amount * {n};",
            "let {noun}_id = value.{noun}.unwrap().id;",
            "let value = &value[..value.len().min({n})];",
        ),
        "",
        _rust_trace,
        "Cargo.toml",
        '{package} = "1.{n}"',
        ("sqlx", "tokio", "reqwest", "rdkafka"),
        lambda package: [
            f"   1: {package}::pool::acquire",
            (
                "             at"
                f" /usr/local/cargo/registry/src/index.crates.io-6f17d22bba15001f/{package}-1.9.0/src/pool.rs:91:5"
            ),
        ],
        'let {noun}_setting = env::var("{key}").unwrap();',
        'return Err(Error::new(format!("{message}: {{value}}")));',
    ),
)
