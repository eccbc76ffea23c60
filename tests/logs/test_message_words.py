"""What a line says is the same in whatever form it is written; a word more is another event."""

import pytest

from analyzer.logs.message_words import find_words, is_contained, stem


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("order <num> accepted in <duration>", "accepted order <num>"),
        ("order_accepted", "orders accepted order <num> in <duration>"),
        ("orderAccepted", "order <num> was accepted"),
        ("accepting order <num>", "accepted order <num>"),
        ("Component(OrderService) accepted order <num>", "Component(order-api) accepted order <num>"),
        ("order-api: accepted order <num>", "shop.OrderService: accepted order <num>"),
        ("order <num> accepted, total <num>", "order <num> accepted"),
        ("注文 <num> を処理しました", "注文 を処理しました"),
    ],
)
def test_other_forms_say_the_same(one: str, two: str) -> None:
    assert find_words(one).prose == find_words(two).prose != frozenset()
    assert is_contained(find_words(one), find_words(two))


@pytest.mark.parametrize(
    "other",
    [
        "order <num> accepted (dry run)",
        "order <num> not accepted",
        "order <num> parked in <duration>",
        "accepted: order <num> queued",
    ],
)
def test_another_word_is_another_event(other: str) -> None:
    assert not find_words(other).prose <= find_words("order <num> accepted in <duration>").words


def test_names_of_fields_are_words_and_no_message() -> None:
    said = find_words("accepted order=<num> user=bob", ("elapsed_ms",))
    assert said.prose == {"accept", "bob"}
    assert {stem(word) for word in ("order", "user", "elapsed")} <= said.words


def test_what_says_less_than_half_is_not_the_same() -> None:
    assert not is_contained(find_words("order"), find_words("order <num> accepted and stored"))
    assert not is_contained(find_words("<num>"), find_words("order <num> accepted"))


def test_a_path_is_known_by_its_words() -> None:
    assert find_words("GET /api/orders/<*> 2xx").route == {stem("api"), stem("orders")}
