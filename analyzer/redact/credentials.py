"""The credentials that are always masked: by their issuers' prefixes, by where a protocol has them, or by the
name before them.
"""

import re

from analyzer.redact import commands, named
from analyzer.redact.issuers import TOKENS
from analyzer.redact.rules import RedactionRule, RuleGroup, Table
from analyzer.redact.words import FOREIGN_NAME, FREE, KEY, NOT_ASCII, VALUE

# what a person does not write: a digit, padding, a capital inside
_MIXED = r"(?=[^\s\"',;&]{0,200}(?:[0-9=]|[a-z][A-Z]))"
_OPAQUE = (
    r"(?=[\w.~+/-]{0,400}(?:[0-9]|[a-z][A-Z]|=++(?!\w)))"  # … within one token, `name=` being no padding
)

_KEYS = (
    RedactionRule(
        "private key",
        ("private key",),
        (
            r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?"
            r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)"
        ),
    ),
    RedactionRule("private key", ("private key",), r"(?m)^.*-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"),
)
_IN_URL = re.compile(r"://[^\s]{0,400}@")
_TWO_MARKS = re.compile(r"://[^\s@]{0,200}@[^\s@]{0,300}@")
_USER_PART = r"://[^\s:/?#@\[\"']{0,100}:"
_USER = rf"[A-Za-z][A-Za-z0-9+.-]{{1,30}}{_USER_PART}"
_SERVERS = (
    r"amqps?|rediss?|postgres(?:ql)?|mysql|mariadb|mongodb|clickhouse|cockroachdb|nats|mqtts?|smtps?|ldaps?"
    r"|sqlserver|mssql|stomp"
)
_AWS = RedactionRule("aws secret key", ("[masked aws key id]",), r"(?<![\w/+=])[A-Za-z0-9/+]{40}(?![\w/+=])")
_PROTOCOLS = (
    RedactionRule(
        "authorization",
        ("authorization",),
        (
            rf"(?P<head>(?i:authorization)\\*+[\"']?\s{{0,3}}[:=]\s{{0,3}}\\*+[\"'\[(]?)"
            rf"(?:(?i:basic|bearer|digest|token|negotiate|apikey|aws4-hmac-sha[0-9]+)\s+{VALUE}"
            rf"|{_MIXED}(?:{FREE}[\w.~+/=-]){{8,}})"
        ),
    ),
    RedactionRule(
        "bearer token",
        ("bearer",),
        rf"(?P<head>\b(?i:bearer)\s{{1,3}}){_OPAQUE}(?:{FREE}[\w.~+/-]){{8,}}={{0,2}}(?![\w=])",
    ),
    RedactionRule(
        "basic auth",
        ("basic",),
        rf"(?P<head>\b(?i:basic)\s{{1,3}}){_OPAQUE}(?:{FREE}[\w+/-]){{8,}}={{0,2}}(?![\w=])",
    ),
    # Up to the last @ before the host: with any marks where a port follows the host, or no path has an @
    RedactionRule(
        "url password",
        _TWO_MARKS,
        (
            rf"(?P<head>{_USER})(?![0-9]{{1,5}}[/?#])(?:{FREE}(?!://)[^\s\"'<>]){{1,300}}(?P<tail>@)"
            r"(?=[\w.-]{1,100}:[0-9]{1,5}(?![\w@:.-]))"
        ),
    ),
    RedactionRule(
        "url password",
        _TWO_MARKS,
        (
            rf"(?P<head>(?<![a-z0-9])(?i:{_SERVERS})(?:\+\w{{1,20}})?{_USER_PART})"
            rf"(?:{FREE}(?!://|\?\w+=)[^\s\"'<>]){{1,300}}(?P<tail>@)(?=[\w\[.-])"
        ),
    ),
    RedactionRule(
        "url password",
        _IN_URL,
        (
            rf"(?P<head>{_USER})"
            # … up to a slash, or with slashes where it does not begin like a port
            rf"(?:(?:{FREE}[^\s/\"'<>]){{1,300}}|(?![0-9]{{1,5}}[/?#])(?:{FREE}[^\s\"'<>]){{1,300}})"
            r"(?P<tail>@)"
        ),
    ),
    RedactionRule(
        "url password",
        re.compile(r"://[\w.~%-]{20,300}@"),
        rf"(?P<head>[A-Za-z][A-Za-z0-9+.-]{{1,30}}://){_MIXED}(?:{FREE}[\w.~%-]){{20,300}}(?P<tail>@)",
    ),
    RedactionRule(
        "url password",
        ("jdbc:oracle",),
        rf"(?P<head>jdbc:oracle:\w{{1,10}}:[^\s/@]{{1,64}}/)(?:{FREE}[^\s@]){{1,256}}(?P<tail>@)",
    ),
    RedactionRule(
        "url password",
        ("@tcp(", "@unix("),
        rf"(?P<head>(?<![\w.-])[\w.-]{{1,64}}:)(?:{FREE}[^\s\"']){{1,256}}(?P<tail>@(?:tcp|unix)\()",
    ),
    RedactionRule(
        "basic auth",
        ('auth"', "auth\\", "_auth="),
        (
            rf"(?P<head>(?i:[\"_]auth)(?:\\*\"\s{{0,3}}:\s{{0,3}}\\*\"|=)){_MIXED}"
            rf"(?:{FREE}[\w+/-]){{8,}}={{0,2}}"
        ),
    ),
    RedactionRule(
        "signature",
        re.compile("sig(?:nature)?="),
        rf"(?P<head>(?i:[?&;](?:sig|x-amz-signature|x-goog-signature|signature)=)){VALUE}",
    ),
    RedactionRule(
        "cookie",
        ("cookie",),
        rf"(?P<head>(?i:cookie)\\*[\"']?\s{{0,3}}[:=]\s{{0,3}}\\*[\"']?)[\w.-]+=(?:{FREE}[^\"'\\\n])+",
    ),
)

