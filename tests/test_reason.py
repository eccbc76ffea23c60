"""The reason: one sentence that says what was found, with both sides' figures, what changed and who said so,
within its bound.
"""

import pytest
from healthy import NOW, TARGET
from hypothesis import given
from hypothesis import strategies as st

from analyzer import reason
from analyzer.answer import Answer
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap, Window
from analyzer.findings.interface import Finding, Graded, Scope, Severity
from analyzer.reason.findings import describe_finding, find_cited
from analyzer.reason.opinions import describe_voices
from analyzer.reason.text import LONGEST_SENTENCE
from analyzer.verdicts.verdict import Failed, Opinion, Verdict

Texts = dict[str, str]


def graded(
    kind: str,
    sentence: str,
    stable: str = "",
    canary: str = "",
    *,
    weight: Severity = "warning",
    key: str = "k/cart",
    number: int = 1,
    samples: tuple[str, ...] = (),
    scope: Scope = "canary",
    because: str = "",
    advice: str = "",
) -> Graded:
    finding = Finding(
        kind=kind,
        key=key,
        sentence=sentence,
        stable=stable,
        canary=canary,
        samples=samples,
        scope=scope,
        because=because,
        advice=advice,
    )
    return Graded(id=f"F{number}", severity=weight, finding=finding)


def verdict(said: str, *cites: str, model: str = "gemini", quotes: tuple[str, ...] = ()) -> Verdict:
    answer = Answer(
        verdict=said,  # type: ignore[arg-type]
        confidence=92,
        summary="MODEL WORDS",
        root_cause="MODEL WORDS",
        findings=cites,
        quotes=quotes,
    )
    return Verdict(model=model, answer=answer)


IMAGE = graded(
    "image-differs",
    "container cart runs another image",
    "r.example/shop/cart:1.4.2",
    "r.example/shop/cart:1.5.0",
    weight="info",
    number=8,
)
PROXY = graded(
    "image-differs",
    "container proxy runs another image",
    "proxy:1",
    "proxy:2",
    weight="info",
    key="k/proxy",
    number=9,
)
ERROR = graded(
    "new-error-template",
    "container cart logs an error line that stable never logs: payment failed",
    "0 of 2,134 lines",
    "71 of 606 lines",
)
GAP = Gap(source="logs", side="canary", reason="denied", advice="grant get on pods/log")


def test_a_rollback_has_the_finding_both_figures_what_changed_and_who_says_so() -> None:
    verdicts = [verdict("rollback", "F1")]
    said = describe_voices(
        verdicts, [*verdicts, verdict("promote", model="ollama:gemma4"), Failed(model="x", reason="gone")]
    )
    assert reason.explain_rollback([ERROR], [ERROR, PROXY, IMAGE], said) == (
        "container cart logs an error line that stable never logs: payment failed (stable 0 of 2,134 lines, canary 71 of 606 lines),"
        " since image cart:1.4.2 became cart:1.5.0; said by gemini (92 %); ollama:gemma4 says promote (92 %); x failed"
    )


def test_a_change_that_explains_it_is_told_instead_of_all_that_changed() -> None:
    killed = graded(
        "oom-kill", "killed", because="the canary changes container cart: memory limit 512Mi -> 128Mi"
    )
    assert (
        reason.explain_rollback([killed], [killed, IMAGE])
        == "killed, since the canary changes container cart: memory limit 512Mi -> 128Mi"
    )


def test_three_changes_are_counted_and_two_are_told() -> None:
    changes = [
        graded("spec-change", f"container cart, environment: {name} changed", number=n)
        for n, name in enumerate("ABC", 2)
    ]
    assert reason.explain_rollback([ERROR], [ERROR, *changes]).endswith(
        ", since container cart, environment: A changed and container cart, environment: B changed and 1 more change"
    )


@pytest.mark.parametrize(
    ("sentence", "stable", "canary", "told"),
    [
        (
            "1 of 1 canary pod: it exits",
            "0 of 2 pods",
            "1 of 1 pod, 4 restarts",
            " (stable 0 of 2 pods, canary 4 restarts)",
        ),
        ("1 of 1 canary pod: it exits", "0 of 2 pods", "1 of 1 pod", " (stable 0 of 2 pods)"),
        ("the canary has 5, stable 1; no gate looks at it", "1", "5", ""),
        ("the canary has 15 %", "not seen", "5 %", " (stable not seen, canary 5 %)"),
        ("said", "", "", ""),
    ],
)
def test_a_figure_that_the_sentence_has_is_not_told_twice(
    sentence: str, stable: str, canary: str, told: str
) -> None:
    assert describe_finding(graded("gate-failed", sentence, stable, canary)) == f"{sentence}{told}"


def test_a_figure_is_not_cut_within_brackets() -> None:
    figure = "128 of 664 lines; 128 of 194 of its operations failed (66 %; stable 0 of 240, 0 %)"
    told = describe_finding(graded("new-error-template", "cart logs an error", "0 of 1,488 lines", figure))
    assert told.endswith(
        "(stable 0 of 1,488 lines, canary 128 of 664 lines; 128 of 194 of its operations failed …)"
    )
    whole = "12 of 40 lines (30 %); and what does not fit here, whatever it says at the end"
    told = describe_finding(graded("new-error-template", "cart logs an error", "0 of 9 lines", whole))
    assert "canary 12 of 40 lines (30 %); and what" in told


