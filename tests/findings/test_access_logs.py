"""What the access logs of many servers say, none of whose formats is known: failures, slowness, and numbers
that only look like either.
"""

import random
import re
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from access_logs import FORMATS

from analyzer.evidence import Evidence
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings import find, grown_measures, logged_requests, shifted_slots
from analyzer.findings.interface import Finding, Graded
from analyzer.logs.mine import mine
from analyzer.models.builtin import judge as verdict_of
from analyzer.redact import redact
from analyzer.settings import Rules
from analyzer.target import Role

STABLE, CANARY = 600, 200  # requests
FAST, SLOW = (15.0, 40.0), (9_000.0, 14_000.0)  # milliseconds
# Formats in which masking keeps the status: a failure is then an error with a template of its own.
CLASSED = {
    "kestrel",
    "traefik",
    "rails",
    "envoy",
    "gunicorn",
    "uvicorn",
    "nginx",
    "apache",
    "api-gateway",
    "ltsv",
}
UNTIMED = {"gunicorn", "uvicorn"}  # these log no time …
UNREAD = {"haproxy"}  # … and this one a list of timers, whose numbers are not told apart
UNNAMED = {"iis", "envoy", "elb", "nginx", "apache"}  # nothing says that the number is a time: only a doubt
Run = Callable[[Sequence[str], Sequence[str]], Evidence]


@pytest.fixture
def run(ago: Callable[[float], datetime], evidence: Callable[..., Evidence]) -> Run:
    """Evidence of stable's requests over ten minutes, and the canary's over the last five."""

    def side(role: Role, lines: Sequence[str], seconds: float) -> Logs:
        step = seconds / len(lines)
        stamps = [
            ago(seconds - index * step).isoformat().replace("+00:00", "Z") for index in range(len(lines))
        ]
        data = "".join(f"{stamp} {line}\n" for stamp, line in zip(stamps, lines, strict=True)).encode()
        digest = mine([data], redact).digest
        return Logs(side=role, containers=(ContainerLogs(container="app", digest=digest),), streams=())

    return lambda stable, canary: evidence(more=(side("stable", stable, 590), side("canary", canary, 280)))


def requests(name: str, count: int, failed: int = 0, took: tuple[float, float] = FAST) -> list[str]:
    """So many requests, of which so many failed, in no order."""
    rng = random.Random(f"{name} {count} {failed} {took}")
    statuses = [500] * failed + [200] * (count - failed)
    rng.shuffle(statuses)
    return [FORMATS[name](rng, status, rng.uniform(*took)) for status in statuses]


def shifts(evidence: Evidence) -> list[Finding]:
    return [
        finding
        for rule in (*shifted_slots.RULES, *grown_measures.RULES)
        for finding in rule(evidence, Rules())
    ]


def warnings(graded: Sequence[Graded]) -> set[str]:
    return {each.finding.kind for each in graded if each.severity in ("warning", "blocking", "hold")}


def counted(text: str, value: str) -> int:
    match = re.search(rf"\b{value} ×(?:about )?([\d,]+)", text)
    return int(match[1].replace(",", "")) if match else 0


@pytest.mark.parametrize("name", FORMATS)
def test_a_quarter_of_failures_is_a_rollback_with_the_figures_of_both_sides(run: Run, name: str) -> None:
    seen = run(requests(name, STABLE), requests(name, CANARY, failed=50))
    graded = find(seen, Rules(min_ready_time=0))
    assert verdict_of(graded).verdict == "rollback"
    kinds = {each.finding.kind: each.finding for each in graded}
    if name in CLASSED:
        share = kinds["error-share"]
        assert "on 25 % of its lines, stable on 0 %" in share.sentence
        assert (share.stable, share.canary) == (f"0 errors in {STABLE} lines", f"50 errors in {CANARY} lines")
        return
    failing = kinds["failing-status"]
    assert "answers 25 % of its requests with a failure (500), stable 0 %" in failing.sentence
    assert [counted(failing.canary, value) for value in ("200", "500")] == [150, 50]
    assert [counted(failing.stable, value) for value in ("200", "500")] == [
        pytest.approx(STABLE, rel=0.05),
        0,
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_requests_are_counted_as_such(run: Run, name: str) -> None:
    seen = run(requests(name, STABLE), requests(name, CANARY, failed=50))
    counts = [
        logged_requests.count_requests(container.digest)
        for part in seen.parts
        if isinstance(part, Logs)
        for container in part.containers
    ]
    assert sorted(counts) == [CANARY, STABLE]


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("share", [0, 0.25])
def test_as_many_failures_on_both_sides_are_no_finding(run: Run, name: str, share: float) -> None:
    seen = run(
        requests(name, STABLE, failed=round(share * STABLE)),
        requests(name, CANARY, failed=round(share * CANARY)),
    )
    assert shifts(seen) == []
    assert verdict_of(find(seen, Rules(min_ready_time=0))).verdict == "promote"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FORMATS.keys() - UNTIMED - UNREAD))
def test_requests_that_take_12_s_are_not_promoted(run: Run, name: str) -> None:
    seen = run(requests(name, STABLE), requests(name, CANARY, took=SLOW))
    graded = find(seen, Rules(min_ready_time=0))
    assert ("measure-doubt" if name in UNNAMED else "measure-worse") in warnings(graded)
    assert verdict_of(graded).verdict == ("cannot_tell" if name in UNNAMED else "rollback")


NUMBERS: dict[str, str] = {  # none of them a status: stable has 200 to 299, the canary 500 to 599
    "bytes": "GET /tiles/7 sent {} bytes",
    "size": '{{"msg":"request completed","method":"GET","res":{{"statusCode":200}},"size":{}}}',
    "port": "accepted request from 10.0.0.7 port {}",
    "id": "GET /cart done, order {} of eu",
    "request id": 'msg="request done" method=GET path=/cart request_id={} status=200',
    "pid": "[{}] request served",
    "line": "request logged at line {} of cart.py",
    "rows": "GET /report returned {} rows",
    "count": "served {} requests so far",
    "offset": "request for offset {} answered",
    "user": "request of user {} answered",
    "batch": "sent batch of {} to upstream",
    "weight": "request weight is {} now",
    "version": "served by build {} of shop",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_that_lie_where_statuses_do_are_no_finding(run: Run, name: str) -> None:
    rng = random.Random(name)
    stable = [NUMBERS[name].format(rng.randint(200, 299)) for _ in range(STABLE)]
    canary = [NUMBERS[name].format(rng.randint(500, 599)) for _ in range(CANARY)]
    assert shifts(run(stable, canary)) == []
    stable, canary = [NUMBERS[name].format(200)] * STABLE, [NUMBERS[name].format(500)] * CANARY
    assert shifts(run(stable, canary)) == []


def test_a_year_is_no_status_and_no_measure(run: Run) -> None:
    lines = ["request of {} answered 200", "GET /archive/{}/11 - 200 - 3 ms"]
    for line in lines:
        assert shifts(run([line.format(2019)] * STABLE, [line.format(2026)] * CANARY)) == []
