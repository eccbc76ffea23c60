"""The walk of a new user: every kind of canary under every strategy, as the examples have it, on the real
node: the good ones at the same time, then the others.

We stand in for Argo's controller: a background analysis begins with the rollout, the one that judges once the
canary is available and with no pause before it, the one after the promotion once the one before it has
passed.
"""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any

import yaml

from tests.node import argo
from tests.node.argo import ARGO, HASH_LABEL, HASHES
from tests.node.cluster import ROOT, create, get, kubectl

Json = dict[str, Any]

PATIENCE = 420.0  # seconds until each analysis has ended
PACE = "-every=400ms"
WAIT = "75s"  # for what is missing: more than a canary's minute, less than half of the examples' deadline
AT_ONCE = 3  # analyses that begin at one look: each costs a core a second or two
EXPERIMENT = {"stable": "58c5d7b6f9", "canary": "66b9f4c7d4"}  # an experiment's pods have hashes of their own
# the last is one that writes nothing, beside the one that announces
GUARD, JUDGE, AFTER, PLAIN = (
    "guard",
    "judge",
    "after",
    "plain",
)
# each way to start; two cores bear some twenty analyses at a time
STARTS = (
    "good",
    "crash-3s",
    "crash-30s",
    "no-image",
)
OUTCOMES = ("good", "crash-3s", "silent")  # a canary of each


@dataclass(frozen=True)
class Behaviour:
    """What a canary does; `alike`: and stable does so too."""

    name: str
    options: tuple[str, ...] = ()
    alike: bool = False
    image: str = ""

    def of(self, role: str) -> tuple[str, ...]:
        return (PACE, *(self.options if role == "canary" or self.alike else ()))


BEHAVIOURS = (
    Behaviour("good"),
    Behaviour("crash-3s", ("-crash-after=3s",)),
    Behaviour("crash-30s", ("-crash-after=30s",)),
    Behaviour("errors", ("-fail-every=4",)),
    Behaviour("silent", ("-silent",), alike=True),
    Behaviour("idle", ("-idle",), alike=True),
    Behaviour("no-image", image="localhost/cart:1.5.0-rc1"),
)


@dataclass(frozen=True)
class Strategy:
    """An example of one, and the Rollout in it."""

    name: str
    example: str

    @cached_property
    def documents(self) -> list[Json]:
        return [each for each in yaml.safe_load_all((ROOT / "examples" / self.example).read_text()) if each]

    @cached_property
    def spec(self) -> Json:
        """The Rollout's `strategy`: of analysistemplate.yaml, the one in its head."""
        rollouts = [each for each in self.documents if each["kind"] == "Rollout"]
        head = "\n".join(
            line[4:]
            for line in (ROOT / "examples" / self.example).read_text().splitlines()
            if line.startswith("#   ")
        )
        found: Json = rollouts[0]["spec"]["strategy"] if rollouts else yaml.safe_load(head)["strategy"]
        return found

    def templates(self) -> Iterator[tuple[str, str, Json]]:
        """Each analysis of the walk: what it is, the name of its template, and the labels of its
        AnalysisRun.
        """
        if "blueGreen" in self.spec:
            for kind, key, labels in (
                (JUDGE, "pre", argo.PRE_PROMOTION),
                (AFTER, "post", argo.POST_PROMOTION),
            ):
                yield (
                    kind,
                    self.spec["blueGreen"][f"{key}PromotionAnalysis"]["templates"][0]["templateName"],
                    labels,
                )
            return
        canary = self.spec["canary"]
        if self.experiment:
            yield JUDGE, self.experiment["analyses"][0]["templateName"], {}
            return
        yield GUARD, canary["analysis"]["templates"][0]["templateName"], argo.BACKGROUND
        yield (
            JUDGE,
            canary["steps"][self.step]["analysis"]["templates"][0]["templateName"],
            argo.step(self.step),
        )

    @property
    def step(self) -> int:
        """The canary's step that analyses, by its index."""
        return next(index for index, each in enumerate(self.spec["canary"]["steps"]) if "analysis" in each)

    @property
    def experiment(self) -> Json:
        """The experiment of the first step; empty where that is none."""
        found: Json = self.spec.get("canary", {"steps": [{}]})["steps"][0].get("experiment", {})
        return found


STRATEGIES = (
    Strategy("canary", "analysistemplate.yaml"),
    Strategy("blue-green", "blue-green.yaml"),
    Strategy("experiment", "experiment.yaml"),
)


@dataclass(frozen=True)
class Cell:
    """One Rollout, `cart`, in a namespace of its own."""

    behaviour: Behaviour
    strategy: Strategy

    @property
    def namespace(self) -> str:
        return f"walk-{self.strategy.name}-{self.behaviour.name}"

    def hashes(self) -> dict[str, str]:
        """Of the pods that are compared."""
        return EXPERIMENT if self.strategy.experiment else HASHES

    def template(self, role: str) -> Json:
        """Of the pods of one side."""
        canary, options = role == "canary", self.behaviour.of(role)
        image = self.behaviour.image if canary else ""
        return argo.pod_template(
            {"app": "cart"}, *options, version="1.5.0" if canary else "1.4.2", image=image
        )


