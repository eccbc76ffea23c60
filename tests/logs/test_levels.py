"""A level that only carries a line does not outrank it, and some words need no level."""

import random

import pytest

from analyzer.logs import levels
from analyzer.logs.digest import Level
from analyzer.logs.fields import mask
from analyzer.logs.slot_names import word_set

CARRIED: list[tuple[str, Level]] = [
    ("[03-Nov-2026 12:00:00] NOTICE: PHP message: PHP Fatal error:  Allowed memory size exhausted", "fatal"),
    ("[03-Nov-2026 12:00:00] NOTICE: PHP message: PHP Parse error:  syntax error", "fatal"),
    ("[03-Nov-2026 12:00:00] NOTICE: PHP message: PHP Warning:  Undefined array key", "warning"),
    ('[03-Nov-2026 12:00:00] WARNING: [pool www] child 7 said into stderr: "ERROR: no stock"', "error"),
    ("[03-Nov-2026 12:00:00] NOTICE: fpm is running, pid 1", "info"),
    ("2026-11-03 12:00:00,123 INFO exited: web (exit status 1; not expected)", "error"),
    ("2026-11-03 12:00:00,123 INFO exited: web (exit status 0; expected)", "info"),
    ("2026-11-03 12:00:00,123 INFO gave up: web entered FATAL state, too many start retries too quickly", "fatal"),
    ('stderr F {"level":"error","msg":"no stock"}', "error"),
    ('Nov  3 12:00:00 node-1 shop[7]: {"level":"warn","msg":"no stock"}', "warning"),
    ('{"level":"info","message":"ERROR: no stock"}', "error"),
    ('{"level":"info","message":"[WARN] no stock"}', "warning"),
    ('{"severity":"INFO","message":"E1103 12:00:01.123456 7 stock.go:12] no stock"}', "error"),
    ('{"severity":"ERROR","message":"I1103 12:00:01.123456 7 stock.go:12] stock read"}', "info"),
    ('{"severity":"ERROR","message":"{\\"level\\":\\"debug\\",\\"msg\\":\\"stock read\\"}"}', "debug"),
    ('{"PRIORITY":"6","MESSAGE":"level=error msg=\\"no stock\\""}', "error"),
    ('{"log":"2026-11-03 12:00:00 ERROR no stock\\n","stream":"stdout"}', "error"),
    ('{"level":"info","message":"the warning threshold is 5"}', "info"),
    ('{"level":"info","message":"error handler is ready"}', "info"),
    ('{"level":"info","message":"error: none"}', "info"),
    ("last error: none", "unknown"),
    ("last error: no route", "error"),
    ("level=info msg=\"finished unary call\" grpc.code=Internal grpc.method=Place", "error"),
    ('{"level":"info","msg":"finished call","grpc.code":"InvalidArgument"}', "warning"),
    ('{"level":"info","msg":"finished call","grpc.code":"OK"}', "info"),
    ("INFO zap/server.go:12 finished unary call with code DeadlineExceeded", "error"),
]  # fmt: skip
DEADLY = [
    "2026/11/03 12:00:00 http: panic serving 10.0.0.1:3: boom",
    'level=INFO msg="http: panic serving 10.0.0.1:3: boom"',
    "2026/11/03 12:00:00 [Recovery] panic recovered:",
    "thread 'tokio-runtime-worker' panicked at src/main.rs:3:5:",
    "(node:1) UnhandledPromiseRejectionWarning: Error: boom",
    "Unhandled Rejection at: Promise { <rejected> }",
    '{"level":"info","msg":"Unhandled promise rejection: TypeError: x"}',
    "2026-11-03 12:00:00 WARN Handler dispatch failed: java.lang.OutOfMemoryError: Java heap space",
    "Found one Java-level deadlock:",
    "[2026-11-03 12:00:00 +0000] [1] [WARNING] Worker (pid:9) was sent SIGKILL! Perhaps out of memory?",
    "[Tue Nov 03 12:00:01 2026] [core:notice] [pid 7] AH00052: child pid 12 exit signal Segmentation fault (11)",
    "worker[7]: segfault at 10 ip 00007f sp 00007ff error 4 in libshop.so",
    "2026-11-03 12:00:00 SIGSEGV: bad address",
    "shop: cart.c:12: main: Assertion `n > 0' failed.",
]
ALIVE = [
    "registered the unhandledRejection handler",
    "Picked up JAVA_TOOL_OPTIONS: -XX:+HeapDumpOnOutOfMemoryError",
    "INFO will send SIGKILL after 30 s",
    "INFO received SIGTERM, shutting down",
    "INFO SAML assertion failed for user bob",
    "INFO panic button enabled",
    "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x64da89]",
    "GET /docs/panic:now HTTP/1.1",
    "(node:1) [DEP0018] DeprecationWarning: Unhandled promise rejections are deprecated.",
]


