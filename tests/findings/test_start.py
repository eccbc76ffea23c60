"""What the canary logs at its start is new, and its errors weigh, only where stable's log has a start as
well.
"""

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

Lines = Sequence[tuple[float, str]]
Found = Callable[..., tuple[Graded, ...]]
SERVED = [(590 - n, f"INFO served item {n}") for n in range(590)]
START = [(398, "ERROR no broker yet"), (390, "ERROR config cache is cold")]


@pytest.fixture
def found(
    ago: Callable[[float], datetime],
    evidence: Callable[..., Evidence],
    pod: Callable[..., Pod],
    container: Callable[..., Container],
) -> Found:
    """What some lines of the canary amount to: its container started 400 s ago, stable's a day ago unless
    told otherwise.

    `begun` is the beginning of stable's log, where that was read; `cut`: a bound left out some of its log.
    """

    def findings(
        errors: Lines,
        stable_up: float = 86400,
        canary_lines: Lines = SERVED[190:],
        stable_lines: Lines = SERVED,
        begun: Lines = (),
        cut: bool = False,
        **fields: Any,
    ) -> tuple[Graded, ...]:
        def run(up: float, **more: Any) -> Container:
            return container(state=State(kind="running", started_at=ago(up)), **more)

        def read(role: Role, lines: Lines) -> Logs:
            stamped = (
                (ago(at).isoformat().replace("+00:00", "Z"), line)
                for at, line in sorted(lines, key=lambda each: -each[0])
            )
            text = "".join(f"{stamp} {line}\n" for stamp, line in stamped).encode()
            return assemble(role, [mined_stream(f"{role}-1", "app", False, (text,), redact)])

        theirs = read("stable", stable_lines)
        theirs = replace(theirs, streams=tuple(replace(each, truncated=cut) for each in theirs.streams))
        logs = [
            replace(theirs, starts=read("stable", begun).containers if begun else ()),
            read("canary", [*canary_lines, *errors]),
        ]
        canary, stable = (
            pod("canary-1", run(400, **fields), age=410),
            pod("stable-1", run(stable_up), age=stable_up),
        )
        return find(evidence([canary], [stable], more=logs), Rules())

    return findings


def kinds(graded: Sequence[Graded]) -> list[str]:
    return [each.finding.kind for each in graded if "error" in each.finding.kind]


def test_they_are_told_and_the_canary_is_judged_by_what_came_after(found: Found) -> None:
    graded = found(START)
    assert kinds(graded) == ["startup-error-template"] * 2
    assert graded[0].severity == "warning"
    assert graded[0].finding.sentence == (
        "container app logs an error line at its start, which stable's log does not cover:"
        " config cache is cold"
    )
    assert judge(graded).verdict == "promote"


def test_they_are_new_where_a_pod_of_stable_has_started_as_well(found: Found) -> None:
    assert kinds(found(START, stable_up=500)) == ["new-error-template"] * 2


def test_what_comes_again_later_is_no_start(found: Found) -> None:
    again = [(at, "ERROR no broker yet") for at in (398, 396, 394, 200)]
    assert kinds(found(again)) == ["new-error-template"]
    assert kinds(found(again[:3])) == ["startup-error-template"]
    assert kinds(found([(330, "ERROR no broker yet")])) == ["new-error-template"]


def test_its_own_probes_may_allow_more(found: Found) -> None:
    assert kinds(found([(330, "ERROR no broker yet")], startup_seconds=120)) == ["startup-error-template"]


def test_what_goes_on_is_no_start(found: Found) -> None:
    again = [(398 - 50 * number, "ERROR no broker yet") for number in range(8)]
    assert kinds(found(again)) == ["new-error-template", "error-share"]


def test_what_a_start_ends_with_is_a_starts_and_the_quiet_since_is_held(found: Found) -> None:
    graded = found(START[:1], canary_lines=SERVED[190:205])
    assert kinds(graded) == ["startup-error-template"]
    assert judge(graded).verdict == "cannot_tell"


def test_a_container_that_restarted_is_over_its_start_when_it_has_run_for_longer(found: Found) -> None:
    assert kinds(found(START[:1], restarts=1)) == ["startup-error-template"]


def test_a_canary_that_is_not_ready_has_not_started(found: Found) -> None:
    assert kinds(found(START[:1], ready=False)) == ["new-error-template"]


OLD = [(86400 - number, f"INFO served item {number}") for number in range(100)]
BEGINNING = [
    (398, "INFO loading prices"),
    (397, "INFO listening on port 8080"),
    (396, "WARN no TLS"),
    (395, "loaded 12 rules"),
]


def told(graded: Sequence[Graded]) -> list[tuple[str, str]]:
    """What is said of lines that only the canary has."""
    of_interest = (
        "startup-log-templates",
        "new-log-template",
        "new-error-template",
        "startup-error-template",
    )
    return [(each.finding.kind, each.finding.sentence) for each in graded if each.finding.kind in of_interest]


