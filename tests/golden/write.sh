#!/usr/bin/env bash
# Writes the golden prompts, the README's run, docs/faults.md, docs/injection.md and the issues anew, after a change on purpose: `make golden`, then read the difference.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
for bundle in examples/evidence/*.json.gz; do
  name=$(basename "$bundle" .json.gz)
  .venv/bin/python -m analyzer prompt --evidence "$bundle" > "tests/golden/$name.md" 2>/dev/null
done
.venv/bin/python - <<'PYTHON'
import re, shlex, subprocess, sys
from pathlib import Path

readme = Path("README.md")
def shown(match: re.Match[str]) -> str:
    words = shlex.split(match[1])[1:]
    run = subprocess.run([sys.executable, "-m", "analyzer", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return f"$ {match[1]}\n{run.stdout}```"
text = re.sub(r"^\$ (rollout-analyzer .+)\n(?:(?!```).*\n)*```", shown, readme.read_text(), flags=re.MULTILINE)
readme.write_text(text)
PYTHON
GOLDEN=write .venv/bin/pytest --quiet tests/models/test_faults.py tests/injection tests/github/test_issue_text.py
