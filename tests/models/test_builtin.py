import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from analyzer.answer import Answer
from analyzer.common.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.findings.interface import Finding, Graded, Severity
from analyzer.models import builtin
from analyzer.models.builtin import OTHERS, POINTS, create, judge, weigh
from analyzer.models.calibration import STEPS
from analyzer.models.interface import Question, Reply, Turn
from analyzer.models.remedies import REMEDIES
from analyzer.settings import Rules
from analyzer.verdicts.verdict import Verdict, parse_verdict

Seen = tuple[Severity, str, bool]


def graded(*seen: Seen, because: str = "", healed: bool = False) -> tuple[Graded, ...]:
    """Findings by severity, kind and whether they go on, numbered as given."""
    return tuple(
        Graded(
            id=f"F{number}",
            severity=severity,
            finding=Finding(
                kind=kind,
                key=kind,
                sentence=f"{kind} seen",
                stable="0",
                canary="1",
                ongoing=ongoing,
                because=because,
                healed=healed,
            ),
        )
        for number, (severity, kind, ongoing) in enumerate(seen, start=1)
    )


NEW_ERROR: Seen = ("warning", "new-error-template", True)
ENDED: Seen = ("warning", "new-error-template", False)
SHARE: Seen = ("warning", "error-share", True)
INFO: Seen = ("info", "new-log-template", True)


def test_a_clean_canary_is_promoted_confidently_enough_for_the_default_rules() -> None:
    answer = weigh(graded(INFO, INFO, INFO))
    assert (answer.verdict, answer.confidence, answer.findings) == ("promote", 90, ())
    assert answer.confidence >= Rules().min_confidence


def test_one_gap_leaves_a_clean_canary_promotable_and_two_do_not() -> None:
    assert (weigh((), gaps=1).verdict, weigh((), gaps=1).confidence) == ("promote", 70)
    assert weigh((), gaps=1).confidence >= Rules().min_confidence
    assert (weigh((), gaps=2).verdict, weigh((), gaps=2).confidence) == ("cannot_tell", 70)
    assert "2 things could not be seen" in weigh((), gaps=2).summary


def test_a_canary_of_which_no_work_was_seen_is_promoted_less_surely_and_the_answer_says_so() -> None:
    answer = weigh(graded(INFO, ("info", "idle", True)))
    assert (answer.verdict, answer.confidence, answer.findings) == ("promote", 80, ("F2",))
    assert answer.summary == "Nothing speaks against the canary, and none of its work was seen: F2 idle seen."
    assert weigh(graded(("info", "idle", True)), gaps=1).confidence == 60
    assert weigh(graded(("info", "idle", True)), gaps=2).verdict == "cannot_tell"


def touching(seen: Seen, share: float) -> Graded:
    """A finding that touches a share of the canary's lines."""
    (one,) = graded(seen)
    return replace(one, finding=replace(one.finding, share=share))


def weighing(one: Graded, excess: float | None, share: float = 0.001) -> Graded:
    """A finding that is worse than stable's by so much at the least."""
    return replace(one, finding=replace(one.finding, share=share, excess=excess))


@pytest.mark.parametrize(
    ("excess", "share", "verdict", "confidence"),
    [
        (None, 0.0, "cannot_tell", 70),
        (0.0, 0.001, "promote", 70),  # one among a thousand
        (0.0, 0.1, "cannot_tell", 70),  # one of ten: too little was seen
        (0.005, 0.009, "cannot_tell", 70),
        (0.1, 0.12, "cannot_tell", 70),
        (0.25, 0.3, "rollback", 82),
        (0.45, 0.5, "rollback", 90),
        (0.9, 1.0, "rollback", 90),
    ],
)
def test_an_error_weighs_by_the_share_that_it_touches(
    excess: float | None, share: float, verdict: str, confidence: int
) -> None:
    (error,) = graded(NEW_ERROR)
    answer = weigh([weighing(error, excess, share)])
    assert (answer.verdict, answer.confidence) == (verdict, confidence)


