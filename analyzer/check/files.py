"""The manifests that were given, and the traps in them."""

from collections.abc import Iterator
from difflib import get_close_matches

from analyzer.check.documents import Document, read
from analyzer.check.interface import Asked, Result, failed
from analyzer.check.traps import TRAPS, Manifests, Trap, ours
from analyzer.check.traps.interface import TEMPLATES
from analyzer.errors import UsageError

CHECK = "manifest"
ARGO = "argoproj.io"
API = f"{ARGO}/v1alpha1"
NEAR = 0.85  # of difflib's ratio: an AnalysisTemplate is no WorkflowTemplate


def files(asked: Asked) -> Iterator[Result]:
    """What each file's objects amount to. Files are read first: a Rollout in one may use a template in another.

    A file with nothing to look at may stand among others, as a ConfigMap that they name does; by itself it is the wrong one.
    """
    every: list[Document] = []
    idle: list[tuple[str, int]] = []  # files with nothing to look at, and how many objects they have
    for name in asked.files:
        try:
            documents = read(name)
        except UsageError as error:
            yield failed(CHECK, name, error)
            continue
        if not any(each.kind in TRAPS for each in documents):
            idle.append((name, len(documents)))
        every += documents
    alone = not any(each.kind in TRAPS for each in every)
    for name, objects in idle:
        what = f"none of its {objects} objects is one that asks for an analysis"
        yield Result(check=CHECK, state="wrong" if alone else "note", about=name, what=what, advice=f"looked at are: {', '.join(TRAPS)}")
    for document in every:
        yield from _misnamed(document)
        if document.kind in TRAPS:
            yield from _looked_at(Manifests(document, tuple(every), asked.lines))


def _looked_at(manifests: Manifests) -> Iterator[Result]:
    document = manifests.document
    every = [trap for rule in TRAPS[document.kind] for trap in rule(manifests)]
    found = list({(trap.at.steps, trap.what): trap for trap in every}.values())  # a rule may come by a place more than once
    found.sort(key=lambda trap: document.line(trap.at.steps))
    for trap in found:
        about = f"{document.file}:{document.line(trap.at.steps)}"
        yield Result(check=CHECK, state=trap.state, about=about, what=trap.what, advice=trap.advice)
    about = f"{document.file}:{document.line(())} {document.kind} {document.name}"
    if document.kind in TEMPLATES and not any(ours(manifests)):
        what = "no metric of it runs rollout-analyzer: of it only what Argo refuses was looked at"
        yield Result(check=CHECK, state="note", about=about, what=what)
    elif not _wrong(found):
        yield Result(check=CHECK, state="holds", about=about, what="does what it seems to, as far as a file can tell")


def _misnamed(document: Document) -> Iterator[Result]:
    """An object that is meant to be Argo's, and is not: it would pass for one that is not ours to look at."""
    version, kind = document.root["apiVersion"].text(), document.root["kind"].text()
    group = version.partition("/")[0]
    near = get_close_matches(kind[:80], TRAPS, n=1, cutoff=NEAR)
    about = f"{document.file}:{document.line(('apiVersion',))}"
    if kind in TRAPS and group in ("", "v1", ARGO) and version != API:
        said = f"apiVersion is {version[:80]}" if version else "there is no apiVersion"
        yield Result(check=CHECK, state="wrong", about=about, what=f"{said}: no {kind} is known by that", advice=f"write {API}")
    elif near and kind not in TRAPS and group == ARGO:
        about = f"{document.file}:{document.line(('kind',))}"
        yield Result(
            check=CHECK, state="wrong", about=about, what=f"there is no kind {kind[:80]!r} in {ARGO}", advice=f"did you mean {near[0]}?"
        )


def _wrong(found: list[Trap]) -> bool:
    return any(trap.state == "wrong" for trap in found)