Cells = tuple[Cell, ...]

CELLS: Cells = tuple(Cell(behaviour, strategy) for behaviour, strategy in product(BEHAVIOURS, STRATEGIES))


Key = tuple[Cell, str]  # an analysis: of which cell, and which of its


@dataclass(frozen=True)
class Ended:
    """What became of one analysis' Job: its container's exit code, its last words, and when that was."""

    code: int
    message: str
    at: datetime


def walk() -> dict[Key, Ended]:
    """Every analysis that had its occasion, once all have ended. Two cores bear some ten canaries whose
    answer is to come soon, and whose probes are to be answered within seconds.
    """
    good = tuple(cell for cell in CELLS if cell.behaviour.name == "good")
    return play(good) | play(tuple(cell for cell in CELLS if cell not in good))


def play(cells: Cells) -> dict[Key, Ended]:
    """The same of these cells."""
    jobs = prepared(cells)
    started: dict[Key, str] = {}
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        ended, up = endings(), available()
        known = {key: ended.get(name) for key, name in started.items()}
        due = [key for key in jobs if key not in started and is_due(key, known, up)][:AT_ONCE]
        begin(due)
        if due:
            create(*(jobs[key] for key in due))
        started |= {key: jobs[key]["metadata"]["name"] for key in due}
        expected = {(cell, JUDGE) for cell in cells if not cell.behaviour.image} | started.keys()
        if not due and all(started.get(key) in ended for key in expected):
            return {key: ended[name] for key, name in started.items()}
        time.sleep(2)
    raise TimeoutError(
        f"not ended after {PATIENCE:.0f} s:"
        f" {[(cell.namespace, kind) for cell, kind in expected if started.get((cell, kind)) not in ended]}"
    )


