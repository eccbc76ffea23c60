"""Which slots tell how something ended, by their values and names. `outcome_values` says what a value means.

No format is known: a slot is an HTTP status where nearly all of its values are some, the usual ones above
all, and its name or the line speaks of a request; a field's name or the words beside a number say the rest.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from analyzer.logs.methods import ANY_METHOD
from analyzer.logs.number_labels import NumberLabel, label_numbers
from analyzer.logs.outcome_values import NO, YES, OutcomeKind, count_values, grpc_name, is_http, plain_word
from analyzer.logs.sketch import Slot
from analyzer.logs.slot_names import (
    DONE,
    FAILING,
    FLAGS,
    SURE_FLAGS,
    TIMES,
    is_sqlstate,
    split_words,
    word_set,
)


class SlotOutcome(NamedTuple):
    """What a slot is; `sure` is false where the values alone say so."""

    kind: OutcomeKind
    sure: bool = True


_GRPC_ALONE = word_set(
    "deadlineexceeded invalidargument resourceexhausted failedprecondition unavailable permissiondenied"
)
_JUDGED = word_set(
    "verdict result outcome conclusion disposition"
)  # of which `up` and `down` may be a direction
_RCODE_NAMES = word_set(
    "noerror formerr servfail nxdomain notimp refused yxdomain yxrrset nxrrset notauth notzone"
)
_MOST_RCODES = 23
_REPLY = re.compile(r"[1-6][0-9]{2}")
_REPLIES, _REPLIES_WELL = 12, 0.2  # different ones at the most, and the share of them that say well
_REPLIED = re.compile(r"(?i:\b(?:on[_-]?)?(?:repl(?:y|ied|ies)|respon(?:se|ded|ds)|sip|invite)\b)")
_FOUND = word_set("hits results matches matched found")
_RETURNED_NONE = word_set("hits results matches matched found returned")
_MAY_BE_EMPTY = re.compile(
    r"(?i:cach|poll|queue|batch|scan|sweep)"
)  # where nothing is found when all is well
_EXITED = re.compile(r"(?i:\bexit(?:ed)?\s?[:=]?\s?)$")
_DESCRIBING = word_set("code rate ratio percent status message type")  # of a failure, and no count of some
_SHARES = word_set("rate ratio percent percentage pct fraction")  # of failures, which is a measure
_EXITS = word_set("exit errno returncode retcode exitcode sqlcode rc rcode error err hresult")
# by whose name alone a number of a text is one
_CODES = word_set("errno returncode retcode exitcode sqlcode rc")
_RETURNED = word_set("return returned returns ret")
# Where a number below zero stands that a function returns: errno's, negated, as the kernel and libuv have it.
_RETURNS = re.compile(
    r"(?:\)\s?=|[-=]>|(?i:\b(?:returns?|returned|ret|retval|rv|rc|status|code|result|errno)\s?[:=]?))\s?-?$"
)
_VALUES = word_set("ret retval rv")  # by name what a function returns: above zero it may be a number of bytes
_ERRNO = 133  # the largest of errno.h
# as `said_values` names them
_BY_FORM: dict[tuple[str, ...], OutcomeKind] = {
    ("part",): "part",
    ("value",): "word",
}
_ENDS = word_set("status code statuscode sc result outcome state phase conclusion verdict disposition")
_POLICIES = word_set("on ignore retry stop abort")  # `on_failure`, `retry_on_error`
_WHOLE = re.compile(r"-?[0-9]+")
_MEASURES = TIMES | word_set("lag depth queue queued backlog pending waiting retries retry attempts misses")
_EXIT = re.compile(r"-?[0-9]+|E[A-Z0-9]{2,14}|OK|SUCCESS|failed")  # a number, or its name in errno.h
_RPC = re.compile(r"(?i:rpc)")

_REQUEST = re.compile(
    rf"\b(?:{ANY_METHOD})\b|HTTP/[0-9]|(?:^|\s)/[\w./-]{{1,200}}(?:\s|$)"
    r"|(?i:\b(?:http|requests?|respon(?:se|ded|d)|sent|served|repl(?:y|ied)|return(?:s|ed)|answered|upstream"
    r"|access|completed|finished)\b)"
    r"|\b[1-5][0-9]{2} (?i:ok|created|accepted|no content|moved perm|found|not modified|bad request"
    r"|unauthorized|forbidden|not found|too many req|internal server|bad gateway|service unavail|gateway t)"
)
# What a number is a number of: no status.
_NUMBERED = re.compile(
    r"(?i:\b(?:limit|size|counts?|batch|rows?|items?|records?|port|timeout|max|min|total|pages?|length|len|id"
    r"|pid|lines?|orders?"
    r"|users?|number|no|weight|percent|queue|retry|attempts?|took|duration|wait(?:ing|ed)?|sleep\w*|depth|lag"
    r"|interval|version|jobs?|build|release|revision|process|instance|replica|node|epoch|step|round|iteration"
    r"|cycle|chunk|block|level|year|index|tasks?|workers?|threads?|shards?|partitions?|of|in|after|every"
    r"|least|most|over|than|for|bytes)\W{0,3}$)|[#$€£]$"
)
_BRACKETED = re.compile(rf"\]:?\s\[?(?:{ANY_METHOD}|HTTP|/)")
_NOUN = re.compile(
    r"\s?(?:ms\b|%|/|(?!(?:in|after|for|from|with|to|on|by|at|and|took|via|within|ok|created|accepted|no|not"
    r"|bad|internal)\b)[a-z]{3,60}+(?![\w.-]{0,40}+[=:]))"
)


def find_outcome(slot: Slot, label: NumberLabel | None = None) -> SlotOutcome | None:
    """Return what a slot tells of how something ended. `label` is that of a number of a text."""
    if label is not None:
        return _of_number(slot, label)
    names = split_words(slot.name.strip())
    return _of_field(slot, names) if names else None


def _of_field(slot: Slot, names: tuple[str, ...]) -> SlotOutcome | None:
    if not FAILING.isdisjoint(names) and names[-1] not in _DESCRIBING:
        return _of_failures(slot, names)
    if names[-1] in _FOUND and _counts(slot):
        return SlotOutcome("found", sure=False)
    if names[-1] in DONE:
        if _counts(slot):
            return SlotOutcome("done", sure=False)
        return SlotOutcome("flag", sure=False) if _is_truth(slot) else None
    return SlotOutcome(_BY_FORM[names], sure=False) if names in _BY_FORM else _of_code(slot, names)


def _of_failures(slot: Slot, names: tuple[str, ...]) -> SlotOutcome | None:
    """Return what a field tells of that is named for failures: how many there are, whether there is one, or
    which.
    """
    if _counts(slot):
        return SlotOutcome("count")
    words = bool(slot.values) and not slot.buckets and not slot.many
    if names[0] in _POLICIES:
        return None  # what to do about one
    if words and (_is_truth(slot) or not any(value.text.isdecimal() for value in slot.values)):
        return _of_code(slot, names) or SlotOutcome("fault")
    return _of_code(slot, names)


def _is_truth(slot: Slot) -> bool:
    values = {value.text.lower() for value in slot.values}
    return bool(values) and not slot.buckets and values <= (NO | YES)


def _of_code(slot: Slot, names: tuple[str, ...]) -> SlotOutcome | None:
    """Return what a code tells of, by its field's name, if its values are few and none is a measure."""
    if slot.many or slot.buckets or not slot.values:
        return None
    last, numbers = names[-1], all(_WHOLE.fullmatch(value.text) for value in slot.values)
    if is_sqlstate(slot.name) or last in _VALUES or _is_rcode(slot):
        return _of_returned(slot, numbers=numbers)
    if not _EXITS.isdisjoint(names):
        return SlotOutcome("exit") if all(_EXIT.fullmatch(value.text) for value in slot.values) else None
    if last in FLAGS:
        flag = {value.text.lower() for value in slot.values} <= YES | NO
        return SlotOutcome("flag", sure=last in SURE_FLAGS) if flag else None
    return _of_status(slot, names, numbers=numbers) if last in _ENDS else _of_values(slot, names)


