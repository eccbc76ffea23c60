"""Quantities and command lines."""

import pytest

from analyzer.evidence.fields import format_command, parse_quantity, parse_time
from analyzer.redact import redact


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("500m", 0.5),
        ("12345678n", 0.012345678),
        ("250u", 0.00025),
        ("1Gi", 1024.0**3),
        ("1.5Ki", 1536.0),
        ("3M", 3e6),
        ("2k", 2e3),
        ("1e3", 1000.0),
        ("2E", 2e18),
        ("-1", -1.0),
    ],
)
def test_a_quantity_is_a_number(text: str, number: float) -> None:
    assert parse_quantity(text) == pytest.approx(number)


@pytest.mark.parametrize("text", [None, "", "much", "1..2", "5 Mi", "5mi", "1e999", "9" * 400, "-1e200"])
def test_what_is_none(text: str | None) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    "text", [None, "", "soon", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
)
def test_what_is_no_time_or_stands_for_none(text: str | None) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (["serve", "--port", "80"], "serve --port 80"),
        (["sh", "-c", "sleep 1; run"], "sh -c 'sleep 1; run'"),
        (["run", "--token", "abc", "--verbose"], "run --token '[masked secret]' --verbose"),
        (["run", "--token", "--verbose"], "run --token --verbose"),
        (
            ["curl", "-u", "admin:hunter2", "http://localhost"],
            "curl -u admin:[masked basic auth] http://localhost",
        ),
        (["mysqladmin", "ping", "-phunter2"], "mysqladmin ping -p[masked secret]"),
        (["run", "--api-key=abc"], "run '--api-key=[masked secret]'"),
        (["run", "--max-tokens", "8000"], "run --max-tokens 8000"),
    ],
)
def test_a_command_without_its_secrets(words: list[str], typed: str) -> None:
    assert format_command(words, redact) == typed
