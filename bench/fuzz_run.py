"""The fuzzer's target, in the environment that fuzz.py makes for it: replies are read, checked and decided
over as in a run.

An input is one or two models' conversations, apart at "\\n===\\n"; in each, the answer and the repaired one,
apart at "\\n---\\n". Its first byte says how severe the one finding is, and how the models are counted.

No input may raise. One that is promoted must hold, by the oracle's own reading, enough valid promotes and no
finding that forbids it.
"""

import sys
from itertools import cycle, islice

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]  # in its own environment alone

with atheris.instrument_imports(include=["analyzer", "json"]):
    from analyzer.answer import answer_schema
    from analyzer.common.deadline import Deadline
    from analyzer.decision import DecisionInput, decide
    from analyzer.findings.interface import Finding, Graded, Severity
    from analyzer.models.interface import Question, Reply
    from analyzer.settings import Consensus, Rules
    from analyzer.verdicts.dialogue import converse

from healthy import HEALTHY
from oracle import valid_promote

SEVERITIES: tuple[Severity, ...] = ("info", "info", "warning", "hold", "blocking")
COUNTED: tuple[Consensus, ...] = ("confidence", "majority", "unanimous", "any-rollback")
SHOWN = "| GET /cart 500\n| connection refused\n"
FINDING = Finding(kind="new-log-template", key="k", sentence="s", stable="0", canary="1")


class Speaker:
    """A model that says these texts, over and over."""

    def __init__(self, name: str, texts: list[str]) -> None:
        self.name, self._texts = name, cycle(texts)

    def ask(self, *_: object) -> Reply:
        return Reply(text=next(self._texts), latency=0.0)


def one_input(data: bytes) -> None:
    how = data[0] if data else 0
    severity, consensus = SEVERITIES[how % 5], COUNTED[how // 5 % 4]
    said = [
        part.split("\n---\n") for part in data[1:].decode("utf-8", "surrogateescape").split("\n===\n")[:2]
    ]
    question = Question(
        prompt="Judge.",
        schema=answer_schema(),
        evidence=SHOWN,
        findings=(Graded(id="F1", severity=severity, finding=FINDING),),
    )
    opinions = tuple(
        converse(Speaker(f"m{index}", texts), question, Deadline.after(60))[1]
        for index, texts in enumerate(said)
    )
    decided = decide(
        DecisionInput(
            evidence=HEALTHY, findings=question.findings, opinions=opinions, rules=Rules(consensus=consensus)
        )
    )
    if decided.outcome != "promote":
        return
    promotes = [
        any(valid_promote(text.encode("utf-8", "replace").decode(), {"F1"}) for text in islice(texts, 2))
        for texts in said
    ]
    assert severity not in ("hold", "blocking"), "promoted over a finding that forbids it"
    assert any(promotes), "promoted without a valid promote"
    assert all(promotes), "one of two decided"
    if not seen_promote:
        seen_promote.append(data)
        print("reached promote", file=sys.stderr)


seen_promote: list[bytes] = []

if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
