"""Secrets in realistic lines leave no trace; ordinary lines stay as they are."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.redact import count_masked, redact

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
A16, A36 = "a1B2c3D4e5F6g7H8", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"

SECRETS = [  # (line, what must not be left of it, kind)
    ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA", "authorization"),
    ('{"headers":{"authorization":"Bearer abcdef123456.xyz"}}', "abcdef123456", "authorization"),
    ("curl -H 'Authorization: token opaque' failed", "opaque", "authorization"),
    ("retrying with Bearer abcDEF123456 after 401", "abcDEF123456", "bearer token"),
    (f"request denied, jwt={JWT}", "eyJ", "jwt"),
    (f"claims {JWT[:70]}", "eyJzdWIi", "jwt"),
    ("dial postgres://cart:s3cr3t@db:5432/cart: refused", "s3cr3t", "url password"),
    ("redis://:p@ss@cache:6379/0 timed out", "p@ss", "url password"),
    ("open cart:hunter2@tcp(db:3306)/shop", "hunter2", "url password"),
    ("password=hunter2 user=bob", "hunter2", "secret"),
    ("password: hunter2", "hunter2", "secret"),
    ('{"user":"bob","password":"hunter two","x":1}', "hunter", "secret"),
    (r"body={\"token\":\"abc\\\"123\",\"a\":1}", "123", "secret"),
    ('{"password":"cut off in the mid', "cut off", "secret"),
    ("DB_PASSWORD=hunter2", "hunter2", "secret"),
    ("spring.datasource.password=hunter2", "hunter2", "secret"),
    ("refreshToken => 'abc def'", "abc", "secret"),
    ("X-Api-Key: abcdef", "abcdef", "secret"),
    ("starting: cart --password hunter2 --user bob", "hunter2", "secret"),
    ("starting: cart --api-key=hunter2", "hunter2", "secret"),
    ("Server=db;User Id=sa;Password=hunter2;Database=d", "hunter2", "secret"),
    ("AccountName=x;AccountKey=abc/def+ghi==;EndpointSuffix=core", "abc/def", "secret"),
    ("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalr", "secret"),
    ("creds AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalr", "aws secret key"),
    ("creds AKIAIOSFODNN7EXAMPLE", "AKIA", "aws key id"),
    (f"push with ghp_{A36}", "ghp_", "github token"),
    (f"push with github_pat_{A36}", "github_pat_", "github token"),
    (f"clone glpat-{A36}", "glpat-", "gitlab token"),
    (f"slack xoxb-123456789012-{A16}", "xoxb", "slack token"),
    (f"POST https://hooks.slack.com/services/T000/B000/{A16}", A16, "slack webhook"),
    (f"maps AIza{A36}", "AIza", "google api key"),
    (f"oauth ya29.{A36}", "ya29", "google token"),
    (f"stripe sk_live_{A16}", "sk_live", "stripe key"),
    (f"model sk-proj-{A36}", "sk-proj", "api key"),
    (f"model sk-ant-api03-{A36}", "sk-ant", "api key"),
    (f"npm_{A36} refused", "npm_", "npm token"),
    (f"hf_{A36} refused", "hf_", "hugging face token"),
    (f"SG.{A16}.{A36}", A16, "sendgrid key"),
    (f"vault hvs.{A36}", "hvs.", "vault token"),
    (f"glsa_{A36}", "glsa", "grafana token"),
    ("GET https://x.blob.core.windows.net/c?sv=2020&sig=abc%2Fdef%3D", "abc%2F", "signature"),
    ("Set-Cookie: session=abcdef; Path=/", "abcdef", "cookie"),
    ("Cookie: a=b; sid=abcdef", "abcdef", "cookie"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\n", "MIIabc", "private key"),
    (r'{"key":"-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----"}', "MIIabc", "private key"),
    (BODY, "MIIE", "private key"),
    ("  " + BODY[:26] + "==", "MIIE", "private key"),
    ("dial postgres://cart:s3c/r3t@db:5432/cart: refused", "r3t", "url password"),
    (f"clone https://{A36}@github.com/shop/cart", A36, "url password"),
    ("open jdbc:oracle:thin:scott/tiger9@//db:1521/shop", "tiger9", "url password"),
    ("Server=tcp:db,1433;Uid=sa;Pwd={hun;ter2};Encrypt=yes", "hun;ter2", "secret"),
    ("<user>bob</user><password>hunter two</password>", "hunter", "secret"),
    ('{"env":[{"name":"DB_PASSWORD","value":"hunter2"}]}', "hunter2", "secret"),
    ("env [{Name:DB_PASSWORD Value:hunter2 ValueFrom:nil}] refused", "hunter2", "secret"),
    ('<add key="Password" value="hunter2"/>', "hunter2", "secret"),
    ("GET /login?next=%2Fdb%3Fpassword%3Dhunter2", "hunter2", "secret"),
    ("GET /q?body=%7B%22password%22%3A%22hunter2%22%7D", "hunter2", "secret"),
    (r"body password\u003dhunter2", "hunter2", "secret"),
    ("{&quot;password&quot;:&quot;hunter2&quot;}", "hunter2", "secret"),
    ("the generated password is hunter2x", "hunter2x", "secret"),
    ('login of admin with password "hunter2x" failed', "hunter2x", "secret"),
    ("Passwort: geheim12", "geheim12", "secret"),
    ("POST password1=hunter2", "hunter2", "secret"),
    ("DB__PASSWORD__VALUE=hunter2", "hunter2", "secret"),
    ("POST user[password]=hunter2", "hunter2", "secret"),
    ("GET /login?user%5Bpassword%5D=hunter2", "hunter2", "secret"),
    ("POST passwords[0]=a&password[]=hunter2", "hunter2", "secret"),
    (
        'denied: {"data":{"tls.key":"LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo="}}',
        "UFJJVkFU",
        "private key",
    ),
    ("DB_PW=hunter2", "hunter2", "secret"),
    ("npmrc _auth=aHVudGVyOmh1bnRlcjI=", "aHVudGVy", "basic auth"),
    ("mysqladmin ping -u root -phunter2", "hunter2", "secret"),
    ("redis-cli -h cache -a hunter2 ping", "hunter2", "secret"),
    (
        "POST https://api.telegram.org/bot123456789:AAabcdefghijklmnopqrstuvwxyz0123456/send",
        "AAabc",
        "telegram token",
    ),
    ("data .dockerconfigjson: eyJhdXRocyI6eyJhIjoxfX0=", "eyJhdXRo", "docker login"),
]

ORDINARY = [
    "token expired",
    "password incorrect for user bob",
    "password: incorrect",
    "invalid token: expired",
    "secret my-secret mounted",
    'MountVolume.SetUp failed for volume "v": secret "cart-secret" not found',
    "couldn't find key DATABASE_URL in Secret shop/cart-secret",
    "references non-existent secret key: tls.crt",
    "max_tokens=4096 tokens: 12",
    "token_type=bearer expires_in=3600",
    "basic authentication failed for user bob",
    "bearer token missing",
    "authorization: denied by policy",
    "cache key=user:123 hit",
    "primary key: id",
    "secretName: cart-secret",
    "token bucket refilled: 12",
    "SyntaxError: Unexpected token < in JSON at position 0",
    "unexpected token: } at line 3",
    "tests passed=12 failed=0 bypass=true",
    "GET /auth/token HTTP/1.1 200",
    "https://cart.shop.svc:8080/path?email=a@b.c",
    "image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "cookie consent banner shown",
    "/usr/lib/python3/dist-packages/some/module/handler",
    "request 7d444840-9dc0-11d1-b245-5ffdce74fad2 took 12ms",
    "disk-pressure-on-node-pool-a1-something-long is gone",
    "session opened for user bob",
    "Signature mismatch for package cart",
    "sudo: bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/ls",
    "sudo: bob : PWD=/ ; USER=root",
    "check_ntlm_password:  Authentication for user [bob] -> [bob] FAILED",
    "check_ntlm_password:  Checking password for unmapped user",
    "token: /var/run/secrets/kubernetes.io/serviceaccount/token not found",
    "Accepted password for root from 10.0.0.1 port 22 ssh2",
    "password sha256 hash mismatch",
    "mysqld --port 3306 -port=3306",
    "GET http://cart:8080/users/a@b.c",
    "GET http://[fd00::1]:8080/users/a@b.c",
    "<key>tls</key>",
    "pass2: scanning 12 files",
    "token 3: expected a number",
]


@pytest.mark.parametrize(("line", "gone", "kind"), [case for case in SECRETS if case[2]])
def test_a_secret_is_replaced_by_a_marker_of_its_kind(line: str, gone: str, kind: str) -> None:
    assert gone in line
    shown = redact(line)
    assert gone not in shown
    assert kind in count_masked(shown)


@pytest.mark.parametrize("line", ORDINARY)
def test_an_ordinary_line_stays(line: str) -> None:
    assert redact(line) == line


def test_what_stands_around_a_secret_stays() -> None:
    assert (
        redact("dial postgres://cart:s3cr3t@db:5432/cart: refused")
        == "dial postgres://cart:[masked url password]@db:5432/cart: refused"
    )
    assert (
        redact('{"user":"bob","password":"x y","n":1}') == '{"user":"bob","password":"[masked secret]","n":1}'
    )


def test_markers_are_counted_by_kind() -> None:
    assert count_masked(redact(f"password=a1 {JWT}\nsecret=b2")) == {"jwt": 1, "secret": 2}
    assert count_masked("nothing here [masked] [masked JWT]") == {}


SLOW = [
    "a",
    "-",
    "eyJ",
    "a:",
    "-----BEGIN PRIVATE KEY",
    "private key ",
    "@tcp(a:",
    'token":"',
    "name=token value",
    "<token>",
    "mysql -",
]
SLOW += [
    "--token ",
    "-a.",
    "'--token', '",
    "[--token, ",
    "| token ",
    "| a_token ",
    "a_token  ",
    "a_token is set to ",
    "setting a.token to ",
    "token -> ",
]
SLOW += [
    "password=a;",
    "password=;&,(",
    "password=a b=",
    "пароль: ",
    "sshpass -p ",
    "--from-literal=a=",
    "API_KEY was ",
    "passe:\t",
    "key_",
    "password: a(",
    'password:["[masked secret]",',
    "password for a ",
    "changed password from a",
    "az login -u ",
    "vault login -a ",
    "sqlcmd -",
    "argv[3]=--token ",
    "amqp://a:b@",
    "https://a:b@c:1",
    "identified by ",
    "a_token aaaaaaaaaaaa1",
    "requirepass a",
]
SCRAPS = [
    "password",
    "=",
    ": ",
    '"',
    "\\",
    "'",
    "[masked secret]",
    "[masked ",
    "]",
    "\n",
    "token",
    "Bearer ",
    "@",
    "://",
    "--",
    " | ",
    ", ",
    " is set to ",
    " -> ",
]
SCRAPS += [
    "пароль",
    "API_KEY",
    "  ",
    "(",
    ";",
    "&",
    "--from-literal=a",
    "hunter2",
    "sshpass -p",
    "[masked github token]",
]
PIECES = [*(line for line, _, _ in SECRETS), *ORDINARY, *SCRAPS]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=8).map("".join))
def test_redacting_twice_is_redacting_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(
    st.sampled_from([case for case in SECRETS if case[2] and "\n" not in case[0]]), st.sampled_from("013579")
)
def test_which_digit_stands_where_does_not_matter(case: tuple[str, str, str], digit: str) -> None:
    def same(text: str) -> str:
        return "".join(digit if char.isdigit() else char for char in text)

    assert redact(same(case[0])) == same(redact(case[0]))


@pytest.mark.timed
class TestTime:
    @pytest.mark.parametrize("unit", [*SCRAPS, *SLOW])
    def test_no_line_takes_long(self, unit: str) -> None:
        before = time.perf_counter()
        redact(unit * (16384 // len(unit)))
        assert time.perf_counter() - before < 1.0