def _of_values(slot: Slot, names: tuple[str, ...]) -> SlotOutcome | None:
    """Return what a field's values alone say: that they are the replies of a protocol."""
    if _NUMBERED.search(" ".join(names)):
        return None
    return SlotOutcome("http", sure=False) if is_http(slot) else _of_reply(slot)


def _is_rcode(slot: Slot) -> bool:
    """Return whether a slot holds the answers of DNS, by number or by name."""
    texts = [value.text for value in slot.values]
    return slot.name.strip().lower().endswith("rcode") and all(
        int(text) <= _MOST_RCODES if text.isdecimal() else plain_word(text) in _RCODE_NAMES for text in texts
    )


def _of_reply(slot: Slot) -> SlotOutcome | None:
    """Return whether few numbers of three digits may be the replies of a protocol other than HTTP, as SIP,
    SMTP and FTP have them: by their values alone, so unsure.
    """
    if slot.many or slot.buckets or not 1 < len(slot.values) <= _REPLIES:
        return None
    if not all(_REPLY.fullmatch(value.text) for value in slot.values):
        return None
    well = sum(value.count for value in slot.values if value.text[0] == "2")
    return SlotOutcome("reply", sure=False) if well >= _REPLIES_WELL * slot.total() else None


def _of_returned(slot: Slot, *, numbers: bool) -> SlotOutcome | None:
    if is_sqlstate(slot.name):
        return SlotOutcome("sqlstate")
    if _is_rcode(slot):
        return SlotOutcome("rcode")
    return SlotOutcome("return") if numbers and _is_errno(slot) else None


