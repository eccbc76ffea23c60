"""Planted failures: the line that decides a case is in the prompt, and noise alone is no warning. Three at
full size, the rest small.
"""

import pytest
from planted import CASES, Case, judge

FULL = (CASES[0], CASES[17], CASES[45])
MIB = 1024**2
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("case", [case for case in CASES if case not in FULL], ids=lambda case: case.name)
def test_what_decides_reaches_the_prompt(case: Case) -> None:
    result = judge(case, MIB // 2)
    assert result.found
    assert result.tokens <= 8000


@pytest.mark.parametrize("case", FULL, ids=lambda case: case.name)
def test_what_decides_reaches_the_prompt_among_50_mib_a_side(case: Case) -> None:
    result = judge(case, 50 * MIB)
    assert result.found
    assert result.tokens <= 8000


def test_harmless_noise_is_a_warning_in_at_most_one_case_in_twenty() -> None:
    results = [judge(case, MIB // 4) for case in CASES[::3]]
    assert sum(bool(result.false) for result in results) <= len(results) / 20
