import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from healthy import HEALTHY
from hypothesis import given
from hypothesis import strategies as st
from oracle import valid_promote

from analyzer.answer import answer_schema
from analyzer.common.deadline import Deadline
from analyzer.decision import DecisionInput, decide
from analyzer.evidence.bundle import load
from analyzer.findings.interface import Finding, Graded, Severity
from analyzer.models.interface import Question, Reply
from analyzer.models.scripted import Scripted, Step
from analyzer.prompt import extract_evidence, render
from analyzer.settings import Ask, Rules
from analyzer.verdicts import verdict as reader
from analyzer.verdicts.dialogue import converse
from analyzer.verdicts.extraction import LONGEST_REPLY, MOST_COMMAS
from analyzer.verdicts.verdict import Unreadable, Verdict, parse_verdict

PROMOTE: dict[str, Any] = {
    "verdict": "promote",
    "confidence": 85,
    "summary": "Both sides serve alike.",
    "root_cause": "",
    "remediation": "",
    "findings": ["F1"],
    "quotes": [],
}
EVIDENCE = "\n| GET /cart 500\n|   connection   refused\n| to db:5432\n"
PROMPT = f"Judge.{EVIDENCE}Answer now."


def asked(severity: Severity = "info") -> Question:
    finding = Finding(kind="new-log-template", key="k", sentence="s", stable="0", canary="1")
    return Question(
        prompt=PROMPT,
        schema=answer_schema(),
        evidence=EVIDENCE,
        findings=(Graded(id="F1", severity=severity, finding=finding),),
    )


def heard(text: str, question: Question | None = None, *, cites: bool = True) -> Verdict | Unreadable:
    return parse_verdict(
        "m", Reply(text=text, latency=1.5, tokens_in=10, tokens_out=3, cites=cites), question or asked()
    )


def promote(**changes: Any) -> str:
    return json.dumps({**PROMOTE, **changes})


def reason(text: str) -> str:
    said = heard(text)
    assert isinstance(said, Unreadable), said
    return said.reason


def test_an_answer_that_holds_is_a_verdict_with_what_it_cost() -> None:
    said = heard(promote())
    assert isinstance(said, Verdict)
    assert (said.model, said.answer.verdict, said.answer.confidence, said.answer.findings) == (
        "m",
        "promote",
        85,
        ("F1",),
    )
    assert (said.spent.latency, said.spent.tokens_in, said.spent.tokens_out) == (1.5, 10, 3)


@pytest.mark.parametrize(
    "text",
    [
        f"  {promote()}\n",
        f"```json\n{promote()}\n```",
        f"```\n{promote()}\n```",
        f"I compared both sides {{carefully}}. {promote()} That is all.",
        f"{promote()}\n{json.dumps(PROMOTE, indent=1)}",
        promote(mood="fine"),
    ],
)
def test_one_object_is_read_wherever_it_stands(text: str) -> None:
    assert isinstance(heard(text), Verdict)


def test_two_objects_that_differ_are_not_read_not_even_in_one_field() -> None:
    assert reason(promote() + promote(confidence=86)) == "it holds JSON objects that differ"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "promote",
        "null",
        "[]",
        "85",
        '"promote"',
        promote()[:-1],
        "{" * 50,
        json.dumps(promote()),
        '{"answer": ' + promote(),
    ],
)
def test_a_text_without_an_object_is_not_read(text: str) -> None:
    assert reason(text) == "it holds no JSON object"


def test_an_object_inside_another_one_is_not_the_answer() -> None:
    assert "verdict" in reason(json.dumps({"answer": PROMOTE}))


def test_a_key_that_is_there_twice_is_not_read() -> None:
    assert reason('{"verdict": "rollback", ' + promote()[1:]) == "the key 'verdict' is there twice"
    assert reason('{"note": {"a": 1, "a": 2}, ' + promote()[1:]) == "the key 'a' is there twice"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_json_is_not_read(value: str) -> None:
    assert reason(promote().replace("85", value)) == f"{value} is not JSON"


@pytest.mark.parametrize(
    "confidence",
    [
        0.85,
        1.0,
        "0.85",
        "1.0",
        "1.0 %",
        "85.5",
        "",
        "high",
        "85 85",
        "1e2",
        True,
        None,
        [85],
        -1,
        101,
        10**30,
    ],
)
def test_a_confidence_that_is_no_percentage_or_one_of_two_is_not_read(confidence: object) -> None:
    assert "$.confidence" in reason(promote(confidence=confidence))


