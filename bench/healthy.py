"""Two sides that nothing speaks against: what a decision over any reply is made on, by the fuzzer and by the
tests; and a Rollout's.
"""

from datetime import UTC, datetime

from analyzer.evidence import Evidence
from analyzer.evidence.interface import Window
from analyzer.evidence.pods import Pod, Pods
from analyzer.target import ROLES, Side, Target
from analyzer.target.rollout import Hashes, Rollout

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
TARGET = Target(
    namespace="shop",
    rollout="cart",
    stable=Side(role="stable", selector="hash=s", hash="s"),
    canary=Side(role="canary", selector="hash=c", hash="c"),
    how="given",
    resolved_at=NOW,
)
HEALTHY = Evidence(
    target=TARGET,
    window=Window(start=NOW, end=NOW),
    nonce="n",
    parts=tuple(
        Pods(side=role, pods=(Pod(name=role, owner="", phase="Running", created_at=NOW),)) for role in ROLES
    ),
)
HASHES = Hashes(stable="aaa", canary="bbb")
CART = Rollout(namespace="shop", name="cart", uid="u1", selector="app=cart", hashes=HASHES)
CARTS = Target(  # the two sides of it
    namespace="shop",
    rollout="cart",
    rollout_uid="u1",
    hashes=HASHES,
    stable=Side(role="stable", selector="h=aaa", hash="aaa"),
    canary=Side(role="canary", selector="h=bbb", hash="bbb"),
    how="as asked",
    resolved_at=NOW,
)
