"""`gemini[:NAME]`: Google's Gemini through google-genai, by API key or on Vertex AI. Nothing outside this
folder imports that SDK.

The environment says how, as the SDK documents it: GOOGLE_API_KEY or else GEMINI_API_KEY; on Vertex AI
GOOGLE_GENAI_USE_ENTERPRISE (or GOOGLE_GENAI_USE_VERTEXAI) with GOOGLE_CLOUD_PROJECT and
GOOGLE_CLOUD_LOCATION; GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL for a gateway;
GOOGLE_GENAI_API_VERSION.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from analyzer.common.deadline import Deadline
from analyzer.models.gemini.access import Access, read_access
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn

DEFAULT = "gemini-3.8-flash"


@dataclass(frozen=True)
class Gemini:
    """One Gemini model."""

    model: str
    access: Access

    @property
    def name(self) -> str:
        """Return the model's own name, so that a record says which model judged."""
        return f"gemini:{self.model}"

    @property
    def place(self) -> str:
        """Return the host of the gateway if there is one, else Google's service with the project."""
        if self.access.base_url:
            return urlsplit(self.access.base_url).hostname or self.access.base_url
        project = f" (project {self.access.project}, {self.access.location})" if self.access.project else ""
        return f"Google's Vertex AI{project}" if self.access.vertex else "Google's Gemini API"

    def warm(self, deadline: Deadline) -> None:  # noqa: ARG002
        """Import the SDK: a run does so while it waits for the cluster."""
        import analyzer.models.gemini.api  # noqa: F401

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """Return the reply, or why there is none. 429, 5xx and broken connections are tried again until the
        deadline.
        """
        from analyzer.models.gemini import api

        return api.ask(self.model, self.access, question, turns, deadline)


def create(argument: str, environ: Mapping[str, str]) -> Gemini:
    """Return a Gemini model. Raise UsageError for credentials that are missing or cannot be."""
    return Gemini(model=argument.removeprefix("models/") or DEFAULT, access=read_access(environ))
