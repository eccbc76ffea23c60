"""The command's entry: signals first, so that even a start-up that hangs can be ended."""

import gc
import os
import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

GRACE = 0.5  # seconds to remove temporary key files
ALLOCATIONS = 50_000  # between looks for garbage: importing makes hardly any, and looking for it took a tenth of a short run


def main() -> NoReturn:
    """Runs the command and exits by the published table (`exits.py`)."""
    gc.set_threshold(ALLOCATIONS)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _leave)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr has it: what a locale cannot write must not cost the answer
    from analyzer.cli import run

    sys.exit(run(sys.argv[1:]))


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """Ends with nothing reported and no thread waited for, by force when leaving in order takes too long.

    The code is the shell's, 128 + the signal's number.
    """
    from threading import Timer

    by_force = Timer(GRACE, os._exit, (128 + number,))
    by_force.daemon = True
    by_force.start()
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