class TestHarmlessLines:
    def test_they_are_told_in_one_and_none_is_called_new(self, found: Found) -> None:
        graded = found(BEGINNING)
        [start] = [each for each in graded if each.finding.kind == "startup-log-templates"]
        assert start.severity == "info"
        assert start.finding.sentence == (
            "container app logs 3 lines at its start, which stable's log does not cover:"
            " loading prices; listening on port <num>; loaded <num> rules"
        )
        assert (start.finding.stable, start.finding.canary) == ("no start in 590 lines", "3 of 404 lines")
        assert [sentence for kind, sentence in told(graded) if kind == "new-log-template"] == [
            "container app logs a warning line at its start, which stable's log does not cover: no TLS"
        ]

    def test_beyond_those_shown_they_are_counted(self, found: Found) -> None:
        four = [*BEGINNING, (394, "INFO cache is warm")]
        assert told(found(four))[0][1].endswith(
            ": loading prices; listening on port <num>; loaded <num> rules; and 1 more template"
        )

    def test_those_of_a_young_canary_are_no_less_of_its_start(self, found: Found) -> None:
        assert [kind for kind, _ in told(found(BEGINNING[:2], canary_lines=SERVED[190:205]))] == [
            "startup-log-templates"
        ]

    def test_those_of_each_start_of_a_container_that_starts_again(
        self, found: Found, ago: Callable[[float], datetime]
    ) -> None:
        last = State(kind="terminated", started_at=ago(405), finished_at=ago(401))
        assert [
            kind
            for kind, _ in told(
                found([(404, "INFO loading prices"), *BEGINNING[:1]], restarts=1, last_state=last)
            )
        ] == ["startup-log-templates"]

    def test_a_line_that_comes_later_is_new(self, found: Found) -> None:
        assert told(found([(200, "INFO loading prices")])) == [
            (
                "new-log-template",
                (
                    "container app logs an info line that stable never logs (at 11:56:40 only;"
                    " 190 lines since): loading prices"
                ),
            )
        ]

    def test_they_are_in_no_base_of_a_rate(self, found: Found) -> None:
        """A line that both sides log as often per request would be half as frequent per line, by what only a
        start logs.
        """
        chatter = [(398 - number / 100, f"INFO loaded rule {number}") for number in range(2000)]
        assert "log-template-rate" not in [each.finding.kind for each in found(chatter)]
        later = [(at - 100, line) for at, line in chatter]
        assert "log-template-rate" in [each.finding.kind for each in found(later)]


class TestStablesOwnStart:
    """What a start of stable logs is known where the beginning of its log was read, although that is before
    the window.
    """

    def test_what_both_log_at_their_starts_is_no_finding(self, found: Found) -> None:
        assert (
            told(
                found(
                    BEGINNING,
                    begun=[(86399.5, "INFO loading prices"), *((86398, line) for _, line in BEGINNING), *OLD],
                )
            )
            == []
        )

    def test_what_it_would_show_and_does_not_is_new(self, found: Found) -> None:
        assert told(found(BEGINNING[:1], begun=OLD)) == [
            (
                "new-log-template",
                (
                    "container app logs an info line that stable never logs (at 11:53:22 only;"
                    " 390 lines since): loading prices"
                ),
            )
        ]

    def test_where_it_ends_too_early_it_tells_nothing(self, found: Found) -> None:
        assert [kind for kind, _ in told(found(BEGINNING[:1], begun=OLD[:3]))] == ["startup-log-templates"]

    def test_errors_of_both_starts_are_none_of_the_canary(self, found: Found) -> None:
        errors = [(398 - number / 10, "ERROR no broker yet") for number in range(30)]
        begun = [*OLD, *((at + 86000, line) for at, line in errors)]
        assert kinds(found(errors, begun=begun)) == []
        assert kinds(found(errors, begun=OLD)) == ["new-error-template", "error-share"]

    def test_an_error_that_stable_logs_at_its_start_alone_and_the_canary_later_too_is_new(
        self, found: Found
    ) -> None:
        errors = [(at, "ERROR no broker yet") for at in (398, 200, 20)]
        [(kind, sentence)] = told(found(errors, begun=[*OLD, (86390, "ERROR no broker yet")]))
        assert (kind, sentence) == (
            "new-error-template",
            "container app logs an error line that stable logs at its start alone: no broker yet",
        )

    def test_so_is_one_that_goes_on_or_whose_start_is_not_over(self, found: Found) -> None:
        begun = [*OLD, (86390, "ERROR no broker yet")]
        assert kinds(found(START[:1], begun=begun)) == []
        again = [(398 - 50 * number, "ERROR no broker yet") for number in range(8)]
        assert kinds(found(again, begun=begun)) == ["new-error-template", "error-share"]
        assert kinds(found(START[:1], begun=begun, ready=False)) == ["new-error-template"]

    def test_a_container_that_is_silent_in_stable_since_its_start_is_compared_with_that(
        self, found: Found
    ) -> None:
        start = [(398, "INFO migrating"), (388, "INFO migrated 12 tables")]
        begun = [(at + 86000, line) for at, line in start]
        silent = found(start, canary_lines=(), stable_lines=(), begun=begun)
        assert [each.finding.kind for each in silent] == ["no-work-seen"]
        [_, alone] = found(start, canary_lines=(), stable_lines=())
        assert (
            alone.finding.sentence
            == "container app has logs, and stable's has none in this time, so they are compared with nothing"
        )
        [(_, sentence)] = told(
            found([*start, (396, "ERROR no table prices")], canary_lines=(), stable_lines=(), begun=begun)
        )
        assert "that stable never logs (" in sentence
        assert sentence.endswith("): no table prices")


def test_a_start_of_stable_whose_log_was_cut_is_none(found: Found) -> None:
    assert kinds(found(START, stable_up=500, cut=True)) == ["startup-error-template"] * 2


def test_errors_of_the_start_are_in_no_share(found: Found) -> None:
    many = [(398 - number / 10, "ERROR no broker yet") for number in range(60)]
    assert kinds(found(many)) == ["startup-error-template"]
    assert kinds(found([(at - 100, line) for at, line in many])) == ["new-error-template", "error-share"]
