"""How an option's text is read: units."""

import click
import pytest

from analyzer.options.param_types import Address, BoundedFloat, Duration, RolloutName, Size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("1.5m", 90), ("250ms", 0.25), ("0s", 0)],
)
def test_a_duration_is_read_as_kubectl_writes_it(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5s", "5 minutes", "m", "1d", "inf", "nan", "\uff15s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no duration"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize("text", ["10", "90", "1.5"])
def test_a_number_without_a_unit_is_asked_what_it_means(text: str) -> None:
    with pytest.raises(click.BadParameter, match=f"'{text}' has no unit: write {text}s or {text}m"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize("text", ["0s", "1s", "1m", "1m30s", "1h30m", "366h", "0.25s", "0.00001s"])
def test_a_duration_is_told_as_it_is_written(text: str) -> None:
    assert Duration().format_value(Duration().convert(text, None, None)) == text


@pytest.mark.parametrize(
    ("size", "text"), [(1, "1"), (65536, "64KiB"), (65537, "65537"), (4194304, "4MiB"), (1073741824, "1GiB")]
)
def test_a_size_is_told_as_it_is_written(size: int, text: str) -> None:
    assert Size().format_value(size) == text
    assert Size().convert(text, None, None) == size


@pytest.mark.parametrize(
    "text", ["cart", "rollout/cart", "rollouts/cart", "ro/cart", "Rollout/cart", "rollouts.argoproj.io/cart"]
)
def test_a_rollout_is_named_as_kubectl_names_it(text: str) -> None:
    assert RolloutName().convert(text, None, None) == "cart"


@pytest.mark.parametrize(
    ("text", "says"),
    [("deployment/cart", "names no Rollout"), ("shop/ro/cart", "names no"), ("rollout/", "no name")],
)
def test_another_kind_is_no_rollout(text: str, says: str) -> None:
    with pytest.raises(click.BadParameter, match=says):
        RolloutName().convert(text, None, None)


@pytest.mark.parametrize("text", ["9000h", "99999999999999999999s", "1h" + "9" * 400 + "s"])
def test_more_than_a_year_is_a_slip(text: str) -> None:
    with pytest.raises(click.BadParameter, match="longer than a year"):
        Duration().convert(text, None, None)


def test_a_duration_may_have_to_be_some_time() -> None:
    assert Duration(least=1).convert("1s", None, None) == 1
    for text in ("0s", "999ms"):
        with pytest.raises(click.BadParameter, match="1s is the least"):
            Duration(least=1).convert(text, None, None)


def test_what_is_no_number_is_within_no_bounds() -> None:
    assert BoundedFloat(0, 1).convert("0.5", None, None) == 0.5
    for text in ("nan", "inf", "-0.1"):
        with pytest.raises(click.BadParameter, match=r"no number|not in the range"):
            BoundedFloat(0, 1).convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("65536", 65536),
        ("64KiB", 65536),
        ("64k", 65536),
        ("4MiB", 4194304),
        ("4M", 4194304),
        ("1GiB", 1073741824),
    ],
)
def test_a_size_is_read_in_binary_units(text: str, size: int) -> None:
    assert Size().convert(text, None, None) == size


@pytest.mark.parametrize("text", ["", "0", "big", "-1", "1.5MiB", "4TiB", "9" * 30])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no size"):
        Size().convert(text, None, None)


@pytest.mark.parametrize("text", ["", "http://docs:8080/findings/", "https://git.example.com/a/b.md?plain=1"])
def test_an_address_to_link_to_is_kept(text: str) -> None:
    assert Address().convert(text, None, None) == text


@pytest.mark.parametrize(
    "text",
    [
        "docs/findings.md",
        "javascript:alert(1)",
        "https://",
        "https://me:secret@git.example.com/a",
        "https://git.example.com/a#b",
        "https://git.example.com/a)b",
        'https://git.example.com/"onclick',
        "https://git.example.com/a b",
    ],
)
def test_what_no_report_may_link_to_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="http or https URL") as refused:
        Address().convert(text, None, None)
    assert "secret" not in refused.value.message
