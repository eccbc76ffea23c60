"""What varies is a parameter, what few words tell apart is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.logs.general import generalise, tokenise
from analyzer.logs.mask import LONGEST_EVENT

NAMES = ("alice", "bob", "carol", "dave", "erin", "frank")


def groups(*templates: str) -> int:
    return len(set(generalise(dict.fromkeys(templates, 1)).values()))


def test_what_is_longer_than_masking_makes_is_left_as_it_is() -> None:
    long = [f"connected to {name} {'x' * LONGEST_EVENT}" for name in "abcdefghijkl"]
    short = [f"connected to {name}" for name in "abcdefghijkl"]
    forms = generalise(dict.fromkeys([*long, *short], 1))
    assert [forms[template] for template in long] == long
    assert {forms[template] for template in short} == {"connected to <*>"}


def test_a_name_behind_a_word_that_announces_one_is_a_parameter() -> None:
    assert set(
        generalise({f"session opened for user {name} by system": 1 for name in NAMES[:3]}).values()
    ) == {"session opened for user <*> by system"}


def test_a_name_that_nothing_announces_takes_more_values() -> None:
    assert groups(*(f"the cart {name} was seen again" for name in NAMES[:3])) == 3
    assert groups(*(f"the cart {name} was seen again" for name in NAMES)) == 1


def test_what_was_done_is_no_parameter() -> None:
    done = ("opened", "closed", "created", "deleted", "updated", "refused", "started", "stopped")
    assert groups(*(f"the session was {word} by the system" for word in done)) == len(done)


def test_the_same_names_with_another_verb_are_another_event() -> None:
    found = generalise(
        {f"session {verb} for user {name} by system": 1 for verb in ("opened", "closed") for name in NAMES}
    )
    assert set(found.values()) == {f"session {verb} for user <*> by system" for verb in ("opened", "closed")}


def test_a_verb_and_its_object_are_no_two_parameters() -> None:
    pairs = ("connect host", "open file", "read block", "write page", "parse date", "send mail")
    assert groups(*(f"the worker could not {pair} at all" for pair in pairs)) == len(pairs)


def test_a_fields_value_is_a_parameter_and_a_fields_verdict_is_not() -> None:
    assert groups(*(f"login tty={tty} uid=<num>" for tty in ("ssh", "console"))) == 1
    assert groups(*(f"payment done result={result} id=<num>" for result in ("paid", "declined"))) == 2


def test_a_field_may_stand_in_a_sentence_and_in_a_list() -> None:
    assert groups(*(f"the port of user = {user} was opened" for user in NAMES[:2])) == 1
    assert (
        groups(
            *(f"the port has changed: pid: <num>; seen: {seen}; size: <num>" for seen in ("front", "back"))
        )
        == 1
    )
    assert groups(*(f"changed: {seen} of the port at last" for seen in ("front", "back"))) == 2
    assert (
        groups(
            *(f"the port has changed: pid: <num>; state: {state}; size: <num>" for state in ("open", "shut"))
        )
        == 2
    )


def test_a_sign_of_equality_in_a_value_is_a_letter_of_it() -> None:
    ciphers = ("no", "TLSv<num>/ECDHE-RSA-AES<num>/ECDH=X<num>")
    assert groups(*(f"a login attempt was seen db=<id> tls={cipher} at last" for cipher in ciphers)) == 1


def test_an_index_is_a_value_of_its_own() -> None:
    assert set(
        generalise({f"service was sent to Unit[{name}] by the master": 1 for name in NAMES}).values()
    ) == {"service was sent to Unit[<*>] by the master"}


def test_what_went_wrong_is_no_value_of_the_lack_of_it() -> None:
    for why in ("closed", "<num>"):
        assert (
            groups("the heartbeat was slow err=<nil> at last", f"the heartbeat was slow err={why} at last")
            == 2
        )
    assert groups("the cart was sent failed=true at last", "the cart was sent failed=false at last") == 2
    assert (
        groups("the handshake with <host> failed: <num>", "the handshake with <host> failed: rejected") == 2
    )
    whys = ("(refused)", "(timed out)", "(no route)", "(denied)", "(closed)")
    assert groups(*(f"connect to the broker <ip> failed {why}" for why in whys)) == len(whys)
    assert (
        groups(*(f"connect to the broker <ip> failed {why}" for why in ("(<num>)", "(<num> of <num>)"))) == 1
    )


def test_a_value_of_one_statement_makes_no_parameter_of_anothers_verbs() -> None:
    jails = {f"<id>.jail [<num>]: INFO Jail '<str>' {verb}": 30 for verb in ("started", "stopped")}
    found = generalise({**jails, "<id>.server [<num>]: INFO Starting Ban<id> <version>": 17})
    assert len({found[jail] for jail in jails}) == 2


@pytest.mark.parametrize("name", ["ECONNREFUSED", "ENOSPC", "EPIPE", "EACCES"])
def test_an_errno_is_a_fault_and_a_word_that_starts_as_one_is_none(name: str) -> None:
    words = ("ETHERNET", "EXSTART", "ECDHE", "EUROPE")
    assert groups(*(f"the line was switched over to {word} by the operator" for word in words)) == 1
    assert groups(*(f"the line was switched over to {word} by the operator" for word in (*words, name))) == 2


def test_a_value_of_a_known_form_makes_the_others_values_too() -> None:
    assert set(
        generalise({"lifetime of socket is <num>": 5, "lifetime of socket is <duration>": 2}).values()
    ) == {"lifetime of socket is <*>"}


def test_faults_stay_apart_however_many_there_are() -> None:
    faults = (
        "IOException",
        "TypeError",
        "KeyError",
        "ValueError",
        "OSError",
        "ParseException",
        "BrokenPipeError",
    )
    assert groups(*(f"request failed because of {fault} in handler" for fault in faults)) == len(faults)


def test_the_segments_of_a_route_open_and_its_resource_stays() -> None:
    found = generalise(
        {
            f"GET /{kind}/{name}/items 2xx": 1
            for kind in ("cart", "users")
            for name in (*NAMES, "gus", "hal", "ida", "jo")
        }
    )
    assert set(found.values()) == {"GET /cart/<*>/items 2xx", "GET /users/<*>/items 2xx"}


def test_a_name_of_several_words_is_one_parameter() -> None:
    names = (
        "Anna Novak",
        "Li Chen",
        "Omar Haddad",
        "Rosa Silva",
        "Tom van Meyer",
        "Ines van Larsen",
        "Sven van Rossi",
        "Marek van Kovacs",
    )
    assert groups(*(f"the order of customer {name} was seen again" for name in names)) <= 2
    assert groups(*(f"read by <num> for {first} {last} of us" for first in NAMES for last in NAMES)) == 1


def test_how_long_a_list_is_tells_nothing() -> None:
    lists = [
        ", ".join(NAMES[start : start + length])
        for length in (1, 2, 3)
        for start in range(len(NAMES) - length + 1)
    ]
    assert set(generalise({f"assigned table [{each}] to the reader": 1 for each in lists}).values()) == {
        "assigned table [<*>] to the reader"
    }
    refs = ("<Run: a <num>>", "<Run: a <num>>, <Run: a <num>>")
    assert groups(*(f"tasks up for execution: {each}" for each in refs)) == 1


def test_what_stands_in_brackets_is_one_value_however_many_its_words() -> None:
    threads = ("main", "Controller Boot Thread", "Pool -- <num>", "MSC service thread <num>", "<*>")
    assert groups(*(f"({thread}) the deployment of the archive is done" for thread in threads)) == 1
    assert groups("found nothing (yet) in the queue", "found nothing (at all) in the queue") == 2


def test_states_of_one_kind_at_two_places_are_parameters() -> None:
    states = ("created", "queued", "running", "stopped")
    assert (
        groups(
            *(f"task <num> has moved on: {one} -> {two}" for one in states for two in states if one != two)
        )
        == 1
    )


def test_a_fault_among_states_stays_apart_and_the_others_are_one() -> None:
    states = ("NEW", "QUEUED", "RUNNING", "DONE", "FAILED", "KILLED")
    found = generalise({f"the job went from the queue into state {state}": 1 for state in states})
    assert set(found.values()) == {
        f"the job went from the queue into state {each}" for each in ("<*>", "FAILED", "KILLED")
    }


def test_one_and_many_are_one_event() -> None:
    assert groups("<num> packet was dropped", "<num> packets was dropped") == 1
    assert groups("the gate was dropped", "the bridge was dropped") == 2


WORDS = st.sampled_from(
    ["user", "opened", "alice", "<num>", "to", "x=1", "(a", "/a/b", "Error", "", "\ue000", "=", "<*>"]
)
TEMPLATES = st.dictionaries(
    st.lists(WORDS, max_size=7).map(" ".join) | st.text(max_size=30), st.integers(1, 100), max_size=30
)


@pytest.mark.slow
@given(TEMPLATES)
def test_any_templates_in_any_order_have_one_form_each(templates: dict[str, int]) -> None:
    found = generalise(templates)
    assert found.keys() == templates.keys()
    assert generalise(dict(reversed(templates.items()))) == found
    assert all("".join(tokenise(template)) == template for template in templates)


@pytest.mark.slow
def test_the_most_that_two_digests_hold_is_taken() -> None:
    hard = {
        " ".join(f"w{chr(97 + number % 26)}{chr(97 + place)}{number:x}" for place in range(20)): 1
        for number in range(2000)
    }
    assert len(generalise(hard)) == 2000


def test_templates_that_differ_at_hundreds_of_places_are_cut_without_end() -> None:
    base = ["x"] * 400
    rows = [" ".join([*base[:place], "stopped", *base[place + 1 :]]) for place in range(400)]
    assert len(generalise(dict.fromkeys(rows, 1))) == 400
