"""Which values a line has: numbers and how things ended, and nothing that identifies or is secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.number_labels import label_numbers
from analyzer.logs.slot_values import FIELDS, NUMBERS, read_values


def held(line: str) -> dict[str, str]:
    """Each slot's value, measures by their unit."""
    return {name.strip(): text or f"<{unit}>" for name, text, unit, _ in read_values(line)}


@pytest.mark.parametrize(
    ("line", "slots"),
    [
        ('{"status":200,"dur_ms":1204,"ok":true}', {"status": "200", "dur_ms": "<>", "ok": "true"}),
        ('{"res": {"statusCode": 503}, "responseTime": 3.4}', {"statusCode": "503", "responseTime": "<>"}),
        (
            "level=info status=FAILED took=12.5ms size=4KiB",
            {"status": "FAILED", "took": "<s>", "size": "<B>"},
        ),
        ("took=1m30.5s grpc.code=Unavailable", {"took": "<s>", "grpc.code": "Unavailable"}),
        ("call ended with code DeadlineExceeded", {"code": "DeadlineExceeded"}),
        ("call failed: code = Unavailable desc = gone", {"code": "Unavailable"}),
        ("query done sqlstate=40P01", {"sqlstate": "40P01"}),
        ("not written, SQLSTATE 42703", {"sqlstate": "42703", "#1": "<>"}),
        ("PDO says SQLSTATE[42S22]: Column not found", {"sqlstate": "42S22"}),
        ("SQLState: 40P01 of the ledger", {"sqlstate": "40P01"}),
        ("job=resize rc=-1", {"rc": "-1"}),
        ("returned -1, errno: -111", {"#1": "-1", "#2": "-111"}),
        ("status:500\tsize:12\ttook:12ms", {"status": "500", "took": "<s>"}),
        ("{'status': 500, 'ok': False, 'user': 'x'}", {"status": "500", "ok": "False"}),
        ('{"msg":"job done rc=1 took=3ms","user":"x"}', {"rc": "1", "took": "<s>"}),
        ("page shown in 1,234.5 ms", {"#1": "<s>"}),
        ("200,1523,12", {"#1": "200"}),
        ("sync finished: 120 ok, 0 failed in 3 s", {"#1": "120", "#2": "0", "#3": "<s>"}),
        ("2026-07-01 11:50:11,000 INFO [exec-3] order 61 accepted in 85 ms", {"#1": "61", "#2": "<s>"}),
        ("- - 200 0 - 29.7428ms", {"#1": "200", "#2": "0", "#3": "<s>"}),
        ("10.0.0.1:8080 v1.2.3 2026-07-01T11:50:11Z #7 main.go:79", {}),
        ('{"msg":"copied 1,204 rows","trace":"abc","ts":1765546003.3}', {"#1": "<>"}),
        ("saw 4" + "0" * 400, {}),
        ("load=NaN ratio=inf took=-5ms", {}),
        ("10.0.0.1 TCP_MISS/504 1422", {"status": "504", "#1": "<>"}),
        ("10.0.0.1 NONE/503 1422", {"status": "503", "#1": "<>"}),
        ("class ROOM/503 booked", {}),
        ("bind rc=1400 rows=0", {"rc": "1400", "rows": "0"}),
        ("bind took=1400", {"took": "<>"}),
        (
            '10.0.0.1 "GET /a?code=7&state=FAILED HTTP/1.1" 200 12 "-" "scan exit code 9"',
            {"#1": "200", "#2": "12"},
        ),
        ('"GET /a HTTP/1.1" 200 "bot error=9 status=FAILED"', {"#1": "200"}),
        ("outcome HTTP_503", {"status": "503"}),
        ("GET /orders/504 ok", {"outcome": "ok"}),
        ("done, 5/12 checks passed", {"part": "some", "#1": "5"}),
        ("done, 12/12 checks passed", {"part": "all", "#1": "12"}),
        ("on 2026/11/03 at /a/1/2", {"#1": "<>"}),
        ("result 0x80070005", {"hresult": "failed"}),
        ("result 0x00000000", {"hresult": "0"}),
        ("at 0x80070005ffff and a0x80070005", {}),
        ('{"id":"a","errors":[]}', {"errors": "0"}),
        ('{"id":"a","errors":["NO_PRICE"]}', {"errors": "1"}),
        ("fetched key +2887ms", {"#1": "<s>"}),
        ("synced ~12ms, UTC+2", {"#1": "<s>"}),
        ("task ran PT1M5.25S", {"duration": "<s>"}),
        ("total is undefined", {"value": "undefined"}),
        ("undefined.map is NaN()", {}),
        ("code=codes.Unavailable state=Code::Internal", {"code": "Unavailable", "state": "Internal"}),
        ("status=/a/b.txt code=1.2.3", {}),
        ("sku=7 stored=Y healthy=n", {"sku": "7", "stored": "Y", "healthy": "n"}),
        ("user=alice path=/a/b host=node-7 pid=12 request_id=77", {}),
    ],
)
def test_a_line_holds(line: str, slots: dict[str, str]) -> None:
    assert held(line) == slots


ODD = st.lists(
    st.sampled_from(
        [*"{}[]\\\"'=:,;.|_@/- %µ٣½eEmsh", "12", "status", "code ", "1m3", "0.5", "sqlstate", "4" * 400]
    )
)


@given(st.one_of(st.text(), ODD.map("".join), ODD.map(lambda pieces: '{"msg":"' + "".join(pieces))))
def test_any_line_can_be_looked_at(line: str) -> None:
    assert len(read_values(line)) <= 2 * FIELDS + 2 * NUMBERS
    assert len(label_numbers(line)) <= NUMBERS


def test_of_one_line_only_so_many_are_looked_at() -> None:
    assert len(read_values(" ".join(f"f{number}={number}" for number in range(500)))) <= 40
    assert len(read_values(" ".join(map(str, range(500))))) <= 40


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ("sync finished: 120 ok, 0 failed", [("ok",), ("failed",)]),
        ("sync ok 120 failed 0", [("sync", "ok"), ("failed",)]),
        ("120 ok 0 failed", [("ok",), ("failed",)]),
        ("errors: 3 of 120 objects", [("errors",), ("of", "objects")]),
        ("queue depth is 1200", [("queue", "depth", "is")]),
    ],
)
def test_a_number_is_named_by_the_words_beside_it(sample: str, words: list[tuple[str, ...]]) -> None:
    assert [label.words for label in label_numbers(sample).values()] == words