# What nearly every ordinary line lacks. Each branch starts at a letter that is rare in logs and looks behind
# itself, for the search costs by the places where a branch may start.
_HINT = re.compile(
    rf"{KEY}|k(?:(?<=tok)en|(?<=cook)ie|(?<=slack)\.com|(?<=webhook)\.office)|b(?:earer|asic)"
    rf"|w(?<=pw)[d:=\"'\s]|{FOREIGN_NAME}"
    r"|z(?<=authoriz)ation|:(?://[^\s]{0,400}@|aa)|@(?:tcp|unix)\(|~(?<=q~)|j(?<=eyj)|x(?:ox|app-)"
    r"|g(?<=sig)(?:=|nature=)|s(?<=pass|sess)"
    r"|c(?:(?<=sec)ret|redential|(?<=jdbc):oracle|(?<=redis-c)li)"
    r"|h(?<=auth)(?:\\*[\"'\s]|[\]=]|(?<=redis.auth|masterauth):)"
    rf"|l(?:(?<=curl)|(?<=mysql)|(?<=from-l)iteral)|{commands.HINT}"
)
# what is a token without such a run as the others have
_SHORT = re.compile(r"slack\.com|webhook\.office|:aa|q~|eyj|xox|xapp-")
# … and what every other token of an issuer has: so many letters, digits, dashes and underscores in a row,
# more than a digest has.
_RUN = b"x" * 16
_AS_RUN = bytes(
    ord("x") if byte >= 128 or chr(byte).isalnum() or chr(byte) in "_-" else ord(" ") for byte in range(256)
)
_AS_HEX = bytes(ord("h") if chr(byte) in "0123456789abcdefABCDEF-" else _AS_RUN[byte] for byte in range(256))
_RUNS = re.compile(rb"[hx]{16,}")
_FOREIGN = re.compile(FOREIGN_NAME)
_NOT_ASCII = re.compile(NOT_ASCII)


def _may_hold(text: str) -> tuple[bool, ...]:
    """Return which groups may find something in a text, in about a microsecond. Nearly every ordinary line
    has none.
    """
    lower, run = text.lower(), _has_run(text)
    strange = not text.isascii() and bool(_NOT_ASCII.search(lower))
    if not strange and not _HINT.search(lower):
        return (True, False, False, False) if run else (False, False, False, False)
    return (
        run or bool(_SHORT.search(lower)),
        True,
        bool(named.HINT.search(lower)),
        strange or bool(_FOREIGN.search(lower)),
    )


def _has_run(text: str) -> bool:
    raw = text.encode("latin-1", "replace")
    return _RUN in raw.translate(_AS_RUN) and b"x" in b"".join(_RUNS.findall(raw.translate(_AS_HEX)))


CREDENTIALS = Table(
    _may_hold,
    RuleGroup(*TOKENS, _AWS),
    RuleGroup(*_KEYS, *_PROTOCOLS, *commands.COMMANDS, *named.OPEN),
    RuleGroup(*named.NAMED),
    RuleGroup(*named.FOREIGN_NAMED),
)
