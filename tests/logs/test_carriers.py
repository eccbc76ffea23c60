"""What carried a line: the header of a container's log, a supervisor's, a process manager's."""

import pytest

from analyzer.logs.carriers import find_carried
from analyzer.logs.fields import mask

CARRIERS = (
    "2026-01-01T00:00:00.000000000Z stdout F ",
    "2026-01-01T00:00:00.123456789+02:00 stderr F ",
    "2026-01-01T00:00:00Z stdout P ",
    "stderr F ",
    "web_1  | ",
    "shop-web-1  | ",
    "10:00:00 worker.1 | ",
    "web stdout | ",
    "2026-01-01 10:00:00,123 INFO web stdout | ",
)
LINES = (
    "2026-04-06 05:13:00,527 - app.rank - INFO - ranked 23 documents for query 2d0473",
    '{"level":"error","ts":"2026-01-01T00:00:00Z","msg":"trip not billed","trip":12}',
    'time=2026-01-01T00:00:00Z level=info msg="seat held" seat=12',
    '10.42.0.7 - - [01/Jan/2026:00:00:00 +0000] "GET /tiles/12 HTTP/1.1" 503 12',
    "stored reading 12 of meter 4",
    "[ERROR] invoice 12 has no template",
)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("line", LINES)
def test_a_line_means_the_same_whatever_carried_it(carrier: str, line: str) -> None:
    inner, outer = mask(line), mask(carrier + line)
    assert outer.template == inner.template
    assert outer.level == inner.level or (inner.level == "unknown" and "INFO" in carrier)


@pytest.mark.parametrize(
    "line", ["user 1 | logged in", "stdout is closed", "job 7 | done", "written to stdout F4 of 12", "a | b"]
)
def test_a_line_that_nothing_carried_is_whole(line: str) -> None:
    assert find_carried(line) == 0


@pytest.mark.parametrize(
    "prefix",
    ["web: ", "[web] ", "shop-6f7d8c9b5d-x2x4z app ", "request_id=63539329-da99-4c84-b8fb-b7f1b9b01c9d "],
)
def test_a_record_behind_any_words_is_read_by_its_fields(prefix: str) -> None:
    json, logfmt = LINES[1], LINES[2]
    assert mask(prefix + json) == mask(json)
    assert mask(prefix + logfmt).template == mask(logfmt).template


def test_a_payload_is_a_part_of_its_message() -> None:
    assert mask('received {"order":12,"items":[1]}').template.startswith("received")
