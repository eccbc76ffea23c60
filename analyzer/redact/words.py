"""The words that stand before a secret: its name, in English and other languages, what parts the two, and
what is no secret behind them.
"""

import re

# The beginning of any name below, and found faster: each branch starts at a rare letter and looks behind
# itself. Of lower-case text.
KEY = r"k(?:(?<=[tsiegrdhn]k)|(?<=[tsiegrdhn][-_ ]k))ey"
ANY = rf"(?:k(?<=tok)en|{KEY}|s(?<=pass|sess)|w(?<=pw)|c(?:(?<=sec)ret|redential))"

# a value never starts or continues inside a marker, or a second pass would change the first one's text
FREE = r"(?!\[masked )"

# The directory a process is in, as a shell names it: no password, which ODBC's PWD, behind a semicolon, is.
_DIRECTORY = (
    r"(?!(?-i:(?:(?<![;\w])|(?<=\bOLD))PWD)\\*+[\"']?\s{0,2}[:=]\s{0,2}\\{0,4}[\"']?(?:[A-Za-z]:)?[/\\])"
)

KEYS = (
    r"(?:api|access|account|private|encryption|signing|master|shared|auth|service|client|session|storage"
    r"|license)"
)
# Names whose value is a secret. "token_type", "secretName", "max_tokens" and a bare "key" are not among them,
# nor a function of Samba's.
_LOGIN_NAME = r"(?<!check_ntlm_)pass(?:wor[dt]|wd|phrase|code)"
NAME = (
    r"(?:(?P<apart>(?<=\s))|(?<!\s))"
    rf"(?:{_LOGIN_NAME}|(?<![A-Za-z])(?:pass|{_DIRECTORY}pwd|(?:bind|root)?pw|requirepass)"
    rf"|{_DIRECTORY}pwd(?=[\"'\s]*=)|secret(?:[-_]?(?:access)?[-_]?key)?(?:_base)?"
    rf"|credentials?|{KEYS}[-_ ]?key|token|(?:j|php)?sess(?:ion)?[-_]?id)"
    r"(?:[-_]?hash|(?<!pass)[-_.]{0,2}(?:value|[0-9]{1,3}))?"
    # numbered, and as a form nests them: user[password]; a marker's word stands apart
    r"(?(apart)|(?:\]|%[0-9][dD])?)(?:\[[0-9]{0,3}\])?"
)
LOGIN = r"(?:pass(?:wor[dt]|wd|phrase|code)|(?<![A-Za-z])pwd)"
# The same where it is a setting's or a variable's name and no word of a sentence: DB_PASSWORD, db.password,
# api_key, PASSWORD.
SETTING = (
    rf"(?:(?<=[A-Za-z0-9][_.])(?i:{NAME})|(?<![A-Za-z])(?i:{KEYS}[-_]key)"
    r"|(?<!\[masked )(?<![A-Za-z])(?:PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|CREDENTIALS)(?![A-Za-z]))"
)
WORD = r"(?<!\[masked )(?<![\w$.{-])(?i:pass(?:wor[dt]|wd|phrase|code)|token|secret|pwd)(?!\w)"

# Words that stand after "password:" in prose, and are no password.
PROSE = (
    # `token: secret "db" not found`: an object, says Kubernetes
    r"(?!secrets?\s{1,2}\\*+[\"'][\w./-]{1,253}\\*+[\"'](?:\s|:|$))"
    # a path
    r"(?!/(?:(?:home|root|usr|var|run|etc|opt|tmp|srv|mnt|app|data|workspace)(?:/[\w.@-]*)*)?"
    r"(?![^\s\"',;:)\]]))"
    r"(?!(?:\W{0,8}(?:true|false|null|nil|none|undefined|empty|unset|redacted|masked|invalid|expired|missing"
    r"|required|incorrect|wrong|denied|rejected|refused|failed|failure|failing|unauthorized|unauthenticated"
    r"|forbidden|mismatch|not|no|is|was|are|has|have|must|should|cannot|could"
    r"|needs|takes|expects|wants|requires|permission|can|will|the|an?(?![(;&{,<])|too|for|from|in|on|at|of|to"
    r"|and|or|with|by|unable|error|ok|okay|valid|verified|accepted|changed|updated|reset|rotated|rotation"
    r"|created|deleted|issued|revoked|renewed|refreshed|refresh|authentication|checking|unexpected|unknown"
    r"|unsupported|malformed|string|bytes|object|number|\*+|x{3,}))(?![\w./+=-]))"
)
# of a usage line
PLACEHOLDER = r"(?!(?:PASSWORD|PASSWD|TOKEN|SECRET|KEY|API_KEY|VALUE|STRING|FILE|PATH|NAME)(?![\w./+=-]))"
# … and in the next column of a table that describes settings, or has no values yet: a type, a flag, another
# heading.
COLUMN = (
    r"(?!(?i:text|varchar|character|char|uuid|jsonb?|timestamp|date|int|integer|bigint|bool|boolean|bytea"
    r"|blob|float|double|numeric|secret|opaque|password|token|yes|optional|deprecated|default|hidden|enabled"
    r"|disabled|configured|present|loaded|provided|n/a|available|unavailable|running|pending"
    r"|completed|name|value|type|role|user|username|host|port|owner|description|debug|info|warn|warning|error"
    r"|fatal|trace)(?![\w./+=-]))(?![A-Z]+(?:_[A-Z]+)*(?![\w./+=-])|[a-z]+(?:_[a-z]+)+(?![\w./+=-]))"
)
STRANGE = r"(?=[^\s\"'`|]{0,60}?[0-9])(?=[^\s\"'`|]{0,60}?[A-Za-z])"  # what no word is: letters and digits

