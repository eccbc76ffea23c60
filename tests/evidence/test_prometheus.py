"""What a real Prometheus gives for each side, each kind of nothing, and each kind of broken query; faults by
a hand-made server.
"""

import contextlib
import re
import textwrap
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from analyzer.cli import run
from analyzer.common.deadline import Done, in_parallel
from analyzer.config import read_config
from analyzer.errors import UsageError
from analyzer.evidence.figures import QueryFigures
from analyzer.evidence.interface import Gap, SourceContext, Window
from analyzer.evidence.prometheus import PrometheusSource
from analyzer.evidence.queries import check_queries
from analyzer.findings.gates import check_gate
from analyzer.settings import Gate, Look, Prometheus, Query, Relative, Statistical
from analyzer.target import Side

SceneOf = Callable[..., SourceContext]
Gathered = Callable[..., tuple[list[Any], list[Gap]]]
Web = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Ask = Callable[..., dict[str, QueryFigures]]
NOW = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
STABLE, CANARY = 'hash="stable",namespace="shop"', 'hash="canary",namespace="shop"'


def series(name: str, *values: float | str, step: int = 15) -> str:
    """The last value at NOW, the others `step` seconds apart before it."""
    first = NOW - timedelta(seconds=step * (len(values) - 1))
    return "\n".join(
        f"{name} {value} {(first + timedelta(seconds=step * index)).timestamp():.0f}"
        for index, value in enumerate(values)
    )


HISTORY = "\n".join(
    [
        series(f"latency{{{STABLE}}}", 1, 2, 3, 4),
        series(f"latency{{{CANARY}}}", 5, "NaN", 7, 8),
        series(f'pods{{{STABLE},pod="cart-stable-a"}}', 1),
        series(f'pods{{{CANARY},pod="cart-canary-a"}}', 1),
        series(f'pods{{{CANARY},pod="cart-canary-b",token="password=hunter2"}}', 1),
        series(f"idle{{{STABLE}}}", 0, 0),
        series(f"idle{{{CANARY}}}", 0, 0),
        series(f"only_stable{{{STABLE}}}", 3),
    ]
)


@pytest.fixture(scope="module")
def url(prometheus_of: Callable[[str], str]) -> str:
    return prometheus_of(HISTORY)


@pytest.fixture
def scene(scene_of: SceneOf) -> Callable[..., SourceContext]:
    def at(url: str, *queries: Query, seconds: float = 30, **settings: Any) -> SourceContext:
        look = Look(since=60, prometheus=Prometheus(url=url, queries=queries, **settings))
        return replace(
            scene_of(None, "shop", seconds=seconds),
            look=look,
            window=Window(start=NOW - timedelta(seconds=60), end=NOW),
        )

    return at


@pytest.fixture
def ask(url: str, scene: Callable[..., SourceContext], gathered: Gathered) -> Ask:
    """The figures by side, of one query."""

    def both(query: str, **fields: Any) -> dict[str, QueryFigures]:
        parts, gaps = gathered(PrometheusSource(), scene(url, Query(name="q", query=query, **fields)))
        assert not gaps
        return {part.side: each for part in parts for each in part.figures}

    return both


