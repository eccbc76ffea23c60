"""What the Jobs of the manifests run. Their models, permissions and account are checked in place of this
shell's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.check.documents import Document
from analyzer.check.interface import CheckRequest
from analyzer.check.traps.calls import AnalyzerCall, find_calls
from analyzer.check.traps.interface import TEMPLATES, Manifests
from analyzer.check.traps.reading import ContainerSettings, read_settings
from analyzer.errors import UsageError


@dataclass(frozen=True)
class AnalyzerContainer:
    """A container that runs the product, its template, and its settings as far as a file tells."""

    document: Document
    call: AnalyzerCall
    reading: ContainerSettings

    @property
    def place(self) -> str:
        """Return where its command line is written, as `file:line`."""
        return f"{self.document.file}:{self.line}"

    @property
    def line(self) -> int:
        """Return the line (from 1) where its command line is written."""
        return self.document.line(self.call.at.steps)


def find_containers(request: CheckRequest) -> Iterator[AnalyzerContainer]:
    """Yield each container that judges or guards. A container with an invalid command line is reported with
    the manifests instead.
    """
    documents = request.files.documents()
    for document in documents:
        for call in (
            find_calls(Manifests(document, documents, request.lines)) if document.kind in TEMPLATES else ()
        ):
            try:
                container_settings = read_settings(call, request.lines)
            except UsageError:
                continue
            if container_settings:
                yield AnalyzerContainer(document, call, container_settings)
