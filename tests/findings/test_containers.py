from collections.abc import Callable
from datetime import datetime

import msgspec
import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.logs import ExcerptLine, Logs, Stream
from analyzer.evidence.pods import Container, Pod, Pods, State
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.settings import Rules

Make = Callable[..., Container]
MakePod = Callable[..., Pod]
MakeEvidence = Callable[..., Evidence]
Ago = Callable[[float], datetime]


def only(evidence: Evidence, key: str) -> Graded:
    found = [graded for graded in find(evidence, Rules()) if graded.finding.key == key]
    assert len(found) == 1, [graded.finding.key for graded in find(evidence, Rules())]
    return found[0]


def keys(evidence: Evidence) -> list[str]:
    return [graded.finding.key for graded in find(evidence, Rules())]


def without(evidence: Evidence, kind: type, side: str) -> Evidence:
    return msgspec.structs.replace(
        evidence, parts=tuple(p for p in evidence.parts if not (isinstance(p, kind) and p.side == side))
    )


def test_healthy_sides_have_no_findings(evidence: MakeEvidence) -> None:
    assert find(evidence(), Rules()) == ()


class TestCrashLoop:
    def test_the_canary_alone_blocks(self, evidence: MakeEvidence, pod: MakePod, crashing: Make) -> None:
        canary = [pod("c1", crashing()), pod("c2", crashing(restarts=4)), pod("c3")]
        graded = only(evidence(canary, [pod("s1"), pod("s2")]), "crash-loop/app")
        assert graded.severity == "blocking"
        assert (
            graded.finding.sentence
            == "2 of 3 canary pods: container app exits with code 1 again and again (CrashLoopBackOff)"
        )
        assert (graded.finding.canary, graded.finding.stable) == ("2 of 3 pods, 6 restarts", "0 of 2 pods")

    def test_pods_that_exit_differently_are_told_apart(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        canary = [pod("c1", crashing()), pod("c2", crashing(code=3)), pod("c3", crashing(code=3))]
        sentence = only(evidence(canary), "crash-loop/app").finding.sentence
        assert sentence == (
            "3 of 3 canary pods: in 2 container app exits with code 3 again and again (CrashLoopBackOff),"
            " in 1 container app exits with code 1 again and again (CrashLoopBackOff)"
        )
        assert only(evidence(canary[:2]), "crash-loop/app").finding.sentence == (
            "2 of 2 canary pods: container app exits with code 1 again and again (CrashLoopBackOff),"
            " container app exits with code 3 again and again (CrashLoopBackOff)"
        )

    def test_pods_that_the_look_met_in_different_states_do_the_same(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, waiting: Make, ago: Ago
    ) -> None:
        up = crashing(state=State(kind="running", started_at=ago(2)))
        sentence = only(evidence([pod("c1", up), pod("c2", crashing())]), "crash-loop/app").finding.sentence
        assert sentence.endswith(": container app exits with code 1 again and again (CrashLoopBackOff)")
        pulling = [pod("c1", waiting("ErrImagePull")), pod("c2", waiting("ImagePullBackOff"))]
        sentence = only(evidence(pulling), "image-pull/app").finding.sentence
        assert "container app cannot pull its image (ErrImagePull, ImagePullBackOff)" in sentence

    def test_one_of_many_is_chance_and_half_of_them_is_none(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        def graded(sick: int, of: int = 50) -> Graded:
            canary = [
                *(pod(f"sick{n}", crashing()) for n in range(sick)),
                *(pod(f"well{n}") for n in range(of - sick)),
            ]
            return only(evidence(canary, [pod(f"s{n}") for n in range(50)]), "crash-loop/app")

        assert graded(1).severity == "hold"
        assert graded(1).finding.sentence.endswith("(CrashLoopBackOff); 1 of 50; chance explains it")
        assert graded(25).severity == "blocking"
        assert [graded(1, 1).severity, graded(2, 2).severity, graded(1, 2).severity] == ["blocking"] * 3

    def test_a_pod_too_young_holds(self, evidence: MakeEvidence, pod: MakePod, crashing: Make) -> None:
        graded = only(evidence([pod("c1", crashing(), age=59)]), "crash-loop/app")
        assert (graded.severity, graded.finding.settled) == ("hold", False)
        assert "too early to tell" in graded.finding.sentence
        assert only(evidence([pod("c1", crashing(), age=60)]), "crash-loop/app").severity == "blocking"

    def test_on_both_sides_it_holds(self, evidence: MakeEvidence, pod: MakePod, crashing: Make) -> None:
        graded = only(evidence([pod("c1", crashing())], [pod("s1", crashing()), pod("s2")]), "crash-loop/app")
        assert (graded.severity, graded.finding.scope) == ("hold", "both")
        assert "stable has it too (1 of 2)" in graded.finding.sentence

    def test_on_stable_alone_it_does_not_speak_against_the_canary(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        graded = only(evidence(None, [pod("s1", crashing())]), "crash-loop/app")
        assert (graded.severity, graded.finding.scope) == ("info", "stable")
        assert "1 of 1 stable pod" in graded.finding.sentence

    @pytest.mark.parametrize("stable", ["unread", "empty", "no such side"])
    def test_with_nothing_of_stable_it_holds(
        self, stable: str, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        seen = evidence([pod("c1", crashing())], [])
        if stable != "empty":
            seen = without(seen, Pods, "stable")
        if stable == "no such side":
            seen = msgspec.structs.replace(seen, target=msgspec.structs.replace(seen.target, stable=None))
        graded = only(seen, "crash-loop/app")
        assert (graded.severity, graded.finding.scope) == ("hold", "uncompared")
        assert graded.finding.stable == ("0 of 0 pods" if stable == "empty" else "not seen")

    def test_canary_pods_that_were_not_read_give_nothing(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        assert keys(without(evidence(None, [pod("s1", crashing())]), Pods, "canary")) == []

    def test_a_pod_being_deleted_is_no_evidence(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        assert keys(evidence([pod("c1", crashing(), deleted_at=ago(5)), pod("c2")])) == []

    def test_it_is_seen_between_two_exits(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        running = State(kind="running", started_at=ago(2))
        assert (
            only(evidence([pod("c1", crashing(state=running, restarts=3))]), "crash-loop/app").severity
            == "blocking"
        )

    def test_back_off_between_runs_is_no_healing(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        """Five exits in 155 s, then 160 s of back-off: it has been up for one second only."""
        last = State(kind="terminated", reason="Error", exit_code=1, finished_at=ago(161))
        caught = crashing(state=State(kind="running", started_at=ago(1)), restarts=5, last_state=last)
        assert only(evidence([pod("c1", caught, age=316)]), "crash-loop/app").finding.ongoing

    def test_a_start_that_healed_is_a_warning(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        """Three exits within its first 30 s, and then 270 s of peace."""
        last = State(kind="terminated", reason="Error", exit_code=1, finished_at=ago(270))
        healed = crashing(
            ready=True, state=State(kind="running", started_at=ago(269)), restarts=3, last_state=last
        )
        seen = evidence([pod("c1", healed)])
        assert keys(seen) == ["restarts/app"]
        graded = only(seen, "restarts/app")
        assert (graded.severity, graded.finding.ongoing, graded.finding.canary) == (
            "warning",
            False,
            "1 of 1 pod, 3 restarts",
        )

    def test_what_stable_did_before_the_canary_was_there_is_no_comparison(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        """Stable exits once a day: its next exit is to be expected, and it is no crash loop beside one."""
        last = State(kind="terminated", reason="Error", exit_code=1, finished_at=ago(40_000))
        daily = crashing(
            ready=True, state=State(kind="running", started_at=ago(39_999)), restarts=9, last_state=last
        )
        seen = evidence([pod("c1", crashing())], [pod("s1", daily, age=800_000)])
        assert only(seen, "crash-loop/app").severity == "blocking"

    def test_stable_in_a_long_back_off_is_still_sick(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        """Its last exit was before the canary's pod was there; it is down all the same."""
        last = State(kind="terminated", reason="Error", exit_code=1, finished_at=ago(200))
        seen = evidence([pod("c1", crashing(), age=100)], [pod("s1", crashing(last_state=last), age=900)])
        assert only(seen, "crash-loop/app").finding.scope == "both"

    def test_the_message_and_the_end_of_the_log_are_samples(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        lines = tuple(
            ExcerptLine(at=None, text=text) for text in ("starting", "panic: no such table", "goroutine 1")
        )
        stream = Stream(pod="c1", container="app", previous=True, lines=3, bytes=40, excerpt=lines)
        logs = Logs(side="canary", containers=(), streams=(stream,))
        seen = evidence([pod("c1", crashing(message="exit\n status 1"))], more=[logs])
        assert only(seen, "crash-loop/app").finding.samples == (
            "exit status 1",
            "panic: no such table",
            "goroutine 1",
        )

    def test_the_error_above_a_trace_is_a_sample_and_not_the_traces_end_alone(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        texts = (
            "ERROR warming up",
            "panic: no such table",
            "",
            "goroutine 1 [running]:",
            "main.main()",
            "main.go:54 +0x5fd",
        )
        excerpt = tuple(ExcerptLine(at=None, text=text) for text in texts)
        stream = Stream(pod="c1", container="app", previous=True, lines=6, bytes=90, excerpt=excerpt)
        seen = evidence([pod("c1", crashing())], more=[Logs(side="canary", containers=(), streams=(stream,))])
        assert only(seen, "crash-loop/app").finding.samples == (
            "panic: no such table",
            "main.main()",
            "main.go:54 +0x5fd",
        )

    def test_the_error_of_a_trace_comes_first_and_marks_alone_are_no_line(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make
    ) -> None:
        texts = (
            "Traceback (most recent call last):",
            '  File "/app/mail.py", line 7, in render',
            "    return TEMPLATE.format(**values)",
            "           ^^^^^^^^^^^^^^^^^^^^^^^^^",
            "TypeError: format() argument after ** must be a mapping",
        )
        excerpt = tuple(ExcerptLine(at=None, text=text) for text in texts)
        stream = Stream(pod="c1", container="app", previous=True, lines=5, bytes=200, excerpt=excerpt)
        seen = evidence([pod("c1", crashing())], more=[Logs(side="canary", containers=(), streams=(stream,))])
        assert only(seen, "crash-loop/app").finding.samples == (
            "TypeError: format() argument after ** must be a mapping",
            "return TEMPLATE.format(**values)",
        )

    def test_the_log_of_a_run_that_goes_well_is_no_sample(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        stream = Stream(
            pod="c1",
            container="app",
            previous=False,
            lines=1,
            bytes=5,
            excerpt=(ExcerptLine(at=None, text="all good"),),
        )
        logs = Logs(side="canary", containers=(), streams=(stream,))
        up = crashing(state=State(kind="running", started_at=ago(2)), restarts=3)
        assert only(evidence([pod("c1", up)], more=[logs]), "crash-loop/app").finding.samples == ()
        assert only(evidence([pod("c1", crashing())], more=[logs]), "crash-loop/app").finding.samples == (
            "all good",
        )


class TestInitContainers:
    def test_one_that_fails_loops_like_any_other(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, crashing: Make, waiting: Make
    ) -> None:
        seen = evidence(
            [pod("c1", crashing("migrate", type="init"), waiting("PodInitializing"), phase="Pending")]
        )
        assert keys(seen) == ["crash-loop/migrate"]
        assert "init container migrate exits with code 1" in only(seen, "crash-loop/migrate").finding.sentence

    def test_one_that_has_done_its_work_is_healthy(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, crashing: Make
    ) -> None:
        done = State(kind="terminated", reason="Completed", exit_code=0)
        assert (
            keys(
                evidence([pod("c1", container("migrate", type="init", ready=True, state=done), container())])
            )
            == []
        )

    def test_one_that_failed_first_was_restarted(
        self, evidence: MakeEvidence, pod: MakePod, container: Make, crashing: Make, ago: Ago
    ) -> None:
        done = State(kind="terminated", reason="Completed", exit_code=0, finished_at=ago(250))
        assert keys(
            evidence([pod("c1", crashing("migrate", type="init", ready=True, state=done), container())])
        ) == ["restarts/migrate"]


class TestOomKill:
    def test_a_loop_of_oom_kills_is_one(self, evidence: MakeEvidence, pod: MakePod, crashing: Make) -> None:
        seen = evidence([pod("c1", crashing(code=137, reason="OOMKilled"))])
        assert keys(seen) == ["oom-kill/app"]
        assert only(seen, "oom-kill/app").severity == "blocking"

    def test_a_single_kill_long_ago_is_a_warning(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        last = State(kind="terminated", reason="OOMKilled", exit_code=137, finished_at=ago(270))
        healed = crashing(
            ready=True, state=State(kind="running", started_at=ago(269)), restarts=1, last_state=last
        )
        graded = only(evidence([pod("c1", healed)]), "oom-kill/app")
        assert (graded.severity, graded.finding.ongoing) == ("warning", False)
        assert "; the last time at 11:55:30, not since" in graded.finding.sentence

    def test_slow_kills_go_on(self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago) -> None:
        """Every 15 minutes for an hour, last 11 minutes ago, before the window began."""
        last = State(kind="terminated", reason="OOMKilled", exit_code=137, finished_at=ago(660))
        leaking = crashing(
            ready=True, state=State(kind="running", started_at=ago(659)), restarts=4, last_state=last
        )
        assert only(evidence([pod("c1", leaking, age=4_300)]), "oom-kill/app").severity == "blocking"

    @pytest.mark.parametrize(("up", "ongoing"), [(180, True), (181, False)])
    def test_it_has_stopped_after_twice_the_time_between(
        self, *, up: float, ongoing: bool, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        """Killed once, 90 s after the pod's start."""
        last = State(kind="terminated", reason="OOMKilled", exit_code=137, finished_at=ago(210))
        back = crashing(
            ready=True, state=State(kind="running", started_at=ago(up)), restarts=1, last_state=last
        )
        assert only(evidence([pod("c1", back, age=300)]), "oom-kill/app").finding.ongoing is ongoing

    def test_one_that_has_stopped_does_not_explain_a_pod_that_is_not_ready(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        last = State(kind="terminated", reason="OOMKilled", exit_code=137, finished_at=ago(270))
        stuck = crashing(
            ready=False, state=State(kind="running", started_at=ago(269)), restarts=1, last_state=last
        )
        assert only(evidence([pod("c1", stuck)]), "not-ready/app").severity == "blocking"


class TestExit:
    @pytest.mark.parametrize(("restarts", "kind"), [(0, "container-exit"), (1, "crash-loop")])
    def test_the_second_exit_makes_a_loop(
        self,
        *,
        restarts: int,
        kind: str,
        evidence: MakeEvidence,
        pod: MakePod,
        container: Make,
        crashing: Make,
    ) -> None:
        down = State(kind="terminated", reason="Error", exit_code=1)
        assert f"{kind}/app" in keys(
            evidence([pod("c1", container(ready=False, state=down, restarts=restarts))])
        )
        assert "crash-loop/app" in keys(evidence([pod("c1", crashing(restarts=1))]))

    def test_one_exit_is_a_warning_and_the_pod_is_too_early_to_tell(
        self, evidence: MakeEvidence, pod: MakePod, crashing: Make, ago: Ago
    ) -> None:
        up = crashing(code=2, restarts=1, state=State(kind="running", started_at=ago(19)))
        seen = evidence([pod("c1", up, unready_for=20)])
        assert only(seen, "container-exit/app").severity == "warning"
        assert only(seen, "not-ready/app").severity == "hold"

    def test_a_debug_container_is_no_evidence(
        self, evidence: MakeEvidence, pod: MakePod, container: Make
    ) -> None:
        gone = State(kind="terminated", reason="Error", exit_code=1)
        assert (
            keys(
                evidence(
                    [pod("c1", container(), container("debug", type="ephemeral", ready=True, state=gone))]
                )
            )
            == []
        )


@pytest.mark.parametrize(
    "reason", ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]
)
def test_an_image_that_cannot_be_pulled_blocks(
    reason: str, evidence: MakeEvidence, pod: MakePod, waiting: Make
) -> None:
    graded = only(evidence([pod("c1", waiting(reason, "not found"), phase="Pending")]), "image-pull/app")
    assert (graded.severity, graded.finding.samples) == ("blocking", ("not found",))
    assert reason in graded.finding.sentence


@pytest.mark.parametrize(
    "reason", ["CreateContainerConfigError", "CreateContainerError", "RunContainerError"]
)
def test_a_container_that_cannot_be_created_blocks(
    reason: str, evidence: MakeEvidence, pod: MakePod, waiting: Make
) -> None:
    graded = only(
        evidence([pod("c1", waiting(reason, 'secret "db" not found'), phase="Pending")]), "config-error/app"
    )
    assert (graded.severity, graded.finding.samples) == ("blocking", ('secret "db" not found',))


@pytest.mark.parametrize(
    ("reason", "kind"), [("ImagePullBackOff", "image-pull"), ("CreateContainerError", "config-error")]
)
def test_where_half_of_the_pods_run_that_container_the_version_is_not_to_blame(
    reason: str, kind: str, evidence: MakeEvidence, pod: MakePod, waiting: Make
) -> None:
    """One template makes them all: a node that cannot reach the registry says nothing of the image."""
    stuck = [pod(f"c{number}", waiting(reason), phase="Pending") for number in range(2)]
    running = [pod("c8"), pod("c9")]
    graded = only(evidence([*stuck, *running]), f"{kind}/app")
    assert graded.severity == "hold"
    assert graded.finding.sentence.endswith(
        "; at least half of its pods got past this, so it is where a pod runs and not what it is"
    )
    assert only(evidence([*stuck, *running[:1]]), f"{kind}/app").severity == "blocking"


def test_a_command_that_is_not_there_is_no_crash(
    evidence: MakeEvidence, pod: MakePod, crashing: Make
) -> None:
    """The kubelet says CrashLoopBackOff, and StartError only of the last run."""
    assert keys(evidence([pod("c1", crashing(code=128, reason="StartError"))])) == ["config-error/app"]


def test_a_back_off_whose_last_exit_is_unknown_is_still_a_loop(
    evidence: MakeEvidence, pod: MakePod, crashing: Make
) -> None:
    assert keys(evidence([pod("c1", crashing(last_state=None))])) == ["crash-loop/app"]


class TestRestarts:
    @pytest.fixture
    def restarted(self, crashing: Make, ago: Ago) -> Callable[[int], Container]:
        """Restarts in its first 30 s only."""
        last = State(kind="terminated", reason="Error", exit_code=1, finished_at=ago(270))
        return lambda times: crashing(
            ready=True, state=State(kind="running", started_at=ago(269)), restarts=times, last_state=last
        )

    @pytest.mark.parametrize(
        ("stable", "severity"), [(0, "warning"), (1, "warning"), (2, "info"), (9, "info")]
    )
    def test_they_count_above_stables(
        self,
        *,
        stable: int,
        severity: str,
        evidence: MakeEvidence,
        pod: MakePod,
        container: Make,
        restarted: Callable[[int], Container],
    ) -> None:
        healthy = restarted(stable) if stable else container()
        seen = evidence(
            [pod("c1", restarted(4)), pod("c2", restarted(4))], [pod("s1", healthy), pod("s2", healthy)]
        )
        assert only(seen, "restarts/app").severity == severity

    def test_stables_alone_are_not_worth_a_word(
        self, evidence: MakeEvidence, pod: MakePod, restarted: Callable[[int], Container]
    ) -> None:
        assert keys(evidence(None, [pod("s1", restarted(4))])) == []
