"""The words of an issue: what it tells, what it can never do, and that it fits."""

import os
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from analyzer import __version__
from analyzer.common.templates import TemplateKind
from analyzer.errors import UsageError
from analyzer.findings.interface import Finding, Graded
from analyzer.github import issue_text
from analyzer.github.change import Change, ChangedFile, Commit, Pull
from analyzer.github.change_text import Examined
from analyzer.github.clues import find_clues
from analyzer.github.issue_text import MAX_BODY, write_body, write_comment, write_title
from analyzer.github.mark import mark_failure, mark_promotion, read_mark
from analyzer.github.suspects import Suspect, rank_suspects
from analyzer.records.record import KEEPING, Receipt, Record
from analyzer.settings import Tell
from tests.github.conftest import finished
from tests.github.hostile import TEXTS
from tests.report.test_neutral import live

GOLDEN = Path(__file__).parent / "golden"
PAGE = Path(__file__).parents[2] / "docs" / "issues.md"
PLACE = "configmap:shop/rollout-analyzer-3f2a9c01b7de"
OURS = {"ul", "li", "strong", "h2", "hr", "!--", "table", "thead", "tbody", "tr", "th", "td", "em"}
OURS |= {"ol", "details", "summary"}


def kept(name: str) -> Record:
    """A record that was kept in a ConfigMap."""
    receipt = Receipt(effect=KEEPING, done=True, detail="kept", place=PLACE)
    return replace(finished(name, tell=Tell(save="configmap:rollout-analyzer")), receipts=(receipt,))


def body(record: Record, **more: object) -> str:
    return write_body(record, mark_failure(record), **more)  # type: ignore[arg-type]


PATCH = """@@ -68,5 +68,5 @@ func main() {
 \tconfig := read()
 \tlog := open()
-\tprices := load(config)
+\tprices := load(config.Prices)
 \tserve(prices)
 }"""


def a_change(record: Record, text: str = "Read prices anew") -> Examined:
    """Two commits, of which one wrote the line of the panic's trace. `text` is the words of its author."""
    guilty = Commit(
        sha="3f2a9c01" * 5,
        subject=text,
        author="ann",
        files=(ChangedFile(path="cart/main.go", patch=PATCH),),
        pulls=(Pull(number=41, title=text),),
    )
    harmless = Commit(
        sha="77aa9c01" * 5,
        subject="Write docs",
        files=(ChangedFile(path="README.md", patch="@@ -1 +1 @@\n-a\n+b"),),
    )
    change = Change(
        stable="11" * 20,
        canary=guilty.sha,
        total=2,
        commits=(guilty, harmless),
        paths=("README.md", "cart/main.go"),
    )
    suspects = rank_suspects(find_clues(record), change)
    return Examined(change=change, suspects=suspects, site="https://github.com", repository="acme/shop")


@pytest.mark.parametrize("name", ["crash-loop", "new-errors", "oom-kill"])
def test_the_issue_of_a_recorded_canary_is_as_it_was_reviewed(name: str) -> None:
    golden, written = (
        GOLDEN / f"{name}.md",
        body(kept(name)).replace(f"rollout-analyzer {__version__}", "rollout-analyzer VERSION"),
    )
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(written)
    assert golden.read_text() == written, "GOLDEN=write, and read the difference"


def test_the_page_shows_the_first_of_them() -> None:
    text, golden = PAGE.read_text(), (GOLDEN / "crash-loop.md").read_text()
    shown = f"````markdown\n{golden.replace('analyzer VERSION', f'analyzer {__version__}')}````"
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(re.sub(r"````markdown\n.*?````", lambda _: shown, text, flags=re.DOTALL))
    assert shown in PAGE.read_text()


def test_a_comment_is_as_it_was_reviewed() -> None:
    failed, promoted = kept("crash-loop"), kept("healthy")
    written = write_comment(failed, mark_failure(failed), "again", count=2)
    written += "\n" + write_comment(promoted, mark_promotion(promoted), "promoted", closes=True)
    golden = GOLDEN / "comments.md"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(written)
    assert golden.read_text() == written, "GOLDEN=write, and read the difference"


