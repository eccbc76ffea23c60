"""The credentials that are always masked, by their issuers' published prefixes or by the name that stands before them."""

import re

from analyzer.redact.rules import Rule, Table

_FREE = r"(?!\[masked )"  # a value never starts or continues inside a marker, or a second pass would change the first one's text
_WORD = r"[A-Za-z0-9]"
_MIXED = r"(?=[^\s\"',;&]{0,200}(?:[0-9=]|[a-z][A-Z]))"  # what a person does not write: a digit, padding, a capital inside
_OPAQUE = r"(?=[\w.~+/-]{0,400}(?:[0-9]|[a-z][A-Z]|=++(?!\w)))"  # … within one token, `name=` being no padding

# Names whose value is a secret. "token_type", "secretName", "max_tokens" and a bare "key" are not among them.
_NAME = (
    r"(?:pass(?:wor[dt]|wd|phrase|code)|(?<![A-Za-z])(?:pass|pwd|pw)|pwd(?=[\"'\s]*=)|secret(?:[-_]?(?:access)?[-_]?key)?(?:_base)?|credentials?"
    r"|(?:api|access|account|private|encryption|signing|master|shared|auth|service|client|session|storage|license)[-_ ]?key|token"
    r"|(?:j|php)?sess(?:ion)?[-_]?id)"
    r"(?:[-_]?hash|(?<!pass)[-_.]{0,2}(?:value|[0-9]{1,3}))?(?:\]|%[0-9][dD])?(?:\[[0-9]{0,3}\])?"  # numbered, and as a form nests them
)
# Words that stand after "password:" in prose, and are no password.
_PROSE = (
    r"(?!/(?:(?:home|root|usr|var|run|etc|opt|tmp|srv|mnt|app|data|workspace)(?:/[\w.@-]*)*)?(?![^\s\"',;:)\]]))"  # a path, as in PWD=/root
    r"(?!(?:\W{0,8}(?:true|false|null|nil|none|undefined|empty|unset|redacted|masked|invalid|expired|missing|required|incorrect|wrong|denied"
    r"|rejected|refused|failed|failure|failing|unauthorized|unauthenticated|forbidden|mismatch|not|no|is|was|are|has|have|must|should|cannot|could"
    r"|can|will|the|an?|too|for|from|in|on|of|to|and|or|with|by|unable|error|ok|okay|valid|verified|accepted|changed|updated|reset|rotated|rotation"
    r"|created|deleted|issued|revoked|renewed|refreshed|refresh|authentication|checking|unexpected|unknown|unsupported|malformed|string|bytes|object|number"
    r"|\*+|x{3,}))(?![\w./+=-]))"
)


def _token(kind: str, cues: str | re.Pattern[str], pattern: str) -> Rule:
    return Rule(kind, tuple(cues.split()) if isinstance(cues, str) else cues, rf"(?<!{_WORD})(?:{pattern})")


_SEPARATOR = (
    r"(?:\\*+[\"']?\s{0,3}(?:=>|:=|[:=])\s{0,3}"
    r"|(?:%[0-9]{2}|&quot;)?(?:%[0-9][aAdD]|\\u[0-9]{3}[dD])(?:%[0-9]{2}|&quot;)?|&quot;\s?:\s?&quot;)"  # URL, JSON, HTML
)
# More than `_NAME` and a separator, and found faster: each branch starts at a rare letter and looks behind itself.
_KEY = r"k(?:(?<=[tsiegrdhn]k)|(?<=[tsiegrdhn][-_ ]k))ey"
_NAMED = re.compile(rf"(?:k(?<=tok)en|{_KEY}|s(?<=pass|sess)|w(?<=pw)|c(?:(?<=sec)ret|redential))[][%a-z0-9_.-]{{0,16}}{_SEPARATOR}")
_VALUE = rf"(?:{_FREE}[^\s\"',;&<>(){{}}\\])+"
_LOGIN = r"(?:pass(?:wor[dt]|wd|phrase|code)|(?<![A-Za-z])pwd)"