def test_rare_errors_of_several_kinds_add_up_and_what_ended_does_not_grow() -> None:
    rare = [weighing(one, 0.0) for one in graded(NEW_ERROR, NEW_ERROR, NEW_ERROR)]
    assert [weigh(rare[:count]).verdict for count in (1, 2, 3)] == ["promote", "cannot_tell", "rollback"]
    (ended,) = graded(ENDED)
    assert weigh([weighing(ended, 0.9, 1.0)]) == weigh([ended])


@pytest.mark.parametrize(
    ("share", "verdict", "confidence"),
    [
        (0.05, "promote", 85),
        (0.2, "promote", 70),
        (0.29, "promote", 61),
        (0.3, "cannot_tell", 70),
        (1.0, "cannot_tell", 70),
    ],
)
def test_what_nothing_explains_lowers_the_confidence_by_its_share(
    share: float, verdict: str, confidence: int
) -> None:
    answer = weigh([touching(("warning", "unexplained-lines", True), share)])
    assert (answer.verdict, answer.confidence, answer.findings) == (verdict, confidence, ("F1",))
    assert not answer.summary.startswith("Nothing speaks against")


def test_lines_beside_the_same_work_lower_it_a_little_and_another_form_does_not() -> None:
    answer = weigh([touching(("info", "added-lines", True), 0.42)])
    assert (answer.verdict, answer.confidence, answer.findings) == ("promote", 86, ("F1",))
    assert answer.summary == "Little speaks against the canary: F1 added-lines seen."
    assert weigh([touching(("info", "added-lines", True), 1.0)], gaps=1).confidence == 60
    answer = weigh([touching(("info", "rewritten-lines", True), 1.0)])
    assert (answer.confidence, answer.findings) == (90, ("F1",))
    assert answer.summary == "Nothing speaks against the canary: F1 rewritten-lines seen."


def test_a_canary_that_is_ready_but_goes_on_logging_new_errors_is_rolled_back() -> None:
    answer = weigh(graded(SHARE, NEW_ERROR))
    assert (answer.verdict, answer.confidence, answer.findings) == ("rollback", 85, ("F2", "F1"))
    assert answer.root_cause == ""
    assert answer.remediation == REMEDIES["new-error-template"]


def test_two_new_errors_that_go_on_are_a_rollback_and_one_is_not_enough_to_tell() -> None:
    assert (weigh(graded(NEW_ERROR, NEW_ERROR)).verdict, weigh(graded(NEW_ERROR, NEW_ERROR)).confidence) == (
        "rollback",
        90,
    )
    assert (weigh(graded(NEW_ERROR)).verdict, weigh(graded(NEW_ERROR)).confidence) == ("cannot_tell", 70)


def test_one_warning_that_ended_lowers_the_confidence_and_no_more() -> None:
    answer = weigh(graded(ENDED))
    assert (answer.verdict, answer.confidence, answer.findings) == ("promote", 70, ("F1",))
    assert (answer.root_cause, answer.remediation) == ("", "")


def test_what_healed_by_itself_is_never_a_rollback_however_much_it_was() -> None:
    assert weigh(graded(*[ENDED] * 50)).verdict == "cannot_tell"
    assert weigh(graded(NEW_ERROR, *[ENDED] * 50)).verdict == "cannot_tell"


def test_what_the_work_has_gone_on_without_weighs_half_of_what_only_ended() -> None:
    both: tuple[Seen, ...] = (ENDED, ("warning", "error-share", False))
    assert [weigh(graded(*both, healed=healed)).verdict for healed in (False, True)] == [
        "cannot_tell",
        "promote",
    ]
    assert weigh(graded(*both * 2, healed=True)).verdict == "cannot_tell"


def test_memory_does_not_heal() -> None:
    assert weigh(graded(("warning", "oom-kill", False))).verdict == "cannot_tell"


