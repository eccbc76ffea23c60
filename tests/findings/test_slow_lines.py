"""The raw line of a measure that grew is a line that shows it."""

from collections.abc import Callable
from datetime import datetime

from analyzer.evidence import Evidence
from analyzer.evidence.logs import Logs, assemble, mined_stream
from analyzer.evidence.pods import Container, Pod
from analyzer.findings import find
from analyzer.redact import redact
from analyzer.settings import Rules
from analyzer.target import Role


def test_the_sample_is_a_slow_line_and_the_name_is_of_words(
    evidence: Callable[..., Evidence],
    pod: Callable[..., Pod],
    container: Callable[..., Container],
    ago: Callable[[float], datetime],
) -> None:
    def read(role: Role, *took: int) -> Logs:
        lines = (
            f"{ago(500 - number).isoformat()} info: quote ff63e5fd computed in {took[number % len(took)]}ms\n"
            for number in range(400)
        )
        return assemble(role, [mined_stream(f"{role}-1", "app", False, ("".join(lines).encode(),), redact)])

    pods = [pod("canary-1", container(), age=590)], [pod("stable-1", container(), age=86400)]
    seen = find(evidence(*pods, more=(read("stable", 12, 13, 14), read("canary", 12, 9700))), Rules())
    [worse] = [graded.finding for graded in seen if graded.finding.kind == "measure-worse"]
    assert "'quote computed in'" in worse.sentence
    assert [line.rpartition(" in ")[2] for line in worse.samples] == ["9700ms"]