@pytest.mark.parametrize("confidence", ["85", " 85 ", "85%", "85 %", "85.0", 85.0])
def test_a_percentage_is_read_however_it_is_written(confidence: object) -> None:
    said = heard(promote(confidence=confidence))
    assert isinstance(said, Verdict)
    assert said.answer.confidence == 85
    assert reason(promote(confidence=101.0))
    least = heard(promote(confidence="1"))
    assert isinstance(least, Verdict)
    assert least.answer.confidence == 1
    assert (
        reason(promote(confidence="0"))
        == "it says promote with a confidence of 0: cannot_tell is the word for that"
    )


@pytest.mark.parametrize("confidence", ["9" * 5000, "1e999", "--1", "085"])
def test_a_number_that_no_one_can_hold_is_not_read(confidence: str) -> None:
    assert reason(promote().replace("85", confidence))


@pytest.mark.parametrize(
    "verdict",
    ["yes", "promoted", "not promote", "promote?", "promote or rollback", "", None, True, 1, ["promote"]],
)
def test_a_verdict_is_one_of_three_words(verdict: object) -> None:
    assert "$.verdict" in reason(promote(verdict=verdict))


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("PROMOTE", "promote"),
        ("promote ", "promote"),
        ("ROLLBACK", "rollback"),
        ("Roll back", "rollback"),
        ("Cannot tell", "cannot_tell"),
    ],
)
def test_a_verdict_is_read_in_any_case(written: str, verdict: str) -> None:
    said = heard(promote(verdict=written))
    assert isinstance(said, Verdict)
    assert said.answer.verdict == verdict


@pytest.mark.parametrize("findings", ["F1", "f1", ["f1"], "F1, F1", ["F1; f1"], [" F1 ", ""]])
def test_ids_of_findings_are_read_however_they_are_listed(findings: object) -> None:
    said = heard(promote(findings=findings))
    assert isinstance(said, Verdict)
    assert set(said.answer.findings) == {"F1"}


@pytest.mark.parametrize("findings", ["F1, F2", ["f2"], "F1 and F2", ["F1: it crashes"], "none"])
def test_ids_of_findings_that_are_not_there_are_not_read(findings: object) -> None:
    assert "findings that are not there" in reason(promote(findings=findings))
    assert "not there: f1 and F2 (" in reason(promote(findings="f1 and F2"))


@pytest.mark.parametrize("findings", [1, [1], [["F1"]], {"F1": "x"}, True])
def test_what_is_no_list_of_ids_is_not_read(findings: object) -> None:
    assert "$.findings" in reason(promote(findings=findings))


def test_one_quote_is_a_list_of_one_and_nothing_is_an_empty_one() -> None:
    said = heard(
        promote(verdict="rollback", findings=None, quotes="GET /cart 500", root_cause=None, remediation=None)
    )
    assert isinstance(said, Verdict)
    assert (said.answer.findings, said.answer.quotes, said.answer.root_cause, said.answer.remediation) == (
        (),
        ("GET /cart 500",),
        "",
        "",
    )
    assert "$.summary" in reason(promote(summary=None))


@pytest.mark.parametrize(
    "draft",
    [
        "Both alike.",
        promote(verdict="rollback"),
        "{",
        '{"verdict":',
        "It should be rolled back.",
        "Rollback: no.",
    ],
)
def test_what_was_thought_first_is_a_draft(draft: str) -> None:
    for text in (
        f"<think>{draft}</think>{promote()}",
        f"\ufeff\n<think>\n{draft}\n</think>\n\n```json\n{promote()}\n```",
    ):
        said = heard(text)
        assert isinstance(said, Verdict)
        assert said.answer.verdict == "promote"


def test_where_it_is_not_plain_what_the_draft_is_all_of_it_is_read() -> None:
    other = promote(verdict="rollback")
    for text in (
        f"<think>{other}{promote()}",
        f"{other}</think>{promote()}",
        f"So: <think>{other}</think>{promote()}",
        f"<think>{other}<think></think>{promote()}",
        f"<think></think>{other}</think>{promote()}",
        f"<think></think>{promote()}<think>{other}</think>",
        f"<think>{other}</think><think>{promote()}",
        f"<think>{other}</think> or {promote()}</think>",
    ):
        assert reason(text) == "it holds JSON objects that differ"
    assert reason(f"<think>{promote()}</think>") == "it holds no JSON object"
    assert "opens with" in reason(f"<think></think>Rollback: {promote()}")


