"""How often the built-in judge's answers are right, by the score that its table gives them.

The table orders answers; it does not say how often they are right. So each step of the score has the share of
right answers among the tuned half of the cases: the lower end of its 95 % interval (Wilson 1927), for a few
cases prove little. Steps that would fall are taken together (pool adjacent violators; R. E. Barlow et al.,
Statistical inference under order restrictions, 1972). `bench/calibrate.py` counts them and prints this table.
"""

from analyzer.answer import Choice

# From which score on, and how sure the answer is then, in percent.
STEPS: dict[Choice, tuple[tuple[int, int], ...]] = {
    "promote": ((60, 91), (90, 94)),
    "rollback": ((80, 93), (95, 99)),
}


def calibrate(verdict: Choice, score: int) -> int:
    """Return how sure an answer of that score is, in percent. One without a step keeps its score."""
    steps = [percent for begin, percent in STEPS.get(verdict, ()) if score >= begin]
    return steps[-1] if steps else score
