"""Traps of a template's arguments: what Argo puts in place of `{{ }}`, and secrets that show in plain text.

Argo substitutes over the whole metric, so a `{{ }}` that is no argument fails the AnalysisRun with "failed to
resolve". An argument from a Secret stands in the Job's spec as plain text.
"""

import re
from collections.abc import Iterator

from analyzer.check.container import PLACEHOLDER
from analyzer.check.documents import Node
from analyzer.check.traps.calls import find_calls
from analyzer.check.traps.interface import TEMPLATES, Manifests, Trap
from analyzer.common.short import cut
from analyzer.redact import redact

MOUNTED = (
    "prompts come from a mounted file (--template), and queries use $name in place of {{ }}"
    " (docs/prometheus.md)"
)
FROM_SECRET = "set it in the container's env by valueFrom.secretKeyRef"  # noqa: S105 - advice
# by a shell, from where it is kept
_FETCHED = re.compile(r"""(?<!\w)\w+=["']?(\$\([^()]{0,400}\)|`[^`]{0,400}`|\$\{?\w{1,100}\}?)["']?""")
_SECRET_NAME = re.compile(
    r"(?i)(^|_)((api|access|secret|private)_?key|token|password|passwd|secret|credentials?)$"
)


def check_arguments(manifests: Manifests) -> Iterator[Trap]:
    """Check the arguments of a template, whatever its metrics run."""
    document = manifests.document
    if document.kind not in TEMPLATES:
        return
    spec = document.root["spec"]
    declared = {f"args.{argument['name'].text()}": argument for argument in spec["args"].elements()}
    for text in spec["metrics"].texts():
        for name in dict.fromkeys(match.strip() for match in PLACEHOLDER.findall(text.value)):
            if name not in declared:
                shown = redact(cut(" ".join(name.split()), 60))
                what = (
                    f"{{{{ {shown} }}}} is not an argument of the template: Argo fails the analysis with"
                    " 'failed to resolve'"
                )
                known = (
                    f"declare it under args, or use one of {', '.join(declared)}"
                    if declared
                    else "declare it under args"
                )
                yield Trap(text, what, known if name.startswith("args.") else MOUNTED)
            elif declared[name]["valueFrom"]["secretKeyRef"] and text.steps[3:5] == ("provider", "job"):
                what = (
                    f"{name} comes from a Secret and stands in the Job's spec, in plain text for all"
                    " who may read Jobs"
                )
                yield Trap(text, what, FROM_SECRET)
    for argument in spec["args"].elements():
        yield from _check_literal(argument["name"].text(), argument["value"])


def check_literals(manifests: Manifests) -> Iterator[Trap]:
    """Check for secrets that are written into the container's environment or command line."""
    for call in find_calls(manifests):
        for container in (*call.pod["containers"].elements(), *call.pod["initContainers"].elements()):
            for variable in container["env"].elements():
                yield from _check_literal(variable["name"].text(), variable["value"])
            for word in (node for key in ("command", "args") for node in container[key].elements()):
                written = _FETCHED.sub("", word.text())
                if redact(written) != written:
                    yield Trap(word, "a secret is written into the container's command line", FROM_SECRET)


def check_given_arguments(manifests: Manifests) -> Iterator[Trap]:
    """Check for literal secrets in the arguments that a Rollout or an Experiment gives a template."""
    for node in _given_arguments(manifests.document.root["spec"]):
        yield from _check_literal(node["name"].text(), node["value"])


def _check_literal(name: str, value: Node) -> Iterator[Trap]:
    text = value.text()
    if not text or "{{" in text:
        return
    if redact(f"{name}={text}") != f"{name}={text}" or (
        _SECRET_NAME.search(name.replace("-", "_")) and not text.startswith("/")
    ):
        yield Trap(value, f"the value of {name} is written out, for all who may read it", FROM_SECRET)


def _given_arguments(spec: Node) -> Iterator[Node]:
    """Yield every argument under any `args` of a spec that is a list of names and values."""
    for key, node in spec.items():
        if key == "args":
            yield from (argument for argument in node.elements() if argument["name"])
        elif key != "template":  # the workload's own pods are not our business
            yield from _given_arguments(node)
            for item in node.elements():
                yield from _given_arguments(item)
