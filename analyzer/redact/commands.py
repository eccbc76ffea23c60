"""Passwords in command lines, of programs whose options have no telling name: as a shell prints them, and as
a list of arguments.
"""

import re

from analyzer.redact.rules import RedactionRule
from analyzer.redact.words import FREE, NAME, VALUE

_NEXT = r"(?:\\*+[\"'])?[\s,]{1,4}(?:\\*+[\"'])?"  # between two arguments: ` `, `","`, `', '`
_BEFORE = r"[\s\"',\[]"
_ARGUMENT = r"(?!\[masked )[^\s\"',\\\[-][^\s\"'\\]*"
_OPAQUE = r"(?=[^\s\"',]{0,60}[0-9])(?=[^\s\"',]{0,60}[A-Za-z])"

# The letters at which a search for them begins, as in `credentials`.
HINT = (
    r"g(?<=log)in(?:(?<=vault.login)|(?<=vault...login)|[\\\"'\s,]{1,6}-)|q(?<=sq)lcmd|f(?<=identif)ied\s"
    r"|g(?<=mong)o\w{0,10}[\\\"'\s,]{1,4}-"
)

_LOGIN = re.compile(r"login[\\\"',\s]{1,8}-")

COMMANDS = (
    RedactionRule(
        "secret",
        ("argv[",),
        (
            r"(?P<head>\bargv\[[0-9]{1,3}\]\s?[=:]\s?\\*+[\"']?--?"
            rf"(?i:[\w.-]{{0,60}}?{NAME})\\*+[\"']?,?\s{{1,3}}"
            rf"argv\[[0-9]{{1,3}}\]\s?[=:]\s?\\*+[\"']?){VALUE}"
        ),
    ),
    RedactionRule(
        "secret",
        ("mysql", "maria"),
        (
            rf"(?P<head>\b(?:mysql|maria)[\w-]{{0,20}}\b[^\n]{{0,200}}?{_BEFORE}-p)"
            rf"(?!(?:ort|rotocol|ath|id|lugin|rofile|refix)\b){_ARGUMENT}"
        ),
    ),
    RedactionRule(
        "secret", ("redis-cli",), rf"(?P<head>\bredis-cli\b[^\n]{{0,200}}?{_BEFORE}-a{_NEXT}){_ARGUMENT}"
    ),
    RedactionRule(
        "secret",
        ("mongo",),
        rf"(?P<head>\bmongo\w{{0,10}}\b[^\n]{{0,200}}?{_BEFORE}-p(?:{_NEXT})?)(?!ort\b){_ARGUMENT}",
    ),
    RedactionRule(
        "secret", ("sshpass",), rf"(?P<head>\bsshpass\b[^\n]{{0,60}}?{_BEFORE}-p(?:{_NEXT})?){_ARGUMENT}"
    ),
    RedactionRule(
        "secret", ("sqlcmd",), rf"(?P<head>\bsqlcmd\b[^\n]{{0,200}}?{_BEFORE}-P(?:{_NEXT})?){_ARGUMENT}"
    ),
    RedactionRule(
        "secret",
        _LOGIN,
        (
            r"(?P<head>\b(?:docker|podman|nerdctl|buildah|skopeo|crane|oras|helm|az|oc|cf)"
            rf"(?:{_NEXT}registry)?{_NEXT}login\b[^\n]{{0,200}}?{_BEFORE}-p{_NEXT}){_ARGUMENT}"
        ),
    ),
    RedactionRule(
        "secret",
        ("vault",),
        (
            rf"(?P<head>\bvault{_NEXT}login{_NEXT}(?:-[\w=/-]{{1,60}}{_NEXT}){{0,3}}"
            rf"(?:token=)?){_OPAQUE}{_ARGUMENT}"
        ),
    ),
    RedactionRule(
        "secret",
        ("identified",),
        (
            r"(?P<head>(?i:\bidentified\s(?:with\s[\w'\"]{1,40}\s)?(?:by|as)\s(?:password\s)?)\\*+"
            rf"[\"']){FREE}[^\"'\\\n]+"
        ),
    ),
    RedactionRule(
        "basic auth",
        ("curl",),
        (
            rf"(?P<head>\bcurl\b[^\n]{{0,200}}?{_BEFORE}(?:-u|--user)"
            rf"(?:{_NEXT}|=\\*+[\"']?)[\w.@-]{{1,64}}:){VALUE}"
        ),
    ),
    RedactionRule("secret", ("auth ",), r"(?P<head>(?<![\w-])(?i:auth)\s)[0-9a-f]{32}(?![\w-])"),  # Twilio's
)
