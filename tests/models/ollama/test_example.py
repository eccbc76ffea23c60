"""examples/ollama-gemma.yaml: what Kubernetes makes of it, and what its commands do on the real Ollama."""

import contextlib
import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ollama
import pytest
import yaml

from analyzer.common.deadline import Deadline
from analyzer.models import create
from analyzer.models.interface import Warm
from analyzer.models.ollama.sizing import contexts_for

if TYPE_CHECKING:
    from tests.conftest import Namespace

Json = dict[str, Any]

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "ollama-gemma.yaml"
DOCUMENTS: dict[str, Json] = {each["kind"]: each for each in yaml.safe_load_all(EXAMPLE.read_text())}
POD: Json = DOCUMENTS["Deployment"]["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]
(PULL,) = POD["initContainers"]
ENV: dict[str, str] = {each["name"]: each["value"] for each in CONTAINER["env"]}


def command(probe: str) -> list[str]:
    said: list[str] = CONTAINER[probe]["exec"]["command"]
    return said


def test_who_may_reach_it_are_the_pods_of_our_examples() -> None:
    template = yaml.safe_load(
        (ROOT / "examples" / "analysistemplate.yaml").read_text().partition("\n---\n")[0]
    )
    (metric,) = template["spec"]["metrics"]
    labels = metric["provider"]["job"]["spec"]["template"]["metadata"]["labels"]
    (rule,) = DOCUMENTS["NetworkPolicy"]["spec"]["ingress"]
    (who,) = rule["from"]
    assert who["podSelector"]["matchLabels"].items() <= labels.items()
    assert set(DOCUMENTS["NetworkPolicy"]["spec"]["policyTypes"]) == {"Ingress", "Egress"}


def test_a_usual_prompt_does_not_load_the_model_anew() -> None:
    usual, *_ = contexts_for(8_000 * 3, 131072)
    assert int(ENV["OLLAMA_CONTEXT_LENGTH"]) >= usual


def test_both_containers_mean_the_same_model_on_the_same_volume() -> None:
    there = {each["name"]: each["value"] for each in PULL["env"]}
    assert there.items() <= ENV.items()
    assert PULL["volumeMounts"] == CONTAINER["volumeMounts"]
    assert f"--model=ollama:{ENV['MODEL']}" in EXAMPLE.read_text()


@pytest.fixture(scope="module")
def started(ollama_of: Callable[..., Any]) -> Any:
    return ollama_of(OLLAMA_KEEP_ALIVE=ENV["OLLAMA_KEEP_ALIVE"])


@pytest.mark.models
class TestOnTheRealOllama:
    @pytest.fixture
    def container(self, started: Any, tmp_path: Path) -> Callable[..., int]:
        """`container(command)`: how it exits with the environment that the pod would have, the model being
        `tiny`.
        """
        (tmp_path / "ollama").symlink_to(started.program)

        def run(command: list[str], **environ: str) -> int:
            env = {
                "PATH": f"{tmp_path}:{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "MODEL": "tiny",
                "OLLAMA_HOST": started.host,
                **environ,
            }
            running = subprocess.Popen(
                command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
            )
            try:
                return running.wait(timeout=120)
            finally:  # a container takes its processes with it
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)

        return run

    def test_ready_is_loaded_and_not_merely_up(self, started: Any, container: Callable[..., int]) -> None:
        assert container(["ollama", "list"]) == 0  # it is up, and has the model
        assert container(command("readinessProbe")) != 0
        assert container(command("startupProbe")) == 0
        assert container(command("readinessProbe")) == 0
        assert container(command("livenessProbe")) == 0
        assert container(command("readinessProbe"), MODEL="tin") != 0
        assert container(["ollama", "stop", "tiny"]) == 0
        with ollama.Client(started.host) as client:
            until = Deadline.after(60)
            while client.ps().models:
                assert not until.expired()
        assert container(command("readinessProbe")) != 0

    def test_what_it_keeps_for_good_we_do_not_cut_short(
        self, started: Any, container: Callable[..., int]
    ) -> None:
        assert container(command("startupProbe")) == 0
        with ollama.Client(started.host) as client:
            (before,) = client.ps().models
            (model,) = create(("ollama:tiny",), {"OLLAMA_HOST": started.host})
            assert isinstance(model, Warm)
            model.warm(Deadline.after(60))
            (after,) = client.ps().models
        assert before.expires_at is not None
        assert after.expires_at is not None
        assert after.expires_at.year == before.expires_at.year
        assert after.expires_at.year > 2200

    def test_what_is_on_the_volume_is_not_pulled_and_what_is_not_is(
        self, started: Any, container: Callable[..., int]
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        script = [*PULL["command"], *PULL["args"]]
        environ = {"OLLAMA_MODELS": str(started.run / "models"), "OLLAMA_HOST": f"127.0.0.1:{port}"}
        assert container(script, **environ) == 0
        assert (
            container(script, **environ, MODEL=f"127.0.0.1:{port}/library/gemma") != 0
        )  # no registry answers there


@pytest.mark.api
class TestOnTheApiServer:
    def test_it_is_taken_as_it_is(self, namespace: "Namespace") -> None:
        created = namespace.server.run(
            "create", "-n", namespace.name, "--dry-run=server", "--validate=strict", "-f", str(EXAMPLE)
        )
        assert created.count("created") == 5

    def test_a_restricted_namespace_takes_its_pod(self, namespace: "Namespace", tmp_path: Path) -> None:
        namespace.server.run(
            "label", "namespace", namespace.name, "pod-security.kubernetes.io/enforce=restricted"
        )
        namespace.server.run("create", "-n", namespace.name, "serviceaccount", "ollama")
        pod = tmp_path / "pod.json"
        pod.write_text(
            json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": POD})
        )
        assert "created" in namespace.server.run(
            "create", "-n", namespace.name, "--dry-run=server", "-f", str(pod)
        )
