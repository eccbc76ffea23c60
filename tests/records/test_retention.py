"""What may be kept: texts are masked however deep they are, what is ours stays, and clean values stay as they are."""

from pathlib import Path

import msgspec
import pytest

from analyzer.evidence.bundle import Bundle, encode, load
from analyzer.evidence.interface import Gap
from analyzer.evidence.pods import Condition, Pod, Pods
from analyzer.logs.lines import LONGEST, LONGEST_TEXT
from analyzer.prompt import Prompt
from analyzer.records.retention import evidence, mask, prompt, swept
from analyzer.settings import Hide, SecretPattern

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "evidence").glob("*.json.gz"))
TOKEN = "gh" + "p_" + "a1B2" * 9


def test_what_is_kept_drives_no_terminal_and_keeps_its_lines() -> None:
    assert mask(Hide())(f"a\x1b[2J\nb\x00 \u202etoken={TOKEN}") == "a\nb token=[masked github token]"


@pytest.mark.parametrize("text", ["a\n\n\n", "\n", "a\n\x00\n", "a\n\nb\r\n", ""])
def test_what_is_kept_is_kept_as_it_is_when_it_is_read_again(text: str) -> None:
    keep = mask(Hide())
    assert keep(keep(text)) == keep(text)


def test_what_is_too_long_is_cut_where_a_person_sees_it_and_no_secret_is_cut_in_two() -> None:
    keep = mask(Hide())
    assert keep("x " * LONGEST) == ("x " * LONGEST)[: LONGEST - 2] + " …"
    lines = "\n".join(["y" * LONGEST] * 9)
    assert len(keep(lines)) == LONGEST_TEXT
    assert keep(lines).endswith("y …")
    assert keep("short\n" + "z " * LONGEST + "\nshort").split("\n")[2] == "short"
    for near in range(60):
        kept = keep("." * (LONGEST - near) + " " + TOKEN + "." * near)
        assert TOKEN[4:12] not in kept
    for text in ("x " * LONGEST, lines, "." * (LONGEST - 20) + " " + TOKEN):
        assert keep(keep(text)) == keep(text)


def test_a_team_may_have_more_masked() -> None:
    keep = mask(Hide(redact_emails=True, redact=(SecretPattern(kind="customer", regex=r"id=(C-\d+)"),)))
    assert keep("mail bob@example.com about id=C-123 and C-124") == "mail [masked email] about id=[masked customer] and C-124"
    assert mask(Hide())("mail bob@example.com") == "mail bob@example.com"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_clean_evidence_stays_as_it_is_byte_for_byte(path: Path) -> None:
    recorded = load(path)
    assert encode(Bundle(evidence=evidence(recorded, mask(Hide())))) == encode(Bundle(evidence=recorded))


def test_every_text_is_masked_however_deep_and_counted() -> None:
    recorded = load(EXAMPLES[0])
    pod = Pod(name="p", owner="", phase="Running", created_at=recorded.window.start, conditions=(Condition(type="Ready", status=TOKEN),))
    gaps = (Gap(source="logs", side="canary", reason=f"Bearer {TOKEN}"),)
    dirty = msgspec.structs.replace(recorded, parts=(Pods(side="canary", pods=(pod,)),), gaps=gaps, mismatch=TOKEN, masked={})
    clean = evidence(dirty, mask(Hide()))
    assert TOKEN not in encode(Bundle(evidence=clean)).decode()
    assert clean.masked == {"github token": 3}


def test_what_is_ours_is_never_masked_whatever_a_team_s_pattern_finds() -> None:
    recorded = load(EXAMPLES[0])
    keep = mask(Hide(redact=(SecretPattern(kind="all", regex="[a-z0-9]+"),)))
    clean = evidence(recorded, keep)
    assert clean.nonce == recorded.nonce
    assert [part.side for part in clean.parts] == [part.side for part in recorded.parts]
    assert msgspec.json.decode(msgspec.json.encode(clean), type=type(clean)) == clean
    assert evidence(clean, keep) == clean


def test_the_same_object_is_returned_where_nothing_changes() -> None:
    parts = load(EXAMPLES[0]).parts
    assert swept(parts, mask(Hide())) is parts


def test_what_a_template_adds_to_the_prompt_is_masked_line_by_line() -> None:
    text = f"password:\n| kept\n-----BEGIN PRIVATE KEY-----\nthe end\ntoken={TOKEN}\n"
    assert prompt(Prompt(text=text, tokens=9)).text == ("password:\n| kept\n[masked private key]\nthe end\ntoken=[masked github token]\n")
