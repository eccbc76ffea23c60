"""A stream that is cut anywhere has no template that the whole one lacks."""

from hypothesis import given
from hypothesis import strategies as st
from printed import DOTNET, DOTNET_LOGGER, GO, JAVA, NODE, PYTHON, RUBY, RUST

from analyzer.logs.digest import Digest
from analyzer.logs.extent import Extent, Torn
from analyzer.logs.mine import mine
from analyzer.logs.truncation import LONGEST_HEAD
from analyzer.redact import redact

PLAIN = (
    "listening on 8080\n",
    "ERROR cannot reach the database\n",
    "WARN retry {0}: no answer\n",
    '{{"level":"error","msg":"payment {0} failed","order":{{"id":{0}}}}}\n',
    "  an indented line that stands alone\n",
    "\n",
    "KeyError: 'x{0}'\n",
    "java.lang.IllegalStateException: thrown and nothing behind it\n",
)
CHAINED = (
    PYTHON
    + "\nDuring handling of the above exception, another exception occurred:\n\n"
    + PYTHON.partition("\n")[2]
)
EVENTS = (*PLAIN, JAVA, PYTHON, CHAINED, GO, NODE, DOTNET, DOTNET_LOGGER, RUBY, RUST)
STREAMS = st.lists(st.sampled_from(EVENTS), min_size=1, max_size=12).map(
    lambda events: b"".join(
        f"2026-11-03T12:00:{index % 60:02}Z {line}\n".encode()
        for index, line in enumerate(
            "".join(event.format(number + 100) for number, event in enumerate(events)).splitlines()
        )
    )
)


def dug(stream: bytes, torn: Torn | None = None, size: int = 1 << 20) -> Digest:
    chunks = [stream[start : start + size] for start in range(0, len(stream), size)]
    return mine(chunks, redact, torn=(lambda _: torn) if torn else None).digest


def templates(digest: Digest) -> set[tuple[str, str]]:
    return {(group.level, group.template) for group in digest.groups}


@given(
    stream=STREAMS,
    data=st.data(),
    head=st.booleans(),
    tail=st.booleans(),
    size=st.sampled_from([7, 100, 1 << 20]),
)
def test_no_template_of_a_cut_stream_is_absent_from_the_whole_one(
    stream: bytes, data: st.DataObject, head: bool, tail: bool, size: int
) -> None:
    start = data.draw(st.integers(0, len(stream))) if head else 0
    end = data.draw(st.integers(start, len(stream))) if tail else len(stream)
    cut = dug(stream[start:end], Torn(head=head, tail=tail), size)
    assert templates(cut) <= templates(dug(stream))
    assert cut.adds_up()


@given(stream=STREAMS)
def test_a_stream_that_turns_out_whole_loses_nothing(stream: bytes) -> None:
    whole, asked = dug(stream), dug(stream, Torn(head=False, tail=False))
    assert {group.template: group.count for group in asked.groups} == {
        group.template: group.count for group in whole.groups
    }
    assert (asked.lines, asked.bytes, asked.first, asked.last) == (
        whole.lines,
        whole.bytes,
        whole.first,
        whole.last,
    )
    assert asked.adds_up()


def test_only_what_may_be_half_is_left_out() -> None:
    lines = [f"2026-11-03T12:00:{second:02}Z GET /cart {second}\n" for second in range(60)]
    cut = dug("".join(lines)[5:-5].encode(), Torn(head=True, tail=True))
    assert cut.lines == 57, "two lines of the head and the half one at the end"
    error = dug(b"2026-11-03T12:00:00Z ERROR no database\n", Torn(head=False, tail=True))
    assert error.lines == 0, "an exception may stand behind it, by which it would be named"


def test_what_is_asked_is_how_far_the_stream_reaches() -> None:
    asked: list[Extent] = []

    def torn(extent: Extent) -> Torn:
        asked.append(extent)
        return Torn(head=False, tail=False)

    mine([b"2026-11-03T12:00:00Z a\n2026-11-03T12:00:01Z ", b"b"], redact, torn=torn)
    mine([b"a\nb\n"], redact, torn=torn)
    assert [(each.lines, each.first and each.first.second, each.ended) for each in asked] == [
        (2, 0, False),
        (2, None, True),
    ]


def test_a_trace_without_end_does_not_grow_what_is_held() -> None:
    frames = b"2026-11-03T12:00:00Z \tat com.shop.Cart.price(Cart.java:1)\n" * (2 * LONGEST_HEAD)
    assert dug(frames, Torn(head=True, tail=False)).lines == LONGEST_HEAD