@pytest.mark.prometheus
class TestReal:
    def test_a_figure_of_each_side(self, ask: Ask) -> None:
        found = ask('sum(latency{hash="$hash",namespace="$namespace"})')
        assert {side: (each.state, each.value) for side, each in found.items()} == {
            "stable": ("values", 4),
            "canary": ("values", 8),
        }
        assert found["canary"].promql == 'sum(latency{hash="canary",namespace="shop"})'

    def test_points_are_on_one_grid_and_what_is_no_number_is_none(self, ask: Ask) -> None:
        found = ask('sum by (hash) (latency{hash="$hash"})', range=60, step=15)
        assert (found["canary"].points, found["canary"].start) == (
            (None, 5, None, 7, 8),
            NOW - timedelta(seconds=60),
        )
        assert found["stable"].points == (None, 1, 2, 3, 4)

    def test_what_counts_work_says_so_of_each_side_even_where_it_is_broken(self, ask: Ask) -> None:
        told = [
            ask(query, work=True)
            for query in ('latency{hash="$hash",namespace="$namespace"}', 'latency{hash="$hash"')
        ]
        assert [each.work for found in told for each in found.values()] == [True] * 4
        assert not ask('up{hash="$hash"}')["canary"].work

    def test_one_query_yields_both_sides(self, ask: Ask) -> None:
        found = ask('sum by (hash) (latency{hash=~"$stable_hash|$canary_hash"})', by="hash")
        assert {side: each.value for side, each in found.items()} == {"stable": 4, "canary": 8}

    def test_the_hash_may_stand_within_a_name(self, ask: Ask) -> None:
        assert ask('max by (pod) (pods{pod!="cart-canary-b"})', by="pod")["canary"].value == 1

    def test_a_side_without_a_series_among_both_is_empty(self, ask: Ask) -> None:
        assert {side: each.state for side, each in ask("only_stable", by="hash").items()} == {
            "stable": "values",
            "canary": "empty",
        }

    def test_one_figure_alone_is_the_canarys_and_stable_was_looked_at(
        self, url: str, scene: Callable[..., SourceContext], gathered: Gathered
    ) -> None:
        ratio = 'scalar(sum(latency{hash="$canary_hash"})) / scalar(sum(latency{hash="$stable_hash"}))'
        parts, gaps = gathered(PrometheusSource(), scene(url, Query(name="q", query=ratio)))
        assert not gaps
        assert {part.side: [each.value for each in part.figures] for part in parts} == {
            "stable": [],
            "canary": [2],
        }

    @pytest.mark.parametrize(
        ("query", "fields", "state"),
        [
            ('nothing{hash="$hash"}', {}, "empty"),
            ('nothing{hash="$hash"}', {"range": 60}, "empty"),
            ('sum(idle{hash="$hash"}) / sum(idle{hash="$hash"})', {}, "nan"),
            ('sum(idle{hash="$hash"}) / sum(idle{hash="$hash"})', {"range": 60}, "nan"),
            ('1 / sum(idle{hash="$hash"})', {}, "nan"),
        ],
    )
    def test_the_kinds_of_nothing(self, query: str, fields: dict[str, Any], state: str, ask: Ask) -> None:
        assert {each.state for each in ask(query, **fields).values()} == {state}

    @pytest.mark.parametrize(
        ("query", "fields", "says"),
        [
            ('latency{hash="$hash"', {}, "Prometheus refuses the query"),
            (
                'latency{hash="$hash"}[1m]',
                {},
                "it gives a range of points where one figure was expected; put rate",
            ),
            ('latency{hash="$hash"}[1m]', {"range": 60}, "invalid expression type"),
            ('"text $hash"', {}, "it gives text where one figure was expected"),
            (
                "latency",
                {"by": "pod"},
                "no series has a label pod: they differ in hash (canary, stable); keep it: sum by (pod)",
            ),
        ],
    )
    def test_a_broken_query_says_what_is_wrong_with_it(
        self, query: str, fields: dict[str, Any], says: str, ask: Ask
    ) -> None:
        found = ask(query, **fields)
        assert [each.state for each in found.values()] == ["broken"] * 2
        assert all(says in each.problem for each in found.values())

    def test_two_series_where_one_was_expected_says_in_what_they_differ_without_secrets(
        self, ask: Ask
    ) -> None:
        found = ask('pods{hash="$hash"}')
        assert found["stable"].value == 1
        assert (
            "2 series where one was expected: they differ in pod (cart-canary-a, cart-canary-b); token (none"
            in found["canary"].problem
        )
        assert "aggregate it" in found["canary"].problem
        assert "hunter2" not in found["canary"].problem

    def test_a_side_without_a_hash_is_a_gap_and_the_other_is_asked(
        self, url: str, scene: Callable[..., SourceContext], gathered: Gathered
    ) -> None:
        given = scene(url, Query(name="q", query='latency{hash="$hash"}'))
        target = type(given.target)(
            namespace="shop",
            stable=Side(role="stable", selector="role=stable"),
            canary=Side(role="canary", selector="x", hash="canary"),
            how="given",
            resolved_at=NOW,
        )
        parts, gaps = gathered(PrometheusSource(), replace(given, target=target))
        assert [part.side for part in parts] == ["canary"]
        assert [(gap.side, gap.reason) for gap in gaps] == [
            ("stable", "the query q was not asked: this target has no $hash that can stand there")
        ]


def test_without_an_address_nothing_is_asked(scene: Callable[..., SourceContext], gathered: Gathered) -> None:
    assert gathered(PrometheusSource(), scene("")) == ([], [])


