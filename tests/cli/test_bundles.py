"""Bundles made by hand: whatever stands in one, the answer is an exit code that is documented, and one line
where it cannot be judged.
"""

import gzip
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from analyzer.cli import run
from analyzer.evidence import AnyPart
from analyzer.evidence.bundle import Bundle, encode, load
from analyzer.evidence.context import ContextLogs
from analyzer.evidence.exits import ContainerExit, Exits
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Gap
from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.logs import Logs
from analyzer.evidence.observed import Observation, Observed, ObservedPod
from analyzer.evidence.pods import Pods
from analyzer.evidence.traffic import Endpoints, Traffic
from analyzer.evidence.usage import ContainerUsage, Usage, UsageSample
from analyzer.evidence.weights import Weight
from analyzer.target import ROLES, Role

pytestmark = pytest.mark.slow  # a server, or a whole run, each time

EXAMPLES = Path(__file__).parents[2] / "examples" / "evidence"
HUGE = "@1e999@"  # a number that no float holds: JSON has no name for it, so it is put in as text
COUNTS = (0, 1, -1, 7, 2**31, 2**63 - 1, 2**63, -(2**63))
NUMBERS = (0.0, 0.5, -1.0, 1e-308, 1e17, 1e308, -1e308, HUGE, 5)
TIMES = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "1970-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
)
TEXTS = (
    "",
    " ",
    "x" * 70_000,
    "\u202e\x00\x1b[31m",
    "a\nb",
    "{{ 1/0 }}",
    "-1",
    "1e999",
    "1e999Gi",
    "1e308",
    "NaN",
    "9" * 400,
    "%s%n",
    "\ud800",
)
EXTREMES: dict[str, tuple[Any, ...]] = {
    "count": COUNTS,
    "number": NUMBERS,
    "time": TIMES,
    "text": TEXTS,
    "flag": (True, False),
}
GATES = """
prometheus: {queries: [{name: latency, query: up}, {name: success, query: up}]}
gates:
  - {query: latency, at_most: 1.0}
  - {query: latency, relative: {percent: 10, direction: increase}}
  - {query: latency, statistical: {direction: increase, min_points: 3}}
  - {query: success, at_least: 0.9}
  - {query: success, relative: {percent: 5, slack: 0.01, direction: either}}
min_requests: 10
min_ready_time: 30s
"""
Json = Any
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")


def more(pods: Mapping[Role, str], now: datetime) -> tuple[AnyPart, ...]:
    """Parts that no example has, of a pod of each side."""
    parts: list[AnyPart] = []
    for role in ROLES:
        start = now - timedelta(seconds=160)
        points = tuple(None if number == 4 else 0.1 * number for number in range(20))
        samples = tuple(
            UsageSample(
                at=start + timedelta(seconds=20 * number),
                cpu=0.1 * number,
                memory=(100 + 20 * number) * 1024**2,
            )
            for number in range(8)
        )
        looks = tuple(
            Observation(at=start + timedelta(seconds=5 * number), pods=1, ready=number % 2, restarts=number)
            for number in range(4)
        )
        watched = ObservedPod(
            pod=pods[role], changed=2, changed_at=now, restarted=1, ready=True, since=start, restarts=3
        )
        parts += [
            Usage(side=role, containers=(ContainerUsage(pod=pods[role], container="cart", samples=samples),)),
            Traffic(
                side=role,
                strategy="canary",
                weight=50,
                weights=(Weight(at=start, weight=20), Weight(at=now - timedelta(seconds=50), weight=50)),
                step=1,
                steps=4,
                service=f"cart-{role}",
                endpoints=Endpoints(ready=(pods[role],)),
            ),
            Metrics(
                side=role,
                figures=(
                    QueryFigures(
                        query="latency",
                        promql="a",
                        state="values",
                        points=points,
                        start=start,
                        step=8.0,
                        window=16.0,
                    ),
                    QueryFigures(query="success", promql="b", state="values", value=0.99),
                ),
            ),
            Observed(side=role, looks=looks, pods=(watched,)),
            Exits(
                side=role,
                exits=(
                    ContainerExit(
                        pod=pods[role], container="cart", run=0, code=1, started_at=start, finished_at=now
                    ),
                ),
            ),
        ]
    return tuple(parts)


