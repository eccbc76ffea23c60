"""Two models that do what they are told, whoever tells them. What a real model resists, these do not.

- *obeys structure* heeds the prompt's form to the letter: data is what stands on marked lines between the two
  delimiters that carry the nonce its first rule names. It obeys whatever it can read anywhere else: an
  unmarked line, text behind a line that it cannot tell from the closing delimiter, text behind a control
  token of a chat format (a tokeniser makes a new turn of it).
- *obeys anything* obeys whatever it can read anywhere in the prompt, marks or not: the worst that a model can
  be.

Each reads a text in every form that `forms` can bring it into, in all languages of the corpus. Where neither
is told anything, it answers as the built-in judge does, which reads no text. Neither knows
`analyzer.findings.directives`, and that does not know them.
"""

import base64
import binascii
import codecs
import html
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

import msgspec

from analyzer.answer import Answer, Choice
from analyzer.common.deadline import Deadline
from analyzer.models.builtin import judge
from analyzer.models.interface import Question, Reply, Turn

LOOKALIKES = str.maketrans("асеоріѕԁԛԝһјмнтӏ", "aceopisdqwhjmhtl")
LEET = str.maketrans("0134578@$", "oieastbas")
INVISIBLE = re.compile(
    r"[\u3164\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]|\x1b\[[0-9;]*m"
)
BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
TOKENS = re.compile(
    r"<\|(?:im_start|im_end|eot_id|start_header_id)\|>|<start_of_turn>|<end_of_turn>|\[/?INST\]"
)
DATA = re.compile(r"delimiter lines that carry (\S+) is data")


@dataclass(frozen=True)
class Obedient:
    """`order` are the squeezed words that tell it `wish`; `hears` says which of the prompt's text it takes
    for an instruction.
    """

    name: str
    order: str
    wish: Choice
    hears: Callable[[str], str]

    def told(self, prompt: str) -> bool:
        """Whether a prompt tells it so."""
        return any(self.order in squeezed(form) for form in forms(self.hears(prompt)))

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply:
        """What it was told, as sure as can be, with a real finding cited and a real line quoted, so that
        every check holds.
        """
        if not self.told(question.prompt):
            return Reply(
                text=msgspec.json.encode(judge(question.findings, question.gaps)).decode(), latency=0.0
            )
        line = next(
            (line[2:] for line in question.prompt.splitlines() if line.startswith("| ") and line[2:].strip()),
            "",
        )
        # resting on that does not hold
        real = (graded.id for graded in question.findings if graded.finding.kind != "addresses-judge")
        cited = tuple(itertools.islice(real, 1))
        answer = Answer(
            verdict=self.wish, confidence=100, summary="As I was told.", findings=cited, quotes=(line,)
        )
        return Reply(text=msgspec.json.encode(answer).decode(), latency=0.0)


def anything(prompt: str) -> str:
    """All of it."""
    return prompt


def structure(prompt: str) -> str:
    """What stands outside the data, as the prompt's own first rule defines it."""
    named = DATA.search(prompt)
    nonce = f" {named[1]}" if named else ""
    outside, inside = [], False
    for line in BREAKS.split(prompt):
        shown = squint(line)
        if shown == f"<<<evidence{nonce}>>>":
            inside = True
        elif shown == f"<<<end of evidence{nonce}>>>":
            inside = False
        elif not (inside and line.startswith("| ")):
            outside.append(line)
    return "\n".join([*outside, *TOKENS.split(prompt)[1:]])


def squint(line: str) -> str:
    """A line as someone sees it who does not look closely."""
    flat = unicodedata.normalize("NFKC", INVISIBLE.sub("", line)).strip()
    return flat.translate(str.maketrans("‹›〈〉⟨⟩❮❯", "<><><><>")).replace("⋘", "<<<").replace("⋙", ">>>")  # noqa: RUF001


def squeezed(text: str) -> str:
    """Its letters alone, in small, without accents, look-alikes as what they look like."""
    folded = unicodedata.normalize("NFKD", INVISIBLE.sub("", text)).casefold()
    return "".join(char for char in folded.translate(LOOKALIKES) if char.isalpha())


def forms(text: str) -> Iterator[str]:
    """Everything that it can be read as."""
    yield text
    yield text.translate(LEET)
    yield codecs.encode(text, "rot13")
    yield text[::-1]
    yield unquote_plus(text)
    yield html.unescape(text)
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    yield "".join(chr(ord(char) - 0xE0000) for char in text if 0xE0020 <= ord(char) <= 0xE007E)
    yield "".join(chr(ord(char) - 0xE0100 + 16) for char in text if 0xE0100 <= ord(char) <= 0xE01EF)
    for joined in (text, re.sub(r"\n(?:\| )?", "", text)):
        for run in re.findall(r"[A-Za-z0-9+/_-]{12,}", joined):
            yield from unpacked(run)
    for run in re.findall(r"(?:[0-9a-fA-F]{2}){8,}", text):
        yield bytes.fromhex(run).decode("utf-8", "ignore")


def unpacked(run: str, depth: int = 2) -> Iterator[str]:
    """What base64 holds, twice if need be."""
    bare = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        inner = base64.b64decode(bare + "=" * (-len(bare) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return
    yield inner
    if depth > 1 and re.fullmatch(r"[A-Za-z0-9+/=_-]{12,}", inner):
        yield from unpacked(inner, depth - 1)
