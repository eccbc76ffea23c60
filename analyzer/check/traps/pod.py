"""Traps of the analysis pod: its account, its resources, and what keeps it from ending."""

from collections.abc import Iterator

from analyzer.check.documents import Node
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import Manifests, Trap
from analyzer.common.units import size
from analyzer.options.invocation import TERMINATION_LOG

LEAST_MEMORY = 128 * 1024**2  # bytes; the example's request


def check_pods(manifests: Manifests) -> Iterator[Trap]:
    """Check every pod that runs this product."""
    for call in find_calls(manifests):
        yield from _check_account(call)
        yield from _check_hostname(call)
        yield from _check_resources(call)
        yield from _check_endings(call)


def _check_account(call: AnalyzerCall) -> Iterator[Trap]:
    kubeconfig = any(variable["name"].text() == "KUBECONFIG" for variable in call.container["env"].elements())
    if kubeconfig:
        return
    if not call.account.text():
        what = (
            "no serviceAccountName: the namespace's default account may read nothing, and every run would"
            " end with exit code 5"
        )
        yield Trap(
            call.pod, what, "set serviceAccountName: rollout-analyzer, and grant what docs/argo.md lists"
        )
    if call.pod["automountServiceAccountToken"].value is False:
        what = (
            "automountServiceAccountToken is off, and there is no KUBECONFIG: nothing can be"
            " asked of the cluster"
        )
        yield Trap(call.pod["automountServiceAccountToken"], what, "set it to true")


def _check_hostname(call: AnalyzerCall) -> Iterator[Trap]:
    """Check that the pod finds its own name. That is the hostname, unless the pod has another one."""
    from_fields = {
        variable["name"].text()
        for variable in call.container["env"].elements()
        if variable["valueFrom"]["fieldRef"]
    }
    for name in ("hostNetwork", "hostname", "setHostnameAsFQDN"):
        node = call.pod[name]
        if node.value and "POD_NAME" not in from_fields:
            what = f"{name}: the pod's hostname is not its name, so it does not find its Job, nor who asks"
            yield Trap(
                node,
                what,
                "set POD_NAME from metadata.name and POD_NAMESPACE from metadata.namespace (downward API)",
            )


def _check_resources(call: AnalyzerCall) -> Iterator[Trap]:
    resources = call.container["resources"]
    if not resources["requests"]:
        what = "no resource requests: the pod is the first to be evicted from a full node"
        yield Trap(resources or call.container, what, "set requests: {cpu: 100m, memory: 128Mi}", "note")
    limit = resources["limits"]["memory"]
    if not limit:
        what = "no memory limit: a large log or a large answer of a model can use up the node's memory"
        yield Trap(resources or call.container, what, "set limits: {memory: 256Mi}", "note")
    elif (most := _parse_bytes(limit)) is not None and most < LEAST_MEMORY:
        what = (
            f"a memory limit of {limit.text()} is little: a run that is killed for it (137) is retried,"
            " and fails the analysis in the end"
        )
        yield Trap(limit, what, "set limits: {memory: 256Mi}", "note")


def _parse_bytes(quantity: Node) -> int | None:
    try:
        return size(quantity.text().removesuffix("i"))
    except ValueError:
        return None


def _check_endings(call: AnalyzerCall) -> Iterator[Trap]:
    metadata = call.job["template"]["metadata"]
    marks = dict(metadata["labels"].items()) | dict(metadata["annotations"].items())
    for key, off, mesh in (
        ("sidecar.istio.io/inject", "false", "Istio"),
        ("linkerd.io/inject", "disabled", "Linkerd"),
    ):
        if key in marks and marks[key].value not in (off, False):
            what = f"{key} lets {mesh} add a sidecar, which may never exit: then the Job never completes"
            yield Trap(marks[key], what, f'set {key}: "{off}"')
    if "sidecar.istio.io/inject" not in marks and "linkerd.io/inject" not in marks:
        what = "nothing keeps a service mesh out: a sidecar that never exits keeps the Job from completing"
        yield Trap(
            call.job["template"],
            what,
            'set sidecar.istio.io/inject: "false" and linkerd.io/inject: disabled',
            "note",
        )
    path = call.container["terminationMessagePath"]
    if (
        path
        and path.text() != TERMINATION_LOG
        and not any(word.startswith("--termination-log") for word in call.arguments())
    ):
        what = f"the termination message is looked for in {path.text()}, and we write it to {TERMINATION_LOG}"
        yield Trap(path, what, "leave terminationMessagePath out, or give --termination-log", "note")
    grace = call.pod["terminationGracePeriodSeconds"]
    if grace.number() == 0:
        what = (
            "terminationGracePeriodSeconds 0: a pod that is evicted is killed, with no time to leave in order"
        )
        yield Trap(grace, what, "leave it out", "note")
