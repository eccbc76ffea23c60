"""The manifests that were given, and the traps in them."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from analyzer.check.documents import Document
from analyzer.check.interface import CheckRequest, CheckResult, CheckState, result_of_error
from analyzer.check.traps import TRAPS, Manifests, Trap, find_calls
from analyzer.check.traps.interface import TEMPLATES
from analyzer.check.yaml_text import Steps, YamlError
from analyzer.common.files import STREAM
from analyzer.common.nearest import nearest
from analyzer.common.short import cut
from analyzer.config.sections import section_type
from analyzer.errors import UsageError
from analyzer.settings.option import PREFIX

CHECK = "manifest"
ARGO = "argoproj.io"
API = f"{ARGO}/v1alpha1"
NEAR_KIND = 0.85  # of difflib's ratio: an AnalysisTemplate is no WorkflowTemplate


def check_files(request: CheckRequest) -> Iterator[CheckResult]:
    """Yield the results for each file's objects. All files are read first, because a Rollout in one may use a
    template in another.

    A file without an object to check is a note among other files, such as a ConfigMap that they name. Alone
    it is wrong.
    """
    documents = request.files.documents()
    alone = not any(document.kind in TRAPS for document in documents)
    for name, objects in request.files.read_all().items():
        if isinstance(objects, UsageError):
            line = objects.line if isinstance(objects, YamlError) else 0
            yield replace(result_of_error(CHECK, name, objects), file=name, line=line)
        elif not any(document.kind in TRAPS for document in objects):  # nothing to look at
            what = f"none of its {len(objects)} objects starts an analysis"
            advice = f"checked are: {', '.join(TRAPS)}"
            if not objects:
                what, advice = _say_empty(name)
            elif any(_is_config(document, request.lines.variables) for document in objects):
                what, advice = (
                    "that is a config file of rollout-analyzer, not a manifest",
                    "give it to --config in place of --file",
                )
            state: CheckState = "wrong" if alone else "note"
            yield CheckResult(check=CHECK, state=state, about=name, what=what, advice=advice, file=name)
    yield from _find_duplicates(documents)
    for document in documents:
        yield from _find_misnamed(document)
        if document.kind in TRAPS:
            yield from _check_document(Manifests(document, documents, request.lines))


def _say_empty(name: str) -> tuple[str, str]:
    """Return what to tell of a file without one object, and what to do."""
    if name == STREAM:
        return (
            "standard input was empty: it holds no object",
            "the command that renders it says why; run both again",
        )
    return "the file is empty: it holds no object", "the command that writes it says why"


def _find_duplicates(documents: Sequence[Document]) -> Iterator[CheckResult]:
    """Yield a note for each object that the files have twice. The one that is applied last replaces the
    other.
    """
    first: dict[tuple[str, str, str], Document] = {}
    for document in documents:
        name = (document.kind, document.namespace, document.name)
        if document.kind not in TRAPS or not document.name:
            continue
        if before := first.get(name):
            what = (
                f"the {document.kind} {document.name} is in {before.file}:{before.line(())} as well:"
                " the one applied last replaces the other"
            )
            yield _result(document, (), "note", what, "apply one of them, or give one another name")
        first[name] = document


def _is_config(document: Document, variables: tuple[str, ...]) -> bool:
    """Return True if the document has only keys that --config reads."""
    known = {
        *(variable.removeprefix(PREFIX).lower() for variable in variables),
        *section_type().__struct_fields__,
    }
    keys = [key for key, _ in document.root.items()]
    return bool(keys) and known.issuperset(keys)


def _check_document(manifests: Manifests) -> Iterator[CheckResult]:
    document = manifests.document
    all_traps = [trap for rule in TRAPS[document.kind] for trap in rule(manifests)]
    # a rule may come by a place more than once
    traps = list({(trap.at.steps, trap.what): trap for trap in all_traps}.values())
    traps.sort(key=lambda trap: document.line(trap.at.steps))
    for trap in traps:
        yield _result(document, trap.at.steps, trap.state, trap.what, trap.advice)
    if document.kind in TEMPLATES and not any(find_calls(manifests)):
        what = "none of its metrics runs rollout-analyzer: it was checked only for what Argo refuses"
        yield _whole_result(document, "note", what)
    elif not _has_wrong(traps):
        but = ", except for what is reported above" if traps else ""
        yield _whole_result(document, "holds", f"works as written, as far as a file can tell{but}")


def _find_misnamed(document: Document) -> Iterator[CheckResult]:
    """Yield a result for an object that is meant to be Argo's but has a wrong kind or apiVersion. It would
    not be checked otherwise.
    """
    version, kind = document.root["apiVersion"].text(), document.root["kind"].text()
    group = version.partition("/")[0]
    near = nearest(kind, TRAPS, NEAR_KIND)
    if kind in TRAPS and group in ("", "v1", ARGO) and version != API:
        version_sentence = f"apiVersion is {cut(version, 80)}" if version else "there is no apiVersion"
        what = f"{version_sentence}: {API} is that of {kind}"
        yield _result(document, ("apiVersion",), "wrong", what, f"write {API}")
    elif near and kind not in TRAPS and group == ARGO:
        what = f"there is no kind {cut(kind, 80)!r} in {ARGO}"
        yield _result(document, ("kind",), "wrong", what, f"did you mean {near}?")


def _result(document: Document, steps: Steps, state: CheckState, what: str, advice: str = "") -> CheckResult:
    """Return the result for a place in a document."""
    file, line = document.file, document.line(steps)
    about = f"{file}:{line}"
    return CheckResult(check=CHECK, state=state, about=about, what=what, advice=advice, file=file, line=line)


def _whole_result(document: Document, state: CheckState, what: str) -> CheckResult:
    """Return the result for a document as a whole, which it names."""
    result = _result(document, (), state, what)
    return replace(result, about=f"{result.about} {document.kind} {document.name}")


def _has_wrong(traps: list[Trap]) -> bool:
    return any(trap.state == "wrong" for trap in traps)
