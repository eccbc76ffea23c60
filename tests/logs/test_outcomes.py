"""Which slots tell how something ended, and what their values say."""

import pytest

from analyzer.logs.outcome_values import End, OutcomeKind, read_end
from analyzer.logs.outcomes import find_outcomes, tells_answer
from analyzer.logs.sketch import Bucket, Slot, SlotValue


def slot(name: str, **counts: int) -> Slot:
    values = tuple(SlotValue(text=text.strip("_"), count=count) for text, count in counts.items())
    return Slot(name=name, values=values, squares=sum(counts.values()))


REQUEST = "GET /cart - 200 0"


@pytest.mark.parametrize(
    ("told", "sample", "kind"),
    [
        (slot("status", _200=90, _404=9, _500=1), "", "http"),
        (slot("DownstreamStatus", _200=9), "", "http"),
        (slot("rs", _200=9), "", "http"),
        (slot("#1", _200=9, _503=1), REQUEST, "http"),
        (slot("grpc.code", OK=9, Internal=1), "", "grpc"),
        (slot("grpc_status", _0=9, _14=1), "", "grpc"),
        (slot("code ", OK=9, Unavailable=1), "", "grpc"),
        (slot("exit_code", _0=9, _137=1), "", "exit"),
        (slot("errno", _0=9, _111=1), "", "exit"),
        (slot("errno", _0=9, ECONNREFUSED=1), "", "exit"),
        (slot("sqlcode", **{"0": 9, "-204": 1}), "", "exit"),
        (slot("#1", **{"0": 9, "-1": 1}), "resize returned 0", "exit"),
        (slot("#1", _2=9), "worker ended: exit status 2", "exit"),
        (slot("#1", _111=9), "connect: errno 111", "exit"),
        (slot("#1", _14=9), "call ended, grpc status 14", "grpc"),
        (slot("failed", true=1, false=9), "", "fault"),
        (slot("exit", _0=9, _28=1), "", "exit"),
        (slot("#1", _0=9, _28=1), "curl: exit 28", "exit"),
        (slot("rcode", _0=9, _3=1), "", "rcode"),
        (slot("rcode", NOERROR=9, NXDOMAIN=1), "", "rcode"),
        (slot("rcode", _0=9, _137=1), "", "exit"),
        (slot("rs", _200=9, _486=1, _488=1), "", "reply"),
        (slot("#1", _226=9, _553=1), "FTP response: 553", "reply"),
        (slot("hits", _0=9, _14=1), "", "found"),
        (slot("#1", _0=9, _14=1), "returned 0 products", "found"),
        (slot("sqlstate", _00000=9), "", "sqlstate"),
        (slot("SQLState", _00000=9), "", "sqlstate"),
        (slot("success", true=9, false=1), "", "flag"),
        (slot("status", DONE=9, FAILED=1), "", "word"),
        (slot("failedCount", _0=9), "", "count"),
        (slot("#1", _0=9, _7=1), "done, 7 failed", "count"),
    ],
)
def test_a_slot_is(told: Slot, sample: str, kind: OutcomeKind) -> None:
    [outcome] = find_outcomes([told], sample).values()
    assert outcome.kind == kind


@pytest.mark.parametrize(
    ("told", "sample"),
    [
        (slot("#1", _200=9), "batch of 200"),
        (slot("#1", _200=9), "flushed 200 rows for GET /x"),
        (slot("#1", _312=9), REQUEST),
        (slot("#1", _100=5, _101=5, _102=5), REQUEST),
        (slot("page_size", _200=9), ""),
        (slot("port", _443=9), ""),
        (slot("zone", down=9), ""),
        (slot("verdict", down=5, up=4, stay=9), ""),
        (slot("#1", _226=5, _553=4), "frame of 553 rows"),
        (slot("rs", _486=9, _488=1), ""),
        (slot("#1", _5=4, _9=5), "returned 5 products"),
        (slot("ok", _7=9), ""),
        (slot("failure_rate", _0=9), ""),
        (slot("#1", _0=9), "error rate 0 now"),
        (Slot(name="#1", buckets=(Bucket(unit="%", at=3, count=9),), squares=9), "errors 4% now"),
        (slot("#1", _5=9), "returned 5 rows"),
        (Slot(name="status", buckets=(Bucket(unit="s", at=3, count=9),), squares=9), ""),
        (Slot(name="status", many=True, other=9, squares=9), ""),
        (Slot(name="status"), ""),
    ],
)
def test_a_slot_tells_no_end(told: Slot, sample: str) -> None:
    assert find_outcomes([told], sample) == {}


def test_a_status_that_a_name_or_a_request_tells_is_an_answer_and_a_number_alone_is_none() -> None:
    assert tells_answer((slot("code", _200=9),), "")
    assert tells_answer((slot("#1", _200=9),), REQUEST)
    assert not tells_answer((slot("#1", _200=9),), "saw 200")


@pytest.mark.parametrize(
    ("kind", "text", "end"),
    [
        ("rcode", "0", "well"),
        ("rcode", "NXDOMAIN", "well"),
        ("rcode", "2", "failed"),
        ("rcode", "5", "refused"),
        ("reply", "250", "well"),
        ("reply", "488", "failed"),
        ("reply", "603", "failed"),
        ("word", "bounced", "failed"),
        ("word", "ThroughputException", "failed"),
        ("word", "CACHED", "well"),
        ("found", "0", "failed"),
        ("exit", "1400", "failed"),
    ],
)
def test_a_value_says(kind: OutcomeKind, text: str, end: End) -> None:
    assert read_end(kind, text) == end
