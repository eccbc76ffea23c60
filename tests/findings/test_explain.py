"""A symptom is tied to a change where the one explains the other, and to nothing where it does not."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from analyzer.evidence import Evidence
from analyzer.evidence.spec import ConfigMapState, Field, Reference, Spec
from analyzer.findings.explain import explain_findings
from analyzer.findings.interface import Finding
from analyzer.target import Role

MakeEvidence = Callable[..., Evidence]
Because = Callable[..., str]


def spec(
    role: Role,
    fields: Sequence[tuple[str, str, str]],
    references: Sequence[Reference] = (),
    configmaps: Sequence[ConfigMapState] = (),
) -> Spec:
    """Fields as ("app/resources", "limits.memory", "1Gi"); an environment variable's value is hidden."""
    whole = [
        ("app/container", "container", "container"),
        ("mesh/container", "container", "container"),
        *fields,
    ]
    made = []
    for where, name, value in whole:
        container, _, group = where.rpartition("/")
        text = "" if group == "env" else value
        made.append(Field(container=container, group=group, name=name, text=text, digest=value))  # type: ignore[arg-type]  # by name
    return Spec(
        side=role,
        replicaset=role,
        fields=tuple(made),
        references=tuple(references),
        configmaps=tuple(configmaps),
    )


@pytest.fixture
def because(evidence: MakeEvidence) -> Because:
    """What explains one symptom when these fields change from stable to canary."""

    def explain(
        key: str,
        before: Sequence[tuple[str, str, str]],
        after: Sequence[tuple[str, str, str]],
        *samples: str,
        others: Sequence[str] = (),
        **more: Any,
    ) -> str:
        def symptom(key: str) -> Finding:
            return Finding(
                kind=key.partition("/")[0],
                key=key,
                sentence="",
                stable="",
                canary="",
                samples=samples,
                **more,
            )

        seen = evidence(more=[spec("stable", before), spec("canary", after)])
        return explain_findings([symptom(key), *map(symptom, others)], seen)[0].because

    return explain


def memory(value: str) -> list[tuple[str, str, str]]:
    return [("app/resources", "limits.memory", value)]


class TestMemory:
    def test_an_oom_kill_by_a_lower_limit(self, because: Because) -> None:
        told = because("oom-kill/app", memory("512Mi"), memory("128Mi"))
        assert told == "the canary changes container app: memory limit 512Mi -> 128Mi"

    def test_by_a_limit_where_there_was_none(self, because: Because) -> None:
        assert (
            because("oom-kill/app", [], memory("128Mi"))
            == "the canary changes container app: memory limit none -> 128Mi"
        )

    def test_not_by_a_higher_limit(self, because: Because) -> None:
        assert because("oom-kill/app", memory("512Mi"), memory("1Gi")) == ""

    def test_not_by_another_containers_limit(self, because: Because) -> None:
        assert because("oom-kill/mesh", memory("512Mi"), memory("128Mi")) == ""

    def test_by_a_larger_heap(self, because: Because) -> None:
        before, after = (
            [("app/command", "args", f"java -Xmx{size} -jar cart.jar")] for size in ("512m", "2g")
        )
        assert because("oom-kill/app", before, after) == "the canary raises -Xmx in container app: 512m -> 2g"
        assert because("oom-kill/app", after, before) == ""

    def test_by_a_variable_that_sets_the_heap_and_no_other(self, because: Because) -> None:
        before, after = (
            [("app/env", "JAVA_TOOL_OPTIONS", value), ("app/env", "LEVEL", value)] for value in "12"
        )
        assert (
            because("oom-kill/app", before, after)
            == "the canary changes container app: JAVA_TOOL_OPTIONS changed"
        )


class TestStorage:
    def test_an_eviction_by_a_lower_limit(self, because: Because) -> None:
        before, after = ([("app/resources", "limits.ephemeral-storage", size)] for size in ("2Gi", "100Mi"))
        assert (
            because("storage-limit", before, after)
            == "the canary changes container app: ephemeral-storage limit 2Gi -> 100Mi"
        )
        assert because("storage-limit", after, before) == ""


