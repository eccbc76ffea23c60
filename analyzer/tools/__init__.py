"""The tools: what a model may look at more closely before it answers (`--investigate`). They read; none can change anything.

A new one is one file beside this one, with its `TOOL`, and its line in `TOOLS`.
"""

from analyzer.tools import describe, events, logs, pods, query, usage
from analyzer.tools.interface import Desk, Tool

__all__ = ["TOOLS", "Desk", "Tool"]

TOOLS: dict[str, Tool] = {each.TOOL.name: each.TOOL for each in (pods, describe, events, usage, logs, query)}
