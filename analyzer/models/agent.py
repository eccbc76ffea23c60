"""`agent:URL`: an agent that answers `POST URL/a2a/analyze`, as rollouts-plugin-metric-ai asks it
(kubernetes-agent is one).

Such an agent is no model: it reads the cluster itself, with its own rights and tools, and may open pull
requests. What it read is not in our record. It gets the prompt with the evidence. A2A_TOKEN has the token, if
one is needed; then the URL must be https, or this machine's.

Request:  {"userId", "prompt", "context": {}}
Answer:   {"analysis", "rootCause", "remediation", "prLink"?, "promote": bool, "confidence": 0 to 100,
           "modelResults"?: [{"error"?}]}

`promote` means promote or rollback; there is no third value. An unclear answer is an abstention, never a
default:

| the answer                            | why it is unclear                                           |
| ------------------------------------- | ----------------------------------------------------------- |
| a field is missing or of another type | its meaning is unknown                                      |
| a fractional confidence: 0.85, 85.0   | 0.85 is 85 % to one agent and 0.85 % to another             |
| a confidence of 0                     | kubernetes-agent says promote with 0 when its models failed |
| at least half of its models failed    | it counts only the others, so one survivor would decide     |

Its format has no fields for findings and quotes, so its rollback needs no basis (`verdicts/checks.py`).

https://github.com/carlossg/rollouts-plugin-metric-ai/blob/main/internal/plugin/a2a.go
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from analyzer.answer import Answer
from analyzer.common.counted import counted
from analyzer.common.deadline import Deadline
from analyzer.common.keys import read_key
from analyzer.common.short import cut
from analyzer.common.value import Value
from analyzer.errors import UsageError
from analyzer.models.interface import Failure, Question, Reply, Turn
from analyzer.models.json_api import MAPPED, Endpoint, RefusedRequest, check_address
from analyzer.models.quoting import quote

PATH = "/a2a/analyze"
EXAMPLE = "--model agent:http://kubernetes-agent.argo-rollouts:8080"
FORM = (
    "Judge by this evidence and by what you find yourself. Not in the form above, but in your own: analysis, "
    "rootCause, remediation, prLink, promote (true or false), confidence (a whole number from 0 to 100; "
    "0 when you cannot tell)."
)
LONGEST_AGENT_TEXT = 10_000  # characters of one of its texts: three of them still fit into one reply
ADVICE = {
    401: "check A2A_TOKEN",
    403: "check A2A_TOKEN",
    404: f"check the URL: {PATH} is added to it",
    405: f"check the URL: {PATH} is added to it",
    500: "look into the agent's log",
}


@dataclass(frozen=True)
class Agent:
    """One agent. It is asked once: a second request would make it look, and perhaps act, twice."""

    endpoint: Endpoint

    @property
    def name(self) -> str:
        """Return the agent's address. Which models it asks is its own matter."""
        return f"agent:{self.endpoint.host}{urlsplit(self.endpoint.url).path}"

    @property
    def place(self) -> str:
        """Return the agent's host. It does not say which models it asks."""
        return self.endpoint.host

    def ask(
        self,
        question: Question,  # noqa: ARG002
        turns: tuple[Turn, ...],
        deadline: Deadline,
    ) -> Reply | Failure:
        """Return the agent's answer in our format, or why there is none."""
        if len(turns) > 1:
            return _abstain("an agent is asked once", 0.0)
        began = time.monotonic()
        prompt = "\n\n".join((*(turn.text for turn in turns), FORM))
        try:
            answer = self.endpoint.send(
                "POST", PATH, deadline, {"userId": "rollout-analyzer", "prompt": prompt, "context": {}}
            )
        except MAPPED as error:
            return self.endpoint.failure(
                error, began, ADVICE.get(error.status, "") if isinstance(error, RefusedRequest) else ""
            )
        return _convert_answer(answer, time.monotonic() - began)


def create(argument: str, environ: Mapping[str, str]) -> Agent:
    """Return the agent at a URL. Raise UsageError without a URL, for a URL that holds a credential, and for a
    token that would be sent unencrypted.
    """
    if not argument:
        raise UsageError("agent needs its URL", advice=EXAMPLE)
    url = check_address(argument, EXAMPLE).removesuffix(PATH)
    return Agent(Endpoint(url, key=read_key("A2A_TOKEN", environ, url), careful=True))


class _Result(Value, forbid_unknown_fields=False):
    """The outcome of one of the agent's models."""

    error: str | None = None


class _AgentAnswer(Value, rename="camel", forbid_unknown_fields=False):
    """The agent's answer, in its own format."""

    analysis: str
    root_cause: str | None
    remediation: str | None
    promote: bool
    confidence: int
    pr_link: str | None = None
    model_results: tuple[_Result, ...] | None = None


def _convert_answer(body: Any, latency: float) -> Reply | Failure:
    """Return the agent's answer in our format, or an abstention, by the table of this module."""
    try:
        theirs = msgspec.convert(body, _AgentAnswer)
    except msgspec.ValidationError as error:
        return _abstain(f"the agent's answer is invalid: {error}", latency)
    if not 0 < theirs.confidence <= 100:
        return _abstain(
            f"the agent is {theirs.confidence} % sure, which is no answer: {theirs.analysis}", latency
        )
    results = theirs.model_results or ()
    failed = sum(bool(result.error) for result in results)
    if failed * 2 >= len(results) > 0:
        return _abstain(f"{failed} of the agent's {counted(len(results), 'model')} failed", latency)
    link = f"Pull request: {theirs.pr_link}" if theirs.pr_link else ""
    ours = Answer(
        verdict="promote" if theirs.promote else "rollback",
        confidence=theirs.confidence,
        summary=_bounded_text(theirs.analysis),
        root_cause=_bounded_text(theirs.root_cause),
        remediation=" ".join(filter(None, (_bounded_text(theirs.remediation), _bounded_text(link)))),
    )
    return Reply(text=msgspec.json.encode(ours).decode(), latency=latency, cites=False)


def _bounded_text(value: str | None) -> str:
    """Return at most `LONGEST_AGENT_TEXT` characters of `text`, without lone surrogates: JSON escapes can
    carry them, but no record can hold them.
    """
    return cut((value or "").encode("utf-8", "replace").decode(), LONGEST_AGENT_TEXT)


def _abstain(reason: str, latency: float) -> Failure:
    """Return an abstention. `reason` may quote the agent; `latency` is in seconds."""
    return Failure(reason=quote(reason), abstained=True, latency=latency)
