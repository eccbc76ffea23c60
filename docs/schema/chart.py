"""Writes deploy/chart/README.md from the chart's values and their comments: `make golden`, by way of
`write.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parents[2] / "deploy/chart"
PAGE = CHART / "README.md"
HEAD = """# The chart

`make golden` writes this page from [values.yaml](values.yaml) and its comments. A test compares the two.

{description}

```console
helm upgrade --install rollout-analyzer {place} -n shop --set image.repository=YOUR-IMAGE
```

Kubernetes {kubernetes}, and the CRDs of Argo Rollouts. One release a namespace, the Rollout's. `docs/install.md` of the repository says what
it makes, what each write grants, and what a policy lets through of that. [values.schema.json](values.schema.json) refuses a value that there is
not.

| value | default | what it is |
| --- | --- | --- |
"""
PLACE = "oci://REGISTRY/charts/rollout-analyzer"


def page() -> str:
    """The whole page, in Markdown: one row for each value."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    kubernetes = chart["kubeVersion"].removeprefix(">=").removesuffix(".0-0") + " or newer"
    head = HEAD.format(description=chart["description"], place=PLACE, kubernetes=kubernetes)
    return head + "".join(f"| `{name}` | `{default}` | {text} |\n" for name, default, text in rows())


def rows() -> Iterator[tuple[str, str, str]]:
    """Each value's name, default as YAML, and what its comments say: the one above it, of a mapping that has
    several values too, and the one behind it.
    """
    text = (CHART / "values.yaml").read_text()
    for names, node, lines in _leaves(yaml.compose(text), (), ()):
        comments = [part for line in lines for part in _comments(text.splitlines(), line)]
        said = " ".join(comment[0].upper() + comment[1:].removesuffix(".") + "." for comment in comments)
        default = text[node.start_mark.index : node.end_mark.index].strip()
        yield ".".join(names), default, said.replace("|", r"\|")


def _leaves(
    node: Any, names: tuple[str, ...], lines: tuple[int, ...]
) -> Iterator[tuple[tuple[str, ...], Any, tuple[int, ...]]]:
    """Each value that is written in one line: its name's parts, its node, and the lines of those parts."""
    for key, value in node.value:
        inside, at = (*names, key.value), (*lines, key.start_mark.line)
        if value.id == "mapping" and not value.flow_style:
            yield from _leaves(value, inside, at)
        else:
            yield inside, value, at


def _comments(lines: list[str], at: int) -> Iterator[str]:
    """The comment above a line, and the one behind what it has."""
    above = at
    while above and lines[above - 1].lstrip().startswith("#"):
        above -= 1
    if above < at:
        yield " ".join(line.strip().lstrip("# ") for line in lines[above:at])
    if " # " in lines[at]:
        yield lines[at].rpartition(" # ")[2]


if __name__ == "__main__":
    PAGE.write_text(page())
