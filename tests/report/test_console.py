"""The report for a person who watches."""

import re
from collections.abc import Callable

import msgspec
import pytest

from analyzer.records.record import Record
from analyzer.report.console import render
from analyzer.settings import Settings, Tell


def test_it_has_colours_and_the_plain_reports_words(
    recorded: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = render(recorded())
    assert "\x1b[1;31mROLLBACK" in text
    words = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert "F1 blocking crash-loop: container app of 3 pods crashes (1)" in words


def test_a_long_line_is_wrapped_at_the_terminals_width(
    recorded: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    words = re.sub(r"\x1b\[[0-9;]*m", "", render(recorded(sample="word " * 50)))
    assert max(len(line.rstrip()) for line in words.splitlines()) <= 60


def test_a_command_that_is_to_be_copied_stays_one_line(
    recorded: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    kept = msgspec.structs.replace(
        recorded(), settings=Settings(tell=Tell(save="/records/of/a/canary/that/crashed.json.gz"))
    )
    assert "\nrollout-analyzer analyze --evidence /records/of/a/canary/that/crashed.json.gz\n" in render(kept)


def test_markup_and_escapes_of_the_workload_are_text(recorded: Callable[..., Record]) -> None:
    text = render(recorded(sample="[red]alert[/red] \x1b[2J", summary="[bold]x[/bold]"))
    assert "[red]alert[/red]" in text
    assert "\x1b[2J" not in text
