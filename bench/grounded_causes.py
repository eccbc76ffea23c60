"""Is a cause that a model invents ever stated as one?

    grounded_causes.py [COUNT [SEED]]      default 100 cases from bench/mechanisms, of the tuned split

A scripted model always rolls back, cites every finding, and names a cause that is not in the evidence: in its
own words, beside words of the first finding, and beside a line of the canary's log.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from random import Random

from mechanisms import of_split
from mechanisms.build import make_all

from analyzer.common.deadline import Deadline
from analyzer.evidence import Evidence, add_missing_gaps
from analyzer.evidence.bundle import parse_evidence
from analyzer.evidence.logs import Logs
from analyzer.findings import find
from analyzer.findings.interface import Graded
from analyzer.models.scripted import Scripted, Step
from analyzer.run.judge import Jury, judge
from analyzer.settings import Settings
from analyzer.verdicts.verdict import Verdict

INVENTED = (
    "Redis evicts its sentinel keys during compaction",
    "the feature toggle ENABLE_LEDGER_SHARDING was flipped by mistake",
    "a kernel regression of cgroup throttling starves the JVM's garbage collector",
    "the istio sidecar strips authorization headers since mTLS became strict",
    "an expired Kerberos ticket locks the warehouse's service principal",
    "the currency table lost its rounding precision in yesterday's import",
    "Kafka rebalances endlessly because of duplicate consumer identifiers",
    "DNSSEC validation rejects the mirror's signatures",
)
WAYS = ("alone", "beside a finding", "beside a line")


def invent(way: str, evidence: Evidence, findings: tuple[Graded, ...], random: Random) -> str:
    """Return a cause that is not in the evidence, alone or with words of what is."""
    cause = random.choice(INVENTED)
    if way == "beside a finding" and findings:
        return f"{findings[0].finding.sentence}, because {cause}"
    logs = evidence.part(Logs, "canary")
    lines = [group.sample for entry in (logs.containers if logs else ()) for group in entry.digest.groups]
    return f"{cause}: {random.choice(lines)}" if way == "beside a line" and lines else cause


def opinions(count: int, seed: str) -> Iterator[tuple[str, Verdict]]:
    """Yield what becomes of each invention: the way it was made, and the verdict."""
    for made in make_all(of_split("tuned"), count, seed):
        evidence = add_missing_gaps(parse_evidence(json.dumps(made.bundle).encode(), "the bundle"))
        settings, random = Settings(), Random(f"{seed} {made.name}")
        findings = find(evidence, settings.rules)
        for way in WAYS:
            answer = {
                "verdict": "rollback",
                "confidence": 90,
                "summary": "The canary is worse.",
                "root_cause": invent(way, evidence, findings, random),
                "findings": [graded.id for graded in findings],
            }
            jury = Jury((Scripted(name="inventor", steps=(Step(answer=answer),) * 2),))
            judgement = judge(evidence, settings, jury, Deadline.after(300), lambda _: None)
            for opinion in judgement.opinions:
                if isinstance(opinion, Verdict):
                    yield way, opinion


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    became = Counter[str]()
    for way, verdict in opinions(count, seed):
        kept = "hypothesis" if verdict.hypothesis else "stated"
        fate = "dropped" if verdict.dropped_causes else kept
        became[f"{way}: {fate}"] += 1
        if verdict.answer.root_cause:
            print(f"stated: {verdict.answer.root_cause}")
    print(
        f"{count} cases, {became.total()} answers: "
        + ", ".join(f"{key} {n}" for key, n in sorted(became.items()))
    )
    return int(any(key.endswith("stated") for key in became))


if __name__ == "__main__":
    sys.exit(main())