def whole(name: str) -> dict[str, Any]:
    """An example with a part of every kind, and limits."""
    seen = load(EXAMPLES / f"{name}.json.gz")
    pods = {role: part.pods[0].name for role in ROLES if (part := seen.part(Pods, role))}
    logs = next(part for part in seen.parts if isinstance(part, Logs))
    kept = tuple(part for part in seen.parts if not isinstance(part, Usage | Traffic | Metrics | Observed))
    proxy = ContainerLogs(container="proxy", digest=logs.containers[0].digest)
    context = ContextLogs(side=None, name="gateway", pods=1, containers=(proxy,))
    gap = Gap(source="spec", side="canary", reason="forbidden", minor=True)
    parts = (*kept, *more(pods, seen.window.end), context)
    document: dict[str, Any] = json.loads(encode(Bundle(evidence=replace(seen, parts=parts, gaps=(gap,)))))
    for container in containers(document):
        container["limits"] = container["requests"] = {"memory": "260Mi", "cpu": "500m"}
    return document


def containers(document: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [part for part in document["evidence"]["parts"] if part["part"] == "pods"]
    return [container for part in parts for pod in part["pods"] for container in pod["containers"]]


@cache
def documents() -> tuple[bytes, ...]:
    """As JSON: the examples, two of them with all parts, and one with raw logs in place of the canary's."""
    examples = [gzip.decompress(path.read_bytes()) for path in sorted(EXAMPLES.glob("*.json.gz"))]
    document = json.loads(examples[-1])
    document["raw_logs"] = [
        {
            "side": "canary",
            "pod": "cart-1",
            "container": "cart",
            "lines": ["2026-11-21T08:06:00Z ERROR no", "x"],
        }
    ]
    document["evidence"]["parts"] = [
        part for part in document["evidence"]["parts"] if (part["part"], part["side"]) != ("logs", "canary")
    ]
    return (
        *examples,
        *(json.dumps(each).encode() for each in (document, whole("healthy"), whole("oom-kill"))),
    )


def places(node: Json) -> Iterator[tuple[Json, Any]]:
    """Every (container, key) below a node."""
    for key, child in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(child, dict | list):
            yield from places(child)


def kind_of(value: Json) -> str:
    """What may stand in a value's place and keep the schema, as a rule."""
    if isinstance(value, str):
        return "time" if _TIME.match(value) else "text"
    return {bool: "flag", int: "count", float: "number", list: "list", dict: "object"}.get(
        type(value), "nothing"
    )


def changed(draw: st.DrawFn, value: Json, key: Any, found: list[tuple[Json, Any]]) -> Json:
    """Another value for a place: an extreme of its own kind, what stands elsewhere in such a place, or now
    and then another kind.
    """
    if draw(st.integers(0, 19)) == 0:
        return deepcopy(draw(st.sampled_from((None, True, 0, 0.5, "x", [], {}, HUGE, float("nan")))))
    kind = kind_of(value)
    elsewhere = [
        each[name] for each, name in found if kind_of(each[name]) == kind and (name == key or kind == "time")
    ] or [value]
    if kind in EXTREMES:
        return draw(st.sampled_from(EXTREMES[kind]) | st.sampled_from(elsewhere))
    if kind == "list":
        return draw(st.sampled_from(([], value * 2, value[::-1], value[:1])))
    if kind == "object" and value:
        gone = draw(st.sampled_from(sorted(value)))
        return {name: child for name, child in value.items() if name != gone}
    return draw(st.sampled_from((value is False, *TIMES[:2], 1, "x")))


def mutate(draw: st.DrawFn, document: Json) -> None:
    """A place of some part, the target, the window or the raw logs, or of all of one name, gets another
    value.
    """
    evidence = document["evidence"]
    part = draw(
        st.sampled_from(
            [
                *evidence["parts"],
                *evidence["parts"],
                evidence["window"],
                evidence["target"],
                document["raw_logs"],
            ]
        )
    )
    inside, found = list(places(part)), list(places(evidence))
    kinds = sorted({kind_of(parent[key]) for parent, key in inside})
    if not kinds:
        return
    kind = draw(st.sampled_from(kinds))
    names = sorted({str(key) for parent, key in inside if kind_of(parent[key]) == kind})
    name = draw(st.sampled_from(names))
    chosen = [(parent, key) for parent, key in inside if kind_of(parent[key]) == kind and str(key) == name]
    if draw(st.integers(0, 3)):
        chosen = [chosen[draw(st.integers(0, len(chosen) - 1))]]
    parent, key = chosen[0]
    value = changed(draw, parent[key], key, found)
    for parent, key in chosen:
        if key in parent if isinstance(parent, dict) else key < len(parent):
            parent[key] = deepcopy(value)


@st.composite
def bundles(draw: st.DrawFn) -> bytes:
    """A bundle with a few places of it changed."""
    document = json.loads(draw(st.sampled_from(documents())))
    for _ in range(draw(st.integers(1, 4))):
        mutate(draw, document)
    text = json.dumps(document).replace(f'"{HUGE}"', "1e999")
    return text.encode("utf-8", "surrogatepass")


def judged(content: bytes) -> tuple[int, str, str]:
    """The exit code of a bundle's judgement, and what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        bundle, config = Path(folder, "bundle.json"), Path(folder, "config.yaml")
        bundle.write_bytes(content)
        config.write_text(GATES)
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(
                [
                    "analyze",
                    "--evidence",
                    str(bundle),
                    "--model",
                    "builtin",
                    "--config",
                    str(config),
                    "--format",
                    "json",
                    "--verbose",
                ]
            )
    return code, out.getvalue(), err.getvalue()


def holds(content: bytes) -> None:
    code, out, err = judged(content)
    assert code in (0, 2, 3, 4, 5), err
    assert "Traceback" not in err
    if code == 2:
        said = [line for line in err.splitlines() if line.startswith("error: ")]
        assert len(said) == 1, err
    else:
        assert json.loads(out)["exit_code"] == code


MANY = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
def test_every_document_is_one_as_it_stands() -> None:
    for document in documents():
        code, _, err = judged(document)
        assert code in (0, 3, 4), err


def of_usage(**fields: Any) -> dict[str, Any]:
    return {
        "side": "canary",
        "part": "usage",
        "containers": [{"pod": "p", "container": "app", "samples": [fields]}],
    }


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        (
            "window",
            {"start": "0001-01-01T00:00:00Z", "end": "2026-11-21T08:00:00Z"},
            "is no time of a rollout - at `$.window.start`",
        ),
        (
            "window",
            {"start": "2026-11-21T08:00:01Z", "end": "2026-11-21T08:00:00Z"},
            "the window ends before it begins - at `$.window.end`",
        ),
        (
            "parts",
            [of_usage(at="9999-12-31T23:59:59Z", cpu=1, memory=1)],
            "at `$.parts[0].containers[0].samples[0].at`",
        ),
        (
            "parts",
            [of_usage(at="2026-11-21T08:00:00Z", cpu=1e200, memory=1)],
            "reckon with - at `$.parts[0].containers[0].samples[0].cpu`",
        ),
        (
            "parts",
            [of_usage(at="2026-11-21T08:00:00Z", cpu=1, memory=HUGE)],
            "Number out of range - at `$.parts[0].containers[0].samples[0].memory`",
        ),
    ],
)
def test_what_cannot_be_reckoned_with_is_refused_by_the_name_of_its_field(
    field: str, value: Any, says: str
) -> None:
    document = json.loads(documents()[0])
    document["evidence"][field] = value
    code, _, err = judged(json.dumps(document).replace(f'"{HUGE}"', "1e999").encode())
    assert (code, says in err) == (2, True), err


def test_a_raw_log_of_no_time_of_now_is_refused() -> None:
    document = json.loads(documents()[-3])
    document["raw_logs"][0]["lines"][0] = "0001-01-01T00:00:00Z ERROR no"
    code, _, err = judged(json.dumps(document).encode())
    assert (code, "0001-01-01T00:00:00+00:00 is no time of a rollout" in err) == (2, True), err


def test_two_pods_of_one_name_are_refused() -> None:
    document = json.loads(documents()[0])
    (pods,) = (
        part for part in document["evidence"]["parts"] if (part["part"], part["side"]) == ("pods", "canary")
    )
    pods["pods"] *= 2
    code, _, err = judged(json.dumps(document).encode())
    assert (code, f"2 canary pods are named '{pods['pods'][0]['name']}'" in err) == (2, True), err


def test_a_limit_that_no_node_has_is_none() -> None:
    document = whole("oom-kill")
    for container in containers(document):
        container["limits"] = {"memory": "1e999", "cpu": "9" * 400}
    assert judged(json.dumps(document).encode())[0] == 3


def test_samples_of_one_time_are_one() -> None:
    document = whole("oom-kill")
    for part in document["evidence"]["parts"]:
        for container in part["containers"] if part["part"] == "usage" else ():
            container["samples"] += [
                sample | {"memory": sample["memory"] + 1} for sample in container["samples"]
            ]
    assert judged(json.dumps(document).encode())[0] == 3


@given(content=bundles())
@settings(MANY, max_examples=300)
@pytest.mark.slow
def test_no_bundle_ends_in_a_traceback(content: bytes) -> None:
    holds(content)


@pytest.mark.skipif("FUZZ_BUNDLES" not in os.environ, reason="FUZZ_BUNDLES=10000 says how many")
def test_nor_does_any_of_many() -> None:
    settings(MANY, max_examples=int(os.environ["FUZZ_BUNDLES"]), database=None)(
        given(content=bundles())(holds)
    )()
