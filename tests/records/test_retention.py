"""What may be kept: texts are masked however deep they are, what is ours stays, and clean values stay as they
are.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from analyzer.common.value import Value
from analyzer.decision import Decision
from analyzer.evidence.bundle import Bundle, encode, load
from analyzer.evidence.interface import Gap
from analyzer.evidence.pods import Condition, Pod, Pods
from analyzer.evidence.previous_answers import Earlier
from analyzer.findings.interface import Finding, Graded
from analyzer.logs.lines import MAX_LINE, MAX_TEXT
from analyzer.models.interface import Failure, Turn
from analyzer.prompt import Prompt
from analyzer.records.record import Judgement, Receipt, Record
from analyzer.records.retention import (
    make_mask,
    mask_evidence,
    mask_prompt,
    mask_receipts,
    mask_record,
    mask_settings,
    mask_texts,
)
from analyzer.settings import Ask, Hide, Issues, Look, Prometheus, Query, SecretPattern, Settings, Tell
from analyzer.verdicts.dialogue import Exchange
from analyzer.verdicts.verdict import Failed

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "evidence").glob("*.json.gz"))
RECORDED = load(EXAMPLES[0]).window.end
TOKEN = "gh" + "p_" + "a1B2" * 9


def test_what_is_kept_drives_no_terminal_and_keeps_its_lines() -> None:
    assert make_mask(Hide())(f"a\x1b[2J\nb\x00 \u202etoken={TOKEN}") == "a\nb token=[masked github token]"


@pytest.mark.parametrize("text", ["a\n\n\n", "\n", "a\n\x00\n", "a\n\nb\r\n", ""])
def test_what_is_kept_is_kept_as_it_is_when_it_is_read_again(text: str) -> None:
    keep = make_mask(Hide())
    assert keep(keep(text)) == keep(text)


def test_what_is_too_long_is_cut_where_a_person_sees_it_and_no_secret_is_cut_in_two() -> None:
    keep = make_mask(Hide())
    assert keep("x " * MAX_LINE) == ("x " * MAX_LINE)[: MAX_LINE - 2] + " …"
    lines = "\n".join(["y" * MAX_LINE] * 9)
    assert len(keep(lines)) == MAX_TEXT
    assert keep(lines).endswith("y …")
    assert keep("short\n" + "z " * MAX_LINE + "\nshort").split("\n")[2] == "short"
    for near in range(60):
        kept = keep("." * (MAX_LINE - near) + " " + TOKEN + "." * near)
        assert TOKEN[4:12] not in kept
    for text in ("x " * MAX_LINE, lines, "." * (MAX_LINE - 20) + " " + TOKEN):
        assert keep(keep(text)) == keep(text)


def test_a_team_may_have_more_masked() -> None:
    keep = make_mask(Hide(redact_emails=True, redact=(SecretPattern(kind="customer", regex=r"id=(C-\d+)"),)))
    assert (
        keep("mail bob@example.com about id=C-123 and C-124")
        == "mail [masked email] about id=[masked customer] and C-124"
    )
    assert make_mask(Hide())("mail bob@example.com") == "mail bob@example.com"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_clean_evidence_stays_as_it_is_byte_for_byte(path: Path) -> None:
    recorded = load(path)
    assert encode(Bundle(evidence=mask_evidence(recorded, make_mask(Hide())))) == encode(
        Bundle(evidence=recorded)
    )


def test_every_text_is_masked_however_deep_and_counted() -> None:
    recorded = load(EXAMPLES[0])
    pod = Pod(
        name="p",
        owner="",
        phase="Running",
        created_at=recorded.window.start,
        conditions=(Condition(type="Ready", status=TOKEN),),
    )
    gaps = (Gap(source="logs", side="canary", reason=f"Bearer {TOKEN}"),)
    earlier = (Earlier(at=recorded.window.end, outcome="error", rule="r", reason=f"token={TOKEN}"),)
    dirty = msgspec.structs.replace(
        recorded,
        parts=(Pods(side="canary", pods=(pod,)),),
        gaps=gaps,
        mismatch=TOKEN,
        earlier=earlier,
        masked={},
    )
    clean = mask_evidence(dirty, make_mask(Hide()))
    assert TOKEN not in encode(Bundle(evidence=clean)).decode()
    assert [answer.reason for answer in clean.earlier] == ["token=[masked github token]"]
    assert clean.masked == {"github token": 4}


def test_what_an_operator_writes_to_an_agent_is_masked_and_stays_legible() -> None:
    given = Settings(issues=Issues(assign_instructions=f"Run make test.\nNever print {TOKEN}"))
    kept = mask_settings(given, make_mask(Hide()))
    assert kept.issues.assign_instructions == "Run make test.\nNever print [masked github token]"
    assert msgspec.structs.replace(kept, issues=given.issues) == given


def test_what_is_ours_is_never_masked_whatever_a_team_s_pattern_finds() -> None:
    recorded = load(EXAMPLES[0])
    keep = make_mask(Hide(redact=(SecretPattern(kind="all", regex="[a-z0-9]+"),)))
    clean = mask_evidence(recorded, keep)
    assert clean.nonce == recorded.nonce
    assert [part.side for part in clean.parts] == [part.side for part in recorded.parts]
    assert msgspec.json.decode(msgspec.json.encode(clean), type=type(clean)) == clean
    assert mask_evidence(clean, keep) == clean


def test_the_same_object_is_returned_where_nothing_changes() -> None:
    parts = load(EXAMPLES[0]).parts
    assert mask_texts(parts, make_mask(Hide())) is parts


def test_what_a_template_adds_to_the_prompt_is_masked_line_by_line() -> None:
    text = f"password:\n| kept\n-----BEGIN PRIVATE KEY-----\nthe end\ntoken={TOKEN}\n"
    assert mask_prompt(Prompt(text=text, tokens=9)).text == (
        "password:\n| kept\n[masked private key]\nthe end\ntoken=[masked github token]\n"
    )


def test_every_text_of_a_record_is_masked_but_the_evidence_and_the_prompt_which_were_before() -> None:
    said = f"I say token={TOKEN}"
    turns = (Turn(role="user", text=said), Turn(role="model", text=said), Turn(role="tool", text=said))
    judgement = Judgement(
        findings=(
            Graded(
                id="F1",
                severity="info",
                finding=Finding(kind="k", key="k", sentence=said, stable="", canary=""),
            ),
        ),
        prompt=Prompt(text="judge", tokens=1),
        exchanges=(Exchange(model=said, turns=turns, last=Failure(reason=said)),),
        opinions=(Failed(model="m", reason=said, retryable=False),),
        decision=Decision(outcome="inconclusive", rule="quorum", reason=said),
    )
    asked = Settings(
        ask=Ask(extra_prompt=said, investigate_steps=3),
        look=Look(
            prometheus=Prometheus(url="http://prometheus", queries=(Query(name="q", query=said),)), since=77
        ),
        tell=Tell(link=said, save="kept.json"),
    )
    whole = Record(
        settings=asked,
        evidence=load(EXAMPLES[0]),
        judges=said,
        judgement=judgement,
        timings={},
        exit_code=4,
        finished_at=RECORDED,
    )
    kept = mask_record(whole, make_mask(Hide()))
    shown, masked = kept.judgement, "I say token=[masked github token]"
    (exchange,), (opinion,) = shown.exchanges, shown.opinions
    assert isinstance(exchange.last, Failure)
    assert isinstance(opinion, Failed)
    assert [turn.text for turn in exchange.turns] == [said, masked, said]
    texts = (
        exchange.model,
        exchange.last.reason,
        opinion.reason,
        shown.decision.reason,
        shown.findings[0].finding.sentence,
        kept.judges,
    )
    assert set(texts) == {masked}
    prometheus = kept.settings.look.prometheus
    assert (kept.settings.ask.extra_prompt, prometheus.queries[0].query, kept.settings.tell.link) == (
        masked,
    ) * 3
    assert (kept.settings.ask.investigate_steps, prometheus.url, kept.settings.look.since) == (
        3,
        "http://prometheus",
        77,
    )
    assert (kept.settings.tell.save, kept.evidence) == ("kept.json", whole.evidence)


def test_a_receipt_tells_no_secret_of_a_server() -> None:
    receipt = Receipt(
        effect="event",
        done=False,
        detail=f"denied: {TOKEN}",
        advice=f"ask {TOKEN}",
        may_pass=True,
        place="shop/cart",
    )
    masked = "[masked github token]"
    assert mask_receipts([receipt], make_mask(Hide())) == (
        msgspec.structs.replace(receipt, detail=f"denied: {masked}", advice=f"ask {masked}"),
    )


def test_a_field_of_which_the_type_names_every_value_is_no_text_of_others() -> None:
    class Told(Value):
        kind: Literal["a", "b"] | None = "a"
        count: Annotated[int, msgspec.Meta(ge=0)] = 1
        text: str | None = "a"
        named: Annotated[str, msgspec.Meta(max_length=9)] = "a"

    assert mask_texts(Told(), lambda _: "b") == Told(text="b", named="b")
