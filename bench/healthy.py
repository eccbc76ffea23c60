"""Two sides that nothing speaks against: what a decision over any reply is made on, by the fuzzer and by the tests."""

from datetime import UTC, datetime

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.pods import Pod, Pods
from analyzer.target import ROLES, Side, Target

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
HEALTHY = Evidence(
    target=Target(
        namespace="shop",
        stable=Side(role="stable", selector="h=s", hash="s"),
        canary=Side(role="canary", selector="h=c", hash="c"),
        how="given",
        resolved_at=NOW,
    ),
    window=Window(start=NOW, end=NOW),
    nonce="n",
    parts=tuple(Pods(side=role, pods=(Pod(name=role, owner="", phase="Running", created_at=NOW),)) for role in ROLES),
)
