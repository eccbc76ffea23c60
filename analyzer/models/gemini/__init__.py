"""`gemini[:NAME]`: Google's Gemini through google-genai, by API key or on Vertex AI. Nothing outside this
folder imports that SDK.

The environment says how, as the SDK documents it: GOOGLE_API_KEY or else GEMINI_API_KEY; on Vertex AI
GOOGLE_GENAI_USE_ENTERPRISE (or GOOGLE_GENAI_USE_VERTEXAI) with GOOGLE_CLOUD_PROJECT and
GOOGLE_CLOUD_LOCATION; GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL for a gateway;
GOOGLE_GENAI_API_VERSION.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from google import genai
from google.genai import errors, types

from analyzer.common.boundary import boundary
from analyzer.common.deadline import Deadline
from analyzer.common.keys import check_encrypted, read_key
from analyzer.common.nearest import several_nearest
from analyzer.common.retry import retrying
from analyzer.errors import UsageError
from analyzer.models.gemini import contents
from analyzer.models.gemini.faults import FORESEEN, MAPPED, explain, pause_after
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn
from analyzer.models.quoting import quote

DEFAULT = "gemini-3.8-flash"
API_VERSION = "v1beta"  # responseJsonSchema and the *-latest aliases are there; the SDK's own default, v1, publishes neither
LEAST_SERVER_TIMEOUT = 10  # seconds; the server answers 400 "Minimum allowed deadline is 10s" to less
KEYS = ("GOOGLE_API_KEY", "GEMINI_API_KEY")  # the SDK's own order
LOCATION = (
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_LOCATION",
)  # without them the SDK would choose a project and `global` by itself


@dataclass(frozen=True)
class Access:
    """How to reach the API, from the environment. The key is in no text."""

    key: str = field(default="", repr=False)
    vertex: bool = False
    project: str = ""
    location: str = ""
    base_url: str = ""
    version: str = ""


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

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """Return the reply, or why there is none. 429, 5xx and broken connections are tried again until the
        deadline.
        """
        began = time.monotonic()
        try:
            client = _create_client(self.access)
            try:
                request = partial(_generate, client, self.model, question, turns, deadline)
                response = retrying(request, pause_after=pause_after, deadline=deadline)
            except errors.APIError as error:
                return self._failure(
                    error, began, _list_reachable(client, self.model, deadline) if error.code == 404 else ""
                )
            finally:
                with boundary(FORESEEN):
                    client.close()
        except MAPPED as error:
            return self._failure(error, began)
        return contents.parse_response(response, time.monotonic() - began)

    def _failure(self, error: Exception, began: float, advice: str = "") -> Failure:
        """Return what an exception of `MAPPED` means to a person, without the key."""
        failure = explain(error, advice)
        return Failure(
            reason=quote(failure.reason, [self.access.key]),
            advice=quote(failure.advice, [self.access.key]),
            retryable=failure.retryable,
            latency=time.monotonic() - began,
        )


def create(argument: str, environ: Mapping[str, str]) -> Gemini:
    """Return a Gemini model.

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
            advice="make one at https://aistudio.google.com/apikey; for Vertex AI set GOOGLE_GENAI_USE_ENTERPRISE=true",
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
    return Gemini(
        model=argument.removeprefix("models/") or DEFAULT,
        access=Access(
            key=secret,
            vertex=vertex,
            project=project,
            location=location,
            base_url=base_url,
            version=default if version in ("", "beta") else version,
        ),
    )


def _create_client(access: Access) -> genai.Client:
    """Return the SDK's client. It follows no redirects: they would take the key and the evidence to another
    host.
    """
    key = None if access.vertex and access.project else access.key or None  # Vertex takes a project or a key
    project, location = access.project or None, access.location or None
    base_url, version = access.base_url or None, access.version or None
    with boundary(FORESEEN):
        options = types.HttpOptions(
            base_url=base_url, api_version=version, client_args={"follow_redirects": False}
        )
        return genai.Client(
            vertexai=access.vertex, api_key=key, project=project, location=location, http_options=options
        )


def _request_options(deadline: Deadline) -> types.HttpOptions:
    """Return the timeouts of one request: ours in milliseconds, as the SDK has them, and the server's, not
    below its minimum.
    """
    seconds = deadline.remaining()
    server = max(int(seconds), LEAST_SERVER_TIMEOUT)
    return types.HttpOptions(timeout=max(int(seconds * 1000), 1), headers={"X-Server-Timeout": str(server)})


def _generate(
    client: genai.Client, model: str, question: Question, turns: tuple[Turn, ...], deadline: Deadline
) -> types.GenerateContentResponse:
    """Send one request and return the response.

    There is no output limit, since thinking would use it up. The SDK does no retries, continuations or calls
    of its own, since each would go unseen. Most models refuse a schema beside functions:
    https://github.com/googleapis/python-genai/issues/867.
    """
    tools = contents.declare_tools(question)
    conversation: Any = [contents.convert_turn(turn) for turn in turns]
    with boundary(FORESEEN):
        config = types.GenerateContentConfig(
            response_mime_type=None if tools else "application/json",
            response_json_schema=None if tools else question.schema,
            tools=tools,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            automatic_continuation=False,
            http_options=_request_options(deadline),
        )
        return client.models.generate_content(model=model, contents=conversation, config=config)


def _list_reachable(client: genai.Client, wanted: str, deadline: Deadline) -> str:
    """Return a sentence with the models that the key can reach, those with names like `wanted` first; empty
    if the server does not say.
    """
    try:
        with boundary(FORESEEN):
            listed = list(
                client.models.list(config=types.ListModelsConfig(http_options=_request_options(deadline)))
            )
    except MAPPED:
        return ""
    usable = [
        model
        for model in listed
        if not model.supported_actions or "generateContent" in model.supported_actions
    ]
    names = [(model.name or "").rpartition("/")[2] for model in usable]
    nearest_names = several_nearest(wanted, names, 6, 0.0)
    if not nearest_names:
        return ""
    more = " and more" if len(names) > len(nearest_names) else ""
    return f"this key can reach {', '.join(nearest_names)}{more}"
