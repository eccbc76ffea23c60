"""Gemini's API by google-genai. Importing the SDK takes longer than most of what a run does, so this is
imported when a model is asked, or warmed.
"""

import time
from functools import partial
from typing import Any

from google import genai
from google.genai import errors, types

from analyzer.common.boundary import boundary
from analyzer.common.deadline import Deadline
from analyzer.common.nearest import several_nearest
from analyzer.common.retry import retrying
from analyzer.models.gemini import contents
from analyzer.models.gemini.access import Access
from analyzer.models.gemini.faults import FORESEEN, MAPPED, explain_gemini_error, pause_after
from analyzer.models.interface import Calls, Failure, Question, Reply, Turn
from analyzer.models.quoting import quote

LEAST_SERVER_TIMEOUT = 10  # seconds; the server answers 400 "Minimum allowed deadline is 10s" to less


def ask(
    model: str, access: Access, question: Question, turns: tuple[Turn, ...], deadline: Deadline
) -> Reply | Calls | Failure:
    """Return the model's reply, or why there is none. 429, 5xx and broken connections are tried again until
    the deadline.
    """
    began = time.monotonic()
    try:
        client = _create_client(access)
        try:
            request = partial(_generate, client, model, question, turns, deadline)
            response = retrying(request, pause_after=pause_after, deadline=deadline)
        except errors.APIError as error:
            return _failure(
                error, access, began, _list_reachable(client, model, deadline) if error.code == 404 else ""
            )
        finally:
            with boundary(FORESEEN):
                client.close()
    except MAPPED as error:
        return _failure(error, access, began)
    return contents.parse_response(response, time.monotonic() - began)


def _failure(error: Exception, access: Access, began: float, advice: str = "") -> Failure:
    """Return what an exception of `MAPPED` means to a person, without the key."""
    failure = explain_gemini_error(error, advice)
    return Failure(
        reason=quote(failure.reason, [access.key]),
        advice=quote(failure.advice, [access.key]),
        retryable=failure.retryable,
        latency=time.monotonic() - began,
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
