"""Planted failures: does the line that decides a case reach the prompt, among megabytes of healthy noise?

Sixty cases, six styles of service by ten kinds of fault. Both sides log the same healthy mixture and differ
in harmless ways (version, pod names, order at start, ports, a flag); the canary has one decisive line or
pattern as well. Each case is judged twice: with the fault, whose words must stand in the prompt within 8,000
tokens; and without it, where no finding may be a warning.

    planted.py [MIB_A_SIDE [CASES]]     default 50 MiB, all sixty
"""

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.logs import assemble, mined_stream
from analyzer.evidence.pods import Condition, Container, Pod, Pods, State
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.prompt import Prompt, render
from analyzer.redact import redact
from analyzer.settings import Ask, Rules
from analyzer.target import Role, Side, Target

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=10)
PODS = {"stable": 3, "canary": 1}
BATCH = 2000  # lines a chunk
STARTUP = 40  # lines at most, at the start of a pod's log

# Healthy lines by style, with their weight. {id} {n} {ms} {hex} {ip} {user} {pod} {version} are filled in
# anew for every line.
STYLES: dict[str, tuple[tuple[int, str], ...]] = {
    "logfmt": (
        (
            40,
            'level=info msg="request handled" method=GET path=/cart/{id} status=200 duration={ms}ms trace={hex}',
        ),
        (
            20,
            'level=info msg="request handled" method=POST path=/cart/{id}/items status=201 duration={ms}ms trace={hex}',
        ),
        (10, 'level=info msg="price looked up" sku=SKU-{id} cents={n} source=cache'),
        (10, 'level=debug msg="cache" op=get key=cart:{id} hit=true bytes={n}'),
        (2, 'level=warn msg="slow query" table=items rows={n} duration={ms}ms'),
        (1, 'level=error msg="client went away" remote={ip} bytes={n}'),
    ),
    "json": (
        (
            50,
            '{{"level":"info","ts":{n}.{n},"msg":"order placed","order":"{hex}","user":{id},"took_ms":{ms}}}',
        ),
        (20, '{{"level":"info","ts":{n}.{n},"msg":"stock reserved","sku":"A-{id}","left":{n}}}'),
        (
            10,
            '{{"level":"debug","ts":{n}.{n},"msg":"published","topic":"orders","partition":{n},"offset":{id}}}',
        ),
        (2, '{{"level":"warn","ts":{n}.{n},"msg":"retrying publish","attempt":1,"topic":"orders"}}'),
        (
            1,
            '{{"level":"error","ts":{n}.{n},"msg":"payment declined","order":"{hex}","code":"insufficient_funds"}}',
        ),
    ),
    "java": (
        (
            40,
            "{time} INFO  [http-nio-8080-exec-{n}] c.s.cart.CartController : GET /cart/{id} handled in {ms} ms",
        ),
        (20, "{time} INFO  [http-nio-8080-exec-{n}] c.s.cart.ItemService : added item {hex} to cart {id}"),
        (10, "{time} DEBUG [scheduling-1] c.s.cart.PriceCache : refreshed {n} prices in {ms} ms"),
        (
            2,
            "{time} WARN  [http-nio-8080-exec-{n}] c.s.cart.Retry : attempt 1 for order {id} failed, retrying in {ms} ms",
        ),
        (
            1,
            "{time} ERROR [http-nio-8080-exec-{n}] c.s.cart.Errors : validation failed for order {id}: quantity must be positive",
        ),
    ),
    "access": (
        (60, '{ip} - - [{clf}] "GET /api/products/{id}?page={n} HTTP/1.1" 200 {n} "-" "Mozilla/5.0" {n}'),
        (20, '{ip} - - [{clf}] "POST /api/cart/{id} HTTP/1.1" 201 {n} "-" "okhttp/4.12.0" {n}'),
        (6, '{ip} - - [{clf}] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.36" {n}'),
        (3, '{ip} - - [{clf}] "GET /api/products/{id} HTTP/1.1" 404 {n} "-" "Mozilla/5.0" {n}'),
        (1, '{ip} - - [{clf}] "POST /api/checkout HTTP/1.1" 500 {n} "-" "okhttp/4.12.0" {n}'),
    ),
    "klog": (
        (
            40,
            'I1121 {clock}       1 controller.go:{n}] "Reconciled" object="shop/cart-{id}" duration="{ms}ms"',
        ),
        (20, 'I1121 {clock}       1 queue.go:88] "Enqueued" key="shop/cart-{id}" depth={n}'),
        (10, 'I1121 {clock}       1 informer.go:212] "Resync" kind="Cart" count={n}'),
        (2, 'W1121 {clock}       1 client.go:140] "Throttled by the server" wait="{ms}ms"'),
        (
            1,
            'E1121 {clock}       1 controller.go:301] "Conflict, will requeue" object="shop/cart-{id}" resourceVersion="{id}"',
        ),
    ),
    "python": (
        (40, "{time} [{n}] [INFO] shop.views: GET /basket/{id} 200 {ms}ms user={user}"),
        (20, "{time} [{n}] [INFO] shop.tasks: sent mail to user {id} in {ms}ms"),
        (10, "{time} [{n}] [DEBUG] shop.db: query took {ms}ms rows={n}"),
        (2, "{time} [{n}] [WARNING] shop.cache: miss for basket:{id}, loading from database"),
        (1, "{time} [{n}] [ERROR] shop.views: invalid coupon code for basket {id}"),
    ),
}

