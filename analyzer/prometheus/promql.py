"""Queries as text: presets are expanded, placeholders filled in, and each value escaped for its place.

A placeholder is `$name` or `${name}`, because `{{ }}` is Argo's and `{ }` is PromQL's. A `$` before anything
else stays (`$1` of label_replace, the end of a regular expression), and `$$` is a `$` before a name. Strings
are PromQL's: double and single quotes with backslash escapes, backticks without
(https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals).
"""

import re
from collections.abc import Iterator, Mapping
from math import floor
from urllib.parse import quote as quote_part

from analyzer.common.nearest import nearest, several_nearest
from analyzer.errors import UsageError
from analyzer.prometheus.presets import PRESETS
from analyzer.prometheus.web import check_web
from analyzer.settings import Query
from analyzer.target import ROLES, Role, Target

KNOWN = ("hash", "stable_hash", "canary_hash", "namespace", "rollout", "window", "step")
MOST_POINTS = 2000  # of a range

_PLACEHOLDER = re.compile(
    r"\$(?:(?P<dollar>\$)(?=[A-Za-z_{])|\{(?P<braced>[A-Za-z_]\w*)\}|(?P<plain>[A-Za-z_]\w*))"
)
# one that is not closed goes to the end
_LITERAL = re.compile(
    (
        r"""(?P<regex>[=!]~\s*)?(?P<string>"(?:\\.|[^"\\])*+(?:"|\\?\Z)|'(?:\\.|[^'\\])*+(?:'|\\?\Z)"""
        r"""|`[^`]*+(?:`|\Z))"""
    ),
    re.DOTALL,
)
_PLAIN = re.compile(r"[\w:.]*", re.ASCII)
_MARK = re.compile(r"\W", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


class Unfilled(Exception):  # noqa: N818 - a value that this target lacks, told as a gap
    """A placeholder that has no value for this target."""


def check_query(query: Query) -> None:
    """Raise UsageError if the query cannot be asked. Sends nothing."""
    name = f"the query {query.name!r}"
    if not _NAME.fullmatch(query.name):
        raise UsageError(
            f"{name} needs a name of letters, digits, dots and dashes", advice="such as error-rate"
        )
    if sum(map(bool, (query.query, query.preset, query.url))) != 1:
        raise UsageError(f"{name} needs either a query, a preset or a url", advice="see docs/prometheus.md")
    if query.url:
        check_web(query)
    elif query.json_path or query.headers or query.credentials:
        raise UsageError(
            f"{name} has json_path, headers or credentials, which only a url has", advice="give its url"
        )
    if query.preset and query.preset not in PRESETS:
        presets = several_nearest(query.preset, PRESETS, 2) or sorted(PRESETS)
        raise UsageError(
            f"{name} names an unknown preset {query.preset!r}", advice=f"there is {', '.join(presets)}"
        )
    if not query.preset and (query.where or query.side):
        raise UsageError(
            f"{name} has label matchers for a preset, and names none", advice="write them into the query"
        )
    if query.range > MOST_POINTS * query.step:
        raise UsageError(
            f"{name} asks for more than {MOST_POINTS} points",
            advice="give it a longer step, or a shorter range",
        )
    if query.stable.keys() != query.canary.keys():
        lone = sorted(query.stable.keys() ^ query.canary.keys())
        raise UsageError(
            f"{name} gives {', '.join(lone)} for one side only",
            advice="give it for both sides",
        )
    known = {*KNOWN, *query.values, *query.stable}
    for used in sorted(
        {placeholder for role in ROLES for placeholder in _find_placeholders(expand_preset(query, role))}
        - known
    ):
        near = nearest(used, known)
        hint = f"did you mean ${near}? " if near else ""
        names = ", ".join(f"${placeholder}" for placeholder in sorted(known))
        raise UsageError(
            f"{name} has an unknown placeholder ${used}",
            advice=f"{hint}known are {names}; give others in values, and write $$ for a $",
        )


def expand_preset(query: Query, role: Role) -> str:
    """Return the query or the address for one side, its preset expanded and its placeholders left in."""
    if query.preset:
        return PRESETS[query.preset].query_for(role, query.where, query.side)
    return query.url or query.query


def is_per_side(query: Query) -> bool:
    """Return True if each side has a query of its own."""
    stable, canary = expand_preset(query, "stable"), expand_preset(query, "canary")
    return stable != canary or bool({"hash", *query.stable} & set(_find_placeholders(canary)))


def counts_work(query: Query) -> bool:
    """Return True if a figure above 0 shows that a side works: the query says so, or its preset."""
    return query.work or (bool(query.preset) and PRESETS[query.preset].work)


def compares_sides(query: Query) -> bool:
    """Return True if the query gives a figure for each side."""
    return bool(query.by) or is_per_side(query)


def window_seconds(query: Query, since: float, lived: float | None = None) -> float:
    """Return the value of `$window` in seconds. For a single figure it is at most the time that the canary
    has `lived`, because only stable has data from before.

    Each point of a range has its own window. Points that reach back too far are left out
    (findings/figures.py).
    """
    length = query.window or (4 * query.step if query.range else since)
    return length if query.range or lived is None else max(1.0, min(length, floor(lived)))


def uses_window(query: Query) -> bool:
    """Return True if the query looks back over `$window`."""
    return "window" not in {*query.values, *query.stable} and any(
        "window" in _find_placeholders(expand_preset(query, role)) for role in ROLES
    )


def fill_placeholders(query: Query, role: Role, target: Target, seconds: float) -> str:
    """Return the query or address to send, with `$window` as so many seconds. Raise Unfilled."""
    hashes = {side: getattr(target.side(side), "hash", "") for side in ROLES}
    values = {"hash": hashes[role], "stable_hash": hashes["stable"], "canary_hash": hashes["canary"]}
    values |= {"namespace": target.namespace, "rollout": target.rollout, "window": _format_duration(seconds)}
    values |= {"step": _format_duration(query.step)}
    own = query.values | (query.stable if role == "stable" else query.canary)
    if query.url:
        return _fill_address(query.url, values | own)
    return _fill_text(expand_preset(query, role), values, own)


def _find_placeholders(query: str) -> Iterator[str]:
    return (name for match in _PLACEHOLDER.finditer(query) if (name := match["braced"] or match["plain"]))


def _fill_address(address: str, values: Mapping[str, str]) -> str:
    """Fill in placeholders, each value as one part of an address."""

    def value(name: str) -> str:
        if not values[name]:
            raise Unfilled(name)
        return quote_part(values[name], safe="")

    return _PLACEHOLDER.sub(
        lambda match: "$" if match["dollar"] else value(match["braced"] or match["plain"]), address
    )


def _fill_text(query: str, values: Mapping[str, str], own: Mapping[str, str]) -> str:
    """Fill in placeholders. `values` are the target's, which are literal even in a regular expression. `own`
    are the user's, who may mean a regular expression.
    """

    def value(name: str, quote: str, *, regex: bool) -> str:
        if name in own:
            return _quote(own[name], quote)
        text = values[name]
        if not text or not (quote or _PLAIN.fullmatch(text)):
            raise Unfilled(name)
        return _quote(_MARK.sub(r"\\\g<0>", text) if regex else text, quote)

    def put(part: str, quote: str = "", *, regex: bool = False) -> str:
        return _PLACEHOLDER.sub(
            lambda match: (
                "$" if match["dollar"] else value(match["braced"] or match["plain"], quote, regex=regex)
            ),
            part,
        )

    done, at = "", 0
    for literal in _LITERAL.finditer(query):
        string = literal["string"]
        done += put(query[at : literal.start("string")]) + put(
            string, string[0], regex=bool(literal["regex"])
        )
        at = literal.end()
    return done + put(query[at:])


def _quote(value: str, quote: str) -> str:
    """Escape a value for its place between quotes. Backticks have no escape, so they are dropped between
    backticks.
    """
    if quote == "`":
        return value.replace("`", "")
    return value.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n") if quote else value


def _format_duration(seconds: float) -> str:
    """Format a duration for PromQL, whose durations are whole numbers."""
    return f"{seconds:.0f}s" if float(seconds).is_integer() else f"{seconds * 1000:.0f}ms"
