"""An outage of both sides holds while it lasts; noise of both, one that healed, and one that has just begun do not."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.pods import Pod
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.models.builtin import judge
from analyzer.settings import Rules
from analyzer.target import Role

Lines = list[tuple[float, str]]
Build = Callable[..., Evidence]
GET = '10.0.0.7 - - [03/Nov/2026:12:00:00 +0000] "GET /v1/items/{} HTTP/1.1" {} 512 "-" "curl/8.5"'
REFUSED = "2026-11-03 12:00:00 ERROR db: cannot connect to orders-db:5432: connection refused"
OWN = "2026-11-03 12:00:00 ERROR total: cannot apply discount to order {}"
JOB = "2026-11-03 12:00:00 INFO queue: message {} stored"
AWAY = "2026-11-03 12:00:00 ERROR queue: cannot fetch from topic parcels: broker is not available"


def requests(since: float, until: float, failing: float = 0.0, every: float = 1.0) -> Lines:
    """Requests from so many seconds before the end on, of which an even share fails, with what is logged of it."""
    lines: Lines = []
    for number in range(round((since - until) / every)):
        at = since - number * every
        fails = int((number + 1) * failing) > int(number * failing)
        lines.append((at, GET.format(number, 500 if fails else 200)))
        if fails:
            lines.append((at, REFUSED))
    return lines


@pytest.fixture
def graded(
    evidence: Build, pod: Callable[..., Pod], ago: Callable[[float], datetime]
) -> Callable[[Lines, Lines], tuple[Graded, ...]]:
    def side(role: Role, lines: Lines) -> Logs:
        ordered = sorted(lines, key=lambda each: -each[0])
        text = "".join(f"{ago(at).isoformat().replace('+00:00', 'Z')} {line}\n" for at, line in ordered)
        return assemble(role, [mined_stream(f"{role}-1", "app", False, (text.encode(),), str)])

    def found(stable: Lines, canary: Lines) -> tuple[Graded, ...]:
        seen = evidence(
            [pod("canary-1", age=3000)],
            [pod("stable-1", age=9000)],
            more=(side("stable", stable), side("canary", canary)),
        )
        return find(seen, Rules())

    return found


Found = Callable[[Lines, Lines], tuple[Graded, ...]]


def holds(findings: Sequence[Graded]) -> list[str]:
    return [each.finding.kind for each in findings if each.severity == "hold"]


def test_an_outage_that_goes_on_is_held_and_said(graded: Found) -> None:
    log = [*requests(600, 300), *requests(300, 0, 0.8)]
    findings = graded(log, log)
    (held,) = [each.finding for each in findings if each.severity == "hold"]
    assert (held.kind, held.scope) == ("shared-outage", "both")
    assert held.sentence.startswith(
        "container app of both sides fails alike, and still: 80 % of what the canary does, 80 % of what stable does."
        " It is an outage that would hit any version, and how the canary works was not seen:"
    )
    assert "240 of 300 requests" in held.canary
    answer = judge(findings)
    assert answer.verdict == "cannot_tell"
    assert "depend on" in answer.remediation


@pytest.mark.parametrize("share", [0.55, 1.0])
def test_one_of_the_whole_window(graded: Found, share: float) -> None:
    log = requests(600, 0, share)
    assert holds(graded(log, log)) == ["shared-outage"]


def test_a_queue_that_both_sides_do_not_get_at(graded: Found) -> None:
    log = [(float(at), JOB.format(at)) for at in range(600, 360, -1)]
    log += [(float(at), AWAY) for at in range(360, 0, -2)]
    assert holds(graded(log, log)) == ["shared-outage"]


def test_of_a_canarys_few_requests_half_may_succeed_by_chance(graded: Found) -> None:
    stable = [*requests(600, 200), *requests(200, 0, 0.65)]
    few = [*requests(600, 200, every=6), *requests(200, 0, 0.47, every=7)]  # 13 of 28
    assert holds(graded(stable, few)) == ["shared-outage"]


def test_where_half_of_many_succeed_the_canary_is_seen(graded: Found) -> None:
    stable = [*requests(600, 300), *requests(300, 0, 0.65)]
    assert holds(graded(stable, [*requests(600, 300), *requests(300, 0, 0.42)])) == []


def test_requests_whose_status_is_a_field_are_not_taken_for_more_than_they_were(graded: Found) -> None:
    """Each that fails logs another line, so that of the lines fewer are requests than before."""
    get = '[2026-11-03T12:00:00+00:00] request.{}: GET /prices/{} answered {{"status":{},"ms":{}}} []'
    away = "[2026-11-03T12:00:00+00:00] app.ERROR: broker closed the connection: not available [] []"

    def log(every: float) -> Lines:
        lines: Lines = []
        for number in range(round(600 / every)):
            at, fails = 600 - number * every, number * every > 390 and number % 20 < 11
            lines.append(
                (at, get.format(*(("ERROR", number, 503) if fails else ("INFO", number, 200)), number % 90))
            )
            if fails:
                lines.append((at, away))
        return lines

    assert holds(graded(log(1.0), log(3.0))) == ["shared-outage"]


@pytest.mark.parametrize("share", [0.1, 0.25, 0.4])
def test_noise_of_both_is_none(graded: Found, share: float) -> None:
    log = requests(600, 0, share)
    findings = graded(log, log)
    assert holds(findings) == []
    assert judge(findings).verdict == "promote"


def test_a_line_that_counts_failures_and_mostly_none_is_none(graded: Found) -> None:
    log = [
        (float(at), f"reconcile finished errors: {3 * (at > 590)}, objects: {at}") for at in range(600, 0, -1)
    ]
    assert holds(graded(log, log)) == []


def test_one_that_has_healed_is_none(graded: Found) -> None:
    log = [*requests(600, 480), *requests(480, 300, 1.0), *requests(300, 0)]
    findings = graded(log, log)
    assert holds(findings) == []
    assert judge(findings).verdict == "promote"


def test_one_that_has_healed_for_stable_alone_is_none_of_both(graded: Found) -> None:
    healed = [*requests(600, 480), *requests(480, 140, 1.0), *requests(140, 0)]
    assert "shared-outage" not in holds(graded(healed, requests(600, 0, 1.0)))


def test_one_that_has_just_begun_after_much_good_work_is_none(graded: Found) -> None:
    log = [*requests(600, 45), *requests(45, 0, 0.9)]
    assert holds(graded(log, log)) == []


def test_failures_of_one_side_are_no_outage_of_both(graded: Found) -> None:
    sick = [*requests(600, 300), *requests(300, 0, 0.8)]
    assert "shared-outage" not in holds(graded(requests(600, 0, 0.03), sick))
    assert holds(graded(sick, requests(600, 0, 0.03))) == []


def test_a_fault_of_the_canary_alone_is_told_beside_it(graded: Found) -> None:
    log = [*requests(600, 300), *requests(300, 0, 0.8)]
    own = [(at, OWN.format(number)) for number, (at, _) in enumerate(log[::3])]
    findings = graded(log, [*log, *own])
    assert holds(findings) == ["shared-outage"]
    assert any("discount" in each.finding.sentence and each.severity == "warning" for each in findings)


def test_lines_without_times_tell_of_none(graded: Found, evidence: Build, pod: Callable[..., Pod]) -> None:
    text = "".join(f"{line}\n" for _, line in requests(600, 0, 0.9)).encode()

    def side(role: Role) -> Logs:
        return assemble(role, [mined_stream(f"{role}-1", "app", False, (text,), str)])

    seen = evidence([pod("canary-1")], [pod("stable-1")], more=(side("stable"), side("canary")))
    assert "shared-outage" not in holds(find(seen, Rules()))


EXPORTER = "2026-11-03 12:00:00 ERROR otel: failed to export traces: connection refused"


def exporter(every: float = 10.0) -> Lines:
    """A noise of both sides: traces that reach no collector."""
    return [(600 - every * number, EXPORTER) for number in range(round(600 / every))]


def test_a_noise_of_both_sides_hides_no_broken_canary(graded: Found) -> None:
    findings = graded(
        [*requests(600, 0, every=6), *exporter()], [*requests(600, 0, 1.0, every=6), *exporter()]
    )
    assert "shared-outage" not in holds(findings)
    assert judge(findings).verdict == "rollback"


def test_a_noise_of_both_sides_is_no_outage(graded: Found) -> None:
    quiet = [*requests(600, 0, every=6), *exporter()]
    assert holds(graded(quiet, quiet)) == []
    worker = [*((600 - 60 * number, JOB.format(number)) for number in range(10)), *exporter()]
    assert "shared-outage" not in holds(graded(worker, worker))


def test_one_earlier_failure_makes_an_outage_no_shorter(graded: Found) -> None:
    log = [(590.0, REFUSED), *requests(600, 250), *requests(250, 0, 1.0)]
    assert holds(graded(log, log)) == ["shared-outage"]