@pytest.mark.parametrize(("line", "level"), CARRIED)
def test_what_carries_a_line_does_not_outrank_it(line: str, level: Level) -> None:
    assert mask(line).level == level


@pytest.mark.parametrize("line", DEADLY)
def test_a_breakdown_needs_no_level(line: str) -> None:
    assert mask(line).level == "fatal"


@pytest.mark.parametrize("line", ALIVE)
def test_words_that_only_sound_like_one_do_not(line: str) -> None:
    assert mask(line).level not in ("fatal", "error")


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-11-03 12:00:00 [error    ] no stock                       cart=7", "error"),
        ("[2026/11/03 12:00:00] [ warn] [engine] no stock", "warning"),
        ("2026-11-03T12:00:00Z WRN no stock", "warning"),
        ("12:00PM FTL no stock", "fatal"),
        ("2026-11-03T12:00:00Z E! [agent] no stock", "error"),
        ("ERRO[0012] no stock", "error"),
        ("2026-11-03T12:00:00+0000 error cart : [Cart] no stock", "error"),
        ("03-Nov-2026 12:00:00.123 general: error: no stock", "error"),
        ("2026-11-03 12:00:00 java.lang.IllegalStateException: no stock", "error"),
    ],
)
def test_a_logger_of_any_style_says_its_level(line: str, level: Level) -> None:
    assert mask(line).level == level


def test_apache_names_the_module_before_the_level() -> None:
    assert mask("[Tue Nov 03 12:00:01 2026] [proxy:error] [pid 7] AH00957: no such backend").level == "error"


def test_a_line_of_json_behind_a_header_is_told_as_without() -> None:
    line = '{"level":"error","msg":"no stock of 7"}'
    for head in ("Nov  3 12:00:00 node-1 shop[7]: ", "2026-11-03T12:00:00Z ", "web-1  | ", "stdout F "):
        assert mask(head + line) == mask(line)


_WORDS = (
    *sorted(
        word_set(
            "ERROR WARN INFO INF LOG FATAL NOTICE TRACE TRC PNC EMERGENCY V Warning error info warn debug err crit"
        )
    ),
    *sorted(word_set("level lvl severity loglevel user local3 authpriv x 3 12:00:00Z 3PM +02:00")),
    *(" ", ".", ":", ": ", "/", "[", "]", "<", ">", "|", "=", '"', "-", "_", "\t", " [", "] ", "é"),
)


def test_a_level_behind_a_beginning_is_the_first_one_in_the_line() -> None:
    pick = random.Random(1)
    for _ in range(20_000):
        text = "".join(pick.choices(_WORDS, k=pick.randint(2, 14)))
        slow, fast = levels._LEVEL.search(text), levels._find_word(text)
        assert (slow and slow[slow.lastindex or 0]) == (fast and fast[fast.lastindex or 0]), text
        assert (slow and slow["enclosed"]) == (fast and fast["enclosed"]), text
