"""Templates of both sides at other rates, and those that only stable has; harmless differences are no
warning.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings import find, rates
from analyzer.findings.interface import Finding
from analyzer.findings.kinds import KINDS
from analyzer.logs.mine import mine
from analyzer.redact import redact
from analyzer.settings import Rules
from analyzer.target import Role

Judge = Callable[[Sequence[str], Sequence[str]], list[Finding]]
Read = Callable[[Role, Sequence[str]], Logs]


@pytest.fixture
def read(ago: Callable[[float], datetime]) -> Read:
    def side(role: Role, lines: Sequence[str]) -> Logs:
        step = 590 / max(1, len(lines))
        stamps = [ago(590 - index * step).isoformat().replace("+00:00", "Z") for index in range(len(lines))]
        data = "".join(f"{stamp} {line}\n" for stamp, line in zip(stamps, lines, strict=True)).encode()
        return Logs(
            side=role,
            containers=(ContainerLogs(container="app", digest=mine([data], redact).digest),),
            streams=(),
        )

    return side


@pytest.fixture
def judge(read: Read, evidence: Callable[..., Evidence]) -> Judge:
    def found(stable: Sequence[str], canary: Sequence[str]) -> list[Finding]:
        seen = evidence(more=(read("stable", stable), read("canary", canary)))
        return [finding for rule in rates.RULES for finding in rule(seen, Rules())]

    return found


def mixed(**counts: int) -> list[str]:
    """Lines of each kind, evenly mixed."""
    texts = {
        "served": "INFO served item {}",
        "retry": "WARN retrying call {}",
        "declined": "ERROR payment {} declined",
        "cached": "INFO hit {}",
    }
    lines = [
        (number / count, texts[kind].format(number))
        for kind, count in counts.items()
        for number in range(count)
    ]
    return [line for _, line in sorted(lines)]


def test_equal_rates_give_nothing_however_different_the_traffic(judge: Judge) -> None:
    assert judge(mixed(served=4000, retry=200, declined=40), mixed(served=400, retry=20, declined=4)) == []


def test_an_error_that_became_frequent_is_a_warning_with_both_figures(judge: Judge) -> None:
    [found] = judge(mixed(served=4000, declined=40), mixed(served=400, declined=40))
    assert (found.kind, found.stable, found.canary, found.ongoing) == (
        "error-template-rate",
        "40 in 4,040 lines",
        "40 in 440 lines",
        True,
    )
    assert (
        found.sentence
        == "container app logs an error line 9.2 times as often as stable, per line: payment <num> declined"
    )
    assert found.key == "error-template-rate/app/payment-declined"
    assert KINDS[found.kind].severity == "warning"


def test_a_burst_that_ended_is_told_apart(judge: Judge) -> None:
    burst = mixed(served=40, declined=60) + mixed(served=600)
    [found] = judge(mixed(served=6400, declined=40), burst)
    assert (found.kind, found.ongoing) == ("error-template-rate", False)
    assert " only; 593 lines since, no error; the work has gone on): payment <num> declined" in found.sentence


def test_an_error_that_became_rare_is_no_warning(judge: Judge) -> None:
    [found] = judge(mixed(served=4000, declined=800), mixed(served=4000, declined=80))
    assert found.kind == "log-template-rate"
    assert "8.5 times less often than stable" in found.sentence  # 800 of 4,800 against 80 of 4,080


def test_an_ordinary_line_that_became_frequent_is_information(judge: Judge) -> None:
    [found] = judge(mixed(served=4000, cached=100), mixed(served=400, cached=100))
    assert KINDS[found.kind].severity == "info"


def test_rates_are_per_request_where_both_sides_log_requests(judge: Judge) -> None:
    """Twice the lines a request is no more errors a request."""
    request = '10.0.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET /items/{} HTTP/1.1" 200 12'
    requests = [request.format(number) for number in range(1000)]
    stable = [*requests, *mixed(declined=200)]
    canary = [*requests, *mixed(declined=200, cached=8000, served=0)]
    random.Random(1).shuffle(canary)
    assert [
        each for each in judge([*stable, *mixed(cached=1000)], canary) if "declined" in each.sentence
    ] == []


@pytest.mark.parametrize(("refused", "kinds"), [(180, ["error-template-rate"]), (8, [])])
def test_requests_that_the_canary_alone_refuses(refused: int, kinds: list[str], judge: Judge) -> None:
    """A few are any client's. Many are the canary's, who logs them at info as likely as not."""
    line = '{{"level":"info","method":"GET","path":"/items","status":{},"ms":7}}'
    found = judge(
        [line.format(200)] * 2000, [line.format(200)] * (400 - refused) + [line.format(401)] * refused
    )
    assert [each.kind for each in found] == kinds
    if kinds:
        assert (
            found[0].sentence
            == "container app logs a warning line and stable never, per request: method=GET path=/items status=4xx"
        )


def test_a_request_that_the_canary_alone_refuses_and_logs_as_an_error_is_told_once(
    read: Read, evidence: Callable[..., Evidence]
) -> None:
    """Under what is new: the built-in judge would count the one line twice."""
    line = '{{"level":"{}","method":"GET","path":"/items","status":{},"ms":7}}'
    canary = [line.format("info", 200)] * 220 + [line.format("error", 401)] * 180
    sides = (read("stable", [line.format("info", 200)] * 2000), read("canary", canary))
    findings = find(evidence(more=sides), Rules())
    warnings = sorted(each.finding.kind for each in findings if each.severity == "warning")
    assert warnings == ["error-share", "new-error-template"]


def test_an_ordinary_warning_that_is_new_is_no_rate(judge: Judge) -> None:
    assert judge(mixed(served=4000), mixed(served=400, retry=200)) == []


def test_a_line_that_vanished_is_told_when_many_were_due(judge: Judge) -> None:
    [found] = judge(mixed(served=4000, cached=1000), mixed(served=500))
    assert (found.kind, found.stable, found.canary) == (
        "vanished-log-template",
        "1,000 of 5,000 lines",
        "0 of 500 lines, about 100 expected",
    )
    assert judge(mixed(served=4000, cached=300), mixed(served=500)) == []


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("ERROR cannot reach the cache", []),
        ("cannot reach the cache", []),
        ("INFO reached the cache", ["vanished-log-template"]),
        ("WARN stock is low", ["vanished-log-template"]),
    ],
)
def test_a_failure_of_stable_that_the_canary_has_not_is_no_line_it_lacks(
    line: str, kinds: list[str], judge: Judge
) -> None:
    assert [each.kind for each in judge(mixed(served=4000) + [line] * 1000, mixed(served=500))] == kinds


def test_what_is_told_is_bounded(judge: Judge) -> None:
    words = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay", "koi", "lynx", "moth"]
    gone = [f"INFO {word} {word[::-1]} {word * 2}ed" for word in words for _ in range(200)]
    found = judge(mixed(served=1000) + gone, mixed(served=3600))
    assert [each.kind for each in found].count("vanished-log-template") == 10
    assert "(3 more are like it)" in found[-1].sentence


def test_a_failure_without_a_level_is_worse_when_it_is_more(judge: Judge) -> None:
    plain, refused = ["served an item"], ["connection to the broker refused"]
    [found] = judge(plain * 4000 + refused * 20, plain * 1000 + refused * 100)
    assert found.kind == "error-template-rate"
    [found] = judge(plain * 1000 + refused * 100, plain * 4000 + refused * 20)
    assert found.kind == "log-template-rate"


def test_trouble_that_becomes_a_large_part_is_worse_and_a_small_part_is_not(judge: Judge) -> None:
    def logins(good: int, bad: int) -> list[str]:
        lines = [
            (n / good, f"Auth: ({n}) Login OK: [user{n}] (from client wlc port {n})") for n in range(good)
        ]
        lines += [
            (n / bad, f"Auth: ({n}) Login incorrect (mschap): [user{n}] (from client wlc port {n})")
            for n in range(bad)
        ]
        return [line for _, line in sorted(lines)]

    assert "error-template-rate" in {found.kind for found in judge(logins(975, 25), logins(120, 180))}
    assert "error-template-rate" not in {found.kind for found in judge(logins(975, 25), logins(270, 30))}


def test_rates_beyond_those_told_are_counted(judge: Judge) -> None:
    words = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay", "koi", "lynx", "moth"]
    more = [f"INFO {word} {word[::-1]} {word * 2}ed" for word in words]
    found = judge(mixed(served=4000) + more * 20, mixed(served=1000) + more * 200)
    changed = [each for each in found if each.kind == "log-template-rate"]
    assert len(changed) == 10
    assert " (4 more are like it): " in changed[-1].sentence


def noisy(pick: random.Random, version: str, requests: int) -> list[str]:
    """A healthy service: errors and retries in bursts of one to six, a start whose order varies, names of
    pods, a version.
    """
    pod = (
        "cart-"
        + "".join(pick.choices("bcdfghjklmnp2456789", k=9))
        + "-"
        + "".join(pick.choices("bcdf2456", k=5))
    )
    start = [
        f"INFO starting cart {version} as {pod}",
        "INFO cache warmed",
        "INFO connected to db",
        f"INFO listening on port {pick.randint(1, 9)}",
    ]
    pick.shuffle(start)
    lines = start
    for number in range(requests):
        lines.append(f"INFO served item {number} in {pick.randint(1, 90)}ms")
        if pick.random() < 0.01:
            lines += [
                f"WARN retrying call to pricing, attempt {attempt}" for attempt in range(pick.randint(1, 6))
            ]
        if pick.random() < 0.004:
            lines += [
                f"ERROR payment {number} declined: upstream timed out after {pick.randint(1, 30)}s"
            ] * pick.randint(1, 4)
    return lines


@pytest.mark.slow
def test_harmless_noise_becomes_a_warning_in_at_most_one_case_of_twenty(
    read: Read, evidence: Callable[..., Evidence]
) -> None:
    warned = 0
    for seed in range(60):
        pick = random.Random(seed)
        sides = (read("stable", noisy(pick, "v1.4.2", 2000)), read("canary", noisy(pick, "v1.5.0", 400)))
        graded = find(evidence(more=sides), Rules())
        warned += any(
            each.severity != "info"
            for each in graded
            if "log" in each.finding.kind or "error" in each.finding.kind
        )
    assert warned <= 3
