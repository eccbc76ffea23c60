"""A canary, or a pod of it, whose work is missing is held; where something else explains its quiet, it is not."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, Stream, assemble, mined_stream
from analyzer.evidence.pods import Container, Pod, State
from analyzer.evidence.traffic import Traffic
from analyzer.evidence.weights import Weight
from analyzer.findings import find
from analyzer.findings.interface import Finding
from analyzer.models.builtin import judge
from analyzer.redact import redact
from analyzer.settings import Rules
from analyzer.target import Role

Lines = Sequence[tuple[float, str]]
Build = Callable[..., Evidence]
JOB = "2026-11-03 12:00:00 INFO [pool-2] c.acme.Shipper : parcel {0} handed over"
QUERY = '172.16.0.7 - - [03/Nov/2026:12:00:00 +0000] "POST /graphql HTTP/1.1" 200 {0} "-" "apollo/3"'
PROBE = '10.42.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET /livez HTTP/1.1" 200 2 "-" "kube-probe/1.31"'
TICK = "2026-11-03 12:00:00 DEBUG [timer] c.acme.Pool : 4 of 10 connections idle"


def every(seconds: float, line: str, since: float = 600, until: float = 0) -> list[tuple[float, str]]:
    """A line now and then, by chance, from so many seconds before the window's end to so many before it."""
    turn = random.Random(f"{line}{seconds}{since}{until}")
    count = int((since - until) / seconds)
    return [(turn.uniform(until, since), line.format(number)) for number in range(count)]


@pytest.fixture
def build(
    evidence: Build,
    pod: Callable[..., Pod],
    container: Callable[..., Container],
    ago: Callable[[float], datetime],
) -> Build:
    """Evidence of pods that log these lines; the canary's are Ready for 500 s, stable's for a day.

    `weight` is the canary's share from a time on, in seconds before the end; None where no Rollout is known.
    """

    def side(role: Role, pods: Sequence[Lines]) -> Logs:
        def text(lines: Lines) -> bytes:
            ordered = sorted(lines, key=lambda each: -each[0])
            return "".join(
                f"{ago(at).isoformat().replace('+00:00', 'Z')} {line}\n" for at, line in ordered
            ).encode()

        streams = [
            mined_stream(f"{role}-{n}", "app", False, (text(each),), redact) for n, each in enumerate(pods)
        ]
        return assemble(role, streams)

    def aged(name: str, age: float) -> Pod:
        return pod(name, container(state=State(kind="running", started_at=ago(age))), age=age)

    def made(
        stable: Sequence[Lines], canary: Sequence[Lines], weight: int | None = None, since: float = 500
    ) -> Evidence:
        told = Traffic(
            side="canary",
            strategy="canary",
            weight=weight,
            weights=(Weight(at=ago(since), weight=weight or 0),),
        )
        whole = evidence(
            [aged(f"canary-{number}", 500) for number in range(len(canary))],
            [aged(f"stable-{number}", 86400) for number in range(len(stable))],
            more=(side("stable", stable), side("canary", canary), *((told,) if weight is not None else ())),
        )
        return replace(whole, target=replace(whole.target, rollout="cart" if weight is not None else ""))

    return made


def missing(evidence: Evidence) -> Finding | None:
    found = [each for each in find(evidence, Rules()) if each.finding.kind == "missing-work"]
    assert all(each.severity == ("blocking" if each.finding.settled else "hold") for each in found)
    return found[0].finding if found else None


class TestMissing:
    def test_what_stops_half_way(self, build: Build) -> None:
        work = every(1, QUERY, 250, 0)[::40]  # a twentieth and less of its share
        seen = build([every(0.5, QUERY)] * 2, [[*every(0.5, QUERY, 500, 250), *work, *every(10, PROBE)]], 25)
        finding = missing(seen)
        assert finding is not None
        assert not finding.settled
        assert finding.sentence.startswith(
            "container app of the canary has stopped its work: expected about "
        )
        assert "requests in the last 250 s (since 11:55:50) by" in finding.sentence
        assert finding.sentence.endswith("; the work, as stable logs it: POST /graphql 2xx")
        assert finding.samples
        assert judge(find(seen, Rules())).verdict == "cannot_tell"

    def test_what_never_began_but_for_a_background(self, build: Build) -> None:
        start = [(505.0, "Started Shipper in 4.2 seconds")]
        finding = missing(build([every(0.5, JOB)] * 2, [[*start, *every(25, TICK)]] * 2, 50))
        assert finding is not None
        assert "has done next to nothing since its start: expected about" in finding.sentence
        assert "by stable's rate" in finding.sentence

    @pytest.mark.parametrize("weight", [50, None])
    def test_a_fiftieth_of_its_share(self, build: Build, weight: int | None) -> None:
        finding = missing(build([every(0.5, QUERY)] * 2, [every(25, QUERY, 500)] * 2, weight))
        assert finding is not None
        assert "requests in" in finding.canary

    def test_one_pod_of_three(self, build: Build) -> None:
        """However small the canary's share is."""
        idle = every(10, PROBE, 500)
        finding = missing(
            build([every(0.2, QUERY)] * 3, [every(2, QUERY, 500), idle, every(2, QUERY, 500)], 5)
        )
        assert finding is not None
        assert finding.sentence.startswith(
            "container app of 1 of 3 canary pods (canary-1) has done next to nothing since its start"
        )
        assert "by the rate of the other pods, seen 0; " in finding.sentence

    @pytest.mark.parametrize("pods", [2, 3])
    def test_one_pod_of_several_where_each_has_four_requests_a_minute(self, build: Build, pods: int) -> None:
        work = [every(15, QUERY, 500 + number) for number in range(pods - 1)]
        stable = [every(15, QUERY, 600 + number) for number in range(2)]
        finding = missing(build(stable, [*work, every(10, PROBE, 500)], 50))
        assert finding is not None
        assert f"of 1 of {pods} canary pods" in finding.sentence

    def test_many_pods_that_have_little_each(self, build: Build) -> None:
        finding = missing(build([every(6, JOB)] * 6, [every(6, JOB, 500, 300)] * 6, 50))
        assert finding is not None
        assert "of the canary has stopped its work" in finding.sentence


