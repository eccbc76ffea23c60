"""The command's entry. Signals come first, so that even a start-up that hangs can be ended."""

import gc
import os
import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

GRACE = 0.5  # seconds to remove temporary key files
# between garbage collections: a replay makes 70,000 and hardly any garbage, and one collection takes 16 ms
ALLOCATIONS = 100_000


def main() -> NoReturn:
    """Run the command, and exit with a code of the published table (`exits.py`)."""
    gc.set_threshold(ALLOCATIONS)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _leave)
    if isinstance(sys.stdout, TextIOWrapper):
        # like stderr: a character that the locale cannot write must not cost the answer
        sys.stdout.reconfigure(errors="backslashreplace")
    from analyzer.cli import run
    from analyzer.common.authorities import share_authorities

    share_authorities(os.environ)
    sys.exit(run(sys.argv[1:]))


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """Exit without a report and without waiting for threads; by force if leaving in order takes too long.

    The exit code is the shell's, 128 + the signal's number.
    """
    from threading import Timer

    by_force = Timer(GRACE, os._exit, (128 + number,))
    by_force.daemon = True
    by_force.start()
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
