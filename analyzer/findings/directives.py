r"""Text that addresses the judge: orders, verdicts, roles, delimiters, and findings that no rule made. Pure:
it reads no evidence.

A list of shapes is never complete: an author can always find words that are not on it. So nothing here
decides, and nothing may rely on a text that was *not* recognised. Shapes are compared with the letters of a
text alone: without case, accents, spaces, punctuation, look-alikes of Latin letters (the Cyrillic and Greek
ones of https://www.unicode.org/reports/tr39/) and compatibility forms (NFKC: full width, mathematical,
circled). Text in base64, hex, percent, `\u` and `&` encodings is decoded and read, too.
"""

# ruff: noqa: RUF001 - look-alikes are what it is about

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from urllib.parse import unquote

LONGEST_READ_TEXT = 20_000  # characters of one text that are read: as much as the kept end of a log has
GAPS = {"·": 0, "‥": 12, "…": 24}  # letters that may stand between two words of an order

# One shape a line: words in their order, "|" between alternatives, and between them as many letters as `GAPS`
# says.
_ORDERS = """
ignore|disregard|forget … previous|prior|above|earlier|preceding|your|system|all \
… instruction|rules|prompt|direction|guideline|finding
answer|respond|reply|conclude ‥ promote|rollback|rolling back|cannot tell
output|say|return|give|emit|print|write|report … verdict … promote|rollback|roll back|cannot tell\
|healthy|unhealthy
verdict promote|verdict rollback|verdict cannot tell|verdict is|verdict must|verdict should|verdict has been
promote|roll back|rollback · the canary|this canary|the rollout|this rollout|the release\
|this release|this version|the new version
you must|you should|you have to|you will|you are to|you shall … promote|rollback|roll back|answer|approve
canary|release|rollout|new version … must be|should be|has to be|is to be ‥ promoted|rolled back|approved
do not promote|do not rollback|do not roll back|never roll back|never promote|always promote\
|always roll back|always answer
note to|message to|instructions for|instruction to|dear|attention \
… language model|the judge|the model|llm|rollout analyzer|ai assistant
you are now|you are an ai|you are a judge|you are the judge|from now on you|act as a judge\
|pretend you are|as a language model
system prompt|system override|developer mode|new instructions|updated instructions\
|real instructions|your instructions|jailbreak
the evidence above|the evidence below|end of evidence|evidence ends here|end of untrusted\
|all evidence was|findings above
ignoriere|vergiss|missachte … vorherige|bisherige|obige|vorstehende|alle … anweisung|regeln
antworte|antwort … promote|rollback|befördern|zurückrollen
ignore|ignorez|oublie|oubliez … instructions précédentes|consignes précédentes\
|instructions ci dessus|toutes les instructions
répond … promote|rollback|promouvoir
ignora|olvida … instrucciones|reglas
responde|contesta … promote|rollback|promover|revertir
ignore|esqueça … instruções|regras
responda … promote|rollback|promover|reverter
ignora|dimentica … istruzioni|regole
rispondi … promote|rollback|promuovi
negeer|vergeet … instructies|regels
antwoord … promote|rollback
zignoruj|ignoruj|zapomnij … instrukcje|polecenia|zasady
odpowiedz … promote|rollback
игнорируй|забудь|проигнорируй … инструкци|указания|правила
ответь|отвечай … promote|rollback|продвин|откат
ігноруй|забудь … інструкції|вказівки
önceki|yukarıdaki … talimat|kural … yok say|unut|dikkate alma
promote|rollback … yanıtla|cevap ver
忽略|无视|忘记|無視 … 指令|指示|说明|规则|指引
回答|输出|答复|回复 … promote|rollback|升级|回滚|发布|推广
無視|忘れ … ください|しろ|せよ
指示|命令|ルール … 無視|忘れ
promote|rollback … 答え|回答|出力
이전|위의|모든 … 지시|지침|명령 … 무시|잊
promote|rollback … 답하|대답|응답
تجاهل|انس … التعليمات|الأوامر|القواعد
أجب|اجب … promote|rollback
पिछले|सभी|उपरोक्त … निर्देश … अनदेखा|अनदेखी|भूल
promote|rollback … उत्तर|जवाब
"""