def test_it_tells_what_an_agent_needs() -> None:
    text = body(kept("crash-loop"))
    for wanted in (
        "rolled back",
        "exits with code 2 again and again",
        "| panic: runtime error: invalid memory address or nil pointer dereference",
        "| image of `cart` | `localhost/cart:1.4.2` | `localhost/cart:1.5.1` |",
        "builtin: rollback, 99 %",
        "## What to do",
        "## Not seen\n\n- usage: this cluster serves no metrics API",
        f"rollout-analyzer analyze --evidence {PLACE} --model=builtin",
    ):
        assert wanted in text


def test_the_title_is_one_line_that_names_the_rollout_and_the_fault() -> None:
    title = write_title(finished("crash-loop"))
    assert title.startswith(
        "Canary of shop/cart rolled back: 2 of 2 canary pods: container cart exits with code 2"
    )
    assert len(title) <= 256
    assert "\n" not in title


def test_a_record_that_was_not_kept_says_how_to_keep_it() -> None:
    assert "`--save configmap:NAME` keeps it" in body(finished("crash-loop"))


def test_an_earlier_issue_is_linked_and_the_change_is_shown() -> None:
    text = body(finished("crash-loop"), earlier=12, examined=a_change(finished("crash-loop")))
    assert "it was #12 before" in text
    assert "1. `3f2a9c01` Read prices anew" in text
    assert "cart/main.go:70, in the trace, was changed by `3f2a9c01`." in text
    assert "No stack frame" not in text


def test_a_change_that_no_clue_meets_names_nobody_and_what_is_not_known_is_said() -> None:
    record = finished("crash-loop")
    (_, harmless) = a_change(record).change.commits
    change = Change(total=1, commits=(harmless,), unknown=("The canary lacks 1 commit.",))
    text = body(record, examined=Examined(change=change))
    assert "Suspects" not in text
    assert "meets what the 1 commit that were read changed" in text
    assert "\n\nThe canary lacks 1 commit.\n" in text
    unread = Examined(change=Change(total=1, commits=(replace(harmless, files=()),)))
    assert "No stack frame" not in body(record, examined=unread)


def test_a_change_is_shown_as_it_was_reviewed() -> None:
    record = kept("crash-loop")
    whole = body(record, examined=a_change(record))
    written = whole[whole.index("## The change under test") : whole.index("## What changed")]
    golden = GOLDEN / "change.md"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(written)
    assert golden.read_text() == written, "GOLDEN=write, and read the difference"


def hostile(record: Record, text: str) -> Record:
    """A record with a text wherever a workload or a model could have written it."""
    (verdict,) = record.judgement.opinions
    fields = {"summary": text, "root_cause": text, "remediation": text, "quotes": (text,)}
    opinion = replace(verdict, model=text, answer=replace(verdict.answer, **fields))  # type: ignore[union-attr]
    finding = Finding(
        kind="crash-loop",
        key=f"crash-loop/{text}",
        sentence=text,
        stable=text,
        canary=text,
        samples=(text, text),
        because=text,
        remedy=text,
    )
    changed = replace(finding, kind="image-differs"), replace(finding, kind="spec-change")
    graded = tuple(
        Graded(id=f"F{n}", severity="blocking", finding=each) for n, each in enumerate((finding, *changed))
    )
    target = replace(record.evidence.target, rollout=text)
    gaps = tuple(replace(gap, reason=text, advice=text) for gap in record.evidence.gaps)
    return replace(
        record,
        evidence=replace(record.evidence, target=target, gaps=gaps),
        judgement=replace(
            record.judgement,
            findings=graded,
            opinions=(opinion,),
            decision=replace(record.judgement.decision, reason=text, rule=text),
        ),
    )


