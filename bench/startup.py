"""Start-up and replay against `python -c "import click"`, the least that a command of this kind can cost."""

import sys
from pathlib import Path

from measure import compare, compiled, report

COMMAND = str(Path(sys.executable).parent / "rollout-analyzer")
CLICK = (sys.executable, "-c", "import click")
EXAMPLES = Path(__file__).parent.parent / "examples" / "evidence"


def main() -> int:
    compiled()
    held = [report("--help", compare((COMMAND, "--help"), CLICK), ratio=2)]
    for bundle in sorted(EXAMPLES.glob("*.json.gz")):
        replay = (COMMAND, "analyze", "--model", "builtin", "--evidence", str(bundle))
        held.append(
            report(f"replay of {bundle.name}", compare(replay, CLICK, codes=(0, 3, 4)), ratio=5, peak=64)
        )
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