CREDENTIALS = Table(
    (
        Rule(
            "private key",
            ("private key",),
            r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)",
        ),
        Rule("private key", ("private key",), r"(?m)^.*-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"),
        _token("private key", "crudjti", r"LS[0-9]tLS[0-9]CRUdJTi[\w+/]{16,}={0,2}"),  # "-----BEGIN" in base64, as a Secret holds it
        _token("jwt", "eyj", r"eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*){0,3}"),
        _token("github token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"gh[pousr]_\w{16,}|github_pat_\w{16,}"),
        _token("gitlab token", "glpat- gldt- glrt- glptt- glcbt- gloas-", r"gl(?:pat|dt|rt|ptt|cbt|oas)-[\w.-]{16,}"),
        _token("slack token", "xox xapp-", r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}"),
        _token("slack webhook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows)/[\w/]{8,}"),
        _token("aws key id", "akia asia abia acca", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}"),
        _token("google api key", "aiza", r"AIza[\w-]{30,}"),
        _token("google token", re.compile(r"ya[0-9]{2}\.|gocspx-"), r"ya[0-9]{2}\.[\w.-]{16,}|GOCSPX-[\w-]{20,}"),
        _token("stripe key", "k_live_ k_test_ whsec_", r"(?:sk|rk|pk)_(?:live|test)_\w{8,}|whsec_\w{16,}"),
        _token("api key", "sk-", rf"sk-{_MIXED}[\w-]{{16,}}"),
        _token("npm token", "npm_", r"npm_[A-Za-z0-9]{30,}"),
        _token("pypi token", "pypi-", r"pypi-[\w-]{40,}"),
        _token("hugging face token", "hf_", r"hf_[A-Za-z0-9]{24,}"),
        _token("docker token", "dckr_", r"dckr_(?:pat|oat)_[\w-]{16,}"),
        _token("sendgrid key", "sg.", r"SG\.[\w-]{12,}\.[\w-]{12,}"),
        _token("digitalocean token", "_v", r"do[opr]_v[0-9]_[a-f0-9]{32,}"),
        _token("vault token", "hvs. hvb. hvr.", r"hv[sbr]\.[\w-]{20,}"),
        _token("grafana token", "glsa_ glc_", r"gl(?:sa|c)_[\w+/=]{24,}"),
        _token("databricks token", "dapi", r"dapi[a-f0-9]{32}"),
        _token("shopify token", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{24,}"),
        _token("discord webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/[0-9]+/[\w-]{20,}"),
        _token("atlassian token", "atatt3", r"ATATT3[\w=-]{30,}"),
        _token("mailgun key", "key-", r"key-[0-9a-f]{32}(?![\w-])"),
        _token("twilio key", re.compile("sk[0-9a-f]{32}"), r"SK[0-9a-f]{32}(?![\w-])"),
        _token("new relic key", "nrak- nral-", r"NRA[KL]-[A-Z0-9]{20,}"),
        _token("sentry token", "sntrys_ sntryu_", r"sntry[su]_[\w+/=]{24,}"),
        _token("linear key", "lin_api_", r"lin_api_\w{24,}"),
        _token("notion token", "ntn_", r"ntn_\w{24,}"),
        _token("age key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{30,}"),
        _token("telegram token", ":aa", r"(?:bot)?[0-9]{8,12}:AA[\w-]{30,}"),
        _token("docker login", "eyjhdxrocyi", r"eyJhdXRocyI[0-9][\w+/]*=*"),  # {"auths": of .dockerconfigjson
        _token("azure secret", "q~", r"[\w.~-]{3}[0-9]Q~[\w.~-]{30,}"),
        Rule("aws secret key", ("[masked aws key id]",), r"(?<![\w/+=])[A-Za-z0-9/+]{40}(?![\w/+=])"),
        Rule(
            "authorization",
            ("authorization",),
            (
                rf"(?P<head>(?i:authorization)\\*+[\"']?\s{{0,3}}[:=]\s{{0,3}}\\*+[\"'\[(]?)"
                rf"(?:(?i:basic|bearer|digest|token|negotiate|apikey|aws4-hmac-sha[0-9]+)\s+{_VALUE}|{_MIXED}(?:{_FREE}[\w.~+/=-]){{8,}})"
            ),
        ),
        Rule(
            "bearer token",
            ("bearer",),
            rf"(?P<head>\b(?i:bearer)\s{{1,3}}){_OPAQUE}(?:{_FREE}[\w.~+/-]){{8,}}={{0,2}}(?![\w=])",
        ),
        Rule("basic auth", ("basic",), rf"(?P<head>\b(?i:basic)\s{{1,3}}){_OPAQUE}(?:{_FREE}[\w+/-]){{8,}}={{0,2}}(?![\w=])"),
        Rule(
            "url password",
            re.compile(r"://[^\s]{0,400}@"),
            (
                rf"(?P<head>[A-Za-z][A-Za-z0-9+.-]{{1,30}}://[^\s:/?#@\[\"']{{0,100}}:)"
                # … up to a slash, or with slashes where it does not begin like a port
                rf"(?:(?:{_FREE}[^\s/\"'<>]){{1,300}}|(?![0-9]{{1,5}}[/?#])(?:{_FREE}[^\s\"'<>]){{1,300}})(?P<tail>@)"
            ),
        ),
        Rule(
            "url password",
            re.compile(r"://[\w.~%-]{20,300}@"),
            rf"(?P<head>[A-Za-z][A-Za-z0-9+.-]{{1,30}}://){_MIXED}(?:{_FREE}[\w.~%-]){{20,300}}(?P<tail>@)",
        ),
        Rule("url password", ("jdbc:oracle",), rf"(?P<head>jdbc:oracle:\w{{1,10}}:[^\s/@]{{1,64}}/)(?:{_FREE}[^\s@]){{1,256}}(?P<tail>@)"),
        Rule(
            "url password",
            ("@tcp(", "@unix("),
            rf"(?P<head>(?<![\w.-])[\w.-]{{1,64}}:)(?:{_FREE}[^\s\"']){{1,256}}(?P<tail>@(?:tcp|unix)\()",
        ),
        Rule(
            "basic auth",
            ('auth"', "auth\\", "_auth="),
            rf"(?P<head>(?i:[\"_]auth)(?:\\*\"\s{{0,3}}:\s{{0,3}}\\*\"|=)){_MIXED}(?:{_FREE}[\w+/-]){{8,}}={{0,2}}",
        ),
        Rule("basic auth", ("curl",), rf"(?P<head>\bcurl\b[^\n]{{0,200}}?\s(?:-u|--user)[\s=]\\*[\"']?[\w.@-]{{1,64}}:){_VALUE}"),
        Rule(
            "signature",
            re.compile("sig(?:nature)?="),
            rf"(?P<head>(?i:[?&;](?:sig|x-amz-signature|x-goog-signature|signature)=)){_VALUE}",
        ),
        Rule(
            "cookie",
            ("cookie",),
            rf"(?P<head>(?i:cookie)\\*[\"']?\s{{0,3}}[:=]\s{{0,3}}\\*[\"']?)[\w.-]+=(?:{_FREE}[^\"'\\\n])+",
        ),
        Rule(
            "secret",
            _NAMED,
            (
                rf"(?m)(?P<head>(?i:{_NAME}){_SEPARATOR}(?P<slash>\\*+)(?P<quote>[\"'])){_FREE}(?i:{_PROSE})"
                r"[^\n]+?(?P<tail>(?<!\\)(?P=slash)(?P=quote)|$)"
            ),
        ),
        Rule("secret", _NAMED, rf"(?P<head>(?i:{_NAME}){_SEPARATOR})(?i:{_PROSE}){_VALUE}"),
        Rule(
            "secret",
            ("-",),
            rf"(?P<head>-(?<![\w-]-)-?(?i:[a-z-]{{0,64}}?{_NAME})\s{{1,3}}\\*+[\"']?)(?![-])(?i:{_PROSE}){_VALUE}",
        ),
        Rule("secret", ("</",), rf"(?P<head><(?i:[\w:.-]{{0,40}}?{_NAME})>)(?:{_FREE}[^<>\n])+(?P<tail></)"),
        Rule(  # a variable as Kubernetes has it, a setting as .NET does
            "secret",
            re.compile(r"(?:pass|pw|secret|token|credential|key)[\w\[\]]{0,16}\\{0,4}[\"'\s,]{1,4}\\{0,4}[\"']?val"),
            (
                rf"(?P<head>(?i:(?:name|key)\\*+[\"']?\s?[:=]\s?\\*+[\"']?[\w.:-]{{0,60}}?{_NAME})\\*+[\"']?,?\s{{0,2}}\\*+[\"']?(?i:val(?:ue)?)"
                rf"\\*+[\"']?\s?[:=]\s?\\*+[\"']?)(?i:{_PROSE})(?:{_FREE}[^\s\"'\\<>])+"
            ),
        ),
        Rule("secret", ("={",), rf"(?P<head>(?i:{_LOGIN})=\{{)(?:{_FREE}[^}}\n]){{1,1000}}(?P<tail>\}})"),  # ODBC's quotes
        Rule(  # in prose, where it is no word
            "secret",
            ("pass",),
            (
                rf"(?P<head>(?i:{_LOGIN})\s(?:(?i:is|was|set to)\s?:?\s?)?[\"'`]?)(?=[^\s\"'`]*[0-9])(?=[^\s\"'`]*[A-Za-z])"
                rf"(?!(?i:s?sha|argon|pbkdf)){_FREE}[^\s\"'`,;:()/=.]{{6,}}"
            ),
        ),
        Rule(
            "secret",
            ("mysql", "maria"),
            (
                r"(?P<head>\b(?:mysql|maria)[\w-]{0,20}\b[^\n]{0,200}?\s-p)"
                r"(?!\[masked |(?:ort|rotocol|ath|id|lugin|rofile|refix)\b)[^\s\"'\[-][^\s\"']*"
            ),
        ),
        Rule("secret", ("redis-cli",), r"(?P<head>\bredis-cli\b[^\n]{0,200}?\s-a\s{1,3}[\"']?)(?!\[masked )[^\s\"'-][^\s\"']*"),
    )
)

# What nearly every ordinary line lacks. Each branch starts at a letter that is rare in logs and looks behind itself, for the search
# costs by the places where a branch may start.
_HINT = re.compile(
    rf"{_KEY}|k(?:(?<=tok)en|(?<=cook)ie|(?<=slack)\.com)|b(?:earer|asic)|w(?<=pw)[d:=]"
    r"|z(?<=authoriz)ation|:(?://[^\s]{0,400}@|aa)|@(?:tcp|unix)\(|~(?<=q~)|j(?<=eyj)|x(?:ox|app-)|g(?<=sig)(?:=|nature=)|s(?<=pass|sess)"
    r"|c(?:(?<=sec)ret|redential|(?<=jdbc):oracle|(?<=redis-c)li)|h(?<=auth)(?:\\*[\"'\s]|=)|l(?:(?<=curl)|(?<=mysql))"
)
_RUN = b"x" * 16  # … and what every token of an issuer has: so many letters, digits, dashes and underscores in a row
_AS_RUN = bytes(ord("x") if byte >= 128 or chr(byte).isalnum() or chr(byte) in "_-" else ord(" ") for byte in range(256))


def may_hold(text: str) -> bool:
    """Whether a text may hold a credential, in about a microsecond; nearly every ordinary line does not."""
    return bool(_HINT.search(text.lower())) or _RUN in text.encode("latin-1", "replace").translate(_AS_RUN)