def hostile_change(text: str) -> Examined:
    """A change with a text wherever an author, a path or a message could bring it."""
    commit = Commit(sha=text, subject=text, author=text, files=(ChangedFile(path=text),))
    change = Change(stable=text, canary=text, total=1, commits=(commit,), paths=(text,), unknown=(text,))
    suspects = (Suspect(commit=commit, reason=text, points=1),)
    return Examined(change=change, suspects=suspects, site="https://github.com", repository="acme/shop")


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 200, 20))
def test_no_hostile_text_acts_in_a_whole_issue_or_comment(first: int) -> None:
    for text in TEXTS[first : first + 20]:
        record = hostile(kept("crash-loop"), text)
        own = mark_failure(record)
        for written in (
            body(record, examined=hostile_change(text)),
            write_comment(record, own, "again", count=2),
        ):
            assert [act for act in live(written) if act not in OURS] == [], written
            assert read_mark(written) == own
        title = write_title(record)  # no Markdown: GitHub shows it as it is
        assert not set("@\n\r") & set(title)
        assert not title.startswith("/")


@pytest.mark.slow
class TestRoom:
    def test_samples_go_first_and_that_is_said(self) -> None:
        record = kept("crash-loop")
        (first, *rest) = record.judgement.findings
        long = replace(
            first, finding=replace(first.finding, samples=("x" * 900 + "\n",) * 1 + ("y\n" * 40 * 900,) * 8)
        )
        many = [replace(long, id=f"F{number}") for number in range(60)]
        text = body(replace(record, judgement=replace(record.judgement, findings=(*many, *rest))))
        assert len(text) <= MAX_BODY
        assert "lines of the samples" in text.rpartition("Left out for lack of room")[2]
        assert record.judgement.decision.reason[:60] in text
        assert "## What to do" in text

    def test_a_record_of_the_longest_texts_fits(self) -> None:
        record = hostile(kept("crash-loop"), "`*_[x](y)~ " * 3000)
        many = tuple(replace(graded, id=f"F{n}") for n in range(200) for graded in record.judgement.findings)
        judgement = replace(record.judgement, findings=many, opinions=record.judgement.opinions * 20)
        gaps = record.evidence.gaps * 500
        whole = replace(record, judgement=judgement, evidence=replace(record.evidence, gaps=gaps))
        text = body(whole, examined=hostile_change("`*_[x](y)~ " * 3000))
        assert len(text) <= MAX_BODY
        assert "not seen" in text.rpartition("Left out for lack of room")[2]


class TestTemplate:
    def test_a_team_can_replace_it_and_cannot_forget_what_makes_text_inert(self, tmp_path: Path) -> None:
        own = tmp_path / "own.md.j2"
        own.write_text(
            "{{ reason }} {{ reason | safe }} {{ findings[0].samples | quoted }}\n{{ reason ~ '!'"
            " }} {{ findings }}"
        )
        record = hostile(kept("crash-loop"), "@claude <b>now</b> https://evil.example")
        text = body(record, template=str(own))
        assert [act for act in live(text) if act not in OURS] == []
        assert "now" in text
        assert read_mark(text) == mark_failure(record)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("{{ nothing }}", "uses a name that is not there"),
            ("{% if %}", "is broken at line 1"),
            ("{{ ''.__class__.__mro__ }}", "does what templates may not"),
            ("x" * 70_000, "GitHub takes 65,536"),
        ],
    )
    def test_one_that_is_broken_is_a_usage_error(self, tmp_path: Path, words: str, said: str) -> None:
        own = tmp_path / "own.md.j2"
        own.write_text(words)
        with pytest.raises(UsageError, match=said):
            body(kept("crash-loop"), template=str(own))

    def test_each_ships(self) -> None:
        kinds: tuple[TemplateKind, ...] = (issue_text.ISSUE, issue_text.COMMENT)
        assert [kind.read()[0] for kind in kinds] == ["issue.md.j2", "issue-comment.md.j2"]