class TestExplained:
    def test_an_even_share(self, build: Build) -> None:
        assert missing(build([every(0.5, QUERY)] * 3, [every(1.4, QUERY, 500)], 10)) is None
        assert missing(build([every(1, JOB)] * 2, [every(0.8, JOB, 500), every(1.4, JOB, 500)])) is None

    def test_both_sides_are_idle_from_then_on(self, build: Build) -> None:
        assert missing(build([every(0.5, QUERY, 600, 250)] * 2, [every(0.5, QUERY, 500, 250)], 25)) is None

    def test_the_weight_was_taken_back(self, build: Build, ago: Callable[[float], datetime]) -> None:
        seen = build([every(0.5, QUERY)] * 2, [every(0.5, QUERY, 500, 250)], 1)
        weights = (Weight(at=ago(500), weight=25), Weight(at=ago(250), weight=1))
        parts = tuple(
            replace(part, weights=weights) if isinstance(part, Traffic) else part for part in seen.parts
        )
        assert missing(replace(seen, parts=parts)) is None

    def test_it_has_its_share_since_a_moment_ago(self, build: Build) -> None:
        assert missing(build([every(2, QUERY)] * 2, [every(10, PROBE, 500)], 10, since=60)) is None

    def test_few_were_expected_for_lines_that_come_five_at_a_time(self, build: Build) -> None:
        """As many lines are enough where each comes by itself."""

        def bursts(until: float, since: float = 600) -> list[tuple[float, str]]:
            return [
                (at - turn / 1000, line) for at, line in every(40, QUERY, since, until) for turn in range(5)
            ]

        assert missing(build([bursts(0)] * 2, [bursts(250, 500)], 33)) is None
        single = every(8, QUERY, 500, 250)
        assert missing(build([every(8, QUERY)] * 2, [single], 33)) is not None

    @pytest.mark.parametrize("seconds", [20, 40])
    def test_few_were_expected(self, build: Build, seconds: float) -> None:
        assert missing(build([every(seconds, QUERY)] * 2, [every(seconds, QUERY, 500, 250)], 33)) is None

    def test_a_batch_now_and_then(self, build: Build) -> None:
        """The canary's turn comes at another time than stable's."""

        def batches(*times: float) -> list[tuple[float, str]]:
            return [(at - number / 100, JOB.format(number)) for at in times for number in range(400)]

        assert missing(build([batches(550, 250)] * 2, [batches(420)] * 2, 50)) is None

    def test_one_leader_among_several_pods(self, build: Build) -> None:
        tick = every(25, TICK)
        work = [*tick, *every(0.5, JOB)]
        assert missing(build([work, tick, tick], [[*tick, *every(0.5, JOB, 500)], tick], 50)) is None

    def test_pods_of_the_canary_have_uneven_shares(self, build: Build) -> None:
        """Connections that last bring one pod four times as much as another, so a third may have none."""
        canary = [every(9, QUERY, 500), every(36, QUERY, 500), every(10, PROBE, 500)]
        assert missing(build([every(14, QUERY)] * 2, canary, 5)) is None

    def test_a_warm_up_and_then_its_share(self, build: Build) -> None:
        warm = every(0.05, "INFO cache: key {0} loaded", 470, 430)
        assert missing(build([every(2, JOB)] * 2, [[*warm, *every(4, JOB, 430)]], 20)) is None

    def test_a_log_in_another_form(self, build: Build) -> None:
        """A few of whose lines look like stable's."""
        other = [*every(1, "request {0} took 3 ms and was answered", 500), *every(60, QUERY, 500)]
        assert missing(build([every(0.5, QUERY)] * 2, [other] * 2, 50)) is None

    def test_one_pod_of_many(self, build: Build) -> None:
        pods = [every(5, JOB, 500) for _ in range(24)]
        assert missing(build([every(5, JOB)] * 4, [*pods, every(50, PROBE)], 50)) is None


