"""The record in a ConfigMap of the real API server: read back when the pod is gone, of bounded size, gone
with its AnalysisRun.
"""

import base64
import gzip
import json
import random
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from analyzer.cli import run
from analyzer.effects.configmap import MAX_RECORD, fit_record
from analyzer.evidence.bundle import load, parse_evidence
from analyzer.evidence.logs import Logs
from analyzer.logs.digest import Digest
from analyzer.records.record import Record
from tests.effects.conftest import receipts

if TYPE_CHECKING:
    from tests.effects.conftest import Shop

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]


def configmaps(cart: "Shop") -> list[Json]:
    return [
        each
        for each in cart.namespace.admin.list(cart.namespace.path("configmaps"))
        if each["metadata"]["name"].startswith("verdicts")
    ]


def replayed(cart: "Shop", command: str, *options: str) -> tuple[int, Json]:
    """What comes of the command in a report, on a person's machine."""
    _, *arguments = shlex.split(command)
    code = run(
        [
            *arguments,
            "--kubeconfig",
            str(cart.namespace.server.kubeconfig),
            "--min-fault-age",
            "0s",
            "--format",
            "json",
            *options,
        ]
    )
    return code, json.loads(cart.capsys.readouterr().out or "{}")


def asked_by_hand(cart: "Shop", *target: str) -> int:
    """A run of a person or a pipeline: no AnalysisRun asks."""
    admin = ["--kubeconfig", str(cart.namespace.server.kubeconfig), "--namespace", cart.namespace.name]
    return run(
        [
            "analyze",
            *admin,
            *target,
            "--model",
            "builtin",
            "--min-fault-age",
            "0s",
            "--save",
            "configmap:verdicts",
        ]
    )


