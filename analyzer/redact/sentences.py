"""What a sentence says of a secret, in any language: "the password for shop is …". A setting with its value
beside it.
"""

import re

from analyzer.redact.rules import RedactionRule
from analyzer.redact.words import ANY, FOREIGN, FOREIGN_CUE, FREE, KEYS, LOGIN, PROSE

_OF = r"(?:\s(?:for|of|to|on|in)(?:\s[\w.@'\"-]{1,40}){1,3}?)?"
_IS = (
    r"\s(?:(?:is|was|has been|being)(?:\snow)?(?:\s(?:set|changed|updated|reset|equal)\sto)?|set\sto|ist"
    r"|lautet|war|est|es|é|è)"
)
_ASCII = r"[A-Za-z0-9_!@#$%^&*+~?-]"
_OPAQUE = (
    r"(?=[^\s\"'`]{0,60}?[0-9])(?=[^\s\"'`]{0,60}?[A-Za-z])"
    r"(?!(?i:s?sha|argon|pbkdf|md[0-9]|base[0-9]|[hre]s[0-9]{3}))"
)
_OPAQUE += r"(?![a-z]{2,20}(?:[-_][a-z0-9]{1,20}){1,8}(?![\w-]))"  # cart-tls-4xqjf is an object's name
_END = r"(?=[\s\"'`,;.!)\]}]|$)"

# A token with a mark or a capital inside is no word, but for what people join: "read-only", "not_set",
# "URL-encoded", "OAuth".
_JOINED = (
    r"(?:(?:not|non|no|un|re|pre|too|auto|self|well|in|out|up|read|write|case|base|one|single|multi|short"
    r"|long|user|per|server|client|plain|clear|never|still|url|world|human|open|github|gitlab|oauth|postgre"
    r"|my|java|type|camel|pascal|snake)[-_]?[a-z_-]*"
    r"|[a-z]+[-_][a-z]*(?:ed|able|ible|ing|ive|ent|ant|only|less|free|like|side|date|set|wide|specific|empty"
    r"|use|time|valid))(?![\w-])"
)
_ODD = (
    rf"(?=[A-Za-z]+[-_][A-Za-z]|[A-Za-z]*[a-z][A-Z])(?!(?i:{_JOINED}))(?![A-Z]+(?:_[A-Z]+)+\b)"
    r"(?![\w-]*(?i:passw))"
)

_DIRECTIVE_NAME = "requirepass|bindpw|rootpw"
_SAYS = (
    r"[a-z0-9_.-]{0,16}+[\"'`]?\s(?:(?:for|of|to|on|in)\s[^\n]{1,80}?\s(?:is|was|set|ist|lautet|est?|[éè]"
    r"|from)|is|was|has|being|set|ist|lautet|war|est?|[éè]|from\s[^\n]{1,80}?\sto)\s"
)
_BESIDE = r"[a-z]{0,6}+\s{1,3}(?:(?<![^_-]secret\s)[\"'`])?(?=[^\s]{0,60}[0-9])[\w+/=~!@#$%^*-]{12}"
# What stands behind `ANY` where one of these may be.
BEHIND = rf"(?:{_SAYS}|{_BESIDE}|(?:(?<=requirepass)|(?<=bindpw|rootpw))\s{{1,4}}[^\s=:])"
_SAYING, _SPACED = re.compile(ANY + _SAYS), re.compile(ANY + _BESIDE)
_LOGIN = rf"(?<!\[masked )(?<![\w$.{{-])(?i:{LOGIN})"
_FOREIGN_IS = r"\s(?i:ist|lautet|est|es|é|è|är|er|jest|is|on|je|este|là|[\u2012-\u2015-])"
_WORD = rf"(?<!\[masked )(?<![\w$.{{-])(?i:{LOGIN}|token|secret|{KEYS}[-_ ]key)"
_CHANGES = r"(?i:chang|rotat|updat|replac|reset)(?i:e|es|ed|ing|ting)?\s(?:the\s)?(?:[\w.-]{1,40}\s)?"
_SETTING = (
    rf"(?<![\w.-])(?i:x-[\w-]{{0,40}}?(?:key|token|secret)|[\w-]{{0,40}}?_(?:{LOGIN}|secret|token|key))"
)

SENTENCES = (
    RedactionRule(
        "secret",
        _SAYING,
        rf"(?P<head>{_WORD}[\"'`]?{_OF}(?i:{_IS})\s?:?\s?[\"'`]?){_OPAQUE}(?:{FREE}{_ASCII}){{8,}}{_END}",
    ),
    RedactionRule(
        "secret",
        _SAYING,
        rf"(?P<head>{_LOGIN}[\"'`]?{_OF}(?i:{_IS})\s?:?\s?[\"'`]?){_ODD}(?:{FREE}{_ASCII}){{6,}}{_END}",
    ),
    *(
        RedactionRule(
            "secret",
            (" from ",),
            rf"(?P<head>{_CHANGES}{word}{_OF}\s(?i:from)\s{between}[\"'`]?){what}{FREE}[^\s\"'`]{{6,}}{end}",
        )
        for word, what in ((_WORD, _OPAQUE), (_LOGIN, _ODD))
        for between, end in (("", "(?=[\"'`]?\\sto\\s)"), (r"[^\n]{1,80}?\s(?i:to)\s", ""))
    ),
    RedactionRule(
        "secret",
        _SPACED,
        rf"(?P<head>{_SETTING}\s{{1,3}}[\"'`]?){_OPAQUE}(?:{FREE}[\w+/=~!@#$%^*-]){{12,}}{_END}",
    ),
    RedactionRule(
        "secret",
        tuple(_DIRECTIVE_NAME.split("|")),
        (
            rf"(?P<head>(?<![\w.-])(?i:{_DIRECTIVE_NAME})\s{{1,4}}[\"']?)(?i:{PROSE}){FREE}[^\s\"']{{4,}}"
            r"(?=[\"']?\s{0,9}$)"
        ),
    ),
)
FOREIGN_SENTENCES = (
    RedactionRule(
        "secret",
        FOREIGN_CUE,
        (
            rf"(?P<head>(?i:{FOREIGN})\s?(?:[是为為はがは는은이가]|{_FOREIGN_IS}\s)\s?[\"'`「『«]?){_OPAQUE}"
            rf"(?:{FREE}{_ASCII}){{6,}}"
        ),
    ),
)
