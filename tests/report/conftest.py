"""A finished record to render."""

from collections.abc import Callable

import pytest
from healthy import NOW, TARGET

from analyzer.answer import Answer
from analyzer.decision import Decision
from analyzer.evidence import Evidence
from analyzer.evidence.interface import Gap, Window
from analyzer.findings.interface import Finding, Graded
from analyzer.prompt import Prompt
from analyzer.records.record import Judgement, Record
from analyzer.settings import Settings
from analyzer.verdicts.verdict import Abstention, Failed, Verdict

Recorder = Callable[..., Record]


@pytest.fixture
def recorded() -> Recorder:
    """`recorded(sample=…, summary=…, gaps=…, findings=…)`: a rollback by one of three models, with the texts
    given.
    """

    def record(
        *, sample: str = "panic: no database", summary: str = "It crashes.", gaps: int = 1, findings: int = 1
    ) -> Record:
        graded = tuple(
            Graded(
                id=f"F{number + 1}",
                severity="blocking",
                finding=Finding(
                    kind="crash-loop",
                    key="crash-loop/app",
                    sentence=f"container app of 3 pods crashes ({number + 1})",
                    stable="0 of 3 pods",
                    canary="3 of 3 pods",
                    samples=(sample,),
                ),
            )
            for number in range(findings)
        )
        answer = Answer(
            verdict="rollback",
            confidence=92,
            summary=summary,
            root_cause="no database",
            quotes=("panic",),
            findings=("F1",),
        )
        opinions = (
            Verdict(model="gemini", answer=answer, dropped_quotes=1, weight=2.0),
            Abstention(model="ollama:gemma4", reason="no JSON in the answer"),
            Failed(
                model="scripted", reason="no answer by the deadline", advice="allow more time", retryable=True
            ),
        )
        return Record(
            settings=Settings(),
            evidence=Evidence(
                target=TARGET,
                window=Window(start=NOW, end=NOW),
                nonce="0123456789abcdef",
                gaps=tuple(
                    Gap(
                        source="events",
                        side="canary",
                        reason=f"denied {number}",
                        advice="grant list on events",
                    )
                    for number in range(gaps)
                ),
                masked={"jwt": 2},
            ),
            judges="asking three, as configured",
            judgement=Judgement(
                findings=graded,
                prompt=Prompt(text="judge", tokens=2, left_out=("5 of 35 findings",)),
                exchanges=(),
                opinions=opinions,
                decision=Decision(
                    outcome="rollback",
                    rule="blocking finding",
                    reason="container app crashes",
                    confidence=92.0,
                ),
            ),
            timings={"gather": 1.5, "judge": 0.5},
            exit_code=3,
            finished_at=NOW,
        )

    return record
