"""`gemini[:NAME]`: Google's Gemini through google-genai, by API key or on Vertex AI. Nothing outside this folder imports that SDK.

The environment says how, as the SDK documents it: GOOGLE_API_KEY or else GEMINI_API_KEY; on Vertex AI
GOOGLE_GENAI_USE_ENTERPRISE (or GOOGLE_GENAI_USE_VERTEXAI) with GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION;
GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL for a gateway; GOOGLE_GENAI_API_VERSION.
"""

import difflib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from google import genai
from google.genai import errors, types

from analyzer.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models.boundary import boundary
from analyzer.models.gemini import contents
from analyzer.models.gemini.faults import FORESEEN, MAPPED, explain, pause_after
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn
from analyzer.models.keys import check_way, key
from analyzer.models.quoting import quoted
from analyzer.retry import retrying

DEFAULT = "gemini-3.8-flash"
API_VERSION = "v1beta"  # responseJsonSchema and the *-latest aliases are there; the SDK's own default, v1, publishes neither
LEAST_SERVER_TIMEOUT = 10  # seconds; the server answers 400 "Minimum allowed deadline is 10s" to less
KEYS = ("GOOGLE_API_KEY", "GEMINI_API_KEY")  # the SDK's own order
PLACE = ("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION")  # the SDK takes any project and `global` where they are not set: never unasked


@dataclass(frozen=True)
class Access:
    """The way to the API, from the environment. The key is kept out of every text."""

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
        """The model's own name, so that a record says which one judged."""
        return f"gemini:{self.model}"

    @property
    def place(self) -> str:
        """The gateway's host where there is one, else Google's, with the project whose it is."""
        if self.access.base_url:
            return urlsplit(self.access.base_url).hostname or self.access.base_url
        project = f" (project {self.access.project}, {self.access.location})" if self.access.project else ""
        return f"Google's Vertex AI{project}" if self.access.vertex else "Google's Gemini API"

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Calls | Failure:
        """The reply, or why there is none. 429, 5xx and broken connections are tried again as long as the deadline allows."""
        began = time.monotonic()
        try:
            client = _client(self.access)
            try:
                request = partial(_generate, client, self.model, question, turns, deadline)
                response = retrying(request, pause_after=pause_after, deadline=deadline)
            except errors.APIError as error:
                return self._failure(error, began, _reachable(client, self.model, deadline) if error.code == 404 else "")
            finally:
                with boundary(FORESEEN):
                    client.close()
        except MAPPED as error:
            return self._failure(error, began)
        return contents.reply(response, time.monotonic() - began)

    def _failure(self, error: Exception, began: float, advice: str = "") -> Failure:
        failure = explain(error, advice)
        return Failure(
            reason=quoted(failure.reason, [self.access.key]),
            advice=quoted(failure.advice, [self.access.key]),
            retryable=failure.retryable,
            latency=time.monotonic() - began,
        )


def create(argument: str, environ: Mapping[str, str]) -> Gemini:
    """UsageError when the environment names no way to authenticate, half a place on Vertex AI, or a gateway that has the key in clear."""
    vertex = any(environ.get(name, "").lower() in ("true", "1") for name in ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI"))
    variable = next((name for name in KEYS if environ.get(name, "").strip()), KEYS[-1])
    base_url = environ.get("GOOGLE_VERTEX_BASE_URL" if vertex else "GOOGLE_GEMINI_BASE_URL", "")
    secret = key(variable, environ, base_url)
    if vertex:
        check_way("a credential of Vertex AI", base_url)
    if not secret and not vertex:
        raise UsageError(
            "gemini needs a key, and neither GOOGLE_API_KEY nor GEMINI_API_KEY is set",
            advice="make one at https://aistudio.google.com/apikey; for Vertex AI set GOOGLE_GENAI_USE_ENTERPRISE=true",
        )
    project, location = (environ.get(name, "").strip() if vertex else "" for name in PLACE)
    if vertex and not base_url and (project or location or not secret) and not (project and location):
        missing = " and ".join(name for name, value in zip(PLACE, (project, location), strict=True) if not value)
        raise UsageError(f"Gemini on Vertex AI needs {missing}", advice="the project's id, and a region such as europe-west1, or global")
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


def _client(access: Access) -> genai.Client:
    """Redirects are not followed: the SDK's client would take the key, and the evidence, wherever it is sent."""
    key = None if access.vertex and access.project else access.key or None  # Vertex takes a project or a key
    project, location = access.project or None, access.location or None
    base_url, version = access.base_url or None, access.version or None
    with boundary(FORESEEN):
        options = types.HttpOptions(base_url=base_url, api_version=version, client_args={"follow_redirects": False})
        return genai.Client(vertexai=access.vertex, api_key=key, project=project, location=location, http_options=options)


def _within(deadline: Deadline) -> types.HttpOptions:
    """Time-outs for one request: ours in milliseconds, as the SDK has them; the server's not below what it accepts."""
    seconds = deadline.remaining()
    server = max(int(seconds), LEAST_SERVER_TIMEOUT)
    return types.HttpOptions(timeout=max(int(seconds * 1000), 1), headers={"X-Server-Timeout": str(server)})


def _generate(
    client: genai.Client, model: str, question: Question, turns: tuple[Turn, ...], deadline: Deadline
) -> types.GenerateContentResponse:
    """One request. No output limit: thinking would spend it. No SDK retries, continuation or calls of its own: each would go unseen.

    Most models refuse a schema beside functions: https://github.com/googleapis/python-genai/issues/867.
    """
    tools = contents.declared(question)
    conversation: Any = [contents.of(turn) for turn in turns]
    with boundary(FORESEEN):
        config = types.GenerateContentConfig(
            response_mime_type=None if tools else "application/json",
            response_json_schema=None if tools else question.schema,
            tools=tools,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            automatic_continuation=False,
            http_options=_within(deadline),
        )
        return client.models.generate_content(model=model, contents=conversation, config=config)


def _reachable(client: genai.Client, wanted: str, deadline: Deadline) -> str:
    """What the key can reach, nearest to what was wanted first; empty when that cannot be told either."""
    try:
        with boundary(FORESEEN):
            listed = list(client.models.list(config=types.ListModelsConfig(http_options=_within(deadline))))
    except MAPPED:
        return ""
    able = [model for model in listed if not model.supported_actions or "generateContent" in model.supported_actions]
    names = [(model.name or "").rpartition("/")[2] for model in able]
    nearest = difflib.get_close_matches(wanted, names, n=6, cutoff=0.0)
    return f"this key can reach {', '.join(nearest)}{' and more' if len(names) > len(nearest) else ''}" if nearest else ""