def test_a_bundle_without_the_times_of_its_lines_shows_none(build: Build) -> None:
    seen = build([every(0.5, QUERY)] * 2, [every(0.5, QUERY, 500, 250)], 25)

    def without(stream: Stream) -> Stream:
        return replace(stream, timeline=None)

    parts = tuple(
        replace(part, streams=tuple(map(without, part.streams))) if isinstance(part, Logs) else part
        for part in seen.parts
    )
    assert missing(seen) is not None
    assert missing(replace(seen, parts=parts)) is None


def test_a_log_of_which_the_beginning_is_left_out_is_looked_at_from_there(build: Build) -> None:
    """What was not read is no pause of stable's."""
    seen = build([every(0.5, QUERY, 300)] * 2, [every(0.5, QUERY, 500, 200)] * 2, 50)
    parts = tuple(
        replace(part, streams=tuple(replace(each, truncated=True) for each in part.streams))
        if isinstance(part, Logs) and part.side == "stable"
        else part
        for part in seen.parts
    )
    assert missing(seen) is None
    assert missing(replace(seen, parts=parts)) is not None


def test_a_window_shorter_than_a_span_shows_none(build: Build) -> None:
    seen = build([every(0.5, QUERY)], [every(0.5, QUERY)], 50)
    short = replace(seen.window, start=seen.window.end - timedelta(seconds=3))
    assert missing(replace(seen, window=short)) is None


class TestStopped:
    """All of the canary did the work, and then stops at once: that is no doubt."""

    @pytest.mark.parametrize(("line", "noun"), [(QUERY, "request"), (JOB, "line")])
    def test_one_that_did_the_work_and_stops_is_rolled_back(self, build: Build, line: str, noun: str) -> None:
        seen = build([every(0.5, line)] * 2, [[*every(0.5, line, 500, 250), *every(10, PROBE)]], 33)
        finding = missing(seen)
        assert finding is not None
        assert finding.settled
        begins = f"container app of the canary has stopped its work: after 500 {noun}s none in the last 25"
        assert finding.sentence.startswith(begins)
        assert "while stable goes on; about" in finding.sentence
        assert judge(find(seen, Rules())).verdict == "rollback"

    def test_several_pods_that_stop_one_after_another(self, build: Build) -> None:
        pods = [every(1, QUERY, 500, until) for until in (300, 200, 120)]
        finding = missing(build([every(0.5, QUERY)] * 2, pods, 50))
        assert finding is not None
        assert finding.settled
        assert "in the last 12" in finding.sentence

    @pytest.mark.parametrize(
        ("canary", "why"),
        [
            ([every(0.5, JOB, 500, 40)], "it may go on: a fault counts after a minute"),
            ([[*every(0.5, JOB, 500, 250), (249.0, "INFO partitions revoked")]], "its last line may say why"),
            ([[*every(0.5, JOB, 500, 250), *every(20, TICK, 500)]], "it lives, and may wait for work"),
            ([every(0.5, JOB, 500, 250), every(0.5, JOB, 500)], "one of its pods works"),
            ([[(470 - n / 1000, JOB) for n in range(200)]], "its log may be written when a buffer is full"),
            (
                [[*every(0.5, JOB, 500, 470), *every(0.5, JOB, 360, 330), *every(0.5, JOB, 240, 200)]],
                "its work has come in bursts before",
            ),
            ([[(505.0, "Started Shipper in 4.2 seconds"), *every(10, PROBE, 500)]], "it has done none yet"),
            ([every(20, JOB, 500, 250)], "it did little"),
        ],
    )
    def test_it_is_a_doubt_where(self, build: Build, canary: Sequence[Lines], why: str) -> None:
        finding = missing(build([every(0.5, JOB)] * 2, canary, 33))
        assert finding is None or not finding.settled, why

    def test_it_is_a_doubt_where_no_rollout_says_what_it_is_sent(self, build: Build) -> None:
        """It may have been tried out."""
        finding = missing(build([every(0.5, JOB)] * 2, [every(0.5, JOB, 500, 250)]))
        assert finding is not None
        assert not finding.settled

    def test_it_is_a_doubt_where_nobody_knows_since_when_it_has_its_share(self, build: Build) -> None:
        seen = build([every(0.5, JOB)] * 2, [every(0.5, JOB, 500, 250)], 33)
        parts = tuple(replace(part, weights=()) if isinstance(part, Traffic) else part for part in seen.parts)
        known, unknown = missing(seen), missing(replace(seen, parts=parts))
        assert known is not None
        assert known.settled
        assert unknown is not None
        assert not unknown.settled

    def test_it_is_a_doubt_where_a_pod_was_not_looked_at(self, build: Build) -> None:
        seen = build([every(0.5, JOB)] * 2, [every(0.5, JOB, 500, 250)] * 2, 33)
        parts = tuple(
            replace(part, streams=part.streams[:1])
            if isinstance(part, Logs) and part.side == "canary"
            else part
            for part in seen.parts
        )
        finding = missing(replace(seen, parts=parts))
        assert finding is None or not finding.settled