def test_an_eviction_is_no_fault_of_the_version() -> None:
    assert weigh(graded(("warning", "evicted", True))) == weigh(())


def test_text_that_addresses_the_judge_moves_it_in_no_direction() -> None:
    told: Seen = ("warning", "addresses-judge", True)
    for others in ((), (NEW_ERROR,), (SHARE, NEW_ERROR), (ENDED,)):
        assert weigh(graded(*others, *[told] * 20)) == weigh(graded(*others))


def test_a_blocking_finding_is_a_rollback_whatever_else_there_is() -> None:
    answer = weigh(graded(("blocking", "crash-loop", True), ("hold", "not-ready", True), ENDED))
    assert (answer.verdict, answer.confidence, answer.findings) == ("rollback", 95, ("F1",))
    assert "F1 crash-loop seen" in answer.summary


def test_a_held_finding_cannot_be_told() -> None:
    answer = weigh(graded(("hold", "not-ready", True), SHARE, NEW_ERROR))
    assert (answer.verdict, answer.confidence, answer.findings) == ("cannot_tell", 90, ("F1",))


def test_the_change_that_explains_a_fault_is_the_root_cause() -> None:
    answer = weigh(
        (
            *graded(SHARE, NEW_ERROR),
            *graded(("warning", "oom-kill", True), because="the memory limit went from 1Gi to 64Mi"),
        )
    )
    assert answer.root_cause == "the memory limit went from 1Gi to 64Mi"


def test_many_findings_are_all_cited_and_three_are_told() -> None:
    answer = weigh(graded(*[NEW_ERROR] * 9))
    assert len(answer.findings) == 9
    assert "and 6 more" in answer.summary
    assert answer.confidence == 95


def test_a_promote_that_would_say_nothing_is_none() -> None:
    assert (weigh(graded(ENDED), gaps=1).verdict, weigh((), gaps=40).verdict) == (
        "cannot_tell",
        "cannot_tell",
    )
    assert "too little was seen to promote it. 40 things could not be seen" in weigh((), gaps=40).summary


def test_the_confidence_of_a_rollback_never_falls_to_nothing() -> None:
    assert weigh(graded(("blocking", "crash-loop", True)), gaps=40).confidence == 5


def test_what_was_not_seen_makes_it_no_surer_and_no_less_sure_that_it_cannot_be_told() -> None:
    assert weigh(graded(NEW_ERROR), gaps=3).confidence == weigh(graded(NEW_ERROR)).confidence == 70


def test_an_answer_is_as_sure_as_such_answers_were_right() -> None:
    assert (judge(()).verdict, judge(()).confidence) == ("promote", 94)
    assert judge(graded(ENDED)).confidence == 91
    assert judge(graded(SHARE, NEW_ERROR)).confidence == 93
    assert judge(graded(("blocking", "crash-loop", True))).confidence == 99
    assert judge(()).confidence >= Rules().min_confidence


def test_it_is_as_unsure_that_it_cannot_tell_as_its_table_says() -> None:
    for findings in (graded(NEW_ERROR), graded(("hold", "not-ready", True))):
        assert judge(findings) == weigh(findings)


def test_each_gap_lowers_what_is_calibrated_and_no_gap_makes_a_verdict_another() -> None:
    crashed = graded(("blocking", "crash-loop", True))
    assert [judge(crashed, gaps).confidence for gaps in (0, 1, 2, 40)] == [99, 79, 59, 5]
    assert [judge((), gaps).verdict for gaps in (0, 1, 2)] == ["promote", "promote", "cannot_tell"]


def test_a_new_warning_counts_by_how_much_of_the_work_it_touches() -> None:
    def warned(excess: float) -> Answer:
        return weigh([weighing(graded(("warning", "new-warning-template", True))[0], excess)])

    assert [warned(excess).verdict for excess in (0.1, 0.2, 0.25, 0.9)] == [
        "cannot_tell",
        "cannot_tell",
        "rollback",
        "rollback",
    ]
    assert warned(0.9).confidence == 90


