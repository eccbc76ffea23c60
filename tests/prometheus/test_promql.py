"""Queries as text: placeholders, what is escaped where, and queries that cannot be asked."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from healthy import TARGET

from analyzer.errors import UsageError
from analyzer.prometheus.presets import PRESETS, Preset
from analyzer.prometheus.promql import (
    Unfilled,
    check_query,
    compares_sides,
    counts_work,
    fill_placeholders,
    is_per_side,
    uses_window,
    window_seconds,
)
from analyzer.settings import Query
from analyzer.target import Side, Target

DOC = (Path(__file__).parents[2] / "docs" / "prometheus.md").read_text()
PINNED = msgspec.structs.replace(
    TARGET,
    rollout="cart.v2",
    stable=Side(role="stable", selector="x", hash="5d77"),
    canary=Side(role="canary", selector="y", hash="7f9c"),
)


def fill(text: str, target: Target = PINNED, **fields: Any) -> str:
    return fill_placeholders(
        query := Query(name="q", query=text, **fields), "canary", target, window_seconds(query, 600)
    )


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ('a{h="$hash"}', 'a{h="7f9c"}'),
        ('a{h="${hash}x"}', 'a{h="7f9cx"}'),
        ('a{h=~"$stable_hash|$canary_hash"}', 'a{h=~"5d77|7f9c"}'),
        ('rate(a{namespace="$namespace"}[$window])', 'rate(a{namespace="shop"}[600s])'),
        ('a{r="$rollout"}', 'a{r="cart.v2"}'),
        ('a{r=~"$rollout-.+"}', r'a{r=~"cart\\.v2-.+"}'),
        ("a{r!~'$rollout'}", r"a{r!~'cart\\.v2'}"),
        ("a{r=~`$rollout`}", r"a{r=~`cart\.v2`}"),
        ('label_replace(a, "x", "$1-$2", "y", "(.*)$")', 'label_replace(a, "x", "$1-$2", "y", "(.*)$")'),
        (
            'label_replace(a, "x", "$$hash", "y", "(?P<hash>.*)")',
            'label_replace(a, "x", "$hash", "y", "(?P<hash>.*)")',
        ),
        ("sum by (le) (a) / {__name__=`b`}", "sum by (le) (a) / {__name__=`b`}"),
    ],
)
def test_placeholders_are_filled_in_and_everything_else_stays(query: str, asked: str) -> None:
    assert fill(query) == asked


@pytest.mark.parametrize(
    ("fields", "lived", "says"),
    [
        ({}, None, "600s"),
        ({}, 7200, "600s"),
        ({}, 120.9, "120s"),
        ({"window": 300}, 120, "120s"),
        ({"window": 60}, 120, "60s"),
        ({}, 0.2, "1s"),
        ({}, -5, "1s"),
        ({"range": 900, "step": 30}, 60, "120s"),
        ({"range": 900, "window": 300}, 60, "300s"),
    ],
)
def test_the_window_of_one_figure_is_no_longer_than_the_canary_has_lived(
    fields: dict[str, Any], lived: float | None, says: str
) -> None:
    query = Query(name="q", query="rate(a[$window])", **fields)
    assert fill_placeholders(query, "stable", PINNED, window_seconds(query, 600, lived)) == f"rate(a[{says}])"


def test_a_query_looks_back_over_the_window_where_it_names_it() -> None:
    assert uses_window(Query(name="q", query="rate(a[${window}])"))
    assert uses_window(Query(name="q", preset="istio-success-rate"))
    assert not uses_window(Query(name="q", query="rate(a[5m])"))
    assert not uses_window(Query(name="q", query="rate(a[$window])", values={"window": "5m"}))


def test_a_value_from_the_cluster_cannot_leave_its_quotes() -> None:
    evil = msgspec.structs.replace(PINNED, canary=Side(role="canary", selector="y", hash='x"} or up{job="\\'))
    assert fill('a{h="$hash"}', evil) == 'a{h="x\\"} or up{job=\\"\\\\"}'
    assert fill("a{h='$hash'}", evil) == "a{h='x\"} or up{job=\"\\\\'}"
    with pytest.raises(Unfilled, match="hash"):
        fill("a_$hash", evil)


def test_a_value_of_the_users_own_may_be_a_pattern_or_a_matcher() -> None:
    assert (
        fill('a{s=~"$service",$more}', values={"service": r"cart-.*\.x", "more": 'b="c"'})
        == r'a{s=~"cart-.*\\.x",b="c"}'
    )


def test_what_the_target_lacks_is_not_filled_with_nothing() -> None:
    by_selector = msgspec.structs.replace(PINNED, rollout="", canary=Side(role="canary", selector="y"))
    for query in ('a{h="$hash"}', 'a{r="$rollout"}'):
        with pytest.raises(Unfilled):
            fill(query, by_selector)


@pytest.mark.parametrize(
    ("fields", "window"),
    [({}, "600s"), ({"window": 90}, "90s"), ({"window": 0.5}, "500ms"), ({"range": 900, "step": 20}, "80s")],
)
def test_the_window_is_the_log_window_or_four_steps_unless_it_is_given(
    fields: dict[str, Any], window: str
) -> None:
    assert fill("rate(a[$window])", **fields) == f"rate(a[{window}])"


def test_each_side_has_its_own_values() -> None:
    query = Query(
        name="q", query='a{s="$service"}', stable={"service": "cart"}, canary={"service": "cart-canary"}
    )
    assert is_per_side(query)
    assert [fill_placeholders(query, role, PINNED, 60) for role in ("stable", "canary")] == [
        'a{s="cart"}',
        'a{s="cart-canary"}',
    ]


@pytest.mark.parametrize(
    ("query", "sides", "both"),
    [
        (Query(name="q", query='a{h="$hash"}'), True, True),
        (Query(name="q", query='sum by (h) (a{h=~"$stable_hash|$canary_hash"})', by="h"), False, True),
        (Query(name="q", query='a{h="$canary_hash"} / a{h="$stable_hash"}'), False, False),
        (Query(name="q", preset="nginx-success-rate", values={"ingress": "cart"}), True, True),
    ],
)
def test_how_often_it_is_asked_and_whether_it_compares(query: Query, sides: bool, both: bool) -> None:
    assert (is_per_side(query), compares_sides(query)) == (sides, both)


@pytest.mark.parametrize(
    ("query", "works"),
    [
        (Query(name="q", query="up"), False),
        (Query(name="q", query="sum(jobs)", work=True), True),
        (Query(name="q", preset="istio-success-rate"), True),
        (Query(name="q", preset="nginx-latency-p99"), True),
        (Query(name="q", preset="otel-success-rate"), False),
        (Query(name="q", preset="otel-success-rate", work=True), True),
    ],
)
def test_only_what_counts_work_shows_it(query: Query, works: bool) -> None:
    """OpenTelemetry's server metrics count the kubelet's probes as well."""
    assert counts_work(query) is works


def test_a_preset_takes_other_matchers() -> None:
    query = Query(
        name="q",
        preset="istio-latency-p99",
        where='reporter="source"',
        side='destination_service_name="cart-$hash"',
    )
    assert (
        'istio_request_duration_milliseconds_bucket{reporter="source",destination_service_name="cart-7f9c"}[600s]'
        in fill_placeholders(query, "canary", PINNED, 600)
    )


@pytest.mark.parametrize(("name", "preset"), PRESETS.items(), ids=PRESETS)
def test_every_preset_is_documented_with_its_matchers(name: str, preset: Preset) -> None:
    system, _, measure = name.partition("-")
    (row,) = (line for line in DOC.splitlines() if line.startswith(f"| `{system}-…`"))
    assert f"`-{measure}`" in DOC
    assert [cell.strip() for cell in row.strip("|").split("|")][1:] == [
        f"`{part}`" for part in (preset.where, preset.stable, preset.canary)
    ]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_asked(name: str) -> None:
    check_query(Query(name="q", preset=name, values={"ingress": "cart"}))


@pytest.mark.parametrize(
    ("query", "says", "advice"),
    [
        (Query(name="", query="a"), "needs a name", ""),
        (Query(name="a b", query="a"), "needs a name", ""),
        (Query(name="q"), "either a query, a preset or a url", "docs/prometheus.md"),
        (Query(name="q", query="a", preset="istio-success-rate"), "either a query, a preset or a url", ""),
        (Query(name="q", preset="istio-sucess-rate"), "unknown preset", "istio-success-rate"),
        (Query(name="q", query='a{x="$hsah"}'), "unknown placeholder $hsah", "did you mean $hash?"),
        (
            Query(name="q", query="rate(a[$__rate_interval])"),
            "unknown placeholder $__rate_interval",
            "$window",
        ),
        (Query(name="q", preset="nginx-success-rate"), "unknown placeholder $ingress", "values"),
        (Query(name="q", query='a{x="$s"}', stable={"s": "x"}), "for one side only", ""),
        (Query(name="q", query="a", range=86400, step=5), "more than 2000 points", "longer step"),
        (Query(name="q", query="a", where='a="b"'), "names none", ""),
    ],
)
def test_a_query_that_cannot_be_asked_is_a_usage_error(query: Query, says: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_query(query)
    assert says in str(caught.value)
    assert advice in caught.value.advice
