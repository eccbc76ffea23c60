"""The decision, in the order that docs/verdicts.md gives: each rule, and what must hold whatever the case."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from healthy import NOW, TARGET
from hypothesis import assume, given
from hypothesis import strategies as st

from analyzer import decision as deciding
from analyzer.answer import Answer, Choice
from analyzer.decision import CONSENSUS, ORDER, Decision, DecisionInput, decide
from analyzer.evidence import AnyPart, Evidence, add_missing_gaps
from analyzer.evidence.events import Events
from analyzer.evidence.interface import Gap, Window
from analyzer.evidence.logs import ContainerLogs, Logs
from analyzer.evidence.pods import Pod, Pods
from analyzer.evidence.replicasets import ReplicaSet, ReplicaSets
from analyzer.findings.interface import Finding, Graded, Severity
from analyzer.logs.digest import Digest
from analyzer.models.builtin import BUILTIN
from analyzer.settings import Consensus, Rules
from analyzer.target import ROLES, Role, Side, Target
from analyzer.verdicts.verdict import Abstention, Failed, Opinion, Verdict


def pods(role: Role, *, count: int = 1, deleted: bool = False) -> Pods:
    one = Pod(name=role, owner="", phase="Running", created_at=NOW, deleted_at=NOW if deleted else None)
    return Pods(side=role, pods=(one,) * count)


def owned(role: Role, *desired: int) -> ReplicaSets:
    found = tuple(
        ReplicaSet(name=f"{role}-{number}", owner="", created_at=NOW, desired=each)
        for number, each in enumerate(desired)
    )
    return ReplicaSets(side=role, replicasets=found)


def evidence(
    *parts: AnyPart, target: Target = TARGET, gaps: tuple[Gap, ...] = (), mismatch: str = ""
) -> Evidence:
    both = parts or (pods("stable"), pods("canary"))
    return Evidence(
        target=target, window=Window(start=NOW, end=NOW), nonce="n", parts=both, gaps=gaps, mismatch=mismatch
    )


def graded(severity: Severity, number: int = 1) -> Graded:
    finding = Finding(kind="crash-loop", key="crash-loop/app", sentence="app crashes", stable="", canary="")
    return Graded(id=f"F{number}", severity=severity, finding=finding)


def verdict(said: Choice, confidence: int = 90, model: str = "m", weight: float = 1.0) -> Verdict:
    return Verdict(model=model, answer=Answer(verdict=said, confidence=confidence, summary=""), weight=weight)


FAILED = Failed(model="f", reason="no answer", retryable=True)
REFUSED = Failed(model="r", reason="unknown key")
SILENT = Abstention(model="a", reason="no JSON")
PROMOTE = verdict("promote")
ROLLBACK = verdict("rollback")
UNSURE = verdict("cannot_tell")


def judged(
    *opinions: Opinion,
    findings: Sequence[Graded] = (),
    seen: Evidence | None = None,
    rules: Rules | None = None,
) -> Decision:
    return decide(
        DecisionInput(
            evidence=seen or evidence(), findings=tuple(findings), opinions=opinions, rules=rules or Rules()
        )
    )


def told(decision: Decision) -> tuple[str, str]:
    return decision.outcome, decision.rule


class TestOrder:
    """Each rule against everything that stands below it."""

    def test_sides_that_moved_are_inconclusive_before_a_blocking_finding(self) -> None:
        moved = evidence(mismatch="the canary is now abc")
        decision = judged(ROLLBACK, findings=[graded("blocking")], seen=moved)
        assert (told(decision), decision.reason) == (("inconclusive", "sides"), "the canary is now abc")

    @pytest.mark.parametrize(("selector", "digest"), [("hash=s", "c"), ("hash=c", "s")])
    def test_sides_that_are_one_are_inconclusive_even_if_nobody_noted_it(
        self, selector: str, digest: str
    ) -> None:
        one = msgspec.structs.replace(TARGET, canary=Side(role="canary", selector=selector, hash=digest))
        assert told(judged(ROLLBACK, findings=[graded("blocking")], seen=evidence(target=one))) == (
            "inconclusive",
            "sides",
        )

    def test_unknown_hashes_are_not_the_same(self) -> None:
        unknown = msgspec.structs.replace(
            TARGET,
            stable=Side(role="stable", selector="role=a"),
            canary=Side(role="canary", selector="role=b"),
        )
        assert judged(PROMOTE, seen=evidence(target=unknown)).outcome == "promote"

    def test_a_blocking_finding_rolls_back_whatever_models_say_or_is_missing(self) -> None:
        for opinions in ((PROMOTE,), (), (FAILED,), (SILENT,)):
            decision = judged(
                *opinions, findings=[graded("hold", 2), graded("blocking")], seen=evidence(pods("stable"))
            )
            assert (told(decision), decision.reason) == (("rollback", "blocking finding"), "app crashes")

    def test_a_held_finding_is_inconclusive_and_named(self) -> None:
        decision = judged(ROLLBACK, findings=[graded("hold")], seen=evidence(pods("canary")))
        settled = "app crashes; to settle it: judge again when its pods are older"
        assert (told(decision), decision.reason) == (("inconclusive", "cannot be told yet"), settled)

    def test_what_only_an_outage_holds_is_an_error_that_another_run_may_mend(self) -> None:
        outage = msgspec.structs.replace(graded("hold", 2).finding, retryable=True)
        held = msgspec.structs.replace(graded("hold", 2), finding=outage)
        for opinions in ((PROMOTE,), (ROLLBACK,), (FAILED,)):
            decision = judged(*opinions, findings=[held, graded("warning", 3)])
            assert told(decision) == ("error", "out of reach")
            assert decision.reason.startswith("app crashes; to settle it: ")
            assert told(judged(*opinions, findings=[graded("hold"), held])) == (
                "inconclusive",
                "cannot be told yet",
            )
            assert told(judged(*opinions, findings=[graded("blocking"), held])) == (
                "rollback",
                "blocking finding",
            )

    def test_a_warning_leaves_it_to_the_models(self) -> None:
        assert judged(PROMOTE, findings=[graded("warning"), graded("info")]).outcome == "promote"

    def test_missing_evidence_comes_before_the_veto(self) -> None:
        rules = Rules(consensus="any-rollback")
        assert told(judged(ROLLBACK, seen=evidence(pods("stable")), rules=rules)) == (
            "inconclusive",
            "missing evidence",
        )

    def test_the_veto_comes_before_the_quorum(self) -> None:
        rules = Rules(consensus="any-rollback")
        assert told(judged(ROLLBACK, FAILED, FAILED, rules=rules)) == ("rollback", "any-rollback")
        assert told(judged(ROLLBACK, PROMOTE, PROMOTE, rules=rules)) == ("rollback", "any-rollback")
        assert told(judged(PROMOTE, FAILED, FAILED, rules=rules)) == ("error", "quorum")
        assert judged(PROMOTE, rules=rules).outcome == "promote"

    def test_a_rollback_is_no_veto_unless_asked(self) -> None:
        assert told(judged(ROLLBACK, FAILED, FAILED)) == ("error", "quorum")

    def test_every_way_of_consensus_that_can_be_asked_for_is_there(self) -> None:
        assert set(CONSENSUS) == set(get_args(Consensus))

    def test_the_last_rule_always_decides(self) -> None:
        empty = DecisionInput(evidence=evidence(), findings=(), opinions=(), rules=Rules())
        assert ORDER[-1](empty) is not None


class TestMissingEvidence:
    @pytest.mark.parametrize(
        ("seen", "reason"),
        [
            (evidence(target=msgspec.structs.replace(TARGET, stable=None)), "there is no stable side"),
            (evidence(target=msgspec.structs.replace(TARGET, canary=None)), "there is no canary side"),
            (evidence(pods("stable")), "the canary pods could not be read"),
            (evidence(pods("canary")), "the stable pods could not be read"),
            (evidence(pods("stable"), pods("canary", count=0)), "the canary side has no pods"),
            (evidence(pods("stable", count=0), pods("canary")), "the stable side has no pods"),
            (
                evidence(pods("stable", count=0), pods("canary"), owned("stable", 2)),
                "the stable side has no pods",
            ),
            (
                evidence(pods("stable", count=0), pods("canary"), owned("stable", 0)),
                "the stable side has no pods: it is scaled to zero",
            ),
            (
                evidence(
                    pods("stable", count=0),
                    pods("canary"),
                    owned("stable", 0),
                    target=msgspec.structs.replace(TARGET, dynamic_stable=True),
                ),
                (
                    "the stable side has no pods: it is scaled to zero (dynamicStableScale),"
                    " so judge at an earlier step"
                ),
            ),
            (
                evidence(
                    pods("stable"),
                    pods("canary", count=0),
                    owned("canary", 0),
                    target=msgspec.structs.replace(TARGET, dynamic_stable=True),
                ),
                "the canary side has no pods: it is scaled to zero",
            ),
            (
                evidence(pods("stable"), pods("canary", count=0), owned("canary")),
                (
                    "the canary side has no pods: no pod and no ReplicaSet is labelled"
                    f" {TARGET.canary.selector if TARGET.canary else ''}"
                ),
            ),
            (
                evidence(pods("stable"), pods("canary", count=2, deleted=True)),
                "the canary side has no pods: all 2 are being deleted, finished or taken by their node",
            ),
        ],
    )
    def test_a_side_without_pods_is_inconclusive(self, seen: Evidence, reason: str) -> None:
        decision = judged(PROMOTE, seen=seen)
        assert (told(decision), decision.reason) == (("inconclusive", "missing evidence"), reason)

    def test_a_gap_matters_only_where_its_source_is_required(self) -> None:
        seen = evidence(gaps=(Gap(source="events", side="canary", reason="forbidden"),))
        assert judged(PROMOTE, seen=seen).outcome == "promote"
        decision = judged(PROMOTE, seen=seen, rules=Rules(require=("events",)))
        assert (told(decision), decision.reason) == (
            ("inconclusive", "missing evidence"),
            "events is required, and forbidden",
        )

    def test_a_minor_gap_leaves_a_requirement_met_where_the_rest_was_seen(self) -> None:
        rules = Rules(require=("logs",))
        gone = Gap(
            source="logs",
            side="stable",
            reason="previous log of app in cart: the log has been rotated away",
            minor=True,
        )
        logs = {role: Logs(side=role, containers=(), streams=()) for role in ROLES}
        both: tuple[AnyPart, ...] = (pods("stable"), pods("canary"), *logs.values())
        assert judged(PROMOTE, rules=rules, seen=evidence(*both, gaps=(gone,))).outcome == "promote"
        decision = judged(
            PROMOTE, rules=rules, seen=evidence(pods("stable"), pods("canary"), logs["canary"], gaps=(gone,))
        )
        assert (decision.outcome, decision.reason) == (
            "inconclusive",
            f"logs is required, and {gone.reason}",
        ), "it is all there is of it"
        present = msgspec.structs.replace(gone, reason="log of app in cart: the pod is gone", minor=False)
        assert judged(PROMOTE, rules=rules, seen=evidence(*both, gaps=(present,))).outcome == "inconclusive"

    def test_logs_without_a_line_on_either_side_are_no_logs(self) -> None:
        def logs(role: Role, lines: int) -> Logs:
            return Logs(
                side=role,
                containers=(ContainerLogs(container="app", digest=Digest(lines=lines, continued=lines)),),
                streams=(),
            )

        rules = Rules(require=("logs",))
        for stable, outcome in ((0, "inconclusive"), (1, "promote")):
            seen = add_missing_gaps(
                evidence(pods("stable"), pods("canary"), logs("stable", stable), logs("canary", 0))
            )
            decision = judged(PROMOTE, rules=rules, seen=seen)
            assert decision.outcome == outcome
            assert judged(PROMOTE, seen=seen).outcome == "promote"
            assert (
                stable or "logs is required, and neither side logged a line in the window" in decision.reason
            )

    def test_a_source_that_leaves_minor_gaps_alone_was_not_seen(self) -> None:
        unserved = Gap(source="usage", side=None, reason="this cluster serves no metrics API", minor=True)
        seen = evidence(pods("stable"), pods("canary"), gaps=(unserved,))
        assert judged(PROMOTE, seen=seen).outcome == "promote"
        decision = judged(PROMOTE, seen=seen, rules=Rules(require=("usage",)))
        assert (decision.outcome, decision.reason) == (
            "inconclusive",
            "usage is required, and this cluster serves no metrics API",
        )

    def test_a_required_source_that_nobody_looked_at_is_missing(self) -> None:
        rules = Rules(require=("events",))
        one, both = Events(side="canary", events=()), Events(side=None, events=())
        assert judged(PROMOTE, rules=rules).rule == "missing evidence"
        assert (
            judged(PROMOTE, rules=rules, seen=evidence(pods("stable"), pods("canary"), one)).rule
            == "missing evidence"
        )
        assert (
            judged(PROMOTE, rules=rules, seen=evidence(pods("stable"), pods("canary"), both)).outcome
            == "promote"
        )


class TestNothingToJudge:
    """No model is asked then: no answer could matter, and there is nothing to explain."""

    @pytest.mark.parametrize(
        ("seen", "severities", "nothing"),
        [
            (evidence(), [], False),
            (evidence(mismatch="moved"), ["blocking"], True),
            (evidence(pods("stable")), [], True),
            (evidence(pods("stable")), ["info"], True),
            (evidence(pods("stable")), ["info", "warning"], False),  # people are told why
            (evidence(pods("stable")), ["blocking"], False),
        ],
    )
    def test_it_is_where_sides_are_missing_and_nothing_weighs(
        self, seen: Evidence, severities: list[Severity], nothing: bool
    ) -> None:
        case = DecisionInput(
            evidence=seen, findings=tuple(map(graded, severities)), opinions=(), rules=Rules()
        )
        assert deciding.nothing_to_judge(case) == nothing


class TestQuorum:
    @pytest.mark.parametrize(
        ("opinions", "outcome"),
        [
            ((), "inconclusive"),
            ((FAILED,), "error"),
            ((REFUSED,), "inconclusive"),
            ((SILENT,), "inconclusive"),
            ((PROMOTE, FAILED), "error"),  # one survivor never decides for two
            ((ROLLBACK, FAILED), "error"),
            ((PROMOTE, SILENT), "inconclusive"),
            ((PROMOTE, REFUSED), "inconclusive"),
            ((PROMOTE, FAILED, SILENT), "inconclusive"),
            ((PROMOTE, FAILED, FAILED), "error"),
            ((PROMOTE, PROMOTE, FAILED), "promote"),
            ((PROMOTE, PROMOTE, FAILED, FAILED), "error"),
        ],
    )
    def test_default_is_a_majority_of_the_models_asked(
        self, opinions: tuple[Opinion, ...], outcome: str
    ) -> None:
        decision = judged(*opinions)
        assert decision.outcome == outcome
        assert (decision.rule == "quorum") == (outcome != "promote")

    def test_it_can_be_set(self) -> None:
        assert judged(PROMOTE, PROMOTE, FAILED, rules=Rules(quorum=3)).outcome == "error"
        assert judged(PROMOTE, FAILED, FAILED, rules=Rules(quorum=1)).outcome == "promote"

    def test_at_least_one_verdict_is_needed_whatever_is_set(self) -> None:
        assert told(judged(rules=Rules(quorum=-1))) == ("inconclusive", "quorum")

    def test_trying_again_cannot_reach_more_than_was_asked(self) -> None:
        assert judged(FAILED, FAILED, rules=Rules(quorum=3)).outcome == "inconclusive"

    def test_the_reason_says_who_is_missing_and_why(self) -> None:
        few = "1 of 2 models gave a verdict, 2 needed; f: no answer; to settle it: "
        assert judged(PROMOTE, FAILED).reason == f"{few}judge again, or ask another model (--model)"
        late = msgspec.structs.replace(FAILED, advice="allow more time with --deadline")
        assert judged(PROMOTE, late).reason == f"{few}allow more time with --deadline"


class TestConsensus:
    @pytest.mark.parametrize(
        ("opinions", "outcome"),
        [
            ((PROMOTE,), "promote"),
            ((ROLLBACK,), "rollback"),
            ((UNSURE,), "inconclusive"),
            ((PROMOTE, ROLLBACK), "inconclusive"),  # a tie
            ((verdict("promote", 91), verdict("rollback", 90)), "inconclusive"),  # a share of 0.503
            ((PROMOTE, PROMOTE, verdict("rollback", 100)), "promote"),
            (
                (verdict("promote", 90), verdict("rollback", 60)),
                "inconclusive",
            ),  # a share of 0.6, but not a quorum that promotes
            ((verdict("promote", 90), verdict("rollback", 1)), "inconclusive"),
            ((verdict("rollback", 91), verdict("promote", 90)), "rollback"),
            ((verdict("promote", 60),), "promote"),
            ((verdict("promote", 59),), "inconclusive"),
            ((verdict("promote", 70), verdict("promote", 50)), "promote"),
            ((verdict("promote", 70), verdict("promote", 49)), "inconclusive"),
            ((verdict("promote", 0),), "inconclusive"),
            ((verdict("rollback", 0),), "inconclusive"),
            ((PROMOTE, UNSURE), "inconclusive"),
            (
                (verdict("promote", 90), verdict("cannot_tell", 60)),
                "inconclusive",
            ),  # as one that failed: a lone survivor
            ((verdict("promote", 100), verdict("cannot_tell", 0)), "inconclusive"),
            ((PROMOTE, PROMOTE, UNSURE), "promote"),
            ((PROMOTE, verdict("promote", 100), UNSURE, UNSURE), "inconclusive"),  # of four, three are needed
            ((ROLLBACK, UNSURE), "inconclusive"),
            ((ROLLBACK, ROLLBACK, UNSURE), "rollback"),
        ],
    )
    def test_confidence(self, opinions: tuple[Opinion, ...], outcome: str) -> None:
        assert judged(*opinions).outcome == outcome

    @pytest.mark.parametrize(("against", "outcome"), [(60, "promote"), (61, "inconclusive")])
    @pytest.mark.parametrize("said", ["rollback", "cannot_tell"])
    def test_a_quorum_of_one_leaves_it_to_the_share(self, said: Choice, against: int, outcome: str) -> None:
        """0.6 is enough, and less is not; that one decides for two was asked for."""
        assert (
            judged(verdict("promote", 90), verdict(said, against), rules=Rules(quorum=1)).outcome == outcome
        )

    @pytest.mark.parametrize(
        "rules", [Rules(), Rules(consensus="majority"), Rules(consensus="any-rollback"), Rules(quorum=2)]
    )
    def test_who_cannot_tell_is_missing_from_the_quorum_of_a_promote(self, rules: Rules) -> None:
        decision = judged(verdict("promote", 90, "a", 9.0), verdict("cannot_tell", 60, "b"), rules=rules)
        assert told(decision) == ("inconclusive", "quorum")
        assert decision.reason.startswith(
            "a says promote (90 %, weight 9), b cannot tell (60 %, weight 1), 1 of 2 models said promote,"
            " 2 needed for that"
        )

    @pytest.mark.parametrize(
        ("opinions", "outcome"),
        [
            ((PROMOTE, PROMOTE, verdict("rollback", 100)), "promote"),
            ((verdict("rollback", 1), verdict("rollback", 1), verdict("promote", 100)), "rollback"),
            ((PROMOTE, ROLLBACK), "inconclusive"),
            ((verdict("promote", 50), verdict("promote", 50)), "inconclusive"),
        ],
    )
    def test_majority_counts_heads(self, opinions: tuple[Opinion, ...], outcome: str) -> None:
        assert judged(*opinions, rules=Rules(consensus="majority")).outcome == outcome

    @pytest.mark.parametrize(
        ("opinions", "outcome"),
        [
            ((PROMOTE, PROMOTE), "promote"),
            ((ROLLBACK, ROLLBACK), "rollback"),
            ((UNSURE, UNSURE), "inconclusive"),
            ((PROMOTE, PROMOTE, ROLLBACK), "inconclusive"),
            ((PROMOTE, PROMOTE, FAILED), "inconclusive"),
            ((PROMOTE, PROMOTE, SILENT), "inconclusive"),
            ((verdict("promote", 59), verdict("promote", 60)), "inconclusive"),
        ],
    )
    def test_unanimous_includes_the_silent(self, opinions: tuple[Opinion, ...], outcome: str) -> None:
        assert judged(*opinions, rules=Rules(consensus="unanimous")).outcome == outcome

    def test_a_bound_that_is_no_number_promotes_nothing(self) -> None:
        nan = float("nan")
        assert judged(PROMOTE, rules=Rules(min_share=nan)).outcome == "inconclusive"
        assert judged(PROMOTE, rules=Rules(min_confidence=nan)).outcome == "inconclusive"

    def test_the_confidence_is_that_of_its_side(self) -> None:
        assert (
            judged(verdict("promote", 90), verdict("promote", 80), verdict("rollback", 10)).confidence == 85
        )
        assert judged(PROMOTE, ROLLBACK).confidence is None


class TestWeights:
    """`--weight`: shares and means are weighed, heads are not."""

    @pytest.mark.parametrize(
        ("opinions", "outcome", "confidence"),
        [
            ((verdict("promote", 90, weight=2), verdict("rollback", 90)), "promote", 90),
            ((verdict("promote", 90), verdict("rollback", 90, weight=2)), "rollback", 90),
            (
                (verdict("promote", 90, weight=1.4), verdict("rollback", 90)),
                "inconclusive",
                None,
            ),  # a share of 0.58
            ((verdict("promote", 90, weight=1.5), verdict("rollback", 90)), "promote", 90),  # exactly 0.6
            (
                (verdict("promote", 90, weight=0.15), verdict("rollback", 90, weight=0.1)),
                "promote",
                90,
            ),  # the same ratio
            (
                (verdict("promote", 90, weight=2.3), verdict("rollback", 60, weight=2.3)),
                "promote",
                90,
            ),  # 0.6, though floats miss it
            ((verdict("promote", 90, weight=3), verdict("promote", 50)), "promote", 80),
            (
                (verdict("promote", 90), verdict("promote", 50, weight=3.5)),
                "inconclusive",
                None,
            ),  # a mean of 58.9
            (
                (verdict("promote", 60, weight=0.1), verdict("promote", 60, weight=0.2)),
                "promote",
                60,
            ),  # 60, though floats miss it
            ((verdict("promote", 90, weight=1000), UNSURE, UNSURE), "promote", 90),
        ],
    )
    def test_confidence(self, opinions: tuple[Opinion, ...], outcome: str, confidence: float | None) -> None:
        decision = judged(*opinions, rules=Rules(quorum=1))  # so that the share alone decides
        assert (decision.outcome, decision.confidence) == (outcome, confidence)

    @pytest.mark.parametrize("way", ["confidence", "majority", "unanimous"])
    def test_each_way_is_named_with_what_each_model_said(self, way: Consensus) -> None:
        both = judged(verdict("promote", 90, "a"), verdict("promote", 80, "b"), rules=Rules(consensus=way))
        assert told(both) == ("promote", way)
        assert both.reason.endswith("; said by a (90 %), b (80 %)")
        assert both.headline("shop/cart").startswith(
            "PROMOTE (85 % confident) shop/cart: nothing that was seen speaks against the canary: "
        )
        apart = judged(verdict("promote", 90, "a"), UNSURE, rules=Rules(consensus="unanimous"))
        assert apart.headline("").startswith(
            "INCONCLUSIVE: a says promote (90 %), m cannot tell (90 %), the models do not all"
            " agree; to settle it: "
        )

    @pytest.mark.parametrize(
        ("confidences", "doubt", "reason"),
        [
            (
                (50, 50),
                0,
                (
                    "a says promote (50 %), b says promote (50 %), too unsure: a mean confidence of 50 %,"
                    " and a promote needs 60 %"
                ),
            ),
            (
                (60, 60),
                95,
                (
                    "a says promote (60 %), b says promote (60 %), c cannot tell (95 %), a share of 0.56 for"
                    " promote is below 0.6"
                ),
            ),
            (
                (40, 40),
                95,
                "a says promote (40 %), b says promote (40 %), c cannot tell (95 %), no side has a majority",
            ),
        ],
    )
    def test_a_promote_that_is_too_little_says_what_it_lacks(
        self, confidences: tuple[int, int], doubt: int, reason: str
    ) -> None:
        promotes = [
            verdict("promote", confidence, name) for name, confidence in zip("ab", confidences, strict=True)
        ]
        decision = judged(*promotes, *([verdict("cannot_tell", doubt, "c")] if doubt else []))
        settled = f"{reason}; to settle it: judge again later, or ask one more model (--model)"
        assert (told(decision), decision.reason) == (("inconclusive", "confidence"), settled)

    def test_a_quorum_that_was_not_asked_for_is_told(self) -> None:
        decision = judged(verdict("promote", 90, "a"), rules=Rules(quorum=2))
        assert decision.reason == (
            "1 of 1 model gave a verdict, 2 needed; too few models were asked; to settle it: judge again,"
            " or ask another model (--model)"
        )

    def test_all_who_speak_against_it_are_named(self) -> None:
        against = judged(
            verdict("rollback", 90, "a"), verdict("rollback", 80, "b"), rules=Rules(consensus="any-rollback")
        )
        assert against.reason.endswith("; said by a (90 %), b (80 %)")
        decision = decide(
            DecisionInput(
                evidence=evidence(),
                findings=(graded("blocking"), graded("blocking", 2)),
                opinions=(),
                rules=Rules(),
            )
        )
        assert decision.reason == "app crashes; app crashes"

    def test_majority_counts_weights(self) -> None:
        rules = Rules(consensus="majority", quorum=1)
        assert (
            judged(
                verdict("promote", 60, weight=3),
                verdict("rollback", 100),
                verdict("rollback", 100),
                rules=rules,
            ).outcome
            == "promote"
        )
        assert (
            judged(verdict("promote", 90), verdict("rollback", 60, weight=1.5), rules=rules).outcome
            == "rollback"
        )

    def test_no_weight_makes_two_models_of_one(self) -> None:
        heavy = verdict("promote", 100, weight=1000)
        assert told(judged(heavy, FAILED)) == ("error", "quorum")
        assert told(judged(heavy, UNSURE)) == told(judged(heavy, ROLLBACK)) == ("inconclusive", "quorum")
        assert told(judged(heavy, UNSURE, UNSURE, rules=Rules(consensus="majority"))) == (
            "inconclusive",
            "quorum",
        )
        assert told(judged(heavy, ROLLBACK, rules=Rules(consensus="any-rollback"))) == (
            "rollback",
            "any-rollback",
        )
        assert told(judged(heavy, ROLLBACK, rules=Rules(consensus="unanimous"))) == (
            "inconclusive",
            "unanimous",
        )

    def test_the_reason_tells_weights_only_where_some_were_given(self) -> None:
        weighed = judged(verdict("promote", 90, "a"), verdict("rollback", 80, "b", 2))
        assert weighed.reason.endswith("; said by b (80 %, weight 2); a says promote (90 %, weight 1)")
        assert judged(verdict("promote", 90, "a")).reason.endswith("; said by a (90 %)")


class TestBesideTheBuiltInJudge:
    """It may hold a promote of the models, and never makes one."""

    @pytest.mark.parametrize(
        "rules", [Rules(), Rules(quorum=1), Rules(quorum=2), Rules(consensus="majority")]
    )
    @pytest.mark.parametrize(
        ("model", "judge", "outcome"),
        [
            (("promote", 95), ("promote", 90), "promote"),
            (("cannot_tell", 60), ("promote", 90), "inconclusive"),
            (("cannot_tell", 1), ("promote", 100), "inconclusive"),
            (("rollback", 60), ("promote", 90), "inconclusive"),
            (("rollback", 95), ("rollback", 90), "rollback"),
            (("cannot_tell", 60), ("cannot_tell", 90), "inconclusive"),
            (
                ("promote", 59),
                ("promote", 90),
                "inconclusive",
            ),  # the mean would do, its own confidence does not
        ],
    )
    def test_one_model(
        self, model: tuple[Choice, int], judge: tuple[Choice, int], outcome: str, rules: Rules
    ) -> None:
        assert judged(verdict(*model), verdict(*judge, model=BUILTIN), rules=rules).outcome == outcome

    @pytest.mark.parametrize("said", ["rollback", "cannot_tell"])
    def test_it_holds_a_promote_of_one_model(self, said: Choice) -> None:
        assert judged(verdict("promote", 100), verdict(said, 5, BUILTIN)).outcome == "inconclusive"

    @pytest.mark.parametrize(
        ("opinions", "outcome"),
        [
            ((PROMOTE, PROMOTE), "promote"),
            ((PROMOTE, UNSURE), "inconclusive"),
            (
                (PROMOTE, verdict("cannot_tell", 60)),
                "inconclusive",
            ),  # their share alone would do, their quorum does not
            ((PROMOTE, ROLLBACK), "inconclusive"),
            ((PROMOTE, SILENT), "inconclusive"),
            ((PROMOTE, FAILED), "error"),  # another run may have both models' word
            ((PROMOTE, PROMOTE, UNSURE), "promote"),
            ((PROMOTE, PROMOTE, UNSURE, UNSURE), "inconclusive"),
        ],
    )
    def test_it_makes_no_majority_of_models_that_have_none(
        self, opinions: tuple[Opinion, ...], outcome: str
    ) -> None:
        assert (
            judged(*opinions, verdict("promote", 90, BUILTIN)).outcome == judged(*opinions).outcome == outcome
        )

    def test_no_weight_makes_its_word_the_models_own(self) -> None:
        heavy = verdict("promote", 100, BUILTIN, 1000)
        for said in ("rollback", "cannot_tell"):
            assert judged(verdict(said), heavy, rules=Rules(quorum=1)).outcome == "inconclusive"

    def test_the_reason_says_so(self) -> None:
        decision = judged(
            verdict("cannot_tell", 60, "gemini"), verdict("promote", 95, BUILTIN), rules=Rules(quorum=1)
        )
        assert decision.reason == (
            "the built-in judge cannot promote for the models: gemini cannot tell (60 %)"
            "; to settle it: judge again later, or ask one more model (--model)"
        )

    def test_alone_it_decides_as_any_judge(self) -> None:
        assert judged(verdict("promote", 90, BUILTIN)).outcome == "promote"


def test_the_documented_formulas_are_these() -> None:
    documented = (Path(__file__).parent.parent / "docs" / "verdicts.md").read_text()
    rows = [line for line in (deciding.__doc__ or "").splitlines() if line.startswith("|")]
    assert len(rows) == 6
    assert "\n".join(rows) in documented


VERDICTS = st.builds(
    verdict,
    st.sampled_from(get_args(Choice)),
    st.integers(0, 100),
    st.sampled_from(["m", "m", "m", BUILTIN]),
    st.just(1.0) | st.floats(0.001, 1000, allow_subnormal=False),
)
TOWARD = ("rollback", "inconclusive", "promote")  # an error counts as inconclusive here: neither is an answer
OPINIONS = st.lists(VERDICTS | st.sampled_from([FAILED, REFUSED, SILENT]), max_size=6)
SEVERITIES = st.lists(st.sampled_from(get_args(Severity)), max_size=4)
PARTS: list[tuple[AnyPart, ...]] = [
    (pods("stable"), pods("canary")),
    (pods("stable"),),
    (pods("canary"),),
    (pods("stable"), pods("canary", count=0)),
]
SEEN = st.builds(
    lambda parts, mismatch, stable: evidence(
        *parts, mismatch=mismatch, target=TARGET if stable else msgspec.structs.replace(TARGET, stable=None)
    ),
    st.sampled_from(PARTS),
    st.sampled_from(["", "", "moved"]),
    st.sampled_from([True, True, False]),
)
RULES = st.builds(
    Rules,
    quorum=st.integers(0, 4),
    min_share=st.floats(0, 1),
    min_confidence=st.floats(0, 100),
    consensus=st.sampled_from(get_args(Consensus)),
)


class TestAlways:
    """Properties of any case."""

    @given(OPINIONS, SEVERITIES, SEEN, RULES)
    def test_promote_takes_everything(
        self, opinions: list[Opinion], severities: list[Severity], seen: Evidence, rules: Rules
    ) -> None:
        case = DecisionInput(
            evidence=seen, findings=tuple(map(graded, severities)), opinions=tuple(opinions), rules=rules
        )
        decision = decide(case)
        if decision.outcome == "promote":
            said = [verdict.answer.verdict for verdict in case.verdicts()]
            assert not {"blocking", "hold"} & set(severities)
            assert not seen.mismatch
            assert seen.target.stable
            assert seen.part(Pods, "canary") == pods("canary")
            assert seen.part(Pods, "stable") == pods("stable")
            assert said.count("promote") >= max(1, rules.quorum or len(opinions) // 2 + 1)
            own = [verdict.answer.verdict for verdict in case.verdicts() if verdict.model != BUILTIN]
            assert "promote" in own or {opinion.model for opinion in opinions} == {BUILTIN}
            assert decision.confidence is not None
            assert decision.confidence >= rules.min_confidence
            assert rules.consensus != "any-rollback" or "rollback" not in said

    @given(OPINIONS, SEVERITIES, SEEN, RULES)
    def test_rollback_takes_a_blocking_finding_or_a_model_that_says_so(
        self, opinions: list[Opinion], severities: list[Severity], seen: Evidence, rules: Rules
    ) -> None:
        case = DecisionInput(
            evidence=seen, findings=tuple(map(graded, severities)), opinions=tuple(opinions), rules=rules
        )
        if decide(case).outcome == "rollback":
            assert "blocking" in severities or "rollback" in [
                verdict.answer.verdict for verdict in case.verdicts()
            ]
        if "blocking" in severities:
            assert decide(case).outcome == ("inconclusive" if seen.mismatch else "rollback")

    @given(OPINIONS, RULES, st.randoms(use_true_random=False))
    def test_the_order_of_the_models_changes_nothing(
        self, opinions: list[Opinion], rules: Rules, random: object
    ) -> None:
        shuffled = list(opinions)
        random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out a random.Random
        first, second = judged(*opinions, rules=rules), judged(*shuffled, rules=rules)
        assert (first.outcome, first.rule, first.confidence) == (
            second.outcome,
            second.rule,
            second.confidence,
        )

    @given(OPINIONS, RULES, st.sampled_from([FAILED, REFUSED, SILENT]))
    def test_another_silent_model_never_makes_it_promote(
        self, opinions: list[Opinion], rules: Rules, silent: Opinion
    ) -> None:
        assume(judged(*opinions, rules=rules).outcome != "promote")
        assert judged(*opinions, silent, rules=rules).outcome != "promote"

    @given(st.lists(VERDICTS, min_size=1, max_size=4), RULES, st.sampled_from([FAILED, REFUSED, SILENT]))
    def test_one_survivor_never_decides_for_two(
        self, verdicts: list[Verdict], rules: Rules, silent: Opinion
    ) -> None:
        rules = msgspec.structs.replace(rules, quorum=0, consensus="confidence")
        opinions = [*verdicts, *([silent] * len(verdicts))]
        assert judged(*opinions, rules=rules).outcome in {"inconclusive", "error"}

    @given(OPINIONS, VERDICTS, RULES)
    def test_who_turns_from_cannot_tell_to_rollback_never_makes_it_promote(
        self, opinions: list[Opinion], one: Verdict, rules: Rules
    ) -> None:
        unsure, against = (
            msgspec.structs.replace(one, answer=msgspec.structs.replace(one.answer, verdict=said))
            for said in ("cannot_tell", "rollback")
        )
        assert (
            judged(*opinions, against, rules=rules).outcome != "promote"
            or judged(*opinions, unsure, rules=rules).outcome == "promote"
        )

    @given(OPINIONS, VERDICTS, RULES)
    def test_the_built_in_judge_beside_models_never_makes_it_promote(
        self, opinions: list[Opinion], judge: Verdict, rules: Rules
    ) -> None:
        models = [opinion for opinion in opinions if opinion.model != BUILTIN]
        assume(models)
        alone = judged(*models, rules=msgspec.structs.replace(rules, quorum=min(rules.quorum, len(models))))
        beside = judged(*models, msgspec.structs.replace(judge, model=BUILTIN), rules=rules)
        assert beside.outcome != "promote" or alone.outcome == "promote"

    @given(OPINIONS, VERDICTS, st.floats(1, 1000), RULES)
    def test_more_weight_on_one_verdict_never_moves_it_toward_the_other_side(
        self, opinions: list[Opinion], one: Verdict, more: float, rules: Rules
    ) -> None:
        heavier = msgspec.structs.replace(one, weight=one.weight * more)
        before, after = (
            TOWARD.index(judged(*opinions, each, rules=rules).outcome.replace("error", "inconclusive"))
            for each in (one, heavier)
        )
        if one.answer.verdict == "rollback":
            assert after <= before
        elif one.answer.verdict == "promote":
            assert after >= before or before == TOWARD.index("promote")  # a mean pulled below its bound
            assert after != TOWARD.index("rollback") or before == after
        else:
            assert after == before or after == TOWARD.index("inconclusive")

    @given(st.lists(VERDICTS, min_size=1, max_size=5), st.sampled_from([0.125, 0.5, 2, 64]), RULES)
    def test_only_the_ratio_of_the_weights_matters(
        self, verdicts: list[Verdict], factor: float, rules: Rules
    ) -> None:
        scaled = [msgspec.structs.replace(each, weight=each.weight * factor) for each in verdicts]
        first, second = judged(*verdicts, rules=rules), judged(*scaled, rules=rules)
        assert (first.outcome, first.rule, first.confidence) == (
            second.outcome,
            second.rule,
            second.confidence,
        )

    @given(st.integers(0, 100), RULES)
    def test_a_tie_is_inconclusive(self, confidence: int, rules: Rules) -> None:
        assume(rules.consensus != "any-rollback" and rules.quorum <= 2)
        assert (
            judged(verdict("promote", confidence), verdict("rollback", confidence), rules=rules).outcome
            == "inconclusive"
        )