# What a version says when it starts, in an order of its own.
STARTING = (
    "starting version {version} on {pod}",
    "listening on port {port}",
    "connected to redis at {ip}:6379",
    "loaded {n} feature flags",
    "configuration read from /etc/app/config-{version}.yaml",
    "worker pool of {n} threads ready",
)


@dataclass(frozen=True)
class Fault:
    """A decisive pattern: `lines` are planted together, `share` of all lines (0: `times` in all); `words`
    must reach the prompt.

    With `of` the healthy line of that index is logged `factor` times as often instead (0: no longer).
    """

    name: str
    words: str = ""
    level: str = "error"
    lines: tuple[str, ...] = ()
    times: int = 0
    share: float = 0.0
    of: int | None = None
    factor: float = 1.0


FAULTS = (
    Fault("one error", "tariff table is empty", lines=("tariff table is empty for region {n}",), times=1),
    Fault(
        "a few errors", "deadlock detected", lines=("deadlock detected while updating cart {id}",), times=5
    ),
    Fault(
        "one error in a hundred",
        "upstream reset",
        lines=("upstream reset before headers, cart {id}",),
        share=0.01,
    ),
    Fault(
        "a warning",
        "falling back to stale prices",
        "warning",
        lines=("falling back to stale prices, age {n}s",),
        share=0.002,
    ),
    Fault(
        "quiet information",
        "session store is in memory only",
        "info",
        lines=("session store is in memory only, node {n}",),
        times=12,
    ),
    Fault(
        "a trace",
        "currency is null",
        lines=(
            "Traceback (most recent call last):",
            '  File "/app/prices.py", line {n}, in convert',
            "    rate = table[currency]",
            "ValueError: currency is null in order {id}",
        ),
        times=30,
    ),
    Fault(
        "a leak that shows",
        "pool exhausted",
        lines=("connection pool exhausted after {ms} ms, {n} waiting",),
        share=0.0005,
    ),
    Fault("more of a known error", of=-1, factor=12),
    Fault("more of a known warning", of=-2, factor=12),
    Fault("work that is no longer done", of=1, factor=0),
)

LEVELS = {
    "logfmt": 'level={level} msg="{text}"',
    "json": '{{"level":"{level}","ts":{n}.{n},"msg":"{text}"}}',
    "java": "{time} {LEVEL} [http-nio-8080-exec-{n}] c.s.cart.Prices : {text}",
    "access": "{ymd} [{level}] 7#7: *{id} {text}",
    "klog": "{L}1121 {clock}       1 prices.go:{n}] {text}",
    "python": "{time} [{n}] [{LEVEL}] shop.prices: {text}",
}