@pytest.mark.parametrize(
    "text",
    [
        f"{promote()[:-1]},}}",
        f"{promote()[:-1]} , \n }}",
        promote().replace('"F1"]', '"F1" ,\t]').replace("[]", "[]\n,", 1).replace("\n,}", ",}"),
    ],
)
def test_a_comma_with_nothing_behind_it_has_one_reading(text: str) -> None:
    said = heard(text)
    assert isinstance(said, Verdict)
    assert said.answer.verdict == "promote"


def test_a_comma_that_is_more_than_that_is_not_passed_over() -> None:
    for text in (
        f"{promote()[:-1]},,}}",
        promote().replace("[]", "[,]"),
        "{," + promote()[1:],
        promote().replace('"F1"]', '"F1",}'),
    ):
        assert reason(text) == "it holds no JSON object"
    said = heard(promote(summary="Alike, }, ] and all,}"))
    assert isinstance(said, Verdict)
    assert said.answer.summary == "Alike, }, ] and all,}"
    many = f'{promote()[:-1]}, "x": [{"[1,]," * (MOST_COMMAS + 1)} 1]}}'
    assert reason(many) == f"it holds more than {MOST_COMMAS} commas with nothing behind them"
    assert isinstance(heard(many.replace("[1,],", "[1],", 1)), Verdict)
    assert reason(f"{promote(verdict='rollback')[:-1]},}}{promote()}") == "it holds JSON objects that differ"


@pytest.mark.parametrize("missing", ["verdict", "confidence", "summary"])
def test_a_missing_field_is_not_made_up(missing: str) -> None:
    assert missing in reason(json.dumps({key: value for key, value in PROMOTE.items() if key != missing}))


def nested(levels: int, opening: str = '{"a":', closing: str = "}") -> str:
    """A promote of so many levels more."""
    return f'{promote()[:-1]}, "x": {opening * levels}1{closing * levels}}}'


@pytest.mark.parametrize("levels", [32, 200, *range(940, 1000), 5_000])
def test_nesting_without_end_is_not_read(levels: int) -> None:
    for text in (
        nested(levels),
        nested(levels, "[", "]"),
        nested(levels, '[{"a":', "}]"),
        promote() + nested(levels),
    ):
        assert reason(text) == "it is nested too deeply"
    assert reason('{"a":' * levels) in (
        "it is nested too deeply",
        "it holds no JSON object",
        "it holds more than 64 broken objects",
    )
    assert isinstance(heard(nested(31)), Verdict)


def test_a_reply_without_end_is_not_read() -> None:
    assert "longer than" in reason(promote() + " " * LONGEST_REPLY)


def test_half_a_character_is_not_read() -> None:
    assert "surrogate" in reason(promote().replace("Both", "\\ud800"))


def test_a_finding_that_is_not_there_is_told_with_those_that_are() -> None:
    assert (
        reason(promote(findings=["F1", "F7"])) == "it cites findings that are not there: F7 (there are: F1)"
    )


def test_what_is_told_of_findings_that_are_not_there_is_bounded() -> None:
    assert len(reason(promote(findings=["F7" * 500]))) < 200


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, False), (None, ""), ("1", 1)])
def test_objects_that_differ_in_a_kind_alone_differ(one: object, other: object) -> None:
    assert reason(promote(x=one) + promote(x=other)) == "it holds JSON objects that differ"


def test_quotes_are_kept_when_they_were_sent_and_else_dropped_and_counted() -> None:
    quotes = [
        "GET /cart 500",
        "connection refused to db:5432",
        "| connection refused\n| to db",
        "GET /cart 200",
        "",
        "  ",
    ]
    said = heard(promote(quotes=quotes))
    assert isinstance(said, Verdict)
    assert said.answer.quotes == (
        "GET /cart 500",
        "connection refused to db:5432",
        "| connection refused\n| to db",
    )
    assert said.dropped_quotes == 3


BLOCKS = f"""{EVIDENCE}T1 stable 0, canary 9 [error]
| app: cannot reach the stock
L1 canary, the container now:
| cart-1 app
| T2 stable 0
| out of stock
T2 stable 0, canary 3 [error]
| [withheld: 1 line, for the text addresses the judge]
"""


