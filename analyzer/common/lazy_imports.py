"""What a table names as `module:name`, so that it costs nothing until it is asked for."""

from importlib import import_module
from typing import Any


def load_object(place: str) -> Any:
    """Import a `module:name` and return what it names."""
    module, name = place.split(":")
    return getattr(import_module(module), name)
