"""Jinja templates: one that ships, or a team's own in its place, rendered in a sandbox."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from analyzer.errors import UsageError

# in the wheel, in a checkout
SHIPPED = (
    Path(__file__).parents[1] / "templates",
    Path(__file__).parents[2] / "templates",
)


@dataclass(frozen=True, eq=False)
class TemplateKind:
    """What templates of one kind have in common: the `shipped` file, the `option` that names another, and the
    `filters` they can use.

    `write` makes the text of a value that a template shows; None: its `str`. `start_from` is advice for a
    template that is broken. `escapes`: what is written is text of an HTML page, unless it is
    markup of the template's own.
    """

    shipped: str
    option: str
    start_from: str
    filters: Mapping[str, Callable[..., Any]]
    write: Callable[[Any], Any] | None = None
    escapes: bool = False

    def read(self, path: str = "") -> tuple[str, str]:
        """Return the name of the template at a path, for messages, and its text; of the one that ships for an
        empty path. Raise UsageError if it cannot be read.
        """
        candidates = [Path(path)] if path else [folder / self.shipped for folder in SHIPPED]
        leave_out = f"{self.option} names a Jinja file; leave it out for the one that ships"
        chosen = candidates[-1]
        try:
            chosen = next((candidate for candidate in candidates if candidate.is_file()), chosen)
            return chosen.name, chosen.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise UsageError(f"there is no template {chosen}", advice=leave_out) from error
        except OSError as error:
            raise UsageError(
                f"cannot read the template {chosen}: {error.strerror}", advice=leave_out
            ) from error
        except UnicodeDecodeError as error:
            raise UsageError(
                f"cannot read the template {chosen}: it is not UTF-8", advice="save it as UTF-8 text"
            ) from error

    def fill(self, source: tuple[str, str], values: Mapping[str, object]) -> str:
        """Return the template `source` (name and text), rendered with `values`. Raise UsageError if it cannot
        be rendered.
        """
        name, text = source
        try:
            return _compile_template(self, text).render(values)
        except TemplateSyntaxError as error:
            raise UsageError(
                f"the template {name} is broken at line {error.lineno}: {error.message}",
                advice=self.start_from,
            ) from error
        except UndefinedError as error:
            raise UsageError(
                f"the template {name} uses a name that is not there: {error.message}",
                advice=f"there are: {', '.join(sorted(values))}",
            ) from error
        except SecurityError as error:
            raise UsageError(
                f"the template {name} does what templates may not: {error.message}", advice=self.start_from
            ) from error
        except (
            TemplateError,
            ArithmeticError,
            TypeError,
            ValueError,
            LookupError,
            RecursionError,
            AttributeError,
        ) as error:
            raise UsageError(
                f"the template {name} cannot be rendered: {type(error).__name__}: {error}",
                advice=self.start_from,
            ) from error


@lru_cache(maxsize=4)
def _compile_template(kind: TemplateKind, text: str) -> Template:
    """Return a compiled template. Compiling takes longer than everything else, and a template is rendered
    twice or more to fit its bound.
    """
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=kind.write,
        autoescape=kind.escapes,
    )
    environment.filters.update(kind.filters)
    return environment.from_string(text)
