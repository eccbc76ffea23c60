"""What a slot's name says: whether it tells how something ended or how long it took, or only who and when."""

import re
from functools import lru_cache
from hashlib import blake2b


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_.@/-]+")
# Of a field's name: what it holds says who or when, and not how it went.
_IDENTIFYING = word_set(
    "id ids uuid guid uid pid tid seq sequence offset index idx key hash token time ts timestamp date "
    "datetime t epoch started start end since until at day year host hostname pod node zone region ip "
    "addr address port remote client peer user version ver v build revision rev generation line lineno "
    "thread goroutine worker shard partition trace span level lvl severity priority pri cpu uptime name "
    "path"
)
_MOMENTS = word_set(
    "start end begin create created update updated event log date finish received expire expiry current local"
)
TIMES = word_set(
    "ms us ns sec secs seconds millis nanos micros duration elapsed took latency reqtime "
    "resptime requesttime responsetime exectime apptime rtt"
)
_AMOUNTS = word_set(
    "lag depth queue queued backlog pending waiting waiters attempts attempt retries retry ratio rate"
)
FAILING = word_set(  # of what a number counts
    "failed failure failures failing fails fail error errors errored err errs rejected rejects dropped "
    "drops lost timeouts timedout denied aborted refused exceptions crashed dead unhealthy corrupt "
    "corrupted unsuccessful unsuccessfully nok ko deadletters bad broken unreachable exception fault faults "
    "faultcode violations invalid"
)
DONE = word_set(  # what a number of work that was done is called, or whether it was
    "written processed imported inserted delivered sent synced stored saved published exported indexed"
    " committed uploaded"
)
SURE_FLAGS = word_set("ok success successful succeeded healthy")
FLAGS = SURE_FLAGS | word_set(  # which may be a user's or an order's
    "valid verified accepted acknowledged acked completed reachable connected granted allowed approved"
    " authorized authenticated paid confirmed charged captured settled booked"
)
WELL = word_set(
    "ok okay success successes successful successfully succeeded processed passed completed done healthy "
    "ready good delivered sent synced saved accepted served handled hits free throughput rps qps tps "
    "available remaining total all created"
)
_OUTCOME = word_set(
    "status code result outcome state ok success successful succeeded sqlstate errno rc exit healthy "
    "failed failure failures fail error errors errorcount statuscode sc returncode retcode exitcode "
    "sqlcode ret retval rv rcode phase conclusion verdict disposition fault faultcode"
)


_CODES = word_set("rc errno sqlcode retcode returncode errorcode reasoncode closecode code ret retval rv")


@lru_cache(maxsize=4096)
def split_words(name: str) -> tuple[str, ...]:
    """Return a field's name in its words: `grpc.statusCode` is grpc, status, code."""
    return tuple(word.lower() for word in _CAMEL.split(name) if word)


@lru_cache(maxsize=4096)
def is_wanted(name: str) -> bool:
    """Return whether a field may tell how it went."""
    parts = split_words(name)
    if parts[-1:] == ("time",) and len(parts) > 1:  # response_time, and not start_time
        return parts[-2] not in _MOMENTS
    return bool(parts) and (names_end(name) or parts[-1] not in _IDENTIFYING)


@lru_cache(maxsize=4096)
def names_end(name: str) -> bool:
    """Return whether a slot's name says that it tells how something ended, or how long it took."""
    parts = split_words(name.strip())
    return bool(parts) and (
        parts[-1] in _OUTCOME | FLAGS or not TIMES.isdisjoint(parts) or parts[0] in {"failed", "errors"}
    )


@lru_cache(maxsize=4096)
def is_sqlstate(name: str) -> bool:
    """Return whether a slot's name is SQLSTATE's, as JDBC (`SQLState`) or libpq (`sqlstate`) has it."""
    return "".join(split_words(name.strip())[-2:]).endswith("sqlstate")


@lru_cache(maxsize=4096)
def is_code(name: str) -> bool:
    """Return whether a slot's name is that of a code which a program or a database returns."""
    return not _CODES.isdisjoint(split_words(name.strip())[-1:])


@lru_cache(maxsize=4096)
def is_code_of_end(name: str) -> bool:
    """Return whether a slot's name is that of a code which tells how something ended."""
    return is_code(name) or split_words(name.strip())[-1:] in {("reason",), ("status",), ("result",)}


@lru_cache(maxsize=4096)
def names_measure(name: str) -> bool:
    """Return whether a slot's name says that it holds how long, how deep or how often."""
    return not (TIMES | _AMOUNTS).isdisjoint(split_words(name.strip()))


@lru_cache(maxsize=16384)
def rank_slot(name: str) -> tuple[bool, bool, bytes]:
    """Return what decides which of a template's slots are kept: the smaller stays."""
    return (
        not names_end(name),
        not names_measure(name),
        blake2b(name.encode(errors="replace"), digest_size=8).digest(),
    )