def test_the_reply_is_an_answer_as_json_and_the_same_every_time(question: Question) -> None:
    asked = msgspec.structs.replace(question, findings=graded(SHARE, NEW_ERROR), gaps=1)
    replies = [
        create("", {}).ask(asked, (Turn(role="user", text="judge"),), Deadline.after(5)) for _ in range(2)
    ]
    assert replies[0] == replies[1]
    assert isinstance(replies[0], Reply)
    assert msgspec.json.decode(replies[0].text, type=Answer) == judge(asked.findings, 1)


def test_it_reads_the_findings_so_a_short_prompt_takes_nothing_from_it(question: Question) -> None:
    asked = msgspec.structs.replace(question, findings=graded(ENDED), unshown=("F1",))
    reply = create("", {}).ask(asked, (Turn(role="user", text="judge"),), Deadline.after(5))
    assert isinstance(reply, Reply)
    assert isinstance(parse_verdict("builtin", reply, asked), Verdict)


def test_it_takes_no_argument() -> None:
    with pytest.raises(UsageError, match="nothing after a colon"):
        create("gpt", {})


PAGE = (Path(__file__).parents[2] / "docs" / "judge.md").read_text()


class TestPage:
    """docs/judge.md."""

    def test_its_table_is_the_modules(self) -> None:
        rows = [line for line in (builtin.__doc__ or "").splitlines() if line.startswith("|")]
        assert len(rows) == 8
        assert "\n".join(rows) in PAGE

    def test_its_points_are_the_judges(self) -> None:
        shown = {
            kind: int(points)
            for kind, points in re.findall(
                r"^\| (`[a-z-]+`|every other warning) \| (\d+) \|", PAGE, re.MULTILINE
            )
        }
        assert shown == {f"`{kind}`": points for kind, points in POINTS.items()} | {
            "every other warning": OTHERS
        }

    @pytest.mark.parametrize(
        ("warnings", "points", "verdict", "sure"),
        re.findall(r"^\| (.+) \| (\d+) \| (\w+), (\d+) %", PAGE, re.MULTILINE),
    )
    def test_an_example_is_what_it_says(self, warnings: str, points: str, verdict: str, sure: str) -> None:
        times = 2 if warnings.startswith("two") else 1
        percent = re.search(r"on (\d+) %", warnings)
        unknown = 0.0 if "rare" in warnings else None
        excess = int(percent[1]) / 100 if percent else unknown
        kinds = re.findall(r"`([a-z-]+)`", warnings) * times
        healed = "healed" in warnings
        ended = healed or "ended" in warnings
        findings = graded(*(("warning", kind, not ended) for kind in kinds), healed=healed)
        answer = weigh([weighing(one, excess) for one in findings])
        assert (answer.verdict, answer.confidence) == (verdict, int(sure))
        times_as_much = {None: 1.0, 0.0: 0.5, 0.2: 1.5, 0.4: 2.0}[excess]
        whole = sum(POINTS.get(kind, OTHERS) for kind in kinds) * times_as_much
        assert whole // (1 + ended + 2 * healed) == int(points)

    def test_a_gap_and_two_are_what_it_says(self) -> None:
        assert [(judge((), gaps).verdict, judge((), gaps).confidence) for gaps in (1, 2)] == [
            ("promote", 74),
            ("cannot_tell", 70),
        ]
        assert "a promote (74 %)" in PAGE

    def test_its_steps_are_the_calibrations(self) -> None:
        shown = re.findall(r"^\| (promote|rollback) \| (\d+) \| (\d+) % \|", PAGE, re.MULTILINE)
        assert shown == [
            (verdict, str(begin), str(sure)) for verdict, steps in STEPS.items() for begin, sure in steps
        ]
