"""What a slot's values say of how something ended, by the slot's kind: a status, a code, a word.

`outcomes` finds the slots and their kinds.
"""

from typing import Literal

from analyzer.logs.sketch import ZERO, Slot, SlotValue
from analyzer.logs.slot_names import word_set

OutcomeKind = Literal[
    "http",
    "grpc",
    "reply",
    "rcode",
    "word",
    "flag",
    "fault",
    "exit",
    "sqlstate",
    "count",
    "return",
    "done",
    "found",
    "part",
    "zero",
]
End = Literal["well", "refused", "failed"]

# https://www.iana.org/assignments/http-status-codes, and those of nginx, Cloudflare and load balancers
_STATUSES = word_set(
    "0 100 101 103 200 201 202 203 204 205 206 207 208 226 300 301 302 303 304 307 308 431 444 449 451 "
    "460 463 494 495 496 497 499 598 599"
) | set(map(str, [*range(400, 430), *range(500, 512), *range(520, 531), 561]))
_USUAL = word_set(
    "200 201 202 204 206 301 302 303 304 307 308 400 401 403 404 405 409 410 412 422 429 499 500 501 502 "
    "503 504"
)
# https://grpc.io/docs/guides/status-codes, by number; those that a server answers for, and those that the
# caller does
_GRPC = (
    *("ok", "cancelled", "unknown", "invalidargument", "deadlineexceeded", "notfound", "alreadyexists"),
    *("permissiondenied", "resourceexhausted", "failedprecondition", "aborted", "outofrange"),
    *("unimplemented", "internal", "unavailable", "dataloss", "unauthenticated"),
)
_GRPC_FAILED = word_set(
    "unknown deadlineexceeded resourceexhausted aborted unimplemented internal unavailable dataloss"
)
_FAILED = word_set(
    "failed failure fail failing error err errored ko nok notok timeout timedout unavailable internal "
    "internalerror servererror aborted crashed unhealthy down broken fatal critical exception dead lost "
    "unreachable refused deadlineexceeded dataloss internalservererror crashloopbackoff oomkilled "
    "unsuccessful serviceunavailable badgateway gatewaytimeout nan undefined bounced undeliverable "
    "undelivered throttled"
)
_REFUSED = word_set("rejected denied declined invalid forbidden unauthorized notfound conflict")
_FAULTS = ("exception", "error", "failure", "failed", "timeout")  # how the name of a fault ends
# https://www.iana.org/assignments/dns-parameters: that a name does not exist is an answer, and REFUSED the
# caller's
_RCODES: dict[str, End] = {
    **dict.fromkeys(("0", "3", "noerror", "nxdomain"), "well"),
    **dict.fromkeys(("5", "refused"), "refused"),
}
_NO_FAULT = word_set("false no n none null nil ok okay success undefined empty 0")
_CLASSES: dict[str, End] = {"4": "refused", "5": "failed"}
_EXIT_WELL = word_set("ok success")
_GRPC_WELL = word_set("ok cancelled") | {""}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: success, warning, no data
_SQLSTATES = word_set("00 01 02")
NO, YES = {"false", "0", "no", "n"}, {"true", "1", "yes", "y"}


def read_end(kind: OutcomeKind, text: str) -> End:
    """Return what a value says: that it went well, that the other side was refused, or that it failed."""
    plain = plain_word(text)
    if kind == "http":
        return _CLASSES.get(text[:1], "well")
    if kind == "grpc":
        code = grpc_name(text)
        return _told(code, _GRPC_FAILED, frozenset(_GRPC) - _GRPC_WELL)
    if kind == "word":
        return "failed" if plain.endswith(_FAULTS) else _told(plain, _FAILED, _REFUSED)
    if kind == "rcode":
        return _RCODES.get(plain, "failed")
    well = {
        "fault": plain in _NO_FAULT,
        "part": plain == "all",
        "flag": plain not in NO,
        "sqlstate": text[:2] in _SQLSTATES,
        "return": text[:1] != "-",
        "exit": text == "0" or plain in _EXIT_WELL,
        "reply": text[:1] not in "456",
        "done": plain != "0",
        "found": plain != "0",
    }.get(kind, plain == "0")
    return "well" if well else "failed"


def _told(text: str, failed: frozenset[str], refused: frozenset[str]) -> End:
    if text in failed:
        return "failed"
    return "refused" if text in refused else "well"


def is_http(slot: Slot, usual: float = 0.9) -> bool:
    """Return whether nearly all values are HTTP statuses, and a share of them `usual` ones."""
    total = slot.total()
    known, often = (
        sum(value.count for value in slot.values if value.text in table) for table in (_STATUSES, _USUAL)
    )
    return total > 0 and known >= 0.98 * total and often >= usual * total


def grpc_name(text: str) -> str:
    """Return the name of a gRPC status, empty for any other text."""
    if text.isdecimal():
        return _GRPC[int(text)] if len(text) < 3 and int(text) < len(_GRPC) else ""
    plain = plain_word(text)
    return plain if plain in _GRPC else ""


def plain_word(text: str) -> str:
    """Return the letters and digits of a word, in small letters."""
    return "".join(filter(str.isalnum, text.lower()))


def count_values(slot: Slot) -> tuple[SlotValue, ...]:
    """Return a slot's values; of a slot of many numbers whether they are 0."""
    zero = [bucket for bucket in slot.buckets if bucket.at == ZERO]
    more = [bucket for bucket in slot.buckets if bucket.at != ZERO]
    return (
        *slot.values,
        *(
            SlotValue(
                text=text,
                count=sum(bucket.count for bucket in some),
                last=max((bucket.last for bucket in some if bucket.last), default=None),
            )
            for text, some in (("0", zero), ("above 0", more))
            if some
        ),
    )
