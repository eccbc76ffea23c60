"""Whether a place of a template is a parameter: how many values it has to take, by what they look like and
what stands before them.
"""

import re
from collections.abc import Collection
from functools import lru_cache

MANY = 4  # values that make a place a parameter …
FEW_ANNOUNCED = 3  # … behind a word that announces one ("user", "host")
MANY_AT_START = 8  # … at the beginning, where a statement's own verb or noun stands
THIN = 10  # … in a template with fewer than three words that stay
_ANNOUNCING = re.compile(  # words that a name follows
    r"[(\[\"']*(?:users?|username|account|login|logname|for|by|from|host|hostname|node|pod|client|customer"
    r"|tenant|service|task|job|worker|session|table|database|db|queue|topic|key|file|directory|dir|module"
    r"|device|interface|process|program|command|container|image|volume|bucket|region|zone|cluster|group|role"
    r"|index|shard|partition|member|peer|package|domain|realm|channel|named|called|name|id|feature|flag"
    r"|plugin|component|resource|namespace|consumer|producer|item|sku|product|tag|label|attribute|property"
    r"|field|column)[:(\[\"']*",
    re.I,
)
_ACTION = re.compile(
    r"(?:[a-z]{2,}(?:ed|ing)|(?i:on|off|up|down|ok|yes|no|not|none|true|false|null|start|stop|open|close"
    r"|begin|end|success|fail|failure|enabled?|disabled?|ready|hit|miss|left|lost|sent|read|write|get|set|put"
    r"|in|out|to|of|is|was|are|and|or))[.,;:!?)\]]*"
)
_FAULT = re.compile(
    r"(?:Error|Exception|Failure|Fault|Panic|Timeout)\b|\bSIG[A-Z]{2,}|\dxx"
    # errno.h
    r"|\bE(?:CONN|HOST|NET(?:DO|RE|UN)|ADDR|NO[A-Z]|PERM|ACCE|AGAIN|BUSY|EXIST|INVAL|[MN]FILE|PIPE|TIMED|INTR"
    r"|PROTO|ROFS|FAULT|BAD|CHILD|DEADLK|LOOP|MSGSIZE|NAMETOO|DQUOT|STALE|ALREADY|INPROGRESS|CANCEL|XDEV"
    r"|ISDIR|FBIG|SRCH|RANGE|2BIG)[A-Z]*\b"
    r"|ERR|FAIL|INVALID|DENIED|TIMEOUT|TIMED|REFUSED|UNAVAILABLE|EXHAUSTED|EXCEED|UNKNOWN|ABORT|MISSING|_E_"
    r"|UNAUTH|FORBIDDEN|OOM|KILL"
)
_TELLING = re.compile(
    (
        r"(?:status|state|result|error|reason|code|level|type|method|action|phase|outcome|event|cause|op"
        r"|operation)="
    ),
    re.I,
)
# Before what went wrong.
_WHY = re.compile(
    r"(?:\b|_)(?:err(?:or)?s?|exceptions?|fail(?:ed|ure|s)?|faults?|reason|cause|because|why|due to)\W*$",
    re.I,
)
_STATE = re.compile(r"\W*[A-Z][A-Z0-9_]+\W*")
_NOTHING = r"\[\]|\(\)|\{\}|(?i:null|nil|none|n/a)"  # the lack of a value, which is one
_LACK = re.compile(rf"\W*(?:<nil>|{_NOTHING})\W*")
_VALUE = re.compile(rf"[^\w<]*(?:<(?:\w+|\*)>|{_NOTHING})[^\w<]*")


@lru_cache(maxsize=16384)  # pure, and asked of the same words again and again
def is_word(token: str) -> bool:
    """Return whether it has a word that may be the statement's: letters, and nothing masked."""
    return any("<" not in part and any(map(str.isalpha, part)) for part in token.split())


def is_value(token: str) -> bool:
    """Return whether it is one masked value and nothing else."""
    return _VALUE.fullmatch(token) is not None


def is_lack(token: str) -> bool:
    """Return whether it says that there is no value."""
    return _LACK.fullmatch(token) is not None


def tells_why(before: str) -> bool:
    """Return whether the text before a value announces a failure: the lack of one is then a success."""
    return _WHY.search(before) is not None


@lru_cache(maxsize=16384)
def is_fault(token: str) -> bool:
    """Return whether it names what went wrong: lines that differ in that are never one event."""
    return _FAULT.search(token) is not None


def count_needed(place: int, before: str, values: Collection[str], stays: int, *, kin: bool) -> int:
    """Return how many values make the place a parameter; 0 when none do.

    `stays`: the words of the template that are the same in every line. `kin`: another place takes the same
    values.
    """
    if not (stays or kin) or any(map(is_fault, values)):
        return 0
    if tells_why(before) and not all(
        "<" in value and not is_lack(value) for value in values
    ):  # a reason, or that there is none
        return 0 if all(value[:1] in "([{" for value in values) else MANY
    if kin or _is_plural(values) or any(map(is_value, values)) or all("<" in value for value in values):
        return 2
    if before.endswith("="):
        return MANY if _TELLING.search(before) else 2
    if sum(1 for value in values if _ACTION.fullmatch(value.strip())) * 4 > len(values):
        return 0
    return _needed_words(place, before, values, stays)


def _needed_words(place: int, before: str, values: Collection[str], stays: int) -> int:
    """Return the same for bare words: it hangs on what stands before them."""
    starts = not place or before.startswith("/") or not before.endswith((" ", "(", "["))
    if not starts and _ANNOUNCING.fullmatch(before.strip()):
        return FEW_ANNOUNCED
    if starts and all(value.endswith("(") for value in values):
        return MANY
    if stays < FEW_ANNOUNCED:
        return THIN
    if all(map(_STATE.fullmatch, values)):
        return FEW_ANNOUNCED
    return MANY_AT_START if starts else MANY


def _is_plural(values: Collection[str]) -> bool:
    """Return whether they are one word in singular and plural."""
    if len(values) != 2:
        return False
    one, two = sorted((value.strip(" .,;:)") for value in values), key=len)
    return len(one) > 2 and f"{one}s" == two
