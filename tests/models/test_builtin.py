import msgspec
import pytest

from analyzer.answer import Answer
from analyzer.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.findings.interface import Finding, Graded, Severity
from analyzer.models.builtin import REMEDIES, create, judge
from analyzer.models.interface import Question, Reply, Turn
from analyzer.settings import Rules
from analyzer.verdict import Verdict, read

Seen = tuple[Severity, str, bool]


def graded(*seen: Seen, because: str = "") -> tuple[Graded, ...]:
    """Findings by severity, kind and whether they go on, numbered as given."""
    return tuple(
        Graded(
            id=f"F{number}",
            severity=severity,
            finding=Finding(kind=kind, key=kind, sentence=f"{kind} seen", stable="0", canary="1", ongoing=ongoing, because=because),
        )
        for number, (severity, kind, ongoing) in enumerate(seen, start=1)
    )


NEW_ERROR: Seen = ("warning", "new-error-template", True)
ENDED: Seen = ("warning", "new-error-template", False)
SHARE: Seen = ("warning", "error-share", True)
INFO: Seen = ("info", "new-log-template", True)


def test_a_clean_canary_is_promoted_confidently_enough_for_the_default_rules() -> None:
    answer = judge(graded(INFO, INFO, INFO))
    assert (answer.verdict, answer.confidence, answer.findings) == ("promote", 90, ())
    assert answer.confidence >= Rules().min_confidence


def test_one_gap_leaves_a_clean_canary_promotable_and_two_do_not() -> None:
    assert judge((), gaps=1).confidence >= Rules().min_confidence > judge((), gaps=2).confidence
    assert "2 things could not be seen" in judge((), gaps=2).summary


def test_a_canary_that_is_ready_but_goes_on_logging_new_errors_is_rolled_back() -> None:
    answer = judge(graded(SHARE, NEW_ERROR))
    assert (answer.verdict, answer.confidence, answer.findings) == ("rollback", 85, ("F2", "F1"))
    assert answer.root_cause == "new-error-template seen"
    assert answer.remediation == REMEDIES["new-error-template"]


def test_two_new_errors_that_go_on_are_a_rollback_and_one_is_not_enough_to_tell() -> None:
    assert (judge(graded(NEW_ERROR, NEW_ERROR)).verdict, judge(graded(NEW_ERROR, NEW_ERROR)).confidence) == ("rollback", 90)
    assert (judge(graded(NEW_ERROR)).verdict, judge(graded(NEW_ERROR)).confidence) == ("cannot_tell", 70)


def test_one_warning_that_ended_lowers_the_confidence_and_no_more() -> None:
    answer = judge(graded(ENDED))
    assert (answer.verdict, answer.confidence, answer.findings) == ("promote", 70, ("F1",))
    assert (answer.root_cause, answer.remediation) == ("", "")


def test_what_healed_by_itself_is_never_a_rollback_however_much_it_was() -> None:
    assert judge(graded(*[ENDED] * 50)).verdict == "cannot_tell"
    assert judge(graded(NEW_ERROR, *[ENDED] * 50)).verdict == "cannot_tell"


def test_memory_does_not_heal() -> None:
    assert judge(graded(("warning", "oom-kill", False))).verdict == "cannot_tell"


def test_an_eviction_is_no_fault_of_the_version() -> None:
    assert judge(graded(("warning", "evicted", True))) == judge(())


def test_text_that_addresses_the_judge_moves_it_in_no_direction() -> None:
    told: Seen = ("warning", "addresses-judge", True)
    for others in ((), (NEW_ERROR,), (SHARE, NEW_ERROR), (ENDED,)):
        assert judge(graded(*others, *[told] * 20)) == judge(graded(*others))


def test_a_blocking_finding_is_a_rollback_whatever_else_there_is() -> None:
    answer = judge(graded(("blocking", "crash-loop", True), ("hold", "not-ready", True), ENDED))
    assert (answer.verdict, answer.confidence, answer.findings) == ("rollback", 95, ("F1",))
    assert "F1 crash-loop seen" in answer.summary


def test_a_held_finding_cannot_be_told() -> None:
    answer = judge(graded(("hold", "not-ready", True), SHARE, NEW_ERROR))
    assert (answer.verdict, answer.confidence, answer.findings) == ("cannot_tell", 90, ("F1",))


def test_the_change_that_explains_a_fault_is_the_root_cause() -> None:
    answer = judge((*graded(SHARE, NEW_ERROR), *graded(("warning", "oom-kill", True), because="the memory limit went from 1Gi to 64Mi")))
    assert answer.root_cause == "the memory limit went from 1Gi to 64Mi"


def test_many_findings_are_all_cited_and_three_are_told() -> None:
    answer = judge(graded(*[NEW_ERROR] * 9))
    assert len(answer.findings) == 9
    assert "and 6 more" in answer.summary
    assert answer.confidence == 95


def test_the_confidence_never_falls_to_nothing() -> None:
    assert judge((), gaps=40).confidence == 5


def test_the_reply_is_an_answer_as_json_and_the_same_every_time(question: Question) -> None:
    asked = msgspec.structs.replace(question, findings=graded(SHARE, NEW_ERROR), gaps=1)
    replies = [create("", {}).ask(asked, (Turn(role="user", text="judge"),), Deadline.after(5)) for _ in range(2)]
    assert replies[0] == replies[1]
    assert isinstance(replies[0], Reply)
    assert msgspec.json.decode(replies[0].text, type=Answer) == judge(asked.findings, 1)


def test_it_reads_the_findings_so_a_short_prompt_takes_nothing_from_it(question: Question) -> None:
    asked = msgspec.structs.replace(question, findings=graded(ENDED), unshown=("F1",))
    reply = create("", {}).ask(asked, (Turn(role="user", text="judge"),), Deadline.after(5))
    assert isinstance(reply, Reply)
    assert isinstance(read("builtin", reply, asked), Verdict)


def test_it_takes_no_argument() -> None:
    with pytest.raises(UsageError, match="nothing after a colon"):
        create("gpt", {})