@dataclass(frozen=True)
class Case:
    """One style with one fault. `seed` makes it the same case every time."""

    style: str
    fault: Fault
    seed: int

    @property
    def name(self) -> str:
        return f"{self.style}, {self.fault.name}"

    @property
    def words(self) -> str:
        """What must stand in the prompt: the planted words, or those of the healthy line whose rate
        changed.
        """
        if self.fault.of is None:
            return self.fault.words
        return KNOWN[self.style][self.fault.of]


# Words of the healthy lines that faults are about, as any template of them keeps: 1, -1 and -2 of each style.
KNOWN: dict[str, dict[int, str]] = {
    "logfmt": {1: "POST", -1: "client went away", -2: "slow query"},
    "json": {1: "stock reserved", -1: "payment declined", -2: "retrying publish"},
    "java": {1: "added item", -1: "validation failed", -2: "failed, retrying in"},
    "access": {1: "POST /api/cart", -1: "POST /api/checkout", -2: "GET /api/products/"},
    "klog": {1: "Enqueued", -1: "Conflict, will requeue", -2: "Throttled by the server"},
    "python": {1: "sent mail", -1: "invalid coupon code", -2: "loading from database"},
}

CASES = tuple(
    Case(style, fault, 100 * number + other)
    for number, style in enumerate(STYLES)
    for other, fault in enumerate(FAULTS)
)


@dataclass(frozen=True)
class Result:
    """What became of a case: whether the words are in the prompt, its tokens, and the warnings that noise
    alone gave.
    """

    case: Case
    found: bool
    tokens: int
    false: tuple[str, ...]


def judge(case: Case, size: int) -> Result:
    """`size` in bytes a side."""
    stable = _part(case, "stable", size, planted=False)
    findings, prompt = _asked(stable, _part(case, "canary", size, planted=True))
    told = case.fault.of is None or any(
        case.words in graded.finding.sentence for graded in findings
    )  # a rate is told by a finding
    noise, _ = _asked(stable, _part(case, "canary", size, planted=False))
    false = tuple(graded.finding.sentence for graded in noise if graded.severity != "info")
    return Result(case, told and case.words in prompt.text, prompt.tokens, false)


def _asked(*logs: object) -> tuple[tuple[Graded, ...], Prompt]:
    evidence = Evidence(
        target=Target(
            namespace="shop",
            stable=Side(role="stable", selector="role=stable"),
            canary=Side(role="canary", selector="role=canary"),
            how="generated",
            resolved_at=START + WINDOW,
        ),
        window=Window(start=START, end=START + WINDOW),
        nonce="0123456789abcdef",
        parts=(_pods("stable"), _pods("canary"), *logs),  # type: ignore[arg-type]  # Logs
    )
    findings = find(evidence, Rules())
    return findings, render(evidence, findings, Ask())


def _pods(role: Role) -> Pods:
    state = State(kind="running", started_at=START)
    container = Container(name="app", type="main", image="app:1", state=state, ready=True)
    ready = Condition(type="Ready", status="True", since=START)
    pods = (
        Pod(
            name=name,
            owner="",
            phase="Running",
            created_at=START - WINDOW,
            conditions=(ready,),
            containers=(container,),
        )
        for name in _names(role)
    )
    return Pods(side=role, pods=tuple(pods))


def _names(role: Role) -> list[str]:
    return [f"app-{role}-{number}" for number in range(PODS[role])]


def _part(case: Case, role: Role, size: int, *, planted: bool) -> object:
    names = _names(role)
    each = size // len(names)
    return assemble(
        role,
        [
            mined_stream(name, "app", False, _chunks(case, role, name, each, planted=planted), redact)
            for name in names
        ],
    )


