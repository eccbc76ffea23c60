"""One token of a line to its placeholder, and a URL's path to its route."""

import re
from functools import lru_cache

from analyzer.logs.methods import METHODS

ZEROES = str.maketrans("123456789", "000000000")
ERROR_FIELDS = ("err", "error")
SHORT_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
MONTH = rf"(?:{SHORT_MONTHS})[a-z]*"
_ROOTS = (
    "app|bin|boot|data|dev|etc|home|lib0*|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|users?"
    "|var|workspace|go|src"
)
_TOP = (
    "com|net|org|edu|gov|io|info|biz|cn|de|uk|jp|tw|hk|fr|ru|br|in|it|nl|pl|kr|us|eu|cc|me|dev|local"
    "|localdomain|internal|lan|svc"
)
_OPENING, _CLOSING = "[({<\"'`|", "])}>\"'`|,;:.!?"
_SAFE = "[bcdfghjklmnpqrstvwxz0]"  # Kubernetes names pods without vowels (apimachinery, util/rand)
_POD = re.compile(
    rf"(?<![\w-])([a-z](?:[-a-z]*[a-z])?)-(?:{_SAFE}{{8,10}}-{_SAFE}{{5}}"
    rf"|(?=\w*0){_SAFE}{{6,10}}(?:-{_SAFE}{{5}})?)(?![A-Za-z0])"
)
_KINDS = (
    ("<ip>", r"/?0{1,3}(?:\.0{1,3}){3}(?:/0{1,2})?(?:[:#]0+)?|::ffff:0+\.0+\.0+\.0+|::0?"),
    (
        "<num>",
        r"[-+#*]?0+(?:[.,_]0+)*%?|[-+]?0*\.0+[eE][-+]?0+|0{1,3}[eE][-+]?0{1,3}|[-+]?(?:NaN|Infinity|Inf)",
    ),
    (
        "<time>",
        (
            r"0000[-/.]00[-/.]00(?:[T_ ]?00:00(?::00)?(?:[.,]0+)?)?(?:Z|[-+]00:?00)?"
            r"|00?:00(?::00)?(?:[.,]0+)?(?:Z|[-+]00:?00)?"
        ),
    ),
    ("<time>", rf"00?[-/](?:00?|{MONTH})[-/]0{{2,4}}(?:[: T]00:00:00(?:\.0+)?)?"),
    ("<ip>", r"\[?(?:[0a-fA-F]{1,4}:){2,7}:?[0a-fA-F]{0,4}(?:\]:0+)?"),
    ("<duration>", r"(?:[-+<]?0+(?:\.0+)?(?:ns|us|µs|μs|ms|s|sec|secs|m|min|mins|h|hrs?|d)){1,4}"),
    ("<size>", r"0+(?:\.0+)?(?:[KMGTP]i?[Bb]?|[kKMGT]?i?[Bb](?:ytes?|/s)?)"),
    ("<uuid>", r"\{?[0a-fA-F]{8}-(?:[0a-fA-F]{4}-){3}[0a-fA-F]{12}\}?"),
    (
        "<hex>",
        (
            r"0[xX][0a-fA-F]+|(?=[^0]*0)[0a-fA-F]{6,}|[0a-f]{12,}|(?:sha0+|md0):[0a-fA-F]+"
            r"|[0a-fA-F]{2}(?:[:-][0a-fA-F]{2}){5,}"
        ),
    ),
    ("<email>", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("<version>", r"[vV]0++\.0++(?:[-+.][\w.+-]++)?|0+\.0+\.0+[-+][\w.+-]+"),
    ("<host>", rf"/?(?!(?:org|com|net|io|de|dev|in|me)\.)(?:[a-z0_](?:[\w-]*\w)?\.)+(?:{_TOP})\.?(?::0+)?"),
    ("<path>", rf"(?:/(?:{_ROOTS})|~|\.{{1,2}})/[^\s:]*"),
    (
        "<path>",
        r"(?:[A-Za-z]:)?(?:\\[\w .$-]+){2,}\\?|[\w.@+/-]*/[\w.@+-]*\.[a-z]\w{0,4}|(?:/[^\s:?/]*+){7,}",
    ),
)
_NAMES = tuple(name for name, _ in _KINDS)
_WHOLE = re.compile("|".join(f"({pattern})" for _, pattern in _KINDS))
_UUID = re.compile(r"(?<![0A-Za-z])[0a-fA-F]{8}-(?:[0a-fA-F]{4}-){3}[0a-fA-F]{12}(?![0A-Za-z])")
# inside a token, whichever the letters
_HEX = re.compile(r"(?<![0A-Za-z_])(?=0*[a-fA-F])(?=[a-fA-F]*0)[0a-fA-F]{8,}(?![0A-Za-z_])")
_SOURCE = re.compile(r"(.*[^0:]):0+(?::0+)?")
# a sign behind a letter or a number is a hyphen
_DIGITS = re.compile(r"(?<![\w>)\]}.-])[-+]0+(?:[.,]0+)*|0+(?:[.,]0+)*")
_SEGMENT_ID = re.compile(r"(?=.*0)(?![vV]0+$)[\w=.~-]+|[\w=-]{24,}")
_ID = re.compile(
    r"(?=(?:[^0]*0+[A-Za-z]){2})[\w=+/-]{8,}|(?=[^0]*0)(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])[A-Za-z0_-]{16,}"
)
# Letters and digits in turn are no name.
_RUN = re.compile(r"(?<![A-Za-z0])[A-Za-z]*+0++[A-Za-z]++0[A-Za-z0]*+|(?<!0)0++[A-Za-z]{2,}+(?!0)")
_OBJECT = re.compile(r"([@{])[0a-f]{5,16}\b|0[xX][0a-fA-F]+")  # what Java and Android print of an object
_BEHIND_PATH = re.compile(r"[?#;]")
_QUOTED = re.compile(r"([\"'`])[^\"'`\s]+\1")


@lru_cache(maxsize=16384)
def masked_token(token: str) -> str:
    """Return one token of a line whose digits are all 0. Pure, so that the cache cannot show but in speed."""
    if token.isalpha():
        return token
    if token.startswith("[masked") or len(token) > 512:
        return token[:64]
    bare = token.lstrip(_OPENING)
    core = bare.rstrip(_CLOSING)
    head, tail = token[: len(token) - len(bare)], bare[len(core) :]
    if head[-1:] in {'"', "'", "`"} and head[-1:] == tail[:1] and core and core not in METHODS:
        return f"{head}<str>{tail}"
    if "=" in core and core[0] not in "=/?" and "://" not in core.split("=", 1)[0]:
        key, _, value = core.partition("=")
        value += tail
        value = value.strip('"') if key in ERROR_FIELDS else value
        return f"{head}{_digits(key)}={masked_token(value)}"
    return f"{head}{_core(core)}{tail}"


def _core(core: str) -> str:
    """Return a token without what encloses it: as one kind of value, or with its values masked."""
    if core.isalpha():
        return core
    whole = _WHOLE.fullmatch(core)
    if whole:
        return _NAMES[(whole.lastindex or 1) - 1]
    if core.startswith("/") or "://" in core:
        return _url(core)
    if "-" in core:
        core = _POD.sub(_pod, _UUID.sub("<uuid>", core))
    if "<str>" in core:
        return _digits(core)
    if "0" not in core:
        return _QUOTED.sub(_quoted, core)
    return _numbered(core)


# Functions, not templates such as r"\1-<pod>": these are expanded whether anything is found or not, which
# takes longer than to look for it.
def _pod(match: re.Match[str]) -> str:
    return f"{match[1]}-<pod>"


def _quoted(match: re.Match[str]) -> str:
    return f"{match[1]}<str>{match[1]}"


def _object(match: re.Match[str]) -> str:
    return f"{match[1] or ''}<hex>"


def _numbered(core: str) -> str:
    if source := _SOURCE.fullmatch(core):
        return f"{_core(source[1])}:<num>"
    core = _HEX.sub("<hex>", core)
    return "<id>" if _ID.fullmatch(core) else _numbers(_QUOTED.sub(_quoted, core))


def _digits(text: str) -> str:
    return _numbers(_HEX.sub("<hex>", text)) if "0" in text else text


def _numbers(text: str) -> str:
    return _DIGITS.sub("<num>", _RUN.sub("<id>", _OBJECT.sub(_object, text))) if "0" in text else text


def _url(url: str) -> str:
    """Mask a URL: scheme and host stay (less the digits), the path as a route, the query and fragment go."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return route(url)
    host, slash, path = rest.partition("/")
    name, colon, _ = host.partition(":")
    host = f"{_digits(name)}{':<num>' if colon else ''}"
    return f"{scheme}://{host}{route(slash + path) if slash else ''}"


def route(path: str) -> str:
    """Return a URL's path: segments that carry an identifier are masked, at most six stay, what was asked for
    behind "?" goes.
    """
    path = _BEHIND_PATH.split(path, maxsplit=1)[0].translate(ZEROES)
    segments = ["<*>" if _SEGMENT_ID.fullmatch(segment) else _digits(segment) for segment in path.split("/")]
    return "/".join(segments[:7]) + ("/<path>" if len(segments) > 7 else "")