def test_what_is_out_of_reach_is_one_gap_however_many_queries(
    scene: Callable[..., SourceContext], gathered: Gathered
) -> None:
    queries = [Query(name=f"q{number}", query='a{hash="$hash"}') for number in range(3)]
    parts, gaps = gathered(PrometheusSource(), scene("http://127.0.0.1:1", *queries))
    assert not parts
    assert [(gap.source, gap.side, gap.reason, gap.retryable) for gap in gaps] == [
        ("prometheus", None, "no connection to Prometheus at http://127.0.0.1:1", True)
    ]


@pytest.mark.parametrize(("status", "retryable"), [(401, False), (503, True)])
def test_only_what_another_run_may_mend_is_said_to_pass(
    web: Web,
    answer: Callable[..., None],
    scene: Callable[..., SourceContext],
    gathered: Gathered,
    status: int,
    retryable: bool,
) -> None:
    url = web(lambda request: answer(request, status, {}))
    _, (gap,) = gathered(PrometheusSource(), scene(url, Query(name="q", query="a"), seconds=2))
    assert gap.retryable == retryable


def test_warnings_are_kept_without_secrets_and_bounded(
    web: Web, answer: Callable[..., None], scene: Callable[..., SourceContext], gathered: Gathered
) -> None:
    warnings = ["store password=hunter2 is down", "x" * 1000, "c", "d"]
    body = {
        "status": "success",
        "warnings": warnings,
        "data": {"resultType": "vector", "result": [{"metric": {}, "value": [0, "1"]}]},
    }
    url = web(lambda request: answer(request, 200, body))
    (_, part), gaps = gathered(PrometheusSource(), scene(url, Query(name="q", query="sum(a)")))
    assert not gaps
    assert part.figures[0].value == 1
    assert [len(warning) for warning in part.figures[0].warnings] == [
        len("store password=[masked] is down"),
        302,
        1,
    ]
    assert "hunter2" not in str(part)


def test_a_label_that_is_named_like_a_secret_shows_no_value(
    web: Web, answer: Callable[..., None], scene: Callable[..., SourceContext], gathered: Gathered
) -> None:
    result = [
        {"metric": {"api_key": f"hunter{number}", "pod": f"cart-{number}"}, "value": [0, "1"]}
        for number in range(2)
    ]
    url = web(
        lambda request: answer(
            request, 200, {"status": "success", "data": {"resultType": "vector", "result": result}}
        )
    )
    (_, part), _ = gathered(PrometheusSource(), scene(url, Query(name="q", query="a")))
    assert (
        "they differ in api_key ([masked secret], [masked secret]); pod (cart-0, cart-1)"
        in part.figures[0].problem
    )


def test_a_native_histogram_is_no_figure(
    web: Web, answer: Callable[..., None], scene: Callable[..., SourceContext], gathered: Gathered
) -> None:
    result = [{"metric": {}, "histogram": [0, {"count": "1", "sum": "1"}]}]
    url = web(
        lambda request: answer(
            request, 200, {"status": "success", "data": {"resultType": "vector", "result": result}}
        )
    )
    (_, part), _ = gathered(PrometheusSource(), scene(url, Query(name="q", query="a")))
    assert "it gives a histogram where one figure was expected" in part.figures[0].problem


@pytest.mark.timed
@pytest.mark.slow
def test_a_server_that_drips_leaves_what_others_answered(
    web: Web, answer: Callable[..., None], scene: Callable[..., SourceContext], gathered: Gathered
) -> None:
    released = threading.Event()

    def drip(request: BaseHTTPRequestHandler) -> None:
        asked = request.rfile.read(int(request.headers["Content-Length"])).decode()
        if "query=slow" in asked:
            released.wait(20)
        with contextlib.suppress(OSError):
            answer(request, 200, {"status": "success", "data": {"resultType": "scalar", "result": [0, "1"]}})

    url = web(drip)
    asked = scene(url, Query(name="fast", query="fast"), Query(name="slow", query="slow"), seconds=2)
    (outcome,) = in_parallel(
        [lambda: gathered(PrometheusSource(), asked)], asked.deadline
    )  # as the pipeline runs a source
    released.set()
    assert isinstance(outcome, Done)
    parts, gaps = outcome.value
    assert [each.query for part in parts for each in part.figures] == ["fast"]
    assert len(gaps) == 1
    assert gaps[0].reason.endswith("(1 of 2 queries)")
    assert gaps[0].retryable


DOC = (Path(__file__).parents[2] / "docs" / "prometheus.md").read_text()
URL = "http://prometheus:9090"
ONE = Query(name="a", query='a{hash="$hash"}')


