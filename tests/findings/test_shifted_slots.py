"""What fails by the values in a log of any format, and what is no fault however much it differs."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.evidence import Evidence
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.findings import find, grown_measures, logged_requests, shifted_slots, sufficiency
from analyzer.findings.interface import Finding
from analyzer.logs.mine import mine
from analyzer.models.builtin import judge as verdict_of
from analyzer.redact import redact
from analyzer.settings import Rules
from analyzer.target import Role

Line = Callable[[random.Random, bool], str]
Judge = Callable[[Sequence[str], Sequence[str]], list[Finding]]
See = Callable[[Sequence[str], Sequence[str]], Evidence]
RULES = Rules(min_ready_time=0)


@pytest.fixture
def see(ago: Callable[[float], datetime], evidence: Callable[..., Evidence]) -> See:
    """Evidence of stable's lines over ten minutes, and the canary's over the last five."""

    def side(role: Role, lines: Sequence[str], seconds: float) -> Logs:
        step = seconds / max(1, len(lines))
        stamps = [
            ago(seconds - index * step).isoformat().replace("+00:00", "Z") for index in range(len(lines))
        ]
        data = "".join(f"{stamp} {line}\n" for stamp, line in zip(stamps, lines, strict=True)).encode()
        return Logs(
            side=role,
            containers=(ContainerLogs(container="app", digest=mine([data], redact).digest),),
            streams=(),
        )

    return lambda stable, canary: evidence(more=(side("stable", stable, 590), side("canary", canary, 280)))


@pytest.fixture
def judge(see: See) -> Judge:
    def found(stable: Sequence[str], canary: Sequence[str]) -> list[Finding]:
        seen = see(stable, canary)
        return [
            finding
            for rule in (*shifted_slots.RULES, *grown_measures.RULES)
            for finding in rule(seen, Rules())
        ]

    return found


def lines(line: Line, bad: float, count: int, seed: int = 1) -> list[str]:
    """So many lines of which a share tells of a failure."""
    rng = random.Random(seed)
    return [line(rng, rng.random() < bad) for _ in range(count)]


def address(rng: random.Random) -> str:
    return f"10.{rng.randint(0, 9)}.{rng.randint(0, 99)}.{rng.randint(1, 99)}"


def path(rng: random.Random) -> str:
    return rng.choice(["/cart", f"/items/{rng.randint(1, 999)}/price", "/login"])


def status(bad: bool) -> int:
    return 503 if bad else 200


ANSWERS: dict[str, Line] = {
    "phoenix": lambda rng, bad: f"[info] Sent {status(bad)} in {rng.randint(2, 90)}ms",
    "chi": lambda rng, bad: (
        f'2026/11/03 11:59:{rng.randint(10, 59)} "GET http://shop{path(rng)} HTTP/1.1" from {address(rng)}:5{rng.randint(100, 999)}'
        f" - {status(bad)} {rng.randint(10, 900)}B in {rng.randint(100, 999)}.{rng.randint(100, 999)}µs"
    ),
    "tower-http": lambda rng, bad: (
        f"2026-11-03T11:59:{rng.randint(10, 59)}.1Z  INFO request{{method=GET uri={path(rng)}}}: on_response: finished processing"
        f" request latency={rng.randint(1, 90)} ms status={status(bad)}"
    ),
    "iis": lambda rng, bad: (
        f"2026-11-03 11:59:{rng.randint(10, 59)} 10.0.0.4 GET {path(rng)} - 8080 - {address(rng)} curl/8"
        f" - {status(bad)} 0 0 {rng.randint(1, 300)}"
    ),
    "elb": lambda rng, bad: (
        f"h2 2026-11-03T11:59:{rng.randint(10, 59)}.{rng.randint(100000, 999999)}Z app/shop/50dc6c495c0c9188 {address(rng)}:2817"
        f" 10.0.0.66:9000 0.001 0.0{rng.randint(10, 99)} 0.000 {status(bad)} {status(bad)} 34 {rng.randint(100, 900)}"
        f' "GET https://shop{path(rng)} HTTP/2.0"'
    ),
    "fastify": lambda rng, bad: (
        f'{{"level":30,"pid":1,"reqId":"req-{rng.randint(1, 999)}","res":{{"statusCode":{status(bad)}}},"responseTime":{rng.randint(1, 90)}.5,'
        '"msg":"request completed"}'
    ),
    "caddy": lambda rng, bad: (
        f'{{"level":"info","msg":"handled request","request":{{"method":"GET","uri":"{path(rng)}"}},'
        f'"duration":0.0{rng.randint(100, 999)},"status":{status(bad)}}}'
    ),
    "other-key": lambda rng, bad: (
        f'{{"ip":"{address(rng)}","httpMethod":"GET","rs":"{status(bad)}","protocol":"HTTP/1.1"}}'
    ),
    "http_code": lambda rng, bad: (
        f"caller=log.go:1 op=checkout http_code={status(bad)} took={rng.randint(1, 90)}ms"
    ),
    "prose": lambda rng, bad: f"upstream payments returned {status(bad)} after {rng.randint(2, 90)} ms",
    "bare": lambda rng, bad: f"{status(bad)} GET {path(rng)} {rng.randint(2, 90)}ms",
}
CALLS: dict[str, Line] = {
    "grpc-name": lambda rng, bad: (
        f"rpc Place ended with code {'Internal' if bad else 'OK'} in {rng.randint(1, 90)}ms"
    ),
    "grpc-number": lambda rng, bad: (
        f"msg=call grpc_method=/a.B/C grpc_status={14 if bad else 0} ms={rng.randint(1, 90)}"
    ),
    "exit": lambda rng, bad: (
        f"job {rng.randint(1, 999)} exited with code {137 if bad else 0} after {rng.randint(1, 30)}s"
    ),
    "sqlstate": lambda rng, bad: (
        f"query finished sqlstate={'40P01' if bad else '00000'} rows={rng.randint(1, 90)}"
    ),
    "ok=false": lambda rng, bad: f"payment id={rng.randint(1, 999)} ok={'false' if bad else 'true'}",
    "success=0": lambda rng, bad: f"sync run={rng.randint(1, 999)} success={0 if bad else 1}",
    "FAILED": lambda rng, bad: f"order {rng.randint(1, 999)} processed status={'FAILED' if bad else 'DONE'}",
}
COUNTS: dict[str, Line] = {
    "json": lambda rng, bad: (
        f'{{"msg":"batch done","processed":{rng.randint(90, 120)},"failed":{rng.randint(20, 90) if bad else 0}}}'
    ),
    "label": lambda rng, bad: (
        f"reconcile finished errors: {rng.randint(1, 9) if bad else 0}, objects: {rng.randint(90, 120)}"
    ),
    "behind": lambda rng, bad: (
        f"published {rng.randint(90, 120)} messages, {rng.randint(1, 40) if bad else 0} errors in {rng.randint(10, 90)}ms"
    ),
    "before": lambda rng, bad: f"sync ok {rng.randint(90, 120)} failed {rng.randint(3, 30) if bad else 0}",
}
ALL = ANSWERS | CALLS | COUNTS
ALONE: dict[str, tuple[str, str]] = {  # what stable never says, and the code of it
    "sqlstate": ("journal {n}: not written, SQLSTATE 42703", "42703"),
    "pdo": ("order {n}: SQLSTATE[42S22]", "42S22"),
    "exit status": ("export {n} of tenant 7 ended: exit status 2", "2"),
    "rc": ("resize of image {n} came back, rc=-1", "-1"),
    "errno": ("connect to ledger for {n}: errno 111", "111"),
    "grpc name": ("reserve {n}: code = Unavailable", "Unavailable"),
    "grpc number": ("reserve {n}: grpc status 14", "14"),
    "flag": ("checkout {n} ok=false", "false"),
}


@pytest.mark.parametrize("name", ANSWERS | CALLS)
def test_what_fails_in_any_format_is_a_rollback_that_names_the_status(see: See, name: str) -> None:
    found = find(see(lines(ALL[name], 0, 600), lines(ALL[name], 0.4, 200, 2)), RULES)
    [shift] = [each.finding for each in found if each.finding.kind == "failing-status"]
    value = next(
        text
        for text in ("503", "Internal", "14", "137", "40P01", "false", "FAILED", "0")
        if text in shift.canary
    )
    assert f"{value} ×" in shift.canary
    assert verdict_of(found).verdict == "rollback"


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_of_failures_that_is_no_longer_0_is_never_promoted(see: See, name: str) -> None:
    rng = random.Random(2)
    some = [COUNTS[name](rng, number % 9 < 2) for number in range(200)]
    found = find(see(lines(COUNTS[name], 0, 400), some), RULES)
    assert [each.finding.kind for each in found if each.severity == "warning"] == ["status-shift"]
    assert verdict_of(found).verdict == "cannot_tell"
    found = find(see(lines(COUNTS[name], 0, 400), lines(COUNTS[name], 1, 200, 2)), RULES)
    assert verdict_of(found).verdict == "rollback"


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("bad", [0, 0.02])
def test_what_fails_as_seldom_as_on_stable_is_no_finding(judge: Judge, name: str, bad: float) -> None:
    assert judge(lines(ALL[name], bad, 600), lines(ALL[name], bad, 200, 2)) == []


@pytest.mark.parametrize("name", ALONE)
def test_a_failing_code_that_stable_never_names_is_a_doubt(see: See, name: str) -> None:
    text, code = ALONE[name]
    done = [f"journal {number} written in {number % 9 + 2} ms" for number in range(1000, 1400)]
    failed = [text.format(n=number) for number in range(1000, 1080)]
    graded = find(see(done, [line for pair in zip(done, failed, strict=False) for line in pair]), RULES)
    [shift] = [each.finding for each in graded if each.finding.kind == "status-shift"]
    assert f"{code} on 50 % of its lines, stable on 0 %" in shift.sentence
    assert f"{code} ×80" in shift.canary
    assert verdict_of(graded).verdict != "promote"


@pytest.mark.parametrize(
    "line",
    [
        "export {n} ended: exit status 0",
        "journal {n}: SQLSTATE 00000",
        "reserve {n}: code = OK",
        "reserve {n}: code = NotFound",
        "write {n}: SQLSTATE 40001, retrying",
        "pool state = idle of {n}",
        "read {n} rows, returned 5",
    ],
)
def test_a_code_of_success_that_stable_never_names_is_no_finding(judge: Judge, line: str) -> None:
    done = [f"journal {number} written in {number % 9 + 2} ms" for number in range(1000, 1400)]
    assert judge(done, [*done[:100], *(line.format(n=number) for number in range(80))]) == []


def test_a_code_named_as_seldom_as_on_stable_is_no_finding(judge: Judge) -> None:
    done = [f"journal {number} written in {number % 9 + 2} ms" for number in range(1000, 1400)]
    failed = [f"journal {number}: not written, SQLSTATE 23505" for number in range(1000, 1100)]
    assert judge([*done, *failed], [*done[:120], *failed[:30]]) == []
    [shift] = judge([*done, *failed[:8]], [*done[:120], *failed])
    assert shift.sentence.startswith("container app names sqlstate 23505 on 45 % of its lines, stable on 2 %")


def test_the_finding_has_the_figures_of_both_sides(judge: Judge) -> None:
    [found] = judge(
        lines(ANSWERS["phoenix"], 0, 500), ["[info] Sent 200 in 5ms", "[info] Sent 503 in 5ms"] * 60
    )
    assert found.sentence == "container app answers 50 % of its requests with a failure (503), stable 0 %"
    assert (found.stable, found.canary) == ("status 200 ×500", "status 200 ×60, 503 ×60")
    assert (found.ongoing, found.scope) == (True, "canary")


def test_more_lines_than_are_looked_at_are_told_as_about(judge: Judge) -> None:
    [found] = judge(lines(ANSWERS["phoenix"], 0, 6000), lines(ANSWERS["phoenix"], 0.5, 100))
    assert found.stable.startswith("status 200 ×about ")
    assert 5000 < int(found.stable.rpartition(" ")[2].replace(",", "")) < 7000


def test_failures_that_ended_are_no_rollback(see: See) -> None:
    bad, good = ["[info] Sent 500 in 5ms"] * 60, ["[info] Sent 200 in 5ms"] * 140
    found = find(see(lines(ANSWERS["phoenix"], 0, 600), [*bad, *good]), RULES)
    [shift] = [each.finding for each in found if each.finding.kind == "failing-status"]
    assert shift.ongoing is False
    assert verdict_of(found).verdict == "cannot_tell"


def test_one_template_that_fails_among_many_that_do_not(judge: Judge) -> None:
    def routes(paid: int, times: int) -> list[str]:
        return [*["listing shown, GET -> 200 (ok)"] * 49, f"payment booked by POST -> {paid} (ok)"] * times

    [found] = judge(routes(200, 60), routes(500, 8))
    assert (found.kind, found.canary) == ("failing-status", "status 500 ×8")
    assert found.sentence.endswith("stable 0 %: payment booked by POST -> <num> (ok)")


def test_where_the_text_of_a_template_tells_the_status_other_rules_do(judge: Judge) -> None:
    access = '10.0.0.1 - - [03/Nov/2026:11:59:00 +0000] "GET /cart HTTP/1.1" {} 12 "-" "curl/8"'
    assert judge([access.format(200)] * 600, [access.format(200), access.format(500)] * 100) == []


def refused(rng: random.Random, bad: bool) -> str:
    return f"{404 if bad else 200} GET {path(rng)} {rng.randint(2, 90)}ms"


def test_a_scanners_404_is_no_finding_and_a_route_that_is_gone_is(judge: Judge) -> None:
    assert judge(lines(refused, 0.01, 600), lines(refused, 0.12, 200, 2)) == []
    [found] = judge(lines(refused, 0.01, 600), lines(refused, 0.7, 200, 2))
    assert (found.kind, "refusal (404)" in found.sentence) == ("status-shift", True)


HARMLESS = {
    "a few of few": (["200 GET /a 3ms"] * 300, [*["200 GET /a 3ms"] * 17, *["500 GET /a 3ms"] * 2]),
    "as many": (["200 GET /a 3ms", "500 GET /a 3ms"] * 200, ["500 GET /a 3ms", "200 GET /a 3ms"] * 60),
    "created": (["200 GET /a 3ms"] * 300, ["201 GET /a 3ms"] * 100),
    "batch": (["processing batch of 200"] * 300, ["processing batch of 500"] * 100),
    "limit": (["GET /x limit=200 done"] * 300, ["GET /x limit=500 done"] * 100),
    "page size": (['{"msg":"listing GET /x","page_size":200}'] * 300, ['{"msg":"listing GET /x","page_size":500}'] * 100),
    "rows": (["flushed 200 rows to disk"] * 300, ["flushed 500 rows to disk"] * 100),
    "bytes": (["GET /x bytes=200"] * 300, ["GET /x bytes=500"] * 100),
    "port": (["listening on port 200"] * 300, ["listening on port 500"] * 100),
    "zones": (["zone=eu-a host=n1 status=ok"] * 300, ["zone=eu-down host=failed status=ok"] * 100),
    "error code": (["probe saw error_code=17"] * 300, ["probe saw error_code=17"] * 100),
    "none failed": (["sync: 120 ok, 0 failed"] * 300, ["sync: 90 ok, 0 failed"] * 100),
    "uptime": ([f"alive uptime={n % 9 + 9}s" for n in range(300)], [f"alive uptime={n % 99 + 9000}s" for n in range(100)]),
    "ids": ([f"order {n % 900} placed" for n in range(300)], [f"order {n + 500_000} placed" for n in range(100)]),
    "offset": ([f"at offset {n} of topic" for n in range(300)], [f"at offset {n + 50_000} of topic" for n in range(100)]),
    "timeout": (["calling x timeout=2s"] * 300, ["calling x timeout=60s"] * 100),
    "throughput": ([f"throughput {n % 20 + 9} per s" for n in range(300)], [f"throughput {n % 900 + 900} per s" for n in range(100)]),
    "twice as slow": ([f"took {n % 40 + 20} ms" for n in range(300)], [f"took {n % 80 + 40} ms" for n in range(100)]),
    "other unit": ([f"took {n % 40 + 20} ms" for n in range(300)], [f"took 0.0{n % 40 + 20} s" for n in range(100)]),
    "too few": ([f"took {n % 40 + 20} ms" for n in range(300)], [f"took {n + 9000} ms" for n in range(8)]),
    "another pid": (
        [f"2026-11-03 11:59:00.1  INFO 1 --- [main] c.s.X : priced {n % 90} in 3 ms" for n in range(300)],
        [f"2026-11-03 11:59:00.1  INFO 31 --- [main] c.s.X : priced {n % 90} in 3 ms" for n in range(100)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_differs_and_is_no_fault_is_no_finding(judge: Judge, name: str) -> None:
    assert judge(*HARMLESS[name]) == []


WORSE = {
    "ms to s": (
        [f"page shown in {n % 40 + 20}ms" for n in range(300)],
        [f"page shown in {n % 5 + 9}.5s" for n in range(100)],
        "ms",
    ),
    "go": (
        [f"synced in {n % 40 + 20}.2ms" for n in range(300)],
        [f"synced in 1m{n % 40 + 10}.5s" for n in range(100)],
        "min",
    ),
    "queue": (
        [f"tick, queue depth {n % 4}" for n in range(300)],
        [f"tick, queue depth {n + 900}" for n in range(100)],
        "940",
    ),
    "lag": (
        [f"msg=poll lag={n % 4}" for n in range(300)],
        [f"msg=poll lag={n + 900}" for n in range(100)],
        "940",
    ),
    "attempts": (
        [f"sent in {n % 90 + 9} ms, attempts={1 + (n % 30 == 0)}" for n in range(300)],
        [f"sent in {n % 90 + 9} ms, attempts={5 + n % 2}" for n in range(100)],
        "5",
    ),
    "in attempts": (
        [f"delivered {n} in {1 + (n % 30 == 0)} attempts" for n in range(300)],
        [f"delivered {n} in {n % 4 + 9} attempts" for n in range(100)],
        "1",
    ),
    "waited": (
        [f"waited {n % 9 + 1}.3ms for a connection" for n in range(300)],
        [f"waited {n % 5 + 10}.3s for a connection" for n in range(100)],
        "s",
    ),
    "backlog": (
        [f"outbox backlog: {n % 9} of eu" for n in range(300)],
        [f"outbox backlog: {n + 400} of eu" for n in range(100)],
        "470",
    ),
    "waiters": (
        [f'{{"msg":"pool","waiters":{n % 3}}}' for n in range(300)],
        [f'{{"msg":"pool","waiters":{n % 9 + 40}}}' for n in range(100)],
        "4",
    ),
    "heap": (
        [f"gc done, heap {n % 40 + 90}MiB" for n in range(300)],
        [f"gc done, heap {n % 40 + 1900}MiB" for n in range(100)],
        "GiB",
    ),
    "error rate": (
        [f"window closed, error rate 0.00{n % 9}" for n in range(300)],
        [f"window closed, error rate 0.{n % 40 + 30}" for n in range(100)],
        "0.",
    ),
    "retries": (
        [f"msg=call retries={n % 2}" for n in range(300)],
        [f"msg=call retries={n % 9 + 20}" for n in range(100)],
        "2",
    ),
}


def test_a_fraction_that_nothing_names_and_that_is_far_larger_is_a_doubt(see: See) -> None:
    stable = [f"transcribed clip={n} rtf=0.{n % 9 + 11}" for n in range(300)]
    found = find(see(stable, [f"transcribed clip={n} rtf={n % 2 + 3}.{n % 9}" for n in range(100)]), RULES)
    assert [one.finding.kind for one in found if "rtf" in one.finding.sentence] == ["measure-doubt"]


SLOW = {"ms to s", "go"}  # how long the work takes: more than twenty times as long is a fault by itself


@pytest.mark.parametrize("name", WORSE)
def test_a_measure_that_is_ten_times_worse_is_not_promoted(see: See, name: str) -> None:
    stable, canary, figure = WORSE[name]
    found = find(see(stable, canary), RULES)
    [worse] = [each.finding for each in found if each.finding.kind == "measure-worse"]
    assert "times as large as stable's" in worse.sentence
    assert figure in worse.stable + worse.canary
    assert (worse.ongoing, worse.excess is not None) == (True, name in SLOW)
    assert verdict_of(found).verdict == ("rollback" if name in SLOW else "cannot_tell")


@pytest.mark.parametrize(
    ("stable", "canary", "why"),
    [
        ("job {} done in {} ms", "job {} done in {}0 ms", "ten times may be the data's"),
        ("job {} done in 0.{} ms", "job {} done in {} ms", "nobody feels it"),
        (
            "poll {} came back with nothing, poll took {} ms",
            "poll {} came back with nothing, poll took {} s",
            "no work",
        ),
        ("session {} ended, duration={}ms", "session {} ended, duration={}s", "how long a client stays"),
        (
            "batch {} of {} rows imported, elapsed={}ms",
            "batch {} of {}000 rows imported, elapsed={}s",
            "it is more work",
        ),
        (
            "waited for lock {} and then {} ms in the queue",
            "waited for lock {} and then {} s in the queue",
            "waiting",
        ),
    ],
)
def test_a_time_that_grew_is_a_doubt_where(see: See, stable: str, canary: str, why: str) -> None:
    def filled(text: str, count: int) -> list[str]:
        return [text.format(n, *[n % 40 + 20] * 2) for n in range(count)]

    found = find(see(filled(stable, 300), filled(canary, 100)), RULES)
    assert all(each.finding.excess is None for each in found if each.finding.kind == "measure-worse"), why
    assert verdict_of(found).verdict == "cannot_tell" or why in {"nobody feels it"}


def test_an_id_that_is_a_number_now_and_then_moves_no_number_to_another_place(see: See) -> None:
    def sent(low: int, factor: int) -> list[str]:
        ids = ["26759481", *(f"d{n:05d}ab" for n in range(300))]
        return [f"mail {name} sent in {(n % 40 + low) * factor} ms" for n, name in enumerate(ids)]

    stable, canary = sent(20, 1), sent(20, 100)
    found = find(see(stable[1:], canary), RULES)
    assert verdict_of(found).verdict == "rollback"
    assert verdict_of(find(see(stable, canary[1:]), RULES)).verdict == "rollback"


def test_a_field_whose_number_stands_in_the_text_as_well_is_told_once(judge: Judge) -> None:
    lines = [
        [f'"HTTP" verb="GET" URI="/stock/7" latency="{(n % 30 + 5) * factor}ms" resp=200' for n in range(300)]
        for factor in (1, 12)
    ]
    [slower] = [each for each in judge(*lines) if each.kind == "measure-worse"]
    assert "logs 'latency' 1" in slower.sentence


def test_half_of_the_requests_with_a_number_far_beyond_stables_are_a_doubt(see: See) -> None:
    """It may be how long they took, as gunicorn writes it."""
    line = '10.42.0.7 - - [03/Nov/2026:12:00:00 +0000] "GET /cart/{} HTTP/1.1" 200 {} {}'

    def answered(factor: int) -> list[str]:
        return [
            line.format(n, n % 900 + 1000, (n % 40 + 3) * 1000 * (factor if n % 2 else 1)) for n in range(300)
        ]

    assert verdict_of(find(see(answered(1), answered(100)), RULES)).verdict == "cannot_tell"
    assert verdict_of(find(see(answered(1), answered(1)), RULES)).verdict == "promote"


def test_a_seldom_work_that_is_slow_is_a_doubt(see: See) -> None:
    """Beside work that is as fast as ever: a rollback is not its to decide."""

    def mixed(report: str) -> list[str]:
        return [
            report.format(n % 40 + 20) if n % 10 == 0 else f"page shown in {n % 40 + 20}ms"
            for n in range(400)
        ]

    found = find(see(mixed("report rendered, elapsed={}ms"), mixed("report rendered, elapsed={}s")), RULES)
    [slow] = [each.finding for each in found if each.finding.kind == "measure-worse"]
    assert slow.excess is not None
    assert 0 < slow.excess < 0.1
    assert verdict_of(found).verdict == "cannot_tell"


BETTER = {
    "throughput": "throughput {} rows of eu",
    "hits": "cache hits={} of eu",
    "processed": "batch processed {} records",
    "free": "pool free={} of eu",
}


@pytest.mark.parametrize("name", BETTER)
def test_more_of_what_is_good_is_no_finding_and_neither_is_less_of_it_with_fewer_requests(
    judge: Judge, name: str
) -> None:
    few, many = (
        [BETTER[name].format(n % 20 + 9) for n in range(200)],
        [BETTER[name].format(n % 90 + 400) for n in range(200)],
    )
    assert judge(few, many) == judge(many, few) == []


@pytest.mark.parametrize("text", ["cache hit ratio 0.{:02}", "cache hit ratio {}.1%", "hit_ratio=0.{:02}"])
def test_a_share_that_should_be_large_and_fell_is_worse(judge: Judge, text: str) -> None:
    high, low = [text.format(n % 9 + 90) for n in range(300)], [text.format(n % 9 + 10) for n in range(100)]
    [fell] = judge(high, low)
    assert (fell.kind, "times smaller than stable's" in fell.sentence, fell.ongoing) == (
        "measure-worse",
        True,
        True,
    )
    assert judge(low, high) == []
    assert not any(cold.ongoing for cold in judge(high, [*low, *high[:150]])[:1])


def test_a_queue_that_climbs_where_stables_does_not_goes_on(judge: Judge) -> None:
    flat = [f"tick, queue depth {n % 40 + 20}" for n in range(300)]
    [climbing] = judge(flat, [f"tick, queue depth {n * 2 + 20}" for n in range(280)])
    assert (climbing.kind, climbing.ongoing) == ("measure-worse", True)
    assert "climbing beyond all of stable's" in climbing.sentence
    emptied = [*(f"tick, queue depth {n * 2 + 20}" for n in range(200)), *flat[:80]]
    assert [finding.kind for finding in judge(flat, emptied) if finding.kind == "measure-worse"] == []


def test_a_tenth_of_the_lines_that_hangs_is_worse(judge: Judge) -> None:
    def took(rng: random.Random, bad: bool) -> str:
        return f"handled x in {rng.randint(20_000, 30_000) if bad else rng.randint(20, 60)}ms"

    [found] = judge(lines(took, 0, 600), lines(took, 0.15, 300, 2))
    assert (found.kind, "far beyond stable's on 1" in found.sentence) == ("measure-worse", True)


def test_a_cache_that_was_cold_at_first_is_promoted(see: See) -> None:
    slow = [f"handled x in {number * 30 + 2000}ms" for number in range(110)]
    fast = [f"handled x in {number % 40 + 20}ms" for number in range(600)]
    found = find(see(fast, [*slow, *fast[:90]]), RULES)
    assert [(each.finding.kind, each.finding.ongoing) for each in found if each.severity == "warning"] == [
        ("measure-worse", False)
    ]
    assert verdict_of(found).verdict == "promote"


def test_a_measure_that_is_all_larger_goes_on_though_its_far_end_was_early(judge: Judge) -> None:
    def took(low: int, high: int, count: int) -> list[str]:
        rng = random.Random(low)
        return [f"request served took={rng.randint(low, high)}ms" for _ in range(count)]

    (finding,) = [
        each
        for each in judge(took(3, 90, 600), [*took(1200, 2000, 250), *took(700, 850, 250)])
        if each.kind == "measure-worse"
    ]
    assert finding.ongoing


def test_a_number_that_nothing_names_holds_and_never_rolls_back(see: See) -> None:
    stable = [f"INFO computed flurb {n % 7 + 3} now" for n in range(300)]
    canary = [f"INFO computed flurb {n % 70 + 300} now" for n in range(100)]
    found = find(see(stable, canary), RULES)
    assert [each.finding.kind for each in found if each.severity == "warning"] == ["measure-doubt"]
    assert verdict_of(found).verdict == "cannot_tell"
    failing = find(see(stable, [*canary, *["ERROR cannot price"] * 15]), RULES)
    assert {each.finding.kind for each in failing if each.severity == "warning"} >= {
        "measure-doubt",
        "new-error-template",
    }
    alone = [each for each in failing if each.finding.kind in ("measure-doubt", "new-error-template")]
    assert verdict_of(alone).verdict == "cannot_tell"


def test_three_times_as_slow_is_told_and_weighs_nothing(see: See) -> None:
    found = find(
        see([f"took {n % 40 + 20} ms" for n in range(300)], [f"took {n % 160 + 90} ms" for n in range(100)]),
        RULES,
    )
    assert [(each.finding.kind, each.severity) for each in found if "measure" in each.finding.kind] == [
        ("measure-changed", "info")
    ]
    assert verdict_of(found).verdict == "promote"


@pytest.mark.parametrize("name", ["phoenix", "fastify", "http_code", "prose"])
def test_requests_of_any_format_count_as_requests(see: See, name: str) -> None:
    seen = see(lines(ANSWERS[name], 0, 400), lines(ANSWERS[name], 0.1, 120))
    [digest] = [
        each.digest
        for part in seen.parts
        if isinstance(part, Logs) and part.side == "canary"
        for each in part.containers
    ]
    assert logged_requests.count_requests(digest) == 120
    assert list(sufficiency.traffic(seen, Rules(min_requests=100))) == []
    [few] = sufficiency.traffic(seen, Rules(min_requests=200))
    assert few.canary == "120 requests logged"


ODD = st.one_of(
    st.sampled_from(
        [
            "NaN",
            "inf",
            "-1",
            "-0",
            "1e999",
            "4" * 400,
            "0." + "1" * 300,
            "7ms",
            "3h2m1.5.2s",
            "2KiB",
            "",
            "٣",
            "OK",
        ]
    ),
    st.integers(-(10**18), 10**18).map(str),
    st.floats().map(str),
    st.text(max_size=12).map(lambda text: " ".join(text.split())),
)


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(
        ["took {} of it", "rc={} x", '{{"duration":"{}"}}', '{{"status":{}}}', "queue depth: {}"]
    ),
    st.lists(ODD, min_size=1, max_size=9),
    st.lists(ODD, min_size=1, max_size=9),
)
def test_whatever_values_are_compared_with_whatever_values(
    judge: Judge, line: str, stable: list[str], canary: list[str]
) -> None:
    def filled(values: list[str]) -> list[str]:
        return [line.format(value) for value in values] * 30

    kinds = {"failing-status", "status-shift", "measure-worse", "measure-doubt", "measure-changed"}
    assert {finding.kind for finding in judge(filled(stable), filled(canary))} <= kinds
    assert judge(filled(stable), filled(stable)) == []


MIXED = {
    "a word on one side": (["call done, code = OK"] * 300, ["call done, code = 7"] * 100),
    "a number on one side": (["took 12 ms"] * 300, ["took ages ms"] * 100),
    "no number at all": (["load=NaN of eu"] * 300, ["load=inf of eu"] * 100),
    "400 digits": (["handled 12 in all"] * 300, [f"handled {'4' * 400} in all"] * 100),
    "another unit": (["heap 900 MB of it"] * 300, ["heap 900 ms of it"] * 100),
}


@pytest.mark.parametrize("name", MIXED)
def test_values_of_two_kinds_are_not_compared(judge: Judge, name: str) -> None:
    assert judge(*MIXED[name]) == []


MOVED = {  # stable's lines, and what one half of the canary's have in their place
    "a tuple": ("ack order {} (0, 0)", "ack order {} (0, 135)"),
    "a code in prose": ("fetch {} ended: child exit 0", "fetch {} ended: child exit 28"),
    "some of all": ("probe set {} done, 12/12 checks passed", "probe set {} done, 5/12 checks passed"),
    "a hresult": ("mailbox {}: 0x00000000", "mailbox {}: 0x80070005"),
    "a list of errors": (
        '{{"op":"pay","order":{},"errors":[]}}',
        '{{"op":"pay","order":{},"errors":["NO"]}}',
    ),
    "a flag of work": ("sku={} stored=Y", "sku={} stored=N"),
    "below zero": ("wrote frame {}: 1024", "wrote frame {}: -5"),
    "a named fault": ("soap call {} faultcode=none", "soap call {} faultcode=Server"),
    "a phase": ('{{"node":"n{}","phase":"Succeeded"}}', '{{"node":"n{}","phase":"Failed"}}'),
    "a qualified code": ("call {} code=codes.OK", "call {} code=codes.Unavailable"),
    "a status in a word": ("{} TCP_HIT/200 GET http://a/b", "{} TCP_HIT/503 GET http://a/b"),
    "no number": ("total of cart {} is 7.10", "total of cart {} is NaN"),
}


@pytest.mark.parametrize("name", MOVED)
def test_a_code_that_all_of_stables_lines_have_and_half_of_the_canarys_have_not_is_no_promote(
    see: See, judge: Judge, name: str
) -> None:
    well, failed = MOVED[name]
    stable = [well.format(1000 + n) for n in range(300)]
    canary = [(failed if n % 2 else well).format(2000 + n) for n in range(100)]
    assert judge(stable, canary)
    assert verdict_of(find(see(stable, canary), RULES)).verdict != "promote"
    assert judge(stable, stable[:100]) == judge(canary * 3, canary) == []


@pytest.mark.parametrize(
    ("stable", "canary"),
    [
        ("gzip level 0 of order {}", "gzip level 5 of order {}"),  # it is never 0 any more: set so
        ("took 0 ms for order {}", "took 4 ms for order {}"),
        ("served order {} from shard 0", "served order {} from shard 3"),
    ],
)
def test_a_number_that_was_0_and_is_no_code_is_no_finding(judge: Judge, stable: str, canary: str) -> None:
    before = [stable.format(1000 + n) for n in range(300)]
    found = judge(before, [canary.format(2000 + n) for n in range(100)])
    assert {finding.kind for finding in found} <= {"measure-changed"}


@pytest.mark.parametrize(
    ("text", "usual", "fallen"), [("ingest rate: {} msgs/sec", 3000, 40), ("decoder at {} fps", 58, 6)]
)
def test_what_is_done_in_a_time_is_a_doubt_where_it_fell_beyond_any_load(
    judge: Judge, text: str, usual: int, fallen: int
) -> None:
    stable = [text.format(usual + n % 5) for n in range(300)]
    [doubt] = judge(stable, [text.format(fallen + n % 3) for n in range(100)])
    assert doubt.kind == "measure-doubt"
    assert "times smaller than stable's, more than its share of the work explains" in doubt.sentence
    assert judge(stable, [text.format(usual * 4 + n % 5) for n in range(100)]) == []


@pytest.mark.parametrize(
    ("usual", "other", "numbers"),
    [
        ("flushed batch of {}/100 rows", 100, range(5, 40)),
        ("pool: workers busy {}/8", 8, range(1, 4)),
        ("stats: {} in flight, 40 open", 0, range(4)),
        ("gc: young 3, old {}", 0, range(2)),
        ("request 7 served, hops {}", 0, range(3)),
    ],
)
def test_what_may_be_less_load_or_another_way_is_no_rollback(
    see: See, usual: str, other: int, numbers: range
) -> None:
    rng = random.Random(3)
    canary = [usual.format(rng.choice(numbers)) for _ in range(118)]
    assert verdict_of(find(see([usual.format(other)] * 118, canary), RULES)).verdict != "rollback"


@pytest.mark.parametrize("field", ["valid", "verified", "connected", "published"])
def test_what_a_client_or_a_draft_may_be_is_no_rollback(see: See, field: str) -> None:
    usual = f'{{"level":"info","msg":"saved","{field}":true}}'
    canary = [usual.replace("true", "false") if number % 9 == 0 else usual for number in range(118)]
    assert verdict_of(find(see([usual] * 118, canary), RULES)).verdict != "rollback"


def test_a_policy_for_failures_is_no_failure(see: See) -> None:
    usual = '{"level":"info","msg":"step","on_failure":"none"}'
    canary = [usual.replace("none", "retry")] * 118
    assert verdict_of(find(see([usual] * 118, canary), RULES)).verdict == "promote"
