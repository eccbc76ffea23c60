"""The tools with which a model may look closer before it answers (`--investigate`). They only read.

A new one is one file beside this one, with its `TOOL`, and its line in `TOOLS`.
"""

from analyzer.tools import describe, events, logs, pods, query, usage
from analyzer.tools.interface import Tool, ToolContext

__all__ = ["TOOLS", "Tool", "ToolContext"]

TOOLS: dict[str, Tool] = {
    module.TOOL.name: module.TOOL for module in (pods, describe, events, usage, logs, query)
}
