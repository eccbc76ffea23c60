import msgspec
import pytest

from analyzer import exits
from analyzer.decision import Outcome
from analyzer.errors import InfrastructureError, UsageError
from analyzer.settings import Policy
from analyzer.target.argo import Analysis


@pytest.mark.parametrize(
    ("outcome", "code"), [("promote", 0), ("rollback", 3), ("inconclusive", 4), ("error", 5)]
)
def test_each_outcome_has_its_published_code(outcome: Outcome, code: int) -> None:
    assert exits.for_outcome(outcome) == code


def test_errors_tell_a_wrong_question_from_a_fault_that_may_pass() -> None:
    class NarrowerError(InfrastructureError):
        """As the cluster's client has them."""

    assert exits.for_error(UsageError("no such rollout")) == 2
    assert (
        exits.for_error(InfrastructureError("no answer")) == exits.for_error(NarrowerError("no answer")) == 5
    )


def test_only_promote_is_zero_and_one_is_left_to_bugs() -> None:
    assert [code.name for code in exits.ExitCode if code == 0] == ["PROMOTE"]
    assert [exits.ExitCode(code).name for code in (1, 128 + 2, 128 + 15)] == [
        "BUG",
        "INTERRUPTED",
        "TERMINATED",
    ]


@pytest.mark.parametrize(
    ("outcome", "policy", "code"),
    [
        ("inconclusive", Policy(on_inconclusive="pass"), 0),
        ("error", Policy(on_error="pass"), 0),
        ("error", Policy(on_inconclusive="pass"), 5),
        ("inconclusive", Policy(on_error="pass"), 4),
        ("rollback", Policy(on_inconclusive="pass", on_error="pass"), 3),
        ("inconclusive", Policy(on_inconclusive="pause"), 4),
        ("error", Policy(on_error="pause"), 5),
    ],
)
def test_a_policy_passes_its_own_outcome_and_no_rollback(outcome: Outcome, policy: Policy, code: int) -> None:
    assert exits.for_outcome(outcome, policy) == code
    assert bool(exits.passed_by(outcome, policy)) == (code == 0)


@pytest.mark.parametrize(
    ("outcome", "pause", "code"),
    [
        ("inconclusive", "verified", 0),
        ("inconclusive", "refused", 4),
        ("inconclusive", "failed", 4),
        ("error", "verified", 0),
        ("error", "refused", 4),
        ("error", "failed", 5),
        ("rollback", "verified", 3),
    ],
)
def test_only_a_verified_pause_passes_and_one_that_is_refused_is_not_tried_again(
    outcome: Outcome, pause: exits.Pause, code: int
) -> None:
    policy = Policy(on_inconclusive="pause", on_error="pause")
    assert exits.for_outcome(outcome, policy, pause) == code
    assert bool(exits.passed_by(outcome, policy, pause)) == (code == 0)


def test_a_pause_means_nothing_to_a_policy_that_does_not_ask_for_one() -> None:
    assert exits.for_outcome("error", Policy(on_inconclusive="pause"), "refused") == 5
    assert exits.for_outcome("inconclusive", Policy(on_error="pause"), "verified") == 4


def test_no_policy_covers_what_was_asked_wrongly() -> None:
    everything = Policy(on_inconclusive="pass", on_error="pass")
    assert exits.for_error(UsageError("no such rollout"), everything) == 2
    assert exits.for_error(InfrastructureError("no answer"), everything) == 0
    paused = Policy(on_error="pause")
    assert [
        exits.for_error(InfrastructureError("no answer"), paused, pause)
        for pause in ("verified", "refused", "failed")
    ] == [0, 4, 5]


def test_what_is_passed_is_said_loudly_with_the_option_that_passes_it() -> None:
    assert exits.passed_by("inconclusive", Policy(on_inconclusive="pass")) == "--on-inconclusive pass"
    assert exits.passed_by("error", Policy(on_error="pause"), "verified") == "--on-error pause"
    assert exits.warn_of_pass("--on-error pass") == "NOT JUDGED HEALTHY but passed by --on-error pass"
    assert exits.passed_by("promote", Policy(on_inconclusive="pass")) == exits.warn_of_pass("") == ""


def test_the_exit_code_stands_with_what_argo_makes_of_it() -> None:
    def told(passed_by: str = "", **asks: bool | dict[str, int]) -> str:
        analysis = msgspec.structs.replace(
            Analysis(namespace="shop", name="run", uid="u", metric="judge", kind="step"), **asks
        )
        return exits.describe_exit(4, "any", passed_by, analysis)

    assert exits.describe_exit(3, "any", "", None) == told().replace("4", "3") == "exit code 3; rule: any"
    assert (
        told("--on-error pass") == "exit code 4, NOT JUDGED HEALTHY but passed by --on-error pass; rule: any"
    )
    assert (
        told(before={"successful": 2})
        == "exit code 4 (measured before: 2 successful; Argo weighs them together); rule: any"
    )
    assert told(dry_run=True) == "exit code 4 (DRY RUN: Argo heeds no answer); rule: any"