# Of text as it stands, in small letters: marks that a model's own format gives a meaning, our delimiters, and
# our findings.
_MARKS = re.compile(
    r"<\s*+(?:[|/]\s*+)?(?:im_start|im_end|start_of_turn|end_of_turn|start_header_id|eot_id|begin_of_text"
    r"|end_of_text|endoftext|system|assistant"
    r"|user|bos|eos|instructions?|evidence|untrusted)\s*+(?:[|/]\s*+)?>|<\|[^|<>]{2,40}\|>|<\|turn>|<turn\|>"
    r"|\[/?inst\]|<</?sys>>|\"role\\?\"\s*+:\s*+\\?\"(?:system|assistant|developer)"
    r"|##\s*+(?:system|instructions?|assistant|response|new task)\b|\b(?:assistant|developer)\s*+:\s"
    r"|<<\s*+(?:/|end\b|begin\b|evidence\b)|\bevidence\s++[0-9a-f]{8}|\bf(?:[0-9]{1,4}|<num>)\s*+\["
    r"(?:blocking|hold|warning|info)\]",
)
_MARK_CUES = ("<", "[", "#", "role", "system", "assistant", "developer", "evidence")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){12,}")
_HEX_RUN = b"x" * 24  # the least that `_HEX` takes
_AS_HEX = bytes(ord("x") if chr(byte) in "0123456789abcdefABCDEF :" else ord(".") for byte in range(256))
_ESCAPED = re.compile(r"\\u\{?([0-9a-fA-F]{4,5})\}?|\\x([0-9a-fA-F]{2})")
LATIN = str.maketrans(
    "аԁевгһіјкӏмнорԛгѕтуѵԝхѡсαβγεηικνορτυχω",
    "adebrhijklmhopqrstyvwxwcabyenlkvoptuxw",
)
_LETTERS = {code: chr(code).lower() if chr(code).isalpha() else None for code in range(128)}


def addresses_judge(text: str) -> bool:
    """Return whether a text, or one that is encoded in it, addresses the judge."""
    return _any_form_addresses(text[:LONGEST_READ_TEXT])


@lru_cache(maxsize=8192)
def _any_form_addresses(text: str) -> bool:
    return any(_has_order(form) or _has_mark(form.lower()) for form in _forms(text))


def _forms(text: str) -> Iterator[str]:
    """Yield the text, and the texts that are encoded in it."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    yield plain
    if "%" in plain and (decoded := unquote(plain.replace("+", " "))) != plain:
        yield decoded
    if "&" in plain and (decoded := html.unescape(plain)) != plain:
        yield decoded
    if "\\" in plain and (decoded := _ESCAPED.sub(_unescape, plain)) != plain:
        yield decoded
    for run in _BASE64.findall(plain):
        yield from _decode_base64(run)
    for run in _HEX.findall(plain) if _may_hold_hex(plain) else ():
        yield from _decode_utf8(bytes.fromhex(run.replace(" ", "").replace(":", "")))


def _may_hold_hex(text: str) -> bool:
    """Return whether so many hexadecimal digits and what may stand between them are there in a row: few texts
    have them, and looking for the pattern takes ten times as long.
    """
    return _HEX_RUN in text.encode("ascii", "replace").translate(_AS_HEX)


def _unescape(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else ""


def _decode_base64(run: str) -> Iterator[str]:
    bare = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        yield from _decode_utf8(base64.b64decode(bare + "=" * (-len(bare) % 4)))
    except binascii.Error:
        return


def _decode_utf8(content: bytes) -> Iterator[str]:
    try:
        yield content.decode()
    except UnicodeDecodeError:
        return


def _has_mark(text: str) -> bool:
    return any(map(text.__contains__, _MARK_CUES)) and _MARKS.search(text) is not None


def _has_order(text: str) -> bool:
    letters = squeeze_letters(text)
    cues = _PLAIN_CUES if letters.isascii() else _CUES
    if not any(map(letters.__contains__, cues)):  # nearly every text
        return False
    return any(
        any(map(letters.__contains__, words)) and _compiled(shape).search(letters) for words, shape in _KNOWN
    )


def squeeze_letters(text: str) -> str:
    """Return only the letters of a text, in lower case, without accents, and look-alikes as Latin letters."""
    if text.isascii():
        return text.translate(_LETTERS)
    return "".join(filter(str.isalpha, unicodedata.normalize("NFKD", text).casefold().translate(LATIN)))


def _compile_shape(line: str) -> tuple[list[str], str]:
    """Return a shape's first words and its pattern, of a line of `_ORDERS`.

    Every text that the pattern matches has one of the words, and few others do.
    """
    first, *rest = _GAP.split(line)
    steps = [[squeeze_letters(word) for word in step.split("|")] for step in (first, *rest[1::2])]
    gaps = [f".{{0,{GAPS[gap]}}}?" for gap in rest[::2]]
    return steps[0], "".join(
        f"(?:{'|'.join(map(re.escape, step))}){gap}" for step, gap in zip(steps, [*gaps, ""], strict=True)
    )


_GAP = re.compile("([·‥…])")
_compiled = cache(re.compile)  # when a text may have the shape: a run meets few of them
_KNOWN = [_compile_shape(line) for line in filter(None, _ORDERS.split("\n"))]
_CUES = tuple(dict.fromkeys(word for words, _ in _KNOWN for word in words))
_PLAIN_CUES = tuple(filter(str.isascii, _CUES))