@pytest.mark.api
class TestKept:
    def test_the_command_in_the_report_judges_it_again(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        code, result = cart.attempt("--save", "configmap:verdicts")
        (made,) = configmaps(cart)
        assert result["replay"] == (
            "rollout-analyzer analyze --evidence"
            f" configmap:{cart.namespace.name}/{made['metadata']['name']} --model=builtin"
        )
        assert cart.annotations()["rollout-analyzer/judge.record"] in result["replay"]
        for pod in ("stable-0", "stable-1", "canary-0"):
            cart.namespace.send("DELETE", cart.namespace.path(f"pods/{pod}"), {"gracePeriodSeconds": 0})
        again, replay = replayed(cart, result["replay"])
        assert (code, again) == (3, 3)
        assert [replay[name] for name in ("findings", "reason", "window")] == [
            result[name] for name in ("findings", "reason", "window")
        ]
        assert (
            "hunter2secret"
            not in gzip.decompress(base64.b64decode(made["binaryData"]["record.json.gz"])).decode()
        )

    def test_the_page_of_one_is_made_on_a_persons_machine(
        self, shop: Callable[..., "Shop"], tmp_path: Path
    ) -> None:
        """Although the pods are gone by then, and nobody judges anything anew."""
        cart, page = shop(crashing=True), tmp_path / "page.html"
        cart.attempt("--save", "configmap:verdicts")
        place = cart.annotations()["rollout-analyzer/judge.record"]
        kubeconfig = str(cart.namespace.server.kubeconfig)
        assert run(["report", place, "--kubeconfig", kubeconfig, "--output", str(page)]) == 0
        assert f"<title>ROLLBACK {cart.namespace.name}/cart</title>" in page.read_text()
        assert run(["report", f"{place}-not", "--kubeconfig", kubeconfig]) == 2
        assert "Traceback" not in cart.capsys.readouterr().err

    def test_a_guards_record_is_one_like_any_other(self, shop: Callable[..., "Shop"]) -> None:
        """It is what is left of a crash loop when Argo has scaled the canary away; the judgement of another
        AnalysisRun keeps its own.
        """
        cart = shop(crashing=True)
        assert cart.attempt("--save", "configmap:verdicts", "--min-fault-age", "0s", command="guard")[0] == 3
        (made,) = configmaps(cart)
        place = f"configmap:{cart.namespace.name}/{made['metadata']['name']}"
        assert cart.annotations()["rollout-analyzer/judge.record"] == place
        again, replay = replayed(cart, f"rollout-analyzer analyze --evidence {place}", "--model", "builtin")
        assert (again, replay["findings"][0]["finding"]["kind"]) == (3, "crash-loop")

    def test_another_attempt_keeps_its_record_in_the_same_one(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        cart.attempt("--save", "configmap:verdicts")
        (first,) = configmaps(cart)
        cart.attempt("--save", "configmap:verdicts")
        (second,) = configmaps(cart)
        assert second["metadata"]["uid"] == first["metadata"]["uid"]
        assert second["binaryData"] != first["binaryData"]

    def test_it_belongs_to_the_analysis_run_and_so_goes_with_it(self, shop: Callable[..., "Shop"]) -> None:
        """Kubernetes' garbage collector takes most of a minute to notice: not waited for here."""
        cart = shop(crashing=True)
        cart.attempt("--save", "configmap:verdicts")
        (owner,) = configmaps(cart)[0]["metadata"]["ownerReferences"]
        asking = cart.asking["metadata"]
        assert owner == {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "AnalysisRun",
            "name": asking["name"],
            "uid": asking["uid"],
        }

    def test_without_an_analysis_run_each_rollout_has_its_last_and_none_another_s(
        self, shop: Callable[..., "Shop"]
    ) -> None:
        cart = shop(crashing=True)
        cart.namespace.rollout("search", stable="aaa", canary="bbb")
        for rollout in ("cart", "cart", "search"):
            asked_by_hand(cart, "--rollout", rollout)
        first, second = (each["metadata"]["name"] for each in configmaps(cart))
        assert {
            json.loads(gzip.decompress(base64.b64decode(each["binaryData"]["record.json.gz"])))["evidence"][
                "target"
            ]["rollout"]
            for each in configmaps(cart)
        } == {"cart", "search"}
        told = cart.capsys.readouterr().out
        for name in (first, second):
            assert f"--evidence configmap:{cart.namespace.name}/{name}" in told

    @pytest.mark.parametrize(
        "foreign",
        [
            {"metadata": {"name": "verdicts"}, "data": {"key": "theirs"}},
            {
                "metadata": {"name": "verdicts", "labels": {"app.kubernetes.io/managed-by": "Helm"}},
                "binaryData": {"record.json.gz": "AAAA"},
            },
            {
                "metadata": {
                    "name": "verdicts",
                    "labels": {"app.kubernetes.io/managed-by": "rollout-analyzer"},
                },
                "data": {"key": "theirs"},
            },
            {"metadata": {"name": "verdicts"}, "binaryData": {"record.json.gz": "AAAA"}, "immutable": True},
        ],
    )
    def test_somebody_else_s_of_that_name_is_left_as_it_is(
        self, shop: Callable[..., "Shop"], foreign: Json
    ) -> None:
        cart = shop(crashing=True)
        cart.namespace.send("POST", cart.namespace.path("configmaps"), foreign)
        before = configmaps(cart)
        assert asked_by_hand(cart, "--stable-hash", "aaa", "--canary-hash", "bbb") == 3
        assert configmaps(cart) == before
        shown = cart.capsys.readouterr().out
        assert (
            f"configmap: NOT DONE: not kept: the ConfigMap verdicts in {cart.namespace.name}"
            " is somebody else's"
        ) in shown
        assert "name another with --save configmap:NAME, or delete that one" in shown
        assert "--evidence configmap:" not in shown

    def test_of_sides_without_a_rollout_it_has_the_name_given(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop(crashing=True)
        for _ in range(2):
            asked_by_hand(cart, "--stable-hash", "aaa", "--canary-hash", "bbb")
        assert [each["metadata"]["name"] for each in configmaps(cart)] == ["verdicts"]

    def test_a_file_on_a_volume_is_named_by_the_report_as_well(
        self, shop: Callable[..., "Shop"], tmp_path: Path
    ) -> None:
        cart, record = shop(crashing=True), tmp_path / "cart.json.gz"
        result = cart.attempt("--save", str(record))[1]
        assert result["replay"] == f"rollout-analyzer analyze --evidence {record} --model=builtin"
        assert replayed(cart, result["replay"], "--kubeconfig", "")[0] == 3

    def test_one_that_may_not_be_written_is_said_and_changes_nothing(
        self, shop: Callable[..., "Shop"]
    ) -> None:
        cart = shop(crashing=True)
        code, result = cart.attempt("--save", "configmap:verdicts", may=())
        assert code == 3
        assert 'resources: ["configmaps"]' in receipts(result)["configmap"]["advice"]
        assert result["replay"] == ""

    @pytest.mark.parametrize(
        ("place", "says"),
        [
            ("configmap:{namespace}/nothing", "there is no ConfigMap 'nothing'"),
            ("configmap:{namespace}/kube-root-ca.crt", "holds no record"),
            ("configmap:{namespace}/../secrets/x", "names no ConfigMap"),
            ("configmap:", "names no ConfigMap"),
        ],
    )
    def test_what_holds_no_record_is_a_usage_error(
        self,
        shop: Callable[..., "Shop"],
        wait_until: Callable[[Callable[[], object]], None],
        place: str,
        says: str,
    ) -> None:
        cart = shop()
        wait_until(
            lambda: any(
                each["metadata"]["name"] == "kube-root-ca.crt"
                for each in cart.namespace.admin.list(cart.namespace.path("configmaps"))
            )
        )
        assert (
            run(
                [
                    "analyze",
                    "--evidence",
                    place.format(namespace=cart.namespace.name),
                    "--kubeconfig",
                    str(cart.namespace.server.kubeconfig),
                ]
            )
            == 2
        )
        assert says in cart.capsys.readouterr().err

    def test_a_bundle_of_another_kind_in_one_is_a_usage_error(self, shop: Callable[..., "Shop"]) -> None:
        cart = shop()
        body = {
            "metadata": {"name": "verdicts"},
            "binaryData": {"record.json.gz": base64.b64encode(b"\x1f\x8bnot really").decode()},
        }
        cart.namespace.send("POST", cart.namespace.path("configmaps"), body)
        place = f"configmap:{cart.namespace.name}/verdicts"
        assert (
            run(["analyze", "--evidence", place, "--kubeconfig", str(cart.namespace.server.kubeconfig)]) == 2
        )
        assert f"{place} is damaged or cut short" in cart.capsys.readouterr().err

    @pytest.mark.parametrize("name", ["Verdicts", "a/b", "", "-x", "x" * 220])
    def test_a_name_that_is_none_is_a_usage_error_before_anything_is_looked_at(
        self, shop: Callable[..., "Shop"], name: str
    ) -> None:
        cart = shop()
        assert cart.attempt("--save", f"configmap:{name}")[0] == 2
        assert configmaps(cart) == []

    def test_a_large_record_fits_the_real_limit(self, shop: Callable[..., "Shop"]) -> None:
        """As large as it may be: the real API server takes it."""
        cart = shop()
        noise = base64.b64encode(random.Random(1).randbytes(MAX_RECORD)).decode()
        body = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "verdicts"},
            "binaryData": {"record.json.gz": noise},
        }
        cart.namespace.admin.apply(cart.namespace.path("configmaps/verdicts"), body)
        assert len(configmaps(cart)) == 1


def noisy(digest: Digest, sample: str) -> Digest:
    return replace(digest, groups=tuple(replace(each, sample=sample) for each in digest.groups))


def large(record: Record, excerpt: int, templates: int) -> Record:
    """With so many bytes, which no compression makes smaller, in each stream's excerpt and in each side's
    templates.
    """
    draw = random.Random(1)

    def noise(size: int) -> str:
        return base64.b64encode(draw.randbytes(size)).decode()

    parts: list[Any] = []
    for part in record.evidence.parts:
        if isinstance(part, Logs):
            streams = tuple(
                replace(each, excerpt=tuple(replace(line, text=noise(excerpt)) for line in each.excerpt[:1]))
                for each in part.streams
            )
            containers = tuple(
                replace(each, digest=noisy(each.digest, noise(templates))) for each in part.containers
            )
            parts.append(replace(part, streams=streams, containers=containers))
        else:
            parts.append(part)
    return replace(record, evidence=replace(record.evidence, parts=tuple(parts)))


class TestFitted:
    """What does not fit goes, the least missed first, and is said."""

    @pytest.fixture
    def kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
        seen: list[Record] = []
        monkeypatch.setattr("analyzer.evidence.bundle.save", lambda _, record: seen.append(record))
        assert run(
            [
                "analyze",
                "--evidence",
                str(ROOT / "examples/evidence/new-errors.json.gz"),
                "--model",
                "builtin",
                "--save",
                "x",
            ]
        ) in (
            0,
            3,
            4,
        )
        return seen[0]

    def test_what_fits_is_kept_whole(self, kept: Record) -> None:
        packed, left_out = fit_record(kept)
        assert left_out == ()
        assert parse_evidence(gzip.decompress(packed), "x") == kept.evidence

    def test_first_go_the_conversations_and_then_the_excerpts(self, kept: Record) -> None:
        packed, left_out = fit_record(large(kept, 10_000, 0), 20_000)
        assert left_out == ("the conversations with models", "the excerpts of the logs")
        evidence = parse_evidence(gzip.decompress(packed), "x")
        assert [gap.reason for gap in evidence.gaps if gap.minor][
            -1
        ] == "the excerpts of the logs are not in this record"
        assert [part for part in evidence.parts if isinstance(part, Logs)]

    def test_logs_that_are_left_out_are_missing_and_never_clean(self, kept: Record, tmp_path: Path) -> None:
        packed, left_out = fit_record(large(kept, 10_000, 50_000), 20_000)
        assert left_out[-1] == "the logs"
        path = tmp_path / "kept.json.gz"
        path.write_bytes(packed)
        assert {gap.side for gap in load(path).gaps if gap.source == "logs" and not gap.minor} == {
            "stable",
            "canary",
        }
        assert run(["analyze", "--evidence", str(path), "--model", "builtin", "--min-fault-age", "0s"]) == 4

    def test_what_cannot_be_made_to_fit_is_not_kept(self, kept: Record) -> None:
        assert fit_record(kept, 100)[0] == b""
