"""The recorded examples are what today's code makes of the same lines: of one, the lines are kept beside
(tests/node/record.py).
"""

from pathlib import Path

import msgspec
import pytest

from analyzer.evidence.bundle import load
from analyzer.evidence.logs import Logs
from analyzer.target import ROLES, Role

pytestmark = pytest.mark.slow  # each judges whole records or manifests

LINES = Path(__file__).with_name("new-errors.json.gz")
RECORDED = Path(__file__).parents[2] / "examples/evidence/new-errors.json.gz"


def made(path: Path, side: Role) -> tuple[object, ...]:
    """The digests and streams, less their bytes: those of what the window cut in the middle count, and it is
    told nowhere.
    """
    logs = load(path).part(Logs, side)
    assert logs is not None
    digests = [msgspec.structs.replace(each.digest, bytes=0) for each in logs.containers]
    return (
        [each.container for each in logs.containers],
        digests,
        [msgspec.structs.replace(each, bytes=0) for each in logs.streams],
    )


@pytest.mark.parametrize("side", ROLES)
def test_a_recording_is_what_is_made_of_its_lines(side: Role) -> None:
    """Where it is not, the miner has changed since: `make record`."""
    assert made(LINES, side) == made(RECORDED, side)
