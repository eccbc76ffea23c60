"""Each way in which a log writes a secret beside its name, and what is like it and has none. Issuers' tokens
by their own shapes.
"""

from collections.abc import Callable

import pytest

from analyzer.redact import count_masked, redact
from tests.corpus_redaction.conftest import DIGITS, HEX, LOWER, WORD, Dice
from tests.corpus_redaction.lines import (
    ANY,
    ARGUMENTS,
    ASSIGNED,
    COMPOUND,
    HARMLESS,
    MARKED,
    ODD,
    OPAQUE,
    SAID,
    SENTENCES,
    STRANGE,
    URLS,
    VALUED,
)

pytestmark = pytest.mark.slow

UPPER = LOWER.upper()


def written(lines: list[str], secrets: list[str]) -> list[tuple[str, str]]:
    return [(line.format(secret), secret) for line in lines for secret in secrets]


LEAKING = [
    *written([*ARGUMENTS, *ASSIGNED], ANY),
    *written(VALUED, [*ANY, *MARKED]),
    *written(SENTENCES, STRANGE),
]
LEAKING += [*written(SAID, OPAQUE), *written(COMPOUND, ODD)]


@pytest.mark.parametrize(("line", "secret"), LEAKING)
def test_no_part_of_a_secret_is_left(line: str, secret: str) -> None:
    shown = redact(line)
    assert "[masked secret]" in shown
    assert not [part for part in (secret, secret[-4:], secret[:4]) if part in shown]
    assert redact(shown) == shown


@pytest.mark.parametrize(("line", "secret"), written(URLS, OPAQUE))
def test_a_url_s_password_goes_up_to_the_last_at_before_the_host(line: str, secret: str) -> None:
    shown = redact(line)
    assert "[masked url password]@" in shown
    assert secret[-4:] not in shown
    assert [host for host in ("mq:5672/", "db/shop", "git:8443/x: refused") if host in shown]


KEYS = {  # what DER has before the key itself, of RSA, PKCS #8 and elliptic curves, each cut in two
    "rsa": "MIIE" + "pAIBAAKCAQEA",
    "short rsa": "MIIC" + "XQIBAAKBgQC",
    "pkcs8": "MIIE" + "vQIBADANBgkqhkiG9w0BAQEFAASC",
    "ec": "MHcC" + "AQEEI",
    "pkcs8 ec": "MIGH" + "AgEAMBMGByqGSM49AgEG",
}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("around", ["key {} loaded", '{{"used":"{}"}}', "{}"])
def test_a_private_key_is_known_without_its_header(kind: str, around: str) -> None:
    secret = Dice(kind).text(120)
    shown = redact(around.format(KEYS[kind] + secret))
    assert count_masked(shown) == {"private key": 1}
    assert secret[-8:] not in shown


def test_twilio_s_token_is_known_by_the_word_before_it() -> None:
    assert redact(f"Twilio auth {Dice(1).text(32, HEX)} refused") == "Twilio auth [masked secret] refused"


@pytest.mark.parametrize("line", HARMLESS)
def test_a_line_without_a_secret_is_left_as_it_is(line: str) -> None:
    assert redact(line) == line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Server=db;Password=hun;ter2;Encrypt=yes", "Server=db;Password=[masked secret];Encrypt=yes"),
        ("GET /login?password=hun&ter2&user=bob 401", "GET /login?password=[masked secret]&user=bob 401"),
        (
            "exec ['cart', '--token', 'x y z', '--port', '80']",
            "exec ['cart', '--token', '[masked secret]', '--port', '80']",
        ),
        ("[cart, --token, x1, --port, 80]", "[cart, --token, [masked secret], --port, 80]"),
        ("| DB_PASSWORD | hunter2 | env |", "| DB_PASSWORD | [masked secret] | env |"),
        ("connect(user=bob, password=hunter2) failed", "connect(user=bob, password=[masked secret]) failed"),
    ],
)
def test_what_stands_behind_a_secret_stays(line: str, shown: str) -> None:
    assert redact(line) == shown


@pytest.mark.parametrize("digit", ["0", "7"])
def test_which_digit_stands_where_does_not_matter(digit: str) -> None:
    """The log miner takes lines that differ in digits alone for one."""

    def same(text: str) -> str:
        return "".join(digit if char.isdigit() else char for char in text)

    lines = [*HARMLESS, *(line for line, _ in LEAKING)]
    assert [line for line in lines if redact(same(line)) != same(redact(line))] == []


