"""200 secrets of 25 kinds in lines as services write them, and 2,000 ordinary lines: generated, the same each
time.

No secret is written out here, for it would look like one: prefixes are the issuers' published ones, cut in
two, the rest is drawn.
"""

import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

import pytest

EACH = 8
LOWER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
WORD = LOWER + LOWER.upper() + DIGITS
HEX = "0123456789abcdef"


@dataclass(frozen=True)
class Secret:
    """A line, and the secret in it that must not be found anywhere."""

    kind: str
    line: str
    secret: str

    def traces(self) -> tuple[str, str]:
        """The secret, and its middle: half a secret is too much as well."""
        third = len(self.secret) // 3
        return self.secret, self.secret[third : 2 * third] if third >= 6 else self.secret


class Dice(random.Random):
    def text(self, length: int, alphabet: str = WORD) -> str:
        """So many characters, a digit, a small and a capital letter among them where the alphabet has
        them.
        """
        drawn = self.choices(alphabet, k=length)
        for index, group in enumerate((DIGITS, LOWER, LOWER.upper())):
            common = [char for char in alphabet if char in group]
            if common and index < length:
                drawn[index * (length // 4)] = self.choice(common)
        return "".join(drawn)


TOKENS: dict[str, Callable[[Dice], str]] = {
    "aws key id": lambda d: "AK" + "IA" + d.text(16, LOWER.upper() + "234567"),
    "github token": lambda d: d.choice(["gh" + "p_", "gh" + "s_", "github" + "_pat_"]) + d.text(36),
    "gitlab token": lambda d: "gl" + "pat-" + d.text(20),
    "slack token": lambda d: "xo" + "xb-" + d.text(12, DIGITS) + "-" + d.text(24),
    "slack webhook": lambda d: (
        "https://hooks.sl"
        + "ack.com/services/T"
        + d.text(8, DIGITS)
        + "/B"
        + d.text(8, DIGITS)
        + "/"
        + d.text(24)
    ),
    "google api key": lambda d: "AI" + "za" + d.text(35),
    "google token": lambda d: "ya" + "29." + d.text(60),
    "stripe key": lambda d: "sk_" + "live_" + d.text(24),
    "model api key": lambda d: d.choice(["sk" + "-proj-", "sk" + "-ant-api03-", "sk" + "-"]) + d.text(40),
    "npm token": lambda d: "np" + "m_" + d.text(36),
    "pypi token": lambda d: "py" + "pi-AgEIcHlwaS5vcmc" + d.text(60),
    "hugging face token": lambda d: "h" + "f_" + d.text(34),
    "docker token": lambda d: "dck" + "r_pat_" + d.text(27),
    "sendgrid key": lambda d: "S" + "G." + d.text(22) + "." + d.text(43),
    "vault token": lambda d: "hv" + "s." + d.text(90),
    "databricks token": lambda d: "da" + "pi" + d.text(32, HEX),
    "jwt": lambda d: "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "J" + d.text(40) + "." + d.text(43),
    "discord webhook": lambda d: (
        "https://disc" + "ord.com/api/webhooks/" + d.text(18, DIGITS) + "/" + d.text(68)
    ),
    "atlassian token": lambda d: "ATA" + "TT3xFfGF0" + d.text(60),
}
AROUND = [
    "2026-11-03T12:00:00Z ERROR request to upstream failed: invalid credential {} (attempt 3)",
    (
        '{{"level":"error","ts":1767261600.25,"caller":"client/auth.go:41","msg":"cannot'
        ' authenticate","credential_used":"{}"}}'
    ),
    "E1103 12:00:00.000001       1 client.go:114] calling with {}: 401 Unauthorized",
    'time=2026-11-03T12:00:00Z level=warn msg="retrying" with={} attempt=2',
    "2026-11-03 12:00:00.123  WARN 1 --- [nio-8080-exec-3] c.s.cart.PaymentClient : header value was [{}]",
    "requests.exceptions.HTTPError: 403 Client Error: Forbidden for {}",
    "+ ./deploy.sh {} production",
    "\tat config.load (<anonymous>) value='{}' // from the environment",
]
NAMED: dict[str, tuple[Callable[[Dice], str], tuple[str, ...]]] = {
    "password": (
        lambda d: d.text(14),
        (
            "connecting with user=cart password={} host=db",
            '{{"db":{{"user":"cart","password":"{}","host":"db"}}}}',
            "DB_PASSWORD={}",
            "spring.datasource.password: {}",
            "mysqldump --user cart --password {} shop",
            "Server=db;Database=shop;User Id=cart;Password={};Encrypt=true",
            "PGPASSWORD={} psql -h db -U cart",
            "FATAL: config {{'passwd': '{}'}} was refused",
        ),
    ),
    "url password": (
        lambda d: d.text(16),
        (
            "dial postgres://cart:{}@db.shop:5432/cart?sslmode=disable: connection refused",
            "amqp://guest:{}@rabbitmq:5672/%2F closed",
            'redis.exceptions.ConnectionError: "redis://:{}@cache:6379/0"',
            "mongodb+srv://shop:{}@cluster0.example.net/cart unreachable",
            "sql: open cart:{}@tcp(db:3306)/shop",
            "fatal: unable to access 'https://ci:{}@git.example.com/shop.git/'",
            "jdbc:postgresql://cart:{}@db/shop",
            "broker=nats://shop:{}@nats:4222 state=down",
        ),
    ),
    "authorization": (
        lambda d: b64encode(d.text(24).encode()).decode(),
        (
            "> Authorization: Basic {}",
            '{{"headers":{{"Authorization":"Bearer {}","Accept":"*/*"}}}}',
            "curl -H 'Authorization: Bearer {}' https://api.shop/v1/cart",
            "proxy-authorization: Basic {}",
            "retrying with Bearer {} after 401",
            "authorization=[Token {}] rejected",
            "req.headers.authorization = 'Digest {}'",
            "sent authorization: Bearer {} to payments",
        ),
    ),
    "cloud secret": (
        lambda d: d.text(40, WORD + "+/"),
        (
            "AWS_SECRET_ACCESS_KEY={}",
            "aws_secret_access_key = {}",
            "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={};EndpointSuffix=core.windows.net",
            "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey={}",
            "GET https://shop.blob.core.windows.net/c?sv=2024-11-04&sig={} 403",
            '{{"client_id":"shop","client_secret":"{}"}}',
            "export STORAGE_KEY='{}'",
            "x-api-key: {}",
        ),
    ),
    "session": (
        lambda d: d.text(32),
        (
            "Set-Cookie: SESSION={}; Path=/; HttpOnly",
            "Cookie: theme=dark; sid={}",
            "JSESSIONID={} expired",
            "session_id: {} not found",
            "GET /cart?access_token={} HTTP/1.1",
            "refresh_token={}&grant_type=refresh_token",
            '{{"csrfToken":"{}"}}',
            "id_token='{}' aud=shop",
        ),
    ),
    "private key": (
        lambda d: d.text(64, WORD + "+/"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
            (
                '{{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\n{}\\n-----END'
                ' PRIVATE KEY-----\\n"}}'
            ),
            "loaded\n-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----",
            "tls.key: |\n    -----BEGIN EC PRIVATE KEY-----\n    {}\n    -----END EC PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n{}",
            "{}\n-----END PRIVATE KEY-----",
            "key='-----BEGIN ENCRYPTED PRIVATE KEY----- {} -----END ENCRYPTED PRIVATE KEY-----'",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{}\n-----END PGP PRIVATE KEY BLOCK-----",
        ),
    ),
}

ORDINARY = [
    "2026-11-03T12:00:{s}Z INFO  token expired for user {n}",
    "2026-11-03T12:00:{s}Z WARN  password changed for user {n}, session kept",
    'secret "cart-tls" mounted at /etc/tls after {n} ms',
    "login failed for user {n}: wrong password",
    "refresh token rotated for client {n}",
    "api key missing in request {uuid}",
    "key=user:{n} ttl={s}s cache=hit",
    'time=2026-11-03T12:00:{s}Z level=info msg="order placed" order={n} items={s} total=12.50',
    (
        'level=error ts=2026-11-03T12:00:{s}Z caller=client.go:{s} msg="token request failed"'
        " status=503 attempt={s}"
    ),
    (
        '{{"level":"info","ts":1767261600.{n},"logger":"cart","msg":"checkout'
        ' done","order_id":{n},"duration_ms":{s}}}'
    ),
    (
        '{{"severity":"WARNING","message":"slow query","sql":"SELECT id, name FROM users WHERE'
        ' id = $1","ms":{n}}}'
    ),
    (
        '{{"time":"2026-11-03T12:00:{s}Z","msg":"tokens'
        ' used","prompt_tokens":{n},"completion_tokens":{s},"max_tokens":4096}}'
    ),
    (
        '10.1.2.{s} - - [03/Nov/2026:12:00:{s} +0000] "GET /api/v1/cart/{n} HTTP/1.1" 200 {n} "-"'
        ' "Mozilla/5.0 (X11; Linux x86_64)"'
    ),
    (
        '10.1.2.{s} - bob [03/Nov/2026:12:00:{s} +0000] "POST /auth/token HTTP/2.0" 401 {s}'
        ' "https://shop.example.com/login" "curl/8.5.0"'
    ),
    (
        "2026/11/03 12:00:{s} [error] 31#31: *{n} connect() failed (111: Connection refused) while connecting"
        ' to upstream, host: "shop"'
    ),
    (
        "I1103 12:00:{s}.000000       1 reflector.go:243] Listing and watching *v1.Secret from"
        " k8s.io/client-go/informers/factory.go:134"
    ),
    (
        "E1103 12:00:{s}.000000       1 leaderelection.go:330] error retrieving resource lock shop/cart:"
        ' Get "https://10.0.0.1:443/apis": EOF'
    ),
    "W1103 12:00:{s}.000000       1 warnings.go:70] v1 ComponentStatus is deprecated in v1.19+",
    "Successfully assigned shop/cart-{hash}-{five} to node-{s}",
    'Pulled image "registry.example.com/shop/cart@sha256:{sha}" in {s}s',
    'MountVolume.SetUp failed for volume "tls" : secret "cart-tls-{five}" not found',
    "Readiness probe failed: HTTP probe failed with statuscode: 503, pod cart-{hash}-{five}",
    "2026-11-03 12:00:{s}.123  INFO 1 --- [nio-8080-exec-{s}] c.s.cart.CartController : cart {uuid} opened",
    (
        "2026-11-03 12:00:{s}.123 DEBUG 1 --- [main] o.s.s.w.a.AnonymousAuthenticationFilter :"
        " Set SecurityContextHolder to anonymous"
    ),
    "\tat org.springframework.security.authentication.ProviderManager.authenticate(ProviderManager.java:{n})",
    (
        "Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available,"
        " request timed out after {n}ms."
    ),
    "java.lang.IllegalArgumentException: Unexpected token '<' at line {s}",
    "goroutine {n} [running]:",
    "main.(*Server).handleToken(0xc000{s}f2a0, {{0x7f{s}b8, 0xc0001}})",
    '  File "/usr/lib/python3.11/site-packages/sqlalchemy/engine/base.py", line {n}, in _execute_context',
    'django.db.utils.OperationalError: FATAL:  password authentication failed for user "cart"',
    (
        "requests.exceptions.ConnectionError: HTTPConnectionPool(host='payments', port=80{s}):"
        " Max retries exceeded with url: /v1/pay"
    ),
    "LOG:  checkpoint complete: wrote {n} buffers (0.{s}%); 0 WAL file(s) added, 0 removed, 1 recycled",
    'ERROR:  duplicate key value violates unique constraint "users_pkey"',
    "DETAIL:  Key (id)=({n}) already exists.",
    (
        "[2026-11-03 12:00:{s},123] INFO [GroupCoordinator 1]: Member consumer-cart-1-{uuid} in group cart"
        " has left (kafka.coordinator)"
    ),
    (
        "[2026-11-03 12:00:{s},123] WARN [Consumer clientId=cart-{s}, groupId=cart] Bootstrap broker"
        " kafka:9092 disconnected"
    ),
    "commit {sha40} deployed by ci, {s} files changed",
    "HEAD is now at {sha7} Fix the token bucket",
    "trace_id={hex32} span_id={hex16} parent={hex16} sampled=true",
    'etag W/"{hex16}-{s}" matched',
    "request_id={uuid} path=/v1/sessions status=204 bytes=0",
    "session opened for user cart({n}) by (uid=0)",
    "session {n} closed after {s}s idle",
    "basic authentication is disabled; use bearer tokens",
    "authorization: user {n} may not delete carts",
    "bearer token is missing in request {n}",
    "password policy: at least {s} characters",
    "reset password link sent to user {n}",
    "cookie consent accepted by visitor {n}",
    "signature verified for webhook {uuid}",
    "sorting by key: created_at, {n} rows",
    "primary key: id, foreign key: user_id ({n})",
    "cert-manager: issued certificate shop/cart-tls, expires in {s}d",
    "GET https://payments.shop.svc:8443/v1/charges?limit={s}&order={n} 200 in {s}ms",
    "cannot reach http://user-service.shop.svc.cluster.local:8080/users/{n}@eu",
    "cache eviction: {n} keys, {s} tokens left in the bucket",
    "npm_config_cache=/tmp/npm node_modules up to date, {n} packages",
    "sk-SK locale loaded with {n} messages",
    "feature flag new_checkout_key_ordering is on for {s} %",
    "gc {n} @{s}.0s 2%: 0.1+2.3+0.0 ms clock, 4->4->2 MB, 5 MB goal",
    "tokenizer loaded: vocabulary {n}, special tokens: [CLS] [SEP]",
    "pass {s} of 20, fail 0, skipped {n}",
    "passport.js strategy local registered ({n})",
    "monkey patching done; keyspace shop has {n} tables",
    "secretName: cart-tls, secretKeyRef: {{name: db, key: url}}",
    "credentials valid until 2026-11-03T13:00:{s}Z",
    "assumed role arn:aws:iam::{n}:role/cart via sts",
    "compressed payload {n} bytes, base64 length {n}",
    "upload finished: s3://shop-assets/{hex32}/image-{n}.webp",
]


def _secrets() -> Iterator[Secret]:
    dice = Dice(4)
    for kind, make in TOKENS.items():
        for around in AROUND:
            secret = make(dice)
            yield Secret(kind, around.format(secret), secret)
    for kind, (make, lines) in NAMED.items():
        for line in lines:
            secret = make(dice)
            yield Secret(kind, line.format(secret), secret)


def _ordinary(count: int) -> Iterator[str]:
    dice = Dice(4)
    for line in islice(cycle(ORDINARY), count):
        uuid = "-".join(dice.text(length, HEX) for length in (8, 4, 4, 4, 12))
        sizes = {"sha": 64, "sha40": 40, "sha7": 7, "hex32": 32, "hex16": 16}
        names = {
            "hash": dice.text(10, "bcdfghjklmnpqrstvwxz2456789"),
            "five": dice.text(5, "bcdfghjklmnpqrstvwxz2456789"),
        }
        hexes = {name: "".join(dice.choices(HEX, k=size)) for name, size in sizes.items()}
        yield line.format(
            s=dice.randrange(10, 60), n=dice.randrange(1000, 999_999), uuid=uuid, **hexes, **names
        )


@pytest.fixture(scope="session")
def secrets() -> list[Secret]:
    return list(_secrets())


@pytest.fixture(scope="session")
def ordinary() -> list[str]:
    return list(_ordinary(2000))
