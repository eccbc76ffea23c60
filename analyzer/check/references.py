"""The templates that the Rollout and the files name: whether the cluster has those that are in no file."""

from collections.abc import Iterator

from analyzer.check.documents import Document, Node
from analyzer.check.interface import CheckRequest, CheckResult, result_of_error
from analyzer.check.traps.interface import Manifests
from analyzer.check.traps.template import NEAR_ARGUMENT
from analyzer.check.traps.uses import find_analyses, is_cluster_scoped
from analyzer.cluster import Cluster
from analyzer.cluster.errors import ClusterError, Denied, MissingResource
from analyzer.common import selectors
from analyzer.common.nearest import did_you_mean

CHECK = "reference"
API = "/apis/argoproj.io/v1alpha1"

_Named = tuple[bool, str, str]  # for the whole cluster, the namespace that it is looked for in, the name


def check_references(request: CheckRequest, cluster: Cluster) -> Iterator[CheckResult]:
    """Yield one result for each template that was looked up in the cluster, and for the templates that those
    name.
    """
    names = list(dict.fromkeys(_named_templates(request, cluster)))
    for named in names:  # which grows
        result, more = _look_up_template(cluster, named)
        yield result
        names += (inner_name for inner_name in dict.fromkeys(more) if inner_name not in names)


def _named_templates(request: CheckRequest, cluster: Cluster) -> Iterator[_Named]:
    where = request.settings.where
    default = where.namespace or cluster.namespace
    documents = request.files.documents()
    for document in (*documents, *_read_live_rollout(where.rollout, default, documents, cluster)):
        namespace = document.namespace or default
        for analysis in find_analyses(Manifests(document, documents, request.lines)):
            yield from _missing_templates(analysis.gathered.missing, namespace)


def _read_live_rollout(
    name: str, namespace: str, documents: tuple[Document, ...], cluster: Cluster
) -> Iterator[Document]:
    """Yield the Rollout to be judged, unless a file has it, because that one will be applied. An error in
    reading it is reported elsewhere.
    """
    in_files = any(document.kind == "Rollout" and document.name == name for document in documents)
    if name and not in_files and selectors.NAME.fullmatch(name):
        try:
            yield Document(
                "the cluster", Node(cluster.get(f"{API}/namespaces/{namespace}/rollouts/{name}")), {}
            )
        except ClusterError:
            return


def _missing_templates(nodes: tuple[Node, ...], namespace: str) -> Iterator[_Named]:
    for node in nodes:
        if name := node["templateName"].text():
            yield is_cluster_scoped(node), "" if is_cluster_scoped(node) else namespace, name


def _look_up_template(cluster: Cluster, named: _Named) -> tuple[CheckResult, tuple[_Named, ...]]:
    """Return the result of looking up a template, and the templates that it names in turn."""
    whole, namespace, name = named
    kind, where = (
        ("ClusterAnalysisTemplate", "the cluster")
        if whole
        else ("AnalysisTemplate", f"namespace {namespace}")
    )
    path = f"{API}/{'' if whole else f'namespaces/{namespace}/'}{kind.lower()}s"
    about = f"{kind} {name}"
    if not selectors.NAME.fullmatch(name):
        return CheckResult(
            check=CHECK, state="wrong", about=about, what="that is not a valid name of an object"
        ), ()
    try:
        template = Node(cluster.get(f"{path}/{name}"))
    except MissingResource:
        what = f"it is neither in {where} nor in a file: Argo refuses the Rollout that names it"
        return CheckResult(
            check=CHECK, state="wrong", about=about, what=what, advice=_advise_near_names(cluster, path, name)
        ), ()
    except Denied as error:
        what = f"whether it is in {where} is not known: {error}"
        return CheckResult(check=CHECK, state="note", about=about, what=what, advice=error.advice), ()
    except ClusterError as error:
        return result_of_error(CHECK, about, error), ()
    inner = tuple(_missing_templates(template["spec"]["templates"].elements(), namespace))
    return CheckResult(check=CHECK, state="holds", about=about, what=f"is in {where}"), inner


def _advise_near_names(cluster: Cluster, path: str, name: str) -> str:
    try:
        names = sorted(str(item["metadata"]["name"]) for item in cluster.list(path))
    except ClusterError:
        names = []
    return did_you_mean(
        name, names, "apply it first (kubectl apply -f), or give its file, too", NEAR_ARGUMENT
    )
