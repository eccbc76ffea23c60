"""What the built-in judge makes of the cases of bench/cases or bench/mechanisms, by `rollout-analyzer eval`.

    score_cases.py [--set written|mechanisms|all] [--split tuned|learned|field|scored|all] [--count N] [--seed TEXT] [OPTIONS OF EVAL]

What follows is eval's: `--family NAME`, `--output FOLDER`, thresholds. The default split (or half) is
`tuned`: the scored one is run only after the rules are written (CONTRIBUTING.md).
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from generate import add_options, chosen, write

from analyzer.cli import run


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser, which="written")
    options, more = parser.parse_known_args()
    with TemporaryDirectory() as folder:
        write(Path(folder), chosen(options.set, options.split, options.count, options.seed))
        return run(["eval", folder, "--model", "builtin", *more])


if __name__ == "__main__":
    sys.exit(main())
