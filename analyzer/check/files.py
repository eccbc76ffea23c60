"""The manifests that were given, and the traps in them."""

from collections.abc import Iterator

from analyzer.check.documents import Document, read
from analyzer.check.interface import Asked, Result, failed
from analyzer.check.traps import TRAPS, Manifests, Trap, ours
from analyzer.check.traps.interface import TEMPLATES
from analyzer.errors import UsageError

CHECK = "manifest"


def files(asked: Asked) -> Iterator[Result]:
    """What each file's objects amount to. Files are read first: a Rollout in one may use a template in another."""
    every: list[Document] = []
    for name in asked.files:
        try:
            documents = read(name)
        except UsageError as error:
            yield failed(CHECK, name, error)
            continue
        if not any(each.kind in TRAPS for each in documents):
            what = f"none of its {len(documents)} objects is one that asks for an analysis"
            yield Result(check=CHECK, state="wrong", about=name, what=what, advice=f"looked at are: {', '.join(TRAPS)}")
        every += documents
    for document in every:
        if document.kind in TRAPS:
            yield from _looked_at(Manifests(document, tuple(every), asked.parse))


def _looked_at(manifests: Manifests) -> Iterator[Result]:
    document = manifests.document
    found = [trap for rule in TRAPS[document.kind] for trap in rule(manifests)]
    found.sort(key=lambda trap: document.line(trap.at.steps))
    for trap in found:
        about = f"{document.file}:{document.line(trap.at.steps)}"
        yield Result(check=CHECK, state=trap.state, about=about, what=trap.what, advice=trap.advice)
    about = f"{document.file}:{document.line(())} {document.kind} {document.name}"
    if document.kind in TEMPLATES and not any(ours(document)):
        what = "no metric of it runs rollout-analyzer: its arguments alone were looked at"
        yield Result(check=CHECK, state="note", about=about, what=what)
    elif not _wrong(found):
        yield Result(check=CHECK, state="holds", about=about, what="does what it seems to, as far as a file can tell")


def _wrong(found: list[Trap]) -> bool:
    return any(trap.state == "wrong" for trap in found)