@pytest.mark.parametrize(
    ("cited", "quotes"),
    [
        ({"findings": ["F1", "t1"]}, ("app: cannot reach the stock",)),
        ({"findings": "F1, L1"}, ("out of stock",)),
        (
            {"findings": ["F1"], "quotes": ["T1", "GET /cart 500"]},
            ("app: cannot reach the stock", "GET /cart 500"),
        ),
        ({"findings": ["F1", "T1"], "quotes": ["T1"]}, ("app: cannot reach the stock",)),
    ],
)
def test_the_id_of_a_template_or_of_lines_is_a_quote_of_them(
    cited: dict[str, Any], quotes: tuple[str, ...]
) -> None:
    told = msgspec.structs.replace(asked(), evidence=BLOCKS)
    for verdict in ("promote", "rollback"):
        said = heard(promote(verdict=verdict, **cited), told)
        assert isinstance(said, Verdict)
        assert (said.answer.findings, said.answer.quotes, said.dropped_quotes) == (("F1",), quotes, 0)


def test_the_shipped_prompt_gives_its_templates_and_lines_ids_that_can_be_cited() -> None:
    evidence = load(Path(__file__).parents[2] / "examples/evidence/new-errors.json.gz")
    shown = extract_evidence(render(evidence, (), Ask()).text, evidence.nonce)
    told = Question(prompt=shown, schema=answer_schema(), evidence=shown)
    said = heard(rollback(findings="T1, L1"), told)
    assert isinstance(said, Verdict)
    template, line = said.answer.quotes
    assert template == ('cart: checkout failed error=price service: unknown currency "<str>" in tariff <num>')
    assert "path=/cart/c-923367/checkout status=200" in line


def test_a_rollback_may_rest_on_a_template_alone_but_not_on_one_that_is_withheld_or_not_there() -> None:
    told = msgspec.structs.replace(asked(), evidence=BLOCKS)
    assert isinstance(heard(rollback(findings=["T1"]), told), Verdict)
    withheld = heard(rollback(findings=["T2"]), told)
    assert isinstance(withheld, Unreadable)
    assert "nothing but text that addresses the judge" in withheld.reason
    absent = heard(rollback(findings=["T3"]), told)
    assert isinstance(absent, Unreadable)
    assert "findings that are not there: T3" in absent.reason


def test_the_instructions_are_no_evidence() -> None:
    said = heard(promote(quotes=["Judge.", "Answer now.", "500 connection"]))
    assert isinstance(said, Verdict)
    assert (said.answer.quotes, said.dropped_quotes) == (("500 connection",), 2)


def rollback(**changes: Any) -> str:
    return promote(verdict="rollback", **{"findings": [], "quotes": [], **changes})


@pytest.mark.parametrize(
    "grounds",
    [
        {"findings": ["F1"]},
        {"quotes": ["GET /cart 500"]},
        {"quotes": ["GET /cart 500", "made up"]},
        {"findings": ["F1"], "quotes": ["made up"]},
    ],
)
def test_a_rollback_rests_on_a_finding_or_on_a_quote_that_holds(grounds: dict[str, Any]) -> None:
    said = heard(rollback(**grounds))
    assert isinstance(said, Verdict)
    assert said.dropped_quotes == grounds.get("quotes", []).count("made up")


def test_a_rollback_that_rests_on_nothing_that_was_seen_may_be_repaired_and_does_not_hold() -> None:
    rests = "it says rollback without a basis in the evidence: it cites no finding, and "
    assert heard(rollback()) == Unreadable(reason=f"{rests}it quotes nothing")
    assert heard(rollback(quotes=["made up", "Answer now."])) == Unreadable(
        reason=f"{rests}none of its quotes is in the evidence (2 dropped)"
    )