def _of_status(slot: Slot, names: tuple[str, ...], *, numbers: bool) -> SlotOutcome | None:
    if numbers and (is_http(slot) or is_http(slot, usual=0.4)):
        return SlotOutcome("http")
    texts = {plain_word(value.text) for value in slot.values}
    if "grpc" in names or texts & _GRPC_ALONE:
        return SlotOutcome("grpc") if all(grpc_name(value.text) for value in slot.values) else None
    if numbers:
        return SlotOutcome("exit", sure=False) if texts <= set(map(str, range(17))) else _of_reply(slot)
    if names[-1] in _JUDGED and texts & {"up", "down"}:
        return None
    return SlotOutcome("word")


def _of_number(slot: Slot, label: NumberLabel) -> SlotOutcome | None:
    """Return what a number of a text tells of, by the words beside it."""
    names, few = set(label.words), not slot.many and not slot.buckets
    codes = bool({"code", "status"} & names)
    if few and (_CODES & names or ({"exit", "exited"} & names and codes)):
        return SlotOutcome("exit")
    if few and codes and _RPC.search(label.before) and all(grpc_name(value.text) for value in slot.values):
        return SlotOutcome("grpc")
    if not FAILING.isdisjoint(names):
        return SlotOutcome("count") if _counts(slot) and not _SHARES & names else None
    if few and (_returns(slot, names) or _EXITED.search(label.before)):
        return SlotOutcome("exit")
    return _of_answer(slot, label, codes=codes) or _of_work(slot, label) or _of_zero(slot, label)


def _of_answer(slot: Slot, label: NumberLabel, *, codes: bool) -> SlotOutcome | None:
    """Return whether it is a status of HTTP, as an outcome."""
    of_process = label.before == "[" and not _BRACKETED.match(label.behind)  # at the line's beginning
    numbered = _NUMBERED.search(label.before) or _NOUN.match(label.behind)
    if of_process or numbered:
        return None
    return SlotOutcome("http", sure=codes) if is_http(slot) else _of_reply(slot)


