"""The miner's caches never show: a stream's digest is what its lines give one by one, from any line on."""

import random

import pytest

from analyzer.logs.digest import merge
from analyzer.logs.fields import mask
from analyzer.logs.forms import Forms
from analyzer.logs.mine import mine
from analyzer.redact import redact

LINES = (
    '10.{n}.0.1 - - [03/Nov/2026:12:00:00 +0000] "GET /items/{n} HTTP/1.1" {status} {n}',
    '{{"level":{level},"pid":{n},"trace":"{hex}","msg":"item {n} took {n}.{n} s"}}',
    '{{"msg":"request","method":"GET","path":"/a/{n}","status":{status},"dur":{n}}}',
    "2026-11-03 12:00:00,123 INFO [pool-{n}-thread-{n}] c.s.Cart - priced {n} of {hex} in {n}ms",
    "Nov {day} 12:00:00 node-{n} sshd[{n}]: session {n} of {hex} from 10.0.{n}.1:{n}",
    "081109 203615 {n} INFO dfs.DataNode: block blk_-{n} of {n}.{n} KB at /10.0.0.{n}:{n}",
    "job {id} of {n} is done status={status} at 0x{hex}",
    "token={id} {n}",
    "level=info msg=served n={n} id={hex} path=/x/{n}",
    "11-03 12:00:00.123 {n:>6} {n:>6} D CartService: {n:>5} of {n:<4} is done",
    "12:00:00,123 INFO {n:>3}    pool-{n}     of {n} is done",
    "[11/3/26 12:00:00:123 UTC] {hex} CartServlet W item {n} of {hex}",
    "{n}: removed {n} of {hex}",
    "Nov {day} 12:00:00 mx qmgr[{n}]: {n}: removed {n}",
    '2026-11-03 12:00:00 sync of {n} err="{id} in {n}s of \\"{id}\\"" n={n}',
    '2026-11-03 12:00:00 sync of {n} failed error="{id}" n={n}',
    "built cart_{n} {n} {n} times, {n}, {n}",
    "took {word} of {n}",
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_no_line_is_taken_for_another(seed: int) -> None:
    pick = random.Random(seed)
    lines = [
        pick.choice(LINES).format(
            n=pick.randint(0, 10 ** pick.randint(0, 9)),
            status=pick.choice((200, 204, 404, 503)),
            level=pick.choice((30, 40, 50)),
            day=f"{pick.randint(1, 28):2d}",
            hex=f"{pick.getrandbits(64):0{pick.choice((8, 16))}x}",
            word=pick.choice(("deadbeef", "feedface", "cafebabe")),
            id="".join(pick.choices("abcXYZ0123456789", k=pick.randint(6, 20))),
        )
        for _ in range(600)
    ]
    whole = mine(["\n".join(lines).encode()], redact, timestamps=False).digest
    alone = merge(mine([line.encode()], redact, timestamps=False).digest for line in lines)
    assert {(each.template, each.level, each.count) for each in whole.groups} == {
        (each.template, each.level, each.count) for each in alone.groups
    }
    told = {mask(redact(line)) for line in lines}
    assert {(group.template, group.level) for group in whole.groups} == told


PLACES = (
    "{hex}",
    "id={hex}",
    "({hex})",
    "2.{hex}",
    "client.4.{hex}:7",
    "req-{hex}",
    "web-{hex}-x2v4z",
    "web-{hex}",
    "a/{hex}",
    "/a/{hex}/b",
    "http://h/{hex}?a=1",
    "http://{hex}.example.com/a",
    "{hex}.log",
    "{hex}.internal",
    "{hex}@mail.example.com",
    "0x{hex}",
    "sha256:{hex}",
    "v1.2.3-{hex}",
    "{hex}-7",
    "{hex}-0001-{hex}",
    "{hex}-12ab-34cd-56ef-{hex}{hex}",
    "pod-{hex}-12ab-34cd-56ef-{hex}",
    "{hex}|{hex}",
    "{hex},{hex}",
    "{hex}=1",
    "x@{hex}",
    "<{hex}>",
    "{hex}-05",
    "1.{hex}-05",
    '{{"id":"{hex}","n":1}}',
    '{{"id":"2.{hex}","path":"a/{hex}"}}',
)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("digits", [8, 9, 10, 12, 16, 32])
def test_no_identifier_is_taken_for_another(place: str, digits: int) -> None:
    pick = random.Random(digits)
    alphabets = ("0123456789abcdef", "0123456789ABCDEF", "bcdf2456789", "0123456789a", "abcdef0")
    words = ["".join(pick.choices(pick.choice(alphabets), k=digits)) for _ in range(100)]
    words += [
        f"{10 ** (digits - 2) + number}{letter}" for number, letter in enumerate("bBdDeEaf")
    ]  # numbers with a unit
    words += [f"{10 ** (digits - 3) + number}{letter}{number}" for number, letter in enumerate("bBdDeEaf")]
    lines = [place.format(hex=word) for word in words if not word.isdigit() and not word.isalpha()]
    whole = mine(["\n".join(lines).encode()], redact, timestamps=False).digest
    assert {(group.template, group.level) for group in whole.groups} == {mask(redact(line)) for line in lines}


POD_PLACES = (
    "{pod}",
    "synced {pod} in {n}ms",
    "node:{pod}-{n} left",
    "object=shop/{pod} pod={pod} n={n}",
    "({pod}), [{pod}]: {pod};",
    '"{pod}"',
    'x="{pod}"',
    "{pod}={n}",
    "http://{pod}:80/{n}",
    "/a/{pod}/b",
    "{pod}-{pod}",
    "{n}{pod}",
    "{pod}.shop.svc",
    "I1103 12:00:00.123456   {n:>5} a.go:12] synced {pod}",
    "status={pod} {n}",
    "Nov  3 12:00:00 {pod} cart[{n}]: item {n}",
    '{{"hostname":"{pod}","n":{n}}}',
    '{{"level":30,"pod":{{"name":"{pod}"}},"msg":"item {n}"}}',
    '{{"status":"{pod}","res":{{"status":200}}}}',
    '{{"message":"{pod}","pod":"{pod}-{n}"}}',
    'x {{"pod":"{pod}"}}',
    '{{"pod":"{pod}" and no JSON a={n}}}',
)


@pytest.mark.parametrize("place", POD_PLACES)
@pytest.mark.parametrize("letters", ["bcdfghjklmnpqrstvwxz2456789", "bcdf245", "245b", "lv2"])
def test_no_pod_is_taken_for_another(place: str, letters: str) -> None:
    pick = random.Random(letters)

    def pod() -> str:
        first, last = (
            "".join(pick.choices(letters, k=pick.choice(sizes)))
            for sizes in ((7, 8, 9, 10, 11), (5, 5, 4, 6))
        )
        return f"{pick.choice(('cart', 'shop-web', 'bcdfghjk'))}-{first}-{last}"

    lines = [place.format(pod=pod(), n=pick.randint(0, 99999)) for _ in range(60)]
    whole = mine(["\n".join(lines).encode()], redact, timestamps=False).digest
    assert {(group.template, group.level) for group in whole.groups} == {mask(redact(line)) for line in lines}


def test_a_pod_that_is_new_is_a_line_that_is_known() -> None:
    forms = Forms(lambda token: True)
    lines = (b'{"pod":"cart-00dfbcx0b0-x0k0z","n":000}', b'{"pod":"cart-b0dxxcxfb0-00kvz","n":000}')
    (form, alike), (other, also) = map(forms.find_alike, lines)
    assert form == other == b'{"pod":"cart-<pod>","n":0}'
    assert alike is not None
    assert alike == also
    assert len(alike) == len(lines[0])


def test_a_secret_in_the_place_of_an_identifier_is_masked_each_time() -> None:
    plain, secret = "hub aB3dE5gH7jK9mN1pQ3", "hub ghp_aB3dE5gH7jK9mN1pQ3sT"
    for order in ((plain, secret), (secret, plain)):
        digest = mine(["\n".join(order).encode()], redact, timestamps=False).digest
        assert {group.template for group in digest.groups} == {"hub <id>", "hub [masked github token]"}


def test_columns_of_another_width_are_of_one_form() -> None:
    forms = Forms(lambda token: True)
    assert (
        len({forms.find(f"a{' ' * blanks}b".encode()) for blanks in range(1, 9)}) == 3
    )  # one, two or three, more


def test_what_one_stream_taught_shows_in_no_other() -> None:
    lines = [f"user {name} of {number} signed in" for number, name in enumerate(("alice", "bob", "carol"))]
    cold = [mine([line.encode()], redact, timestamps=False) for line in lines]
    warm = [mine([line.encode()], redact, timestamps=False) for line in lines]
    assert warm == cold
    assert [mined.digest.groups[0].sample for mined in warm] == lines
    hiding = mine([lines[0].encode()], lambda text: text.replace("alice", "someone"), timestamps=False)
    assert hiding.digest.groups[0].template == "user someone of <num> signed in"


@pytest.mark.parametrize("order", [(999, 503, 200), (200, 999, 503), (503, 200, 999)])
def test_a_status_that_is_none_does_not_hide_one(order: tuple[int, ...]) -> None:
    groups = mine(
        ["\n".join(f"done status={each} at last" for each in order).encode()], redact, timestamps=False
    ).digest.groups
    assert sorted((group.level, group.template) for group in groups) == [
        ("error", "done status=5xx at last"),
        ("info", "done status=2xx at last"),
        ("unknown", "done status=<num> at last"),
    ]