@pytest.mark.parametrize(
    "grounds",
    [
        {"findings": ["F1"]},
        {"quotes": ["[withheld: 2 lines"]},
        {"quotes": ["lines, for the text addresses"]},
        {"quotes": ["addresses whoever judges"]},
        {"quotes": ["canary: 2 such texts"]},
        {"findings": ["F1"], "quotes": ["?"]},
    ],
)
def test_a_rollback_that_rests_on_nothing_but_text_to_the_judge_does_not_hold(
    grounds: dict[str, Any],
) -> None:
    finding = Finding(
        kind="addresses-judge",
        key="k",
        sentence="text addresses whoever judges this canary",
        stable="0",
        canary="2 such texts",
    )
    shown = (
        f"{EVIDENCE}| {finding.sentence}\n| canary: 2 such texts\n| [withheld: 2 lines,"
        " for the text addresses the judge]\n"
    )
    told = Question(
        prompt=shown,
        schema=answer_schema(),
        evidence=shown,
        findings=(Graded(id="F1", severity="warning", finding=finding),),
    )
    said = parse_verdict("m", Reply(text=rollback(**grounds), latency=0.0), told)
    assert isinstance(said, Unreadable)
    assert "nothing but text that addresses the judge" in said.reason
    more = rollback(**{**grounds, "quotes": ["GET /cart 500"]})
    assert isinstance(parse_verdict("m", Reply(text=more, latency=0.0), told), Verdict)


def test_a_rollback_does_not_rest_on_a_quote_that_runs_into_what_is_withheld() -> None:
    shown = f"{EVIDENCE}| [withheld: 2 lines, for the text addresses the judge]\n"
    told = Question(prompt=shown, schema=answer_schema(), evidence=shown)
    said = parse_verdict("m", Reply(text=rollback(quotes=["5432 [withheld: 2 lines"]), latency=0.0), told)
    assert isinstance(said, Unreadable)
    assert "without a basis in the evidence" in said.reason


@pytest.mark.parametrize("quote", ["500", "c", "to db", "# Findings, most severe first", "Findings, most"])
def test_a_rollback_does_not_rest_on_what_is_in_any_evidence(quote: str) -> None:
    shown = f"\n# Findings, most severe first\nnone\n{EVIDENCE}"
    told = Question(prompt=shown, schema=answer_schema(), evidence=shown)
    said = parse_verdict("m", Reply(text=rollback(quotes=[quote]), latency=0.0), told)
    assert said == Unreadable(
        reason="it says rollback without a basis in the evidence: it cites no finding, and its quotes say"
        " nothing about the canary"
    )
    assert isinstance(
        parse_verdict("m", Reply(text=rollback(quotes=[quote, "GET /cart 500"]), latency=0.0), told), Verdict
    )


def test_one_that_has_no_place_to_cite_is_not_asked_what_it_rests_on_but_what_it_quotes_has_to_hold() -> None:
    assert isinstance(heard(rollback(), cites=False), Verdict)
    assert isinstance(heard(rollback(quotes=["made up"]), cites=False), Unreadable)


def test_promote_and_cannot_tell_need_no_quote() -> None:
    for verdict in ("promote", "cannot_tell"):
        said = heard(promote(verdict=verdict, findings=[], quotes=["made up"]))
        assert isinstance(said, Verdict)
        assert said.dropped_quotes == 1


@pytest.mark.parametrize("verdict", ["promote", "rollback"])
def test_a_confidence_of_0_is_no_promote_and_no_rollback(verdict: str) -> None:
    assert (
        reason(promote(verdict=verdict, confidence=0))
        == f"it says {verdict} with a confidence of 0: cannot_tell is the word for that"
    )
    assert isinstance(heard(promote(verdict="cannot_tell", confidence=0)), Verdict)


@pytest.mark.parametrize(
    "summary",
    [
        "Rollback: it crashes.",
        "**ROLL BACK**. It crashes.",
        "Cannot tell; too few requests.",
        "rollback",
        "cannot_tell - no",
        "Rollback, for it crashes.",
        "Verdict: **rollback**.",
        "My final recommendation is rollback.",
    ],
)
def test_a_summary_that_opens_with_another_verdict_contradicts_it(summary: str) -> None:
    assert "its verdict is promote, and its summary opens with" in reason(promote(summary=summary))


@pytest.mark.parametrize(
    "summary",
    [
        "Promote: both serve alike.",
        "Rollback is not called for.",
        "Nothing calls for a rollback.",
        "Rollback-safe.",
        "",
        "Promoted images differ.",
    ],
)
def test_a_summary_that_only_speaks_of_another_verdict_does_not(summary: str) -> None:
    assert isinstance(heard(promote(summary=summary)), Verdict)


