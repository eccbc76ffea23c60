"""Where this process runs, as far as advice depends on it."""

import os
from pathlib import Path

MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))  # Docker's and Podman's


def in_container() -> bool:
    """Return True if this process runs in a container, in a cluster or not. Its files and its loopback
    address are then not those of the machine.
    """
    return "KUBERNETES_SERVICE_HOST" in os.environ or any(mark.exists() for mark in MARKS)
