"""A secret behind its name: assigned, in a list of arguments, in a table, in a sentence, in markup."""

import re

from analyzer.redact import sentences
from analyzer.redact.rules import RedactionRule
from analyzer.redact.words import (
    ANY,
    COLUMN,
    FOREIGN,
    FOREIGN_CUE,
    FOREIGN_PROSE,
    FREE,
    LOGIN,
    NAME,
    PLACEHOLDER,
    PROSE,
    SEPARATOR,
    SETTING,
    STRANGE,
    WIDE,
    WORD,
    WRAPPED,
)

_BEHIND = rf"{ANY}[][%a-z0-9_.-]{{0,16}}"
_TABLED = r"(?:\s{0,40}[|│┃║]|\s{2}|\t)"
_STATED = r"[\"'`]?\s(?:is|was|has been|being|now|set|equal|changed|updated|initiali[sz]ed|overridden|to)\s"
_VALUED = r"\\{0,4}[\"'\s,]{1,4}\\{0,4}[\"']?val"

_AN_OPTION = r"-(?<![\w.-]-)-?[a-z]"

_CLOSE = rf"[][%a-z0-9_.-]{{0,16}}(?:{SEPARATOR}|{_TABLED}|{_STATED}|{_VALUED}|>[^<]|=\{{)"
HINT = re.compile(rf"{ANY}(?:{_CLOSE}|{sentences.BEHIND})|{_AN_OPTION}")
_NAMED, _IN_TABLE, _IN_TEXT, _NAME_AND_VALUE = (
    re.compile(_BEHIND + ending) for ending in (SEPARATOR, _TABLED, _STATED, _VALUED)
)
_ARGUMENT = re.compile(_AN_OPTION)

_QUOTE = r"(?:(?P<slash>\\*+)(?P<quote>[\"']))"
_UNQUOTED = r"[^\n]+?(?P<tail>(?<!\\)(?P=slash)(?P=quote)|$)"
_OPTION = rf"-(?<![\w.-]-)-?(?i:[\w.-]{{0,60}}?{NAME})"
_ITEM = rf"(?:{FREE}[^\s\"',;&<>(){{}}\\\]])+"
_CELL = r"\s{0,40}[|│┃║]\s{0,40}"
_END = r"(?=\s{0,60}(?:[|│┃║]|$))"
_WORDS = (
    r"(?i:(?:(?:is|was|has been|being)\s)?(?:now\s)?(?:set|equal|changed|updated|initiali[sz]ed|overridden)\s"
    r"(?:to|as|with|by))"
)
_CHANGING = r"(?i:sett?(?:ing)?|chang(?:e|ing)|updat(?:e|ing))"


def _value_behind(head: str, free: str) -> str:
    """Return the pattern of a value behind `head`, with or without quotes."""
    return rf"(?m)(?P<head>{head}{_QUOTE}?){FREE}{free}(?(quote){_UNQUOTED}|{WIDE})"