class TestExits:
    def test_the_variable_that_the_last_lines_name(self, because: Because) -> None:
        before = [("app/env", "DATABASE_URL", "1"), ("app/command", "args", "serve")]
        told = because(
            "crash-loop/app", before, [("app/command", "args", "serve --fast")], "KeyError: 'DATABASE_URL'"
        )
        assert told == (
            "the canary changes container app: DATABASE_URL removed; the canary changes container app:"
            " args serve -> serve --fast"
        )

    def test_a_command(self, because: Because) -> None:
        before, after = ([("app/command", "args", f"--mode={mode}")] for mode in "ab")
        assert (
            because("crash-loop/app", before, after)
            == "the canary changes container app: args --mode=a -> --mode=b"
        )

    def test_what_every_release_changes_explains_nothing(self, because: Because) -> None:
        before, after = (
            [("app/env", "APP_VERSION", v), ("app/env", "GIT_COMMIT", v), ("app/image", "image", v)]
            for v in "12"
        )
        assert because("crash-loop/app", before, after) == ""

    def test_resources_explain_no_exit(self, because: Because) -> None:
        assert because("crash-loop/app", memory("1Gi"), memory("2Gi")) == ""

    def test_a_read_only_file_system(self, because: Because) -> None:
        after = [("app/security", "readOnlyRootFilesystem", "true")]
        assert because("crash-loop/app", [], after, "open /tmp/x: read-only file system").endswith(
            "readOnlyRootFilesystem none -> true"
        )
        assert because("crash-loop/app", [], after, "panic") == ""

    def test_a_liveness_probe_only_where_it_failed(self, because: Because) -> None:
        before, after = ([("app/probe", "livenessProbe.httpGet.port", port)] for port in ("80", "81"))
        assert because("crash-loop/app", before, after) == ""
        assert "port 80 -> 81" in because("crash-loop/app", before, after, others=["probe-failure/liveness"])

    def test_a_configmap_that_is_not_there(self, evidence: MakeEvidence) -> None:
        reference = Reference(kind="ConfigMap", name="cart-2", place="volume config")
        canary = spec("canary", [], [reference], [ConfigMapState(name="cart-2", found=False)])
        finding = Finding(kind="crash-loop", key="crash-loop/app", sentence="", stable="", canary="")
        (told,) = explain_findings([finding], evidence(more=[spec("stable", []), canary]))
        assert told.because == "ConfigMap cart-2, which the canary needs (volume config), is not there"


class TestStarting:
    def test_an_image_that_cannot_be_pulled(self, because: Because) -> None:
        before, after = ([("app/image", "image", image)] for image in ("cart:1", "cart:typo"))
        assert (
            because("image-pull/app", before, after)
            == "the canary changes container app: image cart:1 -> cart:typo"
        )

    @pytest.mark.parametrize(
        ("message", "told"),
        [
            ('secret "login-2" not found', "Secret login-2 is not there (stable has login-1 there)"),
            ('configmap "cart" not found', "ConfigMap cart is not there"),
            ("couldn't find key url in ConfigMap shop/cart", "key url of ConfigMap cart is not there"),
        ],
    )
    def test_a_reference_that_the_kubelet_names(
        self, message: str, told: str, evidence: MakeEvidence
    ) -> None:
        def side(role: Role, secret: str) -> Spec:
            place = "env PASSWORD of container app"
            return spec(
                role,
                [],
                [Reference(kind="Secret", name=secret, place=place, container="app", key="password")],
            )

        sides = [side("stable", "login-1"), side("canary", "login-2")]
        finding = Finding(
            kind="config-error", key="config-error/app", sentence="", stable="", canary="", samples=(message,)
        )
        assert explain_findings([finding], evidence(more=sides))[0].because == told

    def test_a_command_that_is_not_there(self, because: Because) -> None:
        before, after = ([("app/command", "command", name)] for name in ("serve", "servr"))
        message = 'exec: "servr": executable file not found in $PATH'
        assert (
            because("config-error/app", before, after, message)
            == "the canary changes container app: command serve -> servr"
        )
        assert because("config-error/app", before, after, "unknown") == ""


