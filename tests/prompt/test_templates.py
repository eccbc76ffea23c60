"""Log templates as the prompt shows them: how often, and when, where that is a part of the log."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.log_streams import ContainerLogs
from analyzer.evidence.logs import Logs, mined_stream
from analyzer.prompt import render
from analyzer.settings import Ask
from analyzer.target import ROLES, Side, Target

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
MINUTES = 10
Line = tuple[int, str]  # seconds since noon


def every(seconds: int, text: str, since: int = 0, until: int = 60 * MINUTES) -> list[Line]:
    return [(at, text) for at in range(since, until, seconds)]


def shown(stable: Iterable[Line], canary: Iterable[Line]) -> str:
    """The prompt of two sides' lines."""
    parts = []
    for role, lines in zip(ROLES, (stable, canary), strict=True):
        stamped = sorted(
            f"{NOON.replace(tzinfo=None) + timedelta(seconds=at):%Y-%m-%dT%H:%M:%S}Z {text}\n"
            for at, text in lines
        )
        digest = mined_stream(role, "app", False, ("".join(stamped).encode(),), str)[1]
        parts.append(Logs(side=role, containers=(ContainerLogs(container="app", digest=digest),), streams=()))
    stable_side, canary_side = (Side(role=role, selector=f"side={role}") for role in ROLES)
    target = Target(namespace="shop", how="given", resolved_at=NOON, stable=stable_side, canary=canary_side)
    window = Window(start=NOON, end=NOON + timedelta(minutes=MINUTES))
    evidence = Evidence(target=target, window=window, nonce="0123456789abcdef", parts=tuple(parts))
    return render(evidence, (), Ask()).text


def test_a_template_says_when_it_came_where_that_is_a_part_of_the_log() -> None:
    requests = every(1, "INFO request served")
    text = shown(requests, [*requests, *every(5, "ERROR cart not saved", since=360)])
    assert "stable 0, canary 48 (7.4 %) since 12:06:00, 12 a minute [error]\n| app: cart not saved" in text
    assert "stable 600 (100 %), canary 600 (93 %)" in text


def test_requests_that_are_told_as_one_have_the_times_of_all() -> None:
    """Those that fail only since, and those that succeed only until then, are requests all the time."""
    well, badly = "GET /items/1 HTTP/1.1 200 12", "GET /items/1 HTTP/1.1 503 12"
    ends = every(1, well, until=300), every(1, badly, since=300)
    text = shown(every(1, well), [*ends[0], *ends[1]])
    assert "stable 600, canary 600 [" in text


def test_work_that_stops_is_not_equal_though_its_share_is() -> None:
    lines = [*every(1, "INFO request served"), *every(2, "INFO price looked up", until=280)]
    even = [*every(1, "INFO request served"), *every(4, "INFO price looked up")]
    text = shown(even, lines)
    assert "canary 140 (19 %) until 12:04:40, 30 a minute [info]\n| app: price looked up" in text
