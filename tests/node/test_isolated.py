"""The example's Job where a pod reaches the API server of its cluster, and nothing else: neither a host nor a name
server.
"""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from socket import create_server
from typing import Any

import pytest

from tests.conftest import until
from tests.node import outside
from tests.node.test_job import JUDGE, PERMISSIONS, Shop

pytestmark = pytest.mark.node
Json = dict[str, Any]

RULE = (
    "iif",
    "cni0",
    "blackhole",
)  # what pods send is dropped, but for what is for the node: the API server is there
DEADLINE = "--deadline=40s"
MODELS = {
    "an address": ("gemini", {"GEMINI_API_KEY": "k", "GOOGLE_GEMINI_BASE_URL": "https://{host}:{port}"}),
    "a name": ("gemini", {"GEMINI_API_KEY": "k"}),
    "another client": ("ollama", {"OLLAMA_HOST": "http://{host}:{port}"}),
}


@pytest.fixture(scope="module")
def isolated(with_image: dict[str, str]) -> Iterator[Shop]:
    """A shop on a node that forwards nothing."""
    rule = ["ip", "-netns", "testcluster", "rule"]
    subprocess.run([*rule, "add", *RULE], check=True)
    try:
        yield Shop(with_image, "rollout-healthy")
    finally:
        subprocess.run([*rule, "del", *RULE], check=True)


@pytest.fixture(scope="module")
def asking(isolated: Shop) -> Iterator[dict[str, str]]:
    """A Job for each of MODELS, beside the built-in judge; nobody has reached this machine."""
    with closing(create_server((outside.HOST, 0))) as server:
        host, port = server.getsockname()
        jobs = {}
        for number, (reached_by, (model, environment)) in enumerate(MODELS.items(), 31):
            variables = {name: value.format(host=host, port=port) for name, value in environment.items()}
            template = unresolved(outside.with_environment(JUDGE, **variables))
            jobs[reached_by] = isolated.start(template, PERMISSIONS, number, MODEL=f"builtin {model}")
        yield jobs
        isolated.kubectl("delete", "job", *jobs.values())
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def unresolved(template: Json) -> Json:
    """Lead a template's pods to a name server that does not answer, and give them a short deadline."""
    spec = template["spec"]["metrics"][0]["provider"]["job"]["spec"]["template"]["spec"]
    at_once = [{"name": "timeout", "value": "1"}, {"name": "attempts", "value": "1"}]
    spec |= {"dnsPolicy": "None", "dnsConfig": {"nameservers": [outside.HOST], "options": at_once}}
    spec["containers"][0]["args"] = ["analyze", DEADLINE]
    return template


def test_the_built_in_judge_needs_nothing_else(isolated: Shop) -> None:
    ended = isolated.end(isolated.start(JUDGE, PERMISSIONS, 30), "Complete")
    (container,) = ended.containers
    assert container["exitCode"] == 0


@pytest.mark.parametrize("reached_by", MODELS)
def test_a_model_that_cannot_be_reached_is_worth_another_try(
    isolated: Shop, asking: dict[str, str], reached_by: str
) -> None:
    ends: list[Json] = []

    def ended() -> list[Json]:
        statuses = (pod["status"].get("containerStatuses", ()) for pod in isolated.pods(asking[reached_by]))
        ends[:] = [
            each["state"]["terminated"]
            for of_pod in statuses
            for each in of_pod
            if "terminated" in each["state"]
        ]
        return ends

    until(ended, 120)
    assert ends[0]["exitCode"] == 5, ends[0]["message"]
    assert "cannot be reached" in ends[0]["message"]
