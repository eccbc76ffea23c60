"""An environment of its own for a tool that this project's must never hold: made once for its pins, under
~/.cache.
"""

import hashlib
import os
import subprocess
import venv
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "rollout-analyzer"
REQUIREMENTS = Path(__file__).parent.parent / "requirements"


def interpreter(name: str) -> Path:
    """The Python that has what requirements/NAME.txt pins."""
    pins = REQUIREMENTS / f"{name}.txt"
    folder = CACHE / f"{name}-{hashlib.sha256(pins.read_bytes()).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", pins],
            check=True,
        )
        (folder / "ready").touch()
    return python
