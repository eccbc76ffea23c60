"""Failures that a line tells quietly, at INFO or without a level, and harmless lines of the same words beside them."""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.case import NOT_PROMOTE, PROMOTE, Case
from cases.lines import Log, Phase, added
from cases.scene import Scene


@dataclass(frozen=True)
class Quiet:
    """A service's statements behind `header`: of its work, of a failure, and a harmless one of the same words.

    `share` of 100 tasks end with the failure; `beside` says that it stands beside the work instead of in its place.
    """

    name: str
    header: str
    work: str
    failure: str
    harmless: str
    share: int = 40
    beside: bool = False
    once: bool = False  # the harmless line stands at the start


_JAVA = "$comma INFO  [worker-$int[1,8]] com.acme.$pick[feed|sync].Runner - "
_GO = 'time=$iso level=INFO msg="$text"'
_JSON = '{"level":"info","ts":"$iso","msg":"$text"}'
_PLAIN = "$sql "
_NODE = '{"level":30,"time":$epochms,"pid":1,"hostname":"$pod","msg":"$text"}'
_PYTHON = "INFO:$pick[feed|sync].runner:"

SERVICES = (
    Quiet(
        "zero-rows",
        _JAVA,
        "$int[10,90] rows written to table lines",
        "0 rows written to table lines",
        "$int[10,90] rows kept in table lines",
        60,
    ),
    Quiet(
        "fallback-to-default",
        _GO,
        "price of $int[1000,9999] looked up",
        "no price for $int[1000,9999], fallback to default",
        "default currency of shop $int[1,90] is EUR",
    ),
    Quiet(
        "stale-cache",
        _JSON,
        "rates of $pick[usd|chf|gbp] loaded",
        "using stale cache of rates for $pick[usd|chf|gbp]",
        "cache of rates refreshed, $int[10,90] entries",
    ),
    Quiet(
        "skips-records",
        _PYTHON,
        "record $int[1000,99999] imported",
        "skipping record $int[1000,99999], field customer is missing",
        "nothing to skip in part $int[1,90]",
        35,
    ),
    Quiet(
        "drops-messages",
        _JAVA,
        "message $hex[8] forwarded",
        "queue full, dropping message $hex[8]",
        "queue $int[1,9] of 1000",
        15,
        beside=True,
    ),
    Quiet(
        "breaker-open",
        _NODE,
        "stock of $int[1,900] read",
        "circuit breaker inventory is open, stock of $int[1,900] not read",
        "circuit breaker inventory is closed",
    ),
    Quiet(
        "leader-lost",
        _PLAIN,
        "partition $int[0,11] flushed",
        "leader lost for partition $int[0,11], flush put off",
        "leader of partition $int[0,11] is broker $int[1,3]",
        30,
    ),
    Quiet(
        "rebalances-for-ever",
        _JAVA,
        "offset $int[10000,99999] committed",
        "group billing is rebalancing, $int[3,9] members",
        "group billing is stable, $int[3,9] members",
        20,
        beside=True,
    ),
    Quiet(
        "reconnects-for-ever",
        _GO,
        "reading of meter $int[1,900] sent",
        "connection to broker lost, reconnecting",
        "connected to broker mqtt-1",
        20,
        beside=True,
    ),
    Quiet(
        "backs-off",
        _JSON,
        "invoice $int[1000,9999] archived",
        "archive not available, retrying in $pick[1|2|4|8|16|30]s",
        "retry policy: up to 5 times, at most 30s",
        25,
    ),
    Quiet(
        "heartbeats-missed",
        _PLAIN,
        "frame $int[1000,99999] relayed",
        "missed $int[2,9] heartbeats of node $int[1,9]",
        "heartbeat of node $int[1,9] after $int[9,90] ms",
        12,
        beside=True,
    ),
    Quiet(
        "clock-skew",
        _NODE,
        "token of session $hex[8] checked",
        "clock skew of $int[40,90] s, token of session $hex[8] not yet valid",
        "clock in step, skew 0.00$int[1,9] s",
    ),
    Quiet(
        "certificate-expired",
        _GO,
        "event $hex[8] delivered",
        "certificate expired 2 days ago, event $hex[8] kept",
        "certificate is valid for $int[60,89] days",
    ),
    Quiet(
        "quota",
        _JAVA,
        "address $int[1000,9999] resolved",
        "quota exceeded for key maps, address $int[1000,9999] left as it is",
        "quota of key maps: $int[100,900] of 100000 used",
        30,
    ),
    Quiet(
        "deadlock",
        _PLAIN,
        "seat $int[1,900] moved",
        "deadlock found, transaction of seat $int[1,900] restarted",
        "no deadlock in $int[100,900] transactions",
        20,
    ),
    Quiet(
        "worker-lost",
        _JSON,
        "page $int[1,900] rendered",
        "renderer $int[1,9] killed (out of memory), page $int[1,900] lost",
        "memory of renderer $int[1,9]: $int[100,200] of 512 MiB",
        15,
    ),
    Quiet(
        "disk-full",
        _PYTHON,
        "chunk $int[1,900] stored",
        "chunk $int[1,900] not stored: no space left on device",
        "disk /data 4$int[0,9] % used",
    ),
    Quiet(
        "read-only",
        _JAVA,
        "report $int[1,900] saved",
        "report $int[1,900] kept in memory: read-only file system",
        "configuration is mounted read-only",
        45,
        once=True,
    ),
    Quiet(
        "permission-denied",
        _GO,
        "file $hex[8].csv picked up",
        "permission denied: $hex[8].csv",
        "permissions of role importer loaded",
        30,
    ),
    Quiet(
        "upstream-401",
        _NODE,
        "profile $int[1000,9999] synced",
        "upstream answered 401 for profile $int[1000,9999]",
        "token for upstream renewed, 3600 s left",
    ),
    Quiet(
        "upstream-403",
        _PLAIN,
        "profile $int[1000,9999] synced",
        "GET profile $int[1000,9999]: 403 forbidden",
        "scope of token: profiles.read",
    ),
    Quiet(
        "throttled",
        _JSON,
        "sms to $hex[8] handed over",
        "rate limit exceeded, sms to $hex[8] delayed by $int[10,90] s",
        "rate limit: $int[100,900] of 1000 left",
        40,
    ),
    Quiet(
        "checksum",
        _JAVA,
        "block $int[1000,9999] verified",
        "checksum mismatch in block $int[1000,9999]",
        "checksum of volume $int[1,9] computed",
        10,
        beside=True,
    ),
    Quiet(
        "malformed",
        _GO,
        "payload of $int[1000,9999] decoded",
        "malformed payload of $int[1000,9999], unexpected field total",
        "payload schema is version 3",
        20,
    ),
    Quiet(
        "dead-letters",
        _NODE,
        "order $int[1000,9999] handled",
        "order $int[1000,9999] moved to dead letter queue",
        "dead letter queue is empty",
        25,
    ),
    Quiet(
        "requeued",
        _PLAIN,
        "job $int[1000,9999] done",
        "job $int[1000,9999] requeued, worker gone",
        "job $int[1000,9999] queued",
        30,
    ),
    Quiet(
        "degraded",
        _JSON,
        "search for $hex[6] answered",
        "degraded mode: search for $hex[6] answered without ranking",
        "search index has $int[1000,9000] documents",
        50,
    ),
    Quiet(
        "nan-loss",
        _PYTHON,
        "step $int[1000,9999] loss 0.$int[100,900]",
        "step $int[1000,9999] loss nan, update skipped",
        "step $int[1000,9999] learning rate 0.0003",
        35,
    ),
    Quiet(
        "empty-answer",
        _JAVA,
        "model ranker gave $int[10,90] items",
        "model ranker is not loaded, empty list given",
        "model ranker has $int[10,90] layers",
        40,
    ),
    Quiet(
        "no-broker",
        _GO,
        "batch $int[100,900] produced",
        "no broker available, batch $int[100,900] kept in memory",
        "broker 2 of 3 chosen",
        40,
    ),
    Quiet(
        "bad-signature",
        _NODE,
        "webhook $hex[8] taken",
        "invalid signature, webhook $hex[8] ignored",
        "signature key k$int[1,3] is used",
        30,
    ),
    Quiet(
        "no-such-column",
        _PLAIN,
        "basket $int[1000,9999] priced",
        "basket $int[1000,9999]: unknown column 'tax' in 'field list'",
        "basket $int[1000,9999] has a coupon",
        30,
    ),
    Quiet(
        "gone-away",
        _PYTHON,
        "ledger $int[1,90] posted",
        "MySQL server has gone away, ledger $int[1,90] open",
        "MySQL server version is 8.4.2",
        30,
        once=True,
    ),
    Quiet(
        "no-answer",
        _JSON,
        "door $int[1,90] opened",
        "door $int[1,90] is not responding",
        "door $int[1,90] closed after 8 s",
        25,
    ),
    Quiet(
        "stalled",
        _JAVA,
        "stream $int[1,90] at segment $int[100,900]",
        "stream $int[1,90] stalled for $int[20,60] s",
        "stream $int[1,90] has 3 viewers",
        15,
        beside=True,
    ),
    Quiet(
        "event-loop-blocked",
        _NODE,
        "quote $hex[8] given",
        "event loop blocked for $int[2000,9000] ms",
        "event loop delay is below 1 ms",
        12,
        beside=True,
    ),
    Quiet(
        "too-many-files",
        _GO,
        "upload $hex[8] received",
        "accept: too many open files; upload $hex[8] put off",
        "limit of open files is 65536",
        20,
        once=True,
    ),
    Quiet(
        "truncated",
        _PLAIN,
        "export $int[1000,9999] complete",
        "export $int[1000,9999] truncated at $int[10,90] rows",
        "export $int[1000,9999] compressed",
        40,
    ),
    Quiet(
        "out-of-sync",
        _JSON,
        "shelf $int[1,90] synced",
        "replica $int[1,3] out of sync, shelf $int[1,90] unchanged",
        "replica $int[1,3] in sync",
        30,
    ),
    Quiet(
        "constraint",
        _PYTHON,
        "card $int[1000,9999] linked",
        'card $int[1000,9999]: null value in column "owner" violates not-null constraint',
        "card $int[1000,9999] has an owner",
        20,
    ),
    Quiet(
        "unhealthy",
        _JAVA,
        "probe of backend $int[1,9] passed",
        "backend $int[1,9] marked unhealthy",
        "backend $int[1,9] marked healthy",
        40,
    ),
    Quiet(
        "discarded",
        _GO,
        "sample $int[1000,9999] ingested",
        "sample $int[1000,9999] discarded: out of order",
        "sample window is 300 s",
        30,
    ),
)


def _said(service: Quiet, text: str) -> str:
    return service.header.replace("$text", text) if "$text" in service.header else service.header + text


def _twins(service: Quiet) -> Iterator[Case]:
    work, failure, harmless = (
        _said(service, text) for text in (service.work, service.failure, service.harmless)
    )
    part = service.share / 100
    place = "beside" if service.beside else "in place of"
    yield Case(
        f"quiet-{service.name}",
        NOT_PROMOTE,
        f"On {service.share} of 100 tasks the canary tells of a failure {place} the work, in a line that stable never logs.",
        Scene(work, added(work, (part, failure)) if service.beside else ((1 - part, work), (part, failure))),
        "unlevelled",
        "tuned",
    )
    yield Case(
        f"quiet-{service.name}-well",
        PROMOTE,
        "All work is done, and a new line uses the failure's words without telling of one.",
        Scene(
            work, Log((Phase(work),), start=(harmless,)) if service.once else added(work, (0.08, harmless))
        ),
        "unlevelled",
        "tuned",
    )


CASES: tuple[Case, ...] = tuple(case for service in SERVICES for case in _twins(service))
