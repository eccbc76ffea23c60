r"""Queries as text: presets expanded, placeholders filled in, each value escaped for the place where it stands.

A placeholder is `$name` or `${name}`: `{{ }}` is Argo's, and a bare `{ }` PromQL's own. A `$` before anything else stays (`$1` of
label_replace, the end of a regular expression), and `$$` is a `$` before a name. Strings are PromQL's: double and single quotes
with backslash escapes, backticks without (https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals).
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from math import floor

from analyzer.errors import UsageError
from analyzer.prometheus.presets import PRESETS
from analyzer.settings import Query
from analyzer.target import ROLES, Role, Target

KNOWN = ("hash", "stable_hash", "canary_hash", "namespace", "rollout", "window", "step")
MOST_POINTS = 2000  # of a range

_PLACEHOLDER = re.compile(r"\$(?:(?P<dollar>\$)(?=[A-Za-z_{])|\{(?P<braced>[A-Za-z_]\w*)\}|(?P<plain>[A-Za-z_]\w*))")
_LITERAL = re.compile(
    r"""(?P<regex>[=!]~\s*)?(?P<string>"(?:\\.|[^"\\])*+(?:"|\\?\Z)|'(?:\\.|[^'\\])*+(?:'|\\?\Z)|`[^`]*+(?:`|\Z))""", re.DOTALL
)  # one that is not closed goes to the end
_PLAIN = re.compile(r"[\w:.]*", re.ASCII)
_MARK = re.compile(r"\W", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


class Unfilled(Exception):  # noqa: N818 - a value that this target lacks, told as a gap
    """A placeholder that has no value for this target."""


def check(query: Query) -> None:
    """Raises UsageError unless the query can be asked. Asks nobody."""
    name = f"the query {query.name!r}"
    if not _NAME.fullmatch(query.name):
        raise UsageError(f"{name} needs a name of letters, digits, dots and dashes", advice="such as error-rate")
    if bool(query.query) == bool(query.preset):
        raise UsageError(f"{name} needs either a query or a preset", advice="see docs/prometheus.md")
    if query.preset and query.preset not in PRESETS:
        near = difflib.get_close_matches(query.preset, PRESETS, n=2) or sorted(PRESETS)
        raise UsageError(f"{name} names an unknown preset {query.preset!r}", advice=f"there is {', '.join(near)}")
    if not query.preset and (query.where or query.side):
        raise UsageError(f"{name} has label matchers for a preset, and names none", advice="write them into the query")
    if query.range > MOST_POINTS * query.step:
        raise UsageError(f"{name} asks for more than {MOST_POINTS} points", advice="give it a longer step, or a shorter range")
    if query.stable.keys() != query.canary.keys():
        lone = sorted(query.stable.keys() ^ query.canary.keys())
        raise UsageError(f"{name} gives {', '.join(lone)} for one side only", advice="a value of a side has its other on the other side")
    known = {*KNOWN, *query.values, *query.stable}
    for used in sorted({each for role in ROLES for each in _placeholders(text(query, role))} - known):
        near = difflib.get_close_matches(used, known, n=1)
        advice = f"did you mean ${near[0]}? " if near else ""
        raise UsageError(
            f"{name} has an unknown placeholder ${used}",
            advice=f"{advice}known are {', '.join(f'${each}' for each in sorted(known))}; give others in values, and write $$ for a $",
        )


def text(query: Query, role: Role) -> str:
    """The query for one side, its preset expanded and its placeholders left in."""
    return PRESETS[query.preset].text(role, query.where, query.side) if query.preset else query.query


def per_side(query: Query) -> bool:
    """Whether each side is asked on its own."""
    stable, canary = text(query, "stable"), text(query, "canary")
    return stable != canary or bool({"hash", *query.stable} & set(_placeholders(canary)))


def compares(query: Query) -> bool:
    """Whether it has a figure of each side."""
    return bool(query.by) or per_side(query)


def window(query: Query, since: float, lived: float | None = None) -> float:
    """What `$window` says, in seconds: of one figure no longer than the canary has `lived`, since before that only stable has any.

    The points of a range each have a window of their own, and those that reach back too far are left out (findings/figures.py).
    """
    asked = query.window or (4 * query.step if query.range else since)
    return asked if query.range or lived is None else max(1.0, min(asked, floor(lived)))


def windowed(query: Query) -> bool:
    """Whether it looks back over `$window`."""
    return "window" not in {*query.values, *query.stable} and any("window" in _placeholders(text(query, role)) for role in ROLES)


def filled(query: Query, role: Role, target: Target, seconds: float) -> str:
    """The query as Prometheus is asked it, with a `window` of so many seconds. Raises Unfilled."""
    hashes = {side: getattr(target.side(side), "hash", "") for side in ROLES}
    told = {"hash": hashes[role], "stable_hash": hashes["stable"], "canary_hash": hashes["canary"]}
    told |= {"namespace": target.namespace, "rollout": target.rollout, "window": _duration(seconds)}
    told |= {"step": _duration(query.step)}
    own = query.values | (query.stable if role == "stable" else query.canary)
    return _fill(text(query, role), told, own)


def _placeholders(query: str) -> Iterator[str]:
    return (name for match in _PLACEHOLDER.finditer(query) if (name := match["braced"] or match["plain"]))


def _fill(query: str, told: Mapping[str, str], own: Mapping[str, str]) -> str:
    """`told` are the target's values, literal even in a regular expression; `own` are the user's, who may mean one."""

    def value(name: str, quote: str, *, regex: bool) -> str:
        if name in own:
            return _quoted(own[name], quote)
        found = told[name]
        if not found or not (quote or _PLAIN.fullmatch(found)):
            raise Unfilled(name)
        return _quoted(_MARK.sub(r"\\\g<0>", found) if regex else found, quote)

    def put(part: str, quote: str = "", *, regex: bool = False) -> str:
        return _PLACEHOLDER.sub(
            lambda match: "$" if match["dollar"] else value(match["braced"] or match["plain"], quote, regex=regex), part
        )

    done, at = "", 0
    for literal in _LITERAL.finditer(query):
        string = literal["string"]
        done += put(query[at : literal.start("string")]) + put(string, string[0], regex=bool(literal["regex"]))
        at = literal.end()
    return done + put(query[at:])


def _quoted(value: str, quote: str) -> str:
    """A value as it stands between quotes; a backtick cannot stand between backticks at all."""
    if quote == "`":
        return value.replace("`", "")
    return value.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n") if quote else value


def _duration(seconds: float) -> str:
    """PromQL's durations are whole numbers."""
    return f"{seconds:.0f}s" if float(seconds).is_integer() else f"{seconds * 1000:.0f}ms"
