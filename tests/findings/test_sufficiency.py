"""Too young a canary, too little traffic, or no work at all: held, and said why, and what would settle it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
import pytest

from analyzer.evidence import AnyPart, Evidence
from analyzer.evidence.figures import Metrics, QueryFigures
from analyzer.evidence.interface import Gap
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.pods import Pod, State
from analyzer.evidence.traffic import Traffic
from analyzer.evidence.weights import Weight
from analyzer.findings import find
from analyzer.findings.grade import weigh_finding
from analyzer.findings.interface import Finding
from analyzer.findings.kinds import KINDS
from analyzer.findings.sufficiency import RULES, drop_better_said
from analyzer.settings import Rules
from analyzer.target import Role
from analyzer.target.argo import Analysis

Side = Callable[..., Logs]
Build = Callable[..., Evidence]
GET = '10.0.0.7 - - [03/Nov/2026:11:59:30 +0000] "GET /v1/items/{} HTTP/1.1" 200 512 "-" "curl/8.5"'
PROBE = '10.0.0.1 - - [03/Nov/2026:11:59:30 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.36"'


def logs(role: Role, lines: Iterable[str]) -> Logs:
    content = "".join(f"2026-11-03T11:59:30Z {line}\n" for line in lines).encode()
    return assemble(role, [mined_stream(f"{role}-1", "app", False, (content,), str)])


def found(evidence: Evidence, **rules: Any) -> list[Finding]:
    return [finding for rule in RULES for finding in rule(evidence, Rules(**rules))]


def test_nothing_has_to_be_seen_where_a_team_asks_for_nothing(
    evidence: Build, pod: Callable[..., Pod]
) -> None:
    assert found(evidence(canary=[pod("canary-1", age=1)]), min_ready_time=0) == []


class TestAge:
    def test_a_canary_that_has_just_become_ready_is_held(
        self, evidence: Build, pod: Callable[..., Pod]
    ) -> None:
        (finding,) = found(evidence(canary=[pod("canary-1", age=300, unready_for=20)]), min_ready_time=120)
        assert (finding.kind, weigh_finding(finding)) == ("too-young", "hold")
        assert finding.sentence == "the canary has been Ready for 20 s, and it is judged after 120 s"
        assert (finding.stable, finding.canary) == ("Ready for 5 min", "Ready for 20 s")
        assert finding.advice == (
            "that is enough at 12:01:40 UTC, in 100 s: judge again then, or let the run wait for it (--wait)"
        )

    @pytest.mark.parametrize(("age", "kinds"), [(59, ["too-young"]), (60, [])])
    def test_a_minute_is_asked_for_by_default(
        self, age: float, kinds: list[str], evidence: Build, pod: Callable[..., Pod]
    ) -> None:
        assert [each.kind for each in found(evidence(canary=[pod("canary-1", age=age)]))] == kinds

    def test_of_a_pod_that_was_unready_the_time_since_counts_and_of_several_the_longest(
        self, evidence: Build, pod: Callable[..., Pod]
    ) -> None:
        again = pod("canary-1", age=900, unready_for=30)
        assert found(evidence(canary=[again]))[0].canary == "Ready for 30 s"
        assert found(evidence(canary=[again, pod("canary-2", age=70)])) == []

    def test_pods_without_a_condition_are_as_ready_as_their_containers(
        self, evidence: Build, pod: Callable[..., Pod], waiting: Callable[..., Any]
    ) -> None:
        assert found(evidence(canary=[pod("canary-1", age=300, conditions=())])) == []
        (finding,) = found(
            evidence(canary=[pod("canary-1", waiting("ContainerCreating"), age=300, conditions=())])
        )
        assert finding.canary == "not Ready"

    def test_a_node_whose_clock_is_ahead_makes_no_negative_time(
        self, evidence: Build, pod: Callable[..., Pod]
    ) -> None:
        assert found(evidence(canary=[pod("canary-1", age=300, unready_for=-5)]))[0].canary == "Ready for 0 s"

    def test_it_is_not_said_of_a_canary_that_is_broken_in_kind(
        self, evidence: Build, pod: Callable[..., Pod], crashing: Callable[..., Any]
    ) -> None:
        graded = find(evidence(canary=[pod("canary-1", crashing())]), Rules())
        assert [each.finding.kind for each in graded if each.severity in ("blocking", "hold")] == [
            "crash-loop"
        ]

    def test_the_first_pod_that_is_ready_counts(self, evidence: Build, pod: Callable[..., Pod]) -> None:
        pods = [pod("canary-1", age=300, unready_for=200), pod("canary-2", age=20)]
        assert found(evidence(canary=pods), min_ready_time=120) == []

    def test_a_canary_that_is_not_ready_has_no_age(
        self, evidence: Build, pod: Callable[..., Pod], waiting: Callable[..., Any]
    ) -> None:
        (finding,) = found(
            evidence(canary=[pod("canary-1", waiting("ContainerCreating"), age=500)]), min_ready_time=120
        )
        assert finding.sentence == "the canary has no Ready pod yet, and it is judged after 120 s"

    def test_no_pods_are_another_rules_matter(self, evidence: Build, pod: Callable[..., Pod]) -> None:
        assert found(evidence(canary=[]), min_ready_time=120, min_requests=5) == []
        assert found(evidence(canary=[pod("canary-1", age=5)], stable=[])) == []


class TestTraffic:
    def test_too_few_requests_are_held(self, evidence: Build) -> None:
        more = (
            logs("stable", [GET.format(number) for number in range(50)]),
            logs("canary", [GET.format(1), "started", *[PROBE] * 30]),
        )
        (finding,) = found(evidence(more=more), min_requests=20)
        assert (finding.kind, weigh_finding(finding)) == ("too-little-traffic", "hold")
        assert finding.sentence == "the canary logged 1 request, and it is judged after 20"
        assert (finding.stable, finding.canary) == ("50 requests logged", "1 request logged")

    def test_enough_requests_are_enough(self, evidence: Build) -> None:
        assert (
            found(
                evidence(more=(logs("canary", [GET.format(number) for number in range(20)]),)),
                min_requests=20,
            )
            == []
        )

    def test_a_request_that_a_proxy_logs_as_well_is_one(self, evidence: Build) -> None:
        content = "".join(f"2026-11-03T11:59:30Z {GET.format(number)}\n" for number in range(15)).encode()
        both = assemble(
            "canary", [mined_stream("canary-1", name, False, (content,), str) for name in ("app", "proxy")]
        )
        (finding,) = found(evidence(more=(both,)), min_requests=20)
        assert finding.canary == "15 requests logged"

    def test_logs_without_requests_tell_nothing(self, evidence: Build) -> None:
        (finding,) = found(evidence(more=(logs("stable", ["ok"]), logs("canary", ["ok"]))), min_requests=20)
        assert finding.sentence.startswith("neither side logs requests")

    def test_logs_that_were_not_read_tell_nothing(self, evidence: Build) -> None:
        (finding,) = found(evidence(), min_requests=20)
        assert finding.sentence.startswith("the canary's logs were not read")
        assert finding.canary == "not seen"


def figures(role: Role, value: float, *, work: bool = True) -> Metrics:
    return Metrics(
        side=role,
        figures=(QueryFigures(query="jobs", promql="sum(jobs)", state="values", value=value, work=work),),
    )


def sent(canary: Traffic, stable: Traffic | None = None) -> tuple[AnyPart, ...]:
    return (canary, stable) if stable else (canary,)


ONLY_START = [
    (299, "INFO starting"),
    (295, "INFO listening on 8080"),
    *[(ago, PROBE) for ago in range(0, 240, 10)],
]
WORKING = [(ago, f"INFO job {ago} is done in {ago} ms") for ago in range(5, 300, 10)]
DENIED = tuple(
    Gap(
        source="logs",
        side=role,
        reason="these credentials may not get pods/log",
        advice="grant get on pods/log",
    )
    for role in ("stable", "canary")
)


class TestWork:
    def kinds(self, evidence: Evidence, **rules: Any) -> list[tuple[str, str]]:
        return [(each.kind, weigh_finding(each)) for each in found(evidence, **rules)]

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param([(ago, GET.format(ago)) for ago in range(1, 60)], id="access log"),
            pytest.param(WORKING, id="a worker without requests"),
            pytest.param([*ONLY_START, (100, "WARN job 7 took long")], id="one line after the start"),
        ],
    )
    def test_a_canary_that_logs_its_work_has_shown_it(
        self, lines: list[tuple[float, str]], evidence: Build, side: Side
    ) -> None:
        assert self.kinds(evidence(more=(side("stable", app=WORKING), side("canary", app=lines)))) == []

    def test_lines_of_the_start_and_probes_are_no_work(self, evidence: Build, side: Side) -> None:
        (finding,) = found(evidence(more=(side("stable", app=WORKING), side("canary", app=ONLY_START))))
        assert (finding.kind, weigh_finding(finding)) == ("no-work-seen", "hold")
        assert finding.sentence == (
            "the canary has logged no line since its start, where stable logged 30,"
            " and no query of it was asked: nothing was seen of the canary's work"
        )
        assert (finding.stable, finding.canary) == ("30 lines", "26 lines, all of its start")
        assert finding.advice == (
            "send it work and judge again, or name a Prometheus query of its work (`work: true`,"
            " docs/prometheus.md)"
        )

    def test_the_health_service_of_grpc_is_no_work(self, evidence: Build, side: Side) -> None:
        calls = [
            (number * 9, '{"method":"/grpc.health.v1.Health/Check","code":"OK"}') for number in range(30)
        ]
        assert self.kinds(evidence(more=(side("stable", app=WORKING), side("canary", app=calls)))) == [
            ("no-work-seen", "hold")
        ]

    def test_with_a_probe_the_start_ends_when_the_pod_is_ready(
        self, evidence: Build, side: Side, pod: Callable[..., Pod], container: Callable[..., Any]
    ) -> None:
        logs = (
            side("stable", app=WORKING),
            side("canary", app=[(299, "INFO starting"), (282, "INFO job 1 is done")]),
        )
        probed = pod("canary-1", container(startup_seconds=30.0), unready_for=285)
        assert self.kinds(evidence(more=logs)) == [("no-work-seen", "hold")]
        assert self.kinds(evidence(canary=[probed], more=logs)) == []

    def test_the_start_of_a_second_pod_is_no_work_of_the_first(
        self,
        evidence: Build,
        side: Side,
        pod: Callable[..., Pod],
        container: Callable[..., Any],
        ago: Callable[[float], datetime],
    ) -> None:
        young = container(state=State(kind="running", started_at=ago(100)))
        pods = [pod("canary-1", age=300), pod("canary-2", young, age=100)]
        logs = (
            side("stable", app=WORKING),
            side("canary", app=[(299, "INFO starting"), (99, "INFO starting")]),
        )
        assert self.kinds(evidence(canary=pods, more=logs)) == [("no-work-seen", "hold")]

    def test_a_sidecar_that_talks_is_not_the_canary(
        self, evidence: Build, side: Side, pod: Callable[..., Pod], container: Callable[..., Any]
    ) -> None:
        pods = [pod("canary-1", container("proxy", type="sidecar"), container("app"))]
        assert self.kinds(
            evidence(canary=pods, more=(side("stable", app=WORKING), side("canary", app=[], proxy=WORKING)))
        ) == [("no-work-seen", "hold")]

    def test_a_proxy_that_is_injected_as_a_main_container_is_not_the_canary(
        self, evidence: Build, side: Side, pod: Callable[..., Pod], container: Callable[..., Any]
    ) -> None:
        pods = [pod("canary-1", container("istio-proxy"), container("app"))]
        logs = side("stable", app=WORKING), side("canary", **{"app": [], "istio-proxy": WORKING})
        assert self.kinds(evidence(canary=pods, more=logs)) == [("no-work-seen", "hold")]

    def test_a_canary_that_works_at_a_trickle_of_stables_rate_is_held(
        self, evidence: Build, side: Side, ago: Callable[[float], datetime]
    ) -> None:
        half = Traffic(side="canary", strategy="canary", weight=50, weights=(Weight(at=ago(300), weight=50),))
        busy = [(number / 2, f"INFO job {number} is done") for number in range(2, 580)]
        logs = (
            side("stable", app=busy),
            side("canary", app=[*ONLY_START, (100, "INFO waiting for the lease")]),
        )
        (finding,) = found(evidence(more=(half, *logs)))
        assert (finding.kind, weigh_finding(finding)) == ("no-work-seen", "hold")
        assert finding.sentence.startswith("the canary logged 1 line since its start, probes apart, ")
        assert self.kinds(evidence(more=(half, logs[0], side("canary", app=[*ONLY_START, *busy[:60]])))) == []

    def test_a_start_is_no_rate_however_quick(
        self, evidence: Build, side: Side, ago: Callable[[float], datetime]
    ) -> None:
        """Three lines within a millisecond are three thousand a second."""
        quick = [(299.001, "INFO starting"), (299.0005, "INFO connected"), (299, "INFO listening on 8080")]
        half = Traffic(side="canary", strategy="canary", weight=50, weights=(Weight(at=ago(300), weight=50),))
        (finding,) = found(evidence(more=(side("stable", app=quick), side("canary", app=quick), half)))
        assert finding.sentence.startswith("the canary has logged no line since its start, as stable, ")

    def test_a_weight_that_was_taken_back_at_the_end_leaves_work_to_be_expected(
        self, evidence: Build, side: Side, ago: Callable[[float], datetime]
    ) -> None:
        weights = (Weight(at=ago(200), weight=20), Weight(at=ago(8), weight=0))
        traffic = Traffic(side="canary", strategy="canary", weight=0, weights=weights)
        assert self.kinds(evidence(more=(traffic, side("stable", app=WORKING), side("canary", app=[])))) == [
            ("no-work-seen", "hold")
        ]

    def test_a_service_that_logs_nothing_shows_its_work_in_figures(self, evidence: Build, side: Side) -> None:
        logs = side("stable", app=[]), side("canary", app=[])
        assert self.kinds(evidence(more=(*logs, figures("canary", 0.5)))) == []
        (finding,) = found(evidence(more=(*logs, figures("canary", 0.0))))
        assert finding.sentence.startswith(
            "neither side logged a line in the window, and no figure of it is above 0:"
        )

    def test_a_figure_of_something_else_than_work_shows_none(self, evidence: Build, side: Side) -> None:
        """A pod that hangs is `up`, and takes memory."""
        logs = side("stable", app=[]), side("canary", app=[])
        (finding,) = found(evidence(more=(*logs, figures("canary", 1, work=False))))
        assert finding.sentence.startswith(
            "neither side logged a line in the window, and no query of it was asked:"
        )
        assert "`work: true`" in finding.advice

    def test_two_idle_sides_hold_unless_a_team_says_that_it_is_right(
        self, evidence: Build, side: Side
    ) -> None:
        idle = evidence(more=(side("stable", app=[]), side("canary", app=[])))
        (finding,) = found(idle)
        assert (finding.kind, weigh_finding(finding)) == ("no-work-seen", "hold")
        assert finding.sentence.startswith(
            "neither side logged a line in the window, and no query of it was asked"
        )
        assert "--idle-ok" in finding.advice
        (finding,) = found(idle, idle_ok=True)
        assert (finding.kind, weigh_finding(finding)) == ("idle", "info")
        assert finding.sentence.endswith("the canary is as idle as stable, and --idle-ok lets that pass")

    def test_idle_is_never_right_where_stable_works_or_the_logs_were_not_read(
        self, evidence: Build, side: Side
    ) -> None:
        few = [(100, "INFO job 1 is done")]  # so few that none were to be expected of the canary
        works = evidence(more=(side("stable", app=few), side("canary", app=[])))
        unread = msgspec.structs.replace(evidence(more=(side("stable", app=[]),)), gaps=DENIED[1:])
        assert (
            self.kinds(works, idle_ok=True) == self.kinds(unread, idle_ok=True) == [("no-work-seen", "hold")]
        )

    def test_logs_that_may_not_be_read_show_nothing(self, evidence: Build) -> None:
        denied = msgspec.structs.replace(evidence(), gaps=DENIED)
        (finding,) = found(denied)
        assert finding.sentence == (
            "the canary's logs were not read, and no query of it was asked: nothing was seen of"
            " the canary's work"
        )
        assert finding.advice == (
            "grant get on pods/log; or name a Prometheus query of its work (`work: true`, docs/prometheus.md)"
        )
        assert self.kinds(msgspec.structs.replace(evidence(more=(figures("canary", 3),)), gaps=DENIED)) == []

    def test_a_log_that_was_read_of_stable_alone_is_said_once(self, evidence: Build, side: Side) -> None:
        seen = msgspec.structs.replace(evidence(more=(side("stable", app=WORKING),)), gaps=DENIED[1:])
        holds = [each.finding.kind for each in find(seen, Rules()) if each.severity == "hold"]
        assert holds == ["unread-log"]

    @pytest.mark.parametrize(
        "more",
        [
            sent(Traffic(side="canary", strategy="canary", weight=0)),
            sent(
                Traffic(side="canary", strategy="blueGreen", service="cart-preview"),
                Traffic(side="stable", strategy="blueGreen", service="cart"),
            ),
        ],
        ids=["weight 0", "preview"],
    )
    def test_a_canary_that_is_sent_nothing_need_not_work(
        self, more: tuple[AnyPart, ...], evidence: Build, side: Side
    ) -> None:
        (finding,) = found(
            evidence(more=(*more, side("stable", app=WORKING), side("canary", app=ONLY_START)))
        )
        assert (finding.kind, weigh_finding(finding)) == ("idle", "info")
        assert finding.sentence.startswith("the canary is sent no traffic here, for ")
        assert finding.sentence.endswith(": how it serves was not seen")

    @pytest.mark.parametrize(
        ("kind", "said"),
        [("pre-promotion", "idle"), ("post-promotion", "no-work-seen"), ("step", "no-work-seen")],
    )
    def test_what_is_expected_hangs_on_the_analysis(
        self, kind: Any, said: str, evidence: Build, side: Side
    ) -> None:
        seen = evidence(more=(side("stable", app=[(9, "INFO job")]), side("canary", app=ONLY_START)))
        analysis = Analysis(namespace="shop", name="run", uid="u", metric="judge", kind=kind)
        target = msgspec.structs.replace(seen.target, analysis=analysis)
        assert [each for each, _ in self.kinds(msgspec.structs.replace(seen, target=target))] == [said]

    def test_an_experiments_pods_without_a_service_are_sent_nothing(
        self, evidence: Build, side: Side
    ) -> None:
        seen = evidence(more=(side("stable", app=WORKING), side("canary", app=ONLY_START)))
        target = msgspec.structs.replace(seen.target, unserved=True)
        assert self.kinds(msgspec.structs.replace(seen, target=target)) == [("idle", "info")]

    @pytest.mark.parametrize("hashes", [True, False], ids=["hashes", "selectors"])
    def test_without_a_rollout_the_canary_should_have_work(
        self, hashes: bool, evidence: Build, side: Side
    ) -> None:
        def without(seen: Evidence) -> Evidence:
            canary = (
                msgspec.structs.replace(seen.target.canary, hash="c" if hashes else "")
                if seen.target.canary
                else None
            )
            return msgspec.structs.replace(
                seen, target=msgspec.structs.replace(seen.target, rollout="", canary=canary)
            )

        few = side("stable", app=WORKING[:3])
        assert self.kinds(without(evidence(more=(few, side("canary", app=ONLY_START))))) == [
            ("no-work-seen", "hold")
        ]
        assert self.kinds(without(evidence(more=(few, side("canary", app=WORKING[:3]))))) == []

    @pytest.mark.parametrize(("many", "kinds"), [(40, []), (4, [("no-work-seen", "hold")])])
    def test_lines_without_times_count_where_they_are_as_many_as_stables(
        self, many: int, kinds: list[tuple[str, str]], evidence: Build
    ) -> None:
        def untimed(role: Role, count: int) -> Logs:
            content = "".join(f"INFO job {number} is done\n" for number in range(count)).encode()
            return assemble(role, [mined_stream(f"{role}-1", "app", False, (content,), str)])

        assert self.kinds(evidence(more=(untimed("stable", 50), untimed("canary", many)))) == kinds

    def test_a_canary_that_is_not_ready_is_not_said_to_be_idle_as_well(
        self, evidence: Build, side: Side, pod: Callable[..., Pod], waiting: Callable[..., Any]
    ) -> None:
        seen = evidence(
            canary=[pod("canary-1", waiting("ContainerCreating"))], more=(side("canary", app=[]),)
        )
        assert [each for each, _ in self.kinds(seen)] == ["too-young"]

    def test_where_nobody_looked_for_logs_nothing_is_said(self, evidence: Build) -> None:
        assert self.kinds(evidence()) == []


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (["too-little-traffic/few", "no-traffic/app"], ["no-traffic/app"]),
        (["too-little-traffic/few", "no-work-seen"], ["no-work-seen"]),
        (["too-little-traffic", "no-work-seen"], ["too-little-traffic"]),
        (["too-little-traffic", "no-traffic/app"], ["too-little-traffic", "no-traffic/app"]),
        (["no-work-seen", "missing-work/app"], ["missing-work/app"]),
        (["too-young/not-ready", "gate-no-data/p99"], ["gate-no-data/p99"]),
        (["too-young", "gate-no-data/p99"], ["too-young", "gate-no-data/p99"]),
        (["no-work-seen", "crash-loop/app"], ["crash-loop/app"]),
    ],
)
def test_nothing_is_said_twice(keys: list[str], left: list[str]) -> None:
    findings = [
        Finding(kind=key.partition("/")[0], key=key, sentence="", stable="", canary="") for key in keys
    ]
    assert [finding.key for finding in drop_better_said(findings, KINDS)] == left