def _chunks(case: Case, role: Role, pod: str, size: int, *, planted: bool) -> Iterator[bytes]:
    """A pod's log in chunks, as the kubelet gives it."""
    draw = random.Random(f"{case.seed} {pod} {planted}")
    fault = case.fault if planted else None
    weights = [weight for weight, _ in STYLES[case.style]]
    if fault and fault.of is not None:
        weights[fault.of] = int(weights[fault.of] * fault.factor)
    forms = [form for _, form in STYLES[case.style]]
    lines = max(size // 140, 200)
    step = WINDOW / lines
    special = _places(draw, fault, lines) if fault else {}
    at, batch = START, []
    for index, form in enumerate((*_start(draw), *draw.choices(forms, weights, k=lines))):
        at += step
        batch.append(_line(draw, form, role, pod, at))
        batch += [_line(draw, _dressed(case, text), role, pod, at) for text in special.get(index, ())]
        if len(batch) >= BATCH:
            yield "".join(batch).encode()
            batch = []
    yield "".join(batch).encode()


def _start(draw: random.Random) -> list[str]:
    return draw.sample(STARTING, len(STARTING))


def _places(draw: random.Random, fault: Fault, lines: int) -> dict[int, tuple[str, ...]]:
    count = fault.times or int(fault.share * lines)
    return {draw.randrange(STARTUP, lines): fault.lines for _ in range(count)}


def _dressed(case: Case, text: str) -> str:
    """A planted text as the service would write it; a trace's lines stand as they are."""
    fault = case.fault
    if len(fault.lines) > 1:
        return text
    level = {"error": "error", "warning": "warn", "info": "info"}[fault.level]
    upper = {"error": "ERROR", "warning": "WARN " if case.style == "java" else "WARNING", "info": "INFO "}[
        fault.level
    ]
    return (
        LEVELS[case.style]
        .replace("{level}", level)
        .replace("{LEVEL}", upper)
        .replace("{L}", level[0].upper())
        .replace("{text}", text)
    )


def _line(draw: random.Random, form: str, role: Role, pod: str, at: datetime) -> str:
    whole = form.format(
        id=draw.randrange(100_000),
        n=draw.randrange(1000),
        ms=draw.randrange(2000),
        hex=f"{draw.getrandbits(64):016x}",
        ip=f"10.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(256)}",
        user=draw.choice(("ann", "bob", "cleo", "dan")),
        pod=pod,
        port=8080 if role == "stable" else 8081,
        version="1.4.2" if role == "stable" else "1.5.0",
        time=at.isoformat(sep=" ", timespec="milliseconds")[:23],
        clock=at.strftime("%H:%M:%S.%f"),
        clf=at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        ymd=at.strftime("%Y/%m/%d %H:%M:%S"),
    )
    return f"{at.isoformat()[:-6]}Z {whole}\n"


def main(arguments: list[str]) -> int:
    size = int(float(arguments[0]) * 1024**2) if arguments else 50 * 1024**2
    every = len(CASES) // int(arguments[1]) if len(arguments) > 1 else 1
    results = []
    with ProcessPoolExecutor() as pool:  # a case a core
        for result in pool.map(partial(judge, size=size), CASES[::every]):
            results.append(result)
            print(f"{len(results)} {result.case.name}: {result.tokens} tokens", file=sys.stderr, flush=True)
    for result in results:
        if not result.found or result.false:
            print(
                f"{result.case.name}: {'found' if result.found else 'NOT IN THE PROMPT'}; false warnings: {result.false or 'none'}"
            )
    found, noisy = sum(result.found for result in results), sum(bool(result.false) for result in results)
    print(
        f"{len(results)} cases of {size / 1024**2:g} MiB a side: decisive words in the prompt in {found}, "
        f"noise became a warning in {noisy}; largest prompt {max(result.tokens for result in results)} tokens"
    )
    return 0 if found == len(results) and noisy <= len(results) / 20 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