SEPARATOR = (
    r"(?:\\*+[\"']?\s{0,3}(?:=>|:=|[:=\uff1a\uff1d])\s{0,3}|(?<!\])\\*+[\"']?\s{1,3}(?:->|[→⇒])\s{1,3}"
    # URL, JSON, HTML
    r"|(?:%[0-9]{2}|&quot;)?(?:%[0-9][aAdD]|\\u[0-9]{3}[dD])(?:%[0-9]{2}|&quot;)?|&quot;\s?:\s?&quot;)"
)
# The next pair of a query or a connection string, behind the mark that parts it from this one.
_PAIR = r"[\w.%\[\]-]{1,40}(?: [\w.%-]{1,30})?\s?[=:]"
_PLAIN = r"[^\s\"',;&<>(){}\\]"
VALUE = rf"(?:{FREE}{_PLAIN})+"
# A value that may have marks in it, though it does not end with one: `hun;ter2`, but not `hunter2;user=bob`.
WIDE = (
    rf"(?:{FREE}(?:{_PLAIN}|[;&](?={_PLAIN})(?!{_PAIR})))"
    rf"(?:{FREE}(?:{_PLAIN}|[;&,](?={_PLAIN})(?!{_PAIR})|[(){{}}<>](?=[^\s\"',;&<>(){{}}\\/])))*"
)

# "Password" in the languages of those who write services, with what may follow it in a name. ASCII where
# people spell it so.
_ASCII = (
    r"kennwort|wachtwoord|contrasen[aã]|senha|has[lł]o|parola|heslo|geslo|salasana|adgangskode|kodeord"
    r"|losenord|passord|sifre|jelszo"
)
_OTHER = (
    r"mot[ _-]de[ _-]passe|contrase(?:ñ|n\u0303)a|clave[ _-](?:de[ _-]acceso|secreta)|hasło|parol[ăa]|şifre"
    r"|jelszó|lösenord|mật khẩu"
    r"|kata[ _-]sandi|парол[ья]|κωδικός(?: πρόσβασης)?|συνθηματικό|密[码碼]|口令|パスワード|暗証番号|비밀번호"
    r"|암호|كلمة (?:المرور|السر)|گذرواژه|סיסמ[הא]|पासवर्ड|รหัสผ่าน"
)
FOREIGN = rf"(?<![A-Za-z])(?:{_ASCII}|{_OTHER})[\w-]{{0,12}}"
FOREIGN_CUE = re.compile(rf"{_ASCII}|{_OTHER}")
NOT_ASCII = _OTHER
# The ASCII ones, each begun at a rare letter as above, to be part of such a pattern.
FOREIGN_NAME = (
    r"k(?:odeord|ata[ _-]s|ode(?<=adgangskode))|w(?:ort(?<=kennwort)|oord(?<=wachtwoord))|jelszo|ha(?<=senha)"
    r"|la(?<=parola)|clave[ _-]"
    r"|s(?:lo(?<=haslo|heslo|geslo)|ana(?<=salasana)|en(?<=contrasen)|enord(?<=losenord)|ifre|ord(?<=passord)"
    r"|e(?<=passe)(?![a-z]))"
)

# What is said of a password in them, where it is spelt as a password may be. A password is of ASCII
# characters nearly always.
FOREIGN_PROSE = (
    # `token: secret "db" not found`: an object, says Kubernetes
    r"(?!secrets?\s{1,2}\\*+[\"'][\w./-]{1,253}\\*+[\"'](?:\s|:|$))"
    r"(?=[!-~])(?!(?i:falsch|ungültig|fehlt|abgelaufen|erforderlich|incorrect[ae]?|incorreta|inv[aá]lid[aeo]"
    r"|errat[ao]|manquante?|expir[eé]e?|expirad[ao]|caducada|obligatori[ao]|requise?|requerid[ao]|sbagliata"
    r"|scaduta|mancante|niepoprawne|nieprawidłowe|błędne|wygasło|brak|yanl[i\u0131]ş|geçersiz|onjuist"
    r"|ongeldig|verlopen|vereist|felaktigt|forkert|chybné|hibás|n[ãa]o|non?|nie|niet|nicht|ne|est?|é|ist|is"
    r"|de[l]?|d[ao]|per|para|pour|für|voor|dla|oder|und|et|ou|[yeo])"
    r"(?![\w./+=-]))"
)

# What stands between a name and a quoted value: b'…', Some("…"), SecretStr('…'), ["…"], also behind items
# that are masked.
WRAPPED = (
    r"(?:(?:[bru]{1,2}|&|(?:[A-Za-z_][\w.:\[\]]{0,40}\((?:[A-Za-z_]\w{0,20}=)?){1,2}"
    r"|(?:[A-Z]\w{0,40}\s?)?\{\s?\\*+[\"']?value\\*+[\"']?\s?:\s?"
    r"|\[\s{0,2}(?:\\*+[\"']\[masked secret\]\\*+[\"'],\s{0,2}){0,20})(?=\\*+[\"']))?"
)