NAMED = (
    # An argument, in a list as any language prints it: ['--password', 'X'], ["--password","X"], [--password,
    # X], [--password X].
    RedactionRule(
        "secret",
        _ARGUMENT,
        rf"(?m)(?P<head>{_OPTION}(?:\\*+[\"'])?[\s,]{{1,4}}{_QUOTE}){FREE}(?!-)(?i:{PROSE}){_UNQUOTED}",
    ),
    RedactionRule(
        "secret",
        _ARGUMENT,
        rf"(?P<head>{_OPTION},\s{{0,2}})(?!-){PLACEHOLDER}(?i:{PROSE}){_ITEM}(?=[,\]}})])",
    ),
    RedactionRule(
        "secret",
        _ARGUMENT,
        rf"(?P<head>{_OPTION}\s{{1,3}}\\*+[\"']?)(?!-|argv\[){PLACEHOLDER}(?i:{PROSE}){_ITEM}",
    ),
    RedactionRule(
        "secret",
        ("from-literal",),
        _value_behind(r"--from-literal(?:\\*+[\"'])?[=\s,]{1,4}(?:\\*+[\"'])?[\w.-]{1,253}=", ""),
    ),
    RedactionRule("secret", _NAMED, _value_behind(rf"(?i:{NAME}){SEPARATOR}{WRAPPED}", rf"(?i:{PROSE})")),
    # In a table, where it is a cell of its own, and in columns.
    RedactionRule(
        "secret", _IN_TABLE, rf"(?m)(?P<head>{SETTING}{_CELL})(?i:{PROSE}){COLUMN}(?:{FREE}[^\s|│┃║])+{_END}"
    ),
    RedactionRule(
        "secret",
        _IN_TABLE,
        rf"(?m)(?P<head>{WORD}{_CELL})(?i:{PROSE}){STRANGE}(?:{FREE}[^\s|│┃║]){{6,}}{_END}",
    ),
    RedactionRule(
        "secret",
        _IN_TABLE,
        (
            rf"(?m)(?P<head>^\s{{0,40}}[\w.]{{0,60}}?{SETTING}(?:[ ]{{2,60}}|\t[ \t]{{0,20}}))"
            rf"(?i:{PROSE}){COLUMN}(?:{FREE}[^\s:])+(?=\s{{2}}|\t|\s*$)"
        ),
    ),
    # In a sentence: of a setting anything, of a word of the language what is no word itself.
    RedactionRule(
        "secret", _IN_TEXT, rf"(?P<head>{SETTING}[\"'`]?\s{_WORDS}\s?:?\s?[\"'`]?)(?i:{PROSE}){WIDE}"
    ),
    RedactionRule(
        "secret",
        _IN_TEXT,
        rf"(?P<head>{_CHANGING}\s[\w.]{{0,60}}?{SETTING}\s(?i:to)\s[\"'`]?)(?i:{PROSE}){WIDE}",
    ),
    RedactionRule(
        "secret",
        _IN_TEXT,
        (
            rf"(?P<head>(?:{SETTING}\s(?i:is|was)|{WORD}\s(?i:(?:is|was)\s(?:now\s)?set\sto))\s?:?\s?[\"'`]?)"
            rf"{STRANGE}{FREE}[^\s\"'`,;:()/=.]{{6,}}"
        ),
    ),
    *sentences.SENTENCES,
    RedactionRule(
        "secret", ("</",), rf"(?P<head><(?i:[\w:.-]{{0,40}}?{NAME})>)(?:{FREE}[^<>\n])+(?P<tail></)"
    ),
    RedactionRule(  # a variable as Kubernetes has it, a setting as .NET does
        "secret",
        _NAME_AND_VALUE,
        (
            rf"(?P<head>(?i:(?:name|key)\\*+[\"']?\s?[:=]\s?\\*+[\"']?[\w.:-]{{0,60}}?{NAME})\\*+"
            r"[\"']?,?\s{0,2}\\*+[\"']?(?i:val(?:ue)?)"
            rf"\\*+[\"']?\s?[:=]\s?\\*+[\"']?)(?i:{PROSE})(?:{FREE}[^\s\"'\\<>])+"
        ),
    ),
    RedactionRule(
        "secret", ("={",), rf"(?P<head>(?i:{LOGIN})=\{{)(?:{FREE}[^}}\n]){{1,250}}(?P<tail>\}})"
    ),  # ODBC's quotes
)
FOREIGN_NAMED = (
    RedactionRule("secret", FOREIGN_CUE, _value_behind(rf"(?i:{FOREIGN}){SEPARATOR}", FOREIGN_PROSE)),
    *sentences.FOREIGN_SENTENCES,
)
OPEN = (
    RedactionRule(  # Redis's
        "secret",
        ("redis_auth", "redis-auth", "masterauth"),
        rf"(?m)(?P<head>(?i:redis[_-]auth|masterauth)\]?(?:{SEPARATOR}|\s{{1,3}})[\"']?)(?i:{PROSE}){WIDE}",
    ),
    RedactionRule(  # in prose, where it is no word
        "secret",
        ("pass", "pwd"),
        (
            rf"(?P<head>(?i:{LOGIN})\s(?:(?i:is|was|set to)\s?:?\s?)?[\"'`]?)(?=[^\s\"'`]*[0-9])"
            rf"(?=[^\s\"'`]*[A-Za-z])(?!(?i:s?sha|argon|pbkdf|base[0-9])){FREE}[^\s\"'`,;:()/=.]{{6,}}"
        ),
    ),
)
