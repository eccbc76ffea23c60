"""The settings that only the config file can say: its sections, by the types that they are decoded as."""

from typing import Annotated, Literal

import msgspec

from analyzer.common.value import Value
from analyzer.settings.option import GATHERING, Section, option

Severity = Literal["blocking", "hold", "warning", "info"]
Direction = Literal["increase", "decrease", "either"]
NoData = Literal["fail", "hold", "pass"]


class Query(Value):
    """A named PromQL query, a preset, or an address that answers with JSON (docs/prometheus.md).

    Placeholders are `$hash`, `$namespace`, … and what `values` adds. `$hash` and the names in `stable` and
    `canary` make it one question for each side. `by` names a label that holds the side's hash, for a query
    that yields both sides at once. Otherwise its one figure is the canary's. `where` and `side` replace a
    preset's label matchers: which service, and which side. `work`: it counts what a version does for its
    users, so that a figure above 0 shows that it works; a preset knows it. Seconds: `window` is what
    `$window` says (0: the log window, or four steps of a range), but of one figure no more than the canary's
    age; with `range` above 0 it is asked over that time, a point every `step`, else at the window's end.

    `url` is asked by GET with `headers`, and `json_path` leads to the figure in its answer. `credentials` NAME
    are in WEB_NAME_TOKEN, or in WEB_NAME_USERNAME and WEB_NAME_PASSWORD.
    """

    name: str
    query: str = ""
    preset: str = ""
    url: str = ""
    json_path: str = ""
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    credentials: str = ""
    where: str = ""
    side: str = ""
    by: str = ""
    values: dict[str, str] = msgspec.field(default_factory=dict)
    stable: dict[str, str] = msgspec.field(default_factory=dict)
    canary: dict[str, str] = msgspec.field(default_factory=dict)
    work: bool = False
    window: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    range: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    step: Annotated[float, msgspec.Meta(ge=1)] = 15.0


class Prometheus(Value):
    """Where Prometheus is (empty: it is not asked), and what it is asked.

    The bearer token itself is in `token_file` or in PROMETHEUS_TOKEN. `headers` are a tenant's, never a
    credential's.
    """

    url: Annotated[
        str,
        option(
            Section.EVIDENCE,
            "Base URL of Prometheus. The queries are in the config file.",
            GATHERING,
            name="--prometheus",
            metavar="URL",
        ),
    ] = ""
    ca: Annotated[
        str,
        option(
            Section.EVIDENCE,
            "PEM file with the certificate authority of Prometheus.",
            GATHERING,
            kind="file",
            seldom=True,
        ),
    ] = ""
    token_file: Annotated[
        str,
        option(
            Section.EVIDENCE,
            "File with the bearer token for Prometheus. Or set PROMETHEUS_TOKEN.",
            GATHERING,
            kind="file",
            seldom=True,
        ),
    ] = ""
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    queries: tuple[Query, ...] = ()


class Relative(Value):
    """Against stable's figure: at most `percent` of it plus `slack` away, in the bad direction.

    `slack` is in the query's unit.
    """

    percent: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    slack: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    direction: Direction = "either"


class Statistical(Value):
    """Against stable's points of a range.

    `method`: `series` reads the whole series (`findings/series/`); `kayenta` is Mann-Whitney's test as
    Kayenta's judge uses it (`findings/kayenta.py`). What is too small to matter is `percent` of stable's plus
    `slack`, in the query's unit; to Kayenta's method `percent` is the effect size, how far the means have to be
    apart, and it knows no slack: its `allowedIncrease` of 1.05 is 5. `confidence` is, of a series, that of all
    looks at a healthy canary together (0.95 where not given), and of Kayenta's method that of one test (0.98).
    `min_points` are needed of each side: 5, or 50. A point that is not a number is left out (`remove`) or
    counts as 0 (`replace`), one that is not there as well. `tolerance` is Kayenta's alone.
    """

    method: Literal["series", "kayenta"] = "series"
    direction: Direction = "either"
    percent: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    slack: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    confidence: Annotated[float, msgspec.Meta(gt=0, lt=1)] | None = None
    tolerance: Annotated[float, msgspec.Meta(ge=0)] = 0.25
    min_points: Annotated[int, msgspec.Meta(ge=1)] | None = None
    nan: Literal["remove", "replace"] = "remove"


def fewest_points(test: Statistical) -> int:
    """Return how many points of each side a test asks for."""
    return test.min_points or {"series": 5, "kayenta": 50}[test.method]


def confidence_of(test: Statistical) -> float:
    """Return the confidence of a test."""
    return test.confidence or {"series": 0.95, "kayenta": 0.98}[test.method]


class Gate(Value):
    """What a query's figures must hold to.

    That is one of three: bounds (`at_least`, `at_most`), `relative`, or `statistical`. A critical gate that
    fails blocks; another one warns. What to make of missing data is said for each of its three kinds: the
    query is `broken`, there was `no_traffic`, or it is `absent` on both sides.
    """

    query: str
    name: str = ""
    critical: bool = True
    at_least: float | None = None
    at_most: float | None = None
    relative: Relative | None = None
    statistical: Statistical | None = None
    broken: NoData = "hold"
    no_traffic: NoData = "hold"
    absent: NoData = "hold"


class Price(Value):
    """What a model's tokens cost: USD per million of them."""

    tokens_in: Annotated[float, msgspec.Meta(ge=0)]
    tokens_out: Annotated[float, msgspec.Meta(ge=0)]


class SecretPattern(Value):
    """One more shape of secret: what `regex` (RE2) finds is masked as `kind`.

    Where it has a group, only what the first one finds is.
    """

    kind: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z ]*$")]
    regex: str
