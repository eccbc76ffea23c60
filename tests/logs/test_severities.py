"""Where people put a level, and what is none."""

import json

import pytest

from analyzer.logs.digest import Level
from analyzer.logs.fields import mask
from analyzer.logs.mine import mine
from analyzer.redact import redact

KEYS: list[tuple[dict[str, object], Level]] = [
    ({"severityText": "WARN"}, "warning"),
    ({"SeverityText": "ERROR3"}, "error"),
    ({"severity_number": 1}, "debug"),
    ({"severityNumber": 8}, "debug"),
    ({"severityNumber": 9}, "info"),
    ({"severityNumber": 16}, "warning"),
    ({"severityNumber": 20}, "error"),
    ({"severityNumber": 21}, "fatal"),
    ({"severityNumber": "SEVERITY_NUMBER_ERROR"}, "error"),
    ({"status": "warn"}, "warning"),
    ({"status": "critical"}, "fatal"),
    ({"log.level": "warn"}, "warning"),
    ({"log": {"level": "ERROR"}}, "error"),
    ({"levelno": 30}, "warning"),
    ({"levelno": 50}, "fatal"),
    ({"record": {"level": {"name": "CRITICAL", "no": 50}}}, "fatal"),
    ({"logging.googleapis.com/severity": "WARNING"}, "warning"),
    ({"L": "ERROR"}, "error"),
    ({"@l": "Fatal"}, "fatal"),
    ({"level": 40}, "warning"),
    ({"level": 60}, "fatal"),
    ({"level": 4}, "warning"),
    ({"level": 400, "level_name": "ERROR"}, "error"),
    ({"PRIORITY": "2"}, "fatal"),
    ({"severityLevel": 3}, "error"),
    ({"context": {"level": "error"}}, "error"),
    ({"s": "E"}, "error"),
    ({"meta": {"severity": "ERROR"}}, "error"),
]
NONE: list[dict[str, object]] = [
    {"status": "active"},
    {"status": "deleted"},
    {"status": "ok"},
    {"priority": 3},
    {"priority": "critical"},
    {"priority": "high"},
    {"s": 3},
    {"l": 4},
    {"count": 50},
    {"no": 40},
    {"level": True},
    {"level": 137},
    {"level": "basement"},
    {"player": {"level": 3}},
    {"player": {"s": "e"}},
]


@pytest.mark.parametrize(("fields", "level"), KEYS)
def test_a_level_counts_wherever_it_stands(fields: dict[str, object], level: Level) -> None:
    assert mask(json.dumps({**fields, "message": "stock of item 7"})) == ("stock of item <num>", level)


@pytest.mark.parametrize("fields", NONE)
def test_a_number_or_a_word_of_another_field_is_no_level(fields: dict[str, object]) -> None:
    assert mask(json.dumps({**fields, "message": "stock of item 7"})).level == "unknown"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ('severity_text=ERROR msg="stock of item 7"', "error"),
        ('log.level=warn msg="stock of item 7"', "warning"),
        ('level=50 msg="stock of item 7"', "error"),
        ('status=error msg="stock of item 7"', "error"),
        ('status=deleted msg="stock of item 7"', "unknown"),
        ('level=info error=null msg="stock of item 7"', "info"),
        ("error=<nil> took=7ms", "unknown"),
        ("errors=0 took=7ms", "unknown"),
        ('err="no stock" took=7ms', "error"),
    ],
)
def test_logfmt_is_read_alike(line: str, level: Level) -> None:
    assert mask(line).level == level


def test_a_line_without_serilogs_level_is_information() -> None:
    assert mask('{"@t":"2026-11-03T12:00:00Z","@mt":"Stock of {Item}","Item":7}').level == "info"
    assert mask('{"@t":"2026-11-03T12:00:00Z","msg":"stock of item 7"}').level == "unknown"


@pytest.mark.parametrize(
    ("calm", "grave", "level"),
    [
        ('{"severityNumber":9,"body":"stock of item 7"}', '{"severityNumber":17,"body":"stock of item 7"}', "error"),
        ('{"severityNumber":10,"body":"a b"}', '{"severityNumber":18,"body":"a b"}', "error"),
        ('{"levelno":20,"msg":"a b"}', '{"levelno":40,"msg":"a b"}', "error"),
        ('{"level":200,"msg":"a b"}', '{"level":500,"msg":"a b"}', "fatal"),
        ('{"PRIORITY":"6","MESSAGE":"a b"}', '{"PRIORITY":"3","MESSAGE":"a b"}', "error"),
        ('web-1 | {"level":30,"msg":"a b"}', 'web-1 | {"level":50,"msg":"a b"}', "error"),
        ("level=30 msg=x", "level=50 msg=x", "error"),
        ("INFO worker 7 died, killed by signal 15", "INFO worker 7 died, killed by signal 11", "fatal"),
        ("<6>stock of item 7", "<3>stock of item 7", "error"),
        ("<14>Nov  3 12:00:00 host app[7]: a b", "<11>Nov  3 12:00:00 host app[7]: a b", "error"),
    ],
)  # fmt: skip
def test_lines_that_differ_in_their_levels_number_alone_are_told_apart(
    calm: str, grave: str, level: Level
) -> None:
    """In a stream, too, where lines of one shape are looked at once."""
    text = "\n".join([calm, grave, calm, calm, grave]).encode()
    groups = mine([text], redact, timestamps=False).digest.groups
    assert sorted((group.level, group.count) for group in groups) == sorted([("info", 3), (level, 2)])
    assert len({group.template for group in groups}) == 1