def _of_work(slot: Slot, label: NumberLabel) -> SlotOutcome | None:
    """Return whether it is what a function returned, or how much was done."""
    if not slot.many and not slot.buckets and _RETURNS.search(label.before) and _is_errno(slot):
        return SlotOutcome("return")
    if not DONE.isdisjoint(label.words) and _counts(slot):
        return SlotOutcome("done", sure=False)
    if not _RETURNED_NONE.isdisjoint(label.words) and _counts(slot) and _has_zero(slot):
        return SlotOutcome("found", sure=False)
    below = label.before.rstrip(" -").endswith((":", "=", "=>")) and _is_errno(slot)
    return SlotOutcome("return", sure=False) if below and not slot.many else None


def _has_zero(slot: Slot) -> bool:
    return any(value.text == "0" for value in count_values(slot))


def _of_zero(slot: Slot, label: NumberLabel) -> SlotOutcome | None:
    """Return whether it may be a code of which 0 says that all is well: by its values alone, so unsure."""
    if slot.many or slot.buckets or not any(value.text == "0" for value in slot.values):
        return None
    if _NUMBERED.search(label.before) or _NOUN.match(label.behind) or _MEASURES & {*label.words}:
        return None
    return SlotOutcome("zero", sure=False)


def _returns(slot: Slot, names: set[str]) -> bool:
    """Return whether a number is what a program or a function returns: -1, or a code."""
    if {"exit", "exited"} & names and "with" in names:
        return True
    negative = any(value.text.startswith("-") for value in slot.values)
    return bool(_RETURNED & names) and (negative or ("code" in names and not is_http(slot)))


def _is_errno(slot: Slot) -> bool:
    """Whether some of a slot's numbers are below zero, and each of these may be an error's number."""
    below = [int(value.text) for value in slot.values if value.text[:1] == "-" and value.text[1:].isdecimal()]
    return bool(below) and min(below) >= -_ERRNO


@lru_cache(maxsize=4096)
def speaks_of_request(sample: str) -> bool:
    """Return whether a line speaks of a request or of an answer."""
    return _REQUEST.search(sample) is not None


def is_said(outcome: SlotOutcome, sample: str) -> bool:
    """Return whether a line says of a number that it is what an outcome takes it for."""
    if outcome.kind == "found":
        return not _MAY_BE_EMPTY.search(sample)
    return speaks_of_request(sample) if outcome.kind == "http" else _is_reply(outcome, sample)


def _is_reply(outcome: SlotOutcome, sample: str) -> bool:
    return outcome.kind == "reply" and _REPLIED.search(sample) is not None


def find_outcomes(slots: Iterable[Slot], sample: str) -> dict[str, SlotOutcome]:
    """Return those of a template's slots that tell how something ended."""
    around = label_numbers(sample)
    known = {}
    for slot in slots:
        numbered = slot.name.startswith("#")
        if numbered and slot.name not in around:
            continue
        outcome = find_outcome(slot, around[slot.name] if numbered else None)
        if outcome:
            known[slot.name] = SlotOutcome(outcome.kind, outcome.sure or is_said(outcome, sample))
    return known


@lru_cache(maxsize=8192)
def tells_answer(slots: tuple[Slot, ...], sample: str) -> bool:
    """Return whether a template tells of requests or calls, by a slot that is their status."""
    known = find_outcomes(slots, sample)
    return any(outcome.kind in ("http", "grpc") and outcome.sure for outcome in known.values())


def _counts(slot: Slot) -> bool:
    """Return whether all values are numbers, and none is a share or has a unit."""
    return (
        bool(slot.values or slot.buckets)
        and all(value.text.isdecimal() for value in slot.values)
        and not any(bucket.unit for bucket in slot.buckets)
    )
