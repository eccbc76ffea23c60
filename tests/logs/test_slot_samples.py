"""Which events of a stream are looked at: the first ones, and of the others so many, each counting for
more.
"""

import random
from math import sqrt

import pytest

from analyzer.logs.digest import Digest
from analyzer.logs.groups import ALWAYS_READ
from analyzer.logs.mine import mine
from analyzer.logs.sketch import PER_TEMPLATE, SLOTS
from analyzer.logs.slot_samples import list_turns
from analyzer.redact import redact


def dug(lines: list[str]) -> Digest:
    return mine(["".join(f"{line}\n" for line in lines).encode()], redact, timestamps=False).digest


def test_what_is_looked_at_stands_for_about_all() -> None:
    whole = list(list_turns(0, 100_000))
    assert [place for place, _ in whole] == sorted({place for place, _ in whole})
    for kind, most in ((0, 4_000), (1, 3_000)):
        weights = [due[kind] for _, due in whole if due[kind]]
        assert len(weights) < most
        assert 0.95 < sum(weights) / 100_000 < 1.05


def test_how_the_events_come_does_not_show() -> None:
    whole = list(list_turns(0, 9000))
    parts = [
        (start + place, due)
        for start in range(0, 9000, 7)
        for place, due in list_turns(start, min(7, 9000 - start))
    ]
    assert parts == whole


@pytest.mark.slow
def test_a_rare_failure_of_a_frequent_template_has_about_its_share() -> None:
    """Twenty logs of 50,000 requests: the share of 2 % within the error that the sample states, in 95 of
    100.
    """
    right = 0
    for seed in range(20):
        rng = random.Random(seed)
        log = [f"[info] Sent {500 if rng.random() < 0.02 else 200} in {seed}ms" for _ in range(50_000)]
        [group] = dug(log).groups
        [status] = [slot for slot in group.slots if slot.name == "#1"]
        failed = sum(value.count for value in status.values if value.text == "500")
        assert status.sampled() > 1_150
        share, true = failed / status.total(), sum(" 500 " in line for line in log) / len(log)
        right += abs(share - true) <= 2 * sqrt(true * (1 - true) / status.sampled())
    assert right >= 17


def test_a_template_that_tells_no_end_is_looked_at_less_often() -> None:
    [told] = dug([f"job done status={200 + number % 2}" for number in range(30_000)]).groups
    [other] = dug([f"tick {number % 7} of the clock" for number in range(30_000)]).groups
    assert told.slots[0].sampled() > 1.5 * other.slots[0].sampled()


def test_a_short_log_is_counted_exactly_and_a_long_one_about() -> None:
    [group] = dug([f"done status={200 + number % 2} now" for number in range(400)]).groups
    assert [(value.text, value.count) for value in group.slots[0].values] == [("200", 200), ("201", 200)]
    [group] = dug([f"op=x rc={1 if number % 10 else 2} ran" for number in range(30_000)]).groups
    shares = {value.text: value.count for value in group.slots[0].values}
    assert 0.07 < shares["2"] / sum(shares.values()) < 0.13
    assert 0.9 < sum(shares.values()) / 30_000 < 1.1


def test_the_first_lines_of_a_template_are_looked_at_however_late_it_comes() -> None:
    rare = [f"sync: 0 ok, {number + 1} failed" for number in range(ALWAYS_READ)]
    digest = dug([*[f"tick {number}" for number in range(20_000)], *rare])
    [group] = [group for group in digest.groups if "sync" in group.template]
    assert {slot.name: slot.total() for slot in group.slots} == {"#1": ALWAYS_READ, "#2": ALWAYS_READ}


@pytest.mark.slow
def test_no_log_makes_a_digest_of_more_slots_than_are_kept() -> None:
    words = [
        f"{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}"
        for number in range(1500)
    ]
    digest = dug(
        [
            " ".join(
                [
                    f"{word}x ran",
                    *(f"{word}{name}={place}" for place, name in enumerate("abcdefghijklmnopqrst")),
                ]
            )
            for word in words
        ]
    )
    assert all(len(group.slots) <= PER_TEMPLATE for group in digest.groups)
    assert sum(len(group.slots) for group in digest.groups) == SLOTS


def test_nothing_that_would_be_redacted_is_kept() -> None:
    lines = [f'{{"msg":"paid","password":"{number % 7 + 100}","status":"ok"}}' for number in range(20)]
    kept = [slot for group in dug(lines).groups for slot in group.slots]
    assert {(slot.name, value.text) for slot in kept for value in slot.values} == {("status", "ok")}
