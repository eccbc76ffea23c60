"""The judge of a metric's whole series, beside stable's: `judge_series`. It knows numbers alone, no
evidence.
"""

from analyzer.findings.series.chances import Chances, spend_chances
from analyzer.findings.series.judge import Bounds, Reading, Sides, judge_series

__all__ = ["Bounds", "Chances", "Reading", "Sides", "judge_series", "spend_chances"]
