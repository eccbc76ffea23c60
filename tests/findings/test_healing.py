"""An error has healed where the same work went on without it, and not where the load ended."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.pods import Container, Pod, State
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.models.builtin import judge
from analyzer.redact import redact
from analyzer.settings import Rules
from analyzer.target import Role

Lines = list[tuple[float, str]]
Found = Callable[..., tuple[Graded, ...]]
SENT = "INFO [mailer] message {0} accepted by relay"
FAILED = "ERROR [mailer] message {0} rejected by relay: mailbox full"
PAID = '10.1.2.3 - - [03/Nov/2026:12:00:00 +0000] "POST /pay/{0} HTTP/1.1" 200 12'
UNPAID = '10.1.2.3 - - [03/Nov/2026:12:00:00 +0000] "POST /pay/{0} HTTP/1.1" 502 12'
LISTED = '10.1.2.3 - - [03/Nov/2026:12:00:00 +0000] "GET /invoices HTTP/1.1" 200 12'
FLUSHED = "INFO [stats] flushed {0} series"
SEEDED = 'ERROR [seed] relation "users" already exists'
REFUSED = "ERROR [pool] connect tcp 10.0.0.7:5432: connection refused"


def every(seconds: float, line: str, since: float, until: float) -> Lines:
    """A line again and again, from so many seconds before the window's end to so many before it."""
    return [
        (since - number * seconds, line.format(number)) for number in range(int((since - until) / seconds))
    ]


@pytest.fixture
def found(
    evidence: Callable[..., Evidence],
    pod: Callable[..., Pod],
    container: Callable[..., Container],
    ago: Callable[[float], datetime],
) -> Found:
    """What a canary amounts to that started 590 s ago, and logs these lines; stable, in its `app`, logs
    others.

    `names` are its container's; `known` is whether the bundle tells when its lines came.
    """

    def read(role: Role, lines: Lines, name: str, known: bool) -> Logs:
        ordered = sorted(lines, key=lambda each: -each[0])
        text = "".join(f"{ago(at).isoformat().replace('+00:00', 'Z')} {line}\n" for at, line in ordered)
        logs = assemble(role, [mined_stream(f"{role}-1", name, False, (text.encode(),), redact)])
        if known:
            return logs
        containers = tuple(
            replace(each, digest=replace(each.digest, timeline=None)) for each in logs.containers
        )
        return replace(
            logs, containers=containers, streams=tuple(replace(each, timeline=None) for each in logs.streams)
        )

    def graded(
        stable: Lines, canary: Lines, *, name: str = "app", known: bool = True, up: float = 590, **fields: Any
    ) -> tuple[Graded, ...]:
        run = container(name, state=State(kind="running", started_at=ago(up)), **fields)
        old = container(state=State(kind="running", started_at=ago(86400)))
        return find(
            evidence(
                [pod("canary-1", run, age=590)],
                [pod("stable-1", old, age=86400)],
                more=(read("stable", stable, "app", known), read("canary", canary, name, known)),
            ),
            Rules(),
        )

    return graded


def errors(graded: Sequence[Graded]) -> dict[str, tuple[bool, bool]]:
    """The findings of errors by kind: whether each goes on, and whether it healed."""
    return {
        each.finding.kind: (each.finding.ongoing, each.finding.healed)
        for each in graded
        if each.finding.kind
        in ("new-error-template", "error-share", "startup-error-template", "unmatched-container-errors")
    }


WORK = every(0.5, SENT, 590, 0)


def test_a_minute_of_errors_in_work_that_goes_on_has_healed(found: Found) -> None:
    seen = found(WORK, [*WORK, *every(1, FAILED, 480, 420)])
    assert errors(seen) == {"new-error-template": (False, True), "error-share": (False, True)}
    ended = " (from 11:52:00 to 11:52:59 only; 840 lines since, no error; the work has gone on)"
    assert f"{ended}: message" in seen[0].finding.sentence
    assert f"{ended}, stable on 0 %" in seen[1].finding.sentence
    assert judge(seen).verdict == "promote"


def test_errors_that_ended_with_the_load_go_on(found: Found) -> None:
    """What a timer logs is not the work."""
    failing = [*every(1, SENT, 590, 300), *every(2, FAILED, 500, 300), *every(20, FLUSHED, 590, 0)]
    seen = found([*WORK, *every(20, FLUSHED, 590, 0)], failing)
    assert errors(seen)["new-error-template"] == (True, False)
    assert judge(seen).verdict != "promote"