def test_words_that_advise_the_other_verdict_contradict_it_wherever_they_stand() -> None:
    advice = "The canary should be rolled back."
    assert (
        reason(promote(summary=f"It logs more errors. {advice}"))
        == "its verdict is promote, and it says 'should be rolled back'"
    )
    assert "should be rolled back" in reason(promote(remediation=advice))
    assert "should be rolled back" in reason(f"{promote()}\n\nWait, I misread that. {advice}")
    assert "opens with 'rollback'" in reason(f"{promote()}\nCorrection: rollback.")
    assert "should be promoted" in reason(promote(verdict="rollback", summary="It should be promoted."))
    assert isinstance(heard(promote(verdict="rollback", summary=advice)), Verdict)
    assert isinstance(heard(promote(verdict="cannot_tell", summary=advice)), Verdict)
    assert "should be rolled back" in reason(promote(root_cause=f"A leak. {advice}"))
    assert "should be rolled back" in reason(promote(note=advice))
    assert "should be rolled back" in reason(f"{advice} {promote()}")
    assert "should be rolled back" in reason(f"{promote()} {advice} {promote()}")
    assert "should be rolled back" in reason(
        f"Should it be rolled back? {advice} No: on second thought both are alike. {promote()}"
    )
    assert "the text before it opens with 'Rollback'" in reason(f"Rollback: {promote()}")
    assert "its action opens with 'rollback'" in reason(promote(action="rollback"))
    assert "its remediation opens with 'Rollback'" in reason(promote(remediation="Rollback."))
    assert isinstance(heard(promote(verdict="rollback", remediation=advice, root_cause=advice)), Verdict)
    assert isinstance(heard(promote(quotes=[advice], action={"then": "rollback"})), Verdict)
    assert isinstance(heard(promote(quotes=advice)), Verdict)
    assert "should be rolled back" in reason(
        promote(summary="If in doubt, ask", remediation="It should be rolled back")
    )
    assert isinstance(heard(f"Should it be rolled back? No: both are alike. {promote()}"), Verdict)


@pytest.mark.parametrize(
    "second",
    [
        "{'verdict': 'rollback'}",
        "{verdict: 'rollback'}",
        "verdict: rollback\nconfidence: 90",
        "**verdict**: `r\u043ellback`",
    ],
)
def test_a_second_answer_in_another_notation_makes_the_first_one_unreadable(second: str) -> None:
    for text in (f"{promote()}\n{second}", f"{second}\n{promote()}", f"{promote()}{second}{promote()}"):
        assert reason(text).endswith(("states 'rollback'", "opens with 'rollback'"))
    same = second.replace("rollback", "promote").replace("r\u043ellback", "promote")
    assert isinstance(heard(f"{promote()}\n{same}"), Verdict)
    assert isinstance(heard(promote(summary=f"A log line says {second!r}, alike on both sides.")), Verdict)


@pytest.mark.parametrize(
    "words",
    ["Actually, rollback.", "Correction: I meant rollback.", "Rollback to 1.4.2 at once.", "I say rollback."],
)
def test_second_thoughts_make_a_promote_unreadable_wherever_they_stand(words: str) -> None:
    for text in (
        f"{promote()} {words}",
        f"Hmm. {words} {promote()}",
        promote(summary=f"Errors. {words}"),
        promote(remediation=words),
    ):
        assert "its verdict is promote, and" in reason(text)


@pytest.mark.parametrize(
    "words", ["**Rollback**:", "R\u043ellback.", "Roll\u2011back.", "Roll\u200bback.", "\u2122rollback: no."]
)
def test_a_text_opens_with_what_it_shows(words: str) -> None:
    assert "opens with" in reason(promote(summary=words))


@pytest.mark.parametrize("tag", ["think", "THINK", "thinking", "reasoning", "thought", "scratchpad"])
def test_an_object_within_a_draft_is_no_answer(tag: str) -> None:
    for text in (
        f"<{tag}>A first draft: {promote()} Hmm, but these errors",
        f"<{tag}>{promote()}",
        f"So: <{tag}>{promote()}</{tag}> That is all.",
        f"<think></think><{tag}>{promote()}",
        f"{promote()}</{tag}> That is all.",
        f"{promote()}<{tag}>Hmm, no,",
    ):
        assert (
            reason(text)
            == "its JSON object is a draft: the model's thinking is not closed before it, or goes on after it"
        )
    assert isinstance(heard(f"<{tag}>{promote()}</{tag}>{promote()}"), Verdict)
    assert isinstance(heard(promote(summary=f"Both log <{tag}>.")), Verdict)
    assert isinstance(heard(f"<{tag}>Both are alike.</{tag}>{promote()}"), Verdict)


