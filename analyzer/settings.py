"""What was asked: every option, and where its value came from.

Layers, weakest first: default < config file < environment < Argo's args < option. `origins` says which layer gave each
value, so that a person can be shown it. Credentials are never settings: adapters read them from the environment, so that
no record, log or prompt can carry one.
"""

from typing import Annotated, Literal

import msgspec

from analyzer.value import Value

Consensus = Literal["confidence", "majority", "unanimous", "any-rollback"]
Severity = Literal["blocking", "hold", "warning", "info"]
Origin = Literal["default", "config file", "environment", "argo", "option"]
Direction = Literal["increase", "decrease", "either"]
NoData = Literal["fail", "hold", "pass"]
OnDoubt = Literal["fail", "pass", "pause"]
Telling = Literal["event", "annotations", "none"]


class Where(Value):
    """The target as asked for, and the way to the cluster; empty means not given."""

    namespace: str = ""
    rollout: str = ""
    stable_hash: str = ""
    canary_hash: str = ""
    stable_selector: str = ""
    canary_selector: str = ""
    context: str = ""
    kubeconfig: str = ""


class Query(Value):
    """A named PromQL query, or a preset (docs/prometheus.md). Placeholders: `$hash`, `$namespace`, … and what `values` adds.

    `$hash` and the names in `stable` and `canary` make it one question for each side. `by` names a label that holds the side's
    hash, for a query that yields both sides at once. Otherwise its one figure is the canary's. `where` and `side` replace a
    preset's label matchers: which service, and which side. Seconds: `window` is what `$window` says (0: the log window, or four
    steps of a range), but of one figure no more than the canary's age; with `range` above 0 it is asked over that time, a point every
    `step`, else at the window's end.
    """

    name: str
    query: str = ""
    preset: str = ""
    where: str = ""
    side: str = ""
    by: str = ""
    values: dict[str, str] = msgspec.field(default_factory=dict)
    stable: dict[str, str] = msgspec.field(default_factory=dict)
    canary: dict[str, str] = msgspec.field(default_factory=dict)
    window: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    range: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    step: Annotated[float, msgspec.Meta(ge=1)] = 15.0


class Prometheus(Value):
    """Where Prometheus is (empty: it is not asked), and what it is asked. `ca` and `token_file` are files.

    The bearer token itself is in that file or in PROMETHEUS_TOKEN. `headers` are a tenant's, never a credential's.
    """

    url: str = ""
    ca: str = ""
    token_file: str = ""
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    queries: tuple[Query, ...] = ()


class Relative(Value):
    """Against stable's figure: at most `percent` of it plus `slack` (in the query's unit) away, in the bad direction."""

    percent: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    slack: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    direction: Direction = "either"


class Statistical(Value):
    """Against stable's points of a range, by Mann-Whitney's U as Kayenta's judge uses it (`findings/statistics.py`).

    `percent` is the effect size, how far the means have to be apart, of stable's, to matter: Kayenta's `allowedIncrease` of 1.05 is 5,
    as is its `allowedDecrease` of 0.95. A point that is not a number is left out (`remove`) or counts as 0 (`replace`), one that is
    not there as well.
    """

    direction: Direction = "either"
    confidence: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.98
    tolerance: Annotated[float, msgspec.Meta(ge=0)] = 0.25
    percent: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    min_points: Annotated[int, msgspec.Meta(ge=1)] = 50
    nan: Literal["remove", "replace"] = "remove"


class Gate(Value):
    """What a query's figures must hold to: bounds (`at_least`, `at_most`), or `relative`, or `statistical`; one of the three.

    A critical gate that fails blocks; another one warns. What to make of missing data is said for each of its three kinds: the
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


class Look(Value):
    """How far to look: the log window in seconds; the bytes read of any one container's log and of all logs; the pods a side read.

    `observe` is for how many seconds to watch first. `context_selectors` are NAME=SELECTOR, other pods whose logs explain.
    """

    since: float = 600.0
    log_bytes: int = 4 * 1024 * 1024
    log_bytes_total: int = 1536 * 1024 * 1024
    log_pods: int = 500
    observe: float = 0.0
    context_selectors: tuple[str, ...] = ()
    prometheus: Prometheus = Prometheus()


class Price(Value):
    """What a model's tokens cost: USD per million of them."""

    tokens_in: Annotated[float, msgspec.Meta(ge=0)]
    tokens_out: Annotated[float, msgspec.Meta(ge=0)]


class Ask(Value):
    """What to ask of whom. `template` is a file's path, or empty for the one that ships; `prompt_tokens` what a prompt may take.

    `previous` are files of earlier records. `prices` replace or add to the list prices, by the name that reports give a model.
    `investigate`: models may look closer before they answer, `investigate_steps` times at most. `ollama_pull`: one that its
    server lacks is pulled.
    """

    models: tuple[str, ...] = ()
    template: str = ""
    extra_prompt: str = ""
    prompt_tokens: int = 8000
    previous: tuple[str, ...] = ()
    prices: dict[str, Price] = msgspec.field(default_factory=dict)
    investigate: bool = False
    investigate_steps: int = 6
    ollama_pull: bool = False


class Rules(Value):
    """What decides. `min_age` in seconds; `min_share` 0 to 1; `min_confidence` 0 to 100; `quorum` 0 means a majority of those asked.

    `min_canary_age` in seconds and `min_requests` say how much has to be seen of a canary before it is judged (0: nothing has to).
    `weights` are MODEL=NUMBER (`models/weights.py`).
    `severity` replaces the default of a kind of finding; `ignore` are patterns (RE2) of log templates that tell nothing.
    """

    min_age: float = 60.0
    min_canary_age: float = 0.0
    min_requests: int = 0
    quorum: int = 0
    min_share: float = 0.6
    min_confidence: float = 60.0
    consensus: Consensus = "confidence"
    weights: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    severity: dict[str, Severity] = msgspec.field(default_factory=dict)
    ignore: tuple[str, ...] = ()


class SecretPattern(Value):
    """One more shape of secret: what `regex` finds (RE2), or its first group where it has one, is masked as `kind`."""

    kind: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z ]*$")]
    regex: str


class Hide(Value):
    """What is masked beyond the credentials that always are."""

    redact_emails: bool = False
    redact: tuple[SecretPattern, ...] = ()


class Policy(Value):
    """What an answer that is neither promote nor rollback does to the rollout. `on_error` never covers usage errors."""

    on_inconclusive: OnDoubt = "fail"
    on_error: OnDoubt = "fail"


class Tell(Value):
    """Where the answer goes beside the reports: `effects` (none: nowhere), and where the record is kept (`save`, empty: nowhere).

    `link` is shown beside the answer.
    """

    effects: tuple[Telling, ...] = ("event", "annotations")
    save: str = ""
    link: str = ""


class Settings(Value):
    """Everything that was asked. `deadline` in seconds."""

    where: Where = Where()
    look: Look = Look()
    ask: Ask = Ask()
    rules: Rules = Rules()
    hide: Hide = Hide()
    policy: Policy = Policy()
    tell: Tell = Tell()
    deadline: float = 300.0
    origins: dict[str, Origin] = msgspec.field(default_factory=dict)