def test_nothing_but_errors_and_then_next_to_nothing_goes_on(found: Found) -> None:
    seen = found(WORK, [*every(1, FAILED, 520, 300), *every(20, FLUSHED, 590, 0)])
    assert errors(seen)["new-error-template"] == (True, False)


def test_too_few_lines_since_to_tell(found: Found) -> None:
    """One in ten failed, and ten came since."""
    slow = [*every(10, SENT, 590, 300), *every(100, FAILED, 520, 220), *every(30, SENT, 290, 0)]
    assert errors(found(every(10, SENT, 590, 0), slow)) == {"new-error-template": (True, False)}


def test_errors_in_waves_have_not_healed(found: Found) -> None:
    waves = [line for since in (500, 330, 160) for line in every(0.2, FAILED, since, since - 20)]
    assert errors(found(WORK, [*WORK, *waves]))["new-error-template"] == (False, False)


def test_a_few_of_each_are_one_episode_which_has_healed(found: Found) -> None:
    """Two errors, each too rare to be due often enough by itself."""
    few = [*every(3, FAILED, 480, 470), *every(4, REFUSED, 479, 469)]
    seen = [each.finding for each in found(every(1, SENT, 590, 0), [*every(1, SENT, 590, 0), *few])]
    ended = [finding for finding in seen if finding.kind == "new-error-template"]
    assert [(finding.ongoing, finding.healed) for finding in ended] == [(False, True)] * len(ended)
    later = [(200.0, REFUSED)]
    seen = [each.finding for each in found(every(1, SENT, 590, 0), [*every(1, SENT, 590, 0), *few, *later])]
    assert not any(finding.healed for finding in seen if "refused" in finding.sentence)


def test_a_request_has_healed_when_it_succeeds_again_and_not_when_others_do(found: Found) -> None:
    usual = [*every(1, PAID, 590, 0), *every(1, LISTED, 590, 0)]
    others = [*every(1, LISTED, 590, 0), *every(1, PAID, 590, 500)]
    failed = every(0.5, UNPAID, 480, 430)
    assert errors(found(usual, [*usual, *failed]))["new-error-template"] == (False, True)
    assert errors(found(usual, [*others, *failed]))["new-error-template"] == (True, False)


def test_a_bundle_that_does_not_say_when_its_lines_came_is_judged_by_their_last_times(found: Found) -> None:
    failing = [*every(1, SENT, 590, 300), *every(2, FAILED, 500, 300), *every(20, FLUSHED, 590, 0)]
    assert errors(found(WORK, failing, known=False))["new-error-template"] == (False, False)


class TestStart:
    """Errors that stand in a start alone, and quiet since."""

    def test_they_are_the_starts_though_little_came_after(self, found: Found) -> None:
        usual = every(60, SENT, 590, 0)
        for line in (SEEDED, REFUSED):
            seen = found(usual, [*every(2, line, 588, 582), *every(60, SENT, 530, 400)])
            assert errors(seen) == {"startup-error-template": (False, False)}

    def test_they_go_on_where_the_pod_is_not_ready(self, found: Found) -> None:
        seen = found(WORK, every(2, REFUSED, 588, 582), ready=False)
        assert errors(seen)["new-error-template"][0]

    def test_in_a_container_that_there_is_nothing_to_compare_with(self, found: Found) -> None:
        assert "unmatched-container-errors" not in errors(
            found(WORK, every(1, REFUSED, 588, 580), name="cart")
        )
        goes_on = found(WORK, every(10, REFUSED, 588, 0), name="cart")
        assert errors(goes_on) == {"unmatched-container-errors": (True, False)}

    def test_of_an_earlier_run(self, found: Found, ago: Callable[[float], datetime]) -> None:
        """It exited while the database was not up, and has run since for longer than a start takes."""
        last = State(
            kind="terminated", reason="Error", exit_code=1, started_at=ago(590), finished_at=ago(580)
        )
        lines = [*every(2, REFUSED, 589, 581), *every(0.5, SENT, 560, 0)]
        seen = found(WORK, lines, up=565, restarts=1, last_state=last)
        assert errors(seen) == {"startup-error-template": (False, True)}
        young = found(
            WORK, [*every(2, REFUSED, 589, 581), *every(0.5, SENT, 40, 0)], up=45, restarts=1, last_state=last
        )
        assert "startup-error-template" not in errors(young)