class TestReadiness:
    PORTS = (
        [("app/probe", "readinessProbe.httpGet.port", "80")],
        [("app/probe", "readinessProbe.httpGet.port", "81")],
    )

    def test_not_ready_by_its_probe(self, because: Because) -> None:
        told = "the canary changes container app: readinessProbe.httpGet.port 80 -> 81"
        assert because("not-ready/app", *self.PORTS) == told
        assert because("probe-failure/readiness", *self.PORTS) == told

    def test_not_by_another_probe_or_container(self, because: Because) -> None:
        assert because("probe-failure/liveness", *self.PORTS) == ""
        assert because("not-ready/mesh", *self.PORTS) == ""

    def test_by_a_port(self, because: Because) -> None:
        before, after = ([("app/ports", "http", port)] for port in ("80/TCP", "81/TCP"))
        assert (
            because("not-ready/app", before, after)
            == "the canary changes container app: http 80/TCP -> 81/TCP"
        )


class TestPlacing:
    REQUESTS = (
        [("app/resources", "requests.cpu", "500m"), ("/scheduling", "nodeSelector.disk", "hdd")],
        [("app/resources", "requests.cpu", "8"), ("/scheduling", "nodeSelector.disk", "ssd")],
    )

    def test_the_request_that_the_scheduler_names(self, because: Because) -> None:
        told = because("unschedulable", *self.REQUESTS, "0/3 nodes are available: 3 Insufficient cpu.")
        assert told == "the canary changes container app: cpu request 500m -> 8"

    def test_the_selector_that_it_names(self, because: Because) -> None:
        told = because(
            "unschedulable",
            *self.REQUESTS,
            "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
        )
        assert told == "the canary changes the pod: nodeSelector.disk hdd -> ssd"

    def test_no_other_change(self, because: Because) -> None:
        assert (
            because("unschedulable", *self.REQUESTS, "0/3 nodes are available: 3 Insufficient memory.") == ""
        )
        lowered = tuple(reversed(self.REQUESTS))
        assert because("unschedulable", *lowered, "0/3 nodes are available: 3 Insufficient cpu.") == ""

    def test_a_quota(self, because: Because) -> None:
        told = because(
            "failed-create",
            *self.REQUESTS,
            'pods "x" is forbidden: exceeded quota: compute, requested: cpu=8',
        )
        assert told == "the canary changes container app: cpu request 500m -> 8"

    def test_a_policy(self, because: Because) -> None:
        after = [("app/security", "privileged", "true"), ("app/resources", "requests.cpu", "8")]
        told = because(
            "failed-create", [], after, 'pods "x" is forbidden: violates PodSecurity "baseline": privileged'
        )
        assert told == "the canary changes container app: privileged none -> true"

    def test_the_volume_that_is_named(self, because: Because) -> None:
        before, after = (
            [("/volumes", f"{name} hostPath.path", path) for name in ("a", "b")] for path in ("/x", "/y")
        )
        told = because(
            "volume", before, after, 'MountVolume.SetUp failed for volume "b" : hostPath type check failed'
        )
        assert told == "the canary changes the pod: b hostPath.path /x -> /y"


@pytest.mark.parametrize("scope", ["both", "stable", "uncompared"])
def test_what_is_not_the_canarys_own_is_explained_by_no_change(scope: str, because: Because) -> None:
    assert because("oom-kill/app", memory("512Mi"), memory("128Mi"), scope=scope) == ""


def test_without_both_templates_nothing_is_explained(evidence: MakeEvidence) -> None:
    finding = Finding(kind="oom-kill", key="oom-kill/app", sentence="", stable="", canary="")
    assert explain_findings([finding], evidence(more=[spec("canary", memory("128Mi"))])) == (finding,)