def test_a_draft_in_another_tag_and_another_word_behind_it_is_no_promote() -> None:
    assert reason(f"<thinking>{promote()}</thinking> I say rollback.")


def test_an_object_after_an_open_brace_is_no_answer_and_may_contradict_one() -> None:
    assert reason('{"answer": ' + promote()) == "it holds no JSON object"
    assert reason('{"verdict": "rollback", ' + promote()) == "it holds no JSON object"
    assert (
        reason("{ " + promote(verdict="cannot_tell") + " } " + promote())
        == "it holds JSON objects that differ"
    )
    assert isinstance(heard("{first: " + promote() + "} or rather } " + promote()), Verdict)


@pytest.mark.slow
def test_a_reply_that_is_broken_over_and_over_ends_soon() -> None:
    for text in ('{"a":[' * 400 + "{}," * 20_000, "{" * 5000, '{"a":{"' * 5000):
        assert reason(text) == "it holds more than 64 broken objects"
    assert isinstance(heard("{x" * 50 + "}" * 50 + promote()), Verdict)


def test_promote_over_a_blocking_finding_does_not_hold_and_is_not_asked_again() -> None:
    said = heard(promote(), asked("blocking"))
    assert said == Unreadable(reason="it says promote over a blocking finding (F1)", repairable=False)


def test_promote_by_a_prompt_that_lacks_a_warning_does_not_hold_and_is_not_asked_again() -> None:
    question = msgspec.structs.replace(asked("warning"), unshown=("F1",))
    said = heard(promote(), question)
    assert isinstance(said, Unreadable)
    assert (said.repairable, "does not show these findings of warning or higher (F1)" in said.reason) == (
        False,
        True,
    )
    assert isinstance(
        parse_verdict("m", Reply(text=promote(), latency=0.0, prompted=False), question), Verdict
    )
    for verdict in ("rollback", "cannot_tell"):
        assert isinstance(heard(promote(verdict=verdict), question), Verdict)
    many = msgspec.structs.replace(question, unshown=tuple(f"F{number}" for number in range(1, 14)))
    told = heard(promote(), many)
    assert isinstance(told, Unreadable)
    assert "(F1, F2, F3, F4, F5 and 8 more): raise --prompt-tokens" in told.reason


def test_rollback_and_cannot_tell_over_a_blocking_finding_hold() -> None:
    assert isinstance(heard(promote(verdict="rollback"), asked("blocking")), Verdict)
    assert isinstance(heard(promote(verdict="cannot_tell"), asked("blocking")), Verdict)


def test_the_documented_table_is_the_readers_own() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "verdicts.md").read_text()
    rows = [line for line in (reader.__doc__ or "").splitlines() if line.startswith("|")]
    assert len(rows) > 10
    assert "\n".join(rows) in documented


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    | st.floats()
    | st.sampled_from(
        [
            "promote",
            "PROMOTE",
            "rollback",
            "85",
            "85 %",
            "1.0",
            "F1",
            "f1, F1",
            "It should be rolled back.",
            "",
        ]
    )
    | st.sampled_from([85.0, 1.0, 0.85])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*PROMOTE, "x"]), inner, max_size=4)
    ),
    max_leaves=6,
)


def decided(*replies: str, severity: Severity = "info") -> str:
    """The whole way of the replies of as many models: read, checked, weighed; what comes of it."""
    question = asked(severity)
    opinions = tuple(
        converse(Scripted(name=f"m{number}", steps=(Step(text=text),) * 2), question, Deadline.after(60))[1]
        for number, text in enumerate(replies)
    )
    return decide(
        DecisionInput(evidence=HEALTHY, findings=question.findings, opinions=opinions, rules=Rules())
    ).outcome


def is_promote(text: str) -> bool:
    """By the oracle's own reading, and sure enough to decide alone."""
    return valid_promote(text, {"F1"})


@given(
    changes=st.dictionaries(st.sampled_from([*PROMOTE, "x"]), JSON_VALUES, max_size=3),
    gone=st.sets(st.sampled_from(list(PROMOTE)), max_size=2),
)
def test_an_object_becomes_promote_exactly_when_it_is_a_valid_one(
    changes: dict[str, Any], gone: set[str]
) -> None:
    text = json.dumps({key: each for key, each in {**PROMOTE, **changes}.items() if key not in gone})
    said = heard(text)
    assert (isinstance(said, Verdict) and said.answer.verdict == "promote") == is_promote(text)
    assert decided(text) != "promote" or is_promote(text)