@pytest.mark.parametrize(
    ("settings", "gates", "says"),
    [
        (Prometheus(queries=(ONE,)), (), "no Prometheus to ask"),
        (Prometheus(), (Gate(query="a", at_least=1),), "no Prometheus to ask"),
        (Prometheus(url=URL), (), "--prometheus has nothing to ask"),
        (Prometheus(url="prometheus", queries=(ONE,)), (), "not a valid address"),
        (Prometheus(url=URL, queries=(ONE, ONE)), (), "two queries have the same name"),
        (
            Prometheus(url=URL, queries=(ONE,)),
            (Gate(query="b", at_least=1),),
            "a gate is for the query 'b', and there is none",
        ),
        (
            Prometheus(url=URL, queries=(Query(name="a", query="a"),)),
            (Gate(query="a", relative=Relative()),),
            "has no figure of each",
        ),
        (
            Prometheus(url=URL, queries=(ONE,)),
            (Gate(query="a", statistical=Statistical()),),
            "needs points over time",
        ),
        (Prometheus(url=URL, queries=(Query(name="a", query="$x"),)), (), "unknown placeholder $x"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error_before_anything_is(
    settings: Prometheus, gates: tuple[Gate, ...], says: str
) -> None:
    with pytest.raises(UsageError) as caught:
        check_queries(settings, gates)
    assert says in str(caught.value)
    assert caught.value.advice


def test_without_prometheus_there_is_nothing_to_check() -> None:
    check_queries(Prometheus(), ())


def test_the_documented_config_can_be_asked_and_judged(tmp_path: Path) -> None:
    example, *more = re.findall(r"^```yaml\n(.+?)^```", DOC, re.MULTILINE | re.DOTALL)
    (tmp_path / "config.yaml").write_text(example)
    told = read_config(tmp_path / "config.yaml", ()).sections
    check_queries(told["prometheus"], told["gates"])
    assert [gate.query for gate in told["gates"]] == ["success-rate", "queue", "latency"]
    assert told["prometheus"].queries[1].range == 900
    for gate in told["gates"]:
        check_gate(gate)
    for queries in more:
        (tmp_path / "config.yaml").write_text(
            f"prometheus:\n  url: {URL}\n  queries:\n{textwrap.indent(queries, '  ')}"
        )
        check_queries(read_config(tmp_path / "config.yaml", ()).sections["prometheus"], ())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--prometheus", "prometheus"), "'prometheus' is not a valid address of Prometheus"),
        (("--prometheus", URL), "--prometheus has nothing to ask"),
        (("--prometheus", URL, "--prometheus-ca", "/nowhere"), "--prometheus-ca: there is no file /nowhere"),
    ],
)
def test_the_command_line_refuses_it_before_it_looks_for_a_cluster(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["prompt", "--rollout", "cart", "--kubeconfig", "/nowhere", *arguments]) == 2
    (line, *advice) = [
        line for line in capsys.readouterr().err.splitlines() if not line.startswith("rollout-analyzer:")
    ]
    assert says in line
    assert len(advice) == 1


def test_an_address_of_json_is_asked_once_for_each_side(
    web: Web, answer: Callable[..., None], scene: Callable[..., SourceContext], gathered: Gathered
) -> None:
    asked: list[str] = []

    def reply(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        answer(request, 200, {"data": [{"ok": 0.9 if request.path.endswith("canary") else None}]})

    query = Query(name="ok", url=f"{web(reply)}/$namespace?version=$hash", json_path="{$.data[0].ok}")
    parts, gaps = gathered(PrometheusSource(), scene("", query))
    assert not gaps
    assert sorted(asked) == ["/shop?version=canary", "/shop?version=stable"]
    found = {part.side: each for part in parts for each in part.figures}
    assert (found["canary"].state, found["canary"].value) == ("values", 0.9)
    assert found["stable"].state == "empty"


def test_an_address_that_denies_access_is_the_gap_of_its_own_query(
    web: Web, answer: Callable[..., None], scene: Callable[..., SourceContext], gathered: Gathered
) -> None:
    url = web(lambda request: answer(request, 401, b"no"))
    query = Query(name="ok", url=f"{url}/$hash", json_path="$.ok")
    _, gaps = gathered(PrometheusSource(), scene("", query))
    assert [gap.reason for gap in gaps] == [f"the query ok was not asked: {url} answered 401"]
    assert "credentials: NAME" in gaps[0].advice