# Prefix, alphabet and length as the issuers have them, each prefix cut in two: none is written out here.
TOKENS: dict[str, Callable[[Dice], str]] = {
    "xai key": lambda d: "xa" + "i-" + d.text(80),
    "replicate token": lambda d: "r" + "8_" + d.text(37),
    "groq key": lambda d: "gs" + "k_" + d.text(52),
    "perplexity key": lambda d: "ppl" + "x-" + d.text(48),
    "openshift token": lambda d: "sha2" + "56~" + d.text(43),
    "alibaba key id": lambda d: "LT" + "AI" + d.text(20),
    "heroku key": lambda d: "HRKU" + "-AA" + d.text(58),
    "fly token": lambda d: "fo" + "1_" + d.text(43),
    "terraform token": lambda d: d.text(14) + ".atlas" + "v1." + d.text(64),
    "pulumi token": lambda d: "pu" + "l-" + d.text(40, HEX),
    "doppler token": lambda d: "dp." + "pt." + d.text(43),
    "harness key": lambda d: "pa" + "t." + d.text(22) + "." + d.text(24) + "." + d.text(20),
    "octopus key": lambda d: "AP" + "I-" + d.text(26, UPPER + DIGITS),
    "prefect token": lambda d: "pn" + "u_" + d.text(36),
    "one password key": lambda d: (
        "A" + "3-" + "-".join(d.text(size, UPPER + DIGITS) for size in (6, 11, 5, 5, 5))
    ),
    "square token": lambda d: "sq0" + "atp-" + d.text(22),
    "shippo token": lambda d: "shippo" + "_live_" + d.text(40, HEX),
    "duffel token": lambda d: "duffel" + "_test_" + d.text(43),
    "rubygems key": lambda d: "ruby" + "gems_" + d.text(48, HEX),
    "artifactory key": lambda d: "AK" + "Cp" + d.text(69),
    "brevo key": lambda d: "xkey" + "sib-" + d.text(64, HEX) + "-" + d.text(16),
    "dynatrace token": lambda d: (
        "dt0" + "c01." + d.text(24, UPPER + DIGITS) + "." + d.text(64, UPPER + DIGITS)
    ),
    "planetscale token": lambda d: "pscale" + "_tkn_" + d.text(43),
    "postman key": lambda d: "PM" + "AK-" + d.text(24, HEX) + "-" + d.text(34, HEX),
    "readme key": lambda d: "rd" + "me_" + d.text(70, LOWER + DIGITS),
    "typeform token": lambda d: "tf" + "p_" + d.text(59),
    "sourcegraph token": lambda d: "sg" + "p_" + d.text(40, HEX),
    "settlemint token": lambda d: "sm_" + "pat_" + d.text(16),
    "adobe secret": lambda d: "p8" + "e-" + d.text(32),
    "maxmind key": lambda d: d.text(6) + "_" + d.text(29) + "_m" + "mk",
    "infracost key": lambda d: "ic" + "o-" + d.text(32),
    "easypost key": lambda d: "EZ" + "AK" + d.text(54),
    "plaid token": lambda d: (
        "access" + "-sandbox-" + "-".join(d.text(size, HEX) for size in (8, 4, 4, 4, 12))
    ),
    "gitlab token": lambda d: "GR13" + "48941" + d.text(20),
    "facebook token": lambda d: "EA" + "AC" + d.text(120),
    "teams webhook": lambda d: "webhook.off" + "ice.com/webhookb2/" + d.text(36, HEX) + "@" + d.text(36, HEX),
}


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize(
    "around",
    ["calling with {}: 401", '{{"used":"{}"}}', "x=[{}]", "{}", "https://api.example.com/{}/v1", "a_{} b"],
)
def test_a_token_is_known_by_its_issuer_s_shape(kind: str, around: str) -> None:
    token = TOKENS[kind](Dice(f"{kind} {around}"))
    shown = redact(around.format(token))
    assert count_masked(shown) == {kind: 1}
    assert token[-8:] not in shown


@pytest.mark.parametrize("alphabet", [HEX, WORD])
def test_what_is_no_issuer_s_stays(alphabet: str) -> None:
    for seed in range(200):
        line = f"request {Dice(seed).text(32, alphabet)} took 12ms"
        assert redact(line) == line
