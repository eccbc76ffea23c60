"""Lines per second of CPU time that the miner takes, and its ratio to splitting the same bytes into lines:
`python bench/logs.py [LINES]`.

Three logs, generated with a fixed seed and stamped as the kubelet does: `repetitive` (one shape in three
lengths of numbers), `services` (six styles, numbers vary), `identifiers` (the same, each with an identifier
of letters and digits, so that the cache of shapes never helps). Medians of five runs.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from analyzer.logs.mine import mine
from analyzer.redact import redact

CHUNK = 64 * 1024
STYLES: tuple[str, ...] = (
    "2026-11-03 12:00:{s:02},{ms:03} INFO [main-{s}] c.s.Cart - priced item {n} in {ms} ms",
    '{{"level":"info","ts":17000{n}.{ms},"msg":"request served","dur_ms":{ms},"items":{s}}}',
    'time="2026-11-03T12:00:{s:02}Z" level=warning msg="cache miss" key=user:{n} took={ms}ms',
    "I1103 12:00:{s:02}.{ms:06} {s:7d} sync.go:{s}] synced node-{s} in {ms}ms",
    '10.0.{s}.{s} - - [03/Nov/2026:12:00:{s:02} +0000] "GET /v1/items/{n} HTTP/1.1" {status} {n} "-" "curl/8.{s}"',
    "ERROR payment {n} declined: upstream 10.0.0.{s}:8443 timed out after {s}s",
)


def log(lines: int, styles: Sequence[str], *, identifiers: bool) -> list[bytes]:
    pick = random.Random(1)
    text = bytearray()
    for number in range(lines):
        values = {
            "s": pick.randint(1, 59),
            "ms": pick.randint(1, 999),
            "n": pick.randint(1, 99999),
            "status": pick.choice((200, 404, 503)),
        }
        line = pick.choice(styles).format(**values)
        marked = f"{line} {pick.getrandbits(64):016x}" if identifiers else line
        text += (
            f"2026-11-03T12:{number // 60 % 60:02}:{number % 60:02}.{number % 10**9:09}Z {marked}\n".encode()
        )
    return [bytes(text[start : start + CHUNK]) for start in range(0, len(text), CHUNK)]


def iterate(chunks: Sequence[bytes]) -> int:
    rest, count = b"", 0
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for _ in whole:
            count += 1
    return count


def seconds(work: Callable[[], object]) -> float:
    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return statistics.median(once() for _ in range(5))


def main(lines: int) -> None:
    for name, styles, identifiers in (
        ("repetitive", STYLES[:1], False),
        ("services", STYLES, False),
        ("identifiers", STYLES, True),
    ):
        chunks = log(lines, styles, identifiers=identifiers)
        mined, plain = seconds(partial(mine, chunks, redact)), seconds(partial(iterate, chunks))
        groups = len(mine(chunks, redact).digest.groups)
        print(
            f"{name:12} {lines / mined:>10,.0f} lines/s  {mined / plain:5.1f} x plain iteration  {groups} groups"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
