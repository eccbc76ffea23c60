"""`agent:URL`: an agent that answers `POST URL/a2a/analyze`, as rollouts-plugin-metric-ai asks it (kubernetes-agent is one).

Such an agent is no model: it looks at the cluster itself, with its own rights and its own tools, may open pull requests, and what
it looked at is in no record of ours. It is sent the prompt, evidence included. A token, where one is needed, is in A2A_TOKEN, and then the
URL is https (or this machine's).

Request:  {"userId", "prompt", "context": {}}
Answer:   {"analysis", "rootCause", "remediation", "prLink"?, "promote": bool, "confidence": 0 to 100, "modelResults"?: [{"error"?}]}

`promote` is a promotion or a rollback: there is no third word. So what is no clear answer is an abstention, never a default:

| the answer                                        | why it is none                                                            |
| ------------------------------------------------- | ------------------------------------------------------------------------- |
| a field is missing or of another type             | which was meant, nobody can tell                                          |
| a confidence that is no whole number: 0.85, 85.0  | 0.85 is 85 % to one agent and 0.85 % to another                           |
| a confidence of 0                                 | kubernetes-agent says promote with 0 when its models failed or made no sense |
| as many of its models failed as not, or more      | it leaves the failed ones out of its vote, so that one survivor decides   |

Its form has no place for findings and quotes, so a rollback of its own is not asked what it rests on (`verdict.py`).

https://github.com/carlossg/rollouts-plugin-metric-ai/blob/main/internal/plugin/a2a.go
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from analyzer.answer import Answer
from analyzer.deadline import Deadline
from analyzer.errors import UsageError
from analyzer.models.http import MAPPED, Endpoint, Refused, address
from analyzer.models.interface import Failure, Question, Reply, Turn
from analyzer.models.keys import key
from analyzer.models.quoting import quoted
from analyzer.value import Value

PATH = "/a2a/analyze"
EXAMPLE = "--model agent:http://kubernetes-agent.argo-rollouts:8080"
FORM = (
    "Judge by this evidence and by what you find yourself. Not in the form above, but in your own: analysis, rootCause, remediation, "
    "prLink, promote (true or false), confidence (a whole number from 0 to 100; 0 when you cannot tell)."
)
LONGEST = 10_000  # characters of one of its texts: three of them are still read as one reply
ADVICE = {
    401: "check A2A_TOKEN",
    403: "check A2A_TOKEN",
    404: f"check the URL: {PATH} is added to it",
    405: f"check the URL: {PATH} is added to it",
    500: "look into the agent's log",
}


@dataclass(frozen=True)
class Agent:
    """One agent. It is asked once: a second request would have it look, and perhaps act, twice."""

    endpoint: Endpoint

    @property
    def name(self) -> str:
        """The agent's address: its models are its own matter."""
        return f"agent:{self.endpoint.host}{urlsplit(self.endpoint.url).path}"

    @property
    def place(self) -> str:
        """The agent's host; who it asks in turn, it does not say."""
        return self.endpoint.host

    def ask(self, question: Question, turns: tuple[Turn, ...], deadline: Deadline) -> Reply | Failure:  # noqa: ARG002 - the seam's
        """Its answer as one of ours, or why there is none."""
        if len(turns) > 1:
            return _abstained("an agent is asked once", 0.0)
        began = time.monotonic()
        prompt = "\n\n".join((*(turn.text for turn in turns), FORM))
        try:
            told = self.endpoint.send("POST", PATH, deadline, {"userId": "rollout-analyzer", "prompt": prompt, "context": {}})
        except MAPPED as error:
            return self.endpoint.failure(error, began, ADVICE.get(error.status, "") if isinstance(error, Refused) else "")
        return _reply(told, time.monotonic() - began)


def create(argument: str, environ: Mapping[str, str]) -> Agent:
    """UsageError without a URL, for one that holds a credential, and for a token that would go there in clear."""
    if not argument:
        raise UsageError("agent needs its URL", advice=EXAMPLE)
    url = address(argument, EXAMPLE).removesuffix(PATH)
    return Agent(Endpoint(url, key=key("A2A_TOKEN", environ, url), careful=True))


class _Result(Value, forbid_unknown_fields=False):
    """What one of the agent's models came to."""

    error: str | None = None


class _Told(Value, rename="camel", forbid_unknown_fields=False):
    analysis: str
    root_cause: str | None
    remediation: str | None
    promote: bool
    confidence: int
    pr_link: str | None = None
    model_results: tuple[_Result, ...] | None = None


def _reply(told: Any, latency: float) -> Reply | Failure:
    """The table of this module."""
    try:
        answer = msgspec.convert(told, _Told)
    except msgspec.ValidationError as error:
        return _abstained(f"the agent's answer is none: {error}", latency)
    if not 0 < answer.confidence <= 100:
        return _abstained(f"the agent is {answer.confidence} % sure, which is no answer: {answer.analysis}", latency)
    results = answer.model_results or ()
    failed = sum(bool(result.error) for result in results)
    if failed * 2 >= len(results) > 0:
        return _abstained(f"{failed} of the agent's {len(results)} models failed", latency)
    link = f"Pull request: {answer.pr_link}" if answer.pr_link else ""
    ours = Answer(
        verdict="promote" if answer.promote else "rollback",
        confidence=answer.confidence,
        summary=_text(answer.analysis),
        root_cause=_text(answer.root_cause),
        remediation=" ".join(filter(None, (_text(answer.remediation), _text(link)))),
    )
    return Reply(text=msgspec.json.encode(ours).decode(), latency=latency, cites=False)


def _text(said: str | None) -> str:
    """Bounded, and without half a surrogate pair, which JSON's escapes can carry and no record can hold."""
    text = (said or "").encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def _abstained(reason: str, latency: float) -> Failure:
    return Failure(reason=quoted(reason), abstained=True, latency=latency)