def test_what_the_cluster_or_the_last_run_said_is_shown() -> None:
    crash = graded("crash-loop", "it exits", samples=("panic: no database", "main.go"), weight="blocking")
    probe = graded("probe-failure", "its probe failed", number=2)
    assert (
        reason.explain_blocking([crash, probe, ERROR]) == 'it exits: "panic: no database"; its probe failed'
    )
    assert (
        describe_finding(graded("new-error-template", "logs: panic", samples=("panic 7",))) == "logs: panic"
    )


def test_the_most_severe_comes_first_and_then_as_it_is_cited() -> None:
    findings = [
        graded("a", "held", weight="hold"),
        graded("b", "two", number=2),
        graded("c", "three", number=3),
    ]
    assert [
        each.id for each in find_cited(findings, [verdict("rollback", "F3", "F2"), verdict("rollback", "F1")])
    ] == ["F1", "F3", "F2"]


def test_without_a_cited_finding_a_quote_is_told_and_no_words_of_the_model() -> None:
    told = reason.explain_by_quotes([verdict("rollback", quotes=("exit  137",))], [], "said by gemini (92 %)")
    assert told == 'the evidence has "exit 137"; said by gemini (92 %)'
    assert "MODEL WORDS" not in reason.explain_by_quotes([verdict("rollback")], [], "said by gemini (92 %)")


def test_a_promote_of_an_idle_canary_says_so_first() -> None:
    seen = Evidence(target=TARGET, window=Window(start=NOW, end=NOW), nonce="n")
    idle = graded(
        "idle",
        "the canary is sent no traffic here, for it is not promoted yet",
        "no line",
        "no line",
        weight="info",
    )
    assert reason.explain_promote(seen, [idle], "said by gemini (92 %)") == (
        "the canary is sent no traffic here, for it is not promoted yet; nothing that was seen speaks against the canary;"
        " said by gemini (92 %)"
    )


def test_a_promote_says_what_was_not_seen_and_what_speaks_against_it() -> None:
    seen = Evidence(target=TARGET, window=Window(start=NOW, end=NOW), nonce="n", gaps=(GAP, GAP))
    assert reason.explain_promote(seen, [ERROR], "said by gemini (92 %)") == (
        "promoted in spite of: container cart logs an error line that stable never logs: payment failed"
        " (stable 0 of 2,134 lines, canary 71 of 606 lines); 2 things could not be seen: logs of canary, denied; said by gemini (92 %)"
    )


@pytest.mark.parametrize(
    ("cited", "gaps", "settled"),
    [
        ((), (), "judge again later, or ask one more model (--model)"),
        ((), (GAP,), "grant get on pods/log"),
        (
            (ERROR,),
            (),
            "look longer (--observe), ask one more model (--model), or say in the config file that it is harmless (ignore, severity)",
        ),
        ((graded("too-young", "young", advice="wait 40 s"),), (GAP,), "wait 40 s"),
    ],
)
def test_what_is_undecided_says_what_would_settle_it(
    cited: tuple[Graded, ...], gaps: tuple[Gap, ...], settled: str
) -> None:
    unsure = verdict("cannot_tell", *(each.id for each in cited))
    assert reason.explain_undecided("", [unsure], cited, gaps).endswith(f"; to settle it: {settled}")


def test_models_that_differ_are_told_with_what_each_cites() -> None:
    other = graded("error-share", "container cart logs errors on 20 % of its lines, stable on 0 %", number=2)
    opinions: list[Opinion] = [
        verdict("rollback", "F1"),
        verdict("promote", "F2", model="ollama"),
        Failed(model="x", reason="gone", advice="allow more time"),
    ]
    told = reason.explain_undecided("no side has a majority", opinions, [ERROR, other, IMAGE], ())
    assert told == (
        "gemini says rollback (92 %) over F1, ollama says promote (92 %) over F2, x failed, no side has a majority:"
        " F1 container cart logs an error line that stable never logs: payment failed (stable 0 of 2,134 lines, canary 71 of 606 lines);"
        " F2 container cart logs errors on 20 % of its lines, stable on 0 %, since image cart:1.4.2 became cart:1.5.0;"
        " to settle it: allow more time"
    )
    assert "payment failed" in reason.explain_undecided("", [verdict("cannot_tell")], [ERROR], ()), (
        "what nobody cites is in question all the same"
    )


@pytest.mark.parametrize(
    ("held", "gaps", "settled"),
    [
        (graded("not-ready", "not Ready"), (), "judge again when its pods are older"),
        (graded("not-ready", "not Ready", scope="both"), (), "fix what stable has as well, and judge again"),
        (
            graded("not-ready", "not Ready", scope="uncompared"),
            (),
            "judge again once stable has pods to compare with",
        ),
        (graded("unread-log", "not read"), (GAP,), "grant get on pods/log"),
        (graded("no-traffic", "none"), (GAP,), reason.SETTLES["no-traffic"]),
    ],
)
def test_what_holds_says_what_would_settle_it(held: Graded, gaps: tuple[Gap, ...], settled: str) -> None:
    assert reason.explain_holding([held], [held], gaps).endswith(f"; to settle it: {settled}")


@given(st.text(max_size=3000), st.text(max_size=3000), st.integers(1, 9))
def test_it_stays_within_its_bound_and_keeps_who_said_so(sentence: str, because: str, count: int) -> None:
    findings = [
        graded("crash-loop", sentence, sentence, sentence, because=because, samples=(sentence,), number=n)
        for n in range(count)
    ]
    told = reason.explain_rollback(
        findings, findings, describe_voices([verdict("rollback", model=sentence)], [])
    )
    assert len(told.encode(errors="replace")) <= LONGEST_SENTENCE
    assert "; said by " in told
