"""Text from elsewhere, marked so that no model takes it for an instruction."""

import re

from analyzer.common.counted import counted
from analyzer.findings.directives import addresses_judge
from analyzer.logs.lines import safe

LONGEST_LINE = 300  # characters
WITHHELD = "[withheld:"  # what stands for lines that address the judge
_TRIPLES = str.maketrans({"⋘": "<<<", "⋙": ">>>"})
# RUF001: look-alikes are what these are about
_RUNS = re.compile(r"[<＜﹤‹〈〈⟨❮❬«《⟪≪]{2,}|[>＞﹥›〉〉⟩❯❭»》⟫≫]{2,}")  # noqa: RUF001
_TOKENS = re.compile(
    r"[<＜](?=[|｜]|/?(?:start_of_turn|end_of_turn|bos|eos|s)>|turn\|)|\[(?=/?INST\])"  # noqa: RUF001
)


def mark_untrusted(text: object) -> str:
    """Return text from the cluster on lines of its own, each marked and shortened, so that none looks like an
    instruction.

    Every kind of line break starts a new line. Terminal controls and invisible characters are removed.
    Look-alikes of delimiters and of a model's control tokens are broken up with a space. Text that addresses
    the judge is withheld; a finding says so, and people are shown the text.
    """
    lines = [safe(line) for line in str(text).splitlines()] or [""]
    return "\n".join(f"| {_shorten(line)}" for line in map(_break_up_tokens, _withhold_directives(lines)))


def _shorten(line: str) -> str:
    """Return a long line without its middle, since the final error is often at its end."""
    end = LONGEST_LINE // 3
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - end]} … {line[-end:]}"


def _withhold_directives(lines: list[str]) -> list[str]:
    """Return the lines before the first one that addresses the judge, since what follows may be part of it.
    If only all lines together address the judge, none is left.
    """
    first = next(
        (index for index, line in enumerate(lines) if addresses_judge(line)),
        0 if addresses_judge("\n".join(lines)) else len(lines),
    )
    lost = len(lines) - first
    return (
        [*lines[:first], f"{WITHHELD} {counted(lost, 'line')}, for the text addresses the judge]"]
        if lost
        else lines
    )


def _break_up_tokens(line: str) -> str:
    """Return the line with a space in each look-alike of a delimiter, and after the start of each control
    token.
    """
    return _TOKENS.sub(r"\g<0> ", _RUNS.sub(lambda run: " ".join(run[0]), line.translate(_TRIPLES)))
