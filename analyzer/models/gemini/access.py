"""How to reach the API, as the environment says. Nothing here needs the SDK."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzer.common.keys import check_encrypted, read_key
from analyzer.errors import UsageError

# responseJsonSchema and the *-latest aliases are there; the SDK's own default, v1, publishes neither
API_VERSION = "v1beta"
KEYS = ("GOOGLE_API_KEY", "GEMINI_API_KEY")  # the SDK's own order
# without them the SDK would choose a project and `global` by itself
LOCATION = (
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_LOCATION",
)


@dataclass(frozen=True)
class Access:
    """How to reach the API, from the environment. The key is in no text."""

    key: str = field(default="", repr=False)
    vertex: bool = False
    project: str = ""
    location: str = ""
    base_url: str = ""
    version: str = ""


def read_access(environ: Mapping[str, str]) -> Access:
    """Return how to reach the API.

    Raise UsageError if the environment has no credentials, only one of project and location on Vertex AI, or
    a gateway that would get the key unencrypted.
    """
    vertex = any(
        environ.get(name, "").lower() in ("true", "1")
        for name in ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI")
    )
    variable = next((name for name in KEYS if environ.get(name, "").strip()), KEYS[-1])
    base_url = environ.get("GOOGLE_VERTEX_BASE_URL" if vertex else "GOOGLE_GEMINI_BASE_URL", "")
    secret = read_key(variable, environ, base_url)
    if vertex:
        check_encrypted("a credential of Vertex AI", base_url)
    if not secret and not vertex:
        raise UsageError(
            "gemini needs a key, and neither GOOGLE_API_KEY nor GEMINI_API_KEY is set",
            advice="make one at https://aistudio.google.com/apikey;"
            " for Vertex AI set GOOGLE_GENAI_USE_ENTERPRISE=true",
        )
    project, location = (environ.get(name, "").strip() if vertex else "" for name in LOCATION)
    if vertex and not base_url and (project or location or not secret) and not (project and location):
        missing = " and ".join(
            name for name, value in zip(LOCATION, (project, location), strict=True) if not value
        )
        raise UsageError(
            f"Gemini on Vertex AI needs {missing}",
            advice="the project's id, and a region such as europe-west1, or global",
        )
    version = environ.get("GOOGLE_GENAI_API_VERSION", "")
    default = "" if vertex else API_VERSION
    return Access(
        key=secret,
        vertex=vertex,
        project=project,
        location=location,
        base_url=base_url,
        version=default if version in ("", "beta") else version,
    )
