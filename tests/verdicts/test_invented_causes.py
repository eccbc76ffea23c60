"""A scripted model that always invents a cause: it is stated as one in no generated case. 100 cases:
`bench/grounded_causes.py`.
"""

import pytest
from grounded_causes import INVENTED, opinions


@pytest.mark.slow
def test_no_invented_cause_is_stated() -> None:
    verdicts = [verdict for _, verdict in opinions(4, "1")]
    assert len(verdicts) == 12
    assert [verdict.answer.root_cause for verdict in verdicts] == [""] * len(verdicts)
    assert all(verdict.dropped_causes or "to settle it: " in verdict.hypothesis for verdict in verdicts)
    told = [verdict for verdict in verdicts if verdict.hypothesis]
    assert all(any(cause in verdict.hypothesis for cause in INVENTED) for verdict in told)
