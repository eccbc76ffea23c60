"""Looks for a reply that is no valid promote and becomes one, guided by coverage: `python bench/fuzz.py
[SECONDS]`.

The inputs that reached something new are kept under ~/.cache and taken up by the next run. An input that
fails is kept there, too, and its path printed; `python bench/fuzz.py FILE` runs that input alone.
"""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pinned import CACHE, interpreter

HERE = Path(__file__).parent
ANSWER: dict[str, Any] = {
    "verdict": "promote",
    "confidence": 85,
    "summary": "Both sides serve alike.",
    "root_cause": "",
    "remediation": "",
    "findings": ["F1"],
    "quotes": ["GET /cart 500"],
}
PIECES = (
    *(json.dumps(key) for key in ANSWER),
    *(
        '"promote"',
        '"rollback"',
        '"cannot_tell"',
        "0.85",
        "85.0",
        "1.0",
        '"85"',
        '"85 %"',
        '"PROMOTE"',
        '"f1"',
        '"F1, F2"',
        "NaN",
        "Infinity",
        "null",
        "true",
        "\\ud800",
        "\\u0070",
    ),
    *(
        '{"',
        '"}',
        "{}",
        "[]",
        "```json\n",
        "```",
        "<think>",
        "</think>",
        "\n---\n",
        "\n===\n",
        "Promote: ",
        "Rollback: ",
    ),
    *(",}", ",]", ", ", "\ufeff", "It should be rolled back. ", "Roll back the canary. "),
)


def seeds() -> Iterator[str]:
    """Replies of every reading in the table of analyzer/verdicts/verdict.py."""
    promote, rollback, unsure = (
        json.dumps({**ANSWER, "verdict": verdict}) for verdict in ("promote", "rollback", "cannot_tell")
    )
    yield from (
        promote,
        rollback,
        unsure,
        f"```json\n{promote}\n```",
        f"I think {{so}}: {promote} Done.",
        promote * 2,
        promote + rollback,
    )
    yield from (
        '{"answer": ' + promote,
        f"I would promote.\n---\n{promote}",
        f"{promote}\n===\n{rollback}",
        f"{promote}\n===\n{promote}",
    )
    for field, value in (
        *(("confidence", each) for each in (0, 0.85, 1.0, 85.0, "85", "85 %", "1.0")),
        *(("verdict", each) for each in ("PROMOTE", "Rollback", "Cannot tell")),
        *(("findings", each) for each in (["F7"], ["f1"], "F1", "F1, F7", None)),
        ("summary", "Rollback: no."),
        ("root_cause", "The canary should be rolled back."),
        ("advice", "rollback"),
    ):
        yield json.dumps({**ANSWER, field: value})
    for draft in (promote, rollback):
        yield from (
            f"<think>Or {draft}?</think>{promote}",
            f"<think>{draft}</think>",
            f"<think>{draft}{promote}",
            f"{draft}</think>{promote}",
        )
    yield from (
        f"\ufeff{promote}",
        f"{promote[:-1]},}}",
        promote.replace("]", ",]"),
        promote.replace("[", "[,"),
        f"{rollback[:-1]},,}}{promote}",
    )
    yield f"It should be rolled back. {promote}"
    yield f"{promote} Correction: it should be rolled back."
    yield promote.replace("85", "NaN")
    yield '{"verdict": "rollback", ' + promote[1:]


def _word(piece: str) -> str:
    """A line of libFuzzer's dictionary: any byte may be written in hexadecimal digits."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in piece.encode()) + '"\n'


def run(*arguments: object) -> int:
    folders = (HERE, HERE.parent, sysconfig.get_path("purelib"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    return subprocess.run(
        [interpreter("atheris"), HERE / "fuzz_run.py", *map(str, arguments)], env=environment, check=False
    ).returncode


def main(arguments: Sequence[str]) -> int:
    if arguments and Path(arguments[0]).is_file():
        return run(arguments[0])
    folder = CACHE / "fuzz"
    corpus, failed = folder / "corpus", folder / "failed"
    for each in (corpus, failed):
        each.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(seeds()):
        for how in (0, 2, 3, 4, 5, 10, 15):
            (corpus / f"seed-{number}-{how}").write_bytes(bytes([how]) + text.encode())
    words = folder / "words"
    words.write_text("".join(map(_word, PIECES)))
    seconds = int(arguments[0]) if arguments else 60
    options = (
        f"-max_total_time={seconds}",
        f"-dict={words}",
        f"-artifact_prefix={failed}/",
        "-max_len=4096",
        "-print_final_stats=1",
    )
    return run(*options, corpus)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
