"""Texts of several words are values where other templates say so."""

import pytest

from analyzer.logs.general import generalise

TASKS = (
    "Rotate log files",
    "Message of the Day",
    "Daily apt download activities",
    "Network Manager Script",
    "User Manager for UID <num>",
)


def groups(*templates: str) -> int:
    return len(set(generalise(dict.fromkeys(templates, 1)).values()))


def test_words_in_the_place_of_a_value_are_a_value() -> None:
    assert set(
        generalise(
            {f"the session has ended after {each}": 1 for each in ("<duration>", "less than a minute")}
        ).values()
    ) == {"the session has ended after <duration>"}
    assert groups("the session has ended after <duration>", "the session has ended after a FATAL_ERROR") == 2
    assert groups("ended after <duration>", "ended after a minute") == 2  # too few words agree


@pytest.mark.parametrize("lack", ["[]", "None", "null"])
def test_anything_may_stand_in_the_place_of_nothing_but_a_reason(lack: str) -> None:
    one = "<Task: extract in <*> [scheduled]>, <Task: load in <*> [scheduled]>"
    assert (
        groups(f"set the following tasks to queued: {lack}", f"set the following tasks to queued: {one}") == 1
    )
    assert (
        groups(
            f"set the following tasks to failed because: {lack}",
            "set the following tasks to failed because: the disk is full",
        )
        == 2
    )
    assert (
        groups(
            f"set the following tasks to queued: {lack}",
            "set the following tasks to queued: TimeoutError in load",
        )
        == 2
    )


def test_a_long_text_that_stands_for_two_values_is_one() -> None:
    agent = "ec<num> (<*>) - build (i-<hex>)"
    lost, back = "the agent {} has lost its workspace", "the agent {} was connected once more"
    assert groups(lost.format("<*>"), lost.format(agent)) == 2
    assert groups(*(each.format(name) for each in (lost, back) for name in ("<*>", agent))) == 2
    failed = "ec<num> (<*>) - IOException (i-<hex>)"
    assert groups(*(each.format(name) for each in (lost, back) for name in ("<*>", failed))) == 4


def test_the_objects_that_several_verbs_have_are_values() -> None:
    ends = {"Started": ".", "Starting": "...", "Stopped": ". <duration>"}
    found = generalise({f"{verb} {task}{end}": 1 for verb, end in ends.items() for task in TASKS})
    assert set(found.values()) == {"Started <*>.", "Starting <*>...", "Stopped <*>. <duration>"}


def test_a_few_steps_that_begin_and_end_are_no_values() -> None:
    assert groups(*(f"{verb} {task}." for verb in ("Started", "Starting") for task in TASKS[:4])) == 8
    assert groups(*(f"Started {task}." for task in TASKS)) == 5


def test_what_only_one_verb_has_stays_apart() -> None:
    tasks = [f"{verb} {task}." for verb in ("Started", "Starting") for task in TASKS]
    found = generalise(dict.fromkeys([*tasks, "Started without any of its disks."], 1))
    assert set(found.values()) == {"Started <*>.", "Starting <*>.", "Started without any of its disks."}


def test_a_value_may_lack_at_the_end() -> None:
    assert groups("the lease was given to <ip>", "the lease was given to <ip> <host>") == 1
    assert (
        groups(
            "the view was shown after <duration>", "the view was shown after <duration> (total <duration>)"
        )
        == 1
    )
    assert groups("the lease was given to <ip>", "the lease was given to <ip> again") == 2
