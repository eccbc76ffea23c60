"""Records of earlier versions: what was renamed in the settings since. The schema of a record is otherwise
the same, and a field that is added has a default.
"""

from typing import Any

# a group and its option, and the option's name today
RENAMED = {
    ("look", "context_selectors"): "shared_pods",  # 0.1.0
    ("rules", "min_age"): "min_fault_age",  # 0.1.0
    ("rules", "min_canary_age"): "min_ready_time",  # 0.1.0
}


def rename_options(settings: Any) -> None:
    """Give the options of a record's settings, read as JSON, the names that they have today."""
    if not isinstance(settings, dict):
        return
    for (group, name), today in RENAMED.items():
        for options in (settings.get(group), settings.get("origins")):
            if isinstance(options, dict) and name in options:
                options.setdefault(today, options.pop(name))
