"""Words of trouble, and what undoes them."""

import pytest

from analyzer.logs.troubles import says_mild_trouble, says_substitute, says_trouble


@pytest.mark.parametrize(
    "text",
    [
        "queue full, dropping message 7",
        "circuit breaker inventory is open",
        "group billing is rebalancing, 4 members",
        "connection to broker lost, reconnecting",
        "archive not available, retrying in 30s",
        "missed 3 heartbeats of node 4",
        "certificate expired 2 days ago",
        "quota exceeded for key maps",
        "chunk 7 not stored: no space left on device",
        "upstream answered 401 for profile 7",
        "order 7 moved to dead letter queue",
        "stream STOCK has no leader",
        "step 12 loss nan",
        "replica 2 out of sync",
        "card 7: null value in column violates not-null constraint",
        "7: ORA-00942: table or view does not exist",
    ],
)
def test_a_line_speaks_of_trouble(text: str) -> None:
    assert says_trouble(text)


@pytest.mark.parametrize(
    "text",
    [
        "circuit breaker inventory is closed",
        "circuit breaker configured: open for 30 s",
        "retry policy: up to 5 times, at most 30s",
        "no deadlock in 100 transactions",
        "dead letter queue is empty",
        "quota of key maps: 900 of 100000 used",
        "0 dropped",
        "dropped: 0",
        "connected to broker mqtt-1",
        "token renewed, expires in 3600 s",
        "listed 401 products",
        "GET /dropped/7 200",
    ],
)
def test_a_line_of_the_same_words_speaks_of_none(text: str) -> None:
    assert not says_trouble(text)


def test_what_every_service_does_now_and_then_is_mild() -> None:
    assert says_mild_trouble("skipping record 7, fallback to default")
    assert not says_trouble("skipping record 7")
    assert not says_mild_trouble("nothing to skip in part 7")


@pytest.mark.parametrize(
    ("text", "substitute"),
    [
        ("no decoder, placeholder served", True),
        ("engine not answering, list price used", True),
        ("order 7 parked", True),
        ("falling back to the stub", True),
        ("served from cache", False),
        ("fallback configured: none", False),
        ("default locale is en", False),
    ],
)
def test_what_is_done_in_the_place_of_the_work(text: str, *, substitute: bool) -> None:
    assert says_substitute(text) is substitute