@given(
    st.lists(
        st.sampled_from(
            [
                *'{}[]",:` \n',
                *(f'"{key}"' for key in PROMOTE),
                '"promote"',
                "promote",
                "85",
                "```json",
                "\\",
                "NaN",
                "<think>",
                "</think>",
            ]
        ),
        max_size=40,
    )
)
def test_pieces_of_json_that_are_no_promote_never_become_one(pieces: list[str]) -> None:
    text = "".join(pieces)
    said = heard(text)
    assert not (isinstance(said, Verdict) and said.answer.verdict == "promote") or is_promote(text)
    assert decided(text) != "promote" or is_promote(text)


WHOLE = (
    *(
        promote(),
        promote(verdict="rollback"),
        promote(verdict="cannot_tell"),
        promote(confidence=61),
        "{}",
        "no",
        "",
    ),
    *(
        promote(verdict="PROMOTE", confidence="85 %", findings="f1"),
        f"{promote()[:-1]},}}",
        f"{promote(verdict='ROLLBACK')[:-1]},}}",
    ),
    *(
        f"<think>{promote(verdict='rollback')}</think>",
        "<think>",
        "</think>",
        "It should be rolled back. ",
        "Rollback: ",
    ),
)


@given(
    first=st.sampled_from(WHOLE),
    cut=st.integers(0, 200),
    into=st.text(max_size=4),
    at=st.integers(0, 200),
    after=st.sampled_from(WHOLE),
)
def test_a_damaged_reply_is_promote_only_where_it_still_is_a_valid_one(
    first: str, cut: int, into: str, at: int, after: str
) -> None:
    damaged = first[: min(cut, at)] + into + first[max(cut, at) :] + after
    said = heard(damaged)
    assert not (isinstance(said, Verdict) and said.answer.verdict == "promote") or is_promote(damaged)
    assert decided(damaged) != "promote" or is_promote(damaged)


@given(
    st.lists(st.sampled_from(WHOLE) | st.text(max_size=30), min_size=1, max_size=4),
    st.sampled_from(get_args(Severity)),
)
def test_several_replies_promote_only_by_a_majority_of_them_and_over_no_fault(
    replies: list[str], severity: Severity
) -> None:
    if decided(*replies, severity=severity) == "promote":
        valid = sum(map(is_promote, replies))
        assert 2 * valid > len(replies)
        assert severity in ("info", "warning")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (promote(), True),
        (f"So: {promote()} Done.", True),
        (promote() + promote(), True),
        (promote(verdict="rollback"), False),
        (promote() + promote(confidence=86), False),
        (promote(confidence=0), False),
        (promote(confidence=85.0), True),
        (promote(confidence="85 %"), True),
        (promote(confidence=1.0), False),
        (promote(confidence="1.0"), False),
        (promote(confidence=0.85), False),
        (promote(verdict="PROMOTE"), True),
        (promote(verdict="promoted"), False),
        (promote(findings="f1, F1"), True),
        (promote(findings="F1, F2"), False),
        (promote(quotes="x", findings=None), True),
        (f"<think>{promote(verdict='rollback')}</think>{promote()}", True),
        (f"<think>{promote(verdict='rollback')}{promote()}", False),
        (f"{promote()[:-1]},}}", True),
        (f"{promote()[:-1]},,}}", False),
        (promote().replace("[]", "[,]"), False),
        (promote(root_cause="It should be rolled back."), False),
        (f"It should be rolled back. {promote()}", False),
        (f"{promote()} Rollback.", False),
        (promote(action="rollback"), False),
        (promote(findings=["F2"]), False),
        (promote(summary="Rollback: no."), False),
        (promote(root_cause=None), True),
        (promote(summary=None), False),
        (promote()[:-1], False),
        (promote().replace("85", "NaN"), False),
        ('{"verdict": "promote", ' + promote()[1:], False),
        (promote().replace("Both", "\\ud800"), False),
        ("", False),
    ],
)
def test_the_oracle_itself_tells_a_promote_from_what_is_none(text: str, valid: bool) -> None:
    assert is_promote(text) == valid


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    heard(text)
    heard("{" + text)