def prepared(cells: Cells) -> dict[Key, Json]:
    """All that is there when a rollout begins, and the Job of each analysis that may come."""
    base, announce = (
        list(yaml.safe_load_all(kubectl("kustomize", str(ROOT / "deploy/kustomize" / name))))
        for name in ("base", "overlays/announce")
    )
    create(
        *({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": cell.namespace}} for cell in cells)
    )
    kubectl("apply", "--server-side", "-f", "-", stdin=listed(granted(cells, announce)))
    create(
        *(
            argo.rollout(cell.namespace, cell.strategy.spec, cell.template("canary"), replicas=1)
            for cell in cells
        )
    )
    rollouts = {each["metadata"]["namespace"]: each for each in get("rollouts", "-A")["items"]}
    create(*(experiment(cell, rollouts[cell.namespace]) for cell in cells if cell.strategy.experiment))
    experiments = {each["metadata"]["namespace"]: each for each in get("experiments", "-A")["items"]}
    owners = {cell: experiments.get(cell.namespace, rollouts[cell.namespace]) for cell in cells}
    create(
        *(each for cell, owner in owners.items() for each in versions(cell, owner, rollouts[cell.namespace]))
    )
    statuses = (rollouts[cell.namespace] | {"status": beginning(cell)} for cell in cells)
    kubectl("replace", "--subresource=status", "-f", "-", stdin=listed(statuses))
    asked = {
        key: (owners[key[0]], template, labels) for key, template, labels in analyses(cells, base, announce)
    }
    create(
        *(
            argo.analysis_run(key[0].namespace, owner, template, labels, run_name(key))
            for key, (owner, template, labels) in asked.items()
        )
    )
    runs = {
        (each["metadata"]["namespace"], each["metadata"]["name"]): each
        for each in get("analysisruns", "-A")["items"]
    }
    return {
        key: argo.job(runs[key[0].namespace, run_name(key)], {"WAIT": WAIT} if key[1] != GUARD else {})
        for key in asked
    }


def listed(things: Iterable[Json]) -> Json:
    return {"apiVersion": "v1", "kind": "List", "items": list(things)}


def granted(cells: Cells, installed: list[Json]) -> Iterator[Json]:
    """What an installation and a strategy's example bring beside the templates and the Rollout, in each
    namespace.
    """
    yield from (each for each in installed if each["kind"].startswith("Validating"))
    for cell in cells:
        for each in {
            (each["kind"], each["metadata"]["name"]): each for each in (*cell.strategy.documents, *installed)
        }.values():
            if each["kind"] in ("ServiceAccount", "Role", "RoleBinding", "Service"):
                its = {"metadata": each["metadata"] | {"namespace": cell.namespace}}
                yield each | its | (led(cell, each) if each["kind"] == "Service" else {})


def led(cell: Cell, service: Json) -> Json:
    """Where a Service leads to before the promotion."""
    role = (
        "stable"
        if service["metadata"]["name"] == cell.strategy.spec["blueGreen"]["activeService"]
        else "canary"
    )
    return {"spec": service["spec"] | {"selector": service["spec"]["selector"] | {HASH_LABEL: HASHES[role]}}}


def analyses(cells: Cells, base: list[Json], announce: list[Json]) -> Iterator[tuple[Key, Json, Json]]:
    """Each analysis, its template and the labels of its AnalysisRun."""
    for cell in cells:
        for kind, name, where in cell.strategy.templates():
            labels = where and {**where, HASH_LABEL: HASHES["canary"]}
            if kind != GUARD or cell.behaviour.name in STARTS:
                yield (cell, kind), named(name, [*announce, *cell.strategy.documents]), labels
            if kind == JUDGE and cell.strategy.name == "canary" and cell.behaviour.name in OUTCOMES:
                yield (cell, PLAIN), named(name, base), labels


def named(name: str, documents: list[Json]) -> Json:
    return next(
        each for each in documents if each["kind"] == "AnalysisTemplate" and each["metadata"]["name"] == name
    )


def run_name(key: Key) -> str:
    return f"cart-{HASHES['canary']}-{key[1]}"


def experiment(cell: Cell, rollout: Json) -> Json:
    """The one of the Rollout's step."""
    spec = cell.strategy.experiment
    templates = [
        {
            "name": each["name"],
            "selector": {"matchLabels": {"app": "cart"}},
            "template": cell.template(each["specRef"]),
        }
        for each in spec["templates"]
    ]
    metadata = {
        "name": f"cart-{HASHES['canary']}-1-0",
        "namespace": cell.namespace,
        "labels": {HASH_LABEL: HASHES["canary"]},
        "ownerReferences": argo.owned_by(rollout),
    }
    return {
        "apiVersion": ARGO,
        "kind": "Experiment",
        "metadata": metadata,
        "spec": {"templates": templates, "analyses": spec["analyses"]},
    }


def versions(cell: Cell, owner: Json, rollout: Json) -> Iterator[Json]:
    """The ReplicaSets. Where an experiment runs, the Rollout's own have their pods elsewhere, for all that is
    looked at.
    """
    compared = owner["kind"] == "Experiment"
    for role, pod_hash in HASHES.items():
        yield argo.replica_set(
            rollout, f"cart-{pod_hash}", pod_hash, cell.template(role), replicas=0 if compared else 1
        )
    for each in cell.strategy.experiment.get("templates", ()):
        name = f"{owner['metadata']['name']}-{each['name']}"
        yield argo.replica_set(
            owner, name, EXPERIMENT[each["specRef"]], cell.template(each["specRef"]), replicas=1
        )


def beginning(cell: Cell) -> Json:
    """What the controller says of the Rollout when the canary's pods begin."""
    status = {"stableRS": HASHES["stable"], "currentPodHash": HASHES["canary"], "phase": "Progressing"}
    return status | (
        {"blueGreen": {"activeSelector": HASHES["stable"]}}
        if "blueGreen" in cell.strategy.spec
        else {"currentStepIndex": 0}
    )


def is_due(key: Key, ended: dict[Key, Ended | None], up: set[str]) -> bool:
    """Whether Argo would begin an analysis now."""
    cell, kind = key
    before = ended.get((cell, JUDGE))
    return kind == GUARD or (
        before is not None and before.code == 0 if kind == AFTER else cell.namespace in up
    )


def begin(due: Iterable[Key]) -> None:
    """What Argo does before: it leads the active Service to the canary, and says at which step it is."""
    for cell, kind in due:
        if kind == AFTER:
            selector = json.dumps({"spec": {"selector": {HASH_LABEL: HASHES["canary"]}}})
            kubectl(
                "patch",
                "service",
                cell.strategy.spec["blueGreen"]["activeService"],
                "-n",
                cell.namespace,
                "-p",
                selector,
            )
            argo.set_status(cell.namespace, blueGreen={"activeSelector": HASHES["canary"]})
        elif kind == JUDGE and cell.strategy.name == "canary":
            argo.set_status(cell.namespace, currentStepIndex=cell.strategy.step)


def available() -> set[str]:
    """The namespaces whose canary is Ready, or was: one that crashes may be so between two looks."""
    hashes = f"{HASHES['canary']},{EXPERIMENT['canary']}"
    pods = get("pods", "-A", "-l", f"app=cart,{HASH_LABEL} in ({hashes})")["items"]
    return {
        pod["metadata"]["namespace"]
        for pod in pods
        if any(each["ready"] or each["restartCount"] for each in pod["status"].get("containerStatuses", ()))
    }


def endings() -> dict[str, Ended]:
    """The end of each Job that has one, by its name."""
    found = {}
    for pod in get("pods", "-A", "-l", "app.kubernetes.io/name=rollout-analyzer")["items"]:
        for each in pod["status"].get("containerStatuses", ()):
            if end := each["state"].get("terminated"):
                at = datetime.fromisoformat(end["finishedAt"])
                found[pod["metadata"]["labels"]["batch.kubernetes.io/job-name"]] = Ended(
                    end["exitCode"], end.get("message", ""), at
                )
    return found
