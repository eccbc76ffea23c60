"""The settings that only the config file can say: its sections, by the types that they are decoded as.

A field is declared once: its type, bounds, default and description give the JSON Schema and its row in
docs/options.md.
"""

from typing import Annotated, Literal

import msgspec

from analyzer.common.value import Value
from analyzer.settings.option import GATHERING, Section, described, option

Severity = Literal["blocking", "hold", "warning", "info"]
Direction = Literal["increase", "decrease", "either"]
NoData = Literal["fail", "hold", "pass"]
Method = Literal["series", "kayenta"]

CONFIDENCE: dict[Method, float] = {"series": 0.95, "kayenta": 0.98}
LOOKS = 30  # at one canary, where nobody says how many
MIN_POINTS: dict[Method, int] = {"series": 5, "kayenta": 50}


class Query(Value):
    """A named PromQL query, a preset, or an address that answers with JSON (docs/prometheus.md).

    It is asked once for each side where it has `$hash` or a name of `stable` and `canary`. Else, without
    `by`, its one figure is the canary's.
    """

    name: Annotated[str, described("Name, for gates and reports.")]
    query: Annotated[str, described("PromQL, with placeholders such as $hash, $namespace and $window.")] = ""
    preset: Annotated[str, described("Name of a preset, in place of a query.")] = ""
    url: Annotated[str, described("Address that answers GET with JSON, in place of a query.")] = ""
    json_path: Annotated[
        str, described("Path to the figure in the answer of a url, such as $.data[0].ok.")
    ] = ""
    headers: Annotated[dict[str, str], described("Headers for a url. Never a credential.")] = msgspec.field(
        default_factory=dict
    )
    credentials: Annotated[
        str,
        described(
            "NAME of the credentials for a url: WEB_NAME_TOKEN, or WEB_NAME_USERNAME and WEB_NAME_PASSWORD."
        ),
    ] = ""
    where: Annotated[str, described("Label matchers that name the service, in place of the preset's.")] = ""
    side: Annotated[str, described("Label matchers that name the side, in place of the preset's.")] = ""
    by: Annotated[str, described("Label that holds the hash of the side, if one query yields both.")] = ""
    values: Annotated[dict[str, str], described("Values of your own placeholders.")] = msgspec.field(
        default_factory=dict
    )
    stable: Annotated[dict[str, str], described("Placeholders with the value of stable.")] = msgspec.field(
        default_factory=dict
    )
    canary: Annotated[dict[str, str], described("Placeholders with the value of the canary.")] = (
        msgspec.field(default_factory=dict)
    )
    work: Annotated[
        bool, described("A figure above 0 shows that a side works for its users. A preset knows it.")
    ] = False
    window: Annotated[
        float,
        described(
            "Seconds that $window stands for. 0: the log window, or four steps of a range. "
            "For one figure at most the age of the canary.",
            ge=0,
        ),
    ] = 0.0
    range: Annotated[
        float, described("Seconds over which points are read. 0: one figure, at the end of the window.", ge=0)
    ] = 0.0
    step: Annotated[float, described("Seconds between two points of a range.", ge=1)] = 15.0


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
    headers: Annotated[
        dict[str, str], described("HTTP headers, such as the X-Scope-OrgID of a tenant. Never a credential.")
    ] = msgspec.field(default_factory=dict)
    queries: Annotated[tuple[Query, ...], described("Queries, for gates and reports.")] = ()


class Relative(Value):
    """Against stable's figure: at most `percent` of it plus `slack` away, in the bad direction."""

    percent: Annotated[float, described("Allowed difference, in percent of the figure of stable.", ge=0)] = (
        0.0
    )
    slack: Annotated[float, described("Allowed difference on top, in the unit of the query.", ge=0)] = 0.0
    direction: Annotated[Direction, described("Bad direction.")] = "either"


class Statistical(Value):
    """Against stable's points of a range: the whole series, or Mann-Whitney's test as Kayenta uses it."""

    method: Annotated[Method, described("The whole series, or Kayenta's test.")] = "series"
    direction: Annotated[Direction, described("Bad direction.")] = "either"
    percent: Annotated[
        float,
        described(
            "Allowed difference, in percent of the median of stable. With kayenta the effect size: an "
            "allowedIncrease of 1.05 is 5.",
            ge=0,
        ),
    ] = 0.0
    slack: Annotated[
        float, described("Allowed difference on top, in the unit of the query. Not with kayenta.", ge=0)
    ] = 0.0
    confidence: Annotated[
        Annotated[float, msgspec.Meta(gt=0, lt=1)] | None,
        described(
            "Confidence of all looks at a healthy canary together; with kayenta that of one test. Default: "
            f"{CONFIDENCE['series']:g}, with kayenta {CONFIDENCE['kayenta']:g}."
        ),
    ] = None
    tolerance: Annotated[
        float, described("Kayenta's tolerance, as a share of the estimated shift.", ge=0)
    ] = 0.25
    min_points: Annotated[
        Annotated[int, msgspec.Meta(ge=1)] | None,
        described(
            f"Minimum points of each side. Default: {MIN_POINTS['series']}, with kayenta "
            f"{MIN_POINTS['kayenta']}."
        ),
    ] = None
    looks: Annotated[
        Annotated[int, msgspec.Meta(ge=1)] | None,
        described(
            "How often one canary is judged at most. Default: as often as its AnalysisRuns plan,"
            f" else {LOOKS}. Not with kayenta."
        ),
    ] = None
    nan: Annotated[
        Literal["remove", "replace"],
        described("Points without a number: left out (remove), or 0 (replace)."),
    ] = "remove"


def fewest_points(test: Statistical) -> int:
    """Return how many points of each side a test asks for."""
    return test.min_points or MIN_POINTS[test.method]


def confidence_of(test: Statistical) -> float:
    """Return the confidence of a test."""
    return test.confidence or CONFIDENCE[test.method]


def most_looks(test: Statistical, planned: int | None) -> int:
    """Return how often a test judges one canary at most."""
    return test.looks or planned or LOOKS


class Gate(Value):
    """What a query's figures must hold to: bounds (`at_least`, `at_most`), `relative`, or `statistical`."""

    query: Annotated[str, described("Name of the query.")]
    name: Annotated[str, described("Name of the gate. Default: that of the query.")] = ""
    critical: Annotated[bool, described("A failure blocks (true), or warns (false).")] = True
    at_least: Annotated[
        float | None, described("Smallest figure of the canary, in the unit of the query.")
    ] = None
    at_most: Annotated[float | None, described("Largest figure of the canary, in the unit of the query.")] = (
        None
    )
    relative: Annotated[Relative | None, described("Allowed difference from the figure of stable.")] = None
    statistical: Annotated[
        Statistical | None, described("Allowed difference from the points of stable, over a range.")
    ] = None
    broken: Annotated[NoData, described("Outcome if the query cannot be answered.")] = "hold"
    no_traffic: Annotated[NoData, described("Outcome if one side has no figure.")] = "hold"
    absent: Annotated[NoData, described("Outcome if neither side has a figure.")] = "hold"


class Price(Value):
    """What a model's tokens cost: USD per million of them."""

    tokens_in: Annotated[float, described("Price of tokens that are sent, in USD per million.", ge=0)]
    tokens_out: Annotated[float, described("Price of tokens that are answered, in USD per million.", ge=0)]


class SecretPattern(Value):
    """One more shape of secret."""

    kind: Annotated[
        str, described("Name that stands in place of the secret: small letters.", pattern="^[a-z][a-z ]*$")
    ]
    regex: Annotated[
        str, described("Pattern (RE2). What it finds is masked, or its first group where it has one.")
    ]
