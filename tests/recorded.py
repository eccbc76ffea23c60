"""What of the recorded canaries (examples/evidence/) is another with each recording."""

from pathlib import Path

from analyzer.evidence.bundle import load
from analyzer.evidence.pods import Pods


def canary_pod(bundle: Path) -> str:
    """The name of the canary's first pod."""
    pods = load(bundle).part(Pods, "canary")
    assert pods is not None
    return pods.pods[0].name
